//! What may be higher than its area: the focus is shown, and how much more there is above and
//! below.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use super::{field, pane};
use crate::theme::Theme;

/// No screen of ours has so many rows more than the window.
const SPARE_ROWS: u16 = 80;
/// Beside the row of the focus so many stay in sight, where there are any.
const MARGIN: u16 = 1;

/// Where it scrolls to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Towards {
    /// No farther than the focus.
    Focus,
    /// As far as the focus stays in sight: what lies below it belongs to it, such as what went wrong.
    WhatIsBelow,
}

/// Has something drawn into an area that is high enough for all of it, and shows as much as fits.
/// `draw` answers with the place of the cursor, and where to scroll to.
pub fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    theme: &Theme,
    draw: impl FnOnce(&mut Frame<'_>, Rect) -> (Option<Position>, Towards),
) {
    if area.is_empty() {
        return;
    }
    let high = Rect {
        height: area.height.saturating_add(SPARE_ROWS),
        ..area
    };
    let mut canvas = Buffer::empty(high.union(frame.area()));
    std::mem::swap(frame.buffer_mut(), &mut canvas);
    let (focus, towards) = draw(frame, high);
    std::mem::swap(frame.buffer_mut(), &mut canvas);
    let is_blank = |y: u16| (high.left()..high.right()).all(|x| canvas[(x, y)].symbol() == " ");
    let rows = (high.top()..high.bottom()).rfind(|y| !is_blank(*y));
    let rows = rows.map_or(0, |last| last + 1 - area.y);
    let shown = shown(usize::from(rows), area.height);
    let hidden = rows.saturating_sub(shown);
    let above = focus.map_or(0, |focus| {
        let row = focus.y - area.y;
        let margin = MARGIN.min(shown / 2);
        let above = match towards {
            Towards::Focus => (row + 1 + margin).saturating_sub(shown),
            Towards::WhatIsBelow => row.saturating_sub(margin),
        };
        above.min(hidden)
    });
    for row in 0..shown {
        for x in area.left()..area.right() {
            frame.buffer_mut()[(x, area.y + row)] = canvas[(x, area.y + above + row)].clone();
        }
    }
    if let Some(focus) = focus {
        let y = focus.y - above;
        frame.set_cursor_position(Position { y, ..focus });
    }
    if shown < area.height {
        draw_more(
            frame,
            area,
            (usize::from(above), usize::from(hidden - above)),
            theme,
        );
    }
}

/// How many rows of the window are left in what is left of the high area.
#[must_use]
pub fn rows_left(free: Rect) -> u16 {
    free.height.saturating_sub(SPARE_ROWS)
}

/// Lines, of which so many are scrolled away. The terminal's cursor stands on the first that is seen,
/// unless somebody puts it elsewhere afterwards: a screen reader begins there.
pub fn lines(frame: &mut Frame<'_>, area: Rect, lines: Vec<Line<'_>>, above: usize, theme: &Theme) {
    let hidden = hidden(lines.len(), area.height);
    let above = above.min(hidden);
    let shown = shown(lines.len(), area.height);
    let visible = lines.into_iter().skip(above).zip(area.rows());
    for (line, row) in visible.take(usize::from(shown)) {
        frame.render_widget(line, row);
    }
    if shown < area.height && hidden > 0 {
        draw_more(frame, area, (above, hidden - above), theme);
    }
    field::place_cursor(frame, area, 0);
}

/// Puts the terminal's cursor on one of such lines, if it is in sight.
pub fn place_cursor(
    frame: &mut Frame<'_>,
    area: Rect,
    (row, lines): (usize, usize),
    above: usize,
    column: usize,
) {
    let above = above.min(hidden(lines, area.height));
    let shown = usize::from(shown(lines, area.height));
    let row = row.checked_sub(above).filter(|row| *row < shown);
    if let Some(row) = row.and_then(|row| u16::try_from(row).ok()) {
        field::place_cursor(frame, pane::below(area, row), column);
    }
}

/// How many of so many lines can be seen at once. Where that is not all, the last row says so.
#[must_use]
pub fn shown(lines: usize, height: u16) -> u16 {
    if lines > usize::from(height) && height > 1 {
        height - 1
    } else {
        height
    }
}

/// How many of so many lines cannot be seen at once.
#[must_use]
pub fn hidden(lines: usize, height: u16) -> usize {
    lines.saturating_sub(usize::from(shown(lines, height)))
}

fn draw_more(frame: &mut Frame<'_>, area: Rect, (above, below): (usize, usize), theme: &Theme) {
    let last = Rect {
        y: area.bottom() - 1,
        height: 1,
        ..area
    };
    frame.render_widget(more(above, below, theme.dim).right_aligned(), last);
}

/// "↑ 2  ↓ 12 more".
#[must_use]
pub fn more(above: usize, below: usize, style: Style) -> Line<'static> {
    let mut parts = Vec::new();
    if above > 0 {
        parts.push(format!("↑ {above}"));
    }
    if below > 0 {
        parts.push(format!("↓ {below}"));
    }
    Line::styled(format!(" {} more ", parts.join("  ")), style)
}
