//! What becomes of a token that cannot be handed over: it is revoked where that is certain, and said where
//! it is not.

use std::collections::HashSet;
use std::sync::Arc;

use super::super::access::Visit;
use super::super::exit::{Exit, Failure};
use super::super::words;
use crate::bitbucket::Error;
use crate::environment::Environment;
use crate::operation::Desk;
use crate::operation::journal::{Because, Entry, Step};
use crate::operation::left_open::{Fate, LeftOpen, left_open};
use crate::operation::revoke::{Closing, Revoked, revoke};
use crate::operation::rotate::Standing;
use crate::operation::settle::{self, Settled, Sought};
use crate::ui::problem;

/// Why nobody is given a token.
pub(in super::super) enum Why<'a> {
    /// The process was told to end. Perhaps nobody reads what it says, so the next run tells it too.
    Stopped,
    /// This happened.
    Said(&'a str),
}

/// Revokes a token that nobody was given, and says why.
pub(in super::super) async fn take_back(
    desk: &Desk,
    visit: &Visit,
    id: &str,
    entry: Arc<Entry>,
    why: Why<'_>,
) -> Failure {
    let name = entry.asked.name.clone();
    let (why, because) = match why {
        Why::Stopped => ("Stopped", Some(Because::NobodyHadIt)),
        Why::Said(why) => (why, None),
    };
    let closing = Closing { entry, because };
    match revoke(desk, &visit.place.scope(), id, Some(closing)).await {
        Revoked::Revoked | Revoked::AlreadyGone => Failure::new(
            Exit::Failed,
            format!(
                "{why}: \"{name}\" was created and then revoked, because nobody has its secret."
            ),
        ),
        Revoked::Refused(error) | Revoked::StillThere(error) | Revoked::NotKnown(error) => {
            let what = format!(
                "{why}: \"{name}\" was created, nobody has its secret, and it could not be revoked: {}.",
                error.brief()
            );
            to_be_revoked(Failure::new(Exit::Unknown, what), visit, id)
        }
    }
}

/// Reads the list to find out what became of a creation whose answer got lost.
pub(super) async fn settle(
    desk: &Desk,
    visit: &Visit,
    error: &Error,
    id: Option<String>,
    entry: Arc<Entry>,
) -> Failure {
    let lost = words::lost(error);
    let sought = Sought {
        scope: entry.asked.scope.clone(),
        name: entry.asked.name.clone(),
        asked: entry.asked.time,
        id: id.clone(),
        others: HashSet::new(),
    };
    let name = &sought.name;
    match settle::settle(desk, &sought).await {
        // Bitbucket named it, so it is certainly this one.
        Settled::Orphan(token) if id.is_some() => {
            take_back(desk, visit, &token.id, entry, Why::Said(&lost)).await
        }
        Settled::Orphan(token) => {
            let what = format!(
                "{lost}. The list now has a token \"{name}\", most likely the one you asked for. Nobody \
                 has its secret."
            );
            entry.close().await;
            to_be_revoked(Failure::new(Exit::Unknown, what), visit, &token.id)
        }
        Settled::NotShown { .. } => {
            entry.note(Step::NotShown).await;
            let what =
                format!("{lost}. \"{name}\" is not in the list yet, but it may still appear.");
            let failure = Failure::new(Exit::Unknown, what);
            let through = problem::let_through(error).into_iter();
            look_later(through.fold(failure, Failure::next), visit)
        }
        Settled::Nothing { .. } => {
            entry.close().await;
            let what = format!("{lost}, and the list has no new token: nothing was created.");
            Failure::new(Exit::Failed, what).next(words::let_through(error))
        }
        Settled::Several => {
            entry.close().await;
            let what = format!(
                "{lost}. The list now has several tokens \"{name}\", and bbtoken cannot tell which one you \
                 asked for."
            );
            let page = visit.client.base().tokens_page(Some(&sought.scope));
            Failure::new(Exit::Unknown, what).next(format!("Look at them: {page}"))
        }
        Settled::NotKnown(error) => look_later(
            Failure::new(
                Exit::Unknown,
                format!(
                    "{lost}, and the list cannot be read ({}): it is not known whether \"{name}\" exists.",
                    error.brief()
                ),
            ),
            visit,
        ),
    }
}

/// Where to look for what nobody knows.
pub(super) fn look_later(failure: Failure, visit: &Visit) -> Failure {
    let page = visit.client.base().tokens_page(Some(&visit.place.scope()));
    failure
        .next(format!("Check the list: {page}"))
        .next("bbtoken checks too, the next time you sign in there.")
}

/// Says what earlier runs could not bring to its end. It stays in the journal where somebody has to decide:
/// the interface asks.
pub(super) async fn tell_left_open(desk: &Desk, visit: &Visit, environment: &Environment) {
    let left_open = left_open(desk, environment, &visit.user.name).await;
    for LeftOpen { entry, fate, .. } in left_open.into_iter().flatten() {
        let what = match fate {
            Fate::Settled(Settled::Nothing { .. }) => {
                entry.close().await;
                continue;
            }
            Fate::Over => continue,
            Fate::Rotation(standing) => {
                words::hint(&open_rotation(&entry, &standing));
                continue;
            }
            Fate::Revoked(_) => "it was revoked, because nobody had its secret",
            Fate::Settled(Settled::Orphan(_) | Settled::Several) => {
                "it may exist, and perhaps nobody has its secret: run bbtoken without a command to decide"
            }
            Fate::Settled(Settled::NotShown { .. }) => {
                "it is not in the list yet, but it may still appear"
            }
            Fate::Settled(Settled::NotKnown(_)) => "it is not known whether it exists",
        };
        let name = &entry.asked.name;
        words::hint(&format!(
            "! An earlier run did not finish with \"{name}\": {what}."
        ));
        if let Fate::Revoked(_) = fate {
            entry.close().await;
        }
    }
}

/// Both tokens of a rotation are there.
fn open_rotation(entry: &Entry, standing: &Standing) -> String {
    let old = entry.asked.replaces.as_ref().map_or("", |old| &old.name);
    let new = &standing.new;
    format!(
        "! An unfinished rotation: \"{}\" (id {}) was created to replace \"{old}\". bbtoken rotate with \
         that id, --finish or --undo, ends it.",
        new.name, new.id
    )
}

fn to_be_revoked(failure: Failure, visit: &Visit, id: &str) -> Failure {
    let page = visit.client.base().tokens_page(Some(&visit.place.scope()));
    failure.next(format!("Revoke it (its id is {id}): {page}"))
}
