//! Failures on demand, for tests and for demos of what can go wrong.

mod held;
mod reply;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::Method;

pub(super) use held::{Gate, Release};
pub use held::{Held, Stage};
pub use reply::{Delivery, Reply};

/// What is to go wrong, where, and how often.
#[derive(Debug, Clone)]
pub struct Fault {
    /// Only requests with this method; `None` for all.
    pub method: Option<Method>,
    /// Only requests whose path and query contain this; empty for all.
    pub path_contains: String,
    /// How many requests it strikes; `None` until [`Simulator::clear_faults`].
    ///
    /// [`Simulator::clear_faults`]: super::Simulator::clear_faults
    pub times: Option<u32>,
    /// What happens then.
    pub effect: FaultEffect,
}

/// What happens to a request instead of, or before, the right answer.
#[derive(Debug, Clone)]
pub enum FaultEffect {
    /// This status, with Bitbucket's error body around this message.
    Status(u16, String),
    /// This status with an HTML page, as a proxy or a maintenance page answers.
    Html(u16),
    /// A 302 to this address, as single sign-on answers.
    Redirect(String),
    /// The right answer, so much later.
    Delay(Duration),
    /// No answer, ever; the connection stays open.
    Hang,
    /// Does the work, then cuts the connection without answering.
    LoseAnswer,
    /// Does the work, then answers this, whatever came of it.
    Answer(Reply),
    /// Answers this without doing the work.
    Refuse(Reply),
    /// Cuts the connection without doing the work.
    Cut,
    /// 429.
    RateLimited {
        /// For the header `Retry-After`, in whole seconds.
        retry_after: Duration,
    },
    /// 200 and `application/json`, with a body that ends in the middle.
    Garbage,
}

/// The faults and holds that wait for a request, oldest first.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Vec<Trap>>);

/// What waits for requests.
#[derive(Debug)]
struct Trap {
    method: Option<Method>,
    path_contains: String,
    snare: Snare,
}

#[derive(Debug)]
enum Snare {
    Fault {
        times: Option<u32>,
        effect: FaultEffect,
    },
    /// Of one request.
    Hold(Gate),
}

/// What a request met.
#[derive(Debug)]
pub(super) enum Strike {
    Fault(FaultEffect),
    Hold(Gate),
}

impl Faults {
    fn lock(&self) -> MutexGuard<'_, Vec<Trap>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn inject(&self, fault: Fault) {
        if fault.times == Some(0) {
            return;
        }
        self.lock().push(Trap {
            method: fault.method,
            path_contains: fault.path_contains,
            snare: Snare::Fault {
                times: fault.times,
                effect: fault.effect,
            },
        });
    }

    pub(super) fn hold(&self, method: Option<Method>, path_contains: &str, stage: Stage) -> Held {
        let (gate, held) = Gate::new(stage);
        self.lock().push(Trap {
            method,
            path_contains: path_contains.to_owned(),
            snare: Snare::Hold(gate),
        });
        held
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    /// What the request meets: the first that waits for one like it. It is counted down.
    pub(super) fn strike(&self, method: &Method, path: &str) -> Option<Strike> {
        let mut traps = self.lock();
        let index = traps.iter().position(|trap| {
            trap.method.as_ref().is_none_or(|it| it == method) && path.contains(&trap.path_contains)
        })?;
        if let Snare::Fault { times, effect } = &mut traps[index].snare {
            *times = times.map(|times| times.saturating_sub(1));
            if *times != Some(0) {
                return Some(Strike::Fault(effect.clone()));
            }
        }
        Some(match traps.remove(index).snare {
            Snare::Fault { effect, .. } => Strike::Fault(effect),
            Snare::Hold(gate) => Strike::Hold(gate),
        })
    }
}
