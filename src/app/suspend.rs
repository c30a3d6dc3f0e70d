//! Ctrl+Z and `kill -TSTP`. A stopped program hands nothing out and takes nothing back: whoever pasted its token would
//! wait, and the token would outlive its time. It is taken off the clipboard first.

use super::App;
use crate::clipboard::Cleared;
use crate::ui::effect::Effect;
use crate::ui::notice::Notice;

impl App {
    /// Stops the program, at once or when the token is off the clipboard.
    pub(super) fn suspend(&mut self, effects: &mut Vec<Effect>) {
        if let Some(held) = self.session.custody.due_before_stop() {
            self.clear_clipboard(held, effects);
        }
        self.suspending = self.clearing.is_pending();
        if !self.suspending {
            effects.push(Effect::Suspend);
        }
    }

    pub(super) fn stop(&mut self, cleared: Cleared, effects: &mut Vec<Effect>) {
        self.suspending = false;
        self.cleared_before_stop = Some(cleared);
        effects.push(Effect::Suspend);
    }

    /// The program goes on.
    pub(super) fn tell_what_was_cleared(&mut self) {
        match self.cleared_before_stop.take() {
            None | Some(Cleared::SomethingElse) => {}
            Some(Cleared::Gone) => self.show(Notice::hint(
                "bbtoken took the token off the clipboard before it was suspended: a suspended program \
                 cannot hand it out.",
            )),
            Some(Cleared::GoneFromTmux) => self.show(Notice::hint(
                "bbtoken took the token out of tmux before it was suspended. Your terminal's clipboard may \
                 still hold it.",
            )),
            Some(Cleared::Unknown) => self.show(Notice::hint(
                "bbtoken was suspended, and the token may still be on the clipboard: copy something else \
                 to be sure.",
            )),
        }
    }
}
