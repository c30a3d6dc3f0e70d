//! Creations that have no end yet: those of earlier runs that were killed, or had to end before the answer
//! was there; and those of this run whose answer got lost and that the list did not show.

use std::collections::HashSet;
use std::sync::Arc;

use super::Desk;
use super::journal::{Because, Entry};
use super::rotate::{self, Rotation, Standing};
use super::settle::{Settled, Sought, settle};
use crate::bitbucket::{Error, ErrorKind};
use crate::environment::Environment;

/// A creation without an end, and what became of it.
#[derive(Debug)]
pub struct LeftOpen {
    /// Open until somebody was told.
    pub entry: Arc<Entry>,
    /// This run has asked for it.
    pub is_of_this_run: bool,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a creation.
#[derive(Debug)]
pub enum Fate {
    /// That run has revoked the token by itself.
    Revoked(Because),
    /// The list was read just now.
    Settled(Settled),
    /// The token was made in the place of another one, and both are there.
    Rotation(Box<Standing>),
    /// It has come to its end: somebody has the token, or nothing is left of the rotation.
    Over,
}

/// Finds out what became of everything that this user has left open on this server.
///
/// # Errors
///
/// If the server takes us for nobody: then it is asked again after the next sign-in.
pub async fn left_open(
    desk: &Desk,
    environment: &Environment,
    user: &str,
) -> Result<Vec<LeftOpen>, Error> {
    let entries = desk.journal.left_open(desk.client.base(), user).await;
    let mut all = Vec::new();
    for entry in entries.into_iter().map(Arc::new) {
        let fate = fate(desk, environment, &entry).await;
        match fate {
            Fate::Settled(Settled::NotKnown(error)) if error.kind == ErrorKind::NotSignedIn => {
                return Err(error);
            }
            Fate::Over => entry.close().await,
            // Who was told that the list did not show it is told no more of it.
            Fate::Settled(Settled::Nothing { older: false }) if entry.was_not_shown() => {
                entry.close().await;
            }
            fate => all.push(LeftOpen {
                entry,
                is_of_this_run: false,
                fate,
            }),
        }
    }
    Ok(all)
}

/// Finds out what became of one of them.
pub async fn fate(desk: &Desk, environment: &Environment, entry: &Arc<Entry>) -> Fate {
    if let Some(because) = entry.revoked() {
        return Fate::Revoked(because);
    }
    if let Some(rotation) = Rotation::noted(entry) {
        return match rotate::look(desk, environment, &rotation).await {
            Ok(Some(standing)) => Fate::Rotation(Box::new(standing)),
            Ok(None) => Fate::Over,
            Err(error) => Fate::Settled(Settled::NotKnown(error)),
        };
    }
    if entry.asked.replaces.is_none() && entry.is_had() {
        return Fate::Over;
    }
    Fate::Settled(settle(desk, &sought(entry, HashSet::new())).await)
}

/// Looks once more for what this run has asked for and the list did not show. The tokens whose secrets
/// arrived since are `others`.
pub async fn look_again(
    desk: &Desk,
    entries: Vec<Arc<Entry>>,
    others: HashSet<String>,
) -> Vec<LeftOpen> {
    let mut all = Vec::new();
    for entry in entries {
        let settled = settle(desk, &sought(&entry, others.clone())).await;
        all.push(LeftOpen {
            entry,
            is_of_this_run: true,
            fate: Fate::Settled(settled),
        });
    }
    all
}

fn sought(entry: &Entry, others: HashSet<String>) -> Sought {
    Sought {
        scope: entry.asked.scope.clone(),
        name: entry.asked.name.clone(),
        asked: entry.asked.time,
        id: entry.id().map(str::to_owned),
        others,
    }
}
