//! What a key and a paste do: text for the field that has the focus, else what the key table says.

use crossterm::event::KeyEvent;

use super::opened::Opened;
use super::{App, meant};
use crate::secret::Secret;
use crate::ui::effect::Effect;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::notice::Notice;
use crate::ui::route::Route;

impl App {
    pub(super) fn key(&mut self, key: KeyEvent, effects: &mut Vec<Effect>) {
        let key = keymap::meant(key);
        let is_burst = self.is_burst();
        if self.is_blind() {
            self.blind_key(meant::anywhere(key), effects);
            return;
        }
        self.notice = None;
        self.pressed = Some(keymap::name(key));
        if self.meant.take().is_some() {
            self.was_not_meant();
        }
        if self.is_too_early() {
            self.ask_to_read_first();
            return;
        }
        let mut typed = false;
        self.with_top(effects, |screen, cx| typed = screen.type_key(key, cx));
        if typed {
            // It may belong to a password.
            self.pressed = None;
            return;
        }
        let Some(Opened { screen, .. }) = self.layers.last() else {
            return;
        };
        if screen.is_typing() && keymap::is_text(key) {
            // A field that takes nothing just now: what was meant for it commands nothing.
            self.pressed = None;
            return;
        }
        let Some(binding) = keymap::lookup(screen.mode(), key) else {
            if keymap::is_foreign(key) {
                self.show(Notice::hint(
                    "Keys are Latin letters here. The arrows, enter and esc work on every keyboard, F1 lists all.",
                ));
            }
            return;
        };
        if let Some(reason) = screen.refusal(binding.action, &self.session) {
            self.show(Notice::hint(reason));
            return;
        }
        if screen.must_be_meant(binding.action) {
            self.wait_for_silence(binding.action, is_burst);
            return;
        }
        match binding.action {
            Action::Quit => self.quit(effects),
            Action::Suspend => self.suspend(effects),
            Action::Share => self.toggle_share(effects),
            Action::HideGuidance => self.guide(false),
            Action::ShowGuidance => self.guide(true),
            // The help's own keys are in it: there the key closes it.
            Action::Help if screen.mode() != Mode::Help => {
                let help = Route::Help {
                    purpose: screen.purpose(),
                    mode: screen.mode(),
                    is_typing: screen.is_typing(),
                };
                self.open(help, None, effects);
            }
            // It lies on top or under the help; in both cases it is open.
            Action::Activity if !self.shows_activity() => self.open(Route::Activity, None, effects),
            action => self.with_top(effects, |screen, cx| screen.update(action, cx)),
        }
    }

    pub(super) fn paste(&mut self, text: &Secret, effects: &mut Vec<Effect>) {
        self.meant = None;
        if !self.is_blind() {
            self.with_top(effects, |screen, cx| screen.paste(text.expose(), cx));
        }
    }

    fn guide(&mut self, on: bool) {
        self.session.state.set_guidance(on);
        self.show(Notice::hint(match (on, self.session.share) {
            (false, _) => "Guidance is off, also the next time. F4 brings it back.",
            (true, false) => "Guidance is on: the line at the top says what comes next.",
            (true, true) => "Guidance is on. In share mode it stands at the bottom in any case.",
        }));
    }

    fn toggle_share(&mut self, effects: &mut Vec<Effect>) {
        self.session.share = !self.session.share;
        if self.session.share {
            // What is shown already hides, as it does where the window loses the focus.
            for index in 0..self.layers.len() {
                self.with(index, effects, |screen, _| screen.focus_lost());
            }
        }
    }
}
