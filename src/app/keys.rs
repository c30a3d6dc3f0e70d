//! What a key and a paste do: text for the field that has the focus, else what the key table says.

use crossterm::event::KeyEvent;

use super::opened::Opened;
use super::{App, meant};
use crate::ui::effect::Effect;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::notice::Notice;
use crate::ui::question::{Question, Subject};
use crate::ui::route::Route;

/// Whoever goes back from a form that is filled in is asked first.
fn discarding() -> Question {
    Question {
        subject: Subject::Discard,
        title: "Go back?",
        text: vec!["Throw away what you have filled in?".to_owned()],
        yes: "throw it away",
        revoke: None,
        no: "keep it",
    }
}

impl App {
    pub(super) fn key(&mut self, key: KeyEvent, effects: &mut Vec<Effect>) {
        let key = keymap::meant(key);
        if self.is_rest_of_token(key) {
            return;
        }
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
            self.look_for_secret(effects);
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
                self.show(Notice::hint(only_latin_letters()));
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
            Action::Back if screen.asks_before_back() => {
                self.open(Route::Question(discarding()), None, effects);
            }
            action => {
                let before = effects.len();
                self.with_top(effects, |screen, cx| screen.update(action, cx));
                debug_assert!(
                    !effects[before..].iter().any(Effect::changes_something),
                    "{action:?} changes something, so its screen has to say that it must be meant"
                );
            }
        }
    }
}

fn only_latin_letters() -> String {
    let back = keymap::key(Mode::Anywhere, Action::Back);
    let accept = keymap::key(Mode::List, Action::Open);
    let help = keymap::key_while_typing(Mode::Anywhere, Action::Help);
    format!(
        "The keys are Latin letters. The arrows, {accept} and {back} work on every keyboard; {help} lists all \
         keys."
    )
}
