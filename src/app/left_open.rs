//! What was left open by earlier runs, or by this one, told one after the other: as soon as somebody is
//! signed in, and when the list of its place is read.

use super::opened::Opened;
use super::{App, Ending};
use crate::operation::Desk;
use crate::operation::custody::Key;
use crate::operation::journal::{Because, Entry};
use crate::operation::left_open::{Fate, LeftOpen, left_open, look_again};
use crate::operation::revoke::Closing;
use crate::operation::settle::Settled;
use crate::ui::effect::{Effect, Revocation};
use crate::ui::query::Query;
use crate::ui::question::{Choice, Question, Subject};
use crate::ui::rotation;
use crate::ui::route::Route;
use crate::when;

impl App {
    /// Asks once for each user and server.
    pub(super) fn look_for_left_open(&mut self, effects: &mut Vec<Effect>) {
        let (Some(server), Some(user)) = (&self.session.server, &self.session.user) else {
            self.looked_for = None;
            return;
        };
        let whose = (server.client.base().to_string(), user.name.clone());
        if self.session.only_looks() || self.looked_for.as_ref() == Some(&whose) {
            return;
        }
        let name = whose.1.clone();
        self.looked_for = Some(whose);
        if let Some(desk) = self.session.desk() {
            let ticket = self.tickets.issue();
            self.looking.wait_for(ticket, self.now);
            let Desk {
                client,
                journal,
                clock,
            } = desk;
            let ask = move |client, environment| {
                let name = name.clone();
                let desk = Desk {
                    client,
                    journal: journal.clone(),
                    clock: clock.clone(),
                };
                async move { left_open(&desk, &environment, &name).await }
            };
            effects.push(Effect::Ask(ticket, Query::again_here(client, ask)));
        }
    }

    /// Where a list of tokens is read, it may show by now what it did not show before.
    pub(super) fn look_again(&mut self, effects: &mut Vec<Effect>) {
        let entries = self.session.custody.take_to_look_for();
        if entries.is_empty() || self.looking.is_pending() {
            return;
        }
        if let Some(Desk {
            client,
            journal,
            clock,
        }) = self.session.desk()
        {
            let others = self.session.custody.ids().clone();
            let ticket = self.tickets.issue();
            self.looking.wait_for(ticket, self.now);
            let ask = move |client| {
                let desk = Desk {
                    client,
                    journal: journal.clone(),
                    clock: clock.clone(),
                };
                let (entries, others) = (entries.clone(), others.clone());
                async move { Ok(look_again(&desk, entries, others).await) }
            };
            effects.push(Effect::Ask(ticket, Query::again(client, ask)));
        }
    }

    /// Keeps what is to be told. What this run has asked for and nobody has found goes without a word.
    pub(super) fn found_open(&mut self, all: Vec<LeftOpen>) {
        let custody = &mut self.session.custody;
        for left_open in all {
            match &left_open.fate {
                Fate::Rotation(standing) => custody.stands_open(standing.rotation.clone()),
                Fate::Settled(Settled::NotShown { .. }) if left_open.entry.was_not_shown() => {
                    custody.stays_open(left_open.entry);
                    continue;
                }
                Fate::Settled(Settled::NotShown { .. } | Settled::NotKnown(_))
                    if left_open.is_of_this_run =>
                {
                    continue;
                }
                _ if left_open.is_of_this_run => custody.is_told(&left_open.entry),
                _ => {}
            }
            if left_open.is_of_this_run
                && matches!(left_open.fate, Fate::Settled(Settled::Nothing { .. }))
            {
                custody.close(left_open.entry);
            } else {
                self.left_open.push_back(left_open);
            }
        }
    }

    /// Tells the next one, as soon as nothing is being filled in or waited for.
    pub(super) fn tell_left_open(&mut self, effects: &mut Vec<Effect>) {
        let is_free = self
            .layers
            .last()
            .is_some_and(|Opened { screen: top, .. }| {
                !top.is_overlay()
                    && !top.is_typing()
                    && !top.holds_input()
                    && top.holds_on().is_none()
            });
        if !is_free || self.telling.is_some() || self.ending != Ending::No {
            return;
        }
        if let Some(told) = self.left_open.pop_front() {
            let question = Route::Question(self.question(&told));
            self.open(question, None, effects);
            self.telling = Some(told);
        }
    }

    /// Somebody has read it, and wants it revoked or not.
    pub(super) fn left_open_answered(&mut self, choice: Choice, effects: &mut Vec<Effect>) {
        let Some(LeftOpen { entry, fate, .. }) = self.telling.take() else {
            return;
        };
        let token = match fate {
            Fate::Settled(Settled::Orphan(token)) if choice == Choice::Yes => *token,
            // Where both are kept, it stands in the journal and in the list.
            Fate::Rotation(standing) => {
                if let Some(end) = rotation::end(&standing.rotation, choice) {
                    self.end_rotation(standing.rotation, end, effects);
                }
                return;
            }
            // Asked again after the next sign-in.
            Fate::Settled(Settled::NotKnown(_)) => return,
            Fate::Settled(Settled::NotShown { .. }) => {
                self.session.custody.stays_open(entry);
                return;
            }
            _ => {
                self.session.custody.close(entry);
                return;
            }
        };
        let revocation = Revocation {
            scope: entry.asked.scope.clone(),
            id: token.id,
            closing: Some(Closing {
                entry,
                because: None,
            }),
        };
        self.revoke(None::<Key>, token.name, revocation, effects);
    }

    fn question(&self, told: &LeftOpen) -> Question {
        let Entry { asked, .. } = &*told.entry;
        let place = crate::bitbucket::Destination::Tokens(asked.scope.clone()).name();
        let ago = when::relative(asked.time, self.now.time);
        let name = &asked.name;
        let what = if told.is_of_this_run || told.entry.was_not_shown() {
            format!(
                "Bitbucket's answer got lost when \"{name}\" was being created ({place}, {ago})."
            )
        } else if told.entry.id().is_some() {
            format!(
                "The last run made \"{name}\" ({place}, {ago}), and ended before you said that you have it."
            )
        } else {
            format!("The last run ended while \"{name}\" was being created ({place}, {ago}).")
        };
        let look = "Check the list of tokens there.";
        let (text, yes, no) = match &told.fate {
            Fate::Over => (vec![what], "continue", ""),
            Fate::Rotation(standing) => {
                let (session, now) = (&self.session, self.now.time);
                return rotation::question(Subject::LeftOpen, standing, session, now);
            }
            Fate::Revoked(because) => {
                let why = match because {
                    Because::NobodyHadIt => "it was neither copied nor shown",
                    Because::ClipboardWasCleared => {
                        "it was only on the clipboard, which was cleared"
                    }
                    Because::SecretWasLost => "its secret never arrived",
                };
                let text = format!(
                    "The last run was told to stop, so it revoked \"{name}\" ({place}, {ago}): {why}. You \
                     do not need to do anything."
                );
                (vec![text], "continue", "")
            }
            Fate::Settled(Settled::Orphan(_)) => {
                let risk = if told.entry.id().is_some() {
                    "It exists. Unless you saved it somewhere, nobody can use it, because Bitbucket never \
                     shows it again."
                } else {
                    "It exists, but nobody can use it: Bitbucket shows the secret only once."
                };
                let text = vec![what, risk.to_owned(), "Revoke it?".to_owned()];
                (text, "revoke it", "leave it in the list")
            }
            Fate::Settled(Settled::NotShown { .. }) => {
                let text = "It is not in the list yet, but it may still appear. bbtoken checks again when \
                            this list is read, and at the next start.";
                (vec![what, text.to_owned()], "continue", "")
            }
            Fate::Settled(Settled::Nothing { older: false }) => {
                let text = "It was not created: the list has no such token.";
                (vec![what, text.to_owned()], "continue", "")
            }
            Fate::Settled(Settled::Nothing { older: true }) => {
                let text = "The list has an unused token of this name from another time.";
                (vec![what, text.to_owned(), look.to_owned()], "continue", "")
            }
            Fate::Settled(Settled::Several) => {
                let text = "The list has several unused tokens of this name from that time.";
                (vec![what, text.to_owned(), look.to_owned()], "continue", "")
            }
            Fate::Settled(Settled::NotKnown(error)) => {
                let text = format!(
                    "It is not known whether it exists: the list could not be read ({}). bbtoken tries \
                     again after the next sign-in.",
                    error.kind
                );
                (vec![what, text, look.to_owned()], "continue", "")
            }
        };
        Question {
            subject: Subject::LeftOpen,
            title: if told.is_of_this_run {
                "A lost answer"
            } else {
                "From the last run"
            },
            text,
            yes,
            revoke: None,
            no,
        }
    }
}
