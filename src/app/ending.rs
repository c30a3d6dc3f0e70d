//! The end of the run and of a sign-in: what is under way comes to its end first, and no token is lost.

use super::{App, Ending};
use crate::bitbucket::SignInWay;
use crate::operation::revoke::Closing;
use crate::operation::rights::Rights;
use crate::ui::effect::{Effect, Revocation};
use crate::ui::leaving;
use crate::ui::notice::Notice;
use crate::ui::question::Subject;
use crate::ui::route::Route;

impl App {
    /// Ends the program; what is under way on the server and in the journal is brought to its end first.
    pub(super) fn leave(&mut self, effects: &mut Vec<Effect>) {
        self.ending = Ending::Left;
        self.keep_track(effects);
        if self.commands.is_empty() {
            self.session.custody.release_all();
            self.quit_if_noted(effects);
        }
    }

    fn quit_if_noted(&mut self, effects: &mut Vec<Effect>) {
        if !self.noting.is_pending() && !self.session.custody.has_notes() {
            self.sign_out(effects);
            effects.push(Effect::Quit);
        }
    }

    /// Something has come to its end that the end of the program may have waited for.
    pub(super) fn go_on_ending(&mut self, effects: &mut Vec<Effect>) {
        match self.ending {
            Ending::No => {}
            Ending::Left => self.leave(effects),
            Ending::Terminated => self.terminate(effects),
        }
    }

    /// Forgets who is signed in, and what was asked for them.
    pub(super) fn forget_user(&mut self, effects: &mut Vec<Effect>) {
        self.sign_out(effects);
        self.again.give_up();
        self.session.unfinished = None;
        self.session.user = None;
        self.session.rights = Rights::default();
        self.session.wish = None;
        self.session.proposal = None;
        self.session.tool = None;
        self.session.custody.release_all();
        self.session.custody.forget_ids();
    }

    /// Forgets the credentials; a session is ended at the server too.
    pub(super) fn sign_out(&mut self, effects: &mut Vec<Effect>) {
        let way = self.session.way.take();
        if let Some(server) = &mut self.session.server {
            let anonymous = server.client.signed_out();
            let client = std::mem::replace(&mut server.client, anonymous);
            if matches!(way, Some(SignInWay::Session(_))) {
                effects.push(Effect::SignOut(client));
            }
        }
    }

    /// Leaves, after a question where a token would be lost.
    pub(super) fn quit(&mut self, effects: &mut Vec<Effect>) {
        let mut layers = self.layers.iter().rev();
        if let Some(reason) = layers.find_map(|opened| opened.screen.holds_on()) {
            self.show(Notice::hint(reason));
        } else if let Some(question) = leaving::question(&self.session.custody, Subject::Quit) {
            self.open(Route::Question(question), None, effects);
        } else {
            self.leave(effects);
        }
    }

    /// Revokes what nobody has, then leaves.
    pub(super) fn revoke_and_leave(&mut self, effects: &mut Vec<Effect>) {
        for (key, _) in self.session.custody.losses() {
            let custody = &mut self.session.custody;
            let Some(token) = custody.get(key) else {
                continue;
            };
            let Some(id) = token.id.clone() else { continue };
            let (scope, name) = (token.scope.clone(), token.name.clone());
            let closing = token.entry().cloned().map(|entry| Closing {
                entry,
                because: None,
            });
            custody.set_being_revoked(key, true);
            let revocation = Revocation { scope, id, closing };
            self.revoke(Some(key), name, revocation, effects);
        }
        self.leave(effects);
    }

    /// The process has to end and nobody can be asked. No token may stay behind that nobody has: wait
    /// for a creation that is under way, revoke what nobody has, then leave. What is not known by then
    /// stands in the journal.
    pub(super) fn terminate(&mut self, effects: &mut Vec<Effect>) {
        self.ending = Ending::Terminated;
        self.meant = None;
        self.keep_track(effects);
        // Nobody signs in any more: what waits for that has no answer.
        for ticket in self.again.give_up() {
            self.settling.remove(&ticket);
        }
        if !self.commands.is_empty() || !self.settling.is_empty() {
            return;
        }
        for abandoned in self.session.custody.abandon() {
            let closing = Some(Closing {
                entry: abandoned.entry,
                because: Some(abandoned.because),
            });
            let revocation = Revocation {
                scope: abandoned.scope,
                id: abandoned.id,
                closing,
            };
            self.revoke(Some(abandoned.key), abandoned.name, revocation, effects);
        }
        if self.commands.is_empty() {
            self.quit_if_noted(effects);
        }
    }
}
