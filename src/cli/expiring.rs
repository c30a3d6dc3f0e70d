//! `bbtoken expiring`: which tokens run out, for cron and for prompts.

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::access::Access;
use super::exit::{Exit, Failure};
use super::{output, words};
use crate::bitbucket::BaseUrl;
use crate::clock::Clock;
use crate::config::Config;
use crate::environment::Environment;
use crate::git;
use crate::operation::expiring::{RunsOut, Within, not_told, not_written_down, runs_out};
use crate::when;

/// Whose tokens are looked at, and how far ahead.
#[derive(Debug, Args)]
pub(super) struct Expiring {
    #[command(flatten)]
    access: Access,
    /// How many days ahead to look
    #[arg(long, value_name = "N", default_value_t = 14, value_parser = clap::value_parser!(u32).range(1..=9999))]
    days: u32,
    /// Only those that git on this computer was set up with, from bbtoken's own records; no server is
    /// asked
    #[arg(long, conflicts_with_all = ["place", "repo", "user", "password_stdin", "plain_http"])]
    git: bool,
    /// For programs
    #[arg(long)]
    json: bool,
}

/// What its help says below the options.
pub(super) const AFTER_HELP: &str = "Without PLACE: your personal tokens, and those that git on this \
                                     computer was set up with there. Those that expired within as many \
                                     days before are listed too. If there are none, it prints nothing.\nIn \
                                     a pipe it prints a line for each token, with tabs between: id, name, \
                                     expires, place.\n--json: { server, days, tokens: [ { id, name, place, \
                                     expires, expired, git } ], not_known: [ ADDRESS ] }; git: git on this \
                                     computer is set up with it; server is null with --git alone; \
                                     not_known: for which git has a token whose expiry nobody wrote down.\nExit status: 0 none expires, 3 \
                                     some do.";

/// Prints what runs out.
///
/// # Errors
/// What went wrong, with the options that help.
pub(super) async fn run(mut arguments: Expiring, config: &Config) -> Result<ExitCode, Failure> {
    let environment = Environment::of_process();
    let now = Clock::system().now().time;
    let within = Within::days(arguments.days, now);
    let (server, found, not_known) = if arguments.git {
        let server = arguments.access.server().map(BaseUrl::parse).transpose()?;
        let set_ups = match &server {
            Some(base) => git::set_ups_at(&environment, &base.to_string()),
            None => git::set_ups(&environment),
        };
        let not_known = not_written_down(&set_ups, &[]);
        (server, runs_out(&[], "", &set_ups, within), not_known)
    } else {
        let is_all = arguments.access.or_account();
        let visit = arguments.access.visit(config, &environment).await?;
        let place = visit.place.name();
        let listed = visit.tokens().await;
        visit.leave().await;
        let listed = listed?;
        let base = visit.client.base().clone();
        let mut set_ups = git::set_ups_at(&environment, &base.to_string());
        if !is_all {
            let is_listed = |id: &String| listed.iter().any(|token| token.id == *id);
            set_ups.retain(|set_up| set_up.token.id.as_ref().is_some_and(is_listed));
        }
        match not_told(&listed) {
            0 => {}
            count => words::hint(&format!(
                "? The expiry of {count} is not known: Bitbucket does not say."
            )),
        }
        let not_known = not_written_down(&set_ups, &listed);
        let found = runs_out(&listed, &place, &set_ups, within);
        (Some(base), found, not_known)
    };
    for address in &not_known {
        words::hint(&format!(
            "? When git's token for {address} expires is not known here. Bitbucket's own list of tokens shows it."
        ));
    }
    print(&arguments, server, (&found, &not_known), now)?;
    let exit = if found.is_empty() {
        Exit::Done
    } else {
        Exit::Found
    };
    Ok(exit.into())
}

fn print(
    arguments: &Expiring,
    server: Option<BaseUrl>,
    (found, not_known): (&[RunsOut], &[String]),
    now: Timestamp,
) -> Result<(), Failure> {
    let text = if arguments.json {
        let tokens = found.iter().map(|it| {
            json!({
                "id": it.id,
                "name": it.name,
                "place": it.place,
                "expires": it.expires.to_string(),
                "expired": it.expires <= now,
                "git": it.is_gits,
            })
        });
        let json = json!({
            "server": server.map(|base| base.to_string()),
            "days": arguments.days,
            "tokens": tokens.collect::<Vec<_>>(),
            "not_known": not_known,
        });
        format!("{json:#}\n")
    } else if io::stdout().is_terminal() {
        let sentences = found.iter().map(|it| sentence(it, now) + "\n");
        return Ok(output::show(&sentences.collect::<String>())?);
    } else {
        found.iter().map(|it| line(it) + "\n").collect()
    };
    Ok(output::print(&text)?)
}

/// "! in 9 days: "git for alice" (id 1234), your account ← git here"
fn sentence(it: &RunsOut, now: Timestamp) -> String {
    let when = when::relative(it.expires, now);
    let when = if it.expires <= now {
        format!("✗ expired {when}")
    } else {
        format!("! expires {when}")
    };
    let which = match (&it.name, &it.id) {
        (Some(name), Some(id)) => format!("\"{name}\" (id {id})"),
        (Some(name), None) => format!("\"{name}\""),
        (None, Some(id)) => format!("the token with id {id}"),
        (None, None) => "a token".to_owned(),
    };
    let git = if it.is_gits { " ← git here" } else { "" };
    format!("{when}: {which}, {}{git}", it.place)
}

fn line(it: &RunsOut) -> String {
    [
        it.id.clone().unwrap_or_default(),
        it.name.clone().unwrap_or_default(),
        it.expires.to_string(),
        it.place.clone(),
    ]
    .join("\t")
}
