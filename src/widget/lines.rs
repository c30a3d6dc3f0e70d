//! Paragraphs: text in lines, drawn from top to bottom as far as there is room.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{fit, pane};

/// How many columns a sign and the blank behind it take.
const SIGN: usize = 2;

/// Draws lines from top to bottom, and answers with the room that is left. Where there is none for
/// all of them, the last one that is drawn ends with `…`.
pub fn draw<'a>(
    frame: &mut Frame<'_>,
    area: Rect,
    lines: impl IntoIterator<Item = Line<'a>>,
) -> Rect {
    let mut lines = lines.into_iter();
    let mut drawn = 0;
    let mut end = 0;
    for row in area.rows() {
        let Some(line) = lines.next() else {
            return pane::below(area, drawn);
        };
        end = u16::try_from(line.width()).unwrap_or(u16::MAX);
        frame.render_widget(line, row);
        drawn += 1;
    }
    if drawn > 0 && lines.any(|line| line.width() > 0) {
        let last = area.right().saturating_sub(1);
        let more = Rect {
            x: last.min(area.x.saturating_add(end.saturating_add(1))),
            y: area.bottom() - 1,
            width: 1.min(area.width),
            height: 1,
        };
        frame.render_widget("…", more);
    }
    pane::below(area, drawn)
}

/// A paragraph.
pub fn wrapped(
    text: &str,
    style: Style,
    width: usize,
) -> impl Iterator<Item = Line<'static>> + use<> {
    let lines = fit::wrap(text, width).into_iter();
    lines.map(move |line| Line::styled(line, style))
}

/// A paragraph with a sign in front of its first line, and blanks in front of the others.
pub fn signed(
    (sign, sign_style): (&str, Style),
    text: &str,
    style: Style,
    width: usize,
) -> impl Iterator<Item = Line<'static>> + use<> {
    let first = fit::column(sign, SIGN);
    let lines = fit::wrap(text, width.saturating_sub(SIGN)).into_iter();
    lines.enumerate().map(move |(index, line)| {
        let sign = if index == 0 {
            first.clone()
        } else {
            " ".repeat(SIGN)
        };
        Line::from(vec![
            Span::styled(sign, sign_style),
            Span::styled(line, style),
        ])
    })
}

/// A label or a key in a column of its own, and what belongs to it beside.
pub fn labelled(
    (label, label_style): (&str, Style),
    label_width: usize,
    text: &str,
    style: Style,
    width: usize,
) -> impl Iterator<Item = Line<'static>> + use<> {
    let labels = fit::wrap(label, label_width.saturating_sub(1));
    let texts = fit::wrap(text, width.saturating_sub(label_width));
    (0..labels.len().max(texts.len())).map(move |index| {
        let part = |lines: &[String]| lines.get(index).cloned().unwrap_or_default();
        let label = fit::column(&part(&labels), label_width);
        Line::from(vec![
            Span::styled(label, label_style),
            Span::styled(part(&texts), style),
        ])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: impl Iterator<Item = Line<'static>>) -> Vec<String> {
        lines.map(|line| line.to_string()).collect()
    }

    #[test]
    fn a_sign_stands_in_front_of_the_first_line_only() {
        let plain = Style::new();
        let lines = text(signed(("✗", plain), "one two", plain, 6));
        assert_eq!(lines, ["✗ one", "  two"]);
    }

    #[test]
    fn labels_and_texts_share_their_lines() {
        let plain = Style::new();
        let lines = text(labelled(("enter, l", plain), 7, "open it", plain, 12));
        assert_eq!(lines, ["enter, open", "l      it"]);
    }
}
