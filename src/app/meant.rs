//! Keys that nobody meant: what cannot be taken back wants a key that was pressed alone. A paste that the
//! terminal does not announce, a key that is held down, a cat: they come as a burst.

use std::time::Duration;

use crossterm::event::KeyEvent;

use super::opened::Opened;
use super::{App, window};
use crate::ui::effect::Effect;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::leaving;
use crate::ui::notice::Notice;
use crate::ui::question::Subject;

/// Keys that follow each other faster are a burst. A fast typist needs longer; a key that is held down
/// comes again after a third of this.
const BURST: Duration = Duration::from_millis(100);

/// A question that no key has opened may meet keys that were meant for what lies below. What comes before
/// so much time has passed answers nothing.
const PAUSE: Duration = Duration::from_millis(500);

/// An action that waits for the silence after its key.
#[derive(Debug)]
pub(super) struct Meant {
    action: Action,
    /// When there was silence for long enough.
    at: Duration,
}

impl App {
    /// Whether the key that comes now belongs to a burst.
    pub(super) fn is_burst(&mut self) -> bool {
        let now = self.now.uptime;
        let before = self.last_key.replace(now);
        before.is_some_and(|before| now.saturating_sub(before) < BURST)
    }

    /// Has an action wait until it is clear that its key was pressed alone.
    pub(super) fn wait_for_silence(&mut self, action: Action, is_burst: bool) {
        if is_burst {
            self.was_not_meant();
            return;
        }
        let at = self.now.uptime + BURST;
        self.meant = Some(Meant { action, at });
    }

    /// Says that nothing was done.
    pub(super) fn was_not_meant(&mut self) {
        self.show(Notice::hint(
            "Several keys arrived at once, as from a paste or a key held down, so nothing was done. Press the key again, on its own.",
        ));
    }

    /// There was silence: what was meant is done.
    pub(super) fn do_what_was_meant(&mut self, effects: &mut Vec<Effect>) {
        let is_due = |meant: &mut Meant| meant.at <= self.now.uptime;
        let Some(Meant { action, .. }) = self.meant.take_if(is_due) else {
            return;
        };
        // Something may have come in between.
        let Some(Opened { screen, .. }) = self.layers.last() else {
            return;
        };
        match screen.refusal(action, &self.session) {
            Some(reason) => self.show(Notice::hint(reason)),
            None => {
                self.is_key = true;
                self.with_top(effects, |screen, cx| screen.update(action, cx));
                self.is_key = false;
            }
        }
    }

    /// When that will be.
    pub(super) fn silence(&self) -> Option<Duration> {
        self.meant.as_ref().map(|meant| meant.at)
    }

    /// A question has come to the top.
    pub(super) fn is_asking(&mut self) {
        self.unasked = (!self.is_key).then_some(self.now.uptime);
    }

    /// Whether a key cannot have been meant for the question that lies on top.
    pub(super) fn is_too_early(&self) -> bool {
        let is_new = |since| self.now.uptime.saturating_sub(since) < PAUSE;
        self.is_asked() && self.unasked.is_some_and(is_new)
    }

    /// What becomes of keys that came too early.
    pub(super) fn ask_to_read_first(&mut self) {
        self.show(Notice::hint(
            "This appeared while you were typing. Read it first, then answer.",
        ));
    }

    /// In a window in which nothing can be seen no key counts but those that leave and stop the program.
    pub(super) fn blind_key(&mut self, action: Option<Action>, effects: &mut Vec<Effect>) {
        match action {
            // A question that would be asked about that can be seen as little as the one that is there.
            Some(Action::Quit) if self.can_leave_unasked() || !self.is_asked() => {
                self.quit(effects);
            }
            Some(Action::Suspend) => self.suspend(effects),
            _ => {}
        }
    }

    fn is_asked(&self) -> bool {
        self.layers
            .last()
            .is_some_and(|top| top.screen.is_question())
    }

    fn can_leave_unasked(&self) -> bool {
        leaving::question(&self.session.custody, Subject::Quit).is_none()
    }

    /// Whether nothing can be seen.
    pub(super) fn is_blind(&self) -> bool {
        window::is_too_small(self.size)
    }
}

/// What a key means wherever one is, unless it makes text.
pub(super) fn anywhere(key: KeyEvent) -> Option<Action> {
    if keymap::is_text(key) {
        return None;
    }
    let binding = keymap::lookup(Mode::Anywhere, key);
    binding.map(|binding| binding.action)
}
