//! What became of changes on the server: what was made goes into custody before anything else happens.

use jiff::Timestamp;

use super::{App, Ending, again};
use crate::bitbucket::TokenSpec;
use crate::operation::create::Created;
use crate::operation::custody::Key;
use crate::operation::granted::Granted;
use crate::operation::origin::Origin;
use crate::operation::place::Place;
use crate::operation::revoke::Revoked;
use crate::ui::effect::{Command, Effect, Job, Query};
use crate::ui::event::{Ended, Outcome};
use crate::ui::load::Ticket;
use crate::ui::revocation;
use crate::ui::route::{Move, Route};

/// A creation that is under way.
#[derive(Debug)]
pub(super) struct Creation {
    place: Place,
    spec: TokenSpec,
    at: Timestamp,
}

/// A revocation that no screen has asked for.
#[derive(Debug)]
pub(super) struct Revoking {
    /// The token, if it is one of this run.
    key: Option<Key>,
    /// What it is called.
    name: String,
}

impl App {
    /// Takes in what became of a change.
    pub(super) fn outcome(&mut self, ticket: Ticket, outcome: Outcome, effects: &mut Vec<Effect>) {
        let creation = self.commands.remove(&ticket).flatten();
        let ended = self.take_into_custody(outcome);
        let unfinished = unfinished(&ended).filter(|_| self.ending == Ending::No);
        if let Some(Revoking { key, name }) = self.revoking.remove(&ticket) {
            if let Ended::Revoked(revoked) = ended {
                self.revoked(key, &name, revoked);
            }
        } else if let Some(index) = self.awaiting(ticket) {
            self.with(index, effects, |screen, cx| screen.ended(ticket, ended, cx));
        } else if let (Ended::Made(key, token), Some(Creation { place, spec, at })) =
            (ended, creation)
        {
            // Nobody waits for it any more: it shows itself.
            let origin = Origin::Here(Granted::new(token, spec, at).into());
            let ready = Route::TokenReady {
                place,
                origin,
                key,
                from_list: false,
            };
            self.apply(Move::Open(ready), None, effects);
        }
        if let Some(unfinished) = unfinished {
            self.again.refused();
            self.session.unfinished = Some(unfinished);
        }
        self.go_on_ending(effects);
    }

    fn take_into_custody(&mut self, outcome: Outcome) -> Ended {
        let custody = &mut self.session.custody;
        match outcome {
            Outcome::Created(Created::Made(created, entry)) => {
                let scope = entry.asked.scope.clone();
                let key = custody.made(scope, &created.token, created.secret, entry);
                Ended::Made(key, created.token)
            }
            Outcome::Created(Created::Lost { error, id, entry }) => {
                Ended::Lost(custody.lost(id, entry), error)
            }
            Outcome::Created(Created::Refused(error) | Created::NothingSent(error)) => {
                Ended::NotCreated(error)
            }
            Outcome::Created(Created::NotNoted(error)) => Ended::NotNoted(error),
            Outcome::Revoked(revoked) => Ended::Revoked(revoked),
        }
    }

    /// Has a token revoked that no screen waits for.
    pub(super) fn revoke(
        &mut self,
        key: Option<Key>,
        name: String,
        command: Command,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(desk) = self.session.desk() {
            let ticket = self.tickets.issue();
            self.revoking.insert(ticket, Revoking { key, name });
            // Known at once: whoever ends the program waits for it.
            self.commands.insert(ticket, None);
            effects.push(Effect::Do(ticket, desk, command));
        }
    }

    fn revoked(&mut self, key: Option<Key>, name: &str, revoked: Revoked) {
        let custody = &mut self.session.custody;
        match key {
            Some(key) if revoked.is_gone() => custody.is_gone(key),
            // Where the process has to end there is no second try: the next run looks for it.
            Some(key) if self.ending != Ending::Terminated => {
                custody.set_being_revoked(key, false);
                self.ending = Ending::No;
            }
            _ => {}
        }
        self.show(revocation::notice(revoked, name));
    }

    /// Writes into the journal what has changed in custody, one after the other.
    pub(super) fn note(&mut self, effects: &mut Vec<Effect>) {
        if self.noting.is_none() && self.session.custody.has_notes() {
            let ticket = self.tickets.issue();
            self.noting = Some(ticket);
            let notes = self.session.custody.take_notes();
            effects.push(Effect::Job(ticket, Job::Note(notes)));
        }
    }

    /// Takes note of what is about to leave.
    pub(super) fn keep_track(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Do(ticket, _, Command::CreateToken { place, asked, spec }) => {
                    let creation = Creation {
                        place: Place::clone(place),
                        spec: spec.clone(),
                        at: asked.time,
                    };
                    self.commands.insert(*ticket, Some(creation));
                }
                Effect::Do(ticket, ..) => {
                    self.commands.insert(*ticket, None);
                }
                Effect::Ask(ticket, Query::Settle(..)) => {
                    self.settling.insert(*ticket);
                }
                Effect::Cancel(ticket) => {
                    self.settling.remove(ticket);
                }
                _ => {}
            }
        }
    }
}

/// What to say where a change was not carried out because the server takes us for nobody, and how to ask
/// for it once more.
fn unfinished(ended: &Ended) -> Option<&'static str> {
    match ended {
        Ended::NotCreated(error) if again::is_end(error) => {
            Some("Nothing was created: press enter to create the token.")
        }
        Ended::Revoked(Revoked::Refused(error)) if again::is_end(error) => {
            Some("Nothing was revoked: press the same keys again for that.")
        }
        Ended::Revoked(Revoked::NotKnown(error)) if again::is_end(error) => {
            Some("Nobody knows yet whether the token was revoked: look into the list.")
        }
        _ => None,
    }
}
