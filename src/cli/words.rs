//! What went wrong, in the words of the command line: options and commands are named, never keys.

use jiff::tz::TimeZone;

use super::exit::{Exit, Failure};
pub(super) use super::output::hint;
use crate::bitbucket::{
    AccountState, BaseUrl, CertificateProblem, Destination, Error, ErrorKind, Observer, Progress,
    Record,
};
use crate::clock::Clock;
use crate::operation::draft::{self, LONGEST_NAME, NameError};
use crate::operation::place::Place;
use crate::operation::whereabouts::{ACCOUNT, Unclear};
use crate::secret::repeatable;
use crate::ui::problem;
use crate::when;

/// Whoever waits on a terminal sees how long the server wants a pause.
pub(super) fn pauses() -> Observer {
    let told = |record: Record| {
        if let Progress::Pauses { until } = record.state {
            let until = when::time_of_day(until, &TimeZone::system());
            hint(&format!(
                "Bitbucket has had too many requests and asks for a pause. bbtoken waits until {until} and \
                 then continues; ctrl+c stops it."
            ));
        }
    };
    Observer::new(Clock::system(), told)
}

/// Nobody knows which place is meant.
pub(super) fn unclear(unclear: Unclear) -> Failure {
    const FORMS: &str = "Name the place: PROJECT/repository, PROJECT, @me or an address.";
    match unclear {
        Unclear::Address(text, error) => {
            let text = repeatable(&text).unwrap_or("What was given");
            Failure::new(Exit::Usage, format!("{text} is not an address.")).next(error.to_string())
        }
        Unclear::Guess { base, place } => {
            let what = format!(
                "An address for git over SSH does not say where the web pages are. Perhaps at {base}, which is a guess: nothing was sent there."
            );
            let name = match place {
                Some(Destination::Account) => ACCOUNT.to_owned(),
                Some(place) => place.name().replace(" / ", "/"),
                None => "PLACE".to_owned(),
            };
            Failure::new(Exit::Usage, what)
                .next(format!("If that is right, say so: {name} --server {base}"))
        }
        Unclear::Server => Failure::new(
            Exit::Usage,
            "No Bitbucket was given, and none is known here.",
        )
        .next("Add --server ADDRESS, or set BBTOKEN_SERVER."),
        Unclear::Place(base) => Failure::new(
            Exit::Usage,
            format!(
                "No place was given, and this directory is not a clone of a repository on {base}."
            ),
        )
        .next(FORMS),
        Unclear::Elsewhere { place, named } => Failure::new(
            Exit::Usage,
            format!("The place is on {place}, but --server says {named}."),
        )
        .next("Leave --server out."),
    }
}

/// Nothing that can be spoken to is at the address.
pub(super) fn not_reached(base: &BaseUrl, error: &Error) -> Failure {
    let what = format!("No Bitbucket could be reached at {base}");
    failed(&what, error).next(format!("To find out why: bbtoken doctor {base}"))
}

/// The sign-in did not work.
pub(super) fn not_signed_in(base: &BaseUrl, error: &Error) -> Failure {
    let failure = match error.kind {
        ErrorKind::NotSignedIn => Failure::new(
            Exit::SignIn,
            format!(
                "Not signed in on {base}: Bitbucket accepted the password, but does not say who you are."
            ),
        )
        .next(error.technical()),
        _ => failed(&format!("Not signed in on {base}"), error),
    };
    let in_browser = || format!("Create the token in the browser instead: bbtoken {base}");
    match &error.kind {
        ErrorKind::WrongPassword => failure
            .next("Check the user name (--user) and the password. After several wrong ones Bitbucket asks for a captcha."),
        ErrorKind::Captcha { login_url } => {
            let page = login_url.clone().unwrap_or_else(|| base.page(&["login"]));
            failure.next(format!(
                "Sign in once in the browser, and solve the captcha there: {page}"
            ))
        }
        ErrorKind::Denied => failure.next(
            "The user name or the password may be wrong: sign in once in the browser to check.",
        ),
        ErrorKind::NoSuchPath => {
            failure.next("Is the address right, with its path, such as /bitbucket?")
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
        (ErrorKind::NoSuchPath, Place::Account(_)) => failure.next(
            "Personal HTTP access tokens need version 5.5 or later.",
        ),
        (ErrorKind::NoSuchPath, _) => failure
            .next("HTTP access tokens of projects and repositories need version 7.18 or later, and a Data Center licence.")
            .next("For a personal token, which reaches what you reach, name @me as the place."),
        _ => failure,
    }
}

/// One token of a place cannot be read.
pub(super) fn no_token(place: &Place, id: &str, error: &Error) -> Failure {
    match error.kind {
        ErrorKind::NoSuchToken => Failure::new(
            Exit::Failed,
            format!("{} has no token with the id {id}.", place.name()),
        )
        .next("bbtoken list shows the ids."),
        _ => at(place, &format!("The token {id} cannot be read"), error),
    }
}

/// What came instead of an answer that says what was done: "Bitbucket's answer got lost (…)".
pub(super) fn lost(error: &Error) -> String {
    let why = match error.server_message() {
        Some(said) => format!("{}: {said}", error.kind),
        None => error.kind.to_string(),
    };
    if error.kind == ErrorKind::Blocked {
        problem::lost(error)
    } else if error.was_answered() {
        format!("Bitbucket's answer does not say what happened ({why})")
    } else {
        format!("Bitbucket's answer got lost ({why})")
    }
}

/// The name that somebody wants a token to have.
pub(super) fn token_name(name: &str) -> Result<&str, Failure> {
    if name.contains(char::is_control) {
        let what = "--name contains a line break or another control character.";
        return Err(Failure::new(Exit::Usage, what));
    }
    draft::check_name(name).map_err(|error| {
        let what = match error {
            NameError::Missing => "--name is empty.".to_owned(),
            NameError::TooLong(length) => {
                format!("--name has {length} characters; at most {LONGEST_NAME} are allowed.")
            }
        };
        Failure::new(Exit::Usage, what)
    })
}

/// What happened and why, with the server's own words where they say more.
pub(super) fn failed(what: &str, error: &Error) -> Failure {
    let why = match &error.kind {
        ErrorKind::NotSignedIn => "Bitbucket does not know who you are".to_owned(),
        ErrorKind::AccountRefused(AccountState::NoLicence) => {
            "your account has no licence to use Bitbucket".to_owned()
        }
        kind => kind.to_string(),
    };
    let failure = Failure::new(status(error), format!("{what}: {why}."));
    let failure = match error.server_message() {
        Some(_) if speaks_for_itself(&error.kind) => failure,
        Some(said) if error.is_bitbuckets() => failure.next(format!("Bitbucket says: {said}")),
        Some(said) => failure.next(format!("The answer says: {said}")),
        None => failure,
    };
    match &error.kind {
        ErrorKind::NotSignedIn => failure
            .next("The sign-in has ended, or something on the network removes it. Run it again.")
            .next(error.technical()),
        ErrorKind::AccountRefused(AccountState::NoLicence) => {
            failure.next("Ask an administrator of this Bitbucket to give it one.")
        }
        ErrorKind::NoSuchPath if !error.is_bitbuckets() => failure
            .next("Perhaps a proxy in front hides it: the answer does not look like Bitbucket's.")
            .next(error.technical()),
        ErrorKind::NotAcceptable => failure
            .next("Perhaps a proxy in front has changed the request.")
            .next(error.technical()),
        ErrorKind::XsrfCheckFailed => failure
            .next("bbtoken marks its requests with the header X-Atlassian-Token: perhaps a proxy in front removes it.")
            .next(error.technical()),
        ErrorKind::Unnamed => failure.next("Something on the network removes the header X-AUSERNAME from \
                                            the answers. A password still works."),
        ErrorKind::Blocked => failure.next(let_through(error)).next(error.technical()),
        ErrorKind::Denied => failure
            .next("The answer does not look like Bitbucket's: something in front of it may be blocking \
                   programs.")
            .next(error.technical()),
        ErrorKind::RateLimited { retry_after } => {
            let wait = format!("Wait {}, then run it again.", when::pause(*retry_after));
            let ends = error.pause_ends();
            let ends = ends.map(|ends| when::pause_ends(ends, &TimeZone::system()));
            ends.into_iter().fold(failure.next(wait), Failure::next)
        }
        ErrorKind::ClientCertificate(CertificateProblem::Wanted) => failure.next(
            "Name its file and that of its key in the configuration (client_certificate, client_key: bbtoken config --sample), or in BBTOKEN_CLIENT_CERTIFICATE and BBTOKEN_CLIENT_KEY.",
        ),
        ErrorKind::ClientCertificate(CertificateProblem::Refused(_)) => failure.next(
            "It may have expired, or come from another authority than the server wants: ask your administrators.",
        ),
        ErrorKind::Certificate(_) => failure.next(
            "To trust your company's own authority, set ca_file in the configuration: bbtoken config \
             --sample",
        ),
        ErrorKind::Other | ErrorKind::NotJson | ErrorKind::ServerFault => {
            failure.next(error.technical())
        }
        _ => failure,
    }
}

/// What to do about somebody in between who refuses.
pub(super) fn let_through(error: &Error) -> String {
    problem::let_through(error).unwrap_or_else(|| "Run it again.".to_owned())
}

fn speaks_for_itself(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WrongPassword
            | ErrorKind::BasicDisabled
            | ErrorKind::Captcha { .. }
            | ErrorKind::NotPermitted
            | ErrorKind::NotSignedIn
            | ErrorKind::NoSuchPath
    )
}

/// What a script is told.
pub(super) fn status(error: &Error) -> Exit {
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
