//! Failures on demand, for tests and for demos of what can go wrong.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::Method;

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

/// The faults that wait for a request.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    pub(super) fn inject(&self, fault: Fault) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(fault);
    }

    pub(super) fn clear(&self) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// The first fault that strikes this request, counted down.
    pub(super) fn strike(&self, method: &Method, path: &str) -> Option<FaultEffect> {
        let mut faults = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let index = faults.iter().position(|fault| {
            fault.method.as_ref().is_none_or(|it| it == method)
                && path.contains(&fault.path_contains)
                && fault.times != Some(0)
        })?;
        let fault = &mut faults[index];
        fault.times = fault.times.map(|times| times - 1);
        Some(fault.effect.clone())
    }
}
