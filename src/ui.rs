//! What screens and the model speak in: events, effects, actions and the table of keys, notices, lists,
//! and the words for what went wrong. It knows no single screen.

pub mod activity;
pub mod context;
pub mod effect;
pub mod event;
pub mod found;
pub mod git_proof;
pub mod keymap;
pub mod listing;
pub mod load;
pub(crate) mod mask;
pub mod notice;
pub mod place;
pub mod problem;
