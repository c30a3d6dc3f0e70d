//! A column of text in the middle of the window, which scrolls where the window is too low for it.

use ratatui::layout::{Constraint, Rect};

use super::pane;

/// Longer lines are tiring to read.
const WIDEST: u16 = 92;

/// How wide it is in a window of so many columns.
#[must_use]
pub fn width(columns: u16) -> u16 {
    columns.saturating_sub(4).min(WIDEST)
}

/// The column in this area.
#[must_use]
pub fn within(area: Rect) -> Rect {
    area.centered_horizontally(Constraint::Length(width(area.width)))
}

/// The column for so many lines: where there is room for all of them, a row above stays free.
#[must_use]
pub fn for_lines(column: Rect, lines: usize) -> Rect {
    pane::below(column, u16::from(usize::from(column.height) > lines))
}
