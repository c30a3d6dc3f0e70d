//! What earlier runs could not bring to its end: they were killed, or had to end before the answer was
//! there.

use std::collections::HashSet;
use std::sync::Arc;

use super::Desk;
use super::journal::{Because, Entry};
use super::settle::{Settled, Sought, settle};
use crate::bitbucket::{Error, ErrorKind};

/// A creation of an earlier run, and what became of it.
#[derive(Debug)]
pub struct LeftOpen {
    /// Open until somebody was told.
    pub entry: Arc<Entry>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a creation of an earlier run.
#[derive(Debug)]
pub enum Fate {
    /// That run has revoked the token by itself.
    Revoked(Because),
    /// The list was read just now.
    Settled(Settled),
}

/// Finds out what became of everything that this user has left open on this server.
///
/// # Errors
///
/// If the server takes us for nobody: then it is asked again after the next sign-in.
pub async fn left_open(desk: &Desk, user: &str) -> Result<Vec<LeftOpen>, Error> {
    let entries = desk.journal.left_open(desk.client.base(), user).await;
    let mut all = Vec::new();
    for entry in entries.into_iter().map(Arc::new) {
        if entry.is_had() {
            entry.close().await;
            continue;
        }
        let fate = match entry.revoked() {
            Some(because) => Fate::Revoked(because),
            None => Fate::Settled(settle(&desk.client, &sought(&entry)).await),
        };
        match fate {
            Fate::Settled(Settled::NotKnown(error)) if error.kind == ErrorKind::NotSignedIn => {
                return Err(error);
            }
            fate => all.push(LeftOpen { entry, fate }),
        }
    }
    Ok(all)
}

fn sought(entry: &Entry) -> Sought {
    Sought {
        scope: entry.asked.scope.clone(),
        name: entry.asked.name.clone(),
        asked: entry.asked.time,
        id: entry.id().map(str::to_owned),
        others: HashSet::new(),
    }
}
