//! What went wrong, in the words of the command line: options and commands are named, never keys.

use std::io::{self, Write as _};

use jiff::tz::TimeZone;

use super::exit::{Exit, Failure};
use crate::bitbucket::{BaseUrl, Destination, Error, ErrorKind};
use crate::operation::granted::Difference;
use crate::operation::place::Place;
use crate::operation::whereabouts::Unclear;
use crate::when;

/// A line for people, beside the result: on standard error. Where that is closed, nobody reads it.
pub(super) fn hint(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Nobody knows which place is meant.
pub(super) fn unclear(unclear: Unclear) -> Failure {
    const FORMS: &str = "Name the place: PROJECT/repository, PROJECT, @me or an address.";
    match unclear {
        Unclear::Address(text, error) => {
            Failure::new(Exit::Usage, format!("{text} is no address.")).next(error.to_string())
        }
        Unclear::Server => Failure::new(Exit::Usage, "On which Bitbucket? None is known here.")
            .next("Add --server ADDRESS, or set BBTOKEN_SERVER."),
        Unclear::Place(base) => Failure::new(
            Exit::Usage,
            format!("Which place on {base}? This directory is no clone of a repository there."),
        )
        .next(FORMS),
        Unclear::Elsewhere { place, named } => Failure::new(
            Exit::Usage,
            format!("The place is on {place}, and --server says {named}."),
        )
        .next("Leave --server out."),
    }
}

/// Nothing that can be spoken to is at the address.
pub(super) fn not_reached(base: &BaseUrl, error: &Error) -> Failure {
    let what = format!("No Bitbucket could be reached at {base}");
    failed(&what, error).next(format!("What is in the way: bbtoken doctor {base}"))
}

/// The sign-in did not work.
pub(super) fn not_signed_in(base: &BaseUrl, error: &Error) -> Failure {
    let failure = failed(&format!("Not signed in on {base}"), error);
    let in_browser = || format!("The browser gets in: bbtoken {base} leads through it.");
    match &error.kind {
        ErrorKind::WrongPassword => {
            failure.next("Is --user right? Each wrong password brings Bitbucket's captcha nearer.")
        }
        ErrorKind::Captcha { login_url } => {
            let page = login_url.clone().unwrap_or_else(|| base.page(&["login"]));
            failure.next(format!(
                "Sign in once in the browser, and solve the captcha there: {page}"
            ))
        }
        ErrorKind::WrongCode => failure.next("Is the clock of the device with the app right?"),
        ErrorKind::LoginOver => failure.next("Run it again."),
        ErrorKind::Enrolment => {
            let page = base.page(&["login"]);
            failure.next(format!(
                "Sign in once in the browser, and follow what it says there: {page}"
            ))
        }
        ErrorKind::SingleSignOn { .. }
        | ErrorKind::Undescribed { .. }
        | ErrorKind::BasicDisabled => failure.next(in_browser()),
        _ => failure,
    }
}

/// The place cannot be looked at.
pub(super) fn no_place(to: &Destination, error: &Error) -> Failure {
    let name = to.name();
    match error.kind {
        ErrorKind::NotFound | ErrorKind::NotPermitted => Failure::new(
            status(error),
            format!("{name} does not exist, or you may not see it."),
        ),
        _ => failed(&format!("{name} could not be looked up"), error),
    }
}

/// A command about the tokens of a place failed.
pub(super) fn at(place: &Place, what: &str, error: &Error) -> Failure {
    let failure = failed(what, error);
    match (&error.kind, place) {
        (ErrorKind::NotPermitted, Place::Account(_)) => failure.next(
            "Your account may not have personal tokens: ask an administrator of this Bitbucket.",
        ),
        (ErrorKind::NotPermitted, place) => failure
            .next(format!("Bitbucket lets only {}.", place.who_may()))
            .next("For a personal token, which reaches what you reach, name @me as the place."),
        (ErrorKind::NoSuchPath, _) => failure.next(
            "This Bitbucket has no HTTP access tokens here: its version or its licence lacks them.",
        ),
        _ => failure,
    }
}

/// A new token is not as it was asked for.
pub(super) fn difference(difference: &Difference) -> String {
    let zone = TimeZone::system();
    match difference {
        Difference::NameUnknown => "Bitbucket does not say what it is called.".to_owned(),
        Difference::Name => "It has another name than was asked for.".to_owned(),
        Difference::RightsUnknown => "Bitbucket does not say what it may do.".to_owned(),
        Difference::MoreRights => "It may do more than was asked for.".to_owned(),
        Difference::FewerRights => "It may do less than was asked for.".to_owned(),
        Difference::ExpiryUnknown => "Bitbucket does not say when it expires.".to_owned(),
        Difference::Expires(time) => format!(
            "It expires on {}, at another time than was asked for.",
            when::date(*time, &zone)
        ),
        Difference::Expired(time) => format!("It expired on {}.", when::date(*time, &zone)),
        Difference::NeverExpires => "It never expires, although that was asked for.".to_owned(),
    }
}

/// What happened and why, with the server's own words where they say more.
pub(super) fn failed(what: &str, error: &Error) -> Failure {
    let failure = Failure::new(status(error), format!("{what}: {}.", error.kind));
    let failure = match error.server_message() {
        Some(said) if !speaks_for_itself(&error.kind) => {
            failure.next(format!("Bitbucket says: {said}"))
        }
        _ => failure,
    };
    match &error.kind {
        ErrorKind::RateLimited { retry_after } => {
            let wait = retry_after.map_or(60, |wait| wait.as_secs().max(1));
            failure.next(format!("Wait {wait} seconds, then try again."))
        }
        ErrorKind::Certificate(_) => failure.next(
            "The company's own authority is trusted with ca_file in the configuration: bbtoken config --sample",
        ),
        ErrorKind::Other | ErrorKind::NotJson | ErrorKind::Denied | ErrorKind::ServerFault => {
            failure.next(error.technical())
        }
        _ => failure,
    }
}

fn speaks_for_itself(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WrongPassword
            | ErrorKind::BasicDisabled
            | ErrorKind::Captcha { .. }
            | ErrorKind::NotPermitted
    )
}

/// What a script is told.
fn status(error: &Error) -> Exit {
    match error.kind {
        _ if error.outcome_is_unknown() => Exit::Unknown,
        ErrorKind::WrongPassword
        | ErrorKind::NotSignedIn
        | ErrorKind::Captcha { .. }
        | ErrorKind::BasicDisabled
        | ErrorKind::AccountRefused(_)
        | ErrorKind::WrongCode
        | ErrorKind::LoginOver
        | ErrorKind::Enrolment
        | ErrorKind::Undescribed { .. }
        | ErrorKind::ElevatedSession
        | ErrorKind::SingleSignOn { .. } => Exit::SignIn,
        ErrorKind::NotPermitted => Exit::NotPermitted,
        _ => Exit::Failed,
    }
}
