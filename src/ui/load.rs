//! What is waited for: something that is fetched from Bitbucket, or something that is done.
//!
//! Late answers never win: each question carries a ticket, and an answer with any other ticket than
//! the awaited one is not for us. A failure keeps what was there.

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use super::asking::Asking;
use super::effect::{Effect, Job, Text};
use super::query::{Query, Surroundings};
use super::reply::Reply;
use super::ticket::Ticket;
use crate::bitbucket::{Client, Error};
use crate::browser::OpenError;
use crate::clipboard::{Copied, CopyError};
use crate::clock::Moment;
use crate::environment::Environment;

/// The wait for one answer, whatever that is.
#[derive(Debug, Default)]
pub struct Wait(Option<(Ticket, Moment)>);

impl Wait {
    /// Whether this ticket is the awaited one.
    #[must_use]
    pub fn awaits(&self, ticket: Ticket) -> bool {
        self.0.is_some_and(|(pending, _)| pending == ticket)
    }

    /// Whether an answer is awaited.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.0.is_some()
    }

    /// How long the answer has been awaited.
    #[must_use]
    pub fn waiting(&self, now: Moment) -> Option<Duration> {
        let (_, since) = self.0?;
        Some(now.uptime.saturating_sub(since.uptime))
    }

    /// Stops waiting.
    pub fn cancel(&mut self, cx: &mut Asking<'_>) {
        if let Some((ticket, _)) = self.0.take() {
            cx.effects.push(Effect::Cancel(ticket));
        }
    }

    fn take<T: 'static>(&mut self, reply: &mut Reply) -> Option<Result<T, Error>> {
        if !self.awaits(reply.ticket()) {
            return None;
        }
        self.0 = None;
        reply.take()
    }
}

/// Something that Bitbucket is asked for: the wait for it is that of any [`Work`], and it may fail.
#[derive(Debug)]
pub struct Load<T> {
    work: Work<T>,
    failure: Option<Error>,
}

impl<T> Default for Load<T> {
    fn default() -> Self {
        Self {
            work: Work::default(),
            failure: None,
        }
    }
}

impl<T> Deref for Load<T> {
    type Target = Work<T>;

    fn deref(&self) -> &Work<T> {
        &self.work
    }
}

impl<T> DerefMut for Load<T> {
    fn deref_mut(&mut self) -> &mut Work<T> {
        &mut self.work
    }
}

impl<T: Send + 'static> Load<T> {
    /// Asks as whoever is signed in; an older question of this load is dropped. Whoever signs in next
    /// may ask it again.
    pub fn ask<F>(&mut self, ask: impl Fn(Client) -> F + Send + Sync + 'static, cx: &mut Asking<'_>)
    where
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        if let Some(server) = &cx.session.server {
            let query = Query::again(server.client.clone(), ask);
            self.send(query, cx);
        }
    }

    /// The same about something that this computer has a part in.
    pub fn ask_here<F>(
        &mut self,
        ask: impl Fn(Client, Environment) -> F + Send + Sync + 'static,
        cx: &mut Asking<'_>,
    ) where
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        if let Some(server) = &cx.session.server {
            let query = Query::again_here(server.client.clone(), ask);
            self.send(query, cx);
        }
    }

    /// Asks as whoever is signed in, and a process that has to end waits for the answer.
    pub fn ask_before_the_end<F>(
        &mut self,
        ask: impl Fn(Client) -> F + Send + Sync + 'static,
        cx: &mut Asking<'_>,
    ) where
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        if let Some(server) = &cx.session.server {
            let query = Query::again(server.client.clone(), ask);
            self.send(query.before_the_end(), cx);
        }
    }

    /// Asks something that is never asked again; an older question of this load is dropped.
    pub fn ask_once<F>(
        &mut self,
        ask: impl FnOnce(Surroundings) -> F + Send + 'static,
        cx: &mut Asking<'_>,
    ) where
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        self.send(Query::once(ask), cx);
    }

    fn send(&mut self, query: Query, cx: &mut Asking<'_>) {
        self.cancel(cx);
        let ticket = cx.ticket();
        self.wait_for(ticket, cx.now);
        cx.effects.push(Effect::Ask(ticket, query));
    }

    /// The answer, if this is the one that is awaited; from now on nothing is.
    pub fn take(&mut self, reply: &mut Reply) -> Option<Result<T, Error>> {
        self.work.wait.take(reply)
    }
}

impl<T> Load<T> {
    /// Waits for what the caller asks with this ticket.
    pub fn wait_for(&mut self, ticket: Ticket, now: Moment) {
        self.failure = None;
        self.work.wait_for(ticket, now);
    }

    /// Stops waiting.
    pub fn cancel(&mut self, cx: &mut Asking<'_>) {
        self.work.wait.cancel(cx);
    }

    /// Remembers what went wrong.
    pub fn fail(&mut self, error: Error) {
        self.failure = Some(error);
    }

    /// Forgets what went wrong.
    pub fn forgive(&mut self) {
        self.failure = None;
    }

    /// What went wrong the last time.
    #[must_use]
    pub fn failure(&self) -> Option<&Error> {
        self.failure.as_ref()
    }
}

/// Something that is done, on this computer or on the server. It is brought to its end in any case.
#[derive(Debug)]
pub struct Work<T> {
    wait: Wait,
    result: PhantomData<fn() -> T>,
}

impl<T> Default for Work<T> {
    fn default() -> Self {
        Self {
            wait: Wait::default(),
            result: PhantomData,
        }
    }
}

impl<T: Send + 'static> Work<T> {
    /// Does something on this computer that leaves nothing there.
    pub fn start<F>(
        &mut self,
        work: impl FnOnce(Environment) -> F + Send + 'static,
        cx: &mut Asking<'_>,
    ) where
        F: Future<Output = T> + 'static,
    {
        self.send(Job::reading(work), cx);
    }

    /// Does something that leaves something on this computer: the end of the program waits for it.
    pub fn start_writing<F>(
        &mut self,
        work: impl FnOnce(Environment) -> F + Send + 'static,
        cx: &mut Asking<'_>,
    ) where
        F: Future<Output = T> + 'static,
    {
        self.send(Job::writing(work), cx);
    }

    fn send(&mut self, job: Job, cx: &mut Asking<'_>) {
        let ticket = cx.ticket();
        self.wait_for(ticket, cx.now);
        cx.effects.push(Effect::Job(ticket, job));
    }

    /// What has come of it, if this is the one that is awaited; from now on nothing is.
    pub fn take(&mut self, reply: &mut Reply) -> Option<T> {
        self.wait.take(reply)?.ok()
    }
}

impl<T> Work<T> {
    /// Waits for what the caller does with this ticket.
    pub fn wait_for(&mut self, ticket: Ticket, now: Moment) {
        self.wait.0 = Some((ticket, now));
    }

    /// The wait alone.
    #[must_use]
    pub fn wait(&self) -> &Wait {
        &self.wait
    }

    /// The wait alone, to give it up.
    pub fn wait_mut(&mut self) -> &mut Wait {
        &mut self.wait
    }

    /// Whether it is under way.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.wait.is_pending()
    }

    /// How long it has been under way.
    #[must_use]
    pub fn waiting(&self, now: Moment) -> Option<Duration> {
        self.wait.waiting(now)
    }
}

impl Work<Result<(), OpenError>> {
    /// Opens a page in the user's browser.
    pub fn open(&mut self, address: String, cx: &mut Asking<'_>) {
        let ticket = cx.ticket();
        self.wait_for(ticket, cx.now);
        cx.effects.push(Effect::Open(ticket, address));
    }
}

impl Work<Result<Copied, CopyError>> {
    /// Puts a text on the clipboard.
    pub fn copy(&mut self, text: Text, cx: &mut Asking<'_>) {
        let ticket = cx.ticket();
        self.wait_for(ticket, cx.now);
        cx.effects.push(Effect::Copy(ticket, text));
    }
}
