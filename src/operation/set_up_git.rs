//! Setting git up with a token, and having git itself show that it gets in. What does not get in does
//! not stay: then everything is as it was before.

use std::sync::Arc;

use super::known_token::known_token;
use super::prove_git::{Proof, prove};
use crate::bitbucket::{Client, Scope};
use crate::environment::Environment;
use crate::git::{self, SetUp, Target, TokenNote, Way};
use crate::secret::Secret;

/// What git shall be set up with, and how.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// For what.
    pub target: Target,
    /// Whose token it is: where there are several repositories, one is looked for there.
    pub scope: Scope,
    /// How.
    pub way: Way,
    /// The token.
    pub token: Arc<Secret>,
    /// Which one it is, as far as that is known; its list is asked for the rest.
    pub note: TokenNote,
    /// An earlier setup that this one replaces would work again: it can be had back at first.
    pub keeps_old: bool,
}

/// git is set up.
#[derive(Debug)]
pub struct Done {
    /// What git showed.
    pub proof: Proof,
    /// What is left of an earlier setup, one sentence for each.
    pub left: Vec<String>,
    /// Where it took the place of an earlier setup: that one can be had back until this is confirmed.
    pub replaced: Option<Box<Replaced>>,
    /// git knows by which name and address it commits.
    pub knows_author: bool,
    /// Which token it is, as that was written down.
    pub note: TokenNote,
}

/// A proven setup that has taken the place of an earlier one, which can still be had back.
#[derive(Debug)]
pub struct Replaced {
    applied: git::Applied,
    old: SetUp,
    scope: Scope,
}

/// The earlier setup is in place again.
#[derive(Debug)]
pub struct BroughtBack {
    /// Which.
    pub old: SetUp,
    /// What git showed with it; where nothing could be asked, why.
    pub proof: Result<Proof, git::Error>,
    /// What could not be put back, one sentence for each.
    pub left: Vec<String>,
}

/// git is not set up, and everything is as it was.
#[derive(Debug)]
pub struct NotDone {
    /// Why.
    pub why: Why,
    /// What could not be put back, one sentence for each.
    pub left: Vec<String>,
}

/// Why git is not set up.
#[derive(Debug)]
pub enum Why {
    /// Something could not be written, kept or asked.
    Failed(git::Error),
    /// git does not get in with it.
    NotIn(Box<Proof>),
}

/// Sets git up.
///
/// # Errors
///
/// [`NotDone`].
pub async fn set_up(
    environment: &Environment,
    client: &Client,
    wanted: &Wanted,
) -> Result<Done, NotDone> {
    let Wanted {
        target,
        scope,
        way,
        token,
        note,
        keeps_old,
    } = wanted;
    let note = if note.tells_expiry() {
        note.clone()
    } else {
        known_token(client, scope, token).await
    };
    let applied = git::apply(environment, target, way, token, &note).await;
    let mut applied = applied.map_err(|failed| NotDone {
        why: Why::Failed(failed.error),
        left: failed.left,
    })?;
    let proof = prove(environment, client, target, scope, token).await;
    let why = match proof {
        Ok(proof) if proof.fetch.is_in() || proof.fetch.cannot_be_proven() => {
            let knows_author = git::knows_author(environment).await;
            let old = applied.replaces().filter(|_| *keeps_old).cloned();
            let (left, replaced) = match old {
                None => (applied.confirm().await, None),
                Some(old) => {
                    let left = applied.is_proven().err().map(|error| error.to_string());
                    let scope = scope.clone();
                    let replaced = Replaced {
                        applied,
                        old,
                        scope,
                    };
                    (left.into_iter().collect(), Some(Box::new(replaced)))
                }
            };
            return Ok(Done {
                proof,
                left,
                replaced,
                knows_author,
                note,
            });
        }
        Ok(proof) => Why::NotIn(Box::new(proof)),
        Err(error) => Why::Failed(error),
    };
    let left = applied.put_back().await;
    Err(NotDone { why, left })
}

impl Replaced {
    /// The setup that was there before.
    #[must_use]
    pub fn old(&self) -> &SetUp {
        &self.old
    }

    /// The earlier one goes for good. Answers with what could not be taken away, one sentence for each.
    pub async fn confirm(self) -> Vec<String> {
        self.applied.confirm().await
    }

    /// Brings the earlier one back, and has git show whether it gets in with it.
    pub async fn bring_back(self, environment: &Environment, client: &Client) -> BroughtBack {
        let Self {
            applied,
            old,
            scope,
        } = self;
        let left = applied.put_back().await;
        let scope = match (scope, &old.user) {
            (Scope::Personal { .. }, Some(user)) => Scope::Personal { user: user.clone() },
            (scope, _) => scope,
        };
        let proof = prove_again(environment, client, &old, &scope).await;
        BroughtBack { old, proof, left }
    }
}

async fn prove_again(
    environment: &Environment,
    client: &Client,
    set_up: &SetUp,
    scope: &Scope,
) -> Result<Proof, git::Error> {
    let mut target = Target::new(&set_up.address, scope.kind(), set_up.user.clone())?;
    target.also.clone_from(&set_up.also);
    let token = git::kept_token(environment, set_up).await?;
    prove(environment, client, &target, scope, &token).await
}
