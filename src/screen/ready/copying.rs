//! The token, the clone command and a line that sets a variable on their way to the clipboard, and what
//! is there.

use std::sync::Arc;

use super::{Ready, key};
use crate::bitbucket::Repository;
use crate::clipboard::{Copied, CopyError};
use crate::git::shell_word;
use crate::secret::Secret;
use crate::tool::VARIABLE;
use crate::ui::context::Context;
use crate::ui::effect::Text;
use crate::ui::keymap::Action;
use crate::ui::notice::Notice;
use crate::ui::place::Place;
use crate::ui::session::Session;

impl Ready {
    /// Why there is no clone command.
    pub(super) fn refuses_clone_command(&self, session: &Session) -> Option<String> {
        let reason = "Bitbucket gives no clone address over HTTP for this repository.";
        let is_missing = self.clone_command(session).is_none();
        is_missing.then(|| reason.to_owned())
    }

    fn copy(&mut self, text: Text, cx: &mut Context<'_>) {
        // Two at once could arrive in either order.
        if self.copying.is_pending() || self.copying_clone_command.is_pending() {
            cx.notify(Notice::hint(
                "One moment: the last copy is still under way.",
            ));
            return;
        }
        let copying = match &text {
            Text::Secret(_) => &mut self.copying,
            Text::Plain(_) => &mut self.copying_clone_command,
        };
        copying.copy(text, cx);
    }

    pub(super) fn copy_token(&mut self, cx: &mut Context<'_>) {
        if let Some(secret) = self.secret(cx.session) {
            self.copy_secret(secret, cx);
        }
    }

    fn copy_secret(&mut self, text: Arc<Secret>, cx: &mut Context<'_>) {
        self.on_its_way = Some(Arc::clone(&text));
        self.copy(Text::Secret(text), cx);
    }

    /// The command, without the token in it, and what somebody has still to put into it: a token for
    /// more than one repository is for the one that they work on, else for the one that it was tried on; where
    /// neither is known, for any.
    pub(super) fn clone_command(
        &self,
        session: &Session,
    ) -> Option<(String, Option<&'static str>)> {
        if let Place::Repository(_) = &self.place {
            return Some((self.place.clone_command()?, None));
        }
        let from = session.came_from.as_ref().filter(|it| self.reaches(it));
        let tried = match &self.trial {
            Some(Ok(Some(tried))) => Some(&tried.repository),
            _ => None,
        };
        if let Some(repository) = from.or(tried) {
            let place = Place::Repository(repository.clone());
            return Some((place.clone_command()?, None));
        }
        let base = session.server.as_ref()?.client.base();
        let (address, blank) = match &self.place {
            Place::Project(project) => {
                let key = project.key.to_lowercase();
                (base.page(&["scm", &key, "REPOSITORY.git"]), "REPOSITORY")
            }
            _ => (
                base.page(&["scm", "PROJECT", "REPOSITORY.git"]),
                "PROJECT/REPOSITORY",
            ),
        };
        Some((format!("git clone {}", shell_word(&address)), Some(blank)))
    }

    /// Whether the token is for this repository, among others.
    fn reaches(&self, repository: &Repository) -> bool {
        match &self.place {
            Place::Account(_) => true,
            Place::Project(project) => project.key.eq_ignore_ascii_case(&repository.project.key),
            Place::Repository(_) => false,
        }
    }

    pub(super) fn copy_clone_command(&mut self, cx: &mut Context<'_>) {
        if let Some((command, _)) = self.clone_command(cx.session) {
            self.copy(Text::Plain(command), cx);
        }
    }

    /// As files of variables have it.
    pub(super) fn copy_build_line(&mut self, cx: &mut Context<'_>) {
        if let Some(secret) = self.secret(cx.session) {
            let line = format!("{VARIABLE}={}", secret.expose());
            self.copy_secret(Arc::new(Secret::new(line)), cx);
        }
    }

    pub(super) fn copied(&mut self, result: Result<Copied, CopyError>, cx: &mut Context<'_>) {
        let is_first = !std::mem::replace(&mut self.was_copied, true);
        let secret = self.secret(cx.session);
        let what = if self.on_its_way == secret {
            "The token".to_owned()
        } else {
            format!("The line {VARIABLE}=… with the token")
        };
        if let (Ok(copied), false) = (&result, is_first) {
            cx.notify(Notice::good(format!("{what} is {}.", copied.describe())));
        }
        self.now = cx.now.uptime;
        if let Some(text) = self.on_its_way.take() {
            cx.secret_copied(self.key, text, result);
        }
    }

    pub(super) fn clone_command_copied(
        &mut self,
        result: Result<Copied, CopyError>,
        cx: &mut Context<'_>,
    ) {
        match result {
            Ok(copied) => {
                cx.something_else_copied();
                let blank = self.clone_command(cx.session).and_then(|(_, blank)| blank);
                let fill_in = blank.map_or_else(String::new, |blank| {
                    format!(" Replace {blank} with your own repository.")
                });
                cx.notify(Notice::good(format!(
                    "The clone command is {}.{fill_in}",
                    copied.describe()
                )));
            }
            Err(error) => {
                let command = self.clone_command(cx.session);
                let command = command.map_or_else(String::new, |(command, _)| command);
                cx.notify(Notice::bad(format!("{error} The command is: {command}")));
            }
        }
    }

    /// What can be done where the token was not copied. While others watch it is not shown.
    pub(super) fn advice(&self, error: &CopyError, session: &Session) -> String {
        if session.share {
            format!("{} saves it to a file.", key(Action::Save))
        } else {
            error.advice().to_owned()
        }
    }
}
