//! Rotations that stand open: in the journal, with both tokens as the server shows them now.

use std::sync::Arc;

use super::super::access::Visit;
use super::super::exit::{Exit, Failure};
use super::super::interrupt::Interrupt;
use super::super::prompt::{self, Enter};
use super::super::words;
use crate::address::Scope;
use crate::bitbucket::{Token, When};
use crate::environment::Environment;
use crate::operation::Desk;
use crate::operation::journal::{Entry, OldToken};
use crate::operation::revoke::Revoked;
use crate::operation::rotate::{self, Stage, Standing, is_used_by_git};
use crate::when;

/// A rotation, and where it stands.
pub(super) struct Open {
    pub(super) entry: Arc<Entry>,
    pub(super) standing: Standing,
    place: String,
}

/// Whether the new token is in place.
pub(super) enum Answer {
    /// It is.
    Finish,
    /// It shall not be.
    Undo,
    /// Not yet.
    Later,
}

/// A place as the command line takes it.
pub(super) fn named(scope: &Scope) -> String {
    match scope {
        Scope::Personal { .. } => "@me".to_owned(),
        Scope::Project { key } => key.clone(),
        Scope::Repository { project, slug } => format!("{project}/{slug}"),
    }
}

fn old_of(entry: &Entry) -> Option<&OldToken> {
    entry.asked.replaces.as_ref()
}

/// Whether the token with this id is the old or the new one.
fn is_about(entry: &Entry, id: &str) -> bool {
    old_of(entry).is_some_and(|old| old.id == id || entry.id() == Some(id))
}

/// Refuses to rotate what is being rotated already.
pub(super) async fn refuse_second(desk: &Desk, visit: &Visit, id: &str) -> Result<(), Failure> {
    let entries = desk
        .journal
        .left_open(visit.client.base(), &visit.user.name);
    for entry in entries.await {
        let Some(old) = old_of(&entry).filter(|_| is_about(&entry, id)) else {
            continue;
        };
        let (Some(new), place) = (entry.id(), named(&entry.asked.scope)) else {
            continue;
        };
        if let Ok(Some(standing)) = rotate::look(desk, &entry, old, new).await {
            let what = format!(
                "\"{}\" is being rotated already: \"{}\" was made for it.",
                old.name, standing.new.name
            );
            let failure = Failure::new(Exit::Failed, what);
            let failure = match standing.stage {
                Stage::Made => failure.next("Nobody has its secret, so it can only be undone:"),
                _ => failure.next(format!("Finish it: bbtoken rotate {place} {id} --finish")),
            };
            return Err(failure.next(format!("Undo it: bbtoken rotate {place} {id} --undo")));
        }
    }
    Ok(())
}

impl Open {
    /// The open rotation of the token with this id, old or new.
    pub(super) async fn find(
        desk: &Desk,
        visit: &Visit,
        environment: &Environment,
        id: &str,
    ) -> Result<Self, Failure> {
        let entries = desk
            .journal
            .left_open(visit.client.base(), &visit.user.name);
        let entries = entries.await.into_iter();
        let mut about = entries.filter(|entry| is_about(entry, id));
        let none = || {
            let what = format!("No rotation of the token with the id {id} is open.");
            Failure::new(Exit::Failed, what)
        };
        let entry = Arc::new(about.next().ok_or_else(none)?);
        let Some(new) = entry.id().map(str::to_owned) else {
            return Err(none().next("Its new token may not exist: run bbtoken to find out."));
        };
        let mut open = Self::new(desk, visit, entry, &new).await?;
        if open.standing.stage == Stage::ToGit {
            // Only git's own record tells, and nobody but git has the secret.
            open.standing.stage = match is_used_by_git(environment, &new) {
                true => Stage::HandedOver,
                false => Stage::Made,
            };
        }
        Ok(open)
    }

    /// Where this rotation stands.
    pub(super) async fn new(
        desk: &Desk,
        visit: &Visit,
        entry: Arc<Entry>,
        new: &str,
    ) -> Result<Self, Failure> {
        let over = "The rotation is over: one of its tokens is gone.";
        let Some(old) = old_of(&entry) else {
            return Err(Failure::new(Exit::Failed, over));
        };
        let looked = rotate::look(desk, &entry, old, new).await;
        let looked = looked.map_err(|error| visit.not_listed(&error))?;
        let Some(standing) = looked else {
            entry.close().await;
            return Err(Failure::new(Exit::Failed, over));
        };
        Ok(Self {
            place: named(&entry.asked.scope),
            entry,
            standing,
        })
    }

    /// When both were last used.
    fn say_uses(&self, desk: &Desk) {
        let now = desk.clock.now().time;
        let used = |token: &Token, used| {
            let used = match used {
                When::At(time) => format!("last used {}", when::relative(time, now)),
                When::Never => "never used".to_owned(),
                When::Unknown => "last use not known".to_owned(),
            };
            format!("\"{}\" (id {}): {used}", token.name, token.id)
        };
        let Standing {
            old,
            old_used,
            new,
            new_used,
            ..
        } = &self.standing;
        if let Some(old) = old {
            words::hint(&format!("Old: {}", used(old, *old_used)));
        }
        words::hint(&format!("New: {}", used(new, *new_used)));
    }

    pub(super) async fn ask_whether_in_place(
        &self,
        desk: &Desk,
        interrupt: &mut Interrupt,
    ) -> Result<Answer, Failure> {
        self.say_uses(desk);
        let question = "Is the new one in place? Type yes to revoke the old one, undo to revoke the new one, anything else to keep both: ";
        let typed = tokio::select! {
            typed = prompt::line(question) => typed?,
            () = interrupt.told() => return Ok(Answer::Later),
        };
        Ok(match typed.as_str() {
            "yes" => Answer::Finish,
            "undo" => Answer::Undo,
            _ => Answer::Later,
        })
    }

    /// Revokes the old token.
    pub(super) async fn finish(
        self,
        desk: &Desk,
        is_agreed: bool,
        interrupt: &mut Interrupt,
    ) -> Result<(), Failure> {
        if self.standing.stage == Stage::Made {
            let what = format!(
                "Nobody has the secret of \"{}\", and Bitbucket never shows it again: this rotation can only be undone.",
                self.standing.new.name
            );
            let undo = format!(
                "bbtoken rotate {} {} --undo",
                self.place, self.standing.new.id
            );
            return Err(Failure::new(Exit::Failed, what).next(undo));
        }
        let Some(old) = self.standing.old.clone() else {
            self.entry.close().await;
            words::hint("The old token was already gone: the rotation is over.");
            return Ok(());
        };
        if !is_agreed {
            self.say_uses(desk);
            let question = "Revoke the old one? What still uses it stops working at once.";
            agree(question, interrupt).await?;
        }
        let finished = interrupt
            .finish(rotate::finish(desk, self.entry, &old.id))
            .await;
        let again = format!(
            "Run it again: bbtoken rotate {} {} --finish",
            self.place, old.id
        );
        said(
            finished.outcome,
            &old.name,
            "The new one is in place",
            &again,
        )
    }

    /// Revokes the new token.
    pub(super) async fn undo(
        self,
        desk: &Desk,
        is_agreed: bool,
        interrupt: &mut Interrupt,
    ) -> Result<(), Failure> {
        let new = &self.standing.new;
        if !is_agreed {
            self.say_uses(desk);
            let question = "Revoke the new one? What uses it stops working at once.";
            agree(question, interrupt).await?;
        }
        let undone = interrupt
            .finish(rotate::undo(desk, self.entry, &new.id))
            .await;
        let again = format!(
            "Run it again: bbtoken rotate {} {} --undo",
            self.place, new.id
        );
        said(undone.outcome, &new.name, "The rotation is undone", &again)
    }
}

async fn agree(question: &str, interrupt: &mut Interrupt) -> Result<(), Failure> {
    let agreed = tokio::select! {
        agreed = prompt::agrees(question, Enter::No) => agreed?,
        () = interrupt.told() => false,
    };
    if agreed {
        Ok(())
    } else {
        Err(Failure::new(Exit::Failed, "Nothing was changed."))
    }
}

/// What became of the revocation that ends a rotation.
pub(super) fn said(
    revoked: Option<Revoked>,
    name: &str,
    done: &str,
    again: &str,
) -> Result<(), Failure> {
    let both = format!("\"{name}\" was not revoked, so both tokens work still");
    match revoked {
        Some(Revoked::Revoked) => words::hint(&format!("✓ {done}: \"{name}\" is revoked.")),
        Some(Revoked::AlreadyGone) => {
            words::hint(&format!("✓ {done}: \"{name}\" was already gone."));
        }
        Some(Revoked::Refused(error)) => return Err(words::failed(&both, &error).next(again)),
        Some(Revoked::StillThere(error)) => {
            let what = format!(
                "{}, and the list still has \"{name}\".",
                words::lost(&error)
            );
            return Err(Failure::new(Exit::Unknown, what).next(again));
        }
        Some(Revoked::NotKnown(_)) | None => {
            let what = format!("It is not known whether \"{name}\" was revoked.");
            return Err(Failure::new(Exit::Unknown, what).next(again));
        }
    }
    Ok(())
}
