//! The one type for passwords and tokens.
//!
//! It has no `Display`, no `Serialize` and no `Clone`, and its `Debug` prints nothing of the value:
//! a secret cannot reach a log, an error or a snapshot by accident. Whoever needs the characters
//! says so with [`Secret::expose`], which is easy to search for.

mod astray;

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

pub use self::astray::{Parted, masked, part, repeatable};

/// How newer HTTP access tokens begin.
const TOKEN: &str = "BBDC-";

/// A password or a token. Wiped from memory when dropped; share it with an [`std::sync::Arc`].
#[derive(PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the characters in, without leaving a copy behind.
    #[must_use]
    pub fn new(characters: impl Into<Zeroizing<String>>) -> Self {
        Self(characters.into())
    }

    /// The characters themselves, for the one place that must have them.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether this has the form of an HTTP access token, which no password has by accident.
    #[must_use]
    pub fn is_token(&self) -> bool {
        let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=@_-".contains(&byte);
        match self.0.strip_prefix(TOKEN) {
            Some(rest) => (40..=50).contains(&rest.len()) && rest.bytes().all(is_sign),
            None => self.token_id().is_some(),
        }
    }

    /// The id in an HTTP access token, where it can be read: most are base64 of the id, a colon and
    /// random bytes, newer ones begin with `BBDC-` (as scanners for secrets look for them).
    #[must_use]
    pub fn token_id(&self) -> Option<String> {
        let text = self.0.strip_prefix(TOKEN).unwrap_or(&self.0);
        let bytes = Zeroizing::new(BASE64_STANDARD.decode(text).ok()?);
        let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit());
        let digits = digits.count();
        if digits < 10 || bytes.get(digits) != Some(&b':') {
            return None;
        }
        String::from_utf8(bytes[..digits].to_vec()).ok()
    }

    /// Whether nothing has been typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_from_passwords() {
        let id = Some("252973067556");
        for (text, is_token, wanted) in [
            ("MjUyOTczMDY3NTU2OmFiY2RlZmdoaWprbG1ub3BxcnN0", true, id),
            (
                "BBDC-MjUyOTczMDY3NTU2OmFiY2RlZmdoaWprbG1ub3BxcnN0",
                true,
                id,
            ),
            (
                "BBDC-MjUyOTczMDY3NTU2@mFiY2Rl_mdoaWprbG1u-3BxcnN0",
                true,
                None,
            ),
            ("BBDC-short", false, None),
            (
                "BBDC-what I say is my password and nobody else's",
                false,
                None,
            ),
            ("correct horse battery staple", false, None),
            ("cGFzc3dvcmQ6Zm9yLW1lLWFsb25l", false, None),
            ("alice", false, None),
            ("", false, None),
        ] {
            let secret = Secret::new(text.to_owned());
            assert_eq!(secret.is_token(), is_token, "{text}");
            assert_eq!(secret.token_id().as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn debug_tells_nothing_not_even_the_length() {
        let short = format!("{:?}", Secret::new("abc".to_owned()));
        let long = format!("{:?}", Secret::new("abcdefghijkl".to_owned()));
        assert_eq!(short, long);
        assert!(!short.contains("abc"));
    }
}
