//! Which token it is that somebody has pasted: its id stands in most of them, its name and its expiry in the
//! list of its place, which a token may read where it may do as much as that.

use crate::bitbucket::{Client, Scope, Token, When};
use crate::git::TokenNote;
use crate::secret::Secret;

/// What can be known of a token that belongs to this place, asked with the token itself. Where its list does
/// not say, its expiry is not known.
pub async fn known_token(client: &Client, scope: &Scope, token: &Secret) -> TokenNote {
    let read = TokenNote::of(token);
    let Some(id) = &read.id else {
        return read;
    };
    let signed_in = async { client.apart().await?.sign_in_with_token(token).await };
    let Ok(signed_in) = signed_in.await else {
        return read;
    };
    let mut note = read.clone();
    for scope in lists(scope, &signed_in.user.slug) {
        if let Ok(found) = signed_in.client.token(&scope, id).await {
            note = noted(found);
            break;
        }
    }
    signed_in.client.sign_out().await;
    note
}

/// The lists in which it can be: the token of a project reaches its repositories too.
fn lists(scope: &Scope, user: &str) -> Vec<Scope> {
    match scope {
        Scope::Personal { .. } => vec![Scope::Personal {
            user: user.to_owned(),
        }],
        Scope::Repository { project, .. } => vec![
            scope.clone(),
            Scope::Project {
                key: project.clone(),
            },
        ],
        Scope::Project { .. } => vec![scope.clone()],
    }
}

/// What a list says of it. One whose end is not told keeps no name: a name without an end never expires.
fn noted(token: Token) -> TokenNote {
    TokenNote {
        name: (token.expires != When::Unknown).then_some(token.name),
        expires: token.expires.at(),
        id: Some(token.id),
    }
}
