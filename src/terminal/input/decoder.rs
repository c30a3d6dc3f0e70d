//! Bytes and time in, inputs out.
//!
//! What a terminal sends comes in pieces: the network splits an arrow key after its ESC, a reply to a
//! question that somebody asked long ago arrives in the middle of a password, a paste never ends. So
//! nothing is taken for a key before it is complete or its time is over, and what is no key is passed
//! over as a whole. Only time makes a difference: however the bytes are split, the inputs are the same.

use std::fmt;
use std::mem;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use vte::Parser;
use zeroize::Zeroizing;

use super::Input;
use super::sequence::{self, Heard, Meaning, Token};
use crate::secret::Secret;

/// So long a lone ESC may be the beginning of a sequence, unless the user knows better. Then it is the key.
const ESCAPE: Duration = Duration::from_millis(50);
/// After so much silence a sequence is over, complete or not.
const SEQUENCE: Duration = Duration::from_secs(1);
/// After so much silence a paste is over.
const PASTE: Duration = Duration::from_secs(2);
/// What ends a paste.
const PASTE_END: &[u8] = b"\x1b[201~";
/// The most of a paste that is kept; no field takes a part of it.
const LONGEST_PASTE: usize = 1 << 20;
/// How many bytes follow the oldest form of a mouse report.
const MOUSE: u8 = 3;

/// No sequence that means something is longer.
const LONGEST_SEQUENCE: usize = 64;

const ESC: u8 = 0x1b;
const BEL: u8 = 0x07;
const BACKSPACE: u8 = 0x08;
/// The end of a control string in one byte.
const ST: u8 = 0x9c;

/// What the last bytes have begun.
#[derive(Default)]
enum Stage {
    /// Nothing.
    #[default]
    Text,
    /// ESC: the key, Alt with the next one, or the beginning of a sequence. Or ESC twice.
    Escape { twice: bool },
    /// ESC was taken for the key a moment ago.
    TooLate,
    /// And then came what usually follows it.
    PerhapsTooLate { introducer: u8 },
    /// `ESC [` and what has come of the control sequence since.
    Control(Vec<u8>),
    /// `ESC O`, and the number of the modifiers.
    Shifted { modifiers: u16 },
    /// `ESC [ [`: a function key of the Linux console.
    Console,
    /// What a terminal answers, not what somebody types.
    String(ControlString),
    /// So many bytes of a mouse report are to come.
    Mouse { left: u8 },
    /// Pasted text.
    Paste(Zeroizing<Vec<u8>>),
}

/// How far a control string has come.
struct ControlString {
    /// BEL ends it, as in a title or a colour.
    ends_with_bell: bool,
    /// The last byte was ESC, the first half of its end.
    escape: bool,
    /// So many bytes of a character are to come: none of them is an end.
    continuation: u8,
}

/// What becomes of the key that a sequence stands for.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Fate {
    #[default]
    Pressed,
    PressedWithAlt,
    /// The ESC in front was taken for a key already: too late for this one.
    Dropped,
}

/// Makes inputs of bytes.
pub struct Decoder {
    stage: Stage,
    /// How long a lone ESC may be the beginning of a sequence.
    escape: Duration,
    /// When the last byte came.
    since: Duration,
    /// Puts characters together.
    text: Parser,
    fate: Fate,
    inputs: Vec<Input>,
}

impl Default for Decoder {
    fn default() -> Self {
        Self {
            stage: Stage::Text,
            escape: ESCAPE,
            since: Duration::ZERO,
            text: Parser::new(),
            fate: Fate::Pressed,
            inputs: Vec::new(),
        }
    }
}

impl fmt::Debug for Decoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Decoder(…)")
    }
}

impl Decoder {
    /// Waits so long after a lone ESC for the rest of a key, as a slow line may need.
    #[must_use]
    pub fn with_escape_delay(mut self, delay: Duration) -> Self {
        self.escape = delay;
        self
    }

    /// Takes in bytes that came at this moment, in time since some start.
    pub fn take(&mut self, bytes: &[u8], now: Duration) -> Vec<Input> {
        let mut inputs = self.pass(now);
        self.since = now;
        for byte in bytes {
            self.byte(*byte);
        }
        inputs.append(&mut self.inputs);
        inputs
    }

    /// Nothing has come until this moment.
    pub fn pass(&mut self, now: Duration) -> Vec<Input> {
        while let Some(deadline) = self.deadline()
            && deadline <= now
        {
            self.since = deadline;
            self.run_out();
        }
        mem::take(&mut self.inputs)
    }

    /// When what has begun is over, unless bytes come before.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let patience = match &self.stage {
            Stage::Text => return None,
            Stage::Escape { .. } | Stage::PerhapsTooLate { .. } => self.escape,
            Stage::Paste(_) => PASTE,
            _ => SEQUENCE,
        };
        Some(self.since + patience)
    }

    /// What has begun is over, complete or not.
    fn run_out(&mut self) {
        match mem::take(&mut self.stage) {
            Stage::Escape { twice } => {
                self.press(KeyCode::Esc.into());
                if twice {
                    self.press(KeyCode::Esc.into());
                }
                self.stage = Stage::TooLate;
            }
            Stage::PerhapsTooLate { introducer } => self.text(introducer),
            Stage::Paste(mut text) => {
                // Half of its end may have come.
                let half = (1..PASTE_END.len()).rfind(|half| text.ends_with(&PASTE_END[..*half]));
                let length = text.len() - half.unwrap_or(0);
                text.truncate(length);
                self.paste(&text);
            }
            _ => {}
        }
        self.fate = Fate::Pressed;
    }

    fn byte(&mut self, byte: u8) {
        match mem::take(&mut self.stage) {
            Stage::Text if byte == ESC => {
                // A character that is not whole by now never will be.
                self.text = Parser::new();
                self.stage = Stage::Escape { twice: false };
            }
            Stage::Text => self.text(byte),
            Stage::Escape { twice } => self.after_escape(byte, twice),
            Stage::TooLate if matches!(byte, b'[' | b']' | b'P' | b'_') => {
                self.stage = Stage::PerhapsTooLate { introducer: byte };
            }
            Stage::TooLate => self.byte(byte),
            Stage::PerhapsTooLate { introducer } => {
                let goes_on = match introducer {
                    b'[' => matches!(byte, b'0'..=b'9' | b'?' | b'>' | b'A'..=b'D' | b'F' | b'H'),
                    b']' => byte.is_ascii_digit(),
                    b'P' => matches!(byte, b'0' | b'1' | b'>' | b'!'),
                    _ => byte == b'G',
                };
                if goes_on {
                    self.begin(introducer, Fate::Dropped);
                } else {
                    self.text(introducer);
                }
                self.byte(byte);
            }
            Stage::Control(sequence) => self.control(byte, sequence),
            Stage::Shifted { modifiers } => self.shifted(byte, modifiers),
            Stage::Console => match sequence::console(byte) {
                Some(key) => self.sequence_ends(Meaning::Key(key)),
                None => self.cut_off(byte),
            },
            Stage::String(string) => self.string(byte, string),
            Stage::Mouse { left } if left > 1 => self.stage = Stage::Mouse { left: left - 1 },
            Stage::Mouse { .. } => {}
            Stage::Paste(text) => self.pasted(byte, text),
        }
    }

    fn after_escape(&mut self, byte: u8, twice: bool) {
        let is_introducer = matches!(byte, b'[' | b'O' | b']' | b'P' | b'X' | b'^' | b'_');
        if byte == ESC {
            if twice {
                self.press(KeyCode::Esc.into());
            }
            self.stage = Stage::Escape { twice: true };
        } else if is_introducer {
            // Some terminals send Alt with an arrow as two ESC.
            let fate = if twice {
                Fate::PressedWithAlt
            } else {
                Fate::Pressed
            };
            self.begin(byte, fate);
        } else if byte == b'\\' && !twice {
            // The end of a control string of which the beginning is over.
        } else {
            if twice {
                self.press(KeyCode::Esc.into());
            }
            // Over a slow connection Esc and then Ctrl+C come as one.
            let is_command = byte < b' ' && !matches!(byte, b'\r' | b'\t' | BACKSPACE);
            if is_command {
                self.press(KeyCode::Esc.into());
            } else {
                self.fate = Fate::PressedWithAlt;
            }
            self.text(byte);
        }
    }

    /// A sequence begins.
    fn begin(&mut self, introducer: u8, fate: Fate) {
        self.fate = fate;
        self.stage = match introducer {
            b'[' => Stage::Control(Vec::new()),
            b'O' => Stage::Shifted { modifiers: 0 },
            _ => Stage::String(ControlString {
                ends_with_bell: introducer == b']',
                escape: false,
                continuation: 0,
            }),
        };
    }

    /// A byte of a character, or a control character.
    fn text(&mut self, byte: u8) {
        let mut heard = Heard::default();
        self.text.advance(&mut heard, &[byte]);
        for token in heard.tokens {
            let fate = mem::take(&mut self.fate);
            match token {
                // The same introducers in one byte.
                Token::Control(0x9b) => self.begin(b'[', Fate::Pressed),
                Token::Control(0x8f) => self.begin(b'O', Fate::Pressed),
                Token::Control(0x9d) => self.begin(b']', Fate::Pressed),
                Token::Control(0x90 | 0x98 | 0x9e | 0x9f) => self.begin(b'P', Fate::Pressed),
                Token::Control(control) => {
                    if let Some(key) = sequence::control(control) {
                        self.press_as(key, fate);
                    }
                }
                Token::Character(character) => self.press_as(sequence::typed(character), fate),
                Token::Nothing => {}
            }
        }
    }

    fn control(&mut self, byte: u8, mut sequence: Vec<u8>) {
        match byte {
            b'[' if sequence.is_empty() => self.stage = Stage::Console,
            // rxvt's way to say Shift. A report has more than a number in front of it.
            b'$' if !sequence.is_empty() && sequence.iter().all(u8::is_ascii_digit) => {
                sequence.extend(b";2~");
                self.sequence_ends(sequence::meaning(&sequence));
            }
            b' '..=b'~' => {
                if sequence.len() < LONGEST_SEQUENCE {
                    sequence.push(byte);
                }
                if byte < b'@' {
                    self.stage = Stage::Control(sequence);
                } else {
                    self.sequence_ends(sequence::meaning(&sequence));
                }
            }
            _ => self.cut_off(byte),
        }
    }

    fn shifted(&mut self, byte: u8, modifiers: u16) {
        match byte {
            b'0'..=b'9' => {
                let modifiers = modifiers
                    .saturating_mul(10)
                    .saturating_add(u16::from(byte - b'0'));
                self.stage = Stage::Shifted { modifiers };
            }
            b';' => self.stage = Stage::Shifted { modifiers: 0 },
            b' '..=b'~' => self.sequence_ends(sequence::shifted(byte, modifiers)),
            _ => self.cut_off(byte),
        }
    }

    /// What came is no part of the sequence, which therefore is none.
    fn cut_off(&mut self, byte: u8) {
        self.fate = Fate::Pressed;
        self.byte(byte);
    }

    fn sequence_ends(&mut self, meaning: Meaning) {
        let fate = mem::take(&mut self.fate);
        match meaning {
            Meaning::Key(key) => self.press_as(key, fate),
            Meaning::FocusGained => self.inputs.push(Input::FocusGained),
            Meaning::FocusLost => self.inputs.push(Input::FocusLost),
            Meaning::Paste => self.stage = Stage::Paste(Zeroizing::default()),
            Meaning::Mouse => self.stage = Stage::Mouse { left: MOUSE },
            Meaning::Nothing => {}
        }
    }

    fn string(&mut self, byte: u8, mut string: ControlString) {
        let is_over = match byte {
            ESC if !string.escape => {
                string.escape = true;
                self.stage = Stage::String(string);
                return;
            }
            b'\\' if string.escape => true,
            // Another sequence: this one was cut off.
            _ if string.escape => return self.after_escape(byte, false),
            BEL => string.ends_with_bell,
            ST => string.continuation == 0,
            b'\t'..=b'\r' => false,
            // Somebody's Ctrl+C, say.
            0..b' ' => return self.cut_off(byte),
            _ => false,
        };
        if is_over {
            self.fate = Fate::Pressed;
            return;
        }
        string.continuation = match byte {
            // Its one character with an end in it is the end.
            0xc2 => 0,
            0xc3..0xe0 => 1,
            0xe0..0xf0 => 2,
            0xf0..0xf8 => 3,
            0x80..0xc0 => string.continuation.saturating_sub(1),
            _ => 0,
        };
        self.stage = Stage::String(string);
    }

    fn pasted(&mut self, byte: u8, mut text: Zeroizing<Vec<u8>>) {
        if text.len() == text.capacity() {
            // Moved by hand, so that nothing is left behind at the old place.
            let mut larger = Zeroizing::new(Vec::with_capacity(2 * text.len().max(512)));
            larger.extend_from_slice(&text);
            text = larger;
        }
        text.push(byte);
        if text.ends_with(PASTE_END) {
            let length = text.len() - PASTE_END.len();
            text.truncate(length);
            self.paste(&text);
            return;
        }
        if text.len() > LONGEST_PASTE + PASTE_END.len() {
            // What is left is too long for every field, still.
            text.drain(..LONGEST_PASTE / 2);
        }
        self.stage = Stage::Paste(text);
    }

    fn paste(&mut self, text: &[u8]) {
        let text = String::from_utf8_lossy(text).into_owned();
        self.inputs.push(Input::Paste(Secret::new(text)));
    }

    fn press_as(&mut self, mut key: KeyEvent, fate: Fate) {
        match fate {
            Fate::Pressed => {}
            Fate::PressedWithAlt => key.modifiers |= KeyModifiers::ALT,
            Fate::Dropped => return,
        }
        self.press(key);
    }

    fn press(&mut self, key: KeyEvent) {
        self.inputs.push(Input::Key(key));
    }
}
