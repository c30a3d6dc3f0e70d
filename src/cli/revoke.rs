//! `bbtoken revoke`: tokens of a place, after a question that says what stops working.

mod which;

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::access::{Access, Visit};
use super::exit::{Exit, Failure};
use super::interrupt::Interrupt;
use super::prompt::{self, Enter};
use super::{output, tokens, words};
use crate::bitbucket::{ErrorKind, Token};
use crate::clock::Clock;
use crate::config::Config;
use crate::environment::Environment;
use crate::git;
use crate::operation::journal::Journal;
use crate::operation::last_use::LastUse;
use crate::operation::revoke::{Revoked, Several, is_in_use, revoke};
use crate::permission::Permissions;
use crate::state::State;
use crate::ui::revocation;
use crate::when;

/// What is revoked.
#[derive(Debug, Args)]
pub(super) struct Revoke {
    #[command(flatten)]
    access: Access,
    /// The ids of the tokens, as bbtoken list shows them
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// The token whose secret is in this file: its id is read from it, and the secret is not sent
    #[arg(long, value_name = "FILE", conflicts_with = "ids")]
    token_file: Option<PathBuf>,
    /// The same from standard input, after the password where that comes from there too
    #[arg(long, conflicts_with_all = ["ids", "token_file"])]
    token_stdin: bool,
    /// Revoke without asking
    #[arg(long)]
    yes: bool,
    /// For programs
    #[arg(long)]
    json: bool,
}

/// Said where it ends before anything is sent.
const NOTHING: &str = "Nothing was revoked.";

/// What its help says below the options.
pub(super) const AFTER_HELP: &str = "First it shows what each token may do and when it was last used. For \
                                     more than one, or one that was used within 30 days, you type how many \
                                     there are; --yes answers every question. If one of the ids does not \
                                     exist, none is revoked. An error that concerns all of them, such as \
                                     too many requests, stops the rest.\nIn a pipe it prints a line for \
                                     each token, with a tab between: its id, and what became of it: \
                                     revoked, already gone, not revoked, not known or not tried.\n--json: \
                                     { server, place, tokens: [ { id, name, outcome, why } ] }.\nExit \
                                     status: 0 all are gone, 6 the outcome of some is unknown, otherwise \
                                     why the first was not revoked.";

/// Revokes the tokens, and says what became of each.
///
/// # Errors
/// What went wrong, with the options that help.
pub(super) async fn run(mut arguments: Revoke, config: &Config) -> Result<ExitCode, Failure> {
    let mut interrupt = Interrupt::listen()?;
    let by_secret = arguments.token_stdin || arguments.token_file.is_some();
    if !by_secret {
        arguments.access.take_ids(&mut arguments.ids)?;
    }
    prompt::needs_answer(arguments.yes, "Add --yes to revoke without a question.")?;
    let environment = Environment::of_process();
    let visiting = arguments.access.visit(config, &environment);
    let visit = interrupt.until_told(visiting, NOTHING).await?;
    let several = decide_and_revoke(&arguments, &visit, &environment, &mut interrupt).await;
    visit.leave().await;
    let several = several?;
    print(&arguments, &visit, &several)?;
    let failed: Vec<_> = several.failed().map(|(_, it)| status(it)).collect();
    let rest = several.not_tried().next().map(|_| Exit::Failed);
    let exit = if failed.contains(&Exit::Unknown) {
        Exit::Unknown
    } else {
        failed.first().copied().or(rest).unwrap_or(Exit::Done)
    };
    Ok(exit.into())
}

async fn decide_and_revoke(
    arguments: &Revoke,
    visit: &Visit,
    environment: &Environment,
    interrupt: &mut Interrupt,
) -> Result<Several, Failure> {
    visit.needs_person("revoke")?;
    let deciding = async {
        let (all, chosen) = which::choose(arguments, visit).await?;
        let agreed = is_agreed(arguments, visit, environment, &all, &chosen).await?;
        Ok::<_, Failure>(agreed.then_some(chosen))
    };
    match interrupt.until_told(deciding, NOTHING).await? {
        Some(chosen) => Ok(carry_out(arguments, visit, Several::of(chosen), interrupt).await?),
        None => Err(Failure::new(Exit::Failed, NOTHING)),
    }
}

/// Says what stops working, and has somebody agree to it.
async fn is_agreed(
    arguments: &Revoke,
    visit: &Visit,
    environment: &Environment,
    all: &[Token],
    chosen: &[Token],
) -> Result<bool, Failure> {
    let now = Clock::system().now().time;
    let gits = git::set_ups_at(environment, &visit.client.base().to_string());
    let (state, _) = State::load(environment);
    let last_use = |token: &Token| {
        let trial = state.last_trial(visit.client.base(), &token.id);
        LastUse::of(token, all.iter(), trial)
    };
    for token in chosen {
        words::hint(&about(token, last_use(token), now));
        if gits
            .iter()
            .any(|it| it.token.id.as_ref() == Some(&token.id))
        {
            words::hint("  git on this computer uses it, and will be refused from then on.");
        }
    }
    if arguments.yes {
        return Ok(true);
    }
    let is_used = |token: &Token| is_in_use(token, last_use(token), now);
    let count = chosen.len();
    let typed = if count > 1 || chosen.iter().any(is_used) {
        let what = if count == 1 { "it" } else { "them" };
        let question = format!("Revoking cannot be undone. Type {count} to revoke {what}: ");
        prompt::line(&question).await? == count.to_string()
    } else {
        prompt::agrees("Revoking cannot be undone. Revoke it?", Enter::No).await?
    };
    Ok(typed)
}

/// "\"deploy\" (id 1234): Repository write, created 1 year ago. It was last used 2 days ago: …"
pub(super) fn about(token: &Token, last_use: LastUse, now: Timestamp) -> String {
    let may = token.permissions.as_ref().map_or_else(
        || "what it may do is not known".to_owned(),
        Permissions::to_string,
    );
    let created = token.created.map_or_else(String::new, |created| {
        format!(", created {}", when::relative(created, now))
    });
    let breaks = revocation::what_breaks(token, last_use, now);
    format!(
        "\"{}\" (id {}): {may}{created}. {breaks}",
        token.name, token.id
    )
}

/// Revokes one after the other; what failed is offered once more.
async fn carry_out(
    arguments: &Revoke,
    visit: &Visit,
    mut several: Several,
    interrupt: &mut Interrupt,
) -> io::Result<Several> {
    let desk = visit.desk(Journal::none());
    let scope = visit.place.scope();
    loop {
        let mut is_stopped = false;
        while let Some(token) = several.next().cloned() {
            let finished = interrupt
                .finish(revoke(&desk, &scope, &token.id, None))
                .await;
            let unknown = || Revoked::NotKnown(ErrorKind::TimedOut.into());
            let revoked = finished.outcome.unwrap_or_else(unknown);
            say(&token, &revoked);
            several.take(revoked);
            if finished.is_stopped {
                is_stopped = true;
                several.stop();
            }
        }
        let not_tried = several.not_tried().count();
        if not_tried > 0 {
            words::hint(&format!("Not tried: {not_tried}."));
        }
        let left = several.failed().count() + not_tried;
        if left == 0 || is_stopped || arguments.yes || !prompt::can_ask() {
            return Ok(several);
        }
        let again = tokio::select! {
            again = wants_again(left) => again?,
            () = interrupt.told() => false,
        };
        if !again {
            return Ok(several);
        }
        several.again();
    }
}

async fn wants_again(left: usize) -> io::Result<bool> {
    let question = match left {
        1 => "Try it again?".to_owned(),
        left => format!("Try these {left} again?"),
    };
    prompt::agrees(&question, Enter::No).await
}

/// What became of it, for whoever watches.
pub(super) fn say(token: &Token, revoked: &Revoked) {
    let name = &token.name;
    match revoked {
        Revoked::Revoked => words::hint(&format!("✓ Revoked \"{name}\".")),
        Revoked::AlreadyGone => words::hint(&format!("✓ \"{name}\" was already gone.")),
        Revoked::Refused(error) => {
            let failure = words::failed(&format!("✗ \"{name}\" was not revoked"), error);
            words::hint(&failure.lines.join("\n"));
        }
        Revoked::StillThere(error) => words::hint(&format!(
            "? {}, and the list still has \"{name}\". {}",
            words::lost(error),
            words::let_through(error)
        )),
        Revoked::NotKnown(error) => words::hint(&format!(
            "? Bitbucket's answer got lost, and the list cannot be read ({}): it is not known whether \
             \"{name}\" was revoked.",
            error.brief()
        )),
    }
}

/// The same for scripts.
pub(super) fn status(revoked: &Revoked) -> Exit {
    match revoked {
        Revoked::Revoked | Revoked::AlreadyGone => Exit::Done,
        Revoked::Refused(error) => words::status(error),
        Revoked::StillThere(_) | Revoked::NotKnown(_) => Exit::Unknown,
    }
}

fn print(arguments: &Revoke, visit: &Visit, several: &Several) -> Result<(), Failure> {
    let ended = several
        .ended()
        .map(|(token, revoked)| (token, Some(revoked)));
    let not_tried = several.not_tried().map(|token| (token, None));
    let all = ended.chain(not_tried);
    if arguments.json {
        let tokens = all.map(|(token, revoked)| {
            json!({
                "id": token.id,
                "name": token.name,
                "outcome": word(revoked),
                "why": revoked.and_then(Revoked::error).map(|error| error.kind.to_string()),
            })
        });
        let json = json!({
            "server": visit.client.base().to_string(),
            "place": tokens::place(&visit.place.scope()),
            "tokens": tokens.collect::<Vec<_>>(),
        });
        output::print(&format!("{json:#}\n"))?;
    } else if !io::stdout().is_terminal() {
        let lines = all.map(|(token, revoked)| format!("{}\t{}\n", token.id, word(revoked)));
        output::print(&lines.collect::<String>())?;
    }
    Ok(())
}

/// What became of a token, for programs.
pub(super) fn word(revoked: Option<&Revoked>) -> &'static str {
    match revoked {
        Some(Revoked::Revoked) => "revoked",
        Some(Revoked::AlreadyGone) => "already gone",
        Some(Revoked::Refused(_)) => "not revoked",
        Some(Revoked::StillThere(_) | Revoked::NotKnown(_)) => "not known",
        None => "not tried",
    }
}
