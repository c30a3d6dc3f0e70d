//! Rotating the token that git uses in the clone in the current directory: which one it is, and switching
//! git to the new one, proven before the old setup is taken away.

use std::collections::HashSet;
use std::sync::Arc;

use crate::address::{Destination, Scope};
use crate::bitbucket::{Client, CreatedToken, Verdict};
use crate::environment::Environment;
use crate::git::{self, SetUp, Target, TokenNote};
use crate::operation::journal::{Entry, Step};
use crate::operation::look_at_git::{self, OnTheWay};
use crate::operation::prove_git::Proof;
use crate::operation::set_up_git::{self, Done, NotDone, Wanted};

/// What git uses in the clone.
#[derive(Debug)]
pub struct InClone {
    /// What bbtoken has set up.
    pub set_up: SetUp,
    /// Whose token it is.
    pub scope: Scope,
    /// Its id.
    pub id: String,
}

/// Why there is no token of git's to rotate.
#[derive(Debug, thiserror::Error)]
pub enum NoToken {
    /// The current directory is no clone over HTTP.
    #[error("This directory is not a clone of a repository over http or https.")]
    NoClone,
    /// git is not set up by bbtoken there.
    #[error("bbtoken has not set git up for {0}, so it does not know which token git uses.")]
    NotSetUp(String),
    /// Which token it is was not written down, and cannot be read from it.
    #[error("Which token git uses for {0} was not written down.")]
    NotRecorded(String),
    /// Its address names no place.
    #[error("{0} names no place on Bitbucket.")]
    NoPlace(String),
}

/// Finds what git uses for the remote that the clone in the current directory came from.
///
/// # Errors
///
/// [`NoToken`].
pub async fn in_clone(environment: &Environment) -> Result<InClone, NoToken> {
    let origin = git::origin(environment).await.ok_or(NoToken::NoClone)?;
    let set_up = git::set_up_reaching(environment, &origin);
    let set_up = set_up.ok_or(NoToken::NotSetUp(origin))?;
    let scope = match &set_up.user {
        Some(user) => Some(Scope::Personal { user: user.clone() }),
        None => Destination::of_clone_address(&set_up.address).and_then(|to| to.scope()),
    };
    let scope = scope.ok_or_else(|| NoToken::NoPlace(set_up.address.clone()))?;
    let id = match &set_up.token.id {
        Some(id) => Some(id.clone()),
        None => {
            let kept = git::kept_token(environment, &set_up).await;
            kept.ok().and_then(|token| token.token_id())
        }
    };
    let id = id.ok_or_else(|| NoToken::NotRecorded(set_up.address.clone()))?;
    Ok(InClone { set_up, scope, id })
}

/// The ids of the tokens with which git on this computer is set up, as far as they were written down.
pub async fn gits(environment: &Environment) -> HashSet<String> {
    let environment = environment.clone();
    let read = move || {
        let set_ups = git::set_ups(&environment).into_iter();
        set_ups.filter_map(|set_up| set_up.token.id).collect()
    };
    // Files may lie on a disk far away: no other task waits for one.
    tokio::task::spawn_blocking(read).await.unwrap_or_default()
}

/// git uses the new token.
#[derive(Debug)]
pub struct Switched {
    /// What it showed with it.
    pub proof: Proof,
    /// What is left of the earlier setup, one sentence for each.
    pub left: Vec<String>,
}

/// git uses the old token, as before.
#[derive(Debug)]
pub enum NotSwitched {
    /// The server refuses the new token, in its words.
    Refused(String),
    /// The new token could not be tried.
    NotTried(crate::bitbucket::Error),
    /// git could not be looked at.
    Git(git::Error),
    /// The new setup did not work.
    NotDone(Box<NotDone>),
    /// Nothing that git could do would show that the new one works; what could not be put back.
    NotProven(Vec<String>),
}

/// Switches git to a new token in the way in which it was set up, and has git itself show that it gets
/// in. What does not get in does not stay.
///
/// # Errors
///
/// [`NotSwitched`].
pub async fn switch(
    environment: &Environment,
    client: &Client,
    here: &InClone,
    created: CreatedToken,
    entry: &Arc<Entry>,
    on_the_way: OnTheWay,
) -> Result<Switched, NotSwitched> {
    let InClone { set_up, scope, .. } = here;
    let CreatedToken { token, secret } = created;
    let user = set_up.user.clone();
    let tried = client.try_token_alone(&secret, user.as_deref(), scope);
    let trial = tried.await.map_err(NotSwitched::NotTried)?;
    if let Some(Verdict::No(said)) = trial.as_ref().map(|trial| &trial.fetch) {
        return Err(NotSwitched::Refused(said.clone()));
    }
    let as_password = trial.as_ref().and_then(|it| it.as_password.as_ref());
    let takes_password = !matches!(as_password, Some(Verdict::No(_)));
    let mut target = Target::new(&set_up.address, scope.kind(), user).map_err(NotSwitched::Git)?;
    target.also.clone_from(&set_up.also);
    let look = look_at_git::look(environment, &target, takes_password, on_the_way, None);
    let look = look.await.map_err(NotSwitched::Git)?;
    let same = look.ways.iter().find(|way| set_up.is_by(way));
    let way = same.or(look.ways.first()).cloned();
    let way = way.ok_or(NotSwitched::Git(git::Error::NoGit))?;
    let wanted = Wanted {
        target: look.target,
        scope: scope.clone(),
        way,
        keeps_old: true,
        note: TokenNote {
            id: Some(token.id),
            name: Some(token.name),
            expires: token.expires.at(),
        },
        token: Arc::new(secret),
    };
    let done = set_up_git::set_up(environment, client, &wanted).await;
    let Done {
        proof,
        mut left,
        replaced,
        ..
    } = done.map_err(|not_done| NotSwitched::NotDone(Box::new(not_done)))?;
    if proof.fetch.is_in() || proof.push.is_in() {
        Arc::clone(entry).note(Step::Had).await;
        if let Some(replaced) = replaced {
            left.extend(replaced.confirm().await);
        }
        return Ok(Switched { proof, left });
    }
    if let Some(replaced) = replaced {
        left.extend(replaced.bring_back(environment, client).await.left);
    }
    Err(NotSwitched::NotProven(left))
}
