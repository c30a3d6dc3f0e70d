//! Which tokens are meant: by their ids, or one by its secret.

use super::super::access::Visit;
use super::super::exit::{Exit, Failure};
use super::super::prompt;
use super::Revoke;
use crate::bitbucket::Token;
use crate::secret::Secret;

/// All tokens of the place, and those that are meant.
///
/// # Errors
/// If the list cannot be read, or one of them is not in it.
pub(super) async fn choose(
    arguments: &Revoke,
    visit: &Visit,
) -> Result<(Vec<Token>, Vec<Token>), Failure> {
    let secret = match &arguments.token_file {
        Some(file) => Some(prompt::file(file).await?),
        None if arguments.token_stdin && arguments.access.reads_password() => {
            Some(prompt::next_line().await?)
        }
        None if arguments.token_stdin => {
            Some(prompt::secret("Token to revoke (paste it; it is not shown): ").await?)
        }
        None => None,
    };
    let ids = match &secret {
        Some(secret) => vec![id(secret)?],
        None => arguments.ids.clone(),
    };
    let all = visit.tokens().await?;
    let mut chosen: Vec<Token> = Vec::new();
    for id in &ids {
        let token = all.iter().find(|token| token.id == *id);
        let token = token.ok_or_else(|| not_there(visit, id, secret.is_some()))?;
        if chosen.iter().all(|it| it.id != *id) {
            chosen.push(token.clone());
        }
    }
    Ok((all, chosen))
}

fn id(secret: &Secret) -> Result<String, Failure> {
    let token = Secret::new(secret.expose().trim().to_owned());
    token.token_id().ok_or_else(|| {
        let what = "The id cannot be read from that: it is not a token, or it is of a kind that does not \
                    contain its id.";
        Failure::new(Exit::Usage, what).next("Give the id itself: bbtoken list shows it.")
    })
}

fn not_there(visit: &Visit, id: &str, by_secret: bool) -> Failure {
    let what = format!(
        "{} has no token with the id {id}. Nothing was revoked.",
        visit.place.name()
    );
    let next = if by_secret {
        "It may be revoked already, or belong to another place: give that as PLACE."
    } else {
        "bbtoken list shows the ids."
    };
    Failure::new(Exit::Failed, what).next(next)
}
