//! `bbtoken edit`: another name or other permissions for a token. Its expiry cannot be changed.

use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::access::{Access, Visit};
use super::exit::{Exit, Failure};
use super::interrupt::{Finished, Interrupt};
use super::{output, tokens, words};
use crate::bitbucket::{ErrorKind, Token, TokenChange};
use crate::config::Config;
use crate::environment::Environment;
use crate::operation::change::{Changed, change};
use crate::operation::draft;
use crate::operation::journal::Journal;
use crate::permission::Permissions;
use crate::preset;

/// What is changed.
#[derive(Debug, Args)]
pub(super) struct Edit {
    #[command(flatten)]
    access: Access,
    /// The token's id, as bbtoken list shows it
    #[arg(value_name = "ID")]
    id: Vec<String>,
    /// Another name
    #[arg(long, required_unless_present_any = ["preset", "permissions"])]
    name: Option<String>,
    /// The permissions of a preset (bbtoken config lists them)
    #[arg(long, value_name = "PRESET")]
    preset: Option<String>,
    /// Exactly these permissions, separated by commas: PROJECT_READ,REPO_WRITE
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        conflicts_with = "preset"
    )]
    permissions: Vec<String>,
    /// For programs
    #[arg(long)]
    json: bool,
}

/// Said where it ends before anything is sent.
const NOTHING: &str = "Nothing was changed.";

/// What its help says below the options.
pub(super) const AFTER_HELP: &str = "The secret stays the same, so whatever uses the token keeps working. \
                                     The expiry cannot be changed: bbtoken rotate replaces the token with \
                                     a new one.\nIn a pipe it prints one line, like bbtoken list.\n--json: \
                                     { server, place, before, token }; both are tokens as in bbtoken list \
                                     --json.";

/// Changes the token, and says what has changed.
///
/// # Errors
/// What went wrong, with the options that help, and what became of the token.
pub(super) async fn run(mut arguments: Edit, config: &Config) -> Result<ExitCode, Failure> {
    let mut interrupt = Interrupt::listen()?;
    let ids = std::mem::take(&mut arguments.id);
    let id = arguments.access.take_id(ids, "changed")?;
    let environment = Environment::of_process();
    let visiting = arguments.access.visit(config, &environment);
    let visit = interrupt.until_told(visiting, NOTHING).await?;
    let edited = edit(&arguments, &id, &visit, config, &mut interrupt).await;
    visit.leave().await;
    let (before, after) = edited?;
    report(&arguments, &visit, &before, &after)?;
    Ok(Exit::Done.into())
}

/// The token before and after.
async fn edit(
    arguments: &Edit,
    id: &str,
    visit: &Visit,
    config: &Config,
    interrupt: &mut Interrupt,
) -> Result<(Token, Token), Failure> {
    visit.needs_person("change")?;
    let permissions = wanted_permissions(arguments, visit, config)?;
    let name = arguments
        .name
        .as_deref()
        .map(words::token_name)
        .transpose()?;
    let scope = visit.place.scope();
    let reading = async {
        let read = visit.client.token(&scope, id).await;
        read.map_err(|error| words::no_token(&visit.place, id, &error))
    };
    let before = interrupt.until_told(reading, NOTHING).await?;
    let wanted = TokenChange::of(&before, name.map(str::to_owned), permissions);
    if wanted.is_none() {
        return Ok((before.clone(), before));
    }
    let desk = visit.desk(Journal::none());
    let Finished { outcome, .. } = interrupt.finish(change(&desk, &scope, id, &wanted)).await;
    let name = &before.name;
    match outcome {
        Some(Changed::Changed(after)) => Ok((before, *after)),
        Some(Changed::NotAsAsked(after)) => {
            let what =
                format!("Bitbucket accepted the change to \"{name}\", but shows something else:");
            let failure = Failure::new(Exit::Failed, what);
            Err(differences(&before, &after).fold(failure, Failure::next))
        }
        Some(Changed::Gone) => Err(words::no_token(
            &visit.place,
            id,
            &ErrorKind::NoSuchToken.into(),
        )),
        Some(Changed::Refused(error)) => {
            let failure = words::at(&visit.place, &format!("\"{name}\" was not changed"), &error);
            Err(match error.field() {
                Some("name") => failure.next("Another name: --name."),
                _ => failure,
            })
        }
        Some(Changed::NotChanged(error)) => {
            let what = format!("{}, and \"{name}\" has not changed.", words::lost(&error));
            Err(Failure::new(Exit::Unknown, what).next("Look again in a minute: bbtoken list."))
        }
        Some(Changed::NotKnown(error)) => {
            let what = format!(
                "Bitbucket's answer got lost, and the token cannot be read ({}): it is not known whether \
                 \"{name}\" was changed.",
                error.kind
            );
            Err(Failure::new(Exit::Unknown, what).next("Look at it: bbtoken list."))
        }
        None => {
            let what = format!(
                "Stopped while Bitbucket was changing \"{name}\": it is not known whether it did."
            );
            Err(Failure::new(Exit::Unknown, what).next("Look at it: bbtoken list."))
        }
    }
}

fn wanted_permissions(
    arguments: &Edit,
    visit: &Visit,
    config: &Config,
) -> Result<Option<Permissions>, Failure> {
    let usage = |what: String| Failure::new(Exit::Usage, what);
    let kind = visit.place.kind();
    if let Some(name) = &arguments.preset {
        let presets = config.presets()?;
        let preset = preset::find(&presets, name);
        let preset = preset.map_err(|error| usage(format!("--preset: {error}.")))?;
        return Ok(Some(preset.permissions(kind)));
    }
    if arguments.permissions.is_empty() {
        return Ok(None);
    }
    let named = draft::permissions(kind, &arguments.permissions);
    named
        .map(Some)
        .map_err(|error| usage(format!("--permissions: {error}")))
}

fn report(arguments: &Edit, visit: &Visit, before: &Token, after: &Token) -> Result<(), Failure> {
    let mut changes = differences(before, after).peekable();
    let place = visit.place.name();
    words::hint(&match changes.peek() {
        Some(_) => format!("✓ Changed \"{}\" in {place}:", before.name),
        None => format!(
            "\"{}\" in {place} is like that already: nothing was sent.",
            before.name
        ),
    });
    for change in changes {
        words::hint(&change);
    }
    if arguments.json {
        let json = json!({
            "server": visit.client.base().to_string(),
            "place": tokens::place(&visit.place.scope()),
            "before": tokens::json(before),
            "token": tokens::json(after),
        });
        output::print(&format!("{json:#}\n"))?;
    } else if !io::stdout().is_terminal() {
        output::print(&(tokens::line(after) + "\n"))?;
    }
    Ok(())
}

/// What is another now, a line for each.
fn differences(before: &Token, after: &Token) -> impl Iterator<Item = String> {
    let may = |token: &Token| {
        let may = token.permissions.as_ref().map(Permissions::to_string);
        may.unwrap_or_else(|| "not known".to_owned())
    };
    [
        ("name", before.name.clone(), after.name.clone()),
        ("permissions", may(before), may(after)),
    ]
    .into_iter()
    .filter(|(_, before, after)| before != after)
    .map(|(what, before, after)| format!("  {what}: {before} → {after}"))
}
