//! A new token: its secret, and where that has gone.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::bitbucket::Scope;
use crate::clipboard::{Copied, CopyError};
use crate::operation::journal::Entry;
use crate::secret::Secret;

/// Who has the secret beside us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// A file.
    File,
    /// Git.
    Git,
    /// The user says so.
    Word,
}

/// What the clipboard holds of a token, as far as we know.
#[derive(Debug)]
pub enum OnClipboard {
    /// It is on its way there, or was never copied.
    Pending,
    /// The token, or a line with it.
    Token(Copied),
    /// Something else of ours, in its place.
    Replaced,
    /// It was there, and was taken off again.
    Cleared(Copied),
    /// Nothing of ours: copying failed.
    Nothing(CopyError),
}

/// A token that was made in this run.
#[derive(Debug)]
pub struct NewToken {
    /// What it belongs to.
    pub scope: Scope,
    /// With it the token can be revoked; `None`: it was made in the browser, or nobody knows yet
    /// whether it exists.
    pub id: Option<String>,
    /// What it is called.
    pub name: String,
    /// What the clipboard holds of it.
    pub clipboard: OnClipboard,
    pub(super) secret: Option<Arc<Secret>>,
    pub(super) entry: Option<Arc<Entry>>,
    pub(super) holders: BTreeSet<Holder>,
    /// It was on a clipboard, or stands on a page: somebody may have it.
    pub(super) was_within_reach: bool,
    /// It stood on the screen: somebody may have written it down.
    pub(super) was_shown: bool,
    pub(super) is_being_revoked: bool,
}

/// What becomes of a token if the program is left now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Nobody has it and nobody ever could.
    Nobody,
    /// It was shown here, and was never on a clipboard.
    Shown,
    /// It is on a clipboard and nowhere else, and is taken off there.
    Clipboard,
    /// The same, and it is the system that takes it off, as soon as the program ends.
    ClipboardOfProgram,
    /// It was sent to a terminal, and nothing tells whether it arrived.
    Sent,
    /// It was on a clipboard, and is no longer.
    TakenOff,
    /// It was on a clipboard, and something else has taken its place there.
    Replaced,
    /// It may have been on a clipboard; the last copy failed.
    CopyFailed,
    /// The page on which it was made shows it.
    OnPage,
    /// Nobody can use it: its secret never arrived.
    NoSecret,
}

impl NewToken {
    /// Its secret; none where that got lost.
    #[must_use]
    pub fn secret(&self) -> Option<&Arc<Secret>> {
        self.secret.as_ref()
    }

    /// The entry of its creation; none where that was in the browser.
    #[must_use]
    pub fn entry(&self) -> Option<&Arc<Entry>> {
        self.entry.as_ref()
    }

    /// Whether somebody has it for certain.
    #[must_use]
    pub fn is_had(&self) -> bool {
        !self.holders.is_empty()
    }

    /// Whether it stood on the screen. Who sees a token does not have it yet.
    #[must_use]
    pub fn was_shown(&self) -> bool {
        self.was_shown
    }
}

impl NewToken {
    pub(super) fn new(scope: Scope, name: String, secret: Option<Arc<Secret>>) -> Self {
        Self {
            scope,
            id: None,
            name,
            clipboard: OnClipboard::Pending,
            secret,
            entry: None,
            holders: BTreeSet::new(),
            was_within_reach: false,
            was_shown: false,
            is_being_revoked: false,
        }
    }
}
