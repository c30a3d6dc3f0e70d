//! What a screen sees of the world while it updates, and how it says what it wants.

use std::sync::Arc;

use super::effect::{Command, Effect, Job, Query, Read};
use super::load::{Ticket, Tickets};
use super::notice::Notice;
use super::place::Place;
use super::question::Question;
use super::route::{Move, Outcome, Route};
use super::session::Session;
use crate::bitbucket::{Scope, TokenSpec};
use crate::clipboard::{Copied, CopyError};
use crate::clock::Moment;
use crate::operation::custody::{Held, Key};
use crate::operation::journal::Asked;
use crate::operation::revoke::Closing;
use crate::secret::Secret;

/// Passed to every update of a screen.
pub struct Context<'a> {
    /// The moment of the event.
    pub now: Moment,
    /// The run and the sign-in.
    pub session: &'a mut Session,
    /// What the runtime is to do.
    pub effects: &'a mut Vec<Effect>,
    /// How the stack is to change, in this order.
    pub moves: Vec<Move>,
    /// A line above the footer.
    pub notice: Option<Notice>,
    /// Nothing lies above the screen that acts: how it changes the stack is seen at once.
    pub is_on_top: bool,
    /// The columns and rows that a screen gets of the terminal.
    pub room: (u16, u16),
    pub(crate) tickets: &'a mut Tickets,
}

impl Context<'_> {
    /// A ticket for a question.
    pub fn ticket(&mut self) -> Ticket {
        self.tickets.issue()
    }

    /// A question as the signed-in user; `None` before the server is known.
    #[must_use]
    pub fn read(&self, read: Read) -> Option<Query> {
        let server = self.session.server.as_ref()?;
        Some(Query::Read(server.client.clone(), read))
    }

    fn command(&mut self, command: Command) -> Option<Ticket> {
        let desk = self.session.desk()?;
        let ticket = self.ticket();
        self.effects.push(Effect::Do(ticket, desk, command));
        Some(ticket)
    }

    /// Has a token created.
    pub fn create_token(&mut self, place: Place, spec: TokenSpec) -> Option<Ticket> {
        let asked = Asked {
            server: self.session.server.as_ref()?.client.base().to_string(),
            user: self.session.user.as_ref()?.name.clone(),
            scope: place.scope(),
            name: spec.name.clone(),
            time: self.now.time,
        };
        self.command(Command::CreateToken {
            place: Box::new(place),
            asked: Box::new(asked),
            spec,
        })
    }

    /// Has a token revoked.
    pub fn revoke_token(&mut self, scope: Scope, id: String) -> Option<Ticket> {
        let closing = None;
        self.command(Command::RevokeToken { scope, id, closing })
    }

    /// Has a token revoked that is in custody.
    pub fn revoke_new_token(&mut self, key: Key) -> Option<Ticket> {
        let token = self.session.custody.get(key)?;
        let (scope, id) = (token.scope.clone(), token.id.clone()?);
        let closing = token.entry().map(|entry| Closing {
            entry: Arc::clone(entry),
            because: None,
        });
        self.command(Command::RevokeToken { scope, id, closing })
    }

    /// Does something on this computer.
    pub fn job(&mut self, job: Job) -> Ticket {
        let ticket = self.ticket();
        self.effects.push(Effect::Job(ticket, job));
        ticket
    }

    /// Remembers that the tokens of this place are looked at.
    pub fn visit(&mut self, scope: &Scope) {
        if let Some(server) = &self.session.server {
            let address = server.client.base();
            self.session.state.visited(address, scope);
        }
    }

    /// Takes note that a secret, or a line with it, was copied or not.
    pub fn secret_copied(
        &mut self,
        key: Key,
        text: Arc<Secret>,
        result: Result<Copied, CopyError>,
    ) {
        let clear_after = self.session.config.clear_clipboard;
        let clears_at = clear_after.map(|after| self.now.uptime + after);
        let before = self.session.custody.copied(key, text, result, clears_at);
        self.clear(before);
    }

    /// Takes note that something else was copied: no token is on the clipboard any more. tmux keeps the
    /// old one below, so it is taken away.
    pub fn something_else_copied(&mut self) {
        let before = self.session.custody.something_else_copied();
        self.clear(before);
    }

    fn clear(&mut self, held: Option<Held>) {
        if let Some(Held { text, copied, .. }) = held {
            let ticket = self.ticket();
            self.effects.push(Effect::Clear(ticket, text, copied));
        }
    }

    /// Opens a screen on top.
    pub fn open(&mut self, route: Route) {
        self.moves.push(Move::Open(route));
    }

    /// Asks something of the user.
    pub fn ask(&mut self, question: Question) {
        self.open(Route::Question(question));
    }

    /// Opens a screen in the place of the one that acts.
    pub fn replace(&mut self, route: Route) {
        self.moves.push(Move::Replace(route));
    }

    /// Closes the screen that acts.
    pub fn close(&mut self) {
        self.moves.push(Move::Close(None));
    }

    /// Closes the screen that acts; whoever opened it learns this.
    pub fn close_with(&mut self, outcome: Outcome) {
        self.moves.push(Move::Close(Some(outcome)));
    }

    /// Shows a line above the footer.
    pub fn notify(&mut self, notice: Notice) {
        self.notice = Some(notice);
    }
}
