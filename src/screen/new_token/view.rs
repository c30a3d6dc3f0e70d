//! The form at the left, what the token can and cannot do at the right.
//!
//! ```text
//!  Who will use it?                            This token can
//!    ‹ git on this computer ›  a tool           ✓ clone and pull billing-api
//!  What is it for?                             ✓ push to billing-api
//!  ╭ RECOMMENDED ────────────────────────────╮
//!  │ ★ git, read and write                   │  It cannot
//!  │   clone, pull, push    Repository write │  – reach any other repository
//!  ╰─────────────────────────────────────────╯  – change settings or permissions
//!    git, read only         Repository read
//!    custom …
//!  Name     git for alice on laptop (billing-api)
//!  Expires  ‹ 90 days ›   Monday, 22 February 2027
//!                              [ Create token ]
//! ```

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::{Line, Span};

use super::{Focus, NewToken};
use crate::operation::draft::{LONGEST_NAME, Lifetime};
use crate::ui::layer::View;
use crate::ui::problem::{Attempt, Problem};
use crate::when;
use crate::widget::scroll::Towards;
use crate::widget::{field, fit, lines, pane, scroll, spinner};

/// From this width on, what the token can do stands beside the form.
const BESIDE: u16 = 72;
const FORM_WIDTH: u16 = 58;
const LABEL_WIDTH: u16 = 9;
/// Form and abilities together are no wider.
const WIDTH: u16 = 148;
/// Below this height the recommended preset has no box and the gaps go.
const ROOMY: u16 = 17;

impl NewToken {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let area = area.centered_horizontally(Constraint::Max(WIDTH));
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
        let widest = u16::try_from(self.summaries_width()).unwrap_or(u16::MAX);
        let form = match area.width * 3 / 5 + 2 {
            room if room >= widest => widest.max(FORM_WIDTH),
            room => room.min(FORM_WIDTH),
        };
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
        let towards = if self.focus == Focus::Create {
            Towards::WhatIsBelow
        } else {
            Towards::Focus
        };
        scroll::draw(frame, area, view.theme, |frame, high| {
            let cursor = self.draw_fields(frame, high, area.height, narrow, view);
            (cursor, towards)
        });
    }

    /// Answers with the place of the cursor. So many rows can be seen at once.
    fn draw_fields(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        room: u16,
        narrow: bool,
        view: View<'_>,
    ) -> Option<Position> {
        let theme = view.theme;
        let roomy = room >= ROOMY;
        let gap = u16::from(roomy);
        let mut free = pane::below(area, gap);
        // What went wrong and the button need the room more than the choices that were not made.
        let rows = self.presets.len() + self.fields().len();
        let has_failed = !roomy && self.creation.failure().is_some();
        let crowded = has_failed || usize::from(room) < rows;
        let mut cursor = self.draw_user(frame, &mut free, roomy, view);
        if roomy {
            free = pane::below(free, gap);
            let heading = Line::styled("What is it for?", theme.strong);
            line(frame, &mut free, heading);
        }
        for index in 0..self.presets.len() {
            if !crowded || index == self.chosen {
                cursor = cursor.or(self.draw_preset(frame, &mut free, index, roomy, view));
            }
        }
        if !crowded || self.preset().is_none() {
            cursor = cursor.or(self.draw_custom(frame, &mut free, view));
        }
        free = pane::below(free, gap);
        cursor = cursor.or(self.draw_name(frame, &mut free, view));
        cursor = cursor.or(self.draw_expiry(frame, &mut free, view));
        free = pane::below(free, gap);
        cursor.or(self.draw_end(frame, free, narrow, view))
    }

    fn draw_name(
        &self,
        frame: &mut Frame<'_>,
        free: &mut Rect,
        view: View<'_>,
    ) -> Option<Position> {
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
        let cursor = field::draw(frame, text, &self.name, focused, view.theme);
        let style = if length > LONGEST_NAME {
            view.theme.bad
        } else {
            view.theme.dim
        };
        frame.render_widget(Line::styled(count, style), beside);
        cursor
    }

    fn draw_expiry(
        &self,
        frame: &mut Frame<'_>,
        free: &mut Rect,
        view: View<'_>,
    ) -> Option<Position> {
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
        focused.then(|| field::place_cursor(frame, area, 2))
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
    fn draw_end(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        narrow: bool,
        view: View<'_>,
    ) -> Option<Position> {
        let theme = view.theme;
        let mut free = area;
        if let Some((words, waited)) = self.creation.waiting(view.now) {
            let sign = spinner::sign(waited).unwrap_or(" ");
            let width = usize::from(free.width);
            let words = lines::signed((sign, theme.accent), words, theme.text, width);
            lines::draw(frame, free, words);
            return None;
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
            return None;
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
        let mut row = Line::from(vec![
            Span::raw(label),
            Span::styled("[ Create token ]", style),
        ]);
        // Half a hint helps nobody.
        if row.width() + 2 + fit::width(hint) <= usize::from(area.width) {
            row.push_span(Span::styled(format!("  {hint}"), theme.dim));
        }
        line(frame, &mut free, row);
        let column = usize::from(LABEL_WIDTH) + 2;
        let cursor = focused.then(|| field::place_cursor(frame, button, column));
        let gap = u16::from(scroll::rows_left(free) > 5);
        let free = pane::below(free, gap);
        if let Some(error) = self.creation.failure() {
            let problem = Problem::explain(error, Attempt::CreateToken(&self.place));
            problem.draw(frame, free, view);
        } else if narrow {
            self.draw_summary(frame, free, view);
        }
        cursor
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
        return "too far ahead".to_owned();
    };
    let long = when::weekday_date(end, zone);
    if fit::width(&long) <= width {
        long
    } else {
        when::date(end, zone)
    }
}

/// Draws a line at the top of what is free, and takes it away from that.
pub(super) fn line(frame: &mut Frame<'_>, free: &mut Rect, line: Line<'_>) {
    let row = Rect {
        height: free.height.min(1),
        ..*free
    };
    frame.render_widget(line, row);
    *free = pane::below(*free, 1);
}
