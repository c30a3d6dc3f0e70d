//! A rotation that stands open, told: where it came to, and how it can be ended.

use jiff::Timestamp;

use crate::bitbucket::{Token, When};
use crate::operation::journal::Entry;
use crate::operation::rotate::{Stage, Standing};
use crate::ui::question::{Choice, Question, Subject};
use crate::when;

/// Which token is revoked by this answer; none: both stay, and the rotation stays open.
pub(super) fn goes(standing: &Standing, choice: Choice) -> Option<&Token> {
    let new = Some(&standing.new);
    match (standing.stage, choice) {
        (Stage::Made, Choice::Yes) => new,
        (Stage::HandedOver | Stage::InPlace, Choice::Yes) => standing.old.as_ref(),
        (Stage::HandedOver | Stage::InPlace, Choice::Revoke) => new,
        _ => None,
    }
}

/// What is asked about it. `place`: where its tokens are.
pub(super) fn question(
    entry: &Entry,
    standing: &Standing,
    place: &str,
    now: Timestamp,
) -> Question {
    let old = entry.asked.replaces.as_ref().map_or("", |old| &old.name);
    let new = &standing.new.name;
    let ago = when::relative(entry.asked.time, now);
    let made = format!("\"{new}\" was made in the place of \"{old}\" ({place}, {ago}).");
    let used = |used| match used {
        When::At(time) => format!("last used {}", when::relative(time, now)),
        When::Never => "never used".to_owned(),
        When::Unknown => "last use unknown".to_owned(),
    };
    let (text, yes, revoke, no) = match standing.stage {
        Stage::Made => (
            vec![
                made,
                "Nobody has its secret, and Bitbucket never shows it again: the rotation can only be undone. The old token works as before.".to_owned(),
                "Revoke the new one?".to_owned(),
            ],
            "revoke the new one",
            None,
            "leave both",
        ),
        Stage::ToGit => (
            vec![
                made,
                "bbtoken rotate --git was broken off while git was being switched to it. Run it again in that clone: it finishes or undoes that.".to_owned(),
            ],
            "go on",
            None,
            "",
        ),
        Stage::HandedOver | Stage::InPlace => (
            vec![
                format!("{made} Both work."),
                format!(
                    "Old: {}. New: {}.",
                    used(standing.old_used),
                    used(standing.new_used)
                ),
                "Is the new one in place?".to_owned(),
            ],
            "yes: revoke the old one",
            Some("no: revoke the new one"),
            "not yet: keep both",
        ),
    };
    Question {
        subject: Subject::LeftOpen,
        title: "A rotation is open",
        text,
        yes,
        revoke,
        no,
    }
}
