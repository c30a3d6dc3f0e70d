//! What a screen sees of the world while it updates, and how it says what it wants.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::asking::Asking;
use super::effect::{Change, Creation, Effect, Revocation};
use super::layer::View;
use super::notice::Notice;
use super::place::Place;
use super::question::Question;
use super::route::{Move, Outcome, Route};
use super::ticket::Ticket;
use crate::bitbucket::{Scope, TokenChange, TokenSpec};
use crate::clipboard::{Copied, CopyError};
use crate::operation::custody::{Held, Key};
use crate::operation::draft::UsedBy;
use crate::operation::journal::{Asked, OldToken};
use crate::operation::revoke::Closing;
use crate::operation::rotate::{End, Rotation};
use crate::secret::Secret;
use crate::theme::Theme;

/// Passed to every update of a screen.
pub struct Context<'a> {
    /// The session, and what it asks with.
    pub asking: Asking<'a>,
    /// How the stack is to change, in this order.
    pub moves: Vec<Move>,
    /// A line above the footer.
    pub notice: Option<Notice>,
    /// Nothing lies above the screen that acts: how it changes the stack is seen at once.
    pub is_on_top: bool,
    /// The columns and rows that a screen gets of the terminal.
    pub room: (u16, u16),
}

impl<'a> Deref for Context<'a> {
    type Target = Asking<'a>;

    fn deref(&self) -> &Asking<'a> {
        &self.asking
    }
}

impl DerefMut for Context<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.asking
    }
}

impl Context<'_> {
    /// What is drawn now is measured with this: colours make nothing higher.
    #[must_use]
    pub fn view(&self) -> View<'_> {
        View {
            theme: const { &Theme::monochrome() },
            now: self.now,
            session: self.session,
        }
    }

    /// Has a token created, perhaps in the place of another one.
    pub fn create_token(
        &mut self,
        place: Place,
        used_by: UsedBy,
        spec: TokenSpec,
        replaces: Option<OldToken>,
    ) -> Option<Ticket> {
        let asked = Asked {
            server: self.session.server.as_ref()?.client.base().to_string(),
            user: self.session.user.as_ref()?.name.clone(),
            scope: place.scope(),
            name: spec.name.clone(),
            time: self.now.time,
            replaces,
        };
        let desk = self.session.desk()?;
        let ticket = self.ticket();
        let creation = Creation {
            place,
            used_by,
            asked,
            spec,
        };
        self.effects
            .push(Effect::Create(ticket, desk, Box::new(creation)));
        Some(ticket)
    }

    fn revoke(&mut self, revocation: Revocation) -> Option<Ticket> {
        let desk = self.session.desk()?;
        let ticket = self.ticket();
        self.effects.push(Effect::Revoke(ticket, desk, revocation));
        Some(ticket)
    }

    /// Has a token revoked.
    pub fn revoke_token(&mut self, scope: Scope, id: String) -> Option<Ticket> {
        let closing = None;
        self.revoke(Revocation { scope, id, closing })
    }

    /// Has a rotation brought to its end.
    pub fn end_rotation(&mut self, rotation: Rotation, end: End) -> Option<Ticket> {
        let desk = self.session.desk()?;
        let ticket = self.ticket();
        self.effects
            .push(Effect::EndRotation(ticket, desk, rotation, end));
        Some(ticket)
    }

    /// Has a token changed.
    pub fn change_token(
        &mut self,
        scope: Scope,
        id: String,
        wanted: TokenChange,
    ) -> Option<Ticket> {
        let desk = self.session.desk()?;
        let ticket = self.ticket();
        let change = Change { scope, id, wanted };
        self.effects.push(Effect::Change(ticket, desk, change));
        Some(ticket)
    }

    /// Has a token revoked that is in custody.
    pub fn revoke_new_token(&mut self, key: Key) -> Option<Ticket> {
        let token = self.session.custody.get(key)?;
        let (scope, id) = (token.scope.clone(), token.id.clone()?);
        let closing = token.entry().map(|entry| Closing {
            entry: Arc::clone(entry),
            because: None,
        });
        self.revoke(Revocation { scope, id, closing })
    }

    /// Remembers that the tokens of this place are looked at: their list is read.
    pub fn visit(&mut self, scope: &Scope) {
        let session = &mut *self.session;
        session.custody.is_read(scope.clone());
        if let Some(server) = &session.server {
            session.state.visited(server.client.base(), scope);
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

    /// Opens a screen in the place of the one that acts and of those that only led to it: what they were
    /// for is done.
    pub fn finish_with(&mut self, route: Route) {
        self.moves.push(Move::Finish(route));
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
