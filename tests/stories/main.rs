//! User stories: keys in, screen and server state out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap is a failed test"
)]
#![cfg(feature = "simulator")]

#[path = "../support/harness.rs"]
mod harness;

mod enter_path;
mod explore;
mod form;
mod keys;
mod kinds;
mod ready;
mod revoke;
