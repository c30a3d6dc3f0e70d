//! What became of a revocation, in words that are the same wherever a token is revoked.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::context::Context;
use super::keymap::{self, Action, Mode};
use super::notice::Notice;
use super::problem::{self, Attempt, Problem};
use super::question::{Question, Subject};
use super::route::Route;
use crate::bitbucket::{ErrorKind, Token, When};
use crate::operation::last_use::LastUse;
use crate::operation::revoke::{Revoked, is_in_use};
use crate::permission::Permissions;
use crate::when;

fn key(action: Action) -> String {
    keymap::key(Mode::Tokens, action)
}

/// What somebody should know who revokes the token that git here has.
const GIT_HERE: &str =
    "git on this computer is set up with it: it will be refused until it has another one.";

/// What became of the revocation of the token with this name.
pub(crate) fn notice(revoked: &Revoked, name: &str, zone: &TimeZone) -> Notice {
    match revoked {
        Revoked::Revoked => Notice::good(format!("Revoked \"{name}\".")),
        Revoked::AlreadyGone => Notice::good(format!("\"{name}\" was already gone.")),
        Revoked::Refused(error) => {
            let problem = Problem::explain(error, Attempt::Revoke(name));
            let said = problem.said.unwrap_or_default();
            let pause = problem.pause_ends.map(|ends| when::pause_ends(ends, zone));
            let next = [Some(problem.next), pause].into_iter().flatten();
            let next = next.collect::<Vec<_>>().join(" ");
            let words = [problem.what, problem.why, next, said];
            Notice::bad(words.join(" ").trim_end())
        }
        Revoked::StillThere(error) => {
            let next = problem::let_through(error);
            let next = next
                .unwrap_or_else(|| format!("Press {} there to try again.", key(Action::Revoke)));
            Notice::bad(format!(
                "{}, and \"{name}\" is still in the list of tokens. {next}",
                problem::lost(error)
            ))
        }
        Revoked::NotKnown(error) => {
            let (reload, revoke) = (key(Action::Refresh), key(Action::Revoke));
            Notice::bad(format!(
                "It is not known whether \"{name}\" was revoked: Bitbucket's answer got lost, and the list of \
                 tokens could not be read ({}). Press {reload} to read the list again. If it is still there, \
                 press {revoke}.",
                error.brief()
            ))
        }
    }
}

/// Whether this token is to be revoked: it is told from its namesakes, and what will break is named.
fn question(token: &Token, last_use: LastUse, is_gits: bool, now: Timestamp) -> Question {
    let created = token.created.map_or_else(String::new, |created| {
        format!(", created {}", when::relative(created, now))
    });
    let may = token.permissions.as_ref().map_or_else(
        || "What it may do is unknown".to_owned(),
        Permissions::to_string,
    );
    let mut text = vec![
        format!("Revoke \"{}\"? {may}{created}.", token.name),
        what_breaks(token, last_use, now),
    ];
    text.extend(is_gits.then(|| GIT_HERE.to_owned()));
    text.push("Revoking cannot be undone.".to_owned());
    Question {
        subject: Subject::Revoke,
        title: "Revoke token",
        text,
        yes: "revoke it",
        revoke: None,
        no: "keep it",
    }
}

/// Asks whether a token is to be revoked; where something most likely uses it, its number is to be typed.
/// `is_gits`: git on this computer is set up with it.
pub(crate) fn ask(token: &Token, last_use: LastUse, is_gits: bool, cx: &mut Context<'_>) {
    let now = cx.now.time;
    let question = question(token, last_use, is_gits, now);
    if is_in_use(token, last_use, now) {
        cx.open(Route::TypedQuestion(question, 1));
    } else {
        cx.ask(question);
    }
}

/// Whether all of these are to be revoked: what each may do, when it was last used, and whether git on this
/// computer is set up with it.
pub(crate) fn question_about_all(tokens: &[(&Token, LastUse, bool)], now: Timestamp) -> Question {
    let count = tokens.len();
    let each = tokens.iter().map(|(token, used, is_gits)| {
        let may = token.permissions.as_ref().map_or_else(
            || "what it may do is unknown".to_owned(),
            Permissions::to_string,
        );
        let git = if *is_gits { ", git here uses it" } else { "" };
        format!("· \"{}\": {may}, {}{git}", token.name, last_use(*used, now))
    });
    let mut text = vec![format!("Revoke these {count} tokens?")];
    text.extend(each);
    text.push(
        "Anything that uses them stops working at once. Revoking cannot be undone.".to_owned(),
    );
    Question {
        subject: Subject::Revoke,
        title: "Revoke tokens",
        text,
        yes: "revoke them",
        revoke: None,
        no: "keep them",
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
            "Bitbucket does not say whether it is used: anything that uses it stops working at once."
                .to_owned()
        }
        (_, LastUse::Tried(at)) => format!(
            "Nobody has used it since bbtoken tested it {}.",
            relative(at)
        ),
        (_, LastUse::At(used)) => format!(
            "It was last used {}: anything that uses it stops working at once.",
            relative(used)
        ),
    }
}

/// "last used 2 days ago".
pub(crate) fn last_use(used: LastUse, now: Timestamp) -> String {
    match used {
        LastUse::At(time) => format!("last used {}", when::relative(time, now)),
        LastUse::Tried(_) => "not used since bbtoken tested it".to_owned(),
        LastUse::Never => "never used".to_owned(),
        LastUse::Unknown => "last use unknown".to_owned(),
    }
}

/// Whether the server takes us for nobody by now.
pub(crate) fn is_end(revoked: &Revoked) -> bool {
    let ends = |kind: &ErrorKind| {
        matches!(
            kind,
            ErrorKind::NotSignedIn | ErrorKind::WrongPassword | ErrorKind::BasicDisabled
        )
    };
    revoked.error().is_some_and(|error| ends(&error.kind))
}

/// How long the server wants nothing to be asked.
pub(crate) fn pause(revoked: &Revoked) -> Option<String> {
    match revoked.error()?.kind {
        ErrorKind::RateLimited { retry_after } => Some(match retry_after.map(|it| it.as_secs()) {
            None => "a minute".to_owned(),
            Some(0 | 1) => "a second".to_owned(),
            Some(seconds) => format!("{seconds} seconds"),
        }),
        _ => None,
    }
}
