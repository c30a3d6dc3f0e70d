//! What bbtoken has set up for git on this computer with a token of this place, and undoing that.

use jiff::Timestamp;

use super::Tokens;
use crate::bitbucket::Token;
use crate::environment::Environment;
use crate::git::{self, Location, SetUp, TokenNote};
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::notice::Notice;
use crate::ui::question::Question;
use crate::ui::token_list::TokenRow;

/// What git on this computer is set up with for the address of a place.
#[derive(Debug)]
pub(super) struct GitHere {
    /// Which address.
    address: String,
    /// Whose personal token it is, if not that of the user whose place this is.
    other: Option<String>,
    /// Which token it is; before 0.2 nobody wrote that down.
    token: TokenNote,
}

/// What goes beside the name of the token that git here is set up with.
pub(super) const MARK: &str = "← git here";

impl Tokens {
    pub(super) fn look_at_git(&mut self, cx: &mut Context<'_>) {
        let look = async |environment: Environment| git::set_ups(&environment);
        self.looking.start(look, cx);
    }

    pub(super) fn looked_at_git(&mut self, set_ups: &[SetUp], cx: &Context<'_>) {
        let server = cx.session.server.as_ref();
        let target = server.and_then(|server| self.place.git_target(server.client.base()));
        self.git = target.and_then(|target| {
            let location = target.location()?;
            // A personal token may be set up for a part of the server alone: in the place of a dead one.
            let is_own_within = |set_up: &&SetUp| {
                let place = Location::of(&set_up.address);
                let is_own = set_up.user.is_some() && set_up.user == target.user;
                is_own && place.is_some_and(|place| place.is_within(&location))
            };
            let set_up = set_ups.iter().find(|set_up| set_up.is_for(&location));
            let set_up = set_up.or_else(|| set_ups.iter().find(is_own_within))?;
            let set_up = set_up.clone();
            Some(GitHere {
                token: set_up.token,
                address: set_up.address,
                other: set_up
                    .user
                    .filter(|user| Some(user) != target.user.as_ref()),
            })
        });
    }

    /// Whether git here is set up with this token, as far as that was written down.
    pub(super) fn is_gits(&self, token: &Token) -> bool {
        let git = self.git.as_ref().filter(|git| git.other.is_none());
        git.is_some_and(|git| git.token.id.as_ref() == Some(&token.id))
    }

    /// Whether git here is set up with a token of this list that still works.
    pub(super) fn git_works_with(&self, now: Timestamp) -> bool {
        let mut rows = self.listing.picker.rows().iter();
        rows.any(|row| match row {
            TokenRow::Token(token) => self.is_gits(token) && !token.is_expired(now),
            TokenRow::New => false,
        })
    }

    /// What git is set up with for this place, and whether that can work at all.
    pub(super) fn git_note(&self, now: Timestamp) -> Option<(&'static str, String)> {
        let git = self.git.as_ref()?;
        let key = |action| keymap::key(Mode::Tokens, action);
        let (new, undo) = (key(Action::New), key(Action::UndoGit));
        if let Some(user) = &git.other {
            let text = format!(
                "git here uses a personal token of {user}, which is not listed here: {undo} removes that setup."
            );
            return Some(("·", text));
        }
        if git.token.id.is_none() {
            let text = format!(
                "git here uses a token of {}, which one is not recorded: {undo} removes that setup.",
                self.place.name()
            );
            return Some(("?", text));
        }
        let mut rows = self.listing.picker.rows().iter();
        let listed = rows.find_map(|row| match row {
            TokenRow::Token(token) if self.is_gits(token) => Some(token),
            _ => None,
        });
        match listed {
            Some(token) if token.is_expired(now) => Some((
                "✗",
                format!(
                    "git here uses an expired token: {new} for a new one, {undo} to remove the setup."
                ),
            )),
            Some(_) => Some((
                "·",
                format!("{undo} removes the git setup with this token; the token stays valid."),
            )),
            None if self.listing.is_complete() => Some((
                "✗",
                format!(
                    "git here uses a revoked token: {new} for a new one, {undo} to remove the setup."
                ),
            )),
            None => None,
        }
    }

    /// Why there is nothing to take away from git.
    pub(super) fn refuses_undo(&self) -> Option<String> {
        let reason = "bbtoken has not set git up with a token of this place on this computer.";
        self.git.is_none().then(|| reason.to_owned())
    }

    pub(super) fn ask_to_undo_git(&self, cx: &mut Context<'_>) {
        if let Some(git) = &self.git {
            let owner = git.other.clone().unwrap_or_else(|| self.place.name());
            cx.ask(Question::undo_git(format!(
                "Remove what bbtoken has set up for git with a token of {owner}? That revokes no \
                 token, but Bitbucket never shows one again."
            )));
        }
    }

    /// Without its token, what is set up for git would only have it refused. Where it is known which one
    /// that is, nobody is asked after another one.
    pub(super) fn ask_whether_git_used(&self, id: &str, name: &str, cx: &mut Context<'_>) {
        let Some(git) = self.git.as_ref().filter(|git| git.other.is_none()) else {
            return;
        };
        match &git.token.id {
            Some(used) if used != id => {}
            Some(_) => cx.ask(Question::undo_git(format!(
                "git on this computer is set up with \"{name}\", which Bitbucket now refuses. Remove the \
                 setup, so that git asks again?"
            ))),
            None => cx.ask(Question::undo_git(format!(
                "git on this computer is set up with a token of {}. If that was \"{name}\", Bitbucket now \
                 refuses it. Remove the setup, so that git asks again?",
                self.place.name()
            ))),
        }
    }

    pub(super) fn undo_git(&mut self, cx: &mut Context<'_>) {
        if let Some(git) = &self.git
            && !self.undoing.is_pending()
        {
            let address = git.address.clone();
            let undo =
                async move |environment: Environment| git::undo(&environment, &address).await;
            self.undoing.start_writing(undo, cx);
        }
    }

    pub(super) fn undone(&mut self, result: Result<Vec<String>, git::Error>, cx: &mut Context<'_>) {
        match result {
            Ok(left) => {
                self.git = None;
                cx.notify(match left.as_slice() {
                    [] => Notice::good("bbtoken's git setup was removed. No token was revoked."),
                    left => Notice::bad(left.join(" ")),
                });
            }
            Err(error) => cx.notify(Notice::bad(error.to_string())),
        }
    }
}
