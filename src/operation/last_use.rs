//! When a token was last used, and whether that was by anybody but bbtoken.

use jiff::{SignedDuration, Timestamp};

use crate::bitbucket::{Token, When};

/// A trial takes a moment, and servers tell the time in seconds.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(10);

/// When a token was last used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastUse {
    /// Then.
    At(Timestamp),
    /// Then bbtoken has tried it, and nobody has used it since.
    Tried(Timestamp),
    /// Not yet.
    Never,
    /// The server does not tell.
    Unknown,
}

impl LastUse {
    /// Of a token, seen beside all tokens of its place. `trial`: when bbtoken has tried it last, where it
    /// has made it.
    pub fn of<'a>(
        token: &Token,
        all: impl Iterator<Item = &'a Token>,
        trial: Option<Timestamp>,
    ) -> Self {
        Self::told(token.last_use_among(all), trial)
    }

    /// As the server tells it.
    #[must_use]
    pub fn told(told: When, trial: Option<Timestamp>) -> Self {
        let is_ours = |time: Timestamp| {
            trial.is_some_and(|trial| time.duration_since(trial).abs() <= TOLERANCE)
        };
        match told {
            When::At(time) if is_ours(time) => Self::Tried(time),
            told => told.into(),
        }
    }
}

/// As the server tells it, of a token that bbtoken has not tried.
impl From<When> for LastUse {
    fn from(told: When) -> Self {
        match told {
            When::At(time) => Self::At(time),
            When::Never => Self::Never,
            When::Unknown => Self::Unknown,
        }
    }
}
