//! The rotations without an end: those whose new token is in custody, those that were handed over in this
//! run, and those that earlier runs have left open.

use super::token::NewToken;
use super::{Custody, Note};
use crate::bitbucket::Scope;
use crate::operation::journal::Step;
use crate::operation::rotate::{End, Rotation, Stage};

impl NewToken {
    /// The rotation that it was made for, if it was.
    pub(super) fn rotation(&self) -> Option<Rotation> {
        let stage = if self.is_had() {
            Stage::HandedOver
        } else {
            Stage::Made
        };
        Rotation::of(self.entry.as_ref()?, self.id.clone()?, stage)
    }
}

impl Custody {
    /// All of them.
    pub fn rotations(&self) -> impl Iterator<Item = Rotation> {
        let in_custody = self.tokens.iter();
        let in_custody = in_custody.filter_map(|(_, token)| token.rotation());
        in_custody.chain(self.rotations.iter().cloned())
    }

    /// The one of this token, whether it is the old or the new one.
    #[must_use]
    pub fn rotation_of(&self, scope: &Scope, id: &str) -> Option<Rotation> {
        self.rotations()
            .find(|rotation| rotation.is_about(scope, id))
    }

    /// The new token has left custody: whoever could take it has it, as far as can be known.
    pub(super) fn goes_on(&mut self, mut rotation: Rotation, token: &NewToken) {
        let could_be_taken = token.was_within_reach || token.was_shown;
        if rotation.stage == Stage::Made && could_be_taken {
            rotation.stage = Stage::HandedOver;
            self.notes
                .push(Note::Step(rotation.entry.clone(), Step::Had));
        }
        self.handed_over = rotation.can(End::Finish).then(|| rotation.clone());
        self.stands_open(rotation);
    }

    /// A rotation whose new token was handed over a moment ago: once, to whoever asks.
    pub fn take_handed_over(&mut self, scope: &Scope) -> Option<Rotation> {
        let is_there = |it: &mut Rotation| it.entry.asked.scope == *scope;
        self.handed_over.take_if(is_there)
    }

    /// A rotation has no end yet.
    pub fn stands_open(&mut self, rotation: Rotation) {
        self.rotation_is_over(&rotation);
        self.rotations.push(rotation);
    }

    /// A rotation has come to its end, and its entry is closed.
    pub fn rotation_is_over(&mut self, rotation: &Rotation) {
        self.rotations.retain(|it| it.new != rotation.new);
    }

    /// A token is gone: the end of its rotation, unless the new one is left and nobody has it.
    pub fn token_is_gone(&mut self, scope: &Scope, id: &str) {
        let Some(rotation) = self.rotation_of(scope, id) else {
            return;
        };
        if rotation.new == id || rotation.can(End::Finish) {
            self.rotation_is_over(&rotation);
            self.notes.push(Note::Close(rotation.entry));
        }
    }
}
