//! How long a question waits where the server wants a pause (429). Only what reads is asked again; and only
//! where somebody watches, who sees how long that takes and can stop it.

use std::time::Duration;

use super::error::{Error, ErrorKind};

/// A pause of which the server does not say how long it is to be.
const USUAL: Duration = Duration::from_secs(10);
/// A question waits no longer than this in all: whoever is told to come back later does that by himself.
pub(super) const LONGEST: Duration = Duration::from_secs(120);
/// So often a question is asked again.
const MOST_TIMES: u32 = 4;

/// What is left of it for one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Patience {
    left: Duration,
    times: u32,
}

impl Patience {
    /// For so long in all.
    pub(super) fn of(left: Duration) -> Self {
        Self {
            left,
            times: MOST_TIMES,
        }
    }

    /// For what is never asked again.
    pub(super) fn none() -> Self {
        Self::of(Duration::ZERO)
    }

    /// How long to wait before the same is asked again; `None`: it is not.
    pub(super) fn pause_after(&mut self, error: &Error) -> Option<Duration> {
        let ErrorKind::RateLimited { retry_after } = error.kind else {
            return None;
        };
        let pause = retry_after.unwrap_or(USUAL).max(Duration::from_secs(1));
        let left = self.left.checked_sub(pause)?;
        let times = self.times.checked_sub(1)?;
        *self = Self { left, times };
        Some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(seconds: Option<u64>) -> Error {
        let retry_after = seconds.map(Duration::from_secs);
        ErrorKind::RateLimited { retry_after }.into()
    }

    #[test]
    fn patience_has_an_end() {
        let seconds = |patience: &mut Patience, asked| {
            let pause = patience.pause_after(&limited(asked));
            pause.map(|pause| pause.as_secs())
        };
        let mut patience = Patience::of(LONGEST);
        assert_eq!(seconds(&mut patience, Some(121)), None);
        assert_eq!(seconds(&mut patience, Some(100)), Some(100));
        assert_eq!(seconds(&mut patience, Some(21)), None);
        assert_eq!(seconds(&mut patience, None), Some(10));
        assert_eq!(seconds(&mut patience, Some(0)), Some(1));
        let mut patience = Patience::of(LONGEST);
        let times = (0..10).filter(|_| seconds(&mut patience, Some(0)).is_some());
        assert_eq!(times.count(), 4);
        assert_eq!(seconds(&mut Patience::none(), Some(0)), None);
        let other = Error::from(ErrorKind::Unavailable);
        assert_eq!(Patience::of(LONGEST).pause_after(&other), None);
    }
}
