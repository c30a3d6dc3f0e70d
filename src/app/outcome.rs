//! What became of changes on the server: what was made goes into custody before anything else happens.

use super::under_way::{Revoking, UnderWay};
use super::{App, Ending, again};
use crate::operation::change::Changed;
use crate::operation::create::Created;
use crate::operation::custody::{Key, Note};
use crate::operation::granted::Granted;
use crate::operation::origin::Origin;
use crate::operation::revoke::Revoked;
use crate::operation::rotate::{End, Rotation};
use crate::ui::effect::{Effect, Job, Revocation};
use crate::ui::event::Ended;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::reply::{Reply, Value};
use crate::ui::revocation;
use crate::ui::route::{Move, Route};
use crate::ui::ticket::Ticket;

impl App {
    /// Takes in what became of a creation.
    pub(super) fn created(&mut self, ticket: Ticket, created: Created, effects: &mut Vec<Effect>) {
        let under_way = self.commands.remove(&ticket).flatten();
        let ended = self.take_into_custody(created);
        let unfinished = match &ended {
            Ended::NotCreated(error) if again::is_end(error) => {
                let create = keymap::press(Mode::NewToken, Action::Accept);
                Some(format!(
                    "Nothing was created: {create} to create the token."
                ))
            }
            _ => None,
        };
        if self.awaiting(ticket).is_some() {
            self.deliver(Reply::new(ticket, Ok(Value::of(ended))), effects);
        } else if let (Ended::Made(key, token), Some(made)) = (ended, under_way) {
            // Nobody waits for it any more: it shows itself.
            let origin = Origin::Here(Granted::new(token, made.spec, made.at).into());
            let ready = Route::TokenReady {
                place: made.place,
                used_by: made.used_by,
                origin,
                key,
                from_list: false,
            };
            self.apply(Move::Open(ready), None, effects);
        }
        self.has_ended(unfinished, effects);
    }

    /// Takes in what became of a revocation.
    pub(super) fn revoked(&mut self, ticket: Ticket, revoked: Revoked, effects: &mut Vec<Effect>) {
        self.commands.remove(&ticket);
        let unfinished = match &revoked {
            Revoked::Refused(error) if again::is_end(error) => {
                Some("Nothing was revoked. Press the same keys again to revoke it.".to_owned())
            }
            Revoked::NotKnown(error) if again::is_end(error) => Some(
                "It is not known yet whether the token was revoked. Check the list.".to_owned(),
            ),
            _ => None,
        };
        // A revocation that fails on the way out calls the end off: that is no reason to sign in.
        let unfinished = unfinished.filter(|_| self.ending == Ending::No);
        if let Some(revoking) = self.revoking.remove(&ticket) {
            self.revoked_unasked(&revoking, &revoked);
        } else {
            self.deliver(Reply::new(ticket, Ok(Value::of(revoked))), effects);
        }
        self.has_ended(unfinished, effects);
    }

    /// Takes in what became of a change of a token.
    pub(super) fn changed(&mut self, ticket: Ticket, changed: Changed, effects: &mut Vec<Effect>) {
        self.commands.remove(&ticket);
        let unfinished = match &changed {
            Changed::Refused(error) if again::is_end(error) => {
                let change = keymap::press(Mode::EditToken, Action::Accept);
                Some(format!(
                    "Nothing was changed: {change} to change the token."
                ))
            }
            Changed::NotKnown(error) if again::is_end(error) => Some(
                "It is not known yet whether the token was changed. Check the list.".to_owned(),
            ),
            _ => None,
        };
        self.deliver(Reply::new(ticket, Ok(Value::of(changed))), effects);
        self.has_ended(unfinished, effects);
    }

    /// A change has come to its end; `unfinished`: the server takes us for nobody, and that is what was
    /// not done.
    fn has_ended(&mut self, unfinished: Option<String>, effects: &mut Vec<Effect>) {
        if let Some(unfinished) = unfinished.filter(|_| self.ending == Ending::No) {
            self.again.refused();
            self.session.unfinished.get_or_insert(unfinished);
        }
        self.go_on_ending(effects);
    }

    fn take_into_custody(&mut self, created: Created) -> Ended {
        let custody = &mut self.session.custody;
        match created {
            Created::Made(created, entry) => {
                let scope = entry.asked.scope.clone();
                let key = custody.made(scope, &created.token, created.secret, entry);
                Ended::Made(key, created.token)
            }
            Created::Lost { error, id, entry } => Ended::Lost(custody.lost(id, entry), error),
            Created::Refused(error) | Created::NothingSent(error) => Ended::NotCreated(error),
            Created::NotNoted(error) => Ended::NotNoted(error),
        }
    }

    /// Has a token revoked that no screen waits for.
    pub(super) fn revoke(
        &mut self,
        key: Option<Key>,
        name: String,
        revocation: Revocation,
        effects: &mut Vec<Effect>,
    ) {
        if let Some(desk) = self.session.desk() {
            let ticket = self.tickets.issue();
            let revoking = Revoking {
                key,
                name,
                rotation: None,
            };
            self.revoking.insert(ticket, revoking);
            // Known at once: whoever ends the program waits for it.
            self.commands.insert(ticket, None);
            effects.push(Effect::Revoke(ticket, desk, revocation));
        }
    }

    /// Has a rotation brought to its end that no screen waits for.
    pub(super) fn end_rotation(&mut self, rotation: Rotation, end: End, effects: &mut Vec<Effect>) {
        if let Some(desk) = self.session.desk() {
            let ticket = self.tickets.issue();
            let name = match end {
                End::Finish => &rotation.old.name,
                End::Undo => &rotation.entry.asked.name,
            };
            let revoking = Revoking {
                key: None,
                name: name.clone(),
                rotation: Some(rotation.clone()),
            };
            self.revoking.insert(ticket, revoking);
            self.commands.insert(ticket, None);
            effects.push(Effect::EndRotation(ticket, desk, rotation, end));
        }
    }

    fn revoked_unasked(&mut self, revoking: &Revoking, revoked: &Revoked) {
        let custody = &mut self.session.custody;
        if let Some(rotation) = revoking.rotation.as_ref().filter(|_| revoked.is_gone()) {
            custody.rotation_is_over(rotation);
        }
        match revoking.key {
            Some(key) if revoked.is_gone() => custody.is_gone(key),
            // Where the process has to end there is no second try: the next run looks for it.
            Some(key) if self.ending != Ending::Terminated => {
                custody.set_being_revoked(key, false);
                self.ending = Ending::No;
            }
            _ => {}
        }
        let zone = &self.session.zone;
        self.show(revocation::notice(revoked, &revoking.name, zone));
    }

    /// Writes into the journal what has changed in custody, one after the other.
    pub(super) fn note(&mut self, effects: &mut Vec<Effect>) {
        if !self.noting.is_pending() && self.session.custody.has_notes() {
            let ticket = self.tickets.issue();
            self.noting.wait_for(ticket, self.now);
            let notes = self.session.custody.take_notes();
            let write = async move |_| {
                for note in notes {
                    match note {
                        Note::Step(entry, step) => entry.note(step).await,
                        Note::Close(entry) => entry.close().await,
                    }
                }
            };
            effects.push(Effect::Job(ticket, Job::writing(write)));
        }
    }

    /// Takes note of what is about to leave.
    pub(super) fn keep_track(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Create(ticket, _, creation) => {
                    let under_way = UnderWay {
                        place: creation.place.clone(),
                        used_by: creation.used_by.clone(),
                        spec: creation.spec.clone(),
                        at: creation.asked.time,
                    };
                    self.commands.insert(*ticket, Some(under_way));
                }
                Effect::Revoke(ticket, ..)
                | Effect::EndRotation(ticket, ..)
                | Effect::Change(ticket, ..) => {
                    self.commands.insert(*ticket, None);
                }
                Effect::Ask(ticket, query) if query.is_awaited_by_the_end() => {
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
