//! What decides how git can be set up here, before anything is written: what is installed, how the clone
//! in the current directory spells the address, and what would be in the way.

use crate::environment::Environment;
use crate::git::{self, Location, Remote, Target, Way};

/// What was seen.
#[derive(Debug, Clone)]
pub struct Look {
    /// For what git is set up: the spellings of the clone are in it.
    pub target: Target,
    /// The ways that work here, the best first.
    pub ways: Vec<Way>,
    /// The same place under other names of the server, which nobody has agreed to yet.
    pub other_names: Vec<String>,
}

/// Looks at git, at what is installed and at the clone in the current directory. `takes_password`: the
/// server was seen to take the token as a password.
///
/// # Errors
///
/// [`git::Error::NoGit`], [`git::Error::TooOld`], and where git refuses to read its configuration.
pub async fn look(
    environment: &Environment,
    target: &Target,
    takes_password: bool,
) -> Result<Look, git::Error> {
    let remotes = git::remotes_of_clone(environment).await;
    let mut target = target.clone();
    let other_names = spelled(&mut target, &remotes);
    let situation = git::look(environment, &target).await?;
    Ok(Look {
        ways: situation.ways(environment, &target, takes_password)?,
        target,
        other_names,
    })
}

/// Adds the spellings of the clone to the target, and answers with those that name the server otherwise.
fn spelled(target: &mut Target, remotes: &[Remote]) -> Vec<String> {
    let own: Vec<_> = target.locations().collect();
    let mut other_names = Vec::new();
    for remote in remotes {
        let Some(location) = remote.location() else {
            continue;
        };
        let Some(address) = target.as_spelled_in(&remote.address) else {
            continue;
        };
        if own.iter().any(|own| location.is_within(own)) {
            target.name_also(address);
        } else if own.iter().any(|own| is_there(&location, own)) && !other_names.contains(&address)
        {
            other_names.push(address);
        }
    }
    other_names
}

/// Whether both are the same place if both servers are one. Every server has something below its root,
/// so that says nothing.
fn is_there(location: &Location, own: &Location) -> bool {
    !own.is_root() && location.is_within_under_another_name(own)
}
