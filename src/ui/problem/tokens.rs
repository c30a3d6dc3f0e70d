//! Where a server has no HTTP access tokens at all: its version or its licence lacks them, or something
//! in front hides them.

use super::Attempt;
use crate::bitbucket::{Error, ErrorKind};
use crate::ui::place::Place;

/// Why there are none here, and what there is instead.
pub(super) fn words(error: &Error, attempt: Attempt<'_>) -> Option<(String, String)> {
    let (place, press) = match attempt {
        Attempt::ListTokens(place) => (place, "Press {account}"),
        // In the form letters are text: the key works one step back.
        Attempt::CreateToken(place) => (place, "Go back with {back} and press {account}"),
        _ => return None,
    };
    let what = match place {
        Place::Account(_) => "Personal HTTP access tokens need version 5.5 or later",
        Place::Project(_) | Place::Repository(_) => {
            "HTTP access tokens of projects and repositories need version 7.18 or later, and a Data Center licence"
        }
    };
    let why = match error.kind {
        ErrorKind::NoSuchPath if error.is_bitbuckets() => {
            format!("This Bitbucket has no such list. {what}.")
        }
        ErrorKind::NoSuchPath => format!(
            "The server has no such list. {what}. Or a proxy in front hides it: the answer does not look \
             like Bitbucket's."
        ),
        ErrorKind::NotPermitted if says_licence(error) => format!("{what}."),
        _ => return None,
    };
    let next = match place {
        Place::Account(_) => {
            "Ask your administrators for an update, or which other way to git there is.".to_owned()
        }
        Place::Project(_) | Place::Repository(_) => {
            format!("{press} for a personal token: it acts as you and reaches what you reach.")
        }
    };
    Some((why, next))
}

fn says_licence(error: &Error) -> bool {
    let said = error.server_message().unwrap_or_default().to_lowercase();
    said.contains("licence") || said.contains("license")
}
