//! What came back, typed by its question: whoever holds the ticket knows what it asked for, so nobody
//! can take the wrong answer.

use std::any::Any;
use std::fmt;

use super::ticket::Ticket;
use crate::bitbucket::Error;

/// Whatever came back. Only whoever asked knows what it is.
pub struct Value(Box<dyn Any + Send>);

impl Value {
    /// This one.
    pub fn of(value: impl Send + 'static) -> Self {
        Self(Box::new(value))
    }

    /// What it is, for whoever asked for that.
    #[must_use]
    pub fn take<T: 'static>(self) -> Option<T> {
        self.0.downcast().ok().map(|value| *value)
    }
}

/// It may hold a secret.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value(..)")
    }
}

/// What came back for one ticket, until somebody has taken it.
#[derive(Debug)]
pub struct Reply {
    ticket: Ticket,
    value: Option<Result<Value, Error>>,
}

impl Reply {
    /// What came back.
    #[must_use]
    pub fn new(ticket: Ticket, value: Result<Value, Error>) -> Self {
        let value = Some(value);
        Self { ticket, value }
    }

    /// For whom.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        self.ticket
    }

    /// What it is, for whoever asked for that.
    pub(super) fn take<T: 'static>(&mut self) -> Option<Result<T, Error>> {
        match self.value.take()? {
            Ok(value) => value.take().map(Ok),
            Err(error) => Some(Err(error)),
        }
    }
}
