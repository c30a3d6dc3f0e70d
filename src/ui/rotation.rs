//! A rotation that stands open, in words: where it came to, and how it can be ended.

use jiff::Timestamp;

use super::question::{Choice, Question, Subject};
use super::revocation::last_use;
use super::session::Session;
use crate::bitbucket::Destination;
use crate::operation::last_use::LastUse;
use crate::operation::rotate::{Differs, End, Rotation, Stage, Standing};
use crate::when;

/// How an answer brings it to its end; none: both tokens stay, and the rotation stays open.
#[must_use]
pub fn end(rotation: &Rotation, choice: Choice) -> Option<End> {
    match choice {
        Choice::Yes if rotation.can(End::Finish) => Some(End::Finish),
        Choice::Yes | Choice::Revoke => Some(End::Undo),
        Choice::No => None,
    }
}

/// What is asked about it.
#[must_use]
pub fn question(
    subject: Subject,
    standing: &Standing,
    session: &Session,
    now: Timestamp,
) -> Question {
    let Standing { rotation, new, .. } = standing;
    let place = Destination::Tokens(rotation.entry.asked.scope.clone()).name();
    let used = |id: &str, told| {
        let server = session.server.as_ref();
        let trial = server.and_then(|server| session.state.last_trial(server.client.base(), id));
        LastUse::told(told, trial)
    };
    let old_used = used(&rotation.old.id, standing.old_used);
    let new_used = used(&rotation.new, standing.new_used);
    let ago = when::relative(rotation.entry.asked.time, now);
    let made = format!(
        "\"{}\" was created to replace \"{}\" ({place}, {ago}).",
        new.name, rotation.old.name
    );
    let (text, yes, revoke, no) = if rotation.can(End::Finish) {
        let mut text = vec![format!("{made} {}", both(standing, now))];
        text.push(format!(
            "Old: {}. New: {}.",
            last_use(old_used, now),
            last_use(new_used, now)
        ));
        text.extend(still_used(standing, old_used));
        text.push("Is the new one in place?".to_owned());
        (
            text,
            "yes: revoke the old one",
            Some("no: revoke the new one"),
            "not yet: keep both",
        )
    } else {
        let old = match &standing.old {
            Some(old) if !old.is_expired(now) => "The old token still works.",
            Some(_) => "The old token has expired.",
            None => "The old token has been revoked.",
        };
        let text = vec![
            made,
            format!(
                "Unless you saved its secret, nobody has it, and Bitbucket never shows it again: the \
                 rotation can only be undone. {old}"
            ),
            "Revoke the new one?".to_owned(),
        ];
        (text, "revoke the new one", None, "leave both")
    };
    Question {
        subject,
        title: match subject {
            Subject::LeftOpen => "An unfinished rotation",
            _ => "Rotation",
        },
        text,
        yes,
        revoke,
        no,
    }
}

/// Which of the two work.
fn both(standing: &Standing, now: Timestamp) -> &'static str {
    let old = standing
        .old
        .as_ref()
        .is_some_and(|old| !old.is_expired(now));
    match (old, !standing.new.is_expired(now)) {
        (true, true) => "Both work.",
        (false, true) => "The old one has expired, so only the new one works.",
        (true, false) => "The new one has expired, so only the old one works.",
        (false, false) => "Both have expired.",
    }
}

/// What tells that the new one is not in place everywhere.
fn still_used(standing: &Standing, old_used: LastUse) -> Option<String> {
    if standing.git_has_old {
        return Some("! git on this computer still uses the old one.".to_owned());
    }
    let made = standing.rotation.entry.asked.time;
    let is_used = matches!(old_used, LastUse::At(used) if used > made);
    is_used.then(|| {
        "! The old one was used after the new one was created: something still uses it.".to_owned()
    })
}

/// What stands beside a token of it in a list: which of the two it is.
#[must_use]
pub fn mark(rotation: &Rotation, id: &str) -> &'static str {
    if rotation.new == id {
        "being rotated: the new one"
    } else {
        "being rotated: the old one"
    }
}

/// How far it came, beside one of its tokens; `key`: what finishes or undoes it.
#[must_use]
pub fn about(rotation: &Rotation, id: &str, key: &str) -> String {
    let which = if rotation.new == id {
        format!(
            "This is the new token of a rotation; the old one is \"{}\".",
            rotation.old.name
        )
    } else {
        format!(
            "This is the old token of a rotation; the new one is \"{}\".",
            rotation.entry.asked.name
        )
    };
    match rotation.stage {
        Stage::Made => format!(
            "{which} Unless you saved the new secret, nobody has it, so it can only be undone: press {key}."
        ),
        Stage::HandedOver => {
            format!(
                "{which} The new secret was handed over: press {key} to finish it or to undo it."
            )
        }
        Stage::InPlace => {
            format!("{which} The new one is in place: press {key} to revoke the old one.")
        }
    }
}

/// What of the new token cannot be as it was.
#[must_use]
pub fn differs(differs: Differs) -> String {
    match differs {
        Differs::UnknownLife => {
            "The lifetime of the old one is not known, so the new one gets the usual one."
                .to_owned()
        }
        Differs::ShorterLife { from: Some(days) } => {
            format!("The old one had {days} days; your organisation allows fewer.")
        }
        Differs::ShorterLife { from: None } => {
            "The old one never expires; your organisation no longer allows that.".to_owned()
        }
    }
}
