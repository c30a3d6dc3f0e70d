//! When a token was last used, and whether that was by anybody but bbtoken.

use jiff::{SignedDuration, Timestamp};

use super::Tokens;
use crate::bitbucket::{Token, When};
use crate::ui::session::Session;
use crate::ui::token_list::TokenRow;

/// A trial takes a moment, and servers tell the time in seconds.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(10);

/// When a token was last used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastUse {
    /// Then.
    At(Timestamp),
    /// Then bbtoken has tried it, and nobody has used it since.
    Tried(Timestamp),
    Never,
    Unknown,
}

impl Tokens {
    /// A server that tells it of another token would tell it of this one too; old servers tell it of none.
    pub(super) fn last_use(&self, token: &Token, session: &Session) -> LastUse {
        let mut rows = self.listing.picker.rows().iter();
        let is_told = |row: &TokenRow| match row {
            TokenRow::Token(token) => token.last_used != When::Unknown,
            TokenRow::New => false,
        };
        match token.last_used {
            When::At(time) if is_ours(time, token, session) => LastUse::Tried(time),
            When::At(time) => LastUse::At(time),
            When::Never => LastUse::Never,
            When::Unknown if rows.any(is_told) => LastUse::Never,
            When::Unknown => LastUse::Unknown,
        }
    }
}

fn is_ours(time: Timestamp, token: &Token, session: &Session) -> bool {
    let server = session.server.as_ref();
    let trial = server.and_then(|server| session.state.last_trial(server.client.base(), &token.id));
    trial.is_some_and(|trial| time.duration_since(trial).abs() <= TOLERANCE)
}
