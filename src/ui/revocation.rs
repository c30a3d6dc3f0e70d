//! What became of a revocation, in words that are the same wherever a token is revoked.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::notice::Notice;
use super::problem::{self, Attempt, Problem};
use super::question::{Question, Subject};
use crate::bitbucket::{Token, When};
use crate::operation::last_use::LastUse;
use crate::operation::revoke::Revoked;
use crate::permission::Permissions;
use crate::when;

/// What became of the revocation of the token with this name.
pub(crate) fn notice(revoked: Revoked, name: &str, zone: &TimeZone) -> Notice {
    match revoked {
        Revoked::Revoked => Notice::good(format!("Revoked \"{name}\".")),
        Revoked::AlreadyGone => Notice::good(format!("\"{name}\" was already gone.")),
        Revoked::Refused(error) => {
            let problem = Problem::explain(&error, Attempt::Revoke(name));
            let said = problem.said.unwrap_or_default();
            let pause = problem.pause_ends.map(|ends| when::pause_ends(ends, zone));
            let next = [Some(problem.next), pause].into_iter().flatten();
            let next = next.collect::<Vec<_>>().join(" ");
            let words = [problem.what, problem.why, next, said];
            Notice::bad(words.join(" ").trim_end())
        }
        Revoked::StillThere(error) => {
            let next = problem::let_through(&error);
            let next = next.unwrap_or_else(|| "Press x there once more.".to_owned());
            Notice::bad(format!(
                "{}, and \"{name}\" is still in the list of tokens. {next}",
                problem::lost(&error)
            ))
        }
        Revoked::NotKnown(error) => Notice::bad(format!(
            "Nobody knows whether \"{name}\" was revoked: Bitbucket's answer got lost, and the list of tokens could not be read ({}). Read the list again with r: if it is still there, press x.",
            error.brief()
        )),
    }
}

/// Whether this token is to be revoked: it is told from its namesakes, and what will break is named.
pub(crate) fn question(token: &Token, last_use: LastUse, now: Timestamp) -> Question {
    let created = token.created.map_or_else(String::new, |created| {
        format!(", created {}", when::relative(created, now))
    });
    let may = token.permissions.as_ref().map_or_else(
        || "What it may do is unknown".to_owned(),
        Permissions::to_string,
    );
    Question {
        subject: Subject::Revoke,
        title: "Revoke token",
        text: vec![
            format!("Revoke \"{}\"? {may}{created}.", token.name),
            what_breaks(token, last_use, now),
            "A revoked token never comes back.".to_owned(),
        ],
        yes: "revoke it",
        revoke: None,
        no: "keep it",
    }
}

/// What stops working with a token that was last used then.
pub(crate) fn what_breaks(token: &Token, last_use: LastUse, now: Timestamp) -> String {
    let relative = |time| when::relative(time, now);
    match (token.expires, last_use) {
        (When::At(end), _) if end <= now => format!(
            "It expired {}: nothing works with it any more.",
            relative(end)
        ),
        (_, LastUse::Never) => "It has never been used.".to_owned(),
        (_, LastUse::Unknown) => {
            "Whether it is used is unknown, Bitbucket does not tell: what uses it stops working at once."
                .to_owned()
        }
        (_, LastUse::Tried(at)) => format!(
            "Nobody has used it since bbtoken tested it {}.",
            relative(at)
        ),
        (_, LastUse::At(used)) => format!(
            "It was last used {}: whatever uses it stops working at once.",
            relative(used)
        ),
    }
}
