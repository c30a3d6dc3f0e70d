//! A form in the middle of the screen, drawn from top to bottom.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::secret_field::SecretField;
use super::{field, fit, pane};
use crate::theme::Theme;

/// Lines longer than this are tiring to read.
const WIDTH: u16 = 72;
const LABEL_WIDTH: usize = 11;

/// Draws one line after the other, and stops where the room ends.
pub struct Form<'a, 'b> {
    frame: &'a mut Frame<'b>,
    free: Rect,
    theme: &'a Theme,
}

impl<'a, 'b> Form<'a, 'b> {
    /// A form in this area: in the middle, a little above.
    pub fn new(frame: &'a mut Frame<'b>, area: Rect, theme: &'a Theme) -> Self {
        let width = WIDTH.min(area.width.saturating_sub(4));
        let column = area.centered_horizontally(Constraint::Length(width));
        let top = (area.height.saturating_sub(12) / 4).max(1);
        Self {
            frame,
            free: pane::below(column, top),
            theme,
        }
    }

    /// One line.
    pub fn line(&mut self, line: Line<'_>) {
        if self.free.height > 0 {
            self.frame.render_widget(
                line,
                Rect {
                    height: 1,
                    ..self.free
                },
            );
        }
        self.free = pane::below(self.free, 1);
    }

    /// An empty line.
    pub fn gap(&mut self) {
        self.free = pane::below(self.free, 1);
    }

    /// What the form is about, and a gap.
    pub fn heading(&mut self, text: &str) {
        self.line(Line::styled(text.to_owned(), self.theme.strong));
        self.gap();
    }

    /// An explanation, as many lines as it takes, and a gap.
    pub fn text(&mut self, text: &str) {
        for line in fit::wrap(text, usize::from(self.free.width)) {
            self.line(Line::styled(line, self.theme.text));
        }
        self.gap();
    }

    /// Something with a sign in front.
    pub fn sign(&mut self, sign: &str, style: Style, text: &str) {
        let room = usize::from(self.free.width).saturating_sub(2);
        for (index, line) in fit::wrap(text, room).into_iter().enumerate() {
            let sign = if index == 0 { sign } else { " " };
            self.line(Line::from(vec![
                Span::styled(format!("{sign} "), style),
                Span::raw(line),
            ]));
        }
    }

    /// A labelled field.
    pub fn field(&mut self, label: &str, input: &Input, focused: bool) {
        let area = self.label(label, focused);
        field::draw(self.frame, area, input, focused, self.theme);
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
            field::place_cursor(self.frame, area, usize::from(cursor));
        }
    }

    /// What happens next, and the key that makes it happen.
    pub fn button(&mut self, label: &str, hint: &str, focused: bool) {
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

    /// Everything that is left, for something that draws itself.
    pub fn rest(&mut self, draw: impl FnOnce(&mut Frame<'_>, Rect)) {
        draw(self.frame, self.free);
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
