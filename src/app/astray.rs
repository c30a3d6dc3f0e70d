//! Secrets that come where everybody can see them: they go to the field that is for them, or nowhere.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent};

use super::App;
use crate::secret::{Parted, Secret, masked, part};
use crate::ui::effect::Effect;
use crate::ui::keymap;
use crate::ui::notice::Notice;

/// So much of a token may still come, sign by sign, after it was known for one.
const MOST_LEFT: u8 = 10;
/// Nobody types so fast; a terminal that sends what is pasted as keys does.
const AT_ONCE: Duration = Duration::from_millis(50);

/// What becomes of a paste that no field has room for.
const TOO_LONG: &str = "That is too long for this field: nothing of it was pasted.";

/// The end of a token that was known before it was complete.
#[derive(Debug, Default)]
pub(super) struct RestOfToken {
    left: u8,
    until: Duration,
}

impl App {
    /// Pasted text, without secrets where it is going to be seen.
    pub(super) fn paste(&mut self, text: &Secret, effects: &mut Vec<Effect>) {
        self.meant = None;
        if self.is_blind() {
            return;
        }
        let is_typing = self.layers.last().is_some_and(|top| top.screen.is_typing());
        self.notice = self.notice.take().filter(|_| !is_typing);
        self.with_top(effects, |screen, cx| {
            let parted = (!screen.hides_text())
                .then(|| part(text.expose()))
                .flatten();
            let Some(Parted { text: rest, token }) = parted else {
                if screen.paste(text.expose(), cx).is_err() {
                    cx.notify(Notice::hint(TOO_LONG));
                }
                return;
            };
            if (token.is_none() || rest.contains("://")) && screen.paste(&rest, cx).is_err() {
                return cx.notify(Notice::hint(TOO_LONG));
            }
            let was_taken = token.as_ref().map(|token| screen.take_token(token, cx));
            cx.notify(told(was_taken));
        });
    }

    /// Whether a key belongs to the end of a token that was refused.
    pub(super) fn is_rest_of_token(&mut self, key: KeyEvent) -> bool {
        let rest = &mut self.rest_of_token;
        let is_rest = rest.left > 0 && self.now.uptime < rest.until && keymap::is_text(key);
        rest.left = if is_rest { rest.left - 1 } else { 0 };
        is_rest
    }

    /// Looks whether what was typed has become a token, or an address with a password in it.
    pub(super) fn look_for_secret(&mut self, effects: &mut Vec<Effect>) {
        let line = self.layers.last().and_then(|top| {
            let line = top.screen.line().filter(|_| !top.screen.hides_text())?;
            Some(Secret::new(line.to_owned()))
        });
        let Some(line) = line else {
            return;
        };
        let Some(Parted { text: rest, token }) = part(line.expose()) else {
            return;
        };
        // A token that has begun may have an `@` in it.
        let has_begun = masked(line.expose()) != line.expose();
        if token.is_none() && (has_begun || !rest.contains("://")) {
            return;
        }
        self.with_top(effects, |screen, cx| {
            screen.type_key(KeyCode::End.into(), cx);
            for _ in line.expose().chars() {
                screen.type_key(KeyCode::Backspace.into(), cx);
            }
            if !rest.is_empty() {
                // It is shorter than what was there.
                let _ = screen.paste(&rest, cx);
            }
            let was_taken = token.as_ref().map(|token| screen.take_token(token, cx));
            cx.notify(told(was_taken));
        });
        let is_refused = self
            .layers
            .last()
            .is_some_and(|top| !top.screen.hides_text());
        if token.is_some() && is_refused {
            self.rest_of_token = RestOfToken {
                left: MOST_LEFT,
                until: self.now.uptime + AT_ONCE,
            };
        }
    }
}

/// What has become of it: `None`: it was a password in an address.
fn told(was_taken: Option<bool>) -> Notice {
    Notice::hint(match was_taken {
        Some(true) => {
            "That looks like a token, so it went into the token field, where it stays hidden."
        }
        Some(false) => {
            "That looks like a token, so it was left out: anyone can read what is in this field."
        }
        None => "The password was removed from that address: it is not needed there.",
    })
}
