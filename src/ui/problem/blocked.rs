//! Somebody between here and Bitbucket who refuses: a firewall, or a proxy that lets no such request through.

use super::Attempt;
use crate::bitbucket::{Error, ErrorKind};

/// Why, and what to do next.
pub(super) fn words(error: &Error, attempt: Attempt<'_>, again: &str) -> Option<(String, String)> {
    let through = let_through(error)?;
    let why = who(error);
    let next = match attempt {
        Attempt::Connect(_) | Attempt::Examine(_) => {
            format!("{through} Is a VPN needed for this server?")
        }
        // These send nothing but reads: the browser shows whether anybody gets through.
        Attempt::SignIn(_)
        | Attempt::UseToken(_)
        | Attempt::TakeOver(_)
        | Attempt::Check(_)
        | Attempt::OAuth(_) => {
            format!("{through} Or continue in the browser, which it may let through.")
        }
        _ => format!("{through} {again} after that."),
    };
    Some((format!("{why}. Bitbucket itself has said nothing."), next))
}

/// How an answer got lost, as the beginning of a sentence: who refused in Bitbucket's place, where
/// somebody did.
#[must_use]
pub fn lost(error: &Error) -> String {
    if error.kind == ErrorKind::Blocked {
        who(error)
    } else {
        "Bitbucket's answer got lost".to_owned()
    }
}

/// What to do about somebody in between who refuses, in one sentence; `None`: nobody does.
#[must_use]
pub fn let_through(error: &Error) -> Option<String> {
    (error.kind == ErrorKind::Blocked).then(|| match error.incident() {
        Some(number) => format!(
            "Ask your network administrators to let bbtoken's requests through, and give them the number \
             {number}."
        ),
        None => "Ask your network administrators to let bbtoken's requests through, and show them the last \
                 line.".to_owned(),
    })
}

fn who(error: &Error) -> String {
    let status = error
        .status()
        .map_or_else(String::new, |status| format!(" ({status})"));
    let number = error.incident().map_or_else(String::new, |number| {
        format!("; its number for this is {number}")
    });
    format!(
        "Something between here and Bitbucket refused the request with its own page{status}, as firewalls \
         do{number}"
    )
}
