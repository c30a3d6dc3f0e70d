//! A small box in the middle, over what was there.

use ratatui::Frame;
use ratatui::layout::{Constraint, Margin, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Block, BorderType, Clear, Padding};

use super::{field, fit, lines, pane};
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
    // What lies below steps back: one thing alone has the focus.
    let behind = Style::reset().patch(theme.dim);
    frame.buffer_mut().set_style(area, behind);
    // A blank column at each side, so that no half words touch the box.
    let cleared = outside.outer(Margin::new(1, 0)).intersection(area);
    frame.render_widget(Clear, cleared);
    // A wide character that begins in front of the blank column would reach into it.
    if cleared.x > area.x {
        for y in outside.top()..outside.bottom() {
            let cell = &mut frame.buffer_mut()[(cleared.x - 1, y)];
            if fit::width(cell.symbol()) > 1 {
                cell.set_symbol(" ");
            }
        }
    }
    frame.render_widget(block, outside);
    inside
}

/// The columns between the borders of a box, without the blank ones beside them.
#[must_use]
pub fn text_width(width: u16) -> usize {
    usize::from(width.saturating_sub(4))
}

/// A box as high as its lines and the window let it be, with so many of the lines scrolled away; on
/// its lower border stands how many more there are. The terminal's cursor stands on the first that is
/// seen: a screen reader begins there.
pub fn scrolled(
    frame: &mut Frame<'_>,
    area: Rect,
    width: u16,
    title: &str,
    lines: Vec<Line<'_>>,
    scroll: usize,
    theme: &Theme,
) {
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
    let inside = open(frame, area, (width, height), title, theme);
    let shown = usize::from(inside.height);
    let hidden = lines.len().saturating_sub(shown);
    let scroll = scroll.min(hidden);
    lines::draw(frame, inside, lines.into_iter().skip(scroll).take(shown));
    field::place_cursor(frame, inside, 0);
    if scroll < hidden {
        let border = Rect {
            y: inside.bottom(),
            height: 1,
            ..inside
        };
        pane::draw_more(frame, border, hidden - scroll, theme);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;

    #[test]
    fn wide_characters_do_not_reach_into_the_border() {
        for columns in 0..4 {
            let mut terminal = Terminal::new(TestBackend::new(20, 3)).unwrap();
            let draw = |frame: &mut Frame<'_>| {
                let text = format!("{}{}", " ".repeat(columns), "漢".repeat(9));
                frame.render_widget(text, Rect::new(0, 1, 20, 1));
                open(frame, frame.area(), (10, 3), "", &Theme::colour());
            };
            let frame = terminal.draw(draw).unwrap();
            let border = frame.area.centered_horizontally(Constraint::Max(10));
            assert_eq!(frame.buffer[(border.x, 1)].symbol(), "│");
            let before = frame.buffer[(border.x - 1, 1)].symbol();
            assert_eq!(fit::width(before), 1, "{columns}: {before:?}");
        }
    }
}
