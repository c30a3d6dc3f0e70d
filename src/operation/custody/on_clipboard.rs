//! What custody has on the clipboard, and until when.

use std::sync::Arc;
use std::time::Duration;

use super::{Custody, Key, OnClipboard};
use crate::clipboard::{Copied, CopyError};
use crate::secret::Secret;

/// A secret on a clipboard that can be read back and cleared.
#[derive(Debug)]
pub struct Held {
    /// Whose.
    pub key: Key,
    /// The text: the secret, or a line with it.
    pub text: Arc<Secret>,
    /// Which clipboard.
    pub copied: Copied,
    /// When it is taken off, in time since the start.
    pub clears_at: Option<Duration>,
}

impl Custody {
    /// What is on the clipboard.
    #[must_use]
    pub fn held(&self) -> Option<&Held> {
        self.held.as_ref()
    }

    /// When this token is taken off the clipboard.
    #[must_use]
    pub fn clears_at(&self, key: Key) -> Option<Duration> {
        let held = self.held.as_ref().filter(|held| held.key == key)?;
        held.clears_at
    }

    /// Whether the only copy of a token is on the clipboard, so that nothing else may go there unasked.
    #[must_use]
    pub fn needs_clipboard(&self) -> bool {
        let held = self.held.as_ref().and_then(|held| self.get(held.key));
        held.is_some_and(|token| !token.is_had())
    }

    /// The secret, or a line with it, was to go to a clipboard. Answers with what has to be cleared
    /// because this has taken its place: tmux keeps the old one below.
    pub fn copied(
        &mut self,
        key: Key,
        text: Arc<Secret>,
        result: Result<Copied, CopyError>,
        clears_at: Option<Duration>,
    ) -> Option<Held> {
        let token = self.get_mut(key)?;
        let copied = match result {
            Ok(copied) => copied,
            Err(error) => {
                token.clipboard = OnClipboard::Nothing(error);
                return None;
            }
        };
        token.was_within_reach = true;
        token.clipboard = OnClipboard::Token(copied);
        if !copied.is_certain() {
            return None;
        }
        let is_other = self.held.as_ref().is_some_and(|held| held.text != text);
        let before = self.held.replace(Held {
            key,
            text,
            copied,
            clears_at,
        });
        let before = before.filter(|_| is_other)?;
        if before.key != key {
            self.is_replaced(before.key);
        }
        Some(before)
    }

    /// Something else of ours was copied. Answers with what has to be cleared.
    pub fn something_else_copied(&mut self) -> Option<Held> {
        let before = self.held.take();
        let sent = self.tokens.iter_mut();
        for (_, token) in sent {
            if matches!(token.clipboard, OnClipboard::Token(_)) {
                token.clipboard = OnClipboard::Replaced;
            }
        }
        before
    }

    fn is_replaced(&mut self, key: Key) {
        if let Some(token) = self.get_mut(key) {
            token.clipboard = OnClipboard::Replaced;
        }
    }

    /// Answers with what has to be taken off the clipboard by now.
    pub fn due(&mut self, uptime: Duration) -> Option<Held> {
        let is_due = |held: &mut Held| held.clears_at.is_some_and(|at| at <= uptime);
        self.held.take_if(is_due)
    }

    /// Answers with what has to be taken off the clipboard before the program stops for a while: what
    /// goes after some time, and what only a running program hands out.
    pub fn due_before_stop(&mut self) -> Option<Held> {
        let is_due = |held: &mut Held| held.clears_at.is_some() || !held.copied.outlives_program();
        self.held.take_if(is_due)
    }

    /// It was taken off the clipboard.
    pub fn is_cleared(&mut self, key: Key) {
        let is_there_again = self.held.as_ref().is_some_and(|held| held.key == key);
        if let Some(token) = self.get_mut(key)
            && let OnClipboard::Token(copied) = token.clipboard
            && !is_there_again
        {
            token.clipboard = OnClipboard::Cleared(copied);
        }
    }
}
