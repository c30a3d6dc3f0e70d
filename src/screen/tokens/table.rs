//! The table of tokens, and the details of the one under the cursor.
//!
//! ```text
//!   Name                 Proj/Repo    Created       Last used     Expires
//! › + New token
//!   deploy production    read/write   3 months ago  2 hours ago   ! in 3 days
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::{TokenRow, Tokens};
use crate::app::place::can_do;
use crate::app::problem::{Attempt, Problem};
use crate::bitbucket::Token;
use crate::permission::{Level, ScopeKind};
use crate::screen::View;
use crate::when::{self, Expiry};
use crate::widget::pane::{self, Pane, Rows};
use crate::widget::{fit, lines, popup, spinner};

/// From this width on, the details stand at the right; below, under the table if that is high.
const DETAILS_RIGHT: u16 = 140;
const DETAILS_BELOW: u16 = 18;
const DETAILS_WIDTH: u16 = 44;
const POPUP_WIDTH: u16 = 64;
const DETAILS_HEIGHT: u16 = 7;
/// "admin/admin", or one level alone.
const LEVELS: usize = 11;
const LEVEL: usize = 5;
const LABEL: usize = 9;
const TIME: usize = 13;
const NAME: usize = 16;
/// A longer name column would put too many blanks between a name and its levels.
const LONGEST_NAME: usize = 56;

/// Which columns there is room for, from the least needed to the most.
#[derive(Clone, Copy)]
struct Columns {
    name: usize,
    levels: Option<usize>,
    created: bool,
    used: bool,
}

impl Columns {
    fn within(width: usize, kind: ScopeKind) -> Self {
        let levels = match kind {
            ScopeKind::Repository => LEVEL,
            ScopeKind::Personal | ScopeKind::Project => LEVELS,
        };
        let mut columns = Self {
            name: 0,
            levels: Some(levels),
            created: true,
            used: true,
        };
        let taken = |columns: Self| {
            let times = 1 + usize::from(columns.created) + usize::from(columns.used);
            times * (TIME + 2) + columns.levels.map_or(0, |width| width + 2)
        };
        columns.created = taken(columns) + NAME <= width;
        columns.used = taken(columns) + NAME <= width;
        columns.levels = columns.levels.filter(|_| taken(columns) + NAME <= width);
        columns.name = width.saturating_sub(taken(columns)).min(LONGEST_NAME);
        columns
    }

    /// Everything but the expiry.
    fn cells(self, name: &str, levels: &str, created: &str, used: &str) -> String {
        let mut line = fit::column(name, self.name);
        let mut add = |shown: bool, text: &str, width: usize| {
            if shown {
                line.push_str("  ");
                line.push_str(&fit::column(text, width));
            }
        };
        add(self.levels.is_some(), levels, self.levels.unwrap_or(0));
        add(self.created, created, TIME);
        add(self.used, used, TIME);
        line + "  "
    }
}

impl Tokens {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let (table, details) = if self.is_forbidden() {
            (area, None)
        } else if area.width >= DETAILS_RIGHT {
            let columns = [Constraint::Fill(1), Constraint::Length(DETAILS_WIDTH)];
            let [table, details] = Layout::horizontal(columns).areas(area);
            (table, Some(details))
        } else if area.height >= DETAILS_BELOW {
            let rows = [Constraint::Fill(1), Constraint::Length(DETAILS_HEIGHT)];
            let [table, details] = Layout::vertical(rows).areas(area);
            (table, Some(details))
        } else {
            (area, None)
        };
        self.draw_table(frame, table, view);
        if let Some(details) = details {
            self.draw_details(frame, details, view);
        }
        if let (true, Some(TokenRow::Token(token))) =
            (self.shows_details, self.listing.picker.current())
        {
            let width = POPUP_WIDTH.min(area.width);
            let room = usize::from(width.saturating_sub(4));
            let lines = self.details_of(token, room, view);
            let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
            let inside = popup::open(frame, area, (width, height), "Token", view.theme);
            lines::draw(frame, inside, lines);
        }
    }

    fn draw_table(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let pane = Pane {
            title: &format!("HTTP access tokens of {}", self.place.name()),
            note: &self.listing.count(),
            focused: true,
        };
        let inside = pane.draw(frame, area, theme);
        if let Some(error) = self.listing.failure() {
            let attempt = if self.can_change {
                Attempt::ListTokens(&self.place)
            } else {
                Attempt::List("the tokens of this place")
            };
            let problem = Problem::explain(error, attempt);
            let free = problem.draw(frame, inside, view);
            if !self.is_forbidden() {
                self.draw_rows(frame, pane::below(free, 1), view);
            }
        } else {
            self.draw_rows(frame, inside, view);
        }
    }

    fn draw_rows(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let width = usize::from(area.width).saturating_sub(2);
        let columns = Columns::within(width, self.place.kind());
        let levels = match self.place.kind() {
            ScopeKind::Repository => "Repo",
            ScopeKind::Personal | ScopeKind::Project => "Proj/Repo",
        };
        let head = columns.cells("Name", levels, "Created", "Last used");
        frame.render_widget(
            Line::styled(format!("  {head}Expires"), theme.dim),
            Rect {
                height: area.height.min(1),
                ..area
            },
        );
        let rows = Rows {
            picker: &self.listing.picker,
            focused: true,
            draw_row: &|row, width| match row {
                TokenRow::New => vec![Span::styled(
                    fit::column("+ New token", width),
                    theme.strong,
                )],
                TokenRow::Token(token) => row_cells(token, self.place.kind(), columns, view),
            },
        };
        let free = rows.draw(frame, pane::below(area, 1), theme);
        let news = Rect {
            height: free.height.min(1),
            ..free
        };
        let waited = self.revoking.waiting(view.now);
        let what = if waited.is_some() {
            "Revoking …"
        } else {
            "Loading the tokens …"
        };
        if let Some(waited) = waited.or_else(|| self.listing.waiting(view.now)) {
            if let Some(sign) = spinner::sign(waited) {
                let text = vec![
                    Span::styled(format!("{sign} "), theme.accent),
                    Span::styled(what, theme.dim),
                ];
                frame.render_widget(Line::from(text), news);
            }
        } else if self.listing.picker.nothing_fits() {
            let text = "  Nothing fits among the tokens. esc shows all.";
            frame.render_widget(Line::styled(text, theme.dim), news);
        } else if self.listing.count() == "0" && self.listing.failure().is_none() {
            frame.render_widget(Line::styled("  No tokens here yet.", theme.dim), news);
        }
    }

    fn draw_details(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let pane = Pane {
            title: "Details",
            note: "",
            focused: false,
        };
        let inside = pane.draw(frame, area, theme);
        let width = usize::from(inside.width);
        let lines = match self.listing.picker.current() {
            Some(TokenRow::Token(token)) => self.details_of(token, width, view),
            None if !self.can_change => Vec::new(),
            Some(TokenRow::New) | None => lines::wrapped(
                "A token stands in for your password, for one purpose: git, a build server. It can do only what you choose, and it can be revoked without touching your password. Enter creates one.",
                theme.text,
                width,
            )
            .collect(),
        };
        lines::draw(frame, inside, lines);
    }

    /// Everything in full, with exact times.
    fn details_of(&self, token: &Token, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let zone = &view.session.zone;
        let exact = |time: Option<_>, none: &str| {
            time.map_or_else(
                || none.to_owned(),
                |time| {
                    let relative = when::relative(time, view.now.time);
                    format!("{} ({relative})", when::exact(time, zone))
                },
            )
        };
        let expires = match when::expiry(token.expires, view.now.time) {
            Expiry::Expired => format!("✗ expired: {}", exact(token.expires, "")),
            Expiry::Soon => format!("! soon: {}", exact(token.expires, "")),
            Expiry::Never => "never: nothing ends it but revoking".to_owned(),
            Expiry::Later => exact(token.expires, ""),
        };
        let rows = [
            ("may", token.permissions.to_string()),
            ("created", exact(token.created, "unknown")),
            ("used", exact(token.last_used, "never")),
            ("expires", expires),
        ];
        let mut lines: Vec<_> = lines::wrapped(&token.name, theme.strong, width).collect();
        for (label, value) in rows {
            let label = (label, theme.dim);
            lines.extend(lines::labelled(label, LABEL, &value, theme.text, width));
        }
        let can = can_do(&self.place, &token.permissions);
        lines.push(Line::default());
        lines.extend(lines::signed(("✓", theme.good), &can, theme.text, width));
        lines
    }
}

/// "read/write", or the repository's level alone in a repository.
fn levels(token: &Token, kind: ScopeKind) -> String {
    let word = |level: Option<Level>| level.map_or("–", Level::word);
    let repository = word(token.permissions.repository);
    match kind {
        ScopeKind::Repository => repository.to_owned(),
        ScopeKind::Personal | ScopeKind::Project => {
            format!("{}/{repository}", word(token.permissions.project))
        }
    }
}

fn row_cells(
    token: &Token,
    kind: ScopeKind,
    columns: Columns,
    view: View<'_>,
) -> Vec<Span<'static>> {
    let now = view.now.time;
    let time = |time: Option<_>, none: &str| {
        time.map_or_else(|| none.to_owned(), |time| when::relative(time, now))
    };
    let (expires, style) = match when::expiry(token.expires, now) {
        Expiry::Expired => ("✗ expired".to_owned(), view.theme.bad),
        Expiry::Soon => (format!("! {}", time(token.expires, "")), view.theme.warning),
        Expiry::Never | Expiry::Later => (time(token.expires, "never"), view.theme.text),
    };
    let cells = columns.cells(
        &token.name,
        &levels(token, kind),
        &time(token.created, "–"),
        &time(token.last_used, "never"),
    );
    vec![
        Span::styled(cells, view.theme.text),
        Span::styled(fit::column(&expires, TIME), style),
    ]
}
