//! What holds for every input: the pure parts, with inputs that nobody would think of.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap is a failed test"
)]

mod addresses;
mod credential;
mod git_setup;
#[cfg(unix)]
mod input;
mod text;
mod wrapping;

use proptest::prelude::*;

/// So many inputs for each property. What fails is made small and printed; nothing is written.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Text of all kinds, with the characters in it that mean something to terminals, and those that are
/// wide, joined, invisible or written the other way round.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ -~]{0,6}",
        2 => any::<char>().prop_map(String::from),
        2 => prop::sample::select(&[
            "\u{1b}[31m", "\u{1b}]0;", "\u{1b}\\", "\u{9b}2J", "\u{90}", "\u{9c}", "\u{7}", "\0", "\r\n",
            "\t", "\u{85}", "\u{a0}", "\u{2028}", "\u{202e}", "\u{200d}", "\u{fe0f}", "\u{feff}", "\u{e000}",
            "e\u{301}", "\u{301}", "\u{20dd}", "計算書", "ｶﾞ", "한국어", "👩\u{200d}👩\u{200d}👧", "🇩🇪", "👍🏽", "لا", "שלום",
            "สวัสดี", "क्षि", "ﷺ", "İ", "ß", "ǅ", "…", "│",
        ][..]).prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}
