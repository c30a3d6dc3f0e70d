//! A sign-in that ends half-way: the server has restarted, the session is over, the password has
//! changed. A small box asks for the password again, and what was being asked is asked again.
//!
//! Questions wait here until somebody is signed in again, so screens never notice. Changes never
//! wait: whoever asked for one is told that nothing has happened, and asks once more.

use std::collections::HashMap;

use super::{App, Ending};
use crate::bitbucket::{Client, Error, ErrorKind, SignedIn, Way};
use crate::ui::effect::{Effect, Query};
use crate::ui::load::Ticket;
use crate::ui::notice::Notice;
use crate::ui::route::{Move, Route};

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
    is_asked: bool,
}

/// What is to become of an answer.
pub(super) enum Verdict {
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
                let Some(copy) = query.again() else {
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
    pub(super) fn answered(&mut self, ticket: Ticket, is_end: bool) -> Verdict {
        match self.asked.remove(&ticket) {
            Some((times, query)) if is_end && times == self.times => {
                self.has_ended = true;
                self.waiting.push((ticket, query));
                Verdict::Wait
            }
            Some((_, query)) if is_end => Verdict::Ask(query),
            _ => Verdict::Deliver,
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

impl App {
    /// Opens the box where somebody has to sign in again, unless a question comes first.
    pub(super) fn ask_to_sign_in_again(&mut self, effects: &mut Vec<Effect>) {
        let is_asked = self
            .layers
            .last()
            .is_some_and(|top| top.screen.is_question());
        if !self.again.is_needed() || self.ending != Ending::No || is_asked {
            return;
        }
        if self.session.way == Some(Way::OAuth) {
            // There is no password to ask for: the browser is asked once more, from the sign-in.
            self.give_up_session(effects);
            return;
        }
        if !self.again.is_asked && self.session.user.is_some() && self.session.way.is_some() {
            self.again.is_asked = true;
            self.apply(Move::Open(Route::SignInAgain), None, effects);
        }
    }

    /// Asks once more what was asked before the last sign-in.
    pub(super) fn ask_again(&self, ticket: Ticket, query: Query, effects: &mut Vec<Effect>) {
        if let Some(server) = &self.session.server {
            effects.push(Effect::Ask(ticket, query.by(&server.client)));
        }
    }

    /// Goes on with what was being done.
    pub(super) fn resume(&mut self, signed_in: SignedIn, effects: &mut Vec<Effect>) {
        let unfinished = self.session.unfinished.take().unwrap_or_default();
        self.show(Notice::good(
            format!("Signed in again. {unfinished}").trim_end(),
        ));
        effects.extend(self.again.resume(&signed_in.client));
        if let Some(server) = &mut self.session.server {
            server.client = signed_in.client;
        }
        self.session.user = Some(signed_in.user);
        self.session.way = Some(signed_in.way);
    }

    /// Leads to the sign-in; where that would lose a token or what was filled in, stays where it is.
    pub(super) fn give_up_session(&mut self, effects: &mut Vec<Effect>) {
        let mut layers = self.layers.iter();
        let stays = if !self.session.custody.losses().is_empty() {
            "the token is still here"
        } else if layers.any(|opened| opened.screen.holds_on().is_some()) {
            "what is under way goes on"
        } else if self.layers.iter().any(|opened| opened.screen.holds_input()) {
            "what you filled in is still here"
        } else {
            self.go_home(effects);
            self.forget_user(effects);
            self.apply(Move::Open(Route::SignIn), None, effects);
            return;
        };
        self.session.unfinished = None;
        for ticket in self.again.give_up() {
            if let Some(index) = self.awaiting(ticket) {
                let nobody = Err(Error::from(ErrorKind::NotSignedIn));
                self.with(index, effects, |screen, cx| {
                    screen.reply(ticket, nobody, cx);
                });
            }
        }
        let next = match self.session.way {
            Some(Way::OAuth) => "Go back with esc to sign in with the browser again.",
            _ => "What needs Bitbucket asks for the password again.",
        };
        self.show(Notice::hint(format!(
            "You are signed out, but {stays}. {next}"
        )));
    }
}
