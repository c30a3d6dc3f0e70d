//! `bbtoken list`: the HTTP access tokens of a place.

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::access::{Access, Visit};
use super::exit::{Exit, Failure};
use super::{output, tokens, words};
use crate::bitbucket::Token;
use crate::clock::Clock;
use crate::config::Config;
use crate::environment::Environment;
use crate::operation::last_use::LastUse;
use crate::state::State;

/// Whose tokens are listed.
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    access: Access,
    /// For programs
    #[arg(long)]
    json: bool,
}

/// What its help says below the options.
pub(super) const AFTER_HELP: &str = "In a pipe it prints a line for each token, with tabs between: id, \
                                     name, permissions, created, last used, expires. A time that does not \
                                     apply is \"never\"; what the server does not say is empty, and null \
                                     in JSON.\n--json: { server, place, tokens: [ { id, name, permissions, \
                                     created, last_used, expires } ] }; place: { kind: personal, project \
                                     or repository, and user, project, repository }. Secrets are never \
                                     included.";

/// Prints the tokens.
///
/// # Errors
/// What went wrong, with the options that help.
pub(super) async fn run(arguments: List, config: &Config) -> Result<ExitCode, Failure> {
    let visit = arguments
        .access
        .visit(config, &Environment::of_process())
        .await?;
    let listed = visit.tokens().await;
    visit.leave().await;
    print(&arguments, &visit, &listed?)?;
    Ok(Exit::Done.into())
}

fn print(arguments: &List, visit: &Visit, listed: &[Token]) -> Result<(), Failure> {
    let is_terminal = io::stdout().is_terminal();
    let text = if arguments.json {
        let json = json!({
            "server": visit.client.base().to_string(),
            "place": tokens::place(&visit.place.scope()),
            "tokens": listed.iter().map(tokens::json).collect::<Vec<_>>(),
        });
        format!("{json:#}\n")
    } else if !is_terminal {
        listed
            .iter()
            .map(|token| tokens::line(token) + "\n")
            .collect()
    } else if listed.is_empty() {
        words::hint(&format!("No HTTP access tokens in {}.", visit.place.name()));
        return Ok(());
    } else {
        let (state, _) = State::load(&Environment::of_process());
        let last_use = |token: &Token| {
            let trial = state.last_trial(visit.client.base(), &token.id);
            LastUse::of(token, listed.iter(), trial)
        };
        let table = tokens::table(listed, last_use, Clock::system().now().time);
        return Ok(output::show(&table)?);
    };
    Ok(output::print(&text)?)
}
