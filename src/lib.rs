//! bbtoken: from nothing to a working, least-privilege `git push` on a self-hosted Bitbucket.
//!
//! The map, for a reader who has a minute:
//!
//! - [`bitbucket`] the only code that speaks to the server: one method for each REST call
//! - [`clock`] where the time comes from, so that tests can set it
//! - [`permission`] the domain: levels, legal combinations, what each lets a token do
//! - [`secret`] the one type for passwords and tokens
//! - [`text`] cleaning of what a server wrote, before anything draws it

pub mod bitbucket;
pub mod clock;
pub mod permission;
pub mod secret;
pub mod text;
