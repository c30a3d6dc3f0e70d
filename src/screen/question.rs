//! A question: a small box in the middle. Its answers have keys; the arrows and enter choose one too, on
//! any keyboard. The first changes nothing, and is the one that is chosen.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::leaving;
use crate::ui::notice::Notice;
use crate::ui::place::Crumb;
use crate::ui::question::{Choice, Question, Subject};
use crate::ui::route::Outcome;
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::widget::{field, fit, lines, pane, popup, scroll};

const WIDTH: u16 = 56;
/// No list has so many tokens that a longer number is asked for.
const LONGEST_NUMBER: usize = 6;
/// What the answers do that agree, as long as not all was read.
const READ_ON: &str = "read on first (↓)";
/// Where not even a line of the text fits beside the answers.
const TOO_LOW: &str = "This question does not fit: make the window larger.";

/// A question that waits for its answer.
#[derive(Debug)]
pub(super) struct Asked {
    question: Question,
    /// Which of the answers enter gives.
    chosen: usize,
    /// How many lines of the text are scrolled away.
    scroll: usize,
    /// The number that has to be typed for yes, and what has been typed.
    number: Option<(usize, String)>,
}

/// One of the answers.
struct Answer {
    choice: Choice,
    key: String,
    label: &'static str,
}

impl Asked {
    /// The box for it.
    pub(super) fn new(question: Question) -> Self {
        Self {
            question,
            chosen: 0,
            scroll: 0,
            number: None,
        }
    }

    /// The box for one that wants this number typed.
    pub(super) fn typed(question: Question, number: usize) -> Self {
        Self {
            number: Some((number, String::new())),
            ..Self::new(question)
        }
    }

    /// Whether the number was typed; the reason where it was not.
    fn is_typed(&self) -> Result<(), String> {
        match &self.number {
            Some((number, typed)) if *typed != number.to_string() => {
                let (yes, no) = (self.key(Action::Accept), self.key(Action::No));
                Err(format!(
                    "Type {number}, then press {yes}. Press {no} to go back."
                ))
            }
            _ => Ok(()),
        }
    }

    /// The key for an answer; where a number is typed, letters would be part of it.
    fn key(&self, action: Action) -> String {
        if self.number.is_some() {
            keymap::key_while_typing(Mode::Question, action)
        } else {
            keymap::key(Mode::Question, action)
        }
    }

    /// Its answers, the one that changes nothing first.
    fn answers(&self) -> Vec<Answer> {
        let Question {
            yes, revoke, no, ..
        } = self.question;
        let answer = |choice, action, label| Answer {
            choice,
            key: self.key(action),
            label,
        };
        let agree = match self.number {
            Some(_) => Action::Accept,
            None => Action::Yes,
        };
        let no = (!no.is_empty()).then(|| answer(Choice::No, Action::No, no));
        let revoke = revoke.map(|label| answer(Choice::Revoke, Action::Revoke, label));
        let answers = [no, Some(answer(Choice::Yes, agree, yes)), revoke];
        answers.into_iter().flatten().collect()
    }

    fn text(&self, width: u16, style: Style) -> Vec<Line<'static>> {
        let room = popup::text_width(width);
        let paragraphs = self.question.text.iter();
        let lines = paragraphs.flat_map(|text| lines::wrapped(text, style, room));
        lines.collect()
    }

    /// How many lines of the text can be seen at once, and whether there is no room for a blank one
    /// below them. `None`: the window is too low for a question.
    fn room(&self, lines: usize, height: u16) -> Option<(usize, bool)> {
        let typed = usize::from(self.number.is_some());
        let inside = usize::from(height).checked_sub(2 + typed + self.answers().len())?;
        (inside > 0).then(|| (inside.min(lines), inside <= lines))
    }

    /// How many lines of the text are still hidden below.
    fn below(&self, (columns, rows): (u16, u16)) -> Option<usize> {
        let lines = self.text(WIDTH.min(columns), Style::new()).len();
        let (room, _) = self.room(lines, rows)?;
        Some(lines.saturating_sub(self.scroll + room))
    }

    /// Nobody agrees to what cannot be read, nor without the number.
    fn answer(&mut self, choice: Choice, below: usize, cx: &mut Context<'_>) {
        if below > 0 && choice != Choice::No {
            self.scroll += 1;
        } else if let (Err(reason), true) = (self.is_typed(), choice != Choice::No) {
            cx.notify(Notice::hint(reason));
        } else {
            cx.close_with(Outcome::Answered(self.question.subject, choice));
        }
    }
}

impl Layer for Asked {
    fn mode(&self) -> Mode {
        Mode::Question
    }

    fn is_overlay(&self) -> bool {
        true
    }

    fn is_question(&self) -> bool {
        true
    }

    fn must_be_meant(&self, action: Action) -> bool {
        matches!(
            action,
            Action::Yes | Action::No | Action::Revoke | Action::Accept
        )
    }

    fn refusal(&self, action: Action, _session: &Session) -> Option<String> {
        let is_offered = action != Action::Revoke || self.question.revoke.is_some();
        (!is_offered).then(|| {
            let (yes, no) = (self.key(Action::Yes), self.key(Action::No));
            format!("Answer this question with {yes} or {no}.")
        })
    }

    /// What leaving would lose may change while it is asked about.
    fn refresh(&mut self, session: &Session) {
        let subject = self.question.subject;
        if matches!(subject, Subject::Quit | Subject::LeaveToken(_))
            && let Some(fresh) = leaving::question(&session.custody, subject)
        {
            self.question = fresh;
        }
    }

    fn crumbs(&self) -> Vec<Crumb> {
        Vec::new()
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        let Some(below) = self.below(cx.room) else {
            cx.notify(Notice::hint(TOO_LOW));
            return;
        };
        let answers = self.answers();
        let last = answers.len().saturating_sub(1);
        match action {
            Action::Up if self.chosen > 0 => self.chosen = self.chosen.min(last) - 1,
            Action::Up => self.scroll = self.scroll.saturating_sub(1),
            Action::Down if below > 0 => self.scroll += 1,
            Action::Down => self.chosen = (self.chosen + 1).min(last),
            Action::Yes => self.answer(Choice::Yes, below, cx),
            Action::Revoke => self.answer(Choice::Revoke, below, cx),
            Action::No => self.answer(Choice::No, below, cx),
            Action::Accept if self.number.as_ref().is_some_and(|(_, it)| !it.is_empty()) => {
                match self.is_typed() {
                    Ok(()) => self.answer(Choice::Yes, below, cx),
                    Err(reason) => cx.notify(Notice::hint(reason)),
                }
            }
            Action::Accept => {
                if let Some(chosen) = answers.get(self.chosen.min(last)) {
                    self.answer(chosen.choice, below, cx);
                }
            }
            _ => {}
        }
    }

    fn is_typing(&self) -> bool {
        self.number.is_some()
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        let Some((_, typed)) = &mut self.number else {
            return false;
        };
        match key.code {
            KeyCode::Char(digit) if digit.is_ascii_digit() && typed.len() < LONGEST_NUMBER => {
                typed.push(digit);
                true
            }
            KeyCode::Backspace => typed.pop().is_some(),
            _ => false,
        }
    }

    fn step(&self, _view: View<'_>) -> Step {
        if self.number.is_some() {
            return Step::press(
                "Type the number that the box names, then press {}.",
                &[Action::Accept],
            );
        }
        Step::press(
            "Press one of the keys in the box, or choose and press {}.",
            &[Action::Accept],
        )
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let width = WIDTH.min(area.width);
        let mut lines = self.text(width, theme.text);
        let Some((room, is_low)) = self.room(lines.len(), area.height) else {
            let lines = lines::wrapped(TOO_LOW, theme.text, popup::text_width(width));
            popup::scrolled(
                frame,
                area,
                width,
                self.question.title,
                lines.collect(),
                0,
                theme,
            );
            return;
        };
        // The window may have grown since.
        let above = self.scroll.min(lines.len().saturating_sub(room));
        let below = lines.len() - room - above;
        lines = lines.into_iter().skip(above).take(room).collect();
        if !is_low {
            lines.push(Line::default());
        }
        let mut typing = None;
        if let Some((number, typed)) = &self.number {
            let asked = format!("Type {number} here: ");
            typing = Some((lines.len(), fit::width(&asked) + typed.len()));
            lines.push(Line::from(vec![
                Span::raw(asked),
                Span::styled(format!("{typed:<LONGEST_NUMBER$}"), theme.field_focused),
            ]));
        }
        let answers = self.answers();
        let height = u16::try_from(lines.len() + answers.len() + 2).unwrap_or(u16::MAX);
        let inside = popup::open(frame, area, (width, height), self.question.title, theme);
        let free = lines::draw(frame, inside, lines);
        let chosen = self.chosen.min(answers.len() - 1);
        for (index, answer) in answers.iter().enumerate() {
            let row = Rect {
                height: 1,
                ..pane::below(free, u16::try_from(index).unwrap_or(u16::MAX))
            };
            let label = if below > 0 && answer.choice != Choice::No {
                READ_ON
            } else {
                answer.label
            };
            if index == chosen {
                let text = format!("› {}  {label}", answer.key);
                let text = fit::column(&text, usize::from(row.width));
                frame.render_widget(Line::styled(text, theme.cursor), row);
                field::place_cursor(frame, row, 0);
            } else {
                let line = Line::from(vec![
                    Span::styled(format!("  {}  ", answer.key), theme.key),
                    Span::raw(label),
                ]);
                frame.render_widget(line, row);
            }
        }
        // Until somebody chooses an answer, the number is typed.
        if let Some((row, column)) = typing.filter(|_| chosen == 0) {
            let row = u16::try_from(row).unwrap_or(u16::MAX);
            field::place_cursor(frame, pane::below(inside, row), column);
        }
        if above > 0 || below > 0 {
            let border = Rect {
                y: inside.bottom(),
                height: 1,
                ..inside
            };
            let more = scroll::more(above, below, theme.dim);
            frame.render_widget(more.right_aligned(), border);
        }
    }
}
