//! Setting git up with a token, and having git itself show that it gets in. What does not get in does
//! not stay: then everything is as it was before.

use std::sync::Arc;

use super::prove_git::{Proof, prove};
use crate::bitbucket::{Client, Scope};
use crate::environment::Environment;
use crate::git::{self, Target, TokenNote, Way};
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
    /// Which one it is.
    pub note: TokenNote,
}

/// git is set up.
#[derive(Debug)]
pub struct Done {
    /// What git showed.
    pub proof: Proof,
    /// What is left of an earlier set-up, one sentence for each.
    pub left: Vec<String>,
    /// git knows by which name and address it commits.
    pub knows_author: bool,
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
    } = wanted;
    let applied = git::apply(environment, target, way, token, note).await;
    let applied = applied.map_err(|failed| NotDone {
        why: Why::Failed(failed.error),
        left: failed.left,
    })?;
    let proof = prove(environment, client, target, scope, token).await;
    let why = match proof {
        Ok(proof) if proof.fetch.is_in() || proof.fetch.cannot_be_proven() => {
            return Ok(Done {
                proof,
                left: applied.confirm().await,
                knows_author: git::knows_author(environment).await,
            });
        }
        Ok(proof) => Why::NotIn(Box::new(proof)),
        Err(error) => Why::Failed(error),
    };
    let left = applied.put_back().await;
    Err(NotDone { why, left })
}
