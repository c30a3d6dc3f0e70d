//! The client against small servers of one answer each, on real sockets: what proxies, sign-in pages,
//! old versions and broken networks make of Bitbucket's answers. The well-behaved Bitbucket is the
//! simulator's part.

#![cfg(feature = "simulator")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap is a failed test"
)]

mod addresses;
mod answers;
mod json_login;
mod lists;
mod network;
mod proxies;
mod server;
mod session;
mod sign_in;
mod tokens;
