//! A small box in the middle, over what was there.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::widgets::{Block, BorderType, Clear, Padding};

use crate::theme::Theme;

/// Clears a box of at most this size in the middle of `area`, draws its border and answers with its
/// inside, one blank column from the border. Everything else in `area` is dimmed.
pub fn open(
    frame: &mut Frame<'_>,
    area: Rect,
    (width, height): (u16, u16),
    title: &str,
    theme: &Theme,
) -> Rect {
    let outside = area.centered(Constraint::Max(width), Constraint::Max(height));
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(theme.border_focused)
        .title(format!(" {title} "))
        .title_style(theme.strong)
        .padding(Padding::horizontal(1));
    let inside = block.inner(outside);
    // What lies below steps back.
    frame.buffer_mut().set_style(area, theme.dim);
    frame.render_widget(Clear, outside);
    frame.render_widget(block, outside);
    inside
}
