//! Change the name or the permissions of a token: one request, never sent twice. What the answer does not
//! confirm, or where it gets lost, is read in the token itself.

use super::{Desk, PATIENCE};
use crate::bitbucket::{Error, ErrorKind, Scope, Token, TokenChange};

/// What became of a change.
#[derive(Debug)]
pub enum Changed {
    /// The server says that the token is as it was asked for.
    Changed(Box<Token>),
    /// The server took the change, and shows the token otherwise than it was asked for.
    NotAsAsked(Box<Token>),
    /// There is no such token any more.
    Gone,
    /// The server said no, or was not reached: the token is as it was.
    Refused(Error),
    /// The answer got lost, and the token is not as it was asked for.
    NotChanged(Error),
    /// The answer got lost, and the token could not be read: nobody knows.
    NotKnown(Error),
}

/// Changes a token.
pub async fn change(desk: &Desk, scope: &Scope, id: &str, wanted: &TokenChange) -> Changed {
    let lost = match desk.client.change_token(scope, id, wanted).await {
        Ok(token) if wanted.is_made(&token) => return Changed::Changed(Box::new(token)),
        Ok(_) => None,
        Err(error) if error.outcome_is_unknown() => Some(error),
        Err(error) if error.kind == ErrorKind::NoSuchToken => return Changed::Gone,
        Err(error) => return Changed::Refused(error),
    };
    let reading = desk.client.token(scope, id);
    let read = desk.clock.limit(PATIENCE, reading).await;
    match (
        read.unwrap_or_else(|| Err(ErrorKind::TimedOut.into())),
        lost,
    ) {
        (Ok(token), _) if wanted.is_made(&token) => Changed::Changed(Box::new(token)),
        (Ok(token), None) => Changed::NotAsAsked(Box::new(token)),
        (Ok(_), Some(lost)) => Changed::NotChanged(lost),
        (Err(error), _) if error.kind == ErrorKind::NoSuchToken => Changed::Gone,
        (Err(error), _) => Changed::NotKnown(error),
    }
}
