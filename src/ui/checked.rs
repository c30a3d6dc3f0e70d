//! What is known of a token that somebody has found, in words: for the screen and the command line.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::git_proof::Signed;
use crate::bitbucket::{Trial, Verdict, When};
use crate::operation::check::{Checked, Listed, Owner, Tried};
use crate::operation::place::Place;
use crate::permission::Permissions;
use crate::when;

/// What is known, from top to bottom.
#[derive(Debug)]
pub struct Told {
    /// Whether it is valid, and whose it is.
    pub first: Vec<Signed>,
    /// What its list says of it.
    pub rows: Vec<(&'static str, String)>,
    /// What it can do, and what nobody can know.
    pub then: Vec<Signed>,
}

/// Puts it into words. `gits`: git on this computer is set up with it.
#[must_use]
pub fn told(checked: &Checked, gits: bool, now: Timestamp, zone: &TimeZone) -> Told {
    let mut first = vec![validity(checked, now)];
    first.extend(checked.owner.as_ref().map(whose));
    if gits {
        let text = "git on this computer is set up with it";
        first.push(("!", text.to_owned()));
    }
    let mut then = trial(&checked.trial);
    then.extend(not_known(checked));
    Told {
        first,
        rows: rows(checked, now, zone),
        then,
    }
}

fn validity(checked: &Checked, now: Timestamp) -> Signed {
    if checked.owner.is_some() {
        return ("✓", "It is valid: Bitbucket accepts it".to_owned());
    }
    let text = match &checked.listed {
        Listed::In { token, .. } => match token.expires.at().filter(|at| *at <= now) {
            Some(at) => format!("It expired {}", when::relative(at, now)),
            None => {
                "Bitbucket refuses it, although it is in the list. Was all of it copied?".to_owned()
            }
        },
        _ => {
            "Bitbucket refuses it: it has expired, was revoked, or was never a token of this server"
                .to_owned()
        }
    };
    ("✗", text)
}

fn whose(owner: &Owner) -> Signed {
    let text = match owner {
        Owner::Person(user) => format!("A personal token: it acts as {}", user.name),
        Owner::Technical(_) => {
            "The token of a project or repository: it acts as an account of its own, not as a person"
                .to_owned()
        }
    };
    ("·", text)
}

fn rows(checked: &Checked, now: Timestamp, zone: &TimeZone) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    if let Listed::In {
        place,
        token,
        last_used,
        used_by_check,
        is_seen: _,
    } = &checked.listed
    {
        let exact = |time| {
            let relative = when::relative(time, now);
            format!("{} ({relative})", when::exact(time, zone))
        };
        let moment = |time| match time {
            When::At(time) => exact(time),
            When::Never => "never".to_owned(),
            When::Unknown => "not known: Bitbucket does not say".to_owned(),
        };
        let may = token.permissions.as_ref().map(Permissions::to_string);
        let created = token.created.map_or(When::Unknown, When::At);
        let used = if *used_by_check {
            "just now, by this check; what used it before is not known".to_owned()
        } else {
            moment(*last_used)
        };
        rows.extend([
            ("name", token.name.clone()),
            ("of", place_words(place)),
            ("may", may.unwrap_or_else(|| moment(When::Unknown))),
            ("created", moment(created)),
            ("used", used),
            ("expires", moment(token.expires)),
        ]);
    }
    rows.extend(checked.id.clone().map(|id| ("id", id)));
    if let Some(Owner::Technical(name)) = &checked.owner {
        rows.push(("account", name.clone()));
    }
    rows
}

fn place_words(place: &Place) -> String {
    match place {
        Place::Account(user) => format!("the account {}", user.name),
        place => place.name(),
    }
}

fn trial(tried: &Tried) -> Vec<Signed> {
    match tried {
        Tried::Refused => Vec::new(),
        Tried::Nowhere => vec![(
            "–",
            "It reaches no repository: there is nothing to try it on".to_owned(),
        )],
        Tried::OutOfReach(name) => vec![("–", format!("It does not reach {name}"))],
        Tried::Failed(error) => {
            vec![("?", format!("What it can do was not tried: {}", error.kind))]
        }
        Tried::On(trial) => abilities(trial),
    }
}

fn abilities(trial: &Trial) -> Vec<Signed> {
    let on = &trial.repository;
    let all = [
        (&trial.fetch, format!("clone and pull {on}")),
        (&trial.push, format!("push to {on}")),
        (&trial.settings, format!("change the settings of {on}")),
    ];
    all.into_iter()
        .map(|(verdict, what)| match verdict {
            Verdict::Yes => ("✓", format!("It can {what}")),
            Verdict::No(_) => ("–", format!("It cannot {what}")),
            Verdict::Unknown(error) => (
                "?",
                format!("Whether it can {what} is not known: {}", error.kind),
            ),
        })
        .collect()
}

/// What nobody can know here, and why.
fn not_known(checked: &Checked) -> Option<Signed> {
    let text = match &checked.listed {
        Listed::In { .. } => return None,
        Listed::NoId => {
            "Its name, rights and expiry are not known: they are in the list of its place, and \
                         this token has no id to find it by"
                .to_owned()
        }
        Listed::Nowhere { read, closed } => {
            let read = if read.is_empty() {
                "No list of tokens could be read".to_owned()
            } else {
                format!("It is not among the tokens of {}", read.join(", "))
            };
            let closed = if closed.is_empty() {
                String::new()
            } else {
                format!("; you may not see those of {}", closed.join(", "))
            };
            let what = if checked.owner.is_some() {
                "so its name, rights and expiry are not known"
            } else {
                "so bbtoken cannot tell which of these it is"
            };
            format!("{read}{closed}: {what}")
        }
    };
    Some(("?", text))
}
