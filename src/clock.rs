//! Where the time comes from.
//!
//! The model never reads a clock: it is told the moment with every event. This type is what tells
//! it, and in tests it stands still until a test moves it, so that no test ever sleeps. What waits by
//! this clock wakes when it is moved.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

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
    Manual(Arc<watch::Sender<Moment>>),
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
        let start = Moment {
            time,
            uptime: Duration::ZERO,
        };
        Self(Source::Manual(Arc::new(watch::Sender::new(start))))
    }

    /// The moment it is.
    #[must_use]
    pub fn now(&self) -> Moment {
        match &self.0 {
            Source::System { start } => Moment {
                time: Timestamp::now(),
                uptime: start.elapsed(),
            },
            Source::Manual(moment) => *moment.borrow(),
        }
    }

    /// Moves a manual clock on by `by`, and wakes whoever waits for a moment that has come. The
    /// computer's clock takes no orders.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(moment) = &self.0 {
            moment.send_modify(|moment| {
                moment.uptime += by;
                moment.time += by;
            });
        }
    }

    /// The same without the date: for moments that are too short to change it.
    pub fn advance_uptime(&self, by: Duration) {
        if let Source::Manual(moment) = &self.0 {
            moment.send_modify(|moment| moment.uptime += by);
        }
    }

    /// Waits until so much time has passed since the start.
    pub async fn reach(&self, uptime: Duration) {
        match &self.0 {
            Source::System { start } => {
                tokio::time::sleep(uptime.saturating_sub(start.elapsed())).await;
            }
            Source::Manual(moment) => {
                let mut moment = moment.subscribe();
                // The sender is `self`, so it outlives this.
                let _ = moment.wait_for(|moment| moment.uptime >= uptime).await;
            }
        }
    }

    /// Waits for so long, from this call on.
    pub fn sleep(&self, time: Duration) -> impl Future<Output = ()> {
        self.reach(self.now().uptime + time)
    }

    /// What the work comes to, unless that takes longer than `patience`; it is dropped then.
    pub async fn limit<T>(&self, patience: Duration, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            done = work => Some(done),
            () = self.sleep(patience) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_manual_clock_wakes_who_sleeps_and_nobody_too_early() {
        let clock = Clock::manual(Timestamp::UNIX_EPOCH);
        let mut sleeping = Box::pin(clock.sleep(2 * SECOND));
        let mut limited = Box::pin(clock.limit(3 * SECOND, std::future::pending::<()>()));
        assert_eq!((&mut limited).now_or_never(), None);
        clock.advance(SECOND);
        assert_eq!((&mut sleeping).now_or_never(), None);
        clock.advance(SECOND);
        assert_eq!((&mut sleeping).now_or_never(), Some(()));
        assert_eq!((&mut limited).now_or_never(), None);
        clock.advance(SECOND);
        assert_eq!((&mut limited).now_or_never(), Some(None));
        // Done in time is done, also in the last moment.
        let done = clock.limit(Duration::ZERO, std::future::ready(7));
        assert_eq!(done.now_or_never(), Some(Some(7)));
    }
}
