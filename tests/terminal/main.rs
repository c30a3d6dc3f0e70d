//! The real binary: its arguments, and its interface in a real pseudo-terminal.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap is a failed test"
)]
#![cfg(feature = "simulator")]

#[cfg(unix)]
mod answers;
#[path = "../support/authority.rs"]
mod authority;
#[cfg(unix)]
mod between;
#[cfg(target_os = "linux")]
mod blocked;
#[cfg(unix)]
mod check;
#[cfg(unix)]
mod clipboard;
mod command_line;
#[cfg(unix)]
mod config;
#[cfg(unix)]
mod create;
mod doctor;
#[cfg(unix)]
mod edit;
#[cfg(target_os = "linux")]
mod end;
#[cfg(unix)]
mod expiring;
#[cfg(unix)]
#[path = "../support/front.rs"]
mod front;
#[cfg(target_os = "linux")]
#[path = "../support/git.rs"]
mod git;
#[cfg(unix)]
mod in_between;
#[cfg(unix)]
mod input;
#[cfg(unix)]
mod interface;
#[cfg(unix)]
mod killed;
#[cfg(unix)]
mod list;
#[cfg(unix)]
mod places;
#[cfg(unix)]
mod plain;
#[cfg(unix)]
mod program;
#[cfg(unix)]
mod proxies;
#[cfg(unix)]
mod revoke;
#[cfg(unix)]
mod rotate;
#[cfg(unix)]
mod rotate_asked;
#[cfg(target_os = "linux")]
mod secrets;
#[cfg(unix)]
mod session;
#[cfg(unix)]
mod shell;
#[cfg(unix)]
mod simulator;
#[cfg(target_os = "linux")]
mod stopped;
