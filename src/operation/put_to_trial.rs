//! Find out what a token can really do, in the place where its owner works.

use crate::bitbucket::{Client, Destination, Error, Repository, Scope, Trial, Verdict};
use crate::permission::Level;
use crate::secret::Secret;

/// What a token was tried on, and what came of that.
#[derive(Debug, Clone)]
pub struct Tried {
    /// What it could do.
    pub trial: Trial,
    /// On which repository.
    pub repository: Repository,
    /// What the user may do there themselves: asked where a personal token may not push.
    pub may: Option<Level>,
}

/// Puts a token to trial: on the first of these repositories that it is for and that the user may see,
/// otherwise on one that this client finds. `user`: the owner of a personal token. `None`: there is no
/// repository to try it on.
///
/// # Errors
/// Those of [`Client::repository_to_try`] and [`Client::try_token`].
pub async fn put_to_trial(
    client: &Client,
    scope: &Scope,
    user: Option<&str>,
    token: &Secret,
    near: &[Destination],
) -> Result<Option<Tried>, Error> {
    let repository = match nearest(client, scope, near).await {
        Some(repository) => repository,
        None => match client.repository_to_try(scope).await? {
            Some(repository) => repository,
            None => return Ok(None),
        },
    };
    let trial = client.try_token(token, user, &repository).await?;
    let is_refused = matches!(trial.push, Verdict::No(_)) && user.is_some();
    let may_push = if is_refused && !repository.archived {
        // The trial stands, whether that is answered or not.
        client.may_push(&repository).await.unwrap_or(None)
    } else {
        None
    };
    Ok(Some(Tried {
        trial,
        repository,
        may: may_push.map(|may| if may { Level::Write } else { Level::Read }),
    }))
}

async fn nearest(client: &Client, scope: &Scope, near: &[Destination]) -> Option<Repository> {
    for place in near {
        let Destination::Repository { project, slug } = place else {
            continue;
        };
        let is_for_it = match scope {
            Scope::Personal { .. } => true,
            Scope::Project { key } => key.eq_ignore_ascii_case(project),
            Scope::Repository { .. } => false,
        };
        if is_for_it && let Ok(repository) = client.repository(project, slug).await {
            return Some(repository);
        }
    }
    None
}
