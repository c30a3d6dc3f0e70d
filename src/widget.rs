//! The pieces that screens are made of. They know nothing of Bitbucket.

pub mod column;
pub mod field;
pub mod fit;
pub mod form;
pub mod lines;
pub mod pane;
pub mod picker;
pub mod popup;
pub mod scroll;
pub mod secret_field;
pub mod spinner;
