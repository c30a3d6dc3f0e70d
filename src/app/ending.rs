//! The end of the run and of a sign-in: what is under way comes to its end first, and no token is lost.

use super::{App, Ending};
use crate::bitbucket::Way;
use crate::screen::Layer as _;
use crate::screen::question::Subject;
use crate::ui::effect::Effect;
use crate::ui::notice::Notice;

impl App {
    /// Ends the program; a change on the server that is under way is brought to its end first.
    pub(super) fn leave(&mut self, effects: &mut Vec<Effect>) {
        self.ending = Ending::Left;
        if self.commands.is_empty() {
            self.sign_out(effects);
            effects.push(Effect::Quit);
        }
    }

    /// Forgets who is signed in, and what was asked for them.
    pub(super) fn forget_user(&mut self, effects: &mut Vec<Effect>) {
        self.sign_out(effects);
        self.again.give_up();
        self.session.user = None;
        self.session.created.clear();
    }

    /// Forgets the credentials; a session is ended at the server too.
    pub(super) fn sign_out(&mut self, effects: &mut Vec<Effect>) {
        let way = self.session.way.take();
        if let Some(server) = &mut self.session.server {
            let anonymous = server.client.signed_out();
            let client = std::mem::replace(&mut server.client, anonymous);
            if matches!(way, Some(Way::Session(_))) {
                effects.push(Effect::SignOut(client));
            }
        }
    }

    /// Leaves, after a question where a token would be lost.
    pub(super) fn quit(&mut self, effects: &mut Vec<Effect>) {
        let mut losers = (0..self.layers.len()).rev();
        let loss = losers.find_map(|index| self.layers[index].would_lose());
        match loss {
            None => self.leave(effects),
            Some(Err(reason)) => self.show(Notice::hint(reason)),
            Some(Ok(mut question)) => {
                question.subject = Subject::Quit;
                self.layers.push(question.into());
            }
        }
    }

    /// The process has to end and nobody can be asked. No token may stay behind that nobody has:
    /// wait for a creation that is under way, revoke what nobody kept, then leave.
    pub(super) fn terminate(&mut self, effects: &mut Vec<Effect>) {
        self.ending = Ending::Terminated;
        if !self.commands.is_empty() {
            return;
        }
        let mut waits = false;
        for index in 0..self.layers.len() {
            self.with(index, effects, |screen, cx| waits |= screen.abandon(cx));
        }
        if !waits {
            self.sign_out(effects);
            effects.push(Effect::Quit);
        }
    }
}
