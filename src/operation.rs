//! What the program can do for somebody, and what has to be decided for it. Screens run an operation as
//! an effect, the command line awaits it; neither key nor option is known here.
//!
//! A change on the server is an async function over a [`Desk`] that ends in a typed outcome. It asks
//! nobody: what only a person can decide is an outcome, and what follows is the next operation. It sends
//! once; what became of a change whose answer got lost is read in the list.
//!
//! - [`check`] a token that somebody has found: whose it is, and what it can do
//! - [`create`] a token: made, refused, nothing sent, or lost
//! - [`settle`] what became of a creation whose answer got lost
//! - [`change`] the name or the permissions of a token, and read it where the answer gets lost
//! - [`expiring`] which tokens run out
//! - [`revoke`] a token, and look into the list where the answer gets lost
//! - [`risk`] what to look at in a list of tokens
//! - [`rotate`] a token: an equal one in its place, handed over, and only then the old one revoked
//! - [`left_open`] what the last run could not bring to its end
//! - [`journal`] what is being created, for the next run
//! - [`custody`] the new tokens, from the answer until somebody has them

pub mod change;
pub mod check;
pub mod connect;
pub mod create;
pub mod custody;
pub mod draft;
pub mod expiring;
pub mod git_authority;
pub mod git_tokens;
pub mod granted;
pub mod journal;
pub mod known_token;
pub mod last_use;
pub mod left_open;
pub mod look_at_git;
pub mod mend_git;
pub mod origin;
pub mod place;
pub mod prove_git;
pub mod put_to_trial;
pub mod request;
pub mod revoke;
pub mod rights;
pub mod risk;
pub mod rotate;
pub mod set_up_git;
pub mod settle;
pub mod sign_in;
pub mod where_it_goes;
pub mod whereabouts;
pub mod why;

use std::time::Duration;

use self::journal::Journal;
use crate::bitbucket::Client;
use crate::clock::Clock;

/// Finding out what became of something takes no longer than this: then the answer is that nobody
/// knows.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What a change works with.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Speaks to the server, as whoever is signed in.
    pub client: Client,
    /// Where it is noted what is being created.
    pub journal: Journal,
    /// By which it is waited.
    pub clock: Clock,
}
