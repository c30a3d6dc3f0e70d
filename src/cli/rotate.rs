//! `bbtoken rotate`: an equal token in the place of another, and the old one revoked once the new one is
//! used.

mod in_clone;
mod open;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use jiff::tz::TimeZone;

use self::open::Open;
use super::access::{Access, Visit};
use super::create::ask_for;
use super::create::hand_over::HandOver;
use super::exit::{Exit, Failure};
use super::interrupt::Interrupt;
use super::prompt::{self, Enter};
use super::words;
use crate::bitbucket::{ErrorKind, Token, TokenSpec, When};
use crate::config::Config;
use crate::environment::Environment;
use crate::operation::Desk;
use crate::operation::journal::{Entry, Journal, OldToken, Step};
use crate::operation::rotate::{Differs, Equal, equal};
use crate::when;

/// How long a token lives where nothing is configured, and nobody knows how long the old one does.
const USUAL_DAYS: u32 = 90;

/// Which token is rotated, and how.
#[derive(Debug, Args)]
pub(super) struct Rotate {
    #[command(flatten)]
    access: Access,
    /// The token's id, as bbtoken list shows it
    #[arg(value_name = "ID")]
    id: Vec<String>,
    /// The token that git uses in the clone you are in, in one go: git is switched to the new one and shows
    /// that it gets in, then the old one is revoked
    #[arg(long, conflicts_with_all = ["id", "finish", "undo", "print", "repo"])]
    git: bool,
    /// The name of the new one; without it, the old name with the date
    #[arg(long, conflicts_with_all = ["finish", "undo"])]
    name: Option<String>,
    /// Days until the new one expires; without it, as many as the old one had
    #[arg(long, value_name = "N", conflicts_with_all = ["finish", "undo"], value_parser = clap::value_parser!(u32).range(1..=9999))]
    days: Option<u32>,
    /// Print the new secret on standard output, and leave the clipboard alone
    #[arg(long, conflicts_with_all = ["finish", "undo"])]
    print: bool,
    /// Revoke the old token of a rotation whose new one is in place; ID is that of either
    #[arg(long, conflicts_with = "undo")]
    finish: bool,
    /// Revoke the new token of a rotation; ID is that of either
    #[arg(long)]
    undo: bool,
    /// Do it without asking; the old token is revoked only with --git or --finish
    #[arg(long)]
    yes: bool,
}

/// What its help says below the options.
pub(super) const AFTER_HELP: &str = "The new token has the same permissions and lifetime. Both work until \
                                     the old one is revoked, which bbtoken asks about once the new one is \
                                     in place. Each step is recorded, without the secret: if a rotation is \
                                     interrupted, --finish revokes the old token and --undo the new one. \
                                     As long as nobody has the new secret it can only be undone, because \
                                     Bitbucket never shows it again. --git, run in the same clone, \
                                     finishes or undoes an interrupted rotation by itself.\nExit status 6: \
                                     both may work still; run it again.";

/// Rotates a token, or ends a rotation.
///
/// # Errors
/// What went wrong, with the options that help, and which tokens work.
pub(super) async fn run(mut arguments: Rotate, config: &Config) -> Result<ExitCode, Failure> {
    let mut interrupt = Interrupt::listen()?;
    let environment = Environment::of_process();
    if !arguments.yes && !arguments.print && !prompt::can_ask() {
        let what = "Standard input is not a terminal, so bbtoken cannot ask.";
        return Err(Failure::new(Exit::Usage, what).next("Add --yes."));
    }
    if arguments.git {
        return in_clone::run(arguments, config, &environment, &mut interrupt).await;
    }
    let ids = std::mem::take(&mut arguments.id);
    let id = arguments.access.take_id(ids, "rotated")?;
    let hand_over = if arguments.finish || arguments.undo {
        None
    } else {
        Some(HandOver::prepare(arguments.print, false, config).await?)
    };
    let visiting = arguments.access.visit(config, &environment);
    let visit = interrupt.until_told(visiting, stopped).await?;
    let mut desk = visit.desk(Journal::of(&environment));
    let ended = async {
        visit.needs_person("rotate")?;
        match hand_over {
            None => end(&arguments, &desk, &visit, &environment, &id, &mut interrupt).await,
            Some(hand_over) => {
                let begun = begin(&arguments, &mut desk, &visit, config, &id, &mut interrupt);
                let (spec, old) = begun.await?;
                hand(
                    &arguments,
                    &mut desk,
                    &visit,
                    (spec, old),
                    hand_over,
                    &mut interrupt,
                )
                .await
            }
        }
    };
    let ended = ended.await;
    visit.leave().await;
    ended?;
    Ok(Exit::Done.into())
}

fn stopped() -> Failure {
    Failure::new(Exit::Failed, "Stopped. Nothing was changed.")
}

/// Finishes or undoes a rotation that stands open.
async fn end(
    arguments: &Rotate,
    desk: &Desk,
    visit: &Visit,
    environment: &Environment,
    id: &str,
    interrupt: &mut Interrupt,
) -> Result<(), Failure> {
    let open = Open::find(desk, visit, environment, id).await?;
    if arguments.undo {
        open.undo(desk, arguments.yes, interrupt).await
    } else {
        open.finish(desk, arguments.yes, interrupt).await
    }
}

/// Says what is made in the place of what, and has somebody agree. Nothing is sent yet.
async fn begin(
    arguments: &Rotate,
    desk: &mut Desk,
    visit: &Visit,
    config: &Config,
    id: &str,
    interrupt: &mut Interrupt,
) -> Result<(TokenSpec, Token), Failure> {
    let all = interrupt.until_told(visit.tokens(), stopped).await?;
    let old = all.iter().find(|token| token.id == id).cloned();
    let missing = || words::no_token(&visit.place, id, &ErrorKind::NoSuchToken.into());
    let old = old.ok_or_else(missing)?;
    open::refuse_second(desk, visit, id).await?;
    let now = desk.clock.now().time;
    let zone = TimeZone::system();
    let mut taken: Vec<_> = all.iter().map(|token| token.name.clone()).collect();
    let open = desk
        .journal
        .left_open(visit.client.base(), &visit.user.name);
    taken.extend(open.await.into_iter().map(|entry| entry.asked.name));
    let usual = Some(config.expiry_days.unwrap_or(USUAL_DAYS));
    let lives = (usual, config.longest_expiry_days);
    let Equal { mut spec, differs } = equal(&old, &taken, lives, now, &zone)
        .map_err(|error| Failure::new(Exit::Failed, error.to_string()))?;
    if let Some(name) = &arguments.name {
        words::token_name(name)?.clone_into(&mut spec.name);
    }
    let differs = match arguments.days {
        Some(days) => {
            spec.expiry_days = Some(days);
            None
        }
        None => differs,
    };
    words::hint(&plan(&old, old.last_use_among(all.iter()), &spec, now));
    if let Some(differs) = differs {
        words::hint(&format!("! {}", differs_in_words(differs)));
    }
    if !arguments.yes && prompt::can_ask() {
        let question = "Make the new one? Both work until the old one is revoked.";
        let agreed = tokio::select! {
            agreed = prompt::agrees(question, Enter::Yes) => agreed?,
            () = interrupt.told() => false,
        };
        if !agreed {
            return Err(Failure::new(Exit::Failed, "Nothing was changed."));
        }
    }
    Ok((spec, old))
}

fn plan(old: &Token, used: When, spec: &TokenSpec, now: jiff::Timestamp) -> String {
    let used = match used {
        When::At(time) => format!("last used {}", when::relative(time, now)),
        When::Never => "never used".to_owned(),
        When::Unknown => "last use not known".to_owned(),
    };
    let expires = match old.expires {
        When::At(time) if time <= now => format!("expired {}", when::relative(time, now)),
        When::At(time) => format!("expires {}", when::relative(time, now)),
        When::Never => "never expires".to_owned(),
        When::Unknown => "expiry not known".to_owned(),
    };
    let days = match spec.expiry_days {
        Some(1) => "for 1 day".to_owned(),
        Some(days) => format!("for {days} days"),
        None => "without an expiry".to_owned(),
    };
    format!(
        "Old: \"{}\" (id {}), {used}, {expires}\nNew: \"{}\", {days}\nBoth: {}",
        old.name, old.id, spec.name, spec.permissions
    )
}

fn differs_in_words(differs: Differs) -> String {
    match differs {
        Differs::UnknownLife => {
            "The lifetime of the old one is not known, so the new one gets the usual one. To change it: \
             --days.".to_owned()
        }
        Differs::ShorterLife { from: Some(days) } => {
            format!("The old one had {days} days; your organisation allows fewer.")
        }
        Differs::ShorterLife { from: None } => {
            "The old one never expires; your organisation no longer allows that.".to_owned()
        }
    }
}

/// What the journal notes of the old token.
fn old_token(old: &Token) -> OldToken {
    OldToken {
        id: old.id.clone(),
        name: old.name.clone(),
    }
}

/// Makes the new token and gives it to somebody; asks whether it is in place, and then revokes the old one.
async fn hand(
    arguments: &Rotate,
    desk: &mut Desk,
    visit: &Visit,
    (spec, old): (TokenSpec, Token),
    hand_over: HandOver,
    interrupt: &mut Interrupt,
) -> Result<(), Failure> {
    let replaces = Some(old_token(&old));
    let (created, entry) = ask_for(desk, visit, &spec, replaces, interrupt).await?;
    let new = created.token.id.clone();
    let handed = hand_over.give(desk, visit, created, spec, entry).await?;
    let later = |entry: Arc<Entry>| async move {
        entry.note(Step::Had).await;
        words::hint(&format!(
            "Both tokens work. When the new one is in place: bbtoken rotate {place} {} --finish\nTo undo \
             this: bbtoken rotate {place} {} --undo",
            old.id,
            old.id,
            place = open::named(&visit.place.scope()),
        ));
    };
    if arguments.yes || !prompt::can_ask() {
        let entry = handed.end(interrupt).await;
        later(entry).await;
        return Ok(());
    }
    let question = "Put it where the old one is used. Then press enter to look at both again: ";
    let is_told = tokio::select! {
        typed = prompt::line(question) => { typed?; false }
        () = interrupt.told() => true,
    };
    let entry = handed.end_now().await;
    if is_told {
        later(entry).await;
        return Ok(());
    }
    let open = Open::new(desk, visit, entry, &new).await?;
    match open.ask_whether_in_place(desk, interrupt).await? {
        open::Answer::Finish => open.finish(desk, true, interrupt).await,
        open::Answer::Undo => open.undo(desk, true, interrupt).await,
        open::Answer::Later => {
            later(open.entry).await;
            Ok(())
        }
    }
}
