//! bbtoken: from nothing to a working, least-privilege `git push` on a self-hosted Bitbucket.
//!
//! The map, for a reader who has a minute:
//!
//! - [`clock`] where the time comes from, so that tests can set it
//! - [`permission`] the domain: levels, legal combinations, what each lets a token do
//! - [`secret`] the one type for passwords and tokens
//! - `simulator` a stateful Bitbucket on loopback: the demo and the test bed (feature `simulator`)

pub mod clock;
pub mod permission;
pub mod secret;
#[cfg(feature = "simulator")]
pub mod simulator;
