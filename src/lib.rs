//! bbtoken: from nothing to a working, least-privilege `git push` on a self-hosted Bitbucket.
//!
//! The map, for a reader who has a minute:
//!
//! - [`clipboard`] the system's clipboard or the terminal's, and which of them it was
//! - [`clock`] where the time comes from, so that tests can set it
//! - [`logging`] the log file that `--log` asks for
//! - [`permission`] the domain: levels, legal combinations, what each lets a token do
//! - [`secret`] the one type for passwords and tokens
//! - [`terminal`] enter and leave, keys, panic, signals, suspend, hang-up
//! - [`widget`] what screens are made of: they know nothing of Bitbucket

pub mod clipboard;
pub mod clock;
pub mod logging;
pub mod permission;
pub mod secret;
pub mod terminal;
pub mod widget;
