//! A field of one line for a password, which wipes itself.
//!
//! `tui-input` keeps deleted text and derives `Debug`; here the characters live in one buffer that
//! never grows, so that no copy is left behind in freed memory.

use std::fmt;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zeroize::{Zeroize, Zeroizing};

use crate::secret::Secret;

/// The most that fits, in bytes. No password comes near it, and more would have to move the buffer,
/// which leaves a copy at the old place.
const CAPACITY: usize = 1024;

/// One line of text that nobody gets to see.
pub struct SecretField {
    text: Zeroizing<String>,
    /// In bytes, always between two characters.
    cursor: usize,
}

impl Default for SecretField {
    fn default() -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(CAPACITY)),
            cursor: 0,
        }
    }
}

impl SecretField {
    /// A field that is filled in already, with the cursor at the end.
    #[must_use]
    pub fn from_secret(secret: &Secret) -> Self {
        let mut field = Self::default();
        field.paste(secret.expose());
        field
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// A copy of what is in it, for the one who signs in with it.
    #[must_use]
    pub fn secret(&self) -> Secret {
        Secret::new(self.text.as_str().to_owned())
    }

    /// Types or edits; says whether the key meant something here. A character for which there is no
    /// room is taken and dropped.
    pub fn handle(&mut self, key: KeyEvent) -> bool {
        // The case of a letter with Ctrl depends on Caps Lock and on the terminal.
        let code = match key.code {
            KeyCode::Char(letter) if key.modifiers == KeyModifiers::CONTROL => {
                return self.control(letter.to_ascii_lowercase());
            }
            code => code,
        };
        if !(key.modifiers - KeyModifiers::SHIFT).is_empty() {
            return false;
        }
        match code {
            KeyCode::Char(character) => {
                self.insert(character.encode_utf8(&mut [0; 4]));
            }
            KeyCode::Backspace => self.delete(self.left()..self.cursor),
            KeyCode::Delete => self.delete(self.cursor..self.right()),
            KeyCode::Left => self.cursor = self.left(),
            KeyCode::Right => self.cursor = self.right(),
            KeyCode::Home => self.cursor = 0,
            KeyCode::End => self.cursor = self.text.len(),
            _ => return false,
        }
        true
    }

    fn control(&mut self, letter: char) -> bool {
        match letter {
            'a' => self.cursor = 0,
            'e' => self.cursor = self.text.len(),
            // What some terminals send for Backspace.
            'h' => self.delete(self.left()..self.cursor),
            'u' => self.delete(0..self.cursor),
            'w' => {
                let before = self.text[..self.cursor].trim_end();
                let start = before
                    .char_indices()
                    .rfind(|(_, character)| character.is_whitespace())
                    .map_or(0, |(at, character)| at + character.len_utf8());
                self.delete(start..self.cursor);
            }
            _ => return false,
        }
        true
    }

    /// Puts pasted text in, without line ends and other control characters: pasting never submits.
    /// What does not fit is refused as a whole, since half a password is a wrong one; says whether
    /// it did fit.
    pub fn paste(&mut self, text: &str) -> bool {
        let room = CAPACITY - self.text.len();
        let printable = || text.chars().filter(|character| !character.is_control());
        if printable().map(char::len_utf8).sum::<usize>() > room {
            return false;
        }
        for character in printable() {
            self.insert(character.encode_utf8(&mut [0; 4]));
        }
        true
    }

    /// Wipes it.
    pub fn clear(&mut self) {
        // Wipes the whole buffer, also what deleting left behind the text, and keeps it.
        self.text.zeroize();
        self.cursor = 0;
    }

    /// One bullet for each character as far as `width` columns allow, and the cursor's column in
    /// them. The cursor always stands within the width.
    #[must_use]
    pub fn masked(&self, width: u16) -> (String, u16) {
        let Some(last_column) = width.checked_sub(1) else {
            return (String::new(), 0);
        };
        let before = self.text[..self.cursor].chars().count();
        let hidden = before.saturating_sub(usize::from(last_column));
        let shown = (self.text.chars().count() - hidden).min(usize::from(width));
        let column = u16::try_from(before - hidden).unwrap_or(last_column);
        ("•".repeat(shown), column)
    }

    fn insert(&mut self, text: &str) {
        if self.text.len() + text.len() <= CAPACITY {
            self.text.insert_str(self.cursor, text);
            self.cursor += text.len();
        }
    }

    fn delete(&mut self, range: std::ops::Range<usize>) {
        self.cursor = range.start;
        self.text.replace_range(range, "");
    }

    fn left(&self) -> usize {
        self.text[..self.cursor]
            .char_indices()
            .next_back()
            .map_or(0, |(at, _)| at)
    }

    fn right(&self) -> usize {
        self.text[self.cursor..]
            .chars()
            .next()
            .map_or(self.cursor, |character| self.cursor + character.len_utf8())
    }
}

impl fmt::Debug for SecretField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretField(…)")
    }
}
