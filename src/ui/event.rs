//! Everything that can happen to the program. Events go in; the model changes.

use crossterm::event::KeyEvent;

use super::reply::Value;
use super::ticket::Ticket;
use crate::bitbucket::{Error, Record, Token};
use crate::operation::change::Changed;
use crate::operation::create::Created;
use crate::operation::custody::Key;
use crate::operation::journal::Unwritable;
use crate::operation::revoke::Revoked;
use crate::secret::Secret;

/// One thing that happened. Without `Debug`: typed keys may belong to a password.
pub enum Event {
    /// The first frame has been drawn.
    Started,
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(Secret),
    /// So many columns and rows has the terminal now.
    Resize(u16, u16),
    /// The window lost the focus: somebody else may be looking at it.
    FocusLost,
    /// A deadline that [`crate::app::App::deadline`] named has come.
    Time,
    /// Somebody else wants the program to stop, as Ctrl+Z does.
    Suspend,
    /// The program had stopped, as Ctrl+Z does, and goes on.
    Continued,
    /// The process is asked to end, or its terminal is gone.
    Terminate,
    /// The answer to a query.
    Reply(Ticket, Result<Value, Error>),
    /// What became of a creation.
    Created(Ticket, Created),
    /// What became of a revocation.
    Revoked(Ticket, Revoked),
    /// What became of a change of a token.
    Changed(Ticket, Changed),
    /// A request to Bitbucket has left, or has come to its end.
    Call(Box<Record>),
    /// What became of something that was done on this computer.
    Done(Ticket, Value),
}

/// What became of a creation, as a screen learns it: what was made is in custody.
#[derive(Debug)]
pub enum Ended {
    /// The token is made.
    Made(Key, Token),
    /// Nothing was created.
    NotCreated(Error),
    /// Nothing was sent: the journal cannot be written.
    NotNoted(Unwritable),
    /// Nobody knows whether the token was created.
    Lost(Key, Error),
}
