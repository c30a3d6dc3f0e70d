//! What the token can really do, and git set up with it.

use std::sync::Arc;

use super::{Ready, key};
use crate::bitbucket::{Error, Verdict};
use crate::environment::Environment;
use crate::git::{self, Target};
use crate::operation::put_to_trial::{Tried, put_to_trial};
use crate::operation::set_up_git::BroughtBack;
use crate::ui::context::Context;
use crate::ui::git_proof::{self, GitShown};
use crate::ui::keymap::Action;
use crate::ui::notice::Notice;
use crate::ui::place::Place;
use crate::ui::route::{GitSetupWith, Route};
use crate::ui::session::Session;

impl Ready {
    pub(super) fn target(&self, session: &Session) -> Option<Target> {
        let base = session.server.as_ref()?.client.base();
        self.place.git_target(base)
    }

    /// Why git cannot be set up with this token.
    pub(super) fn refuses_git(&self, session: &Session) -> Option<String> {
        if self.git.is_some() || self.bringing_back.is_pending() {
            let (undo, set_up) = (key(Action::UndoGit), key(Action::SetGitUp));
            return Some(format!(
                "git is set up with this token. Press {undo} to undo that; then {set_up} sets it up another way."
            ));
        }
        let reason = "Bitbucket gives no clone address over HTTP for this repository, so git has no use \
                      for the token.";
        self.target(session).is_none().then(|| reason.to_owned())
    }

    /// Why there is nothing to take away from git.
    pub(super) fn refuses_undo(&self) -> Option<String> {
        let set_up = key(Action::SetGitUp);
        let reason = || format!("git is not set up with this token. Press {set_up} to set it up.");
        self.git.is_none().then(reason)
    }

    pub(super) fn try_token(&mut self, cx: &mut Context<'_>) {
        let Some(secret) = self.secret(cx.session) else {
            return;
        };
        let user = match &self.place {
            Place::Account(user) => Some(user.name.clone()),
            Place::Project(_) | Place::Repository(_) => None,
        };
        let scope = self.place.scope();
        let near = cx.session.works_on();
        let ask = move |client| {
            let (scope, user, secret) = (scope.clone(), user.clone(), Arc::clone(&secret));
            let near = near.clone();
            async move {
                let tried = put_to_trial(&client, &scope, user.as_deref(), &secret, &near).await?;
                Ok(tried.map(Box::new))
            }
        };
        self.trying.ask(ask, cx);
    }

    /// Remembers that the token was used by nothing but this trial, and what it told.
    pub(super) fn note_trial(
        &mut self,
        result: &Result<Option<Box<Tried>>, Error>,
        cx: &mut Context<'_>,
    ) {
        let Ok(Some(tried)) = result else {
            return;
        };
        if let Some(elsewhere) = &tried.trial.elsewhere {
            self.place.is_cloned_from(elsewhere.usable());
        }
        if let Some(level) = tried.may {
            cx.session
                .rights
                .told_of_repository(&tried.repository, level);
        }
        if let Some(at) = tried.trial.at {
            self.ahead = at.duration_since(cx.now.time);
        }
        self.note_use(cx);
    }

    /// The token was used a moment ago, by us.
    pub(super) fn note_use(&self, cx: &mut Context<'_>) {
        let id = self
            .secret(cx.session)
            .and_then(|secret| self.origin.note(&secret).id);
        let time = cx.now.time.saturating_add(self.ahead);
        let session = &mut *cx.session;
        if let (Some(id), Some(server), Ok(time)) = (id, &session.server, time) {
            session.state.tried(server.client.base(), &id, time);
        }
    }

    /// Whether git can send the token as a password; where nobody knows, most servers take it.
    pub(super) fn takes_password(&self) -> bool {
        let trial = self.trial.as_ref();
        let trial = trial.and_then(|trial| trial.as_ref().ok()?.as_deref());
        !trial.is_some_and(|tried| matches!(tried.trial.as_password, Some(Verdict::No(_))))
    }

    pub(super) fn set_git_up(&mut self, cx: &mut Context<'_>) {
        let (Some(target), Some(token)) = (self.target(cx.session), self.secret(cx.session)) else {
            return;
        };
        let takes_password = self.takes_password();
        let note = self.origin.note(&token);
        cx.open(Route::GitSetup(Box::new(GitSetupWith {
            place: self.place.clone(),
            target,
            key: self.key,
            token,
            note,
            takes_password,
        })));
    }

    pub(super) fn git_undone(
        &mut self,
        result: Result<Vec<String>, git::Error>,
        cx: &mut Context<'_>,
    ) {
        match result {
            Ok(left) => {
                self.git = None;
                cx.session.custody.is_gone_from_git(self.key);
                cx.notify(match left.as_slice() {
                    [] => Notice::good("git no longer uses this token. The token is still valid."),
                    left => Notice::bad(left.join(" ")),
                });
            }
            Err(error) => cx.notify(Notice::bad(error.to_string())),
        }
    }

    /// The earlier setup is in place again; it may be one with this very token.
    pub(super) fn earlier_is_back(&mut self, back: BroughtBack, cx: &mut Context<'_>) {
        let (is_good, text) = git_proof::brought_back(&back);
        cx.notify(if is_good {
            Notice::good(text)
        } else {
            Notice::bad(text)
        });
        let own = self.secret(cx.session).and_then(|own| own.token_id());
        match (self.git.take(), back.proof) {
            (Some(shown), Ok(proof)) if own.is_some() && own == back.old.token.id => {
                self.git = Some(GitShown {
                    forgets: back.old.forgets(),
                    proof,
                    ..shown
                });
            }
            _ => cx.session.custody.is_gone_from_git(self.key),
        }
    }

    pub(super) fn undo_git(&mut self, cx: &mut Context<'_>) {
        if self.bringing_back.is_pending() {
            return;
        }
        if let Some(server) = &cx.session.server
            && let Some(replaced) = self.replaced.take()
        {
            let client = server.client.clone();
            let bring_back = async move |environment: Environment| {
                replaced.bring_back(&environment, &client).await
            };
            self.bringing_back.start_writing(bring_back, cx);
            return;
        }
        if let Some(GitShown { address, .. }) = &self.git
            && !self.undoing.is_pending()
        {
            let address = address.clone();
            let undo =
                async move |environment: Environment| git::undo(&environment, &address).await;
            self.undoing.start_writing(undo, cx);
        }
    }
}
