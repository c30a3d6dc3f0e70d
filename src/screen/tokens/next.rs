//! What comes next in the list: where something has just come to its end, what that leads to.

use super::{Ended, Tokens};
use crate::ui::keymap::Action;
use crate::ui::layer::{Layer, View};
use crate::ui::step::Step;

impl Ended {
    fn step(self) -> Step {
        let (sentence, keys): (_, &[Action]) = match self {
            Self::Revoked => (
                "Revoked. Press {} for a new token, or {} to go back.",
                &[Action::New, Action::Back],
            ),
            Self::Changed => (
                "Changed: whatever uses the token keeps working. Press {} to go back.",
                &[Action::Back],
            ),
            Self::Rotated => (
                "Rotated: only the new token works now. Press {} to go back.",
                &[Action::Back],
            ),
            Self::Undone => (
                "Undone: only the old token is left. Press {} to go back.",
                &[Action::Back],
            ),
            Self::BothKept => (
                "Once the new token is in place, press {} on either of the two.",
                &[Action::Rotate],
            ),
        };
        Step::press(sentence, keys)
            .or_else(Step::press("Done. Press {} to go back.", &[Action::Back]))
    }
}

impl Tokens {
    pub(super) fn next(&self, view: View<'_>) -> Step {
        if self.boxed().is_some() {
            return Step::press("Read, then press {} to close the box.", &[Action::Done]);
        }
        if self.is_sorting {
            return Step::press(
                "Press the key of the column to sort by, or {}.",
                &[Action::Back],
            );
        }
        if self.is_typing() {
            return Step::press(
                "Type a few letters of anything that is shown. Press {} for all of them again.",
                &[Action::Back],
            );
        }
        let is_unread = self.listing.failure().is_some() && !self.is_forbidden();
        let may_not = view.session.rights.is_refused(&self.place);
        if self.can_change && may_not && !is_unread {
            return Step::press(
                "You cannot create tokens here: press {} to see what you can do.",
                &[Action::Open],
            );
        }
        if let Some(ended) = &self.ended {
            return ended.step();
        }
        if self.listing.failure().is_some() && self.refuses_new(view.session).is_none() {
            return Step::press("Press {} to read the list again.", &[Action::Refresh]);
        }
        if self.git_works_with(view.now.time) {
            return Step::press(
                "All done: git here uses the token that is marked. Press {} to leave.",
                &[Action::Quit],
            );
        }
        if !self.can_change {
            return Step::press(
                "You look around with a token: {} goes back one step.",
                &[Action::Back],
            );
        }
        Step::press("Step 4 of 6: press {} for a new token.", &[Action::New])
            .or_else(Step::no_token_here())
    }
}
