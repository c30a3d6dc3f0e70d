//! Rotate a token: an equal one is made in its place, handed to where the old one is used, and only then
//! is the old one revoked. Until then both work.
//!
//! ```text
//! asked ─ made ─┬─────── handed over ─ in place ─ the old one is revoked
//!               └ to git ────┘
//! ```
//!
//! Each stage is a step of the entry in the [journal](super::journal), so that a rotation that was broken
//! off is brought to its end by the next run. Before the hand-over it can only be undone, since nobody has
//! the secret; after it, it can be finished or undone.

mod equal;
mod in_clone;

use std::sync::Arc;

pub use self::equal::{Differs, Equal, NotEqual, equal};
pub use self::in_clone::{
    InClone, NoToken, NotSwitched, Switched, in_clone, is_used_by_git, switch,
};
use super::journal::{Entry, OldToken, Step};
use super::revoke::{Closing, Revoked, revoke};
use super::{Desk, settle};
use crate::bitbucket::{Error, Token, When};

/// How far a rotation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The new token is made, and nobody has it.
    Made,
    /// git was being switched to the new one: its record tells whether it was.
    ToGit,
    /// Somebody has the new one.
    HandedOver,
    /// The new one is used, and the old one is to go.
    InPlace,
}

/// A rotation without an end: both tokens, as the server shows them now.
#[derive(Debug)]
pub struct Standing {
    /// How far it came.
    pub stage: Stage,
    /// The old one; `None`: somebody has revoked it.
    pub old: Option<Token>,
    /// When the old one was last used.
    pub old_used: When,
    /// The new one.
    pub new: Token,
    /// When the new one was last used.
    pub new_used: When,
}

/// How far the rotation came according to its entry.
#[must_use]
pub fn stage(entry: &Entry) -> Stage {
    if entry.has(&Step::InPlace) {
        Stage::InPlace
    } else if entry.is_had() {
        Stage::HandedOver
    } else if entry.has(&Step::ToGit) {
        Stage::ToGit
    } else {
        Stage::Made
    }
}

/// Looks where a rotation stands whose new token has this id. `None`: it is over, since the new one is
/// gone, or has been handed over and the old one is gone.
///
/// # Errors
///
/// If the list cannot be read, or not in time.
pub async fn look(
    desk: &Desk,
    entry: &Entry,
    old: &OldToken,
    new: &str,
) -> Result<Option<Standing>, Error> {
    let all = settle::tokens(desk, &entry.asked.scope).await?;
    let find = |id: &str| all.iter().find(|token| token.id == id).cloned();
    let (old, Some(new)) = (find(&old.id), find(new)) else {
        return Ok(None);
    };
    let stage = stage(entry);
    if old.is_none() && matches!(stage, Stage::HandedOver | Stage::InPlace) {
        return Ok(None);
    }
    let used = |token: &Token| token.last_use_among(all.iter());
    Ok(Some(Standing {
        stage,
        old_used: old.as_ref().map_or(When::Unknown, used),
        new_used: used(&new),
        old,
        new,
    }))
}

/// The new one is in place: revokes the old one, and with that the rotation is over.
pub async fn finish(desk: &Desk, entry: Arc<Entry>, old: &str) -> Revoked {
    if !entry.has(&Step::InPlace) {
        Arc::clone(&entry).note(Step::InPlace).await;
    }
    end(desk, entry, old).await
}

/// Revokes the new one, and with that nothing is left of the rotation.
pub async fn undo(desk: &Desk, entry: Arc<Entry>, new: &str) -> Revoked {
    end(desk, entry, new).await
}

async fn end(desk: &Desk, entry: Arc<Entry>, id: &str) -> Revoked {
    let scope = entry.asked.scope.clone();
    let closing = Closing {
        entry,
        because: None,
    };
    revoke(desk, &scope, id, Some(closing)).await
}
