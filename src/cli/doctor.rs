//! `bbtoken doctor`: a report on what works and what is in the way.

use std::error::Error;
use std::io::{self, BufRead, IsTerminal, Read as _, Write};
use std::process::ExitCode;

use clap::Args;
use zeroize::Zeroizing;

use super::address_of;
use crate::bitbucket::Code;
use crate::clock::Clock;
use crate::config::{ConfigError, Loaded};
use crate::doctor::{self, Credentials, Patient, State};
use crate::environment::Environment;
use crate::secret::Secret;

/// Lines of a report are no longer than this, so that they can be read.
const WIDEST: u16 = 100;
/// Where no terminal says how wide it is.
const USUAL: u16 = 80;
/// More than any password or token has, in bytes.
const LONGEST: u64 = 64 * 1024;

/// What is looked at.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Where your Bitbucket is; without one: that of the clone you are in, or the configured one
    #[arg(value_name = "ADDRESS")]
    address: Option<String>,
    /// For programs
    #[arg(long)]
    json: bool,
    /// Look at the rights too: with a password that is asked for or comes from standard input, or with a
    /// token where no user is named
    #[arg(long)]
    sign_in: bool,
    /// Whose password it is
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
    let credentials = if arguments.sign_in {
        credentials(arguments.user)?
    } else {
        Credentials::None
    };
    let report = doctor::examine(Patient {
        environment: &environment,
        clock: &Clock::system(),
        configuration,
        address: arguments.address.as_deref(),
        usual_address: address_of(&environment),
        credentials,
    })
    .await;
    let text = if arguments.json {
        format!("{}\n", serde_json::to_string_pretty(&report.json())?)
    } else {
        report.text(usize::from(columns()))
    };
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(if report.count(State::Bad) == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn columns() -> u16 {
    let terminal = io::stdout().is_terminal();
    let size = crossterm::terminal::size().ok().filter(|_| terminal);
    size.map_or(USUAL, |(columns, _)| columns).min(WIDEST)
}

/// Asks on the terminal, or reads standard input. Never an argument.
fn credentials(user: Option<String>) -> Result<Credentials, Box<dyn Error>> {
    let is_terminal = io::stdin().is_terminal();
    let user = match user {
        None if is_terminal => ask("User name (empty: use a token) ")?,
        user => user.filter(|user| !user.is_empty()),
    };
    let what = if user.is_some() { "Password" } else { "Token" };
    let secret = if is_terminal {
        Zeroizing::new(rpassword::prompt_password(format!(
            "{what} (it is not shown): "
        ))?)
    } else {
        line()?
    };
    let secret = Secret::new(secret.trim_end_matches(['\r', '\n']).to_owned());
    if secret.is_empty() {
        return Err(format!("{what}: nothing was given.").into());
    }
    Ok(match user {
        Some(user) => Credentials::Password {
            user,
            password: secret,
            codes: Box::new(move || code(is_terminal)),
        },
        None => Credentials::Token(secret),
    })
}

/// A line of standard input, with its end.
fn line() -> io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    io::stdin().lock().take(LONGEST).read_line(&mut text)?;
    Ok(text)
}

/// A code of two-step verification, asked for or the next line of standard input.
fn code(is_terminal: bool) -> io::Result<Option<Code>> {
    let text = if is_terminal {
        Zeroizing::new(rpassword::prompt_password(
            "Code of the authenticator app, or a recovery code (it is not shown): ",
        )?)
    } else {
        line()?
    };
    Ok(Code::read(&text))
}

fn ask(question: &str) -> Result<Option<String>, Box<dyn Error>> {
    // Not standard output: that holds the report alone.
    let mut out = io::stderr();
    write!(out, "{question}")?;
    out.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    let line = line.trim();
    Ok((!line.is_empty()).then(|| line.to_owned()))
}
