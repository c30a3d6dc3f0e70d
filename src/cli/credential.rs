//! `bbtoken credential`, which git runs where it was set up with bbtoken as its helper.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

use super::{output, words};
use crate::clock::Clock;
use crate::environment::Environment;
use crate::git::{self, Store, credential};
use crate::state::State;
use crate::when;

/// How git asks its helper.
#[derive(Debug, Args)]
pub(super) struct Credential {
    /// An address that the token is for; it is given out for no other
    #[arg(long = "for", value_name = "ADDRESS", required = true)]
    addresses: Vec<String>,
    /// What keeps the token: secret-tool, or git: and the name of a helper
    #[arg(long, value_name = "STORE")]
    store: Store,
    /// Under which name it keeps the token; without one: the address
    #[arg(long, value_name = "NAME")]
    entry: Option<String>,
    /// What git wants
    #[arg(value_enum)]
    action: CredentialAction,
}

/// What git wants of its helper.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum CredentialAction {
    /// The token
    Get,
    /// Nothing: the token is kept already
    Store,
    /// Nothing: a refused token is kept too, and git's user is told
    Erase,
}

/// Answers git, on standard input and output.
///
/// # Errors
/// If the store cannot be asked.
pub(super) async fn answer_git(arguments: Credential) -> Result<ExitCode, Box<dyn Error>> {
    let Credential {
        addresses,
        store,
        entry,
        action,
    } = arguments;
    let entry = entry.or_else(|| addresses.first().cloned());
    let entry = entry.unwrap_or_default();
    let request = credential::Request::read(io::stdin().lock())?;
    let environment = Environment::of_process();
    let reply = match action {
        CredentialAction::Get => {
            let told = git::bring_to_end(&environment).await;
            for told in &told {
                output::hint(&format!("bbtoken: {told}"));
            }
            match addresses.first().filter(|_| !told.is_empty()) {
                Some(address) => {
                    credential::get_as_recorded(&environment, &request, address).await?
                }
                None => credential::get(&environment, &request, &addresses, &store, &entry).await?,
            }
        }
        CredentialAction::Store => credential::Reply::default(),
        CredentialAction::Erase => credential::erase(&request, &addresses),
    };
    io::stdout().lock().write_all(reply.lines.as_bytes())?;
    if let Some(hint) = reply.hint {
        output::hint(&format!("bbtoken: {hint}"));
    } else if let (CredentialAction::Get, Some(address)) = (action, addresses.first()) {
        warn_before_expiry(&environment, address);
    }
    Ok(ExitCode::SUCCESS)
}

/// Once a day, where somebody may read it. Whatever goes wrong with that, git has its answer.
fn warn_before_expiry(environment: &Environment, address: &str) {
    let now = Clock::system().now().time;
    let is_read = environment.get(credential::QUIET).is_none();
    let expires = credential::expires_soon(environment, address, now).filter(|_| is_read);
    if let Some(expires) = expires {
        let (mut state, _) = State::load(environment);
        let today = now.to_zoned_datetime(TimeZone::system()).date();
        if state.tells_of_expiry(address, today) {
            words::hint(&format!(
                "bbtoken: the token for {address} expires {}. A new one in its place: bbtoken rotate --git",
                when::relative(expires, now)
            ));
            let _ = state.take_unsaved().save(environment);
        }
    }
}
