//! What a screen knows, and asks with.

use super::effect::Effect;
use super::session::Session;
use super::ticket::{Ticket, Tickets};
use crate::clock::Moment;

/// The session, and the way to the runtime.
pub struct Asking<'a> {
    /// The moment of the event.
    pub now: Moment,
    /// The run and the sign-in.
    pub session: &'a mut Session,
    /// What the runtime is to do.
    pub effects: &'a mut Vec<Effect>,
    pub(crate) tickets: &'a mut Tickets,
}

impl Asking<'_> {
    /// A ticket for a question.
    pub fn ticket(&mut self) -> Ticket {
        self.tickets.issue()
    }
}
