//! Revoke a token: one request, never sent twice. Where its answer gets lost, the list tells whether the
//! token is still there.

mod several;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

pub use self::several::Several;
use super::journal::{Because, Entry, Step};
use super::last_use::LastUse;
use super::{Desk, settle};
use crate::bitbucket::{Error, ErrorKind, Scope, Token};

/// What was used since then is most likely in use.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Whether something most likely stops working with a token that was last used then.
#[must_use]
pub fn is_in_use(token: &Token, last_use: LastUse, now: Timestamp) -> bool {
    !token.is_expired(now)
        && matches!(last_use, LastUse::At(used) if now.duration_since(used) < RECENT)
}

/// What became of a revocation.
#[derive(Debug)]
pub enum Revoked {
    /// The token is gone.
    Revoked,
    /// There was no such token.
    AlreadyGone,
    /// The server said no, or was not reached: the token is still there.
    Refused(Error),
    /// The answer got lost, and the list still shows the token.
    StillThere(Error),
    /// The answer got lost, and the list could not be read: nobody knows.
    NotKnown(Error),
}

impl Revoked {
    /// Whether the token certainly works no more.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Revoked | Self::AlreadyGone)
    }

    /// What went wrong.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Revoked | Self::AlreadyGone => None,
            Self::Refused(error) | Self::StillThere(error) | Self::NotKnown(error) => Some(error),
        }
    }
}

/// The entry of a creation whose token is revoked.
#[derive(Debug, Clone)]
pub struct Closing {
    /// The entry.
    pub entry: Arc<Entry>,
    /// Why the program revokes it by itself: then the next run tells. `None`: somebody wants it so.
    pub because: Option<Because>,
}

/// Revokes a token. Once it is gone, the entry of its creation is closed.
pub async fn revoke(desk: &Desk, scope: &Scope, id: &str, closing: Option<Closing>) -> Revoked {
    let revoked = send(desk, scope, id).await;
    if let Some(Closing { entry, because }) = closing.filter(|_| revoked.is_gone()) {
        match because {
            Some(because) => entry.note(Step::Revoked(because)).await,
            None => entry.close().await,
        }
    }
    revoked
}

async fn send(desk: &Desk, scope: &Scope, id: &str) -> Revoked {
    let lost = match desk.client.revoke_token(scope, id).await {
        Ok(()) => return Revoked::Revoked,
        Err(error) if error.outcome_is_unknown() => error,
        Err(error) if error.kind == ErrorKind::NoSuchToken => return Revoked::AlreadyGone,
        Err(error) => return Revoked::Refused(error),
    };
    match settle::tokens(desk, scope).await {
        Ok(tokens) if tokens.iter().any(|token| token.id == id) => Revoked::StillThere(lost),
        Ok(_) => Revoked::Revoked,
        Err(error) => Revoked::NotKnown(error),
    }
}
