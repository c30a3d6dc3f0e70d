//! A scale of permission levels on a line: "Repository  ‹ read ›  write  (admin)".

use ratatui::text::{Line, Span};

use crate::permission::Level;
use crate::theme::Theme;

/// Draws a scale; what cannot be chosen is dim and in brackets.
#[must_use]
pub fn scale(
    label: &str,
    chosen: Level,
    refused: &dyn Fn(Level) -> bool,
    focused: bool,
    theme: &Theme,
) -> Line<'static> {
    let label_style = if focused { theme.accent } else { theme.dim };
    let mut spans = vec![Span::styled(label.to_owned(), label_style)];
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
