//! What the stack of screens is made of.

use crate::ui::layer::Layer;

/// A screen of the stack.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) screen: Box<dyn Layer>,
    /// The place of the screen that has opened it and learns what it ends with; `None`: the program
    /// itself.
    pub(super) by: Option<usize>,
}
