//! A form in the middle of the screen, drawn from top to bottom.

use std::collections::VecDeque;
use std::iter;
use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Constraint, Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::scroll::Towards;
use super::secret_field::SecretField;
use super::{field, fit, lines, pane, scroll, spinner};
use crate::theme::Theme;

/// Lines longer than this are tiring to read.
const WIDTH: u16 = 72;
const LABEL_WIDTH: usize = 11;
/// The titles of choices stand in a column of their own.
const CHOICE_WIDTH: usize = 22;
/// An explanation that has fewer columns beside a title stands below it.
const NARROWEST: usize = 24;
/// Two fields, a button and what else can be chosen need so much, with a line more for each.
const FIELDS: u16 = 12;
/// A window with fewer rows has none for gaps.
const LOW: u16 = 20;
/// A window with fewer rows has none for explanations.
const LOWEST: u16 = 9;
/// From this height on there is room for an explanation and a problem.
const ROOMY: u16 = 17;

/// Draws one line after the other. Where the room ends, it scrolls to what has the focus.
pub struct Form<'a, 'b> {
    frame: &'a mut Frame<'b>,
    free: Rect,
    theme: &'a Theme,
    /// How many rows can be seen at once.
    room: u16,
    /// Where the cursor is.
    focus: Option<Position>,
    /// Where it scrolls to.
    towards: Towards,
    /// Gaps, heading and explanation are left out: the room is needed for what went wrong.
    is_crowded: bool,
}

impl<'a, 'b> Form<'a, 'b> {
    /// Shows a form in this area: in the middle, a little above.
    pub fn show(
        frame: &mut Frame<'_>,
        area: Rect,
        theme: &Theme,
        draw: impl FnOnce(&mut Form<'_, '_>),
    ) {
        let width = WIDTH.min(area.width.saturating_sub(4));
        let column = area.centered_horizontally(Constraint::Length(width));
        let top = match area.height.saturating_sub(12) / 4 {
            0 if area.height < FIELDS => 0,
            top => top.max(1),
        };
        Self::show_within(frame, pane::below(column, top), theme, draw);
    }

    /// Shows a form that fills this area, such as a box.
    pub fn show_within(
        frame: &mut Frame<'_>,
        area: Rect,
        theme: &Theme,
        draw: impl FnOnce(&mut Form<'_, '_>),
    ) {
        scroll::draw(frame, area, theme, |frame, high| {
            let mut form = Form::within(frame, high, area.height, theme);
            draw(&mut form);
            (form.focus, form.towards)
        });
    }

    /// A form in an area of which so many rows can be seen at once.
    pub fn within(frame: &'a mut Frame<'b>, area: Rect, room: u16, theme: &'a Theme) -> Self {
        Self {
            frame,
            free: area,
            theme,
            room,
            focus: None,
            towards: Towards::Focus,
            is_crowded: false,
        }
    }

    /// Where the cursor is.
    #[must_use]
    pub fn focus(&self) -> Option<Position> {
        self.focus
    }

    /// Leaves gaps and remarks out, where the window is low.
    pub fn save_room(&mut self) {
        self.is_crowded = self.frame.area().height < LOW;
    }

    /// Whether gaps and remarks are left out.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.is_crowded
    }

    /// What is left below.
    #[must_use]
    pub fn free(&self) -> Rect {
        self.free
    }

    /// Leaves the heading and explanations out where the window has room for the fields and the button only.
    pub fn expect_low(&mut self) {
        self.is_crowded |= self.room < LOWEST;
    }

    /// Makes room for what went wrong, where the window is low.
    pub fn expect_problem(&mut self) {
        self.is_crowded = self.room < ROOMY;
    }

    fn line(&mut self, line: Line<'_>) {
        self.lines([line]);
    }

    /// Lines that somebody else has made.
    pub fn lines<'l>(&mut self, lines: impl IntoIterator<Item = Line<'l>>) {
        self.free = lines::draw(self.frame, self.free, lines);
    }

    /// An empty line.
    pub fn gap(&mut self) {
        if self.is_crowded {
            return;
        }
        self.free = pane::below(self.free, 1);
    }

    /// What the form is about, and a gap.
    pub fn heading(&mut self, text: &str) {
        if self.is_crowded {
            return;
        }
        self.line(Line::styled(text.to_owned(), self.theme.strong));
        self.gap();
    }

    /// An explanation, as many lines as it takes, and a gap.
    pub fn text(&mut self, text: &str) {
        if self.is_crowded {
            return;
        }
        let width = usize::from(self.free.width);
        self.lines(lines::wrapped(text, self.theme.text, width));
        self.gap();
    }

    /// What is good to know, and a gap, where there is room for more than fields and button.
    pub fn aside(&mut self, text: &str) {
        if self.rows_left() >= FIELDS {
            self.note(text);
            self.gap();
        }
    }

    /// Something with a sign in front.
    pub fn sign(&mut self, sign: &str, style: Style, text: &str) {
        let width = usize::from(self.free.width);
        self.lines(lines::signed((sign, style), text, self.theme.text, width));
    }

    /// What is waited for, and the key that stops it.
    pub fn waiting(&mut self, waited: Duration, what: &str) {
        let sign = spinner::sign(waited).unwrap_or(" ");
        if self.focus.is_none() {
            self.focus = Some(field::place_cursor(self.frame, self.free, 0));
        }
        self.line(Line::from(vec![
            Span::styled(format!("{sign} "), self.theme.accent),
            Span::styled(format!("{what} …  "), self.theme.text),
            Span::styled("esc", self.theme.key),
            Span::styled(" stops", self.theme.dim),
        ]));
    }

    /// A labelled field.
    pub fn field(&mut self, label: &str, input: &Input, focused: bool) {
        let area = self.label(label, focused);
        let cursor = field::draw(self.frame, area, input, focused, self.theme);
        self.focus = self.focus.or(cursor);
    }

    /// Something labelled that cannot be changed here.
    pub fn fixed(&mut self, label: &str, text: &str) {
        let area = self.label(label, false);
        let line = Line::styled(text.to_owned(), self.theme.text);
        self.frame.render_widget(line, area);
    }

    /// A labelled field whose characters are not shown.
    pub fn secret_field(&mut self, label: &str, secret: &SecretField, focused: bool) {
        let area = self.label(label, focused);
        let (masked, cursor) = secret.masked(area.width);
        let style = if focused {
            self.theme.field_focused
        } else {
            self.theme.field
        };
        let masked = fit::column(&masked, usize::from(area.width));
        self.frame.render_widget(Line::styled(masked, style), area);
        if focused {
            let cursor = field::place_cursor(self.frame, area, usize::from(cursor));
            self.focus = Some(cursor);
        }
    }

    /// A row of choices behind a label, which somebody else has made.
    pub fn choices(&mut self, line: Line<'_>, focused: bool) {
        if focused {
            self.focus = Some(field::place_cursor(self.frame, self.free, LABEL_WIDTH));
        }
        self.line(line);
    }

    /// A label, and a text that nobody edits.
    pub fn labelled(&mut self, label: &str, text: &str) {
        let (label, style) = ((label, self.theme.dim), self.theme.text);
        self.lines(lines::labelled(
            label,
            LABEL_WIDTH,
            text,
            style,
            usize::from(self.free.width),
        ));
    }

    /// What is good to know about the field above: as wide as the field, where there is room for it.
    pub fn remark(&mut self, text: &str) {
        if !self.is_crowded {
            let (label, style) = (("", self.theme.dim), self.theme.dim);
            self.lines(lines::labelled(
                label,
                LABEL_WIDTH,
                text,
                style,
                usize::from(self.free.width),
            ));
        }
    }

    /// Lines below a field or a label, in its column; they are told how wide that is.
    pub fn indented(&mut self, lines: impl FnOnce(usize) -> Vec<Line<'static>>) {
        let width = usize::from(self.free.width).saturating_sub(LABEL_WIDTH);
        let indent = |mut line: Line<'static>| {
            line.spans.insert(0, Span::raw(" ".repeat(LABEL_WIDTH)));
            line
        };
        self.lines(lines(width).into_iter().map(indent));
    }

    /// What happens next, and the key that makes it happen. Where a field above has the cursor, it keeps it.
    pub fn button(&mut self, label: &str, hint: &str, focused: bool) {
        if focused && self.focus.is_none() {
            self.focus = Some(field::place_cursor(self.frame, self.free, LABEL_WIDTH));
        }
        let style = if focused {
            self.theme.cursor
        } else {
            self.theme.dim
        };
        self.line(Line::from(vec![
            Span::raw(" ".repeat(LABEL_WIDTH)),
            Span::styled(format!("[ {label} ]"), style),
            Span::styled(format!("  {hint}"), self.theme.dim),
        ]));
    }

    /// One of several choices, over the whole width.
    pub fn row(&mut self, text: &str, focused: bool) {
        let mark = if focused { "› " } else { "  " };
        let width = usize::from(self.free.width);
        let text = fit::column(&format!("{mark}{text}"), width);
        if focused {
            self.focus = Some(field::place_cursor(self.frame, self.free, 0));
            self.line(Line::styled(text, self.theme.cursor));
        } else {
            self.line(Line::styled(text, self.theme.text));
        }
    }

    /// Everything that is left, for something that draws itself and answers with the room below it.
    /// Such as what went wrong: that is to be seen.
    pub fn rest(&mut self, draw: impl FnOnce(&mut Frame<'_>, Rect) -> Rect) {
        self.towards = Towards::WhatIsBelow;
        self.free = draw(self.frame, self.free);
    }

    /// How many rows of the window are left below.
    #[must_use]
    pub fn rows_left(&self) -> u16 {
        scroll::rows_left(self.free)
    }

    /// What the rows below have in common, where there is room for more than them.
    pub fn note(&mut self, text: &str) {
        if !self.is_crowded {
            let width = usize::from(self.free.width);
            self.lines(lines::wrapped(text, self.theme.dim, width));
        }
    }

    /// One of several choices, with an explanation: beside its title, or below it where that is too narrow.
    /// Where rows are few, an explanation that needs more of them stays with the choice that has the focus.
    pub fn choice(&mut self, title: &str, explanation: &str, focused: bool) {
        let width = usize::from(self.free.width);
        let beside = width.saturating_sub(2 + CHOICE_WIDTH);
        let indent = if beside < NARROWEST {
            4
        } else {
            2 + CHOICE_WIDTH
        };
        let fits = fit::width(explanation) <= beside;
        let words = if fits || focused || !self.is_crowded {
            explanation
        } else {
            ""
        };
        let mut words: VecDeque<_> =
            lines::wrapped(words, self.theme.text, width.saturating_sub(indent))
                .map(|line| line.to_string())
                .collect();
        let first = if beside < NARROWEST {
            String::new()
        } else {
            words.pop_front().unwrap_or_default()
        };
        let mark = if focused { "› " } else { "  " };
        let title = format!("{mark}{}", fit::column(title, CHOICE_WIDTH));
        let below = words.into_iter().map(|words| (" ".repeat(indent), words));
        for (index, (title, words)) in iter::once((title, first)).chain(below).enumerate() {
            let line = if focused {
                // One look for the whole row: dim text in a reversed row is hard to read.
                let whole = fit::column(&format!("{title}{words}"), width);
                Line::styled(whole, self.theme.cursor)
            } else {
                Line::from(vec![
                    Span::styled(title, self.theme.text),
                    Span::styled(words, self.theme.dim),
                ])
            };
            if focused && index > 0 {
                self.towards = Towards::WhatIsBelow;
            } else if focused {
                self.focus = Some(field::place_cursor(self.frame, self.free, 0));
            }
            self.line(line);
        }
    }

    fn label(&mut self, label: &str, focused: bool) -> Rect {
        let style = if focused {
            self.theme.accent
        } else {
            self.theme.dim
        };
        let row = Rect {
            height: self.free.height.min(1),
            ..self.free
        };
        self.line(Line::styled(fit::column(label, LABEL_WIDTH), style));
        let label_width = u16::try_from(LABEL_WIDTH).unwrap_or(0).min(row.width);
        Rect {
            x: row.x + label_width,
            width: row.width - label_width,
            ..row
        }
    }
}
