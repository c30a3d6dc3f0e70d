//! What the cursor can be on.

use crate::ui::place::Place;

/// What the cursor is on.
pub(super) struct UnderCursor {
    pub(super) place: Place,
    /// Where enter leads.
    pub(super) opens: &'static str,
}

/// Where enter leads from what has a Security section.
pub(super) const SECURITY: &str = "Security: its tokens";
