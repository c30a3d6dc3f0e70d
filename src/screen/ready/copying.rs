//! The token, the clone command and a line that sets a variable on their way to the clipboard, and what
//! is there.

use std::sync::Arc;

use super::Ready;
use crate::clipboard::{Copied, CopyError};
use crate::git::shell_word;
use crate::permission::ScopeKind;
use crate::secret::Secret;
use crate::tool::VARIABLE;
use crate::ui::context::Context;
use crate::ui::effect::Text;
use crate::ui::notice::Notice;

impl Ready {
    /// Why there is no clone command.
    pub(super) fn refuses_clone_command(&self) -> Option<String> {
        let reason = match (self.place.kind(), self.place.clone_address()) {
            (_, Some(_)) => return None,
            (ScopeKind::Repository, None) => {
                "Bitbucket names no clone address over HTTP for this repository."
            }
            (ScopeKind::Personal | ScopeKind::Project, None) => {
                "This token is for more than one repository: there is no single clone command."
            }
        };
        Some(reason.to_owned())
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

    /// The command, without the token in it; for a single repository alone.
    pub(super) fn clone_command(&self) -> Option<String> {
        let address = self.place.clone_address()?;
        Some(format!("git clone {}", shell_word(address)))
    }

    pub(super) fn copy_clone_command(&mut self, cx: &mut Context<'_>) {
        if let Some(command) = self.clone_command() {
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
        if let (Ok(copied), false) = (&result, is_first) {
            cx.notify(Notice::good(format!("The token is {}.", copied.describe())));
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
                cx.notify(Notice::good(format!(
                    "The clone command is {}.",
                    copied.describe()
                )));
            }
            Err(error) => cx.notify(Notice::bad(format!("{error} {}", error.advice()))),
        }
    }
}
