//! A question: a small box in the middle with its answers as keys.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::ui::context::Context;
use crate::ui::keymap::{Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::leaving;
use crate::ui::notice::Notice;
use crate::ui::place::Crumb;
use crate::ui::question::{Choice, Question, Subject};
use crate::ui::route::Outcome;
use crate::ui::session::Session;
use crate::widget::{lines, popup, scroll};

const WIDTH: u16 = 56;
/// No list has so many tokens that a longer number is asked for.
const LONGEST_NUMBER: usize = 6;
/// What the keys do that agree, as long as not all was read.
const READ_ON: &str = "read on first (↓)";

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
        let is_offered = match action {
            Action::Revoke => self.revoke.is_some(),
            Action::Accept => self.number.is_some(),
            _ => true,
        };
        (!is_offered).then(|| "This question is answered with y or n.".to_owned())
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

    /// What leaving would lose may change while it is asked about.
    fn refresh(&mut self, session: &Session) {
        if matches!(self.subject, Subject::Quit | Subject::LeaveToken(_))
            && let Some(fresh) = leaving::question(&session.custody, self.subject)
        {
            let scroll = self.scroll;
            *self = Self { scroll, ..fresh };
        }
    }

    fn crumbs(&self) -> Vec<Crumb> {
        Vec::new()
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        let below = self.below(cx.room);
        let choice = match action {
            Action::Up => {
                self.scroll = self.scroll.saturating_sub(1);
                return;
            }
            // Nobody agrees to what cannot be read.
            Action::Down | Action::Yes | Action::Revoke | Action::Accept if below > 0 => {
                self.scroll += 1;
                return;
            }
            Action::Accept => match &self.number {
                Some((number, typed)) if *typed == number.to_string() => Choice::Yes,
                Some((number, _)) => {
                    let what = format!("Type {number}, then press enter. Esc goes back.");
                    cx.notify(Notice::hint(what));
                    return;
                }
                None => return,
            },
            Action::Yes => Choice::Yes,
            Action::Revoke => Choice::Revoke,
            Action::No => Choice::No,
            _ => return,
        };
        cx.close_with(Outcome::Answered(self.subject, choice));
    }

    fn step(&self, _view: View<'_>) -> &'static str {
        match self.number {
            Some(_) => "Type the number that the box names, then press enter. Or press esc.",
            None => "Answer with one of the keys in the box.",
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let width = WIDTH.min(area.width);
        let below = self.below((area.width, area.height));
        let mut lines = self.text(width, theme.text);
        let (room, is_low) = self.room(lines.len(), area.height);
        // The window may have grown since.
        let above = self.scroll.min(lines.len().saturating_sub(room));
        lines = lines.into_iter().skip(above).take(room).collect();
        if !is_low {
            lines.push(Line::default());
        }
        if let Some((number, typed)) = &self.number {
            lines.push(Line::from(vec![
                Span::raw(format!(" Type {number} here: ")),
                Span::styled(format!("{typed:<LONGEST_NUMBER$}"), theme.field_focused),
            ]));
        }
        for (key, label) in self.answers() {
            let label = if below > 0 && !matches!(key, "n" | "esc") {
                READ_ON
            } else {
                label
            };
            lines.push(Line::from(vec![
                Span::styled(format!(" {key} "), theme.key),
                Span::raw(format!(" {label}")),
            ]));
        }
        let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
        let inside = popup::open(frame, area, (width, height), self.title, theme);
        lines::draw(frame, inside, lines);
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

impl Question {
    /// The keys that answer it.
    fn answers(&self) -> Vec<(&'static str, &'static str)> {
        let revoke = self.revoke.map(|label| ("x", label));
        let (yes_key, no_key) = match self.number {
            Some(_) => ("enter", "esc"),
            None => ("y", "n"),
        };
        let no = (!self.no.is_empty()).then_some((no_key, self.no));
        let answers = [Some((yes_key, self.yes)), revoke, no];
        answers.into_iter().flatten().collect()
    }

    fn text(&self, width: u16, style: Style) -> Vec<Line<'static>> {
        let room = popup::text_width(width);
        let paragraphs = self.text.iter();
        let lines = paragraphs.flat_map(|text| lines::wrapped(text, style, room));
        lines.collect()
    }

    /// How many lines of the text can be seen at once, and whether there is no room for a blank one
    /// below them.
    fn room(&self, lines: usize, height: u16) -> (usize, bool) {
        let typed = usize::from(self.number.is_some());
        let inside = usize::from(height).saturating_sub(2 + typed + self.answers().len());
        (inside.min(lines).max(1), inside <= lines)
    }

    /// How many lines of the text are still hidden below.
    fn below(&self, (columns, rows): (u16, u16)) -> usize {
        let lines = self.text(WIDTH.min(columns), Style::new()).len();
        let (room, _) = self.room(lines, rows);
        lines.saturating_sub(self.scroll + room)
    }
}
