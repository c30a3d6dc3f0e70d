//! A field of one line for a password, which wipes itself.
//!
//! `tui-input` keeps deleted text and derives `Debug`; here the characters live in one buffer that
//! never grows, so that no copy is left behind in freed memory.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use zeroize::{Zeroize, Zeroizing};

use super::field::TooLong;
use crate::secret::Secret;

/// The most that fits, in bytes. No password comes near it, and more would have to move the buffer,
/// which leaves a copy at the old place.
const CAPACITY: usize = 1024;

/// As many stand for every text.
const BULLETS: u16 = 8;

/// One line of text that nobody gets to see.
pub struct SecretField {
    text: Zeroizing<String>,
    /// In bytes, always between two characters.
    cursor: usize,
    /// One bullet for each character: its length is no secret.
    is_counted: bool,
}

impl Default for SecretField {
    fn default() -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(CAPACITY)),
            cursor: 0,
            is_counted: false,
        }
    }
}

impl SecretField {
    /// A field for a code whose length everybody knows: one bullet for each character.
    #[must_use]
    pub fn counted() -> Self {
        Self {
            is_counted: true,
            ..Self::default()
        }
    }

    /// A field that is filled in already, with the cursor at the end.
    #[must_use]
    pub fn from_secret(secret: &Secret) -> Self {
        let mut field = Self::default();
        // One that is too long for a password is none.
        let _ = field.paste(secret.expose());
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
    ///
    /// # Errors
    ///
    /// Where it does not fit as a whole, since half a password is a wrong one.
    pub fn paste(&mut self, text: &str) -> Result<(), TooLong> {
        let room = CAPACITY - self.text.len();
        let printable = || text.chars().filter(|character| !character.is_control());
        if printable().map(char::len_utf8).sum::<usize>() > room {
            return Err(TooLong);
        }
        for character in printable() {
            self.insert(character.encode_utf8(&mut [0; 4]));
        }
        Ok(())
    }

    /// Puts pasted text in the place of what is there.
    ///
    /// # Errors
    ///
    /// Where it does not fit: then what is there stays.
    pub fn replace(&mut self, text: &str) -> Result<(), TooLong> {
        let mut other = Self {
            is_counted: self.is_counted,
            ..Self::default()
        };
        other.paste(text)?;
        *self = other;
        Ok(())
    }

    /// Wipes it.
    pub fn clear(&mut self) {
        // Wipes the whole buffer, also what deleting left behind the text, and keeps it.
        self.text.zeroize();
        self.cursor = 0;
    }

    /// The same number of bullets for every text, so that nobody learns its length, or one for each
    /// character where that is no secret, as far as `width` columns allow; and the cursor's column.
    #[must_use]
    pub fn masked(&self, width: u16) -> (String, u16) {
        let room = width.saturating_sub(1);
        if self.is_counted {
            let columns =
                |text: &str| room.min(u16::try_from(text.chars().count()).unwrap_or(room));
            let bullets = "•".repeat(usize::from(columns(&self.text)));
            return (bullets, columns(&self.text[..self.cursor]));
        }
        let shown = BULLETS.min(room);
        if self.text.is_empty() {
            return (String::new(), 0);
        }
        let column = if self.cursor == 0 { 0 } else { shown };
        ("•".repeat(usize::from(shown)), column)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> SecretField {
        SecretField::from_secret(&Secret::new(text.to_owned()))
    }

    fn press(field: &mut SecretField, code: KeyCode) -> bool {
        field.handle(KeyEvent::from(code))
    }

    fn control(field: &mut SecretField, letter: char) -> bool {
        field.handle(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL))
    }

    fn text(field: &SecretField) -> String {
        field.secret().expose().to_owned()
    }

    #[test]
    fn editing_moves_by_characters_not_bytes() {
        let mut field = SecretField::default();
        for character in "aß漢z".chars() {
            assert!(press(&mut field, KeyCode::Char(character)));
        }
        press(&mut field, KeyCode::Left);
        press(&mut field, KeyCode::Backspace);
        assert_eq!(text(&field), "aßz");
        press(&mut field, KeyCode::Left);
        press(&mut field, KeyCode::Delete);
        assert_eq!(text(&field), "az");
        press(&mut field, KeyCode::Home);
        press(&mut field, KeyCode::Backspace);
        press(&mut field, KeyCode::Left);
        press(&mut field, KeyCode::Char('É'));
        press(&mut field, KeyCode::End);
        press(&mut field, KeyCode::Delete);
        press(&mut field, KeyCode::Right);
        press(&mut field, KeyCode::Char('!'));
        assert_eq!(text(&field), "Éaz!");
    }

    #[test]
    fn control_keys_delete_words_and_the_start() {
        let mut words = field("correct horse  battery ");
        assert!(control(&mut words, 'w'));
        assert_eq!(text(&words), "correct horse  ");
        assert!(control(&mut words, 'W'));
        assert_eq!(text(&words), "correct ");
        assert!(control(&mut words, 'a'));
        assert!(control(&mut words, 'u'));
        assert_eq!(text(&words), "correct ");
        assert!(control(&mut words, 'e'));
        assert!(control(&mut words, 'u'));
        assert!(words.is_empty());
    }

    #[test]
    fn keys_that_mean_nothing_here_are_left_to_others() {
        let mut field = field("x");
        for code in [KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::F(2)] {
            assert!(!press(&mut field, code), "{code:?}");
        }
        assert!(!control(&mut field, 'z'));
        let alt = KeyEvent::new(KeyCode::Char('b'), KeyModifiers::ALT);
        assert!(!field.handle(alt));
        let shift = KeyEvent::new(KeyCode::Char('B'), KeyModifiers::SHIFT);
        assert!(field.handle(shift));
        assert_eq!(text(&field), "xB");
    }

    #[test]
    fn pasting_drops_line_ends_and_refuses_what_does_not_fit() {
        let mut field = field("ab");
        press(&mut field, KeyCode::Left);
        assert_eq!(field.paste("\r\n x\u{1b} y\n"), Ok(()));
        assert_eq!(text(&field), "a x yb");
        assert_eq!(field.paste(&"z".repeat(CAPACITY)), Err(TooLong));
        assert_eq!(text(&field), "a x yb");
    }

    #[test]
    fn the_buffer_never_moves() {
        let mut field = SecretField::default();
        let (place, capacity) = (field.text.as_ptr(), field.text.capacity());
        assert_eq!(field.paste(&"ß".repeat(CAPACITY / 2)), Ok(()));
        assert!(press(&mut field, KeyCode::Char('x')));
        assert_eq!(field.text.len(), CAPACITY, "what does not fit is dropped");
        field.clear();
        assert!(field.is_empty());
        assert_eq!(field.text.as_ptr(), place);
        assert_eq!(field.text.capacity(), capacity);
        assert_eq!(field.masked(9), (String::new(), 0));
    }

    #[test]
    fn the_mask_tells_nothing_of_the_length() {
        let eight = ("••••••••".to_owned(), 8);
        for text in ["x", "12345", "a long passphrase of many words"] {
            assert_eq!(field(text).masked(20), eight);
        }
        let mut field = field("12345");
        assert_eq!(field.masked(5), ("••••".to_owned(), 4));
        assert_eq!(field.masked(1), (String::new(), 0));
        assert_eq!(field.masked(0), (String::new(), 0));
        press(&mut field, KeyCode::Home);
        assert_eq!(field.masked(20), ("••••••••".to_owned(), 0));
    }

    #[test]
    fn debug_tells_nothing_not_even_the_length() {
        assert_eq!(
            format!("{:?}", field("geheim")),
            format!("{:?}", SecretField::default())
        );
    }
}
