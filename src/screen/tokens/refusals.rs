//! Why an action cannot be had right now.

use super::Tokens;
use crate::bitbucket::ErrorKind;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::place::Place;
use crate::ui::plain_copy::refuses_clone_command;
use crate::ui::session::Session;
use crate::ui::token_list::{TokenRow, refusal_after};

impl Tokens {
    pub(super) fn refuses(&self, action: Action, session: &Session) -> Option<String> {
        let refuses_to = |what| session.refuses_to(what);
        match action {
            Action::New => refuses_to("create").or_else(|| self.refuses_new(session)),
            Action::Open if session.rights.is_refused(&self.place) => refuses_to("create"),
            Action::Open | Action::Filter if self.listing.failure().is_some() => {
                self.refuses_new(session).or_else(|| self.refuses_rows())
            }
            Action::CopyClone => refuses_clone_command(&self.place),
            Action::WhichKind => refuses_to("create"),
            Action::Revoke => refuses_to("revoke").or_else(|| self.refuses_revoke()),
            Action::ManageAccount => session.refuses_account().or_else(|| self.refuses_account()),
            Action::UndoGit => self.refuses_undo(),
            Action::Rotate => refuses_to("rotate").or_else(|| self.refuses_rotate(session)),
            Action::Edit => refuses_to("change").or_else(|| self.refuses_edit()),
            Action::Mark | Action::MarkAll => refuses_to("revoke").or_else(|| self.refuses_rows()),
            Action::Sort if !self.is_sorting => self.refuses_rows(),
            _ => None,
        }
    }

    /// Whether there are no tokens here for this user, and none to be made.
    pub(super) fn is_forbidden(&self) -> bool {
        let failure = self.listing.failure();
        failure.is_some_and(|error| {
            error.kind == ErrorKind::NotPermitted || refusal_after(error, &self.place).is_some()
        })
    }

    /// Why no token can be created here.
    pub(super) fn refuses_new(&self, session: &Session) -> Option<String> {
        let failure = self.listing.failure();
        failure
            .and_then(|error| refusal_after(error, &self.place))
            .or_else(|| session.server.as_ref()?.refuses_tokens(&self.place))
    }

    /// Why there is nothing to open or to filter, where the list could not be read.
    pub(super) fn refuses_rows(&self) -> Option<String> {
        let mut rows = self.listing.picker.rows().iter();
        let is_read = rows.any(|row| matches!(row, TokenRow::Token(_)));
        let again = || keymap::key(Mode::Tokens, Action::Refresh);
        (!is_read).then(|| format!("The list could not be read: {} asks again.", again()))
    }

    /// Why there is no way to the personal tokens from here.
    pub(super) fn refuses_account(&self) -> Option<String> {
        matches!(self.place, Place::Account(_))
            .then(|| "These are your personal tokens already.".to_owned())
    }

    /// Why nothing can be revoked.
    pub(super) fn refuses_revoke(&self) -> Option<String> {
        if self.is_revoking() {
            return Some("One token is being revoked already: wait for it.".to_owned());
        }
        if !self.marked.is_empty() {
            return None;
        }
        match self.listing.picker.current() {
            Some(TokenRow::Token(_)) => None,
            _ => Some("Put the cursor on the token to revoke first.".to_owned()),
        }
    }

    /// Why nothing can be changed.
    pub(super) fn refuses_edit(&self) -> Option<String> {
        match self.listing.picker.current() {
            Some(TokenRow::Token(_)) => None,
            _ => Some("Put the cursor on the token to change first.".to_owned()),
        }
    }
}
