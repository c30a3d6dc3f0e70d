//! The smallest window.

/// Below this nothing useful can be shown: columns and rows.
pub(super) const SMALLEST: (u16, u16) = (40, 10);

/// Whether nothing useful can be shown in a window of this size.
pub(super) fn is_too_small((columns, rows): (u16, u16)) -> bool {
    columns < SMALLEST.0 || rows < SMALLEST.1
}
