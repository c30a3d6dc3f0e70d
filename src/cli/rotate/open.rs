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
use crate::operation::revoke::Revoked;
use crate::operation::rotate::{self, About, End, Rotation, Standing};
use crate::when;

/// A rotation, and where it stands.
pub(super) struct Open {
    standing: Standing,
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

/// The rotation of the token with this id, old or new, that an earlier run has left open.
async fn about(
    desk: &Desk,
    visit: &Visit,
    environment: &Environment,
    id: &str,
) -> Result<About, crate::bitbucket::Error> {
    let scope = visit.place.scope();
    rotate::about(desk, environment, &visit.user.name, None, (&scope, id)).await
}

/// Refuses to rotate what is being rotated already.
pub(super) async fn refuse_second(
    desk: &Desk,
    visit: &Visit,
    environment: &Environment,
    id: &str,
) -> Result<(), Failure> {
    // Where the list cannot be read any more, what follows says so.
    let Ok(About::Open(standing)) = about(desk, visit, environment, id).await else {
        return Ok(());
    };
    let Standing { rotation, new, .. } = *standing;
    let place = named(&rotation.entry.asked.scope);
    let what = format!(
        "\"{}\" is being rotated already: \"{}\" was made for it.",
        rotation.old.name, new.name
    );
    let failure = Failure::new(Exit::Failed, what);
    let failure = if rotation.can(End::Finish) {
        failure.next(format!("Finish it: bbtoken rotate {place} {id} --finish"))
    } else {
        failure.next("Nobody has its secret, so it can only be undone:")
    };
    Err(failure.next(format!("Undo it: bbtoken rotate {place} {id} --undo")))
}

impl Open {
    /// The open rotation of the token with this id, old or new.
    pub(super) async fn find(
        desk: &Desk,
        visit: &Visit,
        environment: &Environment,
        id: &str,
    ) -> Result<Self, Failure> {
        match about(desk, visit, environment, id).await {
            Ok(About::Open(standing)) => Ok(Self::of(*standing)),
            Ok(About::Over(_)) => Err(over()),
            Ok(About::Nothing) => {
                let what = format!("No rotation of the token with the id {id} is open.");
                Err(Failure::new(Exit::Failed, what).next(
                    "If one was interrupted while the new token was being created: run bbtoken, which \
                     finds out.",
                ))
            }
            Err(error) => Err(visit.not_listed(&error)),
        }
    }

    /// Where a rotation of this run stands.
    pub(super) async fn look(
        desk: &Desk,
        visit: &Visit,
        environment: &Environment,
        rotation: Rotation,
    ) -> Result<Self, Failure> {
        let looked = rotate::look(desk, environment, &rotation).await;
        match looked.map_err(|error| visit.not_listed(&error))? {
            Some(standing) => Ok(Self::of(standing)),
            None => {
                rotation.entry.close().await;
                Err(over())
            }
        }
    }

    fn of(standing: Standing) -> Self {
        Self {
            place: named(&standing.rotation.entry.asked.scope),
            standing,
        }
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
        let rotation = &self.standing.rotation;
        if !rotation.can(End::Finish) {
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
            Arc::clone(&rotation.entry).close().await;
            words::hint("The old token was already gone: the rotation is over.");
            return Ok(());
        };
        if !is_agreed {
            self.say_uses(desk);
            let question = "Revoke the old one? What still uses it stops working at once.";
            agree(question, interrupt).await?;
        }
        let finishing = rotate::end(desk, rotation, End::Finish);
        let finished = interrupt.finish(finishing).await;
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
        let undoing = rotate::end(desk, &self.standing.rotation, End::Undo);
        let undone = interrupt.finish(undoing).await;
        let again = format!(
            "Run it again: bbtoken rotate {} {} --undo",
            self.place, new.id
        );
        said(undone.outcome, &new.name, "The rotation is undone", &again)
    }
}

fn over() -> Failure {
    Failure::new(
        Exit::Failed,
        "The rotation is over: one of its tokens is gone.",
    )
}

async fn agree(question: &str, interrupt: &mut Interrupt) -> Result<(), Failure> {
    let agreed = tokio::select! {
        agreed = prompt::agrees(question, Enter::No) => agreed?,
        () = interrupt.told() => false,
    };
    if agreed {
        Ok(())
    } else {
        Err(Failure::new(Exit::Failed, super::NOTHING))
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
