//! The trial of a token is a use of it, by bbtoken and nobody else. That is remembered, so that lists do not
//! take it for one of the owner's.

use jiff::{SignedDuration, Timestamp};

use crate::bitbucket::{BaseUrl, Trial};
use crate::clock::Clock;
use crate::environment::Environment;
use crate::secret::Secret;
use crate::state::State;

/// Of one token, on one server.
pub(super) struct OurUse {
    base: BaseUrl,
    /// Which; a token that does not tell it is in no list by that.
    id: Option<String>,
    /// How far the server's clock is ahead of this computer's.
    ahead: SignedDuration,
}

impl OurUse {
    /// Of a token that was tried a moment ago.
    pub(super) fn of(token: &Secret, base: &BaseUrl, trial: Option<&Trial>) -> Self {
        let there = trial.and_then(|trial| trial.at);
        Self {
            base: base.clone(),
            id: token.token_id(),
            ahead: there.map_or(SignedDuration::ZERO, |there| there.duration_since(now())),
        }
    }

    /// It was used until now. Where that cannot be written down, the lists tell less.
    pub(super) fn note(&self, environment: &Environment) {
        if let (Some(id), Ok(time)) = (&self.id, now().checked_add(self.ahead)) {
            let (mut state, _) = State::load(environment);
            state.tried(&self.base, id, time);
            let _ = state.take_unsaved().save(environment);
        }
    }
}

fn now() -> Timestamp {
    Clock::system().now().time
}
