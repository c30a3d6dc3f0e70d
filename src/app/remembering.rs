//! What is remembered from run to run.

use super::App;
use crate::environment::Environment;
use crate::ui::effect::{Effect, Job};

impl App {
    /// Has what has changed written for the next run; one after the other, and nothing in the demo.
    pub(super) fn remember(&mut self, effects: &mut Vec<Effect>) {
        if let (Some(server), Some(user)) = (&self.session.server, &self.session.user)
            && !self.session.has_no_account()
        {
            let address = server.client.base();
            self.session.state.signed_in(address, &user.name);
        }
        if self.remembering.is_pending() {
            return;
        }
        let changes = self.session.state.take_unsaved();
        if self.session.demo || changes.is_empty() {
            return;
        }
        let ticket = self.tickets.issue();
        self.remembering.wait_for(ticket, self.now);
        let save = async move |environment: Environment| changes.save(&environment);
        effects.push(Effect::Job(ticket, Job::writing(save)));
    }
}
