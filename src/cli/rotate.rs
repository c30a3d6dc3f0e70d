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
use crate::operation::draft::USUAL_DAYS;
use crate::operation::journal::{Journal, OldToken, Step};
use crate::operation::rotate::{Differs, Equal, Rotation, Stage, equal};
use crate::ui::rotation;
use crate::when;

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

/// Said where it ends before anything is sent.
const NOTHING: &str = "Nothing was changed.";

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
    prompt::needs_answer(arguments.yes || arguments.print, "Add --yes.")?;
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
    let visit = interrupt.until_told(visiting, NOTHING).await?;
    let mut desk = visit.desk(Journal::of(&environment));
    let ended = async {
        visit.needs_person("rotate")?;
        match hand_over {
            None => end(&arguments, &desk, &visit, &environment, &id, &mut interrupt).await,
            Some(hand_over) => {
                let here = (config, &environment);
                let begun = begin(&arguments, &mut desk, &visit, here, &id, &mut interrupt);
                let (spec, old) = begun.await?;
                hand(
                    &arguments,
                    &mut desk,
                    (&visit, &environment),
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
    (config, environment): (&Config, &Environment),
    id: &str,
    interrupt: &mut Interrupt,
) -> Result<(TokenSpec, Token), Failure> {
    let all = interrupt.until_told(visit.tokens(), NOTHING).await?;
    let old = all.iter().find(|token| token.id == id).cloned();
    let missing = || words::no_token(&visit.place, id, &ErrorKind::NoSuchToken.into());
    let old = old.ok_or_else(missing)?;
    open::refuse_second(desk, visit, environment, id).await?;
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
        let more = match differs {
            Differs::UnknownLife => " To change it: --days.",
            Differs::ShorterLife { .. } => "",
        };
        words::hint(&format!("! {}{more}", rotation::differs(differs)));
    }
    if !arguments.yes && prompt::can_ask() {
        let question = if old.is_expired(now) {
            "Make the new one? The old one has expired, and stays until it is revoked."
        } else {
            "Make the new one? Both work until the old one is revoked."
        };
        let agreed = tokio::select! {
            agreed = prompt::agrees(question, Enter::Yes) => agreed?,
            () = interrupt.told() => false,
        };
        if !agreed {
            return Err(Failure::new(Exit::Failed, NOTHING));
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
    (visit, environment): (&Visit, &Environment),
    (spec, old): (TokenSpec, Token),
    hand_over: HandOver,
    interrupt: &mut Interrupt,
) -> Result<(), Failure> {
    let replaces = Some(old_token(&old));
    let (created, entry) = ask_for(desk, visit, &spec, replaces, interrupt).await?;
    let new = created.token.id.clone();
    let handed = hand_over.give(desk, visit, created, spec, entry).await?;
    // Whoever reads or pastes it from here on has it.
    Arc::clone(handed.entry()).note(Step::Had).await;
    let later = || {
        words::hint(&format!(
            "{} When the new one is in place: bbtoken rotate {place} {} --finish\nTo undo this: bbtoken \
             rotate {place} {} --undo",
            works(&old, desk.clock.now().time),
            old.id,
            old.id,
            place = open::named(&visit.place.scope()),
        ));
    };
    if arguments.yes || !prompt::can_ask() {
        handed.end(interrupt).await;
        later();
        return Ok(());
    }
    let question = "Put it where the old one is used. Then press enter to look at both again: ";
    let is_told = tokio::select! {
        typed = prompt::line(question) => { typed?; false }
        () = interrupt.told() => true,
    };
    let entry = handed.end_now().await;
    let rotation = Rotation::of(&entry, new, Stage::HandedOver).filter(|_| !is_told);
    let Some(rotation) = rotation else {
        later();
        return Ok(());
    };
    let open = Open::look(desk, visit, environment, rotation).await?;
    match open.ask_whether_in_place(desk, interrupt).await? {
        open::Answer::Finish => open.finish(desk, true, interrupt).await,
        open::Answer::Undo => open.undo(desk, true, interrupt).await,
        open::Answer::Later => {
            later();
            Ok(())
        }
    }
}

/// Which of the two work once both are there.
fn works(old: &Token, now: jiff::Timestamp) -> &'static str {
    if old.is_expired(now) {
        "Only the new token works: the old one has expired."
    } else {
        "Both tokens work."
    }
}
