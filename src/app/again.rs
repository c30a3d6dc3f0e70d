//! A sign-in that ends half-way: the server has restarted, the session is over, the password has
//! changed. A small box asks for the password again, and what was being asked is asked again.
//!
//! Questions wait here until somebody is signed in again, so screens never notice. Changes never
//! wait: whoever asked for one is told that nothing has happened, and asks once more.

use std::collections::HashMap;

use crate::bitbucket::{Client, Error, ErrorKind};
use crate::ui::effect::Effect;
use crate::ui::query::Query;
use crate::ui::ticket::Ticket;

/// What is under way on the current sign-in, and what waits for the next.
#[derive(Debug, Default)]
pub(super) struct Again {
    /// Counts the times that somebody has signed in again.
    times: u32,
    /// The questions that are under way, and in which of these times they were asked.
    asked: HashMap<Ticket, (u32, Query)>,
    /// The questions that are to be asked again.
    waiting: Vec<(Ticket, Query)>,
    /// The sign-in has ended: nothing is asked before the next.
    has_ended: bool,
    /// The box for the next one is open.
    pub(super) is_asked: bool,
}

/// What is to become of an answer.
pub(super) enum Delivery {
    /// It goes to its screen.
    Deliver,
    /// It waits for the next sign-in.
    Wait,
    /// Its question was asked before the last sign-in: ask again.
    Ask(Query),
}

/// Whether the server takes somebody who was signed in for nobody.
pub(super) fn is_end(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::NotSignedIn | ErrorKind::WrongPassword | ErrorKind::BasicDisabled
    )
}

impl Again {
    /// Whether somebody has to sign in again.
    pub(super) fn is_needed(&self) -> bool {
        self.has_ended
    }

    /// Takes note of what is about to be asked; false: not now.
    pub(super) fn lets_pass(&mut self, effect: &Effect) -> bool {
        match effect {
            Effect::Ask(ticket, query) => {
                let Some(copy) = query.copy() else {
                    return true;
                };
                if self.has_ended {
                    self.waiting.push((*ticket, copy));
                } else {
                    self.asked.insert(*ticket, (self.times, copy));
                }
                !self.has_ended
            }
            Effect::Cancel(ticket) => {
                self.asked.remove(ticket);
                self.waiting.retain(|(waiting, _)| waiting != ticket);
                true
            }
            _ => true,
        }
    }

    /// An answer has come to a question; `is_end`: the server takes us for nobody.
    pub(super) fn answered(&mut self, ticket: Ticket, is_end: bool) -> Delivery {
        match self.asked.remove(&ticket) {
            Some((times, query)) if is_end && times == self.times => {
                self.has_ended = true;
                self.waiting.push((ticket, query));
                Delivery::Wait
            }
            Some((_, query)) if is_end => Delivery::Ask(query),
            _ => Delivery::Deliver,
        }
    }

    /// A change was refused because the server takes us for nobody.
    pub(super) fn refused(&mut self) {
        self.has_ended = true;
    }

    /// Somebody is signed in again: what is to be asked now, by this client.
    pub(super) fn resume(&mut self, client: &Client) -> Vec<Effect> {
        self.has_ended = false;
        self.is_asked = false;
        self.times += 1;
        let waiting = self.waiting.drain(..);
        waiting
            .map(|(ticket, query)| Effect::Ask(ticket, query.by(client)))
            .collect()
    }

    /// Nobody signs in again: the questions that will have no answer.
    pub(super) fn give_up(&mut self) -> Vec<Ticket> {
        self.has_ended = false;
        self.is_asked = false;
        let waiting = self.waiting.drain(..);
        waiting.map(|(ticket, _)| ticket).collect()
    }
}
