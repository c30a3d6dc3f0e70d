//! A question: a small box in the middle with its answers as keys.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::ui::context::Context;
use crate::ui::keymap::{Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::leaving;
use crate::ui::place::Crumb;
use crate::ui::question::{Choice, Question, Subject};
use crate::ui::route::Outcome;
use crate::ui::session::Session;
use crate::widget::{lines, popup};

const WIDTH: u16 = 56;

impl Layer for Question {
    fn mode(&self) -> Mode {
        Mode::Question
    }

    fn is_overlay(&self) -> bool {
        true
    }

    fn is_question(&self) -> bool {
        true
    }

    fn refusal(&self, action: Action, _session: &Session) -> Option<String> {
        let is_offered = action != Action::Revoke || self.revoke.is_some();
        (!is_offered).then(|| "This question is answered with y or n.".to_owned())
    }

    /// What leaving would lose may change while it is asked about.
    fn refresh(&mut self, session: &Session) {
        if matches!(self.subject, Subject::Quit | Subject::LeaveToken(_))
            && let Some(fresh) = leaving::question(&session.custody, self.subject)
        {
            *self = fresh;
        }
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
        cx.close_with(Outcome::Answered(self.subject, choice));
    }

    fn step(&self, _view: View<'_>) -> &'static str {
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
