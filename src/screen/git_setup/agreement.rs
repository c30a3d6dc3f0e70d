//! What only somebody who knows can agree to: another name of the server, and a way that is not encrypted.

use ratatui::text::Line;
use tui_input::Input;

use crate::secret::masked;
use crate::theme::Theme;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::question::{Question, Subject};
use crate::widget::{fit, lines};

/// What has to be typed before a token goes over a connection that anybody can read.
const AGREEMENT: &str = "yes";
/// What stands before it.
const ASKED: &str = "To continue anyway, type yes: ";

/// Whether the clone's name for the server is one of the same Bitbucket.
pub(super) fn about_name(name: &str, address: &str) -> Question {
    Question {
        subject: Subject::OtherName,
        title: "another name of the server",
        text: vec![
            format!("The clone you are in calls its server by another name: {name}"),
            format!(
                "The token is for {address}. Is it the same Bitbucket, so that git may send the token there too?"
            ),
        ],
        yes: "the same: send it there too",
        revoke: None,
        no: "send nothing there",
    }
}

/// Whether somebody has agreed to plain http.
pub(super) fn is_given(typed: &Input) -> bool {
    typed.value().trim() == AGREEMENT
}

pub(super) fn column_of_cursor(typed: &Input) -> usize {
    fit::width(ASKED) + typed.visual_cursor()
}

pub(super) fn lines(typed: &Input, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let text = format!(
        "git would send the token there without encryption: anyone on the network can read it and use it. \
         Ask your administrators for a clone address with https; {} goes back.",
        keymap::key(Mode::GitSetup, Action::Back)
    );
    let mut all: Vec<_> = lines::signed(("!", theme.warning), &text, theme.text, width).collect();
    let asked = format!("{ASKED}{}", masked(typed.value()));
    all.push(Line::styled(asked, theme.strong));
    all
}
