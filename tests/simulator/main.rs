//! The simulated Bitbucket against Bitbucket's description, over real HTTP and with real git.
//!
//! These tests know nothing of our client: they speak raw HTTP, as somebody else's would.
#![allow(clippy::unwrap_used, clippy::expect_used)] // A test that panics says where.
#![cfg(feature = "simulator")]

#[path = "../support/web_browser.rs"]
mod web_browser;

mod browse;
mod fault_replies;
mod faults;
mod git;
mod held;
mod http;
mod json_login;
mod oauth;
mod power;
mod presented;
mod profiles;
mod recorded;
mod sign_in;
mod support;
mod token_pages;
mod tokens;
mod world;
