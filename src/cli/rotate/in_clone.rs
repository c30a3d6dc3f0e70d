//! `bbtoken rotate --git`: the token that git uses in the clone in the current directory, in one go. What
//! an earlier run has left half-way is brought to its end first.

use std::process::ExitCode;
use std::sync::Arc;

use super::super::access::Visit;
use super::super::create::ask_for;
use super::super::create::hand_over::{read, say_differences};
use super::super::create::settling::{self, Why};
use super::super::exit::{Exit, Failure};
use super::super::interrupt::Interrupt;
use super::super::words;
use super::{NOTHING, Rotate, begin, old_token, open};
use crate::bitbucket::{CreatedToken, Scope};
use crate::config::Config;
use crate::environment::Environment;
use crate::git;
use crate::operation::Desk;
use crate::operation::journal::{Entry, Journal};
use crate::operation::left_open::{Fate, fate};
use crate::operation::look_at_git::OnTheWay;
use crate::operation::rotate::{
    self, End, InClone, NoToken, NotSwitched, Rotation, Stage, gits, in_clone, switch,
};
use crate::operation::settle::Settled;
use crate::ui::git_proof;

/// Rotates the token that git uses here.
pub(super) async fn run(
    mut arguments: Rotate,
    config: &Config,
    environment: &Environment,
    interrupt: &mut Interrupt,
) -> Result<ExitCode, Failure> {
    if arguments.access.names_place() {
        let what = "--git is about the clone you are in: leave PLACE and ID out.";
        return Err(Failure::new(Exit::Usage, what));
    }
    // What a killed run has left of git's setup decides which token it uses.
    for told in git::bring_to_end(environment).await {
        words::hint(&format!("! {told}"));
    }
    let here = in_clone(environment).await.map_err(no_token)?;
    let place = match &here.scope {
        Scope::Personal { .. } => "@me".to_owned(),
        _ => here.set_up.address.clone(),
    };
    arguments.access.is_at(place, here.set_up.user.as_deref());
    let visiting = arguments.access.visit(config, environment);
    let visit = interrupt.until_told(visiting, NOTHING).await?;
    let mut desk = visit.desk(Journal::of(environment));
    let rotated = rotate_here(
        &arguments,
        &mut desk,
        &visit,
        (config, environment),
        &here,
        interrupt,
    );
    let rotated = rotated.await;
    visit.leave().await;
    rotated?;
    Ok(Exit::Done.into())
}

fn no_token(error: NoToken) -> Failure {
    let failure = Failure::new(Exit::Failed, error.to_string());
    match error {
        NoToken::NoClone | NoToken::NoPlace(_) => {
            failure.next("Name the token: bbtoken rotate PLACE ID")
        }
        NoToken::NotSetUp(address) => {
            failure.next(format!("Set it up: bbtoken git-setup {address}"))
        }
        NoToken::NotRecorded(address) => failure.next(format!(
            "Set it up again, which records that: bbtoken git-setup {address}"
        )),
    }
}

async fn rotate_here(
    arguments: &Rotate,
    desk: &mut Desk,
    visit: &Visit,
    (config, environment): (&Config, &Environment),
    here: &InClone,
    interrupt: &mut Interrupt,
) -> Result<(), Failure> {
    visit.needs_person("rotate")?;
    if let Scope::Personal { user } = &here.scope
        && *user != visit.user.name
        && *user != visit.user.slug
    {
        let what = format!(
            "git uses a personal token of {user} here, and you are {}.",
            visit.user.name
        );
        return Err(Failure::new(Exit::NotPermitted, what)
            .next(format!("Sign in as {user}: --user {user}")));
    }
    if finish_what_is_open(desk, visit, environment, interrupt).await? {
        return Ok(());
    }
    let (spec, old) = begin(
        arguments,
        desk,
        visit,
        (config, environment),
        &here.id,
        interrupt,
    )
    .await?;
    let replaces = Some(old_token(&old));
    let (CreatedToken { token, secret }, entry) =
        ask_for(desk, visit, &spec, replaces, interrupt).await?;
    let new = token.id.clone();
    let granted = read(desk, token, spec, &entry).await;
    say_differences(&granted);
    let created = CreatedToken {
        token: granted.token().clone(),
        secret,
    };
    let on_the_way = OnTheWay::to(desk.client.base(), config);
    let switching = switch(environment, &desk.client, here, created, &entry, on_the_way);
    let switched = interrupt.finish(switching).await;
    match switched.outcome {
        Some(Ok(switched)) => {
            for (sign, text) in git_proof::lines(&switched.proof) {
                words::hint(&format!("{sign} {text}"));
            }
            for left in &switched.left {
                words::hint(&format!("! {left}"));
            }
        }
        Some(Err(not)) => return Err(take_back(desk, visit, &new, entry, not).await),
        None => {
            let what = "Stopped while git was being switched to the new token.";
            return Err(Failure::new(Exit::Unknown, what)
                .next("Run bbtoken rotate --git again here: it finishes or undoes that."));
        }
    }
    match Rotation::of(&entry, new, Stage::HandedOver) {
        Some(rotation) => finish(desk, &rotation, interrupt).await,
        None => Ok(()),
    }
}

/// git uses the new one: the old one goes.
async fn finish(
    desk: &Desk,
    rotation: &Rotation,
    interrupt: &mut Interrupt,
) -> Result<(), Failure> {
    let finishing = rotate::end(desk, rotation, End::Finish);
    let finished = interrupt.finish(finishing).await;
    let again = "Run bbtoken rotate --git again here: it finishes that.";
    let done = "git uses the new token";
    open::said(finished.outcome, &rotation.old.name, done, again)
}

/// git goes on with the old one: the new one is revoked, and why is said.
async fn take_back(
    desk: &Desk,
    visit: &Visit,
    new: &str,
    entry: Arc<Entry>,
    not: NotSwitched,
) -> Failure {
    let (why, left) = match not {
        NotSwitched::Refused(said) => (
            format!("The server refuses the new token ({said})"),
            Vec::new(),
        ),
        NotSwitched::NotTried(error) => (
            format!("The new token could not be tried ({error})"),
            Vec::new(),
        ),
        NotSwitched::Git(error) => (
            error.to_string().trim_end_matches('.').to_owned(),
            Vec::new(),
        ),
        NotSwitched::NotDone(not_done) => {
            let why = git_proof::not_set_up(&not_done);
            (why.trim_end_matches('.').to_owned(), Vec::new())
        }
        NotSwitched::NotProven(left) => (
            "git cannot prove here that the new token works".to_owned(),
            left,
        ),
    };
    let failure = settling::take_back(desk, visit, new, entry, Why::Said(&why)).await;
    let failure = left.into_iter().fold(failure, Failure::next);
    failure.next("git uses the old token as before.")
}

/// Brings rotations of this place to their end that an earlier run has left open. Answers with whether git
/// uses a new token by that: then nothing is left to be done.
async fn finish_what_is_open(
    desk: &Desk,
    visit: &Visit,
    environment: &Environment,
    interrupt: &mut Interrupt,
) -> Result<bool, Failure> {
    let scope = visit.place.scope();
    let entries = desk.journal.left_open(desk.client.base(), &visit.user.name);
    let gits = gits(environment).await;
    let mut is_finished = false;
    for entry in entries.await.into_iter().map(Arc::new) {
        let Some(old) = entry
            .asked
            .replaces
            .clone()
            .filter(|_| entry.asked.scope == scope)
        else {
            continue;
        };
        let name = entry.asked.name.clone();
        match fate(desk, environment, &entry).await {
            Fate::Over => {
                if entry.id().is_some_and(|id| gits.contains(id)) {
                    words::hint(&format!(
                        "✓ An earlier rotation is finished: git uses \"{name}\", and \"{}\" is revoked.",
                        old.name
                    ));
                    is_finished = true;
                }
                entry.close().await;
            }
            Fate::Rotation(standing) if gits.contains(&standing.new.id) => {
                words::hint(&format!(
                    "An earlier rotation was interrupted after git was switched to \"{name}\"."
                ));
                finish(desk, &standing.rotation, interrupt).await?;
                is_finished = true;
            }
            // Somebody may have it: only they know.
            Fate::Rotation(standing) if standing.rotation.can(End::Finish) => {
                let place = open::named(&scope);
                words::hint(&format!(
                    "! A rotation of \"{}\" is open: bbtoken rotate {place} {} --finish, or --undo.",
                    old.name, standing.new.id
                ));
            }
            Fate::Rotation(standing) => undo(desk, &standing.rotation, interrupt).await?,
            Fate::Settled(Settled::Orphan(token)) => {
                if let Some(rotation) = Rotation::of(&entry, token.id, Stage::Made) {
                    undo(desk, &rotation, interrupt).await?;
                }
            }
            Fate::Settled(Settled::Nothing { .. }) | Fate::Revoked(_) => entry.close().await,
            Fate::Settled(Settled::NotShown { .. } | Settled::Several | Settled::NotKnown(_)) => {
                words::hint(&format!(
                    "! An earlier rotation was interrupted while \"{name}\" was being made: the list does \
                     not show whether it exists. bbtoken checks again the next time."
                ));
            }
        }
    }
    Ok(is_finished)
}

/// Nobody has the secret of what an earlier run has made.
async fn undo(desk: &Desk, rotation: &Rotation, interrupt: &mut Interrupt) -> Result<(), Failure> {
    let name = &rotation.entry.asked.name;
    words::hint(&format!(
        "An earlier rotation was interrupted before git had \"{name}\": nobody has its secret, so it is \
         revoked."
    ));
    let undone = interrupt
        .finish(rotate::end(desk, rotation, End::Undo))
        .await;
    let again = "Run bbtoken rotate --git again here.";
    open::said(
        undone.outcome,
        name,
        "The earlier rotation is undone",
        again,
    )
}
