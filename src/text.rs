//! Cleaning of text that other people wrote.
//!
//! A server, and whoever may name a project on it, chooses what this program draws. Terminals obey
//! escape sequences, ratatui lets bidirectional overrides and zero-width characters through, and a
//! heap of combining marks paints over its neighbours. So everything that comes from a server passes
//! [`clean`] once, where it enters, and nothing further in has to think about it.

use std::iter::Peekable;
use std::str::Chars;

use unicode_width::UnicodeWidthChar;

/// The longest cleaned text in characters, the `…` of a cut included.
pub const LONGEST: usize = 1024;

/// How many combining marks one character may carry. Vietnamese needs two, Hebrew and the Indic
/// scripts three or four; what piles up more wants to paint over its neighbours.
const MARKS: usize = 4;

/// One line that is safe to draw.
///
/// Escape sequences are removed as whole sequences, also those with C1 characters; control,
/// invisible, direction-changing and private-use characters are removed; white space and line
/// breaks become single spaces, none at the ends; each character keeps at most four combining
/// marks; what is longer than [`LONGEST`] characters is cut and ends in `…`.
///
/// Joiners and variation selectors go too, since they are invisible: a family emoji falls apart
/// into its members, everything else that people write survives. Cleaning twice changes nothing.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut line = Line::default();
    let mut rest = text.chars().peekable();
    while !line.is_full()
        && let Some(c) = rest.next()
    {
        match c {
            '\u{1b}' => skip_escape(&mut rest),
            '\u{9b}' => skip_control_sequence(&mut rest),
            '\u{90}' | '\u{98}' | '\u{9d}'..='\u{9f}' => skip_string(&mut rest),
            c if c.is_whitespace() => line.space(),
            c if c.is_control() || is_invisible(c) => {}
            c => line.push(c),
        }
    }
    line.text
}

/// The line as it grows.
#[derive(Default)]
struct Line {
    text: String,
    length: usize,
    /// White space has come since the last character, and is written when the next one comes.
    pending_space: bool,
    /// Combining marks since the last character that is none.
    marks: usize,
    /// The `…` has been written.
    cut: bool,
}

impl Line {
    fn is_full(&self) -> bool {
        self.cut
    }

    fn space(&mut self) {
        self.pending_space = !self.text.is_empty();
    }

    fn push(&mut self, c: char) {
        if c.width() == Some(0) {
            // A mark with nothing below it would be drawn on whatever stands to its left.
            if self.text.is_empty() || self.pending_space || self.marks == MARKS {
                return;
            }
            self.marks += 1;
        } else {
            self.marks = 0;
        }
        let more = 1 + usize::from(self.pending_space);
        if self.length + more > LONGEST {
            self.cut_short();
            return;
        }
        if self.pending_space {
            self.text.push(' ');
            self.pending_space = false;
        }
        self.text.push(c);
        self.length += more;
    }

    fn cut_short(&mut self) {
        if self.length == LONGEST {
            self.text.pop();
        }
        self.text.truncate(self.text.trim_end().len());
        self.text.push('…');
        self.cut = true;
    }
}

/// What follows ESC: a control sequence, a control string, or a sequence of one final character.
fn skip_escape(rest: &mut Peekable<Chars<'_>>) {
    match rest.peek() {
        Some('[') => {
            rest.next();
            skip_control_sequence(rest);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            rest.next();
            skip_string(rest);
        }
        _ => {
            while rest.next_if(|c| matches!(c, ' '..='/')).is_some() {}
            rest.next_if(|c| matches!(c, '0'..='~'));
        }
    }
}

/// CSI: parameters, intermediates, one final character (ECMA-48, 5.4).
fn skip_control_sequence(rest: &mut Peekable<Chars<'_>>) {
    while rest.next_if(|c| matches!(c, '0'..='?')).is_some() {}
    while rest.next_if(|c| matches!(c, ' '..='/')).is_some() {}
    rest.next_if(|c| matches!(c, '@'..='~'));
}

/// OSC, DCS, SOS, PM and APC: everything up to BEL or ST, as terminals swallow it. Without an end
/// that is everything.
fn skip_string(rest: &mut Peekable<Chars<'_>>) {
    while let Some(c) = rest.next() {
        match c {
            '\u{7}' | '\u{9c}' => return,
            '\u{1b}' => {
                // ST, or the start of another sequence, which ends the string too.
                skip_escape(rest);
                return;
            }
            _ => {}
        }
    }
}

/// Characters that draw nothing, change the direction of what follows, or mean nothing outside
/// of one company's fonts.
fn is_invisible(c: char) -> bool {
    matches!(c,
        // Soft hyphen, grapheme joiner, Arabic letter mark.
        '\u{ad}' | '\u{34f}' | '\u{61c}'
        // Fillers that look like a space: Hangul, Khmer, braille.
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}'
        // Mongolian variation selectors and vowel separator.
        | '\u{180b}'..='\u{180f}'
        // Zero-width space and joiners, direction marks, embeddings, overrides.
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        // Word joiner, invisible operators, isolates, deprecated format characters.
        | '\u{2060}'..='\u{206f}'
        // Variation selectors, byte order mark, interlinear annotations, object replacement.
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffc}'
        // Shorthand and musical format controls.
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        // Private use, and characters that Unicode guarantees never to be any.
        | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fffe}' | '\u{ffff}'
        // Planes without characters, then tags, further selectors, private planes.
        | '\u{40000}'..='\u{10ffff}'
    ) || (c as u32 & 0xfffe) == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_survives() {
        for text in [
            "billing-api",
            "Zażółć gęślą jaźń",
            "Straße – naïve “quotes”",
            "支払いサービス",
            "결제 서비스",
            "שירות תשלומים",
            "خدمة المدفوعات",
            "สวัสดี",
            "हिन्दी",
            "e\u{301}\u{323}",
            "🚀 rockets 👍🏽",
            "~alice",
        ] {
            assert_eq!(clean(text), text);
        }
    }

    #[test]
    fn what_is_hostile_does_not() {
        for (text, cleaned) in [
            ("", ""),
            ("   ", ""),
            (" a \t b\r\n\n c ", "a b c"),
            ("a\u{2028}b\u{85}c\u{3000}d", "a b c d"),
            ("a\0b\u{7}c\u{8}d\u{7f}e\u{84}f", "abcdef"),
            // Control sequences: colour, screen, C1, cut off, with intermediates.
            ("\u{1b}[31mred\u{1b}[0m", "red"),
            ("\u{1b}[2J\u{1b}[1;1Hgone", "gone"),
            ("a\u{9b}31mb", "ab"),
            ("a\u{1b}[31", "a"),
            ("a\u{1b}", "a"),
            ("a\u{1b}[?25 qb", "ab"),
            ("a\u{1b}(0b\u{1b}cd", "abd"),
            // Control strings: title, clipboard, link, DCS, C1, without end.
            ("a\u{1b}]0;title\u{7}b", "ab"),
            ("a\u{1b}]52;c;ZXZpbA==\u{1b}\\b", "ab"),
            (
                "\u{1b}]8;;http://evil\u{1b}\\link\u{1b}]8;;\u{1b}\\",
                "link",
            ),
            ("a\u{90}q\u{9c}b\u{1b}Pq\u{1b}\\c", "abc"),
            ("a\u{9d}0;title\u{7}b", "ab"),
            ("a\u{1b}]0;never ends", "a"),
            ("a\u{1b}]0;x\u{1b}[31mb", "ab"),
            // Direction.
            ("a\u{202e}gpj.exe\u{202c}", "agpj.exe"),
            ("a\u{2066}b\u{2069}c\u{200f}d\u{61c}e", "abcde"),
            // Invisible.
            ("pass\u{200b}word\u{feff}\u{ad}\u{2060}", "password"),
            ("\u{3164}\u{115f}x\u{2800}", "x"),
            ("❤\u{fe0f}\u{e0100}\u{e0041}\u{e007f}", "❤"),
            ("a\u{e000}b\u{f8ff}c\u{10fffd}d\u{fdd0}e\u{1ffff}", "abcde"),
            // Marks.
            ("\u{301}a", "a"),
            ("a \u{301}b", "a b"),
            (
                "a\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}b\u{301}",
                "a\u{301}\u{301}\u{301}\u{301}b\u{301}",
            ),
        ] {
            assert_eq!(clean(text), cleaned, "{text:?}");
            assert_eq!(clean(cleaned), cleaned, "{text:?} twice");
        }
    }

    #[test]
    fn no_character_gets_past_or_changes_on_the_second_way() {
        let all: Vec<char> = ('\0'..=char::MAX).collect();
        for some in all.chunks(200) {
            // With a letter before each, so that marks have something to stand on.
            let text: String = some.iter().flat_map(|&c| ['a', c]).collect();
            let cleaned = clean(&text);
            assert_eq!(clean(&cleaned), cleaned);
            assert!(cleaned.chars().all(|c| !c.is_control()));
            assert!(cleaned.chars().all(|c| c == ' ' || !c.is_whitespace()));
        }
    }

    #[test]
    fn what_is_too_long_is_cut() {
        let just = "a".repeat(LONGEST);
        assert_eq!(clean(&just), just);
        let cut = clean(&"ä".repeat(LONGEST * 1000));
        assert_eq!(cut.chars().count(), LONGEST);
        assert!(cut.ends_with("ä…"));
        assert_eq!(clean(&cut), cut);
        let words = clean(&"a ".repeat(LONGEST));
        assert!(words.ends_with("a…"), "no space before the sign of a cut");
        // White space after the last character that fits is no reason to cut.
        assert_eq!(clean(&format!("{just}  ")), just);
    }
}
