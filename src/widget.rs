//! Widgets: they know nothing of Bitbucket, so that each can be read and tested alone.

pub mod secret_field;
