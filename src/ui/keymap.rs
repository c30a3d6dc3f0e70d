//! The key table. Dispatch, footer, `?` help and the README's table all come from it.

mod action;
mod table;

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

pub use self::action::{Action, Column, Mode};
pub use self::table::BINDINGS;

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Chord {
    code: KeyCode,
    control: bool,
}

impl Chord {
    fn is_printable(self) -> bool {
        matches!(self.code, KeyCode::Char(_)) && !self.control
    }

    fn matches(self, event: KeyEvent) -> bool {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        let alt = event.modifiers.contains(KeyModifiers::ALT);
        self.code == event.code && self.control == control && !alt
    }
}

impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.control {
            f.write_str("ctrl+")?;
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("space"),
            KeyCode::Char(character) => write!(f, "{character}"),
            KeyCode::F(number) => write!(f, "F{number}"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::BackTab => f.write_str("shift+tab"),
            KeyCode::PageUp => f.write_str("page up"),
            KeyCode::PageDown => f.write_str("page down"),
            other => f.write_str(&format!("{other:?}").to_lowercase()),
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy)]
pub struct Binding {
    /// Where it is in force.
    pub mode: Mode,
    /// The keys; the first is the one that the footer shows.
    pub keys: &'static [Chord],
    /// What they mean.
    pub action: Action,
    /// How the footer writes the key where it stands for a pair; empty: the first key.
    pub shown: &'static str,
    /// A word or two for the footer; empty: not in the footer.
    pub label: &'static str,
    /// A sentence for `?`.
    pub help: &'static str,
}

impl Binding {
    /// The key as the footer writes it. While text is typed, letters are text: then the first key
    /// that is none, or nothing.
    #[must_use]
    pub fn shown_key(&self, typing: bool) -> String {
        let works = |chord: &&Chord| !typing || !chord.is_printable();
        match self.keys.iter().find(works) {
            Some(_) if !self.shown.is_empty() => self.shown.to_owned(),
            chord => chord.map(Chord::to_string).unwrap_or_default(),
        }
    }

    /// Its first key by itself. While text is typed, letters are text: then the first key that is none,
    /// or nothing.
    #[must_use]
    pub fn first_key(&self, typing: bool) -> String {
        let works = |chord: &&Chord| !typing || !chord.is_printable();
        let first = self.keys.iter().find(works);
        first.map(Chord::to_string).unwrap_or_default()
    }

    /// All its keys: "↑, k". While text is typed, letters are text.
    #[must_use]
    pub fn all_keys(&self, typing: bool) -> String {
        let works = |chord: &&Chord| !typing || !chord.is_printable();
        let keys: Vec<_> = self
            .keys
            .iter()
            .filter(works)
            .map(Chord::to_string)
            .collect();
        keys.join(", ")
    }
}

/// The key in a word or two, to be read aloud: "n", "enter", "ctrl+c".
#[must_use]
pub fn name(event: KeyEvent) -> String {
    let word = match event.code {
        KeyCode::Up => "up",
        KeyCode::Down => "down",
        KeyCode::Left => "left",
        KeyCode::Right => "right",
        KeyCode::PageUp => "pgup",
        KeyCode::PageDown => "pgdn",
        code => {
            let control = event.modifiers.contains(KeyModifiers::CONTROL);
            return Chord { code, control }.to_string();
        }
    };
    word.to_owned()
}

/// The key that is meant: to most terminals Ctrl+H is Backspace, Ctrl+I Tab, Ctrl+M Enter, Ctrl+[ Esc.
#[must_use]
pub fn meant(event: KeyEvent) -> KeyEvent {
    if event.modifiers != KeyModifiers::CONTROL {
        return event;
    }
    let code = match event.code {
        KeyCode::Char('h' | 'H') => KeyCode::Backspace,
        KeyCode::Char('i' | 'I') => KeyCode::Tab,
        KeyCode::Char('m' | 'M') => KeyCode::Enter,
        KeyCode::Char('[') => KeyCode::Esc,
        _ => return event,
    };
    code.into()
}

/// Whether the key makes text where there is a field for it.
#[must_use]
pub fn is_text(event: KeyEvent) -> bool {
    let commands = KeyModifiers::CONTROL | KeyModifiers::ALT;
    matches!(event.code, KeyCode::Char(_)) && !event.modifiers.intersects(commands)
}

/// The bindings of one part of the table.
pub fn part(mode: Mode) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.mode == mode)
}

/// The bindings in force, in the table's order.
pub fn bindings(mode: Mode) -> impl Iterator<Item = &'static Binding> {
    BINDINGS
        .iter()
        .filter(move |binding| mode.parts().any(|part| part == binding.mode))
}

/// The key for an action, as a text names it: "esc", "n". Empty where the mode has none.
#[must_use]
pub fn key(mode: Mode, action: Action) -> String {
    binding(mode, action).map_or_else(String::new, |binding| binding.first_key(false))
}

/// The binding of an action that the footer shows, else any.
fn binding(mode: Mode, action: Action) -> Option<&'static Binding> {
    let means_it = |binding: &&Binding| binding.action == action;
    let shown = bindings(mode)
        .filter(means_it)
        .find(|it| !it.label.is_empty());
    shown.or_else(|| bindings(mode).find(means_it))
}

/// The same where letters are text: "ctrl+c".
#[must_use]
pub fn key_beside_text(mode: Mode, action: Action) -> String {
    binding(mode, action).map_or_else(String::new, |binding| binding.first_key(true))
}

/// The key for an action where letters are text: "F1", "ctrl+c". Empty where the mode has none.
#[must_use]
pub fn key_while_typing(mode: Mode, action: Action) -> String {
    let binding = bindings(mode).find(|binding| binding.action == action);
    binding.map_or_else(String::new, |binding| binding.first_key(true))
}

/// "press enter": what is said beside a button.
#[must_use]
pub fn press(mode: Mode, action: Action) -> String {
    format!("press {}", key(mode, action))
}

/// The binding that a key press stands for; with Caps Lock the letter is a capital, and in East Asian
/// input a wide one.
#[must_use]
pub fn lookup(mode: Mode, event: KeyEvent) -> Option<&'static Binding> {
    let find = |event| {
        bindings(mode).find(|binding| binding.keys.iter().any(|chord| chord.matches(event)))
    };
    let KeyCode::Char(letter) = event.code else {
        return find(event);
    };
    let narrow = match letter {
        '！'..='～' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        _ => letter,
    };
    let with = |letter| KeyEvent {
        code: KeyCode::Char(letter),
        ..event
    };
    find(with(narrow)).or_else(|| find(with(narrow.to_ascii_lowercase())))
}

/// Whether the key is a letter of another alphabet, which no key of the table is.
#[must_use]
pub fn is_foreign(event: KeyEvent) -> bool {
    matches!(event.code, KeyCode::Char(letter) if !letter.is_ascii() && letter.is_alphabetic())
}

/// All modes, as the table has them.
fn modes() -> Vec<Mode> {
    let mut modes: Vec<Mode> = Vec::new();
    for binding in BINDINGS {
        if !modes.contains(&binding.mode) {
            modes.push(binding.mode);
        }
    }
    modes
}

/// The table as the README shows it, in Markdown: what belongs together stands together.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::from("| where | keys | what they do |\n|---|---|---|\n");
    for binding in modes().into_iter().flat_map(part) {
        let keys: Vec<_> = binding
            .keys
            .iter()
            .map(|chord| format!("`{chord}`"))
            .collect();
        text.push_str(&format!(
            "| {} | {} | {} |\n",
            binding.mode.title(),
            keys.join(" "),
            binding.help
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_key_means_two_things_in_one_place() {
        for mode in modes() {
            let mut seen = HashSet::new();
            for binding in bindings(mode) {
                for chord in binding.keys {
                    assert!(seen.insert(chord), "{chord} is bound twice in {mode:?}");
                }
            }
        }
    }

    #[test]
    fn every_binding_is_described() {
        for binding in BINDINGS {
            assert!(!binding.keys.is_empty(), "{:?} has no key", binding.action);
            assert!(
                binding.help.ends_with('.'),
                "{:?} wants a sentence",
                binding.action
            );
        }
    }
}
