//! User stories: keys in, screen and server state out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap is a failed test"
)]
#![cfg(feature = "simulator")]

#[path = "../support/harness.rs"]
mod harness;
#[path = "../support/web_browser.rs"]
mod web_browser;

#[path = "../support/authority.rs"]
mod authority;

#[path = "../support/proxy.rs"]
mod proxy;

#[path = "../support/front.rs"]
mod front;

#[path = "../support/balancer.rs"]
mod balancer;

#[cfg(unix)]
#[path = "../support/desktop.rs"]
mod desktop;

mod activity;
mod aliases;
mod answers;
mod astray;
mod back;
mod balanced;
mod check;
mod config;
mod connect;
mod create_failures;
mod cursor;
mod edit;
mod enter_path;
mod form;
mod forms;
mod git;
#[path = "../support/git.rs"]
mod git_here;
mod git_replaced;
mod guidance;
mod half_way;
mod hand_over;
mod hostile;
mod in_between;
mod in_browser;
mod in_clone;
mod keys;
mod kinds;
mod left_open;
mod list_failures;
mod many_tokens;
mod may_not;
mod oauth;
mod open_rotation;
mod paging;
mod pastes;
mod proposed;
mod random_keys;
mod random_walk;
mod rate;
mod ready;
mod revoke;
mod rights;
mod rotate;
mod rotate_which;
mod runs_out;
mod search;
mod server_dies;
mod share;
mod share_people;
mod sign_in;
mod small_truths;
mod small_windows;
mod snapshots;
mod stack;
mod tried;
mod two_step;
mod unmeant;
#[cfg(unix)]
mod where_it_goes;
mod which_kind;
mod who;
mod why;
