//! `bbtoken git-setup` and `bbtoken credential` with real git against the simulator, each in a home
//! directory of its own: clone, push, undo, and clone refused.

#![cfg(all(feature = "simulator", unix))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap is a failed test"
)]

mod again;
#[path = "../support/authority.rs"]
mod authority;
mod causes;
mod certificates;
mod client_certificates;
mod computer;
mod credential;
#[path = "../support/desktop.rs"]
mod desktop;
#[path = "../support/front.rs"]
mod front;
#[path = "../support/git.rs"]
mod git;
mod in_doctor;
mod in_front;
mod key_ring;
mod killed;
mod mended;
mod odd;
mod older;
mod own;
mod plain_http;
mod proven;
#[path = "../support/proxy.rs"]
mod proxy;
mod rotated;
mod setup;
mod spelled;
mod versions;
mod why;
