//! The form at the left, what the token can and cannot do at the right.
//!
//! ```text
//!  What is it for?                             This token can
//!  ╭ RECOMMENDED ────────────────────────────╮  ✓ clone and pull billing-api
//!  │ ★ git client                            │  ✓ push to billing-api
//!  │   clone, pull, push    Repository write │  It cannot
//!  ╰─────────────────────────────────────────╯  – reach any other repository
//!    read only              Repository read     – change settings or permissions
//!    custom …
//!  Name     git for alice on laptop (billing-api)
//!  Expires  ‹ 90 days ›   Monday, 22 February 2027
//!                              [ Create token ]
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType};

use super::{Focus, NewToken};
use crate::operation::draft::{LONGEST_NAME, Lifetime};
use crate::permission::{Level, Permissions, ScopeKind};
use crate::ui::layer::View;
use crate::ui::problem::{Attempt, Problem};
use crate::when;
use crate::widget::{field, fit, lines, pane, spinner};

/// From this width on, what the token can do stands beside the form.
const BESIDE: u16 = 72;
const FORM_WIDTH: u16 = 58;
const LABEL_WIDTH: u16 = 9;
/// From this width on, "Project" and "Repository" are written out.
const ROOM_FOR_LONG_NAMES: usize = 55;
/// From this width on, every preset says what one does with it.
const ROOM_FOR_SUMMARIES: usize = 58;
/// How far the two scales stand to the right of the presets.
const SCALE_INDENT: usize = 4;
/// Below this height the recommended preset has no box and the gaps go.
const ROOMY: u16 = 17;

impl NewToken {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let area = area.centered_horizontally(Constraint::Max(124));
        let [_, area, _] = Layout::horizontal([
            Constraint::Length(1),
            Constraint::Fill(1),
            Constraint::Length(1),
        ])
        .areas(area);
        if area.width < BESIDE {
            self.draw_form(frame, area, true, view);
            return;
        }
        let form = (area.width * 3 / 5 + 1).min(FORM_WIDTH);
        let [form, _, beside] = Layout::horizontal([
            Constraint::Length(form),
            Constraint::Length(2),
            Constraint::Fill(1),
        ])
        .areas(area);
        self.draw_form(frame, form, false, view);
        let gap = u16::from(beside.height >= ROOMY);
        self.draw_abilities(frame, pane::below(beside, gap), view);
    }

    fn draw_form(&self, frame: &mut Frame<'_>, area: Rect, narrow: bool, view: View<'_>) {
        let theme = view.theme;
        let roomy = area.height >= ROOMY;
        let gap = u16::from(roomy);
        let mut free = pane::below(area, gap);
        line(
            frame,
            &mut free,
            Line::styled("What is it for?", theme.strong),
        );
        // What went wrong and the button need the room more than the choices that were not made.
        let rows = 1 + self.presets.len() + self.fields().len();
        let has_failed = !roomy && self.creation.failure().is_some();
        let crowded = has_failed || usize::from(area.height) < rows;
        for index in 0..self.presets.len() {
            if !crowded || index == self.chosen {
                self.draw_preset(frame, &mut free, index, roomy, view);
            }
        }
        if !crowded || self.preset().is_none() {
            self.draw_custom(frame, &mut free, view);
        }
        free = pane::below(free, gap);
        self.draw_name(frame, &mut free, view);
        self.draw_expiry(frame, &mut free, view);
        free = pane::below(free, gap);
        self.draw_end(frame, free, narrow, view);
    }

    fn draw_preset(
        &self,
        frame: &mut Frame<'_>,
        free: &mut Rect,
        index: usize,
        roomy: bool,
        view: View<'_>,
    ) {
        let theme = view.theme;
        let preset = &self.presets[index];
        let permissions = preset.permissions(self.place.kind());
        if !(preset.recommended && roomy) {
            let star = if preset.recommended { "★ " } else { "" };
            let warning = if preset.warning.is_some() { "  !" } else { "" };
            let width = usize::from(free.width);
            let words = short(&permissions, width);
            let mut left = format!("{star}{}{warning}", preset.name);
            // All of them say it, or none.
            if width >= ROOM_FOR_SUMMARIES {
                left = format!("{}  {}", fit::column(&left, 17), preset.summary);
            }
            let row = self.choice(index, &left, &words, width, view);
            self.place_cursor_on_choice(frame, *free, index);
            line(frame, free, row);
            return;
        }
        let chosen = self.chosen == index;
        let height = 4.min(free.height);
        let outside = Rect { height, ..*free };
        let block = Block::bordered()
            .border_type(BorderType::Rounded)
            .border_style(if chosen {
                theme.border_focused
            } else {
                theme.border
            })
            .title(Line::styled(" RECOMMENDED ", theme.accent).right_aligned());
        let mut inside = block.inner(outside);
        frame.render_widget(block, outside);
        let width = usize::from(inside.width);
        let name = format!("★ {}", preset.name);
        let row = self.choice(index, &name, "", width, view);
        self.place_cursor_on_choice(frame, inside, index);
        line(frame, &mut inside, row);
        let words = short(&permissions, width);
        let room = width.saturating_sub(5 + fit::width(&words));
        let row = Line::from(vec![
            Span::styled(
                format!("    {}", fit::column(&preset.summary, room)),
                theme.text,
            ),
            Span::styled(format!("{words} "), theme.dim),
        ]);
        line(frame, &mut inside, row);
        *free = pane::below(*free, height);
    }

    fn draw_custom(&self, frame: &mut Frame<'_>, free: &mut Rect, view: View<'_>) {
        let is_custom = self.preset().is_none();
        let words = if is_custom {
            short(&self.permissions(), usize::from(free.width))
        } else {
            String::new()
        };
        let row = self.choice(
            self.presets.len(),
            "custom …",
            &words,
            usize::from(free.width),
            view,
        );
        self.place_cursor_on_choice(frame, *free, self.presets.len());
        line(frame, free, row);
        if !is_custom {
            return;
        }
        if self.place.kind() != ScopeKind::Repository {
            let refused = |level| self.levels.project_refusal(level).is_some();
            let row = self.scale(
                "Project",
                Focus::ProjectScale,
                self.levels.project,
                &refused,
                view,
            );
            self.place_cursor_on_scale(frame, *free, Focus::ProjectScale);
            line(frame, free, row);
        }
        let refused = |level| self.levels.repository_refusal(level).is_some();
        let row = self.scale(
            "Repository",
            Focus::RepositoryScale,
            self.levels.repository,
            &refused,
            view,
        );
        self.place_cursor_on_scale(frame, *free, Focus::RepositoryScale);
        line(frame, free, row);
    }

    fn place_cursor_on_choice(&self, frame: &mut Frame<'_>, area: Rect, index: usize) {
        if self.focus == Focus::Presets && self.chosen == index {
            field::place_cursor(frame, area, 0);
        }
    }

    fn place_cursor_on_scale(&self, frame: &mut Frame<'_>, area: Rect, scale: Focus) {
        if self.focus == scale {
            field::place_cursor(frame, area, SCALE_INDENT);
        }
    }

    /// One preset on a line: reversed while the cursor is on it, bold while it is only chosen.
    fn choice(
        &self,
        index: usize,
        left: &str,
        right: &str,
        width: usize,
        view: View<'_>,
    ) -> Line<'static> {
        let theme = view.theme;
        let chosen = self.chosen == index;
        let mark = match (chosen, self.focus == Focus::Presets) {
            (true, true) => "› ",
            (true, false) => "• ",
            (false, _) => "  ",
        };
        let right = format!("{right} ");
        let room = width.saturating_sub(2 + fit::width(&right));
        let left = fit::column(left, room);
        if chosen && self.focus == Focus::Presets {
            return Line::styled(format!("{mark}{left}{right}"), theme.cursor);
        }
        let style = if chosen { theme.chosen } else { theme.text };
        Line::from(vec![
            Span::styled(format!("{mark}{left}"), style),
            Span::styled(right, theme.dim),
        ])
    }

    /// "Project      ‹ read › write · admin": what cannot be chosen is dim and in brackets.
    fn scale(
        &self,
        label: &str,
        focus: Focus,
        chosen: Level,
        refused: &dyn Fn(Level) -> bool,
        view: View<'_>,
    ) -> Line<'static> {
        let theme = view.theme;
        let focused = self.focus == focus;
        let label_style = if focused { theme.accent } else { theme.dim };
        let mut spans = vec![Span::styled(format!("    {label:<12}"), label_style)];
        for level in Level::ALL {
            let word = level.word();
            spans.push(if level == chosen {
                let style = if focused { theme.cursor } else { theme.chosen };
                Span::styled(format!("‹ {word} ›"), style)
            } else if refused(level) {
                Span::styled(format!(" ({word}) "), theme.dim)
            } else {
                Span::styled(format!("  {word}  "), theme.text)
            });
        }
        Line::from(spans)
    }

    fn draw_name(&self, frame: &mut Frame<'_>, free: &mut Rect, view: View<'_>) {
        let focused = self.focus == Focus::Name;
        let area = self.label(frame, free, "Name", focused, view);
        let length = self.name.value().chars().count();
        // A count only where it begins to matter.
        let count = if length + 55 > LONGEST_NAME {
            format!(" {length}/{LONGEST_NAME}")
        } else {
            String::new()
        };
        let count_width = u16::try_from(count.len()).unwrap_or(0).min(area.width);
        let [text, beside] =
            Layout::horizontal([Constraint::Fill(1), Constraint::Length(count_width)]).areas(area);
        field::draw(frame, text, &self.name, focused, view.theme);
        let style = if length > LONGEST_NAME {
            view.theme.bad
        } else {
            view.theme.dim
        };
        frame.render_widget(Line::styled(count, style), beside);
    }

    fn draw_expiry(&self, frame: &mut Frame<'_>, free: &mut Rect, view: View<'_>) {
        let theme = view.theme;
        let focused = self.focus == Focus::Expiry;
        let area = self.label(frame, free, "Expires", focused, view);
        let style = if focused { theme.cursor } else { theme.chosen };
        let words = format!("‹ {} ›", self.lifetime.words());
        let room = usize::from(area.width).saturating_sub(fit::width(&words) + 2);
        let end = end(&self.lifetime, view, room);
        let row = Line::from(vec![
            Span::styled(words, style),
            Span::styled(format!("  {}", fit::end(&end, room)), theme.text),
        ]);
        frame.render_widget(row, area);
        if focused {
            field::place_cursor(frame, area, 2);
        }
    }

    fn label(
        &self,
        frame: &mut Frame<'_>,
        free: &mut Rect,
        label: &str,
        focused: bool,
        view: View<'_>,
    ) -> Rect {
        let style = if focused {
            view.theme.accent
        } else {
            view.theme.dim
        };
        let row = Rect {
            height: free.height.min(1),
            ..*free
        };
        line(frame, free, Line::styled(label.to_owned(), style));
        let label_width = LABEL_WIDTH.min(row.width);
        Rect {
            x: row.x + label_width,
            width: row.width - label_width,
            ..row
        }
    }

    /// The button, or what it waits for, or what went wrong.
    fn draw_end(&self, frame: &mut Frame<'_>, area: Rect, narrow: bool, view: View<'_>) {
        let theme = view.theme;
        let mut free = area;
        if let Some((words, waited)) = self.creation.waiting(view.now) {
            let sign = spinner::sign(waited).unwrap_or(" ");
            let width = usize::from(free.width);
            let words = lines::signed((sign, theme.accent), words, theme.text, width);
            lines::draw(frame, free, words);
            return;
        }
        if self.creation.can_check_again() {
            let reason = self.creation.holds_on().unwrap_or_default();
            let sign = ("!", theme.warning);
            let reason = lines::signed(sign, &reason, theme.text, usize::from(free.width));
            free = lines::draw(frame, free, reason);
            if let Some(error) = self.creation.failure() {
                let server = view.session.server.as_ref();
                let scope = self.place.scope();
                let page = server.map(|it| it.client.base().tokens_page(Some(&scope)));
                let attempt = Attempt::FindToken(page.as_deref().unwrap_or_default());
                Problem::explain(error, attempt).draw(frame, free, view);
            }
            return;
        }
        let focused = self.focus == Focus::Create;
        let (style, hint) = if focused {
            (theme.cursor, "enter creates it")
        } else {
            (theme.dim, "enter selects it")
        };
        let mark = if focused { "› " } else { "" };
        let label = fit::column_right(mark, usize::from(LABEL_WIDTH));
        let button = Rect {
            height: free.height.min(1),
            ..free
        };
        let row = Line::from(vec![
            Span::raw(label),
            Span::styled("[ Create token ]", style),
            Span::styled(format!("  {hint}"), theme.dim),
        ]);
        line(frame, &mut free, row);
        if focused {
            field::place_cursor(frame, button, usize::from(LABEL_WIDTH) + 2);
        }
        let gap = u16::from(free.height > 5);
        let free = pane::below(free, gap);
        if let Some(error) = self.creation.failure() {
            let problem = Problem::explain(error, Attempt::CreateToken(&self.place));
            problem.draw(frame, free, view);
        } else if narrow {
            self.draw_summary(frame, free, view);
        }
    }
}

/// The day on which the token ends, in words; without the weekday where that does not fit.
fn end(lifetime: &Lifetime, view: View<'_>, width: usize) -> String {
    let days = match lifetime.valid_days() {
        Err(_) => {
            let longest = lifetime.longest();
            let longest = longest.map(|longest| format!("! 1 to {longest} days"));
            return longest.unwrap_or_else(|| "type a number of days".to_owned());
        }
        Ok(None) => return "! until it is revoked".to_owned(),
        Ok(Some(days)) => days,
    };
    let zone = &view.session.zone;
    let Some(end) = when::after_days(view.now.time, days, zone) else {
        return "beyond the calendar".to_owned();
    };
    let long = when::weekday_date(end, zone);
    if fit::width(&long) <= width {
        long
    } else {
        when::date(end, zone)
    }
}

/// "Project read · Repository write"; the names of the scales shortened where room is short.
fn short(permissions: &Permissions, width: usize) -> String {
    let level = |level: Option<Level>| level.map_or("–", Level::word);
    let repository = level(permissions.repository);
    match permissions.project {
        Some(project) if width < ROOM_FOR_LONG_NAMES => {
            format!("Proj {} · Repo {repository}", project.word())
        }
        Some(project) => format!("Project {} · Repository {repository}", project.word()),
        None => format!("Repository {repository}"),
    }
}

/// Draws a line at the top of what is free, and takes it away from that.
fn line(frame: &mut Frame<'_>, free: &mut Rect, line: Line<'_>) {
    let row = Rect {
        height: free.height.min(1),
        ..*free
    };
    frame.render_widget(line, row);
    *free = pane::below(*free, 1);
}
