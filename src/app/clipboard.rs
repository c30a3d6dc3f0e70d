//! The token on the clipboard: until when it is there, and taking it off again.

use std::sync::Arc;

use super::App;
use crate::clipboard::{Cleared, Copied};
use crate::operation::custody::Held;
use crate::secret::Secret;
use crate::ui::effect::Effect;
use crate::ui::notice::Notice;

impl App {
    /// The token that is on the clipboard and goes when the program ends.
    #[must_use]
    pub fn leaves_on_clipboard(&self) -> Option<(Arc<Secret>, Copied)> {
        self.session.config.clear_clipboard?;
        let held = self.session.custody.held()?;
        Some((Arc::clone(&held.text), held.copied))
    }

    /// The token that is on the clipboard and stays there when the program ends, as the user wants it.
    #[must_use]
    pub fn stays_on_clipboard(&self) -> Option<Arc<Secret>> {
        let is_cleared = self.session.config.clear_clipboard.is_some();
        let held = self.session.custody.held().filter(|_| !is_cleared)?;
        Some(Arc::clone(&held.text))
    }

    /// Takes a token off the clipboard.
    pub(super) fn clear_clipboard(&mut self, held: Held, effects: &mut Vec<Effect>) {
        let ticket = self.tickets.issue();
        self.clearing.wait_for(ticket, self.now);
        self.being_cleared = Some(held.key);
        effects.push(Effect::Clear(ticket, held.text, held.copied));
    }

    /// Takes in what the clipboard said to that.
    pub(super) fn cleared(&mut self, cleared: Cleared, effects: &mut Vec<Effect>) {
        if let Some(key) = self.being_cleared.take() {
            self.session.custody.is_cleared(key);
        }
        if self.suspending {
            self.stop(cleared, effects);
            return;
        }
        match cleared {
            Cleared::Gone => self.show(Notice::hint("The token was taken off the clipboard.")),
            Cleared::GoneFromTmux => self.show(Notice::hint(
                "The token was taken out of tmux. Your terminal's clipboard may still hold it: copy something else.",
            )),
            Cleared::SomethingElse => {}
            Cleared::Unknown => self.show(Notice::hint(
                "The token may still be on the clipboard: copy something else to be sure.",
            )),
        }
    }
}
