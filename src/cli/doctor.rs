//! `bbtoken doctor`: a report on what works and what is in the way.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use clap::Args;

use super::exit::Exit;
use super::{output, prompt};
use crate::bitbucket::{self, ErrorKind};
use crate::clock::Clock;
use crate::config::{ConfigError, Loaded};
use crate::doctor::{self, Explained, Login, Mark, Patient};
use crate::environment::Environment;
use crate::operation::whereabouts;
use crate::ui::problem::{Attempt, Problem};

/// Lines of a report are no longer than this, so that they can be read.
const WIDEST: usize = 100;
/// Where no terminal says how wide it is.
const USUAL: usize = 80;

/// What is looked at.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Where your Bitbucket is; without one: that of the clone you are in, or the configured one
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,
    /// For programs
    #[arg(long)]
    json: bool,
    /// Check your permissions too: asks for a password, or for a token if no user is named; it can come
    /// from standard input
    #[arg(long)]
    sign_in: bool,
    /// The user to sign in as
    #[arg(long, value_name = "NAME", requires = "sign_in")]
    user: Option<String>,
}

/// Prints the report.
///
/// # Errors
/// If nothing can be read or printed.
pub(super) async fn run(
    arguments: Doctor,
    configuration: Result<Loaded, ConfigError>,
) -> Result<ExitCode, Box<dyn Error>> {
    let environment = Environment::of_process();
    let login = if arguments.sign_in {
        login(arguments.user).await?
    } else {
        Login::None
    };
    let report = doctor::examine(Patient {
        environment: &environment,
        clock: &Clock::system(),
        configuration,
        address: arguments.address.as_deref(),
        usual_address: whereabouts::usual(&environment),
        login,
        explain,
    })
    .await;
    if arguments.json {
        output::print(&format!("{:#}\n", report.json()))?;
    } else {
        let columns = output::columns(&io::stdout()).unwrap_or(USUAL);
        output::show(&report.text(columns.min(WIDEST)))?;
    }
    Ok(if report.count(Mark::Bad) == 0 {
        Exit::Done.into()
    } else {
        Exit::Found.into()
    })
}

/// The words of the screens, with commands where those name keys.
fn explain(error: &bitbucket::Error, attempt: doctor::Attempt<'_>) -> Explained {
    let screens = match attempt {
        doctor::Attempt::Reach(address) => Attempt::Examine(address),
        doctor::Attempt::SignIn(base) => Attempt::SignIn(base),
        doctor::Attempt::UseToken(base) => Attempt::UseToken(base),
    };
    let Problem {
        why,
        next,
        said,
        technical,
        ..
    } = Problem::explain(error, screens);
    let next = match (attempt, &error.kind) {
        (doctor::Attempt::SignIn(base) | doctor::Attempt::UseToken(base), kind) => match kind {
            ErrorKind::SingleSignOn { .. }
            | ErrorKind::BasicDisabled
            | ErrorKind::Undescribed { .. } => {
                let page = base.page(&["plugins", "servlet", "access-tokens", "manage"]);
                format!("Create the token in the browser at {page}")
            }
            ErrorKind::Enrolment => format!(
                "Sign in once at {} and follow what it says there. Then run bbtoken doctor again.",
                base.page(&["login"])
            ),
            ErrorKind::Denied => {
                "Sign in once in the browser, to see whether that works. Then run bbtoken doctor again."
                    .to_owned()
            }
            ErrorKind::NotFound => "Show the last line to your administrators.".to_owned(),
            _ => next,
        },
        (doctor::Attempt::Reach(_), _) => next,
    };
    let next = if names_key(&next) {
        "Run bbtoken doctor again.".to_owned()
    } else {
        next
    };
    Explained {
        why,
        next,
        said,
        technical,
    }
}

/// Whether a sentence tells somebody to press something.
fn names_key(next: &str) -> bool {
    ["press ", "Press ", "esc ", "Esc ", "ctrl+", "F12"]
        .iter()
        .any(|key| next.contains(key))
}

/// Asks on the terminal, or reads standard input.
async fn login(user: Option<String>) -> Result<Login, Box<dyn Error>> {
    let user = match user {
        None if prompt::can_ask() => Some(prompt::line("User name (empty: use a token) ").await?),
        user => user,
    };
    let user = user.filter(|user| !user.is_empty());
    let what = if user.is_some() { "Password" } else { "Token" };
    let question = format!("{what} (it is not shown): ");
    let secret = match user {
        Some(_) => prompt::password(&question).await?,
        None => prompt::secret(&question).await?,
    };
    if secret.is_empty() {
        return Err(format!("{what}: nothing was given.").into());
    }
    Ok(match user {
        Some(user) => Login::Password {
            user,
            password: secret,
            codes: prompt::codes(),
        },
        None => Login::Token(secret),
    })
}
