//! Find out what a token can really do.

use crate::bitbucket::{Client, Error, Scope, Trial};
use crate::secret::Secret;

/// Puts a token to trial, on a repository that this client finds where the token is for more than one.
/// `user`: the owner of a personal token. `None`: there is no repository to try it on.
///
/// # Errors
/// Those of [`Client::repository_to_try`] and [`Client::try_token`].
pub async fn put_to_trial(
    client: &Client,
    scope: &Scope,
    user: Option<&str>,
    token: &Secret,
) -> Result<Option<Trial>, Error> {
    match client.repository_to_try(scope).await? {
        Some(repository) => Ok(Some(client.try_token(token, user, &repository).await?)),
        None => Ok(None),
    }
}
