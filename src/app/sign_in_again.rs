//! The box that asks for the password again, and what follows from it.

use super::{App, Ending};
use crate::bitbucket::{Error, ErrorKind, SignInWay, SignedIn};
use crate::ui::effect::Effect;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::notice::Notice;
use crate::ui::query::Query;
use crate::ui::reply::Reply;
use crate::ui::route::{Move, Route};
use crate::ui::ticket::Ticket;

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
        if self.session.way == Some(SignInWay::OAuth) {
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
            "work in progress continues"
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
            let nobody = Err(Error::from(ErrorKind::NotSignedIn));
            self.deliver(Reply::new(ticket, nobody), effects);
        }
        let next = match self.session.way {
            Some(SignInWay::OAuth) => {
                let back = keymap::key(Mode::Anywhere, Action::Back);
                format!("Press {back} to go back and sign in with the browser again.")
            }
            _ => "bbtoken asks for the password when it next needs Bitbucket.".to_owned(),
        };
        self.show(Notice::hint(format!(
            "You are signed out, but {stays}. {next}"
        )));
    }
}
