//! Rotate a token: an equal one is made in its place, handed to where the old one is used, and only then
//! is the old one revoked. Until then both work.
//!
//! ```text
//! asked ─ made ─ handed over ─ in place ─ the old one is revoked
//! ```
//!
//! Each stage is a step of the entry in the [journal](super::journal), so that a rotation that was broken
//! off is brought to its end by the next run. Before the hand-over it can only be undone, since nobody has
//! the secret; after it, it can be finished or undone. Where git on this computer is set up with the new
//! token, that is a hand-over too, whatever is noted: git's own record tells it.

mod equal;
mod in_clone;
mod replacement;

use std::sync::Arc;

pub use self::equal::{Differs, Equal, NotEqual, equal};
pub use self::in_clone::{InClone, NoToken, NotSwitched, Switched, gits, in_clone, switch};
pub use self::replacement::Replacement;
use super::journal::{Entry, OldToken, Step};
use super::revoke::{Closing, Revoked, revoke};
use super::{Desk, settle};
use crate::bitbucket::{Error, Scope, Token, When};
use crate::environment::Environment;

/// How far a rotation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The new token is made, and nobody has it.
    Made,
    /// Somebody has the new one.
    HandedOver,
    /// The new one is used, and the old one is to go.
    InPlace,
}

/// How a rotation is brought to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The new token is in place: the old one goes.
    Finish,
    /// The new token goes.
    Undo,
}

/// A rotation without an end, as it is noted.
#[derive(Debug, Clone)]
pub struct Rotation {
    /// Open until one of the two is gone.
    pub entry: Arc<Entry>,
    /// The token that is to go.
    pub old: OldToken,
    /// The id of the one that was made for it.
    pub new: String,
    /// How far it came.
    pub stage: Stage,
}

/// The same, with both tokens as the server shows them now.
#[derive(Debug)]
pub struct Standing {
    /// How far it came.
    pub rotation: Rotation,
    /// The old one; `None`: somebody has revoked it.
    pub old: Option<Token>,
    /// When the old one was last used.
    pub old_used: When,
    /// The new one.
    pub new: Token,
    /// When the new one was last used.
    pub new_used: When,
    /// git on this computer is set up with the old one.
    pub git_has_old: bool,
}

/// What there is about a token that is to be rotated.
#[derive(Debug)]
pub enum About {
    /// No rotation of it is open.
    Nothing,
    /// It is the old or the new token of this one.
    Open(Box<Standing>),
    /// It was, until now: one of the two is gone.
    Over(Rotation),
}

impl Rotation {
    /// As an earlier run has noted it. `None`: the entry is that of no rotation, or no token is known to
    /// have been made.
    #[must_use]
    pub fn noted(entry: &Arc<Entry>) -> Option<Self> {
        let stage = if entry.has(&Step::InPlace) {
            Stage::InPlace
        } else if entry.is_had() {
            Stage::HandedOver
        } else {
            Stage::Made
        };
        Self::of(entry, entry.id()?.to_owned(), stage)
    }

    /// The rotation whose new token has this id; `None`: it takes no token's place.
    #[must_use]
    pub fn of(entry: &Arc<Entry>, new: String, stage: Stage) -> Option<Self> {
        Some(Self {
            old: entry.asked.replaces.clone()?,
            entry: Arc::clone(entry),
            new,
            stage,
        })
    }

    /// Whether a token of this place is the old or the new one.
    #[must_use]
    pub fn is_about(&self, scope: &Scope, id: &str) -> bool {
        self.entry.asked.scope == *scope && (self.old.id == id || self.new == id)
    }

    /// Whether this end is possible: nobody can put a token in place whose secret nobody has.
    #[must_use]
    pub fn can(&self, end: End) -> bool {
        end == End::Undo || self.stage != Stage::Made
    }
}

/// Looks where a rotation stands. `None`: it is over, since the new one is gone, or has been handed over
/// and the old one is gone.
///
/// # Errors
///
/// If the list cannot be read, or not in time.
pub async fn look(
    desk: &Desk,
    environment: &Environment,
    rotation: &Rotation,
) -> Result<Option<Standing>, Error> {
    let all = settle::tokens(desk, &rotation.entry.asked.scope).await?;
    let find = |id: &str| all.iter().find(|token| token.id == id).cloned();
    let (old, Some(new)) = (find(&rotation.old.id), find(&rotation.new)) else {
        return Ok(None);
    };
    let gits = gits(environment).await;
    let mut rotation = rotation.clone();
    if rotation.stage == Stage::Made && gits.contains(&new.id) {
        rotation.stage = Stage::HandedOver;
    }
    if old.is_none() && rotation.can(End::Finish) {
        return Ok(None);
    }
    let used = |token: &Token| token.last_use_among(all.iter());
    Ok(Some(Standing {
        git_has_old: gits.contains(&rotation.old.id),
        rotation,
        old_used: old.as_ref().map_or(When::Unknown, used),
        new_used: used(&new),
        old,
        new,
    }))
}

/// What there is about this token, which is perhaps one of a rotation that this run knows of; else the
/// journal is asked for one of an earlier run.
///
/// # Errors
///
/// If there is one and the list cannot be read, or not in time.
pub async fn about(
    desk: &Desk,
    environment: &Environment,
    user: &str,
    known: Option<Rotation>,
    (scope, id): (&Scope, &str),
) -> Result<About, Error> {
    let rotation = match known {
        Some(rotation) => Some(rotation),
        None => {
            let entries = desk.journal.left_open(desk.client.base(), user).await;
            let mut rotations = entries
                .into_iter()
                .filter_map(|entry| Rotation::noted(&Arc::new(entry)));
            rotations.find(|rotation| rotation.is_about(scope, id))
        }
    };
    let Some(rotation) = rotation else {
        return Ok(About::Nothing);
    };
    Ok(match look(desk, environment, &rotation).await? {
        Some(standing) => About::Open(Box::new(standing)),
        None => {
            Arc::clone(&rotation.entry).close().await;
            About::Over(rotation)
        }
    })
}

/// Brings a rotation to its end: revokes one of the two, and with that nothing is left of it.
pub async fn end(desk: &Desk, rotation: &Rotation, end: End) -> Revoked {
    let Rotation {
        entry, old, new, ..
    } = rotation;
    let id = match end {
        End::Finish => {
            if rotation.stage != Stage::InPlace {
                Arc::clone(entry).note(Step::InPlace).await;
            }
            &old.id
        }
        End::Undo => new,
    };
    let closing = Closing {
        entry: Arc::clone(entry),
        because: None,
    };
    revoke(desk, &entry.asked.scope, id, Some(closing)).await
}
