//! What stands in front of the token, and what is done about it.

use super::GitSetup;
use crate::operation::look_at_git::Obstacle;
use crate::ui::context::Context;
use crate::ui::in_the_way;
use crate::ui::keymap::{self, Action, Mode};

impl GitSetup {
    fn mendable(&self) -> Option<&Obstacle> {
        self.obstacles.iter().find(|it| it.can_be_mended())
    }

    /// Why nothing can be mended.
    pub(super) fn refuses_mend(&self) -> Option<String> {
        let reason = "Nothing is in the way of the token that bbtoken could remove.";
        self.mendable().is_none().then(|| reason.to_owned())
    }

    pub(super) fn mend(&mut self, cx: &mut Context<'_>) {
        let Some(obstacle) = self.mendable().cloned() else {
            return;
        };
        self.failure = None;
        self.mending.mend(self.target.address.clone(), obstacle, cx);
    }

    /// What is in the way, and what to do about it.
    pub(super) fn obstacle_lines(&self) -> impl Iterator<Item = String> {
        let key = |action| keymap::key(Mode::GitSetup, action);
        let (key, undo) = (key(Action::Mend), key(Action::PutBack));
        let mendable = self.mendable();
        self.obstacles.iter().map(move |obstacle| {
            let what = in_the_way::what(obstacle);
            match in_the_way::mend(obstacle) {
                Some(mend) if Some(obstacle) == mendable => {
                    format!("{what} Press {key} to {mend}; {undo} puts it back.")
                }
                Some(mend) => format!("{what} Then {key} can {mend}."),
                None => match in_the_way::by_hand(obstacle) {
                    Some(by_hand) => format!("{what} {by_hand}"),
                    None => what,
                },
            }
        })
    }
}
