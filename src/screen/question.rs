//! A question: a small box in the middle with its answers as keys.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Layer, View};
use crate::operation::custody::Key;
use crate::ui::context::{Context, Move};
use crate::ui::keymap::{Action, Mode};
use crate::ui::place::Crumb;
use crate::widget::{lines, popup};

/// The modes of a question: nothing else works before it is answered.
pub const MODES: &[Mode] = &[Mode::Question];

const WIDTH: u16 = 56;

/// What the question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Leave the program although a token would be lost.
    Quit,
    /// Forget who is signed in.
    SignOut,
    /// Leave a token that nobody has kept.
    LeaveToken(Key),
    /// Revoke a token.
    Revoke,
    /// Make the token in the browser instead.
    InBrowser,
    /// Take away what was set up for git.
    UndoGit,
    /// Git was set up.
    GitIsSetUp,
    /// A creation of an earlier run has come to this.
    LeftOpen,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Do it.
    Yes,
    /// Revoke the token, and then do it.
    Revoke,
    /// Do nothing.
    No,
}

/// A question.
#[derive(Debug)]
pub struct Question {
    /// What it is about.
    pub subject: Subject,
    /// A word or two.
    pub title: &'static str,
    /// What would happen, in full sentences.
    pub text: Vec<String>,
    /// What `y` does.
    pub yes: &'static str,
    /// What `x` does, where it is offered.
    pub revoke: Option<&'static str>,
    /// What `n` does; empty: there is nothing to choose.
    pub no: &'static str,
}

impl Question {
    /// Why nothing is revoked here.
    #[must_use]
    pub fn refuses_revoke(&self) -> Option<String> {
        self.revoke
            .is_none()
            .then(|| "This question is answered with y or n.".to_owned())
    }
}

impl Layer for Question {
    fn modes(&self) -> &'static [Mode] {
        MODES
    }

    fn crumbs(&self) -> Vec<Crumb> {
        Vec::new()
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        let choice = match action {
            Action::Yes => Choice::Yes,
            Action::Revoke => Choice::Revoke,
            Action::No => Choice::No,
            _ => return,
        };
        cx.moves.push(Move::Answer(self.subject, choice));
    }

    fn step(&self) -> &'static str {
        "Answer with one of the keys in the box."
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let width = WIDTH.min(area.width);
        let room = usize::from(width.saturating_sub(4));
        let revoke = self.revoke.map(|label| ("x", label));
        let no = (!self.no.is_empty()).then_some(("n", self.no));
        let answers = [Some(("y", self.yes)), revoke, no];
        let answers: Vec<_> = answers.into_iter().flatten().collect();
        let mut lines = Vec::new();
        for paragraph in &self.text {
            lines.extend(lines::wrapped(paragraph, theme.text, room));
        }
        lines.push(Line::default());
        // Where room is short the answers come first: without them nobody gets on.
        let height = usize::from(area.height).saturating_sub(2);
        lines.truncate(height.saturating_sub(answers.len()));
        for (key, label) in answers {
            lines.push(Line::from(vec![
                Span::styled(format!(" {key} "), theme.key),
                Span::raw(format!(" {label}")),
            ]));
        }
        let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
        let inside = popup::open(frame, area, (width, height), self.title, theme);
        lines::draw(frame, inside, lines);
    }
}
