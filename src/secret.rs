//! The one type for passwords and tokens.
//!
//! It has no `Display`, no `Serialize` and no `Clone`, and its `Debug` prints nothing of the value:
//! a secret cannot reach a log, an error or a snapshot by accident. Whoever needs the characters
//! says so with [`Secret::expose`], which is easy to search for.

use std::fmt;

use zeroize::Zeroizing;

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
    fn debug_tells_nothing_not_even_the_length() {
        let short = format!("{:?}", Secret::new("abc".to_owned()));
        let long = format!("{:?}", Secret::new("abcdefghijkl".to_owned()));
        assert_eq!(short, long);
        assert!(!short.contains("abc"));
    }
}
