//! What the window has room for.

use super::GitSetup;
use crate::theme::Theme;
use crate::ui::context::Context;
use crate::ui::layer::View;
use crate::widget::scroll;

impl GitSetup {
    /// How many lines there are too many for the window, and how many it shows.
    pub(super) fn hidden(&self, cx: &Context<'_>) -> (usize, usize) {
        let (columns, rows) = cx.room;
        let view = View {
            theme: &Theme::monochrome(),
            now: cx.now,
            session: cx.session,
        };
        let width = usize::from(column_width(columns));
        let (lines, _) = self.lines(width, usize::from(rows), view);
        let page = usize::from(scroll::shown(lines.len(), rows));
        (scroll::hidden(lines.len(), rows), page)
    }
}

/// Lines longer than this are tiring to read.
pub(super) fn column_width(columns: u16) -> u16 {
    columns.saturating_sub(4).min(92)
}
