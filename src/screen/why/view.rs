//! What is drawn: the cause, what it rests on, and what enter does about it.

use ratatui::text::Line;

use super::Why;
use crate::operation::why::{Remedy, Why as Answer};
use crate::ui::in_the_way;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::widget::{lines, spinner};

const LABEL: usize = 9;

impl Why {
    pub(super) fn lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut all = Vec::new();
        let words = [
            (self.finding.wait(), "Looking for the clone …"),
            (self.leading_on.wait(), "Asking what you may do there …"),
            (
                self.looking.wait(),
                "Asking git what it would send, and the server what it says to that …",
            ),
        ];
        let mending = self.mending.waits();
        let mending = mending.map(|wait| (wait, "Changing git's configuration …"));
        for (wait, words) in words.into_iter().chain(mending) {
            if let Some(waited) = wait.waiting(view.now) {
                let sign = (spinner::sign(waited).unwrap_or(" "), theme.accent);
                all.extend(lines::signed(sign, words, theme.text, width));
            }
        }
        if let Some(text) = &self.failure {
            all.extend(lines::signed(("✗", theme.bad), text, theme.text, width));
        }
        let Some(answer) = self.answer.as_ref().filter(|_| !self.is_busy()) else {
            return all;
        };
        let sign = if answer.is_good() {
            ("✓", theme.good)
        } else {
            ("✗", theme.bad)
        };
        all.extend(lines::signed(sign, &answer.sentence(), theme.strong, width));
        all.push(Line::default());
        for (label, value) in answer.facts() {
            all.extend(lines::labelled(
                (label, theme.dim),
                LABEL,
                &value,
                theme.text,
                width,
            ));
        }
        all.push(Line::default());
        let sign = ("→", theme.accent);
        all.extend(lines::signed(sign, &way_out(answer), theme.text, width));
        all
    }
}

/// What enter does about it.
fn way_out(answer: &Answer) -> String {
    let key = |action| keymap::key(Mode::Why, action);
    let enter = key(Action::Accept);
    match answer.remedy() {
        Remedy::NewToken => format!("Press {enter} to make a new token in its place."),
        Remedy::AskForPermission => {
            format!("Press {enter} to see what you can do and whom you can ask.")
        }
        Remedy::Mend(obstacle) => {
            let mend = in_the_way::mend(&obstacle).unwrap_or_default();
            let back = key(Action::PutBack);
            format!("Press {enter} to {mend}; {back} puts it back.")
        }
        Remedy::TryPassword => {
            let (back, new) = (key(Action::Back), keymap::key(Mode::Browse, Action::New));
            format!(
                "Let git use a token in its place: {back}, then {new}. Or press {enter} to have it tried."
            )
        }
        Remedy::None => match answer.advice() {
            Some(advice) => format!("{advice} Press {enter} to copy all of this for a ticket."),
            None => format!("Nothing to do: press {enter} to go back."),
        },
    }
}
