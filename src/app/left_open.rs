//! What earlier runs have left open, told one after the other as soon as somebody is signed in.

use std::time::Duration;

use super::opened::Opened;
use super::{App, Ending};
use crate::operation::Desk;
use crate::operation::custody::Key;
use crate::operation::journal::{Because, Entry};
use crate::operation::left_open::{Fate, LeftOpen, left_open};
use crate::operation::revoke::Closing;
use crate::operation::settle::Settled;
use crate::ui::effect::{Effect, Revocation};
use crate::ui::notice::Notice;
use crate::ui::query::Query;
use crate::ui::question::{Choice, Question, Subject};
use crate::ui::route::Route;
use crate::when;

/// A question that comes unasked may meet keys that were meant for what lies below. What comes before
/// so much time has passed answers nothing.
const PAUSE: Duration = Duration::from_millis(500);

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
            let Desk { client, journal } = desk;
            let ask = move |client| {
                let (journal, name) = (journal.clone(), name.clone());
                async move { left_open(&Desk { client, journal }, &name).await }
            };
            effects.push(Effect::Ask(ticket, Query::again(client, ask)));
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
            self.telling = Some((told, self.now.uptime));
        }
    }

    /// Whether a key cannot have been meant for the question that lies on top.
    pub(super) fn is_too_early(&self) -> bool {
        let since = self.telling.as_ref().map(|(_, since)| *since);
        let is_shown = self
            .layers
            .last()
            .is_some_and(|top| top.by.is_none() && top.screen.is_question());
        is_shown && since.is_some_and(|since| self.now.uptime.saturating_sub(since) < PAUSE)
    }

    /// Somebody has read it, and wants it revoked or not.
    pub(super) fn left_open_answered(&mut self, choice: Choice, effects: &mut Vec<Effect>) {
        let Some((LeftOpen { entry, fate }, _)) = self.telling.take() else {
            return;
        };
        match fate {
            Fate::Settled(Settled::Orphan(token)) if choice == Choice::Yes => {
                let revocation = Revocation {
                    scope: entry.asked.scope.clone(),
                    id: token.id.clone(),
                    closing: Some(Closing {
                        entry,
                        because: None,
                    }),
                };
                self.revoke(None::<Key>, token.name, revocation, effects);
            }
            // Asked again after the next sign-in.
            Fate::Settled(Settled::NotKnown(_)) => {}
            _ => self.session.custody.close(entry),
        }
    }

    fn question(&self, told: &LeftOpen) -> Question {
        let Entry { asked, .. } = &*told.entry;
        let place = crate::bitbucket::Destination::Tokens(asked.scope.clone()).name();
        let ago = when::relative(asked.time, self.now.time);
        let name = &asked.name;
        let what = if told.entry.id().is_some() {
            format!(
                "The last run made \"{name}\" ({place}, {ago}), and ended before anybody had it for certain."
            )
        } else {
            format!("The last run ended while \"{name}\" was being created ({place}, {ago}).")
        };
        let look = "Look into the list of tokens there.";
        let (text, yes, no) = match &told.fate {
            Fate::Revoked(because) => {
                let why = match because {
                    Because::NobodyHadIt => "it was neither copied nor shown",
                    Because::ClipboardWasCleared => {
                        "it was on the clipboard alone, which was cleared"
                    }
                    Because::SecretWasLost => "its secret had not arrived",
                };
                let text = format!(
                    "The last run was told to end, and revoked \"{name}\" ({place}, {ago}): {why}. Nothing is left of it."
                );
                (vec![text], "go on", "")
            }
            Fate::Settled(Settled::Orphan(_)) => {
                let risk = if told.entry.id().is_some() {
                    "It exists. Unless you have pasted it somewhere, nobody can use it: Bitbucket never shows it again."
                } else {
                    "It exists, and nobody can use it: its secret is told only once."
                };
                let text = vec![what, risk.to_owned(), "Revoke it?".to_owned()];
                (text, "revoke it", "leave it in the list")
            }
            Fate::Settled(Settled::Nothing { older: false }) => {
                let text = "It does not exist: the list shows no such token.";
                (vec![what, text.to_owned()], "go on", "")
            }
            Fate::Settled(Settled::Nothing { older: true }) => {
                let text =
                    "The list has a token of this name from another time that nobody has used.";
                (vec![what, text.to_owned(), look.to_owned()], "go on", "")
            }
            Fate::Settled(Settled::Several) => {
                let text =
                    "The list has several tokens of this name from then that nobody has used.";
                (vec![what, text.to_owned(), look.to_owned()], "go on", "")
            }
            Fate::Settled(Settled::NotKnown(error)) => {
                let text = format!(
                    "Nobody knows whether it exists: the list could not be read ({}). It is read again after the next sign-in.",
                    error.kind
                );
                (vec![what, text, look.to_owned()], "go on", "")
            }
        };
        Question {
            subject: Subject::LeftOpen,
            title: "From the last run",
            text,
            yes,
            revoke: None,
            no,
        }
    }

    /// What became of a question that nobody asked for: keys came too early.
    pub(super) fn ask_to_read_first(&mut self) {
        self.show(Notice::hint(
            "This came while you were typing. Read it first, then answer.",
        ));
    }
}
