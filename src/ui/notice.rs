//! One line above the footer: what just happened, with its sign.

use std::time::Duration;

/// How long a notice stays, unless a key sends it away earlier.
pub const NOTICE_TIME: Duration = Duration::from_secs(8);

/// How good or bad the news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It worked.
    Good,
    /// Nothing happened, and here is why.
    Hint,
    /// It did not work.
    Bad,
}

/// A line of news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Decides the sign.
    pub mood: Mood,
    /// What happened and what to do next.
    pub text: String,
}

impl Notice {
    /// It worked.
    pub fn good(text: impl Into<String>) -> Self {
        Self::new(Mood::Good, text)
    }

    /// Nothing happened, and here is why.
    pub fn hint(text: impl Into<String>) -> Self {
        Self::new(Mood::Hint, text)
    }

    /// It did not work.
    pub fn bad(text: impl Into<String>) -> Self {
        Self::new(Mood::Bad, text)
    }

    fn new(mood: Mood, text: impl Into<String>) -> Self {
        Self {
            mood,
            text: text.into(),
        }
    }
}
