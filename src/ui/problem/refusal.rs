//! Refusals of which little is known: what is certain is said, and a guess is worded as one.

use super::Attempt;
use crate::bitbucket::{AccountState, Error, ErrorKind};

/// Why, and what to do next, where the kind of the refusal decides it more than what was tried.
pub(super) fn words(error: &Error, attempt: Attempt<'_>, again: &str) -> Option<(String, String)> {
    let (why, next) = match &error.kind {
        ErrorKind::AccountRefused(AccountState::NoLicence) => {
            let account = match attempt {
                Attempt::UseToken(_) | Attempt::TakeOver(_) | Attempt::Check(_) => "the account of this token",
                _ => "your account",
            };
            (
                format!("Bitbucket knows {account}, but it has no licence to use Bitbucket."),
                "Ask an administrator of this Bitbucket to give it one.".to_owned(),
            )
        }
        ErrorKind::Denied => denied(error, attempt, again),
        ErrorKind::XsrfCheckFailed => (
            "Bitbucket took the request for one forged by another web page. bbtoken marks its requests \
             with the header X-Atlassian-Token; perhaps a proxy in front removes it.".to_owned(),
            "Show the last line to your administrators.".to_owned(),
        ),
        ErrorKind::ServerFault if error.is_bitbuckets() => (
            "Bitbucket failed while answering: an internal error.".to_owned(),
            format!("{again}. If this keeps happening, show the last line to your administrators."),
        ),
        ErrorKind::ServerFault => (
            "The server failed while answering. It does not say whether that was Bitbucket, or something \
             in front of it.".to_owned(),
            format!("{again}. If this keeps happening, show the last line to your administrators."),
        ),
        ErrorKind::NotAcceptable => (
            "The server refuses to answer in JSON, the form that bbtoken asks for. Perhaps a proxy in front has changed the request.".to_owned(),
            "Show the last line to your administrators.".to_owned(),
        ),
        ErrorKind::PathMoved { path } => (
            format!("It has moved: on this server it is now {path}."),
            "Go back with {back} and press {reload}: the list shows where it is now.".to_owned(),
        ),
        ErrorKind::NoSuchPath => return no_such_path(attempt),
        _ => return None,
    };
    Some((why, next))
}

/// 401, 403 or 405 without Bitbucket's form, and without the name of whoever asked.
fn denied(error: &Error, attempt: Attempt<'_>, again: &str) -> (String, String) {
    let status = error
        .status()
        .map_or_else(String::new, |status| format!(" ({status})"));
    let (guess, next) = match attempt {
        Attempt::Connect(_) | Attempt::Examine(_) => (
            "Perhaps something in front of it lets in only people on the company's network, or people who \
             have signed in with the browser.",
            "Open the address in the browser: what does it show there? Is a VPN needed for this server?".to_owned(),
        ),
        Attempt::SignIn(_) => (
            "Perhaps the user name or the password is not right; perhaps something in front of Bitbucket \
             blocks programs.",
            "Sign in once in the browser, to see whether the password is right. Then type it again, or \
             continue in the browser.".to_owned(),
        ),
        Attempt::UseToken(_) | Attempt::TakeOver(_) | Attempt::Check(_) => (
            "Perhaps the token has expired or was revoked, or not all of it was copied; perhaps something \
             in front of Bitbucket blocks programs.",
            "Paste it again. If this keeps happening, show the last line to your administrators.".to_owned(),
        ),
        _ => (
            "Perhaps something in front of Bitbucket forbids it, or the sign-in has ended.",
            format!("{again}. If this keeps happening, show the last line to your administrators."),
        ),
    };
    (
        format!(
            "It was refused{status}, and no reason was given: the answer does not look like Bitbucket's. \
             {guess}"
        ),
        next,
    )
}

/// 404 that is no error of a resource. The tokens' own lists have words of their own.
fn no_such_path(attempt: Attempt<'_>) -> Option<(String, String)> {
    let (why, next) = match attempt {
        Attempt::ListTokens(_) | Attempt::CreateToken(_) => return None,
        Attempt::Connect(_) | Attempt::Examine(_) => (
            "Something answers there, but it has no REST API of Bitbucket's.",
            "Copy the address from the browser while you look at Bitbucket. A path such as /bitbucket belongs to it.",
        ),
        Attempt::SignIn(_)
        | Attempt::UseToken(_)
        | Attempt::TakeOver(_)
        | Attempt::Check(_)
        | Attempt::OAuth(_) => (
            "The server has no such path as Bitbucket has for that. Perhaps a proxy in front hides Bitbucket's REST API.",
            "Is the address right, with its path, such as /bitbucket? Otherwise show the last line to your administrators.",
        ),
        Attempt::List(_) | Attempt::FindToken(_) | Attempt::Revoke(_) | Attempt::Change(_) => (
            "The server has no such path. Perhaps this Bitbucket is too old for it, or its licence lacks it, or a proxy in front hides it.",
            "Show the last line to your administrators.",
        ),
    };
    Some((why.to_owned(), next.to_owned()))
}
