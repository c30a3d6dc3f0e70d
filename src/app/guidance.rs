//! Guidance: one line under the breadcrumb that says what comes next on this screen.
//!
//! ```text
//!  → Step 3 of 6: choose the project with the arrows, then press enter.   F3 hides
//! ```
//!
//! The sentence is the one that share mode spells out at the bottom, so there it is not said twice.

use super::opened::Opened;
use crossterm::event::KeyEvent;
use ratatui::text::{Line, Span};

use super::App;
use crate::theme::Theme;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::ui::notice::Notice;
use crate::ui::session::Session;
use crate::widget::fit;

/// Smaller windows need their rows for the screens.
const ROOMY: (u16, u16) = (60, 20);

impl App {
    /// Why a key can do nothing on the screen as it is now; `None`: it does something.
    #[must_use]
    pub fn refuses(&self, key: KeyEvent) -> Option<String> {
        let Opened { screen, .. } = self.layers.last()?;
        if screen.is_typing() && keymap::is_text(key) {
            return Some("It is text here.".to_owned());
        }
        match keymap::lookup(screen.mode(), key) {
            Some(binding) => screen.refusal(binding.action, &self.session),
            None => Some("It means nothing here.".to_owned()),
        }
    }

    /// What comes next on the screen as it is now, where there is a line that says so.
    #[must_use]
    pub fn guidance(&self) -> Option<String> {
        let Opened { screen, .. } = self.layers.last()?;
        let view = View {
            theme: &self.theme,
            now: self.now,
            session: &self.session,
        };
        let is_shown = height(&self.session, self.size) > 0;
        is_shown.then(|| screen.step(view).words(screen.as_ref(), &self.session))
    }

    pub(super) fn guide(&mut self, on: bool) {
        self.session.state.set_guidance(on);
        let show = keymap::key(Mode::Anywhere, Action::ShowGuidance);
        self.show(Notice::hint(match (on, self.session.share) {
            (false, _) => format!("Guidance is off and stays off. {show} turns it on again."),
            (true, false) => "Guidance is on: the line at the top says what comes next.".to_owned(),
            (true, true) => "Guidance is on. In share mode it is always at the bottom.".to_owned(),
        }));
    }
}

/// How many rows it takes of a window with so many columns and rows.
pub(super) fn height(session: &Session, (columns, rows): (u16, u16)) -> u16 {
    let is_roomy = columns >= ROOMY.0 && rows >= ROOMY.1;
    u16::from(is_roomy && session.shows_guidance() && !session.share)
}

/// As many whole sentences as fit into so many columns, and the key that hides them.
pub(super) fn line(step: &str, width: usize, theme: &Theme) -> Line<'static> {
    let hide = format!(
        "{} hides",
        keymap::key(Mode::Anywhere, Action::HideGuidance)
    );
    let room = width.saturating_sub(4);
    let beside = room.saturating_sub(fit::width(&hide) + 2);
    let mut text = String::new();
    for sentence in step.split_inclusive(". ") {
        // What follows the first sentence leaves the key in sight.
        let most = if text.is_empty() { room } else { beside };
        if fit::width(&text) + fit::width(sentence.trim_end()) > most {
            break;
        }
        text.push_str(sentence);
    }
    let text = text.trim_end();
    if text.is_empty() {
        return Line::default();
    }
    let mut spans = vec![
        Span::styled(" → ", theme.key),
        Span::styled(text.to_owned(), theme.text),
    ];
    let left = room.saturating_sub(fit::width(text));
    if left >= fit::width(&hide) + 2 {
        spans.push(Span::raw(" ".repeat(left - fit::width(&hide))));
        spans.push(Span::styled(hide, theme.dim));
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(step: &str, width: usize) -> String {
        line(step, width, &Theme::monochrome()).to_string()
    }

    #[test]
    fn whole_sentences_or_none() {
        let step = "Choose the project. Or press / and type.";
        assert_eq!(
            text(step, 54),
            " → Choose the project. Or press / and type.  F3 hides"
        );
        assert_eq!(
            text(step, 53),
            " → Choose the project.                      F3 hides"
        );
        assert_eq!(text(step, 32), " → Choose the project.");
        assert_eq!(text(step, 22), "");
    }
}
