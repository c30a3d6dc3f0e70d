//! What characters and sequences mean: xterm's, those of VT220 and rxvt, of the Linux console, and the
//! newer forms that name the character (`CSI u`, modifyOtherKeys).
//!
//! What is no key is a report: an answer of the terminal to somebody's question. Nobody here asked.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use vte::{Params, Parser, Perform};

/// What a control sequence means to us.
#[derive(Clone, Copy, Default)]
pub(super) enum Meaning {
    /// A key.
    Key(KeyEvent),
    /// The window has the focus.
    FocusGained,
    /// It has lost it.
    FocusLost,
    /// Pasted text follows.
    Paste,
    /// A mouse report in the oldest form: three bytes follow.
    Mouse,
    /// A report, or something unknown.
    #[default]
    Nothing,
}

/// What text is made of.
pub(super) enum Token {
    /// A character.
    Character(char),
    /// A control character, also one of those with eight bits.
    Control(u8),
    /// Bytes that are no character.
    Nothing,
}

/// What the parser has made of bytes.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) tokens: Vec<Token>,
    meaning: Meaning,
}

impl Perform for Heard {
    fn print(&mut self, character: char) {
        self.tokens.push(match u8::try_from(character) {
            Ok(control) if character.is_control() => Token::Control(control),
            _ if character == char::REPLACEMENT_CHARACTER => Token::Nothing,
            _ => Token::Character(character),
        });
    }

    fn execute(&mut self, byte: u8) {
        self.tokens.push(Token::Control(byte));
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, last: char) {
        // Only reports have signs such as `?` and `>` in them.
        if intermediates.is_empty() && !ignore {
            let params: Vec<&[u16]> = params.iter().collect();
            self.meaning = control_sequence(&params, last);
        }
    }
}

/// The meaning of a control sequence; the two characters that begin it are left out.
pub(super) fn meaning(sequence: &[u8]) -> Meaning {
    let mut heard = Heard::default();
    let mut parser: Parser = Parser::new();
    parser.advance(&mut heard, b"\x1b[");
    parser.advance(&mut heard, sequence);
    heard.meaning
}

fn control_sequence(params: &[&[u16]], last: char) -> Meaning {
    let number = |index: usize| params.get(index).and_then(|param| param.first()).copied();
    let first = number(0).unwrap_or(0);
    let bare = params.len() <= 1 && first == 0;
    let modifiers = |index: usize| {
        let param = params.get(index).copied().unwrap_or_default();
        let [number, kind] = [0, 1].map(|index| param.get(index).copied().unwrap_or(1));
        (modifiers(number), kind)
    };
    let key = |code: Option<KeyCode>, (modifiers, kind): (KeyModifiers, u16)| match code {
        // The third kind is a key that is let go.
        Some(code) if kind != 3 => Meaning::Key(named(code, modifiers)),
        _ => Meaning::Nothing,
    };
    match last {
        'I' if bare => Meaning::FocusGained,
        'O' if bare => Meaning::FocusLost,
        'M' if bare => Meaning::Mouse,
        'Z' => key(Some(KeyCode::BackTab), modifiers(1)),
        'A'..='F' | 'H' if bare || first == 1 => key(cursor(last), modifiers(1)),
        // Two other numbers in front of R are the place of the cursor, which begins with a 1 too.
        'P' | 'Q' | 'S' if bare || first == 1 => key(cursor(last), modifiers(1)),
        'R' if bare => key(cursor(last), modifiers(1)),
        'a'..='d' if bare => key(cursor(last.to_ascii_uppercase()), (KeyModifiers::SHIFT, 1)),
        '~' if first == 200 => Meaning::Paste,
        '~' if first == 27 && params.len() == 3 => {
            let code = number(2).unwrap_or(0);
            named_by(code, modifiers(1).0)
        }
        '~' => key(numbered(first), modifiers(1)),
        // rxvt's ways to say Control, and both.
        '^' => key(numbered(first), (KeyModifiers::CONTROL, 1)),
        '@' => key(
            numbered(first),
            (KeyModifiers::CONTROL | KeyModifiers::SHIFT, 1),
        ),
        'u' if modifiers(1).1 != 3 => {
            let (held, _) = modifiers(1);
            let others = params.first().copied().unwrap_or_default();
            let other = |index: usize| others.get(index).copied().filter(|code| *code != 0);
            let code = match (other(1), other(2)) {
                (Some(shifted), _) if held.contains(KeyModifiers::SHIFT) => shifted,
                // With Control it is the place of the key that counts, also where another alphabet
                // is on it.
                (_, Some(base)) if held.contains(KeyModifiers::CONTROL) => base,
                _ => first,
            };
            named_by(code, held)
        }
        _ => Meaning::Nothing,
    }
}

/// `ESC O` and this: keys of the VT100's keypad, and the function keys on it.
pub(super) fn shifted(last: u8, held: u16) -> Meaning {
    let (code, extra) = match last {
        b'A'..=b'F' | b'H' | b'P'..=b'S' => (cursor(last.into()), KeyModifiers::NONE),
        b'a'..=b'd' => (
            cursor(last.to_ascii_uppercase().into()),
            KeyModifiers::CONTROL,
        ),
        b'M' => (Some(KeyCode::Enter), KeyModifiers::NONE),
        b'I' => (Some(KeyCode::Tab), KeyModifiers::NONE),
        b'X' => (Some(KeyCode::Char('=')), KeyModifiers::NONE),
        // The digits and signs lie 64 places below.
        b' ' | b'j'..=b'y' => (
            Some(KeyCode::Char((last & 0x3f).into())),
            KeyModifiers::NONE,
        ),
        _ => (None, KeyModifiers::NONE),
    };
    code.map_or(Meaning::Nothing, |code| {
        Meaning::Key(named(code, modifiers(held) | extra))
    })
}

/// `ESC [ [` and this.
pub(super) fn console(last: u8) -> Option<KeyEvent> {
    let number = matches!(last, b'A'..=b'E').then(|| 1 + last - b'A');
    number.map(|number| KeyCode::F(number).into())
}

/// A character that was typed.
pub(super) fn typed(character: char) -> KeyEvent {
    let modifiers = if character.is_uppercase() {
        KeyModifiers::SHIFT
    } else {
        KeyModifiers::NONE
    };
    KeyEvent::new(KeyCode::Char(character), modifiers)
}

/// A control character; those with eight bits mean nothing.
pub(super) fn control(byte: u8) -> Option<KeyEvent> {
    let letter = |letter: u8| KeyEvent::new(KeyCode::Char(letter.into()), KeyModifiers::CONTROL);
    Some(match byte {
        0 => letter(b' '),
        b'\r' => KeyCode::Enter.into(),
        b'\t' => KeyCode::Tab.into(),
        0x08 | 0x7f => KeyCode::Backspace.into(),
        0x1b => KeyCode::Esc.into(),
        1..=0x1a => letter(byte - 1 + b'a'),
        0x1c..=0x1f => letter(byte - 0x1c + b'4'),
        _ => return None,
    })
}

/// A key that is told by its character.
fn named_by(code: u16, held: KeyModifiers) -> Meaning {
    let Some(character) = char::from_u32(code.into()) else {
        return Meaning::Nothing;
    };
    // The keys that have no character, and those of the keypad.
    let special = match code {
        57399..=57408 => u8::try_from(code - 57399)
            .ok()
            .map(|digit| KeyCode::Char((b'0' + digit).into())),
        57409..=57413 => Some(KeyCode::Char(
            ['.', '/', '*', '-', '+'][usize::from(code - 57409)],
        )),
        57364..=57398 => u8::try_from(code - 57363).ok().map(KeyCode::F),
        57414 => Some(KeyCode::Enter),
        57415 => Some(KeyCode::Char('=')),
        57416 => Some(KeyCode::Char(',')),
        57417 => Some(KeyCode::Left),
        57418 => Some(KeyCode::Right),
        57419 => Some(KeyCode::Up),
        57420 => Some(KeyCode::Down),
        57421 => Some(KeyCode::PageUp),
        57422 => Some(KeyCode::PageDown),
        57423 => Some(KeyCode::Home),
        57424 => Some(KeyCode::End),
        57425 => Some(KeyCode::Insert),
        57426 => Some(KeyCode::Delete),
        // Modifiers alone, media keys and the like.
        0xe000..=0xf8ff => return Meaning::Nothing,
        _ => None,
    };
    if let Some(code) = special {
        return Meaning::Key(KeyEvent::new(code, held));
    }
    if let Some(byte) = u8::try_from(code).ok().filter(u8::is_ascii_control) {
        let Some(mut key) = control(byte) else {
            return Meaning::Nothing;
        };
        key.modifiers |= held;
        if key.code == KeyCode::Tab && held.contains(KeyModifiers::SHIFT) {
            key.code = KeyCode::BackTab;
        }
        return Meaning::Key(key);
    }
    if character.is_control() {
        return Meaning::Nothing;
    }
    let mut upper = character.to_uppercase();
    let character = match (upper.next(), upper.next()) {
        (Some(upper), None) if held == KeyModifiers::SHIFT => upper,
        _ if held.contains(KeyModifiers::CONTROL) => character.to_ascii_lowercase(),
        _ => character,
    };
    Meaning::Key(KeyEvent::new(KeyCode::Char(character), held))
}

fn named(code: KeyCode, held: KeyModifiers) -> KeyEvent {
    let shift = if code == KeyCode::BackTab {
        KeyModifiers::SHIFT
    } else {
        KeyModifiers::NONE
    };
    KeyEvent {
        kind: KeyEventKind::Press,
        ..KeyEvent::new(code, held | shift)
    }
}

/// The keys of the cursor, and the function keys of the VT100.
fn cursor(last: char) -> Option<KeyCode> {
    Some(match last {
        'A' => KeyCode::Up,
        'B' => KeyCode::Down,
        'C' => KeyCode::Right,
        'D' => KeyCode::Left,
        'E' => KeyCode::KeypadBegin,
        'F' => KeyCode::End,
        'H' => KeyCode::Home,
        'P' => KeyCode::F(1),
        'Q' => KeyCode::F(2),
        'R' => KeyCode::F(3),
        'S' => KeyCode::F(4),
        _ => return None,
    })
}

/// The keys that are told by a number, as on a VT220.
fn numbered(number: u16) -> Option<KeyCode> {
    let function = |first: u8, from: u16| {
        let number = u8::try_from(number - from).ok()?;
        Some(KeyCode::F(first + number))
    };
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(1, 11),
        17..=21 => function(6, 17),
        23..=26 => function(11, 23),
        28 | 29 => function(15, 28),
        31..=34 => function(17, 31),
        _ => None,
    }
}

/// One more than the sum: 1 Shift, 2 Alt, 4 Control. Other modifiers (the key with a logo on it) make no
/// text, as Alt does; the locks are none.
fn modifiers(number: u16) -> KeyModifiers {
    let bits = number.saturating_sub(1);
    let mut held = KeyModifiers::NONE;
    held.set(KeyModifiers::SHIFT, bits & 1 != 0);
    held.set(KeyModifiers::ALT, bits & (2 | 8 | 16 | 32) != 0);
    held.set(KeyModifiers::CONTROL, bits & 4 != 0);
    held
}
