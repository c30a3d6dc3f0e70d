//! What a terminal sends, in pieces.

use std::time::Duration;

use bbtoken::terminal::{Decoder, Input};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;

const MILLISECOND: Duration = Duration::from_millis(1);
const LATER: Duration = Duration::from_secs(10);

/// What comes of pieces, each at its time, and of the silence after them.
fn heard(pieces: &[(u64, &[u8])]) -> Vec<Input> {
    let mut decoder = Decoder::default();
    let mut inputs = Vec::new();
    let mut now = Duration::ZERO;
    for (at, piece) in pieces {
        now = MILLISECOND * u32::try_from(*at).unwrap();
        inputs.extend(decoder.take(piece, now));
    }
    inputs.extend(decoder.pass(now + LATER));
    assert_eq!(decoder.deadline().filter(|at| *at <= now + LATER), None);
    inputs
}

fn at_once(bytes: &[u8]) -> Vec<Input> {
    heard(&[(0, bytes)])
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Input {
    Input::Key(KeyEvent::new(code, modifiers))
}

fn plain(code: KeyCode) -> Input {
    key(code, KeyModifiers::NONE)
}

const ALT: KeyModifiers = KeyModifiers::ALT;
const CONTROL: KeyModifiers = KeyModifiers::CONTROL;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;

/// The keys that terminals have names of their own for.
fn keys() -> Vec<(&'static str, Input)> {
    use KeyCode::{BackTab, Backspace, Char, Delete, Down, End, Enter, Esc, F, Home, Left};
    use KeyCode::{PageDown, PageUp, Right, Tab, Up};
    vec![
        ("a", plain(Char('a'))),
        ("A", key(Char('A'), SHIFT)),
        ("ß", plain(Char('ß'))),
        ("漢", plain(Char('漢'))),
        ("🚀", plain(Char('🚀'))),
        ("\r", plain(Enter)),
        ("\t", plain(Tab)),
        ("\x7f", plain(Backspace)),
        ("\x08", plain(Backspace)),
        ("\x03", key(Char('c'), CONTROL)),
        ("\x1a", key(Char('z'), CONTROL)),
        ("\x1b", plain(Esc)),
        ("\x1bx", key(Char('x'), ALT)),
        ("\x1bä", key(Char('ä'), ALT)),
        ("\x1b\r", key(Enter, ALT)),
        ("\x1b\x7f", key(Backspace, ALT)),
        // xterm, and in the mode for applications.
        ("\x1b[A", plain(Up)),
        ("\x1b[B", plain(Down)),
        ("\x1b[C", plain(Right)),
        ("\x1b[D", plain(Left)),
        ("\x1bOA", plain(Up)),
        ("\x1bOD", plain(Left)),
        ("\x1bOF", plain(End)),
        ("\x1bOH", plain(Home)),
        ("\x1b[F", plain(End)),
        ("\x1b[H", plain(Home)),
        ("\x1b[Z", key(BackTab, SHIFT)),
        ("\x1b[1;5C", key(Right, CONTROL)),
        ("\x1b[1;2A", key(Up, SHIFT)),
        ("\x1b[1;3D", key(Left, ALT)),
        ("\x1bO5D", key(Left, CONTROL)),
        ("\x1bO1;5P", key(F(1), CONTROL)),
        ("\x1bOP", plain(F(1))),
        ("\x1bOS", plain(F(4))),
        ("\x1b[1;2P", key(F(1), SHIFT)),
        ("\x1b[11~", plain(F(1))),
        ("\x1b[15~", plain(F(5))),
        ("\x1b[17~", plain(F(6))),
        ("\x1b[24~", plain(F(12))),
        ("\x1b[24;2~", key(F(12), SHIFT)),
        ("\x1b[5~", plain(PageUp)),
        ("\x1b[6~", plain(PageDown)),
        ("\x1b[3~", plain(Delete)),
        ("\x1bOM", plain(Enter)),
        ("\x1bOw", plain(Char('7'))),
        ("\x1bOo", plain(Char('/'))),
        // The Linux console.
        ("\x1b[[A", plain(F(1))),
        ("\x1b[[E", plain(F(5))),
        ("\x1b[1~", plain(Home)),
        ("\x1b[4~", plain(End)),
        // rxvt.
        ("\x1b[7~", plain(Home)),
        ("\x1b[8~", plain(End)),
        ("\x1b[7$", key(Home, SHIFT)),
        ("\x1b[7^", key(Home, CONTROL)),
        ("\x1b[7@", key(Home, CONTROL | SHIFT)),
        ("\x1b[a", key(Up, SHIFT)),
        ("\x1bOa", key(Up, CONTROL)),
        ("\x1b\x1b[A", key(Up, ALT)),
        ("\x1b\x1bOA", key(Up, ALT)),
        // The forms that name the character.
        ("\x1b[27;5;99~", key(Char('c'), CONTROL)),
        ("\x1b[99;5u", key(Char('c'), CONTROL)),
        ("\x1b[99:67;6u", key(Char('c'), CONTROL | SHIFT)),
        ("\x1b[1089::99;5u", key(Char('c'), CONTROL)),
        ("\x1b[99;69u", key(Char('c'), CONTROL)),
        ("\x1b[97u", plain(Char('a'))),
        ("\x1b[97;2u", key(Char('A'), SHIFT)),
        ("\x1b[49:33;2u", key(Char('!'), SHIFT)),
        ("\x1b[27u", plain(Esc)),
        ("\x1b[13;5u", key(Enter, CONTROL)),
        ("\x1b[9;2u", key(BackTab, SHIFT)),
        ("\x1b[127u", plain(Backspace)),
        ("\x1b[57414u", plain(Enter)),
        ("\x1b[1;1:2A", plain(Up)),
        ("\x1b[27;2;13~", key(Enter, SHIFT)),
        // In eight bits.
        ("\u{9b}A", plain(Up)),
    ]
}

/// What terminals say that is no key.
const REPORTS: &[&str] = &[
    "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
    "\x1b]11;rgb:ffff/ffff/ffff\x07",
    "\x1b]52;c;dmd5eQ==\x1b\\",
    "\x1b]l title with ü œ\x1b\\",
    "\u{9d}11;rgb:ffff/ffff/ffff\u{9c}",
    "\x1bP>|xterm(380)\x1b\\",
    "\x1bP1$r0 q\x1b\\",
    "\x1bP1+r544e=787465726d\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b^private\x1b\\",
    "\x1bXstring\x1b\\",
    "\x1b[>41;380;0c",
    "\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c",
    "\x1b[?1u",
    "\x1b[?2026;2$y",
    "\x1b[4;2$y",
    "\x1b[=1;2c",
    "\x1b[12;40R",
    "\x1b[1;5R",
    "\x1b[?12;40R",
    "\x1b[0n",
    "\x1b[?997;1n",
    "\x1b[8;24;80t",
    "\x1b[2;1;1;112;112;1;0x",
    "\x1b[6c",
    "\x1b[<0;10;20M",
    "\x1b[<0;10;20m",
    "\x1b[32;10;20M",
    "\x1b[Mvgy",
    "\x1b[99;5:3u",
    "\x1b[57441;2u",
    "\x1b[1;1:3A",
    "\x1b[201~",
    "\x1b[?1;2v",
];

#[test]
fn each_key_is_one_key() {
    for (bytes, wanted) in keys() {
        assert_eq!(at_once(bytes.as_bytes()), [wanted], "{bytes:?}");
    }
}

#[test]
fn a_key_in_pieces_is_the_same_key() {
    for (bytes, wanted) in keys() {
        let bytes: Vec<_> = bytes.bytes().map(|byte| [byte]).collect();
        // As slowly as is waited after an ESC.
        let slow = 49;
        let pieces: Vec<_> = (0..)
            .zip(&bytes)
            .map(|(index, byte)| (index * slow, &byte[..]))
            .collect();
        assert_eq!(heard(&pieces), [wanted], "{bytes:?}");
    }
}

#[test]
fn what_a_terminal_reports_types_nothing() {
    for report in REPORTS {
        let typed = format!("a{report}b");
        let wanted = [plain(KeyCode::Char('a')), plain(KeyCode::Char('b'))];
        assert_eq!(at_once(typed.as_bytes()), wanted, "{report:?}");
        // A slow line: a sequence may take its time, its ESC may not.
        let (first, rest) = typed.as_bytes().split_at(3.min(typed.len()));
        let mut pieces = vec![(0, first)];
        pieces.extend((1..).map(|index| index * 900).zip(rest.chunks(1)));
        if typed.as_bytes()[1] == 0x1b {
            assert_eq!(heard(&pieces), wanted, "{report:?}, slowly");
        }
    }
}

#[test]
fn focus_is_told() {
    assert_eq!(
        at_once(b"\x1b[I\x1b[O"),
        [Input::FocusGained, Input::FocusLost]
    );
}

#[test]
fn a_lone_esc_is_the_key_after_a_twentieth_of_a_second() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.take(b"\x1b", MILLISECOND), []);
    let deadline = decoder.deadline().unwrap();
    assert_eq!(deadline, MILLISECOND * 51);
    assert_eq!(decoder.pass(MILLISECOND * 50), []);
    assert_eq!(decoder.pass(deadline), [plain(KeyCode::Esc)]);
}

#[test]
fn on_a_slow_line_esc_may_wait_longer_for_its_key() {
    let mut decoder = Decoder::default().with_escape_delay(500 * MILLISECOND);
    assert_eq!(decoder.take(b"\x1b", Duration::ZERO), []);
    assert_eq!(decoder.take(b"[A", 400 * MILLISECOND), [plain(KeyCode::Up)]);
    assert_eq!(decoder.take(b"\x1b", 600 * MILLISECOND), []);
    assert_eq!(decoder.pass(1099 * MILLISECOND), []);
    assert_eq!(decoder.pass(1100 * MILLISECOND), [plain(KeyCode::Esc)]);
}

#[test]
fn keys_after_esc_are_keys_of_their_own() {
    let esc = || plain(KeyCode::Esc);
    let x = || plain(KeyCode::Char('x'));
    assert_eq!(heard(&[(0, b"\x1b"), (60, b"x")]), [esc(), x()]);
    assert_eq!(at_once(b"\x1b\x1b"), [esc(), esc()]);
    assert_eq!(at_once(b"\x1b\x1b\x1b\x1b"), [esc(), esc(), esc(), esc()]);
    assert_eq!(
        at_once(b"\x1b\x03"),
        [esc(), key(KeyCode::Char('c'), CONTROL)]
    );
}

#[test]
fn the_rest_of_a_sequence_whose_esc_was_taken_for_the_key_types_nothing() {
    for rest in [
        "[A",
        "[1;5C",
        "[24~",
        "[?64;1c",
        "]11;rgb:0/0/0\x07",
        "P>|xterm\x1b\\",
        "_Gi=1;OK\x1b\\",
    ] {
        let pieces = [(0, &b"\x1b"[..]), (80, rest.as_bytes()), (2000, b"x")];
        let wanted = [plain(KeyCode::Esc), plain(KeyCode::Char('x'))];
        assert_eq!(heard(&pieces), wanted, "{rest:?}");
    }
    // Whoever types a bracket means it.
    for typed in ["[", "[x", "]x", "[::1]", "plat", "_x"] {
        let mut wanted = vec![plain(KeyCode::Esc)];
        wanted.extend(typed.chars().map(|letter| plain(KeyCode::Char(letter))));
        let pieces = [(0, &b"\x1b"[..]), (80, typed.as_bytes())];
        assert_eq!(heard(&pieces), wanted, "{typed:?}");
    }
}

#[test]
fn what_never_ends_ends_after_a_second() {
    for begun in [
        "\x1b[",
        "\x1b[1;",
        "\x1bO",
        "\x1b]11;rgb",
        "\x1bP",
        "\x1b[M",
        "\x1b[[",
    ] {
        let wanted = [plain(KeyCode::Char('x'))];
        let pieces = [(0, begun.as_bytes()), (1000, b"x")];
        assert_eq!(heard(&pieces), wanted, "{begun:?}");
        // Nobody has to wait to get out.
        let pieces = [(0, begun.as_bytes()), (100, b"\x03")];
        let heard = heard(&pieces);
        let is_mouse = begun.ends_with('M');
        assert!(
            is_mouse || heard == [key(KeyCode::Char('c'), CONTROL)],
            "{begun:?}: {heard:?}"
        );
    }
}

fn pasted(text: &str) -> Input {
    Input::Paste(bbtoken::secret::Secret::new(text.to_owned()))
}

#[test]
fn a_paste_is_one_text_whatever_is_in_it() {
    for text in [
        "",
        "geheim",
        "two\r\nlines\r",
        "\x1b[A",
        "ü漢",
        "\x1b[200~",
        "\x1b]0;x\x07",
    ] {
        let bytes = format!("\x1b[200~{text}\x1b[201~x");
        let wanted = [pasted(text), plain(KeyCode::Char('x'))];
        assert_eq!(at_once(bytes.as_bytes()), wanted, "{text:?}");
    }
}

#[test]
fn a_paste_without_an_end_ends_after_two_seconds_of_silence() {
    for (end, cut) in [("", ""), ("\x1b", ""), ("\x1b[20", ""), ("~", "~")] {
        let begun = format!("\x1b[200~gehei{end}");
        let rest: &[u8] = if end.is_empty() { b"m" } else { b"" };
        let text = if end.is_empty() {
            "geheim".to_owned()
        } else {
            format!("gehei{cut}")
        };
        let pieces = [(0, begun.as_bytes()), (1900, rest), (3900, b"x")];
        assert_eq!(
            heard(&pieces),
            [pasted(&text), plain(KeyCode::Char('x'))],
            "{end:?}"
        );
    }
}

#[test]
fn a_paste_without_measure_ends_all_the_same() {
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.extend(std::iter::repeat_n(b'a', 3 << 20));
    bytes.extend(b"\x1b[201~x");
    let heard = at_once(&bytes);
    let [Input::Paste(text), last] = heard.as_slice() else {
        panic!("{} inputs", heard.len());
    };
    assert!((1 << 19..=1 << 21).contains(&text.expose().len()));
    assert_eq!(*last, plain(KeyCode::Char('x')));
}

/// Bytes as terminals send them, and such as none would.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let keys = keys();
    let known = (0..keys.len()).prop_map(move |index| keys[index].0.as_bytes().to_vec());
    let report = (0..REPORTS.len()).prop_map(|index| REPORTS[index].as_bytes().to_vec());
    let paste = "[a-z\\r\\x1b]{0,9}".prop_map(|text| format!("\x1b[200~{text}\x1b[201~").into());
    const HALVES: [&[u8]; 6] = [b"\x1b", b"\x1b[", b"\x1bO", b"\x1b]", b"\xe2\x82", b"\x9c"];
    let half = prop::sample::select(&HALVES[..]);
    let part = prop_oneof![
        known,
        report,
        paste,
        half.prop_map(<[u8]>::to_vec),
        prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(crate::cases(2000))]

    #[test]
    fn it_makes_no_difference_how_the_bytes_are_split(bytes in bytes(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)) {
        let mut places: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        places.extend([0, bytes.len()]);
        places.sort_unstable();
        let pieces: Vec<_> = places.windows(2).map(|ends| (0, &bytes[ends[0]..ends[1]])).collect();
        prop_assert_eq!(heard(&pieces), at_once(&bytes));
    }

    #[test]
    fn nothing_panics_and_time_brings_it_to_rest(pieces in prop::collection::vec((0_u64..1500, bytes()), 0..6)) {
        let mut now = 0;
        let pieces: Vec<_> = pieces.iter().map(|(wait, bytes)| {
            now += wait;
            (now, bytes.as_slice())
        }).collect();
        heard(&pieces);
        // Whatever came: the next key is that key.
        let mut decoder = Decoder::default();
        for (at, piece) in &pieces {
            decoder.take(piece, MILLISECOND * u32::try_from(*at).unwrap());
        }
        let later = MILLISECOND * u32::try_from(now).unwrap() + LATER;
        decoder.pass(later);
        prop_assert_eq!(decoder.take(b"\x03", later).pop(), Some(key(KeyCode::Char('c'), CONTROL)));
    }

    #[test]
    fn a_report_between_keys_changes_none_of_them(text in "[a-z漢]{1,8}", index in 0..REPORTS.len(), at in any::<prop::sample::Index>()) {
        let letters: Vec<_> = text.chars().collect();
        let (before, after) = letters.split_at(at.index(letters.len()));
        let typed: String = [before.iter().collect(), REPORTS[index].to_owned(), after.iter().collect()].concat();
        prop_assert_eq!(at_once(typed.as_bytes()), at_once(text.as_bytes()));
    }
}
