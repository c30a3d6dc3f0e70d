//! The table of tokens, and below it what is not in the list.
//!
//! ```text
//!   Name                 Proj/Repo    Created       Last used     Expires
//! › + New token
//!   deploy production    read/write   3 months ago  2 hours ago   ! in 3 days
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Tokens;
use super::git::MARK;
use crate::bitbucket::{Token, When};
use crate::operation::last_use::LastUse;
use crate::operation::risk::Risk;
use crate::permission::{Level, Permissions, ScopeKind, Unclear};
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::ui::level_in_words;
use crate::ui::place::{Place, project_name};
use crate::ui::problem::{Attempt, Problem};
use crate::ui::token_list::{ListedToken, TokenRow};
use crate::when::{self, Expiry};
use crate::widget::pane::{self, Pane, Rows};
use crate::widget::{fit, lines, spinner};

/// The room for the details: at the right of the table, or below it.
const DETAILS_WIDTH: u16 = 44;
/// At least, and where the table leaves so many rows free.
const DETAILS_HEIGHT: (u16, u16) = (7, 12);
/// Border, heading and notes of the table.
const AROUND_ROWS: usize = 5;
/// "admin/admin", or one level alone.
const LEVELS: usize = 11;
const LEVEL: usize = 5;
const TIME: usize = 13;
const NAME: usize = 16;
/// A sign and a blank before the name.
const SIGN: usize = 2;
/// "more than git needs · never expires".
const RISKS: usize = 35;
/// Names are what tokens are known by: when one was created only shows where so many columns of the
/// names do, if they need them.
const NAME_BESIDE_CREATED: usize = 30;
/// A longer name column would put too many blanks between a name and its levels.
const LONGEST_NAME: usize = 56;

/// Which columns there is room for, from the least needed to the most.
#[derive(Clone, Copy)]
struct Columns {
    name: usize,
    levels: Option<usize>,
    created: bool,
    used: bool,
    /// What to look at, in words.
    risks: bool,
}

impl Columns {
    /// `longest`: the columns of the longest name.
    fn within(width: usize, kind: ScopeKind, longest: usize) -> Self {
        let levels = match kind {
            ScopeKind::Repository => LEVEL,
            ScopeKind::Personal | ScopeKind::Project => LEVELS,
        };
        let mut columns = Self {
            name: 0,
            levels: Some(levels),
            created: true,
            used: true,
            risks: true,
        };
        let taken = |columns: Self| {
            let times = 1 + usize::from(columns.created) + usize::from(columns.used);
            let levels = columns.levels.map_or(0, |width| width + 2);
            let risks = if columns.risks { RISKS + 2 } else { 0 };
            SIGN + times * (TIME + 2) + levels + risks
        };
        let wanted = longest.clamp(NAME, NAME_BESIDE_CREATED);
        columns.risks = taken(columns) + wanted <= width;
        columns.created = taken(columns) + wanted <= width;
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
        } else {
            let rows = self.listing.picker.rows().len() + AROUND_ROWS;
            let rows = u16::try_from(rows).unwrap_or(u16::MAX);
            let (least, most) = DETAILS_HEIGHT;
            let height = area.height.saturating_sub(rows).clamp(least, most);
            pane::with_details(area, DETAILS_WIDTH, height)
        };
        self.draw_table(frame, table, view);
        if let Some(details) = details {
            self.draw_details(frame, details, view);
        }
        self.draw_box(frame, area, view);
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
            let width = usize::from(inside.width);
            let may = if self.is_forbidden() {
                level_in_words::lines(&self.place, width, view)
            } else {
                Vec::new()
            };
            let inside = lines::draw(frame, inside, may);
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
        let rows = self.listing.picker.rows().iter();
        let widths = rows.filter_map(|row| {
            let is_gits = matches!(row, TokenRow::Token(token) if self.is_gits(token));
            let mark = if is_gits { fit::width(MARK) + 1 } else { 0 };
            match row {
                TokenRow::Token(token) => Some(fit::width(&token.name) + mark),
                TokenRow::New => None,
            }
        });
        let longest = widths.max().unwrap_or(0);
        let columns = Columns::within(width, self.place.kind(), longest);
        let levels = match self.place.kind() {
            ScopeKind::Repository => "Repo",
            ScopeKind::Personal | ScopeKind::Project => "Proj/Repo",
        };
        let mut head = " ".repeat(2 + SIGN);
        head.push_str(&columns.cells("Name", levels, "Created", "Last used"));
        head.push_str(&fit::column("Expires", TIME));
        if columns.risks {
            head.push_str("  Look at");
        }
        frame.render_widget(
            Line::styled(head, theme.dim),
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
                TokenRow::Token(token) => {
                    let name = if self.is_gits(token) {
                        marked(&token.name, columns.name)
                    } else {
                        token.name.clone()
                    };
                    let mut cells = vec![self.sign(token, view)];
                    cells.extend(row_cells((token, &name), self.place.kind(), columns, view));
                    cells
                }
            },
        };
        let free = rows.draw(frame, pane::below(area, 1), theme);
        let news = self.news(view);
        let below = u16::from(news.is_some()) + 1;
        lines::draw(frame, free, news);
        let notes = pane::below(free, below);
        if notes.height > 0 {
            lines::draw(frame, notes, self.notes(width, view));
        }
    }

    /// That it is marked, or how pressing it is to look at it.
    fn sign(&self, token: &ListedToken, view: View<'_>) -> Span<'static> {
        let theme = view.theme;
        if self.is_marked(token) {
            return Span::styled("■ ", theme.accent);
        }
        if token.rotation.is_some() {
            return Span::styled("! ", theme.warning);
        }
        match token.risks.first() {
            Some(Risk::Expired) => Span::styled("✗ ", theme.bad),
            Some(Risk::Soon | Risk::MoreThanGit | Risk::UnknownRight) => {
                Span::styled("! ", theme.warning)
            }
            Some(Risk::NeverExpires | Risk::NeverUsed) => Span::styled("· ", theme.dim),
            None => Span::raw("  "),
        }
    }

    /// What the list waits for, or why it is empty.
    fn news(&self, view: View<'_>) -> Option<Line<'static>> {
        let theme = view.theme;
        let waits = [
            (self.revoking.waiting(view.now), "Revoking …"),
            (self.rotating.ending.waiting(view.now), "Revoking …"),
            (
                self.rotating.looking.waiting(view.now),
                "Reading when both were last used …",
            ),
            (self.undoing.waiting(view.now), "undoing the git setup …"),
            (self.listing.waiting(view.now), "Loading the tokens …"),
        ];
        let wait = waits
            .into_iter()
            .find_map(|(waited, what)| Some((waited?, what)));
        if let Some((waited, what)) = wait {
            let sign = spinner::sign(waited)?;
            return Some(Line::from(vec![
                Span::styled(format!("{sign} "), theme.accent),
                Span::styled(what, theme.dim),
            ]));
        }
        if self.listing.picker.nothing_fits() {
            let all = keymap::key(Mode::Tokens, Action::Back);
            let text = format!("  No matches in the tokens. Press {all} to show all.");
            return Some(Line::styled(text, theme.dim));
        }
        let is_empty = self.listing.count() == "0" && self.listing.failure().is_none();
        is_empty.then(|| Line::styled("  No tokens here yet.", theme.dim))
    }

    /// What git does with a token of this place, and which tokens reach it and are not listed here.
    fn notes(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let git = self.git_note(view.now.time).map(|(sign, text)| {
            let style = if sign == "✗" { theme.bad } else { theme.dim };
            lines::signed((sign, style), &text, theme.text, width)
        });
        let mut notes: Vec<_> = self.rotation_note(width, view).collect();
        notes.extend(git.into_iter().flatten());
        let others = match &self.place {
            Place::Account(_) => return notes,
            Place::Project(_) => {
                "Not listed: tokens of single repositories, which have their own lists, and personal \
                 tokens, which only their owners see.".to_owned()
            }
            Place::Repository(repository) => format!(
                "Not listed, but reaching this repository too: tokens of {}, under Project settings ({}, \
                 then the first row), and personal tokens, which only their owners see.",
                project_name(&repository.project),
                keymap::key(Mode::Tokens, Action::Back)
            ),
        };
        notes.extend(lines::signed(("", theme.dim), &others, theme.dim, width));
        notes
    }
}

/// "read/write", or the repository's level alone in a repository.
fn levels(token: &Token, kind: ScopeKind) -> String {
    let word = |level: Option<Result<Option<Level>, Unclear>>| match level {
        Some(Ok(level)) => level.map_or("–", Level::word),
        Some(Err(Unclear)) | None => "?",
    };
    let permissions = token.permissions.as_ref();
    let repository = word(permissions.map(Permissions::repository_level));
    match kind {
        ScopeKind::Repository => repository.to_owned(),
        ScopeKind::Personal | ScopeKind::Project => {
            let project = word(permissions.map(Permissions::project_level));
            format!("{project}/{repository}")
        }
    }
}

/// The name of the token that git here is set up with.
fn marked(name: &str, width: usize) -> String {
    let room = width.saturating_sub(fit::width(MARK) + 1);
    format!("{} {MARK}", fit::column(name, room.min(fit::width(name))))
}

fn row_cells(
    (token, name): (&ListedToken, &str),
    kind: ScopeKind,
    columns: Columns,
    view: View<'_>,
) -> Vec<Span<'static>> {
    let now = view.now.time;
    let time = |time: When| match time {
        When::At(time) => when::relative(time, now),
        When::Never => "never".to_owned(),
        When::Unknown => "unknown".to_owned(),
    };
    let used = match token.last_use {
        LastUse::At(at) => time(When::At(at)),
        LastUse::Tried(_) => "only tested".to_owned(),
        LastUse::Never => time(When::Never),
        LastUse::Unknown => time(When::Unknown),
    };
    let expires = time(token.expires);
    let near = token.expires.at().map(|at| when::expiry(at, now));
    let (expires, style) = match near {
        Some(Expiry::Expired) => ("✗ expired".to_owned(), view.theme.bad),
        Some(Expiry::Soon) => (format!("! {expires}"), view.theme.warning),
        Some(Expiry::Later) | None => (expires, view.theme.text),
    };
    let cells = columns.cells(
        name,
        &levels(token, kind),
        &time(token.created.map_or(When::Unknown, When::At)),
        &used,
    );
    let mut spans = vec![
        Span::styled(cells, view.theme.text),
        Span::styled(fit::column(&expires, TIME), style),
    ];
    if columns.risks {
        // When it ends stands beside it.
        let beside = [Risk::Expired, Risk::Soon].map(Risk::words);
        let words = token.looked_at().filter(|words| !beside.contains(words));
        let words: Vec<_> = words.collect();
        let words = format!("  {}", fit::column(&words.join(" · "), RISKS));
        spans.push(Span::styled(words, view.theme.dim));
    }
    spans
}
