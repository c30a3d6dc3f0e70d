//! What bbtoken has set up for git on this computer with a token of this place, and undoing that.

use super::Tokens;
use crate::app::context::Context;
use crate::app::effect::Job;
use crate::app::notice::Notice;
use crate::git;
use crate::screen::question::{Question, Subject};

impl Tokens {
    pub(super) fn look_at_git(&mut self, cx: &mut Context<'_>) {
        let ticket = cx.job(Job::GitAddresses);
        self.looking.await_command(ticket, cx.now);
    }

    pub(super) fn looked_at_git(&mut self, addresses: &[String], cx: &Context<'_>) {
        let server = cx.session.server.as_ref();
        let target = server.and_then(|server| self.place.git_target(server.client.base()));
        self.git = target
            .map(|target| target.address)
            .filter(|address| addresses.contains(address));
    }

    /// Why there is nothing to take away from git.
    #[must_use]
    pub fn refuses_undo(&self) -> Option<String> {
        let reason = "bbtoken has not set git up with a token of this place on this computer.";
        self.git.is_none().then(|| reason.to_owned())
    }

    pub(super) fn ask_to_undo_git(&self, cx: &mut Context<'_>) {
        if self.git.is_some() {
            cx.push(question(format!(
                "Take away what bbtoken has set up for git with a token of {}? The token stays valid until it is revoked, but Bitbucket never shows it again.",
                self.place.name()
            )));
        }
    }

    /// Without its token, what is set up for git would only have it refused.
    pub(super) fn ask_whether_git_used(&self, name: &str, cx: &mut Context<'_>) {
        if self.git.is_some() {
            cx.push(question(format!(
                "git on this computer is set up with a token of {}. If that was \"{name}\", git is refused from now on. Take the set-up away, so that git asks again?",
                self.place.name()
            )));
        }
    }

    pub(super) fn undo_git(&mut self, cx: &mut Context<'_>) {
        if let Some(address) = self.git.clone()
            && !self.undoing.is_pending()
        {
            let ticket = cx.job(Job::UndoGit { address });
            self.undoing.await_command(ticket, cx.now);
        }
    }

    pub(super) fn undone(&mut self, result: Result<(), git::Error>, cx: &mut Context<'_>) {
        match result {
            Ok(()) => {
                self.git = None;
                cx.notify(Notice::good(
                    "What bbtoken had set up for git is gone: git asks again.",
                ));
            }
            Err(error) => cx.notify(Notice::bad(error.to_string())),
        }
    }
}

fn question(text: String) -> Question {
    Question {
        subject: Subject::UndoGit,
        title: "git on this computer",
        text: vec![text],
        yes: "take it away",
        revoke: None,
        no: "leave it",
    }
}
