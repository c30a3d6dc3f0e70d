//! Custody: every new token, from the moment the server's answer arrives until somebody has it.
//!
//! It holds the secret, and knows where it has gone: nowhere, on the clipboard until …, sent to a
//! terminal, shown, into a file, to git, or that the user says so. It alone says what leaving would
//! lose, and what a sudden end has to revoke. Data and rules only: what follows is done by others.

mod on_clipboard;
mod rotations;
mod token;

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

pub use self::on_clipboard::Held;
pub use self::token::{Holder, Loss, NewToken, OnClipboard};
use super::journal::{Because, Entry, Step};
use super::rotate::Rotation;
use crate::bitbucket::{Scope, Token};
use crate::secret::Secret;

/// Which of the new tokens of this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(u64);

/// A token that a sudden end has to revoke.
#[derive(Debug)]
pub struct Abandoned {
    /// Which.
    pub key: Key,
    /// Where it is.
    pub scope: Scope,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The entry of its creation.
    pub entry: Arc<Entry>,
    /// Why.
    pub because: Because,
}

/// Something for the journal.
#[derive(Debug)]
pub enum Note {
    /// A step.
    Step(Arc<Entry>, Step),
    /// The creation is open no more.
    Close(Arc<Entry>),
}

/// All new tokens of this run that somebody still has to be given.
#[derive(Debug, Default)]
pub struct Custody {
    tokens: Vec<(Key, NewToken)>,
    last: u64,
    held: Option<Held>,
    /// The ids of all tokens whose secrets arrived in this run, also of those that have left.
    made: HashSet<String>,
    /// What the tokens of this run are called.
    names: HashSet<String>,
    notes: Vec<Note>,
    /// What was asked for, may have been made, and is looked for again.
    open: Vec<Arc<Entry>>,
    /// The list of this place is being read.
    being_read: Option<Scope>,
    /// The rotations without an end whose new tokens are not in custody.
    rotations: Vec<Rotation>,
    /// The new token of this one was handed over just now.
    handed_over: Option<Rotation>,
}

impl Custody {
    fn take_in(&mut self, token: NewToken) -> Key {
        self.last += 1;
        self.names.insert(token.name.clone());
        let key = Key(self.last);
        self.tokens.push((key, token));
        key
    }

    /// Whether a token of this name was made in this run.
    #[must_use]
    pub fn has_made(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// A token that the server has made just now.
    pub fn made(&mut self, scope: Scope, token: &Token, secret: Secret, entry: Arc<Entry>) -> Key {
        self.made.insert(token.id.clone());
        self.notes
            .push(Note::Step(Arc::clone(&entry), Step::Made(token.id.clone())));
        self.take_in(NewToken {
            id: Some(token.id.clone()),
            entry: Some(entry),
            ..NewToken::new(scope, token.name.clone(), Some(Arc::new(secret)))
        })
    }

    /// A token that somebody has made in the browser.
    pub fn pasted(&mut self, scope: Scope, name: String, secret: Arc<Secret>) -> Key {
        self.take_in(NewToken {
            was_within_reach: true,
            ..NewToken::new(scope, name, Some(secret))
        })
    }

    /// A creation whose answer got lost: perhaps a token, without a secret.
    pub fn lost(&mut self, id: Option<String>, entry: Arc<Entry>) -> Key {
        if let Some(id) = &id {
            self.notes
                .push(Note::Step(Arc::clone(&entry), Step::Made(id.clone())));
        }
        let asked = &entry.asked;
        let token = NewToken::new(asked.scope.clone(), asked.name.clone(), None);
        self.take_in(NewToken {
            id,
            entry: Some(entry),
            ..token
        })
    }

    /// What got lost has this id.
    pub fn found(&mut self, key: Key, id: String) {
        let Some(token) = self.get_mut(key) else {
            return;
        };
        token.id = Some(id.clone());
        if let Some(entry) = token.entry.clone() {
            self.notes.push(Note::Step(entry, Step::Made(id)));
        }
    }

    /// All tokens in custody, the oldest first.
    pub fn tokens(&self) -> impl Iterator<Item = &NewToken> {
        self.tokens.iter().map(|(_, token)| token)
    }

    /// A token in custody.
    #[must_use]
    pub fn get(&self, key: Key) -> Option<&NewToken> {
        let mut tokens = self.tokens.iter();
        tokens.find_map(|(known, token)| (*known == key).then_some(token))
    }

    fn get_mut(&mut self, key: Key) -> Option<&mut NewToken> {
        let mut tokens = self.tokens.iter_mut();
        tokens.find_map(|(known, token)| (*known == key).then_some(token))
    }

    /// The ids of the tokens whose secrets arrived in this run.
    #[must_use]
    pub fn ids(&self) -> &HashSet<String> {
        &self.made
    }

    /// Somebody else signs in: those were other tokens.
    pub fn forget_ids(&mut self) {
        self.made.clear();
    }

    /// The secret stands on the screen.
    pub fn is_shown(&mut self, key: Key) {
        if let Some(token) = self.get_mut(key) {
            token.was_shown = true;
        }
    }

    /// Somebody has the secret now.
    pub fn is_had_by(&mut self, key: Key, holder: Holder) {
        self.change_holders(key, |holders| {
            holders.insert(holder);
        });
    }

    /// Git no longer has the secret.
    pub fn is_gone_from_git(&mut self, key: Key) {
        self.change_holders(key, |holders| {
            holders.remove(&Holder::Git);
        });
    }

    fn change_holders(&mut self, key: Key, change: impl FnOnce(&mut BTreeSet<Holder>)) {
        let Some(token) = self.get_mut(key) else {
            return;
        };
        let before = token.is_had();
        change(&mut token.holders);
        let step = match (before, token.is_had()) {
            (false, true) => Step::Had,
            (true, false) => Step::NotHad,
            _ => return,
        };
        if let Some(entry) = token.entry.clone() {
            self.notes.push(Note::Step(entry, step));
        }
    }

    /// What leaving would lose of a token; `None`: nothing.
    #[must_use]
    pub fn loss(&self, key: Key) -> Option<Loss> {
        let token = self.get(key)?;
        if token.is_had() || token.is_being_revoked {
            return None;
        }
        if token.secret.is_none() {
            // Nobody knows whether it exists: the journal does, and the next run.
            return token.id.is_some().then_some(Loss::NoSecret);
        }
        let held = self.held.as_ref().filter(|held| held.key == key);
        Some(match (held, &token.clipboard) {
            (Some(held), _) if held.clears_at.is_some() => Loss::Clipboard,
            (Some(held), _) if held.copied.outlives_program() => return None,
            (Some(_), _) => Loss::ClipboardOfProgram,
            (None, _) if !token.was_within_reach && token.was_shown => Loss::Shown,
            (None, _) if !token.was_within_reach => Loss::Nobody,
            (None, OnClipboard::Pending) => Loss::OnPage,
            (None, OnClipboard::Nothing(_)) if token.id.is_none() => Loss::OnPage,
            (None, OnClipboard::Nothing(_)) => Loss::CopyFailed,
            (None, OnClipboard::Token(_)) => Loss::Sent,
            (None, OnClipboard::Replaced) => Loss::Replaced,
            (None, OnClipboard::Cleared(_)) => Loss::TakenOff,
        })
    }

    /// What leaving the program would lose.
    #[must_use]
    pub fn losses(&self) -> Vec<(Key, Loss)> {
        let keys = self.tokens.iter().map(|(key, _)| *key);
        keys.filter_map(|key| Some((key, self.loss(key)?)))
            .collect()
    }

    /// What a sudden end has to revoke: what nobody has, and what is only on a clipboard that is
    /// cleared then. What may have arrived somewhere, or was shown, stays, and in the journal.
    pub fn abandon(&mut self) -> Vec<Abandoned> {
        let because = |loss| match loss {
            Loss::Nobody => Some(Because::NobodyHadIt),
            Loss::Clipboard => Some(Because::ClipboardWasCleared),
            Loss::NoSecret => Some(Because::SecretWasLost),
            Loss::Shown
            | Loss::ClipboardOfProgram
            | Loss::Sent
            | Loss::TakenOff
            | Loss::Replaced
            | Loss::CopyFailed
            | Loss::OnPage => None,
        };
        let mut all = Vec::new();
        for (key, loss) in self.losses() {
            let Some(because) = because(loss) else {
                continue;
            };
            if let Some(token) = self.get_mut(key)
                && !token.was_shown
                && let (Some(id), Some(entry)) = (&token.id, &token.entry)
            {
                all.push(Abandoned {
                    key,
                    scope: token.scope.clone(),
                    id: id.clone(),
                    name: token.name.clone(),
                    entry: Arc::clone(entry),
                    because,
                });
                // There is no second try.
                token.is_being_revoked = true;
            }
        }
        all
    }

    /// Whether a token is on its way out, so that nobody asks about it; or no longer is, because it was
    /// not revoked.
    pub fn set_being_revoked(&mut self, key: Key, is_being_revoked: bool) {
        if let Some(token) = self.get_mut(key) {
            token.is_being_revoked = is_being_revoked;
        }
    }

    /// The token leaves custody: somebody has it, or nobody wants it. A rotation goes on until one of its
    /// tokens is gone.
    pub fn release(&mut self, key: Key) {
        if let Some(token) = self.remove(key)
            && let Some(entry) = token.entry.clone()
        {
            match token.rotation() {
                Some(rotation) => self.goes_on(rotation, &token),
                None => self.notes.push(Note::Close(entry)),
            }
        }
    }

    /// There is no such token, or nobody can tell which it is.
    pub fn is_not_there(&mut self, key: Key) {
        if let Some(entry) = self.remove(key).and_then(|token| token.entry) {
            self.notes.push(Note::Close(entry));
        }
    }

    /// The token was revoked, and its entry closed with it.
    pub fn is_gone(&mut self, key: Key) {
        self.remove(key);
    }

    /// The token leaves custody, and it is found out later what became of it: when the list of its place
    /// is read, or by the next run.
    pub fn leave_open(&mut self, key: Key) {
        let entry = self.remove(key).and_then(|token| token.entry);
        self.open.extend(entry);
    }

    /// The same, and somebody was told that the list does not show it.
    pub fn is_not_shown(&mut self, key: Key) {
        if let Some(entry) = self.get(key).and_then(|token| token.entry.clone()) {
            self.notes.push(Note::Step(entry, Step::NotShown));
        }
        self.leave_open(key);
    }

    /// The list of this place is being read: it may show what was left open there.
    pub fn is_read(&mut self, scope: Scope) {
        self.being_read = Some(scope);
    }

    /// What was left open where a list is being read.
    pub fn take_to_look_for(&mut self) -> Vec<Arc<Entry>> {
        let scope = self.being_read.take();
        let there = self.open.iter();
        let there = there.filter(|it| scope.as_ref() == Some(&it.asked.scope));
        there.cloned().collect()
    }

    /// A creation that was told of may still be carried out.
    pub fn stays_open(&mut self, entry: Arc<Entry>) {
        self.open.push(entry);
    }

    /// It is not looked for again: somebody is told what became of it.
    pub fn is_told(&mut self, entry: &Arc<Entry>) {
        self.open.retain(|it| !Arc::ptr_eq(it, entry));
    }

    /// All of them leave custody. Where nobody knows whether there is one, the next run finds out.
    pub fn release_all(&mut self) {
        while let Some((key, token)) = self.tokens.first() {
            let is_unknown = token.secret.is_none() && token.id.is_none();
            let key = *key;
            if is_unknown {
                self.leave_open(key);
            } else {
                self.release(key);
            }
        }
        // Their files are free for whoever looks next.
        self.open.clear();
        self.rotations.clear();
        self.handed_over = None;
    }

    /// Whether there is something to be written into the journal.
    #[must_use]
    pub fn has_notes(&self) -> bool {
        !self.notes.is_empty()
    }

    /// The creation of an earlier run is open no more: somebody was told.
    pub fn close(&mut self, entry: Arc<Entry>) {
        self.notes.push(Note::Close(entry));
    }

    fn remove(&mut self, key: Key) -> Option<NewToken> {
        let index = self.tokens.iter().position(|(known, _)| *known == key)?;
        Some(self.tokens.remove(index).1)
    }

    /// What is still to be written into the journal.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }
}
