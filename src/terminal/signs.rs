//! The signs that a terminal can show. The console of Linux has a small font; a locale that is not UTF-8
//! has no signs at all. There each is one of ASCII, as wide as the one that is meant: nothing moves.

use unicode_width::UnicodeWidthChar;
use zeroize::Zeroizing;

use crate::environment::Environment;

/// Which signs can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signs {
    /// All.
    All,
    /// Letters, but no ticks, arrows and lines.
    Letters,
    /// ASCII.
    Ascii,
}

impl Signs {
    /// What the environment says. Where it says nothing, a terminal of today is meant.
    #[must_use]
    pub fn of(environment: &Environment) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"];
        let locale = locale.iter().find_map(|name| environment.text(name));
        let is_utf8 = |locale: String| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        };
        if cfg!(unix) && !locale.is_none_or(is_utf8) {
            Self::Ascii
        } else if environment.text("TERM").as_deref() == Some("linux") {
            Self::Letters
        } else {
            Self::All
        }
    }

    /// What is drawn, in signs that can be shown.
    #[must_use]
    pub fn frame(self, frame: Zeroizing<Vec<u8>>) -> Zeroizing<Vec<u8>> {
        match std::str::from_utf8(&frame) {
            Ok(text) if self != Self::All => {
                let mut shown = Zeroizing::new(Vec::with_capacity(frame.len()));
                self.append(text, &mut shown);
                shown
            }
            _ => frame,
        }
    }

    /// A text, in signs that can be shown.
    #[must_use]
    pub fn text(self, text: &str) -> String {
        let mut shown = Vec::with_capacity(text.len());
        match self {
            Self::All => shown.extend_from_slice(text.as_bytes()),
            Self::Letters | Self::Ascii => self.append(text, &mut shown),
        }
        String::from_utf8_lossy(&shown).into_owned()
    }

    fn append(self, text: &str, shown: &mut Vec<u8>) {
        for character in text.chars() {
            match ascii(character) {
                Some(sign) => shown.push(sign),
                None if self == Self::Ascii && !character.is_ascii() => {
                    let columns = character.width().unwrap_or(0);
                    shown.extend(std::iter::repeat_n(b'?', columns));
                }
                None => shown.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }
}

/// What stands for a sign of ours.
fn ascii(sign: char) -> Option<u8> {
    Some(match sign {
        '✓' => b'+',
        '✗' | '×' => b'x',
        '★' | '•' | '●' | '○' => b'*',
        '›' | '→' | '▸' | '▶' => b'>',
        '‹' | '←' | '◂' | '◀' => b'<',
        '↑' | '▲' => b'^',
        '↓' | '▼' => b'v',
        '…' => b'~',
        '·' => b'.',
        '–' | '—' | '─' | '━' | '═' => b'-',
        '│' | '┃' | '║' => b'|',
        '╭' | '╮' | '╰' | '╯' | '┌' | '┐' | '└' | '┘' | '├' | '┤' | '┬' | '┴' | '┼' => {
            b'+'
        }
        '█' => b'#',
        '▀' => b'\'',
        '▄' => b'_',
        '“' | '”' => b'"',
        '‘' | '’' => b'\'',
        // The spinner turns.
        '⠋' | '⠦' => b'|',
        '⠙' | '⠇' => b'/',
        '⠸' | '⠏' => b'-',
        '⠴' | '⠹' => b'\\',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_and_the_terminal_say_what_can_be_shown() {
        let here = Environment::of_process();
        let of = |all: &str, ctype: &str, lang: &str, term: &str| {
            let here = here.clone().with("LC_ALL", all).with("LC_CTYPE", ctype);
            Signs::of(&here.with("LANG", lang).with("TERM", term))
        };
        assert_eq!(of("", "", "", "xterm"), Signs::All);
        assert_eq!(of("", "", "en_GB.UTF-8", "xterm"), Signs::All);
        assert_eq!(of("", "", "de_DE.utf8", "linux"), Signs::Letters);
        if cfg!(unix) {
            assert_eq!(of("C", "", "en_GB.UTF-8", "xterm"), Signs::Ascii);
            assert_eq!(of("", "de_DE.ISO-8859-1", "", "xterm"), Signs::Ascii);
            assert_eq!(of("", "", "POSIX", "linux"), Signs::Ascii);
        }
    }

    #[test]
    fn every_sign_stays_as_wide_as_it_was() {
        let text = "✓ ! ✗ › ★ … – · • ↑↓←→ ╭─╮│╰╯ ⠋⠙⠸⠴⠦⠇⠏⠹ █▀▄ Zażółć 漢字 e\u{301}";
        let ascii = Signs::Ascii.text(text);
        assert!(ascii.is_ascii(), "{ascii}");
        assert_eq!(crate::widget::fit::width(text), ascii.len());
        let letters = Signs::Letters.text(text);
        assert!(
            letters.contains("Zażółć 漢字") && letters.starts_with("+ ! x >"),
            "{letters}"
        );
        assert_eq!(Signs::All.text(text), text);
    }
}
