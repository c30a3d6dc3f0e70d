//! Something that is fetched: what has come so far, what is awaited, and what went wrong.
//!
//! Late answers never win: each question carries a ticket, and an answer with any other ticket than
//! the awaited one is not for us. A failure keeps what was there.

use std::time::Duration;

use super::context::Context;
use super::effect::{Effect, Query};
use crate::bitbucket::Error;
use crate::clock::Moment;

/// The number of one question. No two questions of a run share it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket(u64);

/// Hands out tickets.
#[derive(Debug, Default)]
pub struct Tickets(u64);

impl Tickets {
    /// A ticket that nobody else has.
    pub fn issue(&mut self) -> Ticket {
        self.0 += 1;
        Ticket(self.0)
    }
}

/// The wait for one answer.
#[derive(Debug, Default)]
pub struct Load {
    pending: Option<(Ticket, Moment)>,
    failure: Option<Error>,
}

impl Load {
    /// Asks; an older question of this load is dropped.
    pub fn ask(&mut self, query: Query, cx: &mut Context<'_>) {
        self.cancel(cx);
        self.failure = None;
        let ticket = cx.ticket();
        self.pending = Some((ticket, cx.now));
        cx.effects.push(Effect::Ask(ticket, query));
    }

    /// Waits for a command that the caller sends with this ticket.
    pub fn await_command(&mut self, ticket: Ticket, now: Moment) {
        self.failure = None;
        self.pending = Some((ticket, now));
    }

    /// Stops waiting.
    pub fn cancel(&mut self, cx: &mut Context<'_>) {
        if let Some((ticket, _)) = self.pending.take() {
            cx.effects.push(Effect::Cancel(ticket));
        }
    }

    /// Whether this ticket is the awaited one; from now on nothing is awaited.
    pub fn takes(&mut self, ticket: Ticket) -> bool {
        let ours = self.awaits(ticket);
        if ours {
            self.pending = None;
        }
        ours
    }

    /// Whether this ticket is the awaited one.
    #[must_use]
    pub fn awaits(&self, ticket: Ticket) -> bool {
        self.pending.is_some_and(|(pending, _)| pending == ticket)
    }

    /// Remembers what went wrong.
    pub fn fail(&mut self, error: Error) {
        self.failure = Some(error);
    }

    /// Forgets what went wrong.
    pub fn forgive(&mut self) {
        self.failure = None;
    }

    /// Whether an answer is awaited.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// What went wrong the last time.
    #[must_use]
    pub fn failure(&self) -> Option<&Error> {
        self.failure.as_ref()
    }

    /// How long the answer has been awaited.
    #[must_use]
    pub fn waiting(&self, now: Moment) -> Option<Duration> {
        self.pending
            .map(|(_, since)| now.uptime.saturating_sub(since.uptime))
    }
}
