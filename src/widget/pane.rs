//! A framed part of the screen, and rows with a cursor in it.

use ratatui::Frame;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Padding};

use super::picker::{Picker, Row};
use super::{field, fit};
use crate::secret::masked;
use crate::theme::Theme;

/// From this width on the details of a table stand at its right, else from this height on below it.
const DETAILS_RIGHT: u16 = 140;
const DETAILS_BELOW: u16 = 18;

/// A table, and the room for the details of its row where there is any: `width` columns at the right,
/// or `height` rows below.
#[must_use]
pub fn with_details(area: Rect, width: u16, height: u16) -> (Rect, Option<Rect>) {
    if area.width >= DETAILS_RIGHT {
        let columns = [Constraint::Fill(1), Constraint::Length(width)];
        let [table, details] = Layout::horizontal(columns).areas(area);
        (table, Some(details))
    } else if area.height >= DETAILS_BELOW {
        let rows = [Constraint::Fill(1), Constraint::Length(height)];
        let [table, details] = Layout::vertical(rows).areas(area);
        (table, Some(details))
    } else {
        (area, None)
    }
}

/// A framed part of the screen.
#[derive(Debug, Clone, Copy)]
pub struct Pane<'a> {
    /// At the left of the upper border.
    pub title: &'a str,
    /// At the right of the upper border, such as a count.
    pub note: &'a str,
    /// Whether keys go here.
    pub focused: bool,
}

impl Pane<'_> {
    /// Draws the frame and answers with its inside, one blank column from the border.
    pub fn draw(self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) -> Rect {
        let (border, title, kind) = if self.focused {
            (theme.border_focused, theme.strong, BorderType::Rounded)
        } else {
            (theme.border, theme.dim, BorderType::Rounded)
        };
        let note_width = if self.note.is_empty() {
            0
        } else {
            fit::width(self.note) + 3
        };
        let room = usize::from(area.width).saturating_sub(4 + note_width);
        let mut block = Block::bordered()
            .border_type(kind)
            .border_style(border)
            .padding(Padding::horizontal(1))
            .title(Line::styled(
                format!(" {} ", fit::end(self.title, room)),
                title,
            ));
        if !self.note.is_empty() {
            block = block.title(
                Line::styled(format!(" {} ", self.note), theme.dim).alignment(Alignment::Right),
            );
        }
        let inside = block.inner(area);
        frame.render_widget(block, area);
        inside
    }
}

/// How the rows of a list are drawn.
pub struct Rows<'a, T> {
    /// The rows, the cursor and the filter.
    pub picker: &'a Picker<T>,
    /// Whether keys go here.
    pub focused: bool,
    /// Draws one row into exactly so many columns.
    pub draw_row: &'a dyn Fn(&T, usize) -> Vec<Span<'static>>,
}

impl<T: Row> Rows<'_, T> {
    /// Draws as many rows as fit, the cursor among them, and on the border below how many more
    /// there are. The area starts at the column of the cursor's mark. Answers with the room that
    /// stays free below.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: &Theme) -> Rect {
        let mut area = area;
        if let Some((filter, cursor)) = self.picker.filter() {
            let line = Rect { height: 1, ..area };
            draw_filter(frame, line, &masked(filter), self.picker.is_typing(), theme);
            if self.picker.is_typing() {
                field::place_cursor(frame, line, cursor + 2);
            }
            area = below(area, 1);
        }
        let height = usize::from(area.height);
        let count = self.picker.shown().len();
        let offset = self
            .picker
            .cursor()
            .saturating_sub(height / 2)
            .min(count.saturating_sub(height));
        let width = usize::from(area.width);
        let visible = self.picker.shown().enumerate().skip(offset).take(height);
        let mut drawn = 0;
        for (index, row) in visible {
            let under_cursor = index == self.picker.cursor();
            let line = Rect {
                y: area.y + drawn,
                height: 1,
                ..area
            };
            let style = match (under_cursor, self.focused) {
                (true, true) => theme.cursor,
                (true, false) => theme.chosen,
                (false, _) => Style::new(),
            };
            let mark = if under_cursor { "› " } else { "  " };
            let mut spans = vec![Span::raw(mark)];
            let cells = (self.draw_row)(row, width.saturating_sub(2));
            if under_cursor && self.focused {
                // One look for the whole row: dim text in a reversed row is hard to read.
                spans.extend(cells.into_iter().map(|span| Span::raw(span.content)));
            } else {
                spans.extend(cells);
            }
            frame.render_widget(Line::from(spans).style(style), line);
            if under_cursor && self.focused && !self.picker.is_typing() {
                field::place_cursor(frame, line, 0);
            }
            drawn += 1;
        }
        let hidden = count.saturating_sub(offset + usize::from(drawn));
        if hidden > 0 {
            let border = Rect {
                y: area.bottom(),
                height: 1,
                ..area
            };
            draw_more(frame, border, hidden, theme);
        }
        below(area, drawn)
    }
}

/// "↓ 12 more" on a border.
pub fn draw_more(frame: &mut Frame<'_>, border: Rect, hidden: usize, theme: &Theme) {
    let text = Line::styled(format!(" ↓ {hidden} more "), theme.dim).right_aligned();
    frame.render_widget(text, border.intersection(frame.area()));
}

fn draw_filter(frame: &mut Frame<'_>, area: Rect, filter: &str, typing: bool, theme: &Theme) {
    let style = if typing {
        theme.field_focused
    } else {
        theme.field
    };
    let room = usize::from(area.width).saturating_sub(2);
    let text = if filter.is_empty() {
        Span::styled(fit::column("type to filter", room), theme.dim)
    } else {
        Span::styled(fit::column(filter, room), style)
    };
    frame.render_widget(Line::from(vec![Span::styled("/ ", theme.key), text]), area);
}

/// What is left of an area below its first `rows` rows.
#[must_use]
pub fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect {
        y: area.y + rows,
        height: area.height - rows,
        ..area
    }
}
