//! What is marked in the list, and what the list as a whole tells of each token.

use std::collections::HashMap;

use super::git::MARK;
use super::{Tokens, order};
use crate::bitbucket::Token;
use crate::operation::last_use::LastUse;
use crate::ui::context::Context;
use crate::ui::keymap::Column;
use crate::ui::rotation;
use crate::ui::token_list::TokenRow;

impl Tokens {
    /// Marks the token under the cursor, or takes its mark away, and goes on to the next.
    pub(super) fn mark(&mut self) {
        let Some(TokenRow::Token(token)) = self.listing.picker.current() else {
            return;
        };
        let id = token.id.clone();
        if !self.marked.remove(&id) {
            self.marked.insert(id);
        }
        self.listing.picker.move_by(1);
    }

    /// Marks all that are shown; where all of them are, takes the marks away.
    pub(super) fn mark_all(&mut self) {
        let shown = self.listing.picker.shown();
        let ids: Vec<_> = shown
            .filter_map(|row| match row {
                TokenRow::Token(token) => Some(token.id.clone()),
                TokenRow::New => None,
            })
            .collect();
        if ids.iter().all(|id| self.marked.contains(id)) {
            self.marked.clear();
        } else {
            self.marked.extend(ids);
        }
    }

    /// Sorts by a column, or as Bitbucket does.
    pub(super) fn sort(&mut self, column: Option<Column>, cx: &mut Context<'_>) {
        self.is_sorting = false;
        self.sorted = column;
        self.listing.picker.sort(column.map(order::by));
        self.listing.picker.first();
        // The order is that of all of them.
        self.listing.go_on(cx);
    }

    /// Has each row say what the whole list and git tell of it by now.
    pub(super) fn describe(&mut self, cx: &Context<'_>) {
        let uses: HashMap<_, _> = self
            .tokens()
            .map(|token| (token.id.clone(), self.last_use(token, cx.session)))
            .collect();
        let gits: Vec<_> = self
            .tokens()
            .filter(|token| self.is_gits(token))
            .map(|token| token.id.clone())
            .collect();
        let now = cx.now.time;
        let scope = self.place.scope();
        let rotations: Vec<_> = cx.session.custody.rotations().collect();
        let rotation_of = |id: &str| {
            let rotation = rotations.iter().find(|it| it.is_about(&scope, id))?;
            Some(rotation::mark(rotation, id))
        };
        self.listing.picker.change(|row| {
            if let TokenRow::Token(token) = row {
                let last_use = uses.get(&token.id).copied();
                let last_use = last_use.unwrap_or(LastUse::Unknown);
                let git = gits.contains(&token.id).then_some(MARK);
                let rotation = rotation_of(&token.id);
                token.describe(last_use, now, git, rotation);
            }
        });
        if self.listing.is_complete() {
            let there: Vec<_> = self.tokens().map(|token| token.id.clone()).collect();
            self.marked.retain(|id| there.contains(id));
        }
    }

    pub(super) fn is_marked(&self, token: &Token) -> bool {
        self.marked.contains(&token.id)
    }
}
