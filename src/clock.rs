//! Where the time comes from.
//!
//! The model never reads a clock: it is told the moment with every event. This type is what tells
//! it, and in tests it stands still until a test moves it, so that no test ever sleeps.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// One moment, on both scales.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The date and time, for what people read. It may jump when the computer's clock is set.
    pub time: Timestamp,
    /// Time since the program started, for deadlines. It never jumps.
    pub uptime: Duration,
}

/// A source of moments. Clones share their time.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System { start: Instant },
    Manual(Arc<Mutex<Moment>>),
}

impl Clock {
    /// The computer's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System {
            start: Instant::now(),
        })
    }

    /// A clock that shows `time` until [`Clock::advance`] moves it.
    #[must_use]
    pub fn manual(time: Timestamp) -> Self {
        Self(Source::Manual(Arc::new(Mutex::new(Moment {
            time,
            uptime: Duration::ZERO,
        }))))
    }

    /// The moment it is.
    #[must_use]
    pub fn now(&self) -> Moment {
        match &self.0 {
            Source::System { start } => Moment {
                time: Timestamp::now(),
                uptime: start.elapsed(),
            },
            Source::Manual(moment) => *moment.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a manual clock on by `by`; the computer's clock takes no orders.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(moment) = &self.0 {
            let mut moment = moment.lock().unwrap_or_else(PoisonError::into_inner);
            moment.uptime += by;
            moment.time += by;
        }
    }

    /// Whether time passes by itself.
    #[must_use]
    pub fn runs(&self) -> bool {
        matches!(self.0, Source::System { .. })
    }
}
