//! Secrets where they do not belong: in a field that shows what is in it, in an address, in an argument.

use std::ops::Range;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use super::{Secret, TOKEN};

/// Tokens without a mark of their own are so many signs of base64: an id of 12 digits, a colon, 20 bytes.
const LENGTH: usize = 44;
/// The digits of the id that so many signs of base64 stand for are enough to know one by.
const BEGINNING: usize = 12;
/// The least that follows [`TOKEN`].
const LEAST: usize = 40;
/// The most.
const MOST: usize = 50;

/// What is left of a text once the secrets in it are taken out.
#[derive(Debug)]
pub struct Parted {
    /// The rest, which everybody may see.
    pub text: String,
    /// The token that was in it; a password in an address is forgotten.
    pub token: Option<Secret>,
}

/// Takes the secrets out of a text: HTTP access tokens wherever they stand, and what somebody signs in with in
/// an address. `None` where there are none.
#[must_use]
pub fn part(text: &str) -> Option<Parted> {
    let mut token = None;
    let mut rest = Zeroizing::new(text.to_owned());
    let mut is_parted = false;
    while let Some(range) = token_in(&rest) {
        token = Some(Secret::new(rest[range.clone()].to_owned()));
        rest.replace_range(range, "");
        is_parted = true;
    }
    if let Some(range) = user_info(&rest, is_parted) {
        rest.replace_range(range, "");
        is_parted = true;
    }
    is_parted.then(|| Parted {
        text: rest.trim().to_owned(),
        token,
    })
}

/// The text with a bullet for each sign of a token, also of one that has only begun.
#[must_use]
pub fn masked(text: &str) -> String {
    let mut masked = text.to_owned();
    while let Some(range) = token_in(&masked).or_else(|| beginning_in(&masked)) {
        let bullets = "•".repeat(range.len());
        masked.replace_range(range, &bullets);
    }
    masked
}

/// What was typed, to be repeated to whoever typed it; nothing where a password or token may be in it.
#[must_use]
pub fn repeatable(text: &str) -> Option<&str> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let has_password = rest
        .rsplit_once('@')
        .is_some_and(|(before, _)| before.contains(':'));
    let is_harmless = !has_password && part(text).is_none() && masked(text) == text;
    is_harmless.then_some(text)
}

/// Where a whole token stands.
fn token_in(text: &str) -> Option<Range<usize>> {
    let marked = text.match_indices(TOKEN).find_map(|(start, mark)| {
        let from = start + mark.len();
        let length = run(&text[from..], is_sign_after_mark).min(MOST);
        // In an address the host follows.
        let signs = &text[from..from + length];
        let before_host = signs.rfind('@').filter(|at| *at >= LEAST);
        let length = before_host.unwrap_or(length);
        (length >= LEAST).then_some(start..from + length)
    });
    marked.or_else(|| {
        windows(text, LENGTH).find(|range| Secret::new(text[range.clone()].to_owned()).is_token())
    })
}

/// Where something begins that only a token begins with, to the end of its signs.
fn beginning_in(text: &str) -> Option<Range<usize>> {
    let marked = text.match_indices(TOKEN).find_map(|(start, mark)| {
        let from = start + mark.len();
        let length = run(&text[from..], is_sign_after_mark);
        (length > 0).then_some(from..from + length)
    });
    marked.or_else(|| {
        let range = windows(text, BEGINNING).find(|range| {
            let digits = BASE64_STANDARD.decode(&text[range.clone()]);
            digits.is_ok_and(|digits| digits.iter().all(u8::is_ascii_digit))
        })?;
        let length = run(&text[range.start..], is_base64);
        Some(range.start..range.start + length)
    })
}

/// What stands before the `@` of an address, where a password is in it: `https://user:password@host`. `was_token`:
/// one stood somewhere, so that it may have been there.
fn user_info(text: &str, was_token: bool) -> Option<Range<usize>> {
    let scheme = text.find("://").map(|at| at + "://".len());
    let start = scheme.unwrap_or(0);
    let is_over = |letter: char| letter == '/' || letter.is_whitespace();
    let end = text[start..]
        .find(is_over)
        .map_or(text.len(), |at| start + at);
    let at = start + text[start..end].rfind('@')?;
    let names_host =
        text[at + 1..end].starts_with(|letter: char| letter.is_alphanumeric() || letter == '[');
    let has_password = text[start..at].contains(':') && !text[start..at].contains('[');
    let has_password = has_password || (was_token && scheme.is_some());
    (names_host && has_password).then_some(start..at + 1)
}

fn windows(text: &str, length: usize) -> impl Iterator<Item = Range<usize>> {
    let last = (text.len() + 1).saturating_sub(length);
    (0..last)
        .map(move |start| start..start + length)
        .filter(|range| {
            text.get(range.clone())
                .is_some_and(|it| it.bytes().all(is_base64))
        })
}

/// How many of the first bytes are such signs.
fn run(text: &str, is_sign: fn(u8) -> bool) -> usize {
    text.bytes().take_while(|byte| is_sign(*byte)).count()
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)
}

fn is_sign_after_mark(byte: u8) -> bool {
    is_base64(byte) || b"@_-".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "MjUyOTczMDY3NTU2OmFiY2RlZmdoaWprbG1ub3BxcnN0";
    const NEW: &str = "BBDC-MjUyOTczMDY3NTU2OmFiY2RlZmdoaWprbG1ub3BxcnN0";

    #[test]
    fn secrets_are_taken_out_of_whatever_surrounds_them() {
        for token in [OLD, NEW] {
            for (text, rest) in [
                ("TOKEN", ""),
                ("  TOKEN \r\n", ""),
                ("Bearer TOKEN", "Bearer"),
                ("BITBUCKET=TOKEN", "BITBUCKET="),
                (
                    "https://alice:TOKEN@h/scm/plat/x.git",
                    "https://h/scm/plat/x.git",
                ),
                ("https://TOKEN@h:8443/b", "https://h:8443/b"),
                ("https://x-token-auth:TOKEN@[::1]/b", "https://[::1]/b"),
            ] {
                let parted = part(&text.replace("TOKEN", token));
                let Some(Parted {
                    text: left,
                    token: Some(found),
                }) = parted
                else {
                    panic!("no token in {text}");
                };
                assert_eq!(left, rest, "{text}");
                assert_eq!(found.expose(), token);
            }
        }
    }

    #[test]
    fn passwords_go_out_of_addresses() {
        for (text, rest) in [
            ("https://alice:pa@ss@h/x", "https://h/x"),
            ("alice:pw@git.example.com", "git.example.com"),
            ("ssh://git:pw@h:7999/plat/x.git", "ssh://h:7999/plat/x.git"),
        ] {
            assert!(
                part(text).is_some_and(|it| it.text == rest && it.token.is_none()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "",
            "alice",
            "git@h:plat/x.git",
            "ssh://git@h:7999/plat/x.git",
            "https://alice@h/x",
            "https://h:8443/scm/~alice/x.git",
            "[::1]:7990",
            "mail: alice@example.com",
            "BBDC-1234 rotates its keys",
            "git for alice on laptop (billing-api)",
            "aGVsbG8gd29ybGQsIHRoaXMgaXMgbm8gdG9rZW4gYXQgYWxs",
        ] {
            assert!(part(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_token_is_masked_from_where_it_can_be_known() {
        assert_eq!(masked("x MjUyOTczMDY3"), "x ••••••••••••");
        assert_eq!(masked("MjUyOTczMDY3NTU2OmFi c"), "•••••••••••••••••••• c");
        assert_eq!(masked("BBDC-Mj"), "BBDC-••");
        assert_eq!(
            masked(&format!("a {OLD}")),
            format!("a {}", "•".repeat(OLD.len()))
        );
        for plain in ["alice", "MjUy", "BBDC-", "größer als MjUyOTcz", ""] {
            assert_eq!(masked(plain), plain);
        }
    }
}
