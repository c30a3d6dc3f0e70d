//! What screens and the model speak in: events, effects, actions and the table of keys, notices, lists,
//! and the words for what went wrong. It knows no single screen.

pub mod activity;
pub mod asking;
pub mod checked;
pub mod context;
pub mod effect;
pub mod event;
pub mod found;
pub mod git_proof;
pub mod in_the_way;
pub mod keymap;
pub mod known;
pub mod layer;
pub(crate) mod leaving;
pub(crate) mod level_in_words;
pub mod listing;
pub mod load;
pub(crate) mod mask;
pub mod mending;
pub mod notice;
pub mod place;
pub mod plain_copy;
pub mod problem;
pub mod query;
pub mod question;
pub mod reply;
pub(crate) mod revocation;
pub mod route;
pub mod scale;
pub mod session;
pub mod step;
pub mod ticket;
pub mod token_list;
pub(crate) mod web_page;
pub(crate) mod welcome;
pub mod wish;
