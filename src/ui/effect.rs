//! Everything that the model can ask for. The runtime performs it and decides nothing.

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use super::query::Query;
use super::reply::Value;
use super::ticket::Ticket;
use crate::bitbucket::{Client, Scope, TokenChange, TokenSpec};
use crate::clipboard::Copied;
use crate::environment::Environment;
use crate::operation::Desk;
use crate::operation::draft::UsedBy;
use crate::operation::journal::Asked;
use crate::operation::place::Place;
use crate::operation::revoke::Closing;
use crate::operation::rotate::{End, Rotation};
use crate::secret::Secret;

/// One thing for the runtime to do.
#[derive(Debug)]
pub enum Effect {
    /// Ask Bitbucket. Comes back as [`super::event::Event::Reply`], unless it is cancelled.
    Ask(Ticket, Query),
    /// Give up waiting for the answer to a query.
    Cancel(Ticket),
    /// Create an HTTP access token. Never cancelled, never repeated. Comes back as
    /// [`super::event::Event::Created`].
    Create(Ticket, Desk, Box<Creation>),
    /// Revoke an HTTP access token. Never cancelled, never repeated. Comes back as
    /// [`super::event::Event::Revoked`].
    Revoke(Ticket, Desk, Revocation),
    /// Bring a rotation to its end. Never cancelled, never repeated. Comes back as
    /// [`super::event::Event::Revoked`].
    EndRotation(Ticket, Desk, Rotation, End),
    /// Change an HTTP access token. Never cancelled, never repeated. Comes back as
    /// [`super::event::Event::Changed`].
    Change(Ticket, Desk, Change),
    /// Sign out whoever this client is: nobody waits for that, and nothing comes back.
    SignOut(Client),
    /// Put a text on the clipboard. Comes back as [`super::event::Event::Done`].
    Copy(Ticket, Text),
    /// Take a secret off the clipboard, if it is still there. Comes back as
    /// [`super::event::Event::Done`].
    Clear(Ticket, Arc<Secret>, Copied),
    /// Open a page in the user's browser. Comes back as [`super::event::Event::Done`].
    Open(Ticket, String),
    /// Do something on this computer. Comes back as [`super::event::Event::Done`]; never cancelled.
    Job(Ticket, Job),
    /// Stop the process as Ctrl+Z does elsewhere, and draw again after `fg`.
    Suspend,
    /// End the program.
    Quit,
}

impl Effect {
    /// Whether something is another afterwards, on the server or in this computer's files.
    #[must_use]
    pub fn changes_something(&self) -> bool {
        match self {
            Self::Create(..) | Self::Revoke(..) | Self::Change(..) => true,
            Self::Job(_, job) => job.writes(),
            _ => false,
        }
    }
}

/// A token to create.
#[derive(Debug)]
pub struct Creation {
    /// The place, for whoever takes the token in.
    pub place: Place,
    /// Who will use it, for the same.
    pub used_by: UsedBy,
    /// What the journal notes.
    pub asked: Asked,
    /// What it shall be.
    pub spec: TokenSpec,
}

/// A token to revoke.
#[derive(Debug)]
pub struct Revocation {
    /// Where.
    pub scope: Scope,
    /// Which.
    pub id: String,
    /// The entry of its creation, where that is open.
    pub closing: Option<Closing>,
}

/// A change of a token.
#[derive(Debug)]
pub struct Change {
    /// Where.
    pub scope: Scope,
    /// Which.
    pub id: String,
    /// What is to be another.
    pub wanted: TokenChange,
}

type Working = Box<dyn FnOnce(Environment) -> LocalBoxFuture<'static, Value> + Send>;

/// Something to do on this computer.
pub struct Job {
    work: Working,
    writes: bool,
}

impl Job {
    /// Something that leaves nothing on this computer.
    pub fn reading<T, F>(work: impl FnOnce(Environment) -> F + Send + 'static) -> Self
    where
        T: Send + 'static,
        F: Future<Output = T> + 'static,
    {
        let work = |environment| async { Value::of(work(environment).await) }.boxed_local();
        Self {
            work: Box::new(work),
            writes: false,
        }
    }

    /// Something that leaves something on this computer, so that it is brought to its end.
    pub fn writing<T, F>(work: impl FnOnce(Environment) -> F + Send + 'static) -> Self
    where
        T: Send + 'static,
        F: Future<Output = T> + 'static,
    {
        Self {
            writes: true,
            ..Self::reading(work)
        }
    }

    /// Whether it leaves something on this computer.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.writes
    }

    /// Does it.
    pub async fn done(self, environment: Environment) -> Value {
        (self.work)(environment).await
    }
}

/// It may hold a secret.
impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Job(..)")
    }
}

/// A text for the clipboard.
#[derive(Debug)]
pub enum Text {
    /// May be seen by anybody.
    Plain(String),
    /// Kept out of clipboard histories where the platform has a way.
    Secret(Arc<Secret>),
}

impl Text {
    /// The characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.expose(),
        }
    }
}
