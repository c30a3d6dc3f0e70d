//! Roles, not colours: what a piece of the screen means decides how it looks, in one place.
//!
//! The colours are the terminal's own sixteen, so they follow the user's light or dark scheme.
//! Nothing is meant by colour alone: every role that warns stands beside a sign or a word.

use ratatui::style::{Color, Modifier, Style};

use crate::environment::Environment;

/// The looks of everything that is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Ordinary text.
    pub text: Style,
    /// Secondary text.
    pub dim: Style,
    /// Names of places and headings.
    pub strong: Style,
    /// The focus and the recommended choice, and nothing else.
    pub accent: Style,
    /// The row under the cursor in the pane that has the focus.
    pub cursor: Style,
    /// The row that was chosen in a pane that no longer has the focus.
    pub chosen: Style,
    /// The border of the pane that has the focus.
    pub border_focused: Style,
    /// Every other border.
    pub border: Style,
    /// A key in the footer or a help page.
    pub key: Style,
    /// Beside ✓.
    pub good: Style,
    /// Beside !.
    pub warning: Style,
    /// Beside ✗.
    pub bad: Style,
    /// A text field that has the focus.
    pub field_focused: Style,
    /// A text field without the focus.
    pub field: Style,
}

impl Theme {
    /// Sixteen colours and modifiers.
    #[must_use]
    pub fn colour() -> Self {
        let plain = Style::new();
        Self {
            accent: plain.fg(Color::Blue).add_modifier(Modifier::BOLD),
            border_focused: plain.fg(Color::Blue),
            good: plain.fg(Color::Green),
            warning: plain.fg(Color::Yellow),
            bad: plain.fg(Color::Red),
            ..Self::monochrome()
        }
    }

    /// Modifiers only, for `NO_COLOR`. crossterm turns every colour command into a full reset under
    /// `NO_COLOR`, which would wipe bold and reverse: so this theme names no colour at all.
    #[must_use]
    pub const fn monochrome() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let dim = plain.add_modifier(Modifier::DIM);
        Self {
            text: plain,
            dim,
            strong: bold,
            accent: bold,
            cursor: plain.add_modifier(Modifier::REVERSED),
            chosen: bold,
            border_focused: plain,
            border: dim,
            key: bold,
            good: plain,
            warning: bold,
            bad: bold,
            field_focused: plain.add_modifier(Modifier::UNDERLINED),
            field: plain.add_modifier(Modifier::UNDERLINED.union(Modifier::DIM)),
        }
    }

    /// Monochrome where no colour is wanted, or the environment sets `NO_COLOR` to anything but
    /// nothing (no-color.org).
    #[must_use]
    pub fn choose(colour: bool, environment: &Environment) -> Self {
        if colour && environment.get("NO_COLOR").is_none() {
            Self::colour()
        } else {
            Self::monochrome()
        }
    }
}
