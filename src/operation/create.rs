//! Create a token: one request, never sent twice.

use std::sync::Arc;

use super::Desk;
use super::journal::{Asked, Entry, Unwritable};
use crate::bitbucket::{CreatedToken, Error, ErrorKind, TokenSpec};

/// What became of a creation.
#[derive(Debug)]
pub enum Created {
    /// The token exists, and here is its secret. The entry is open until somebody has it.
    Made(Box<CreatedToken>, Arc<Entry>),
    /// The server said no: nothing was created.
    Refused(Error),
    /// The request never left this computer: nothing was created.
    NothingSent(Error),
    /// The journal cannot be written, so the request has not left: if this run is killed, the next one
    /// knows nothing of the token. Whoever wants it all the same asks with [`Journal::none`].
    ///
    /// [`Journal::none`]: super::journal::Journal::none
    NotNoted(Unwritable),
    /// Nobody knows whether the token exists: [`super::settle`] finds out.
    Lost {
        /// What came instead of the answer.
        error: Error,
        /// The token's id, where the answer told that and no secret.
        id: Option<String>,
        /// Open until it is settled.
        entry: Arc<Entry>,
    },
}

/// Creates a token.
pub async fn create(desk: &Desk, asked: Asked, spec: &TokenSpec) -> Created {
    let scope = asked.scope.clone();
    let entry = match desk.journal.open(asked).await {
        Ok(entry) => entry,
        Err(error) => return Created::NotNoted(error),
    };
    let error = match desk.client.create_token(&scope, spec).await {
        Ok(token) => return Created::Made(Box::new(token), entry),
        Err(error) => error,
    };
    let id = match &error.kind {
        ErrorKind::UnusableSecret { id } => Some(id.clone()),
        _ => None,
    };
    if id.is_some() || error.outcome_is_unknown() {
        return Created::Lost { error, id, entry };
    }
    entry.close().await;
    if error.was_answered() {
        Created::Refused(error)
    } else {
        Created::NothingSent(error)
    }
}
