//! The token, the clone command and a line for a build server on their way to the clipboard, and what
//! is there.

use std::sync::Arc;

use super::{Kept, Ready};
use crate::clipboard::{Copied, CopyError};
use crate::git::shell_word;
use crate::permission::ScopeKind;
use crate::secret::Secret;
use crate::ui::context::{Context, Held};
use crate::ui::effect::{Effect, Text};
use crate::ui::notice::Notice;

/// What the clipboard holds, as far as we know.
#[derive(Debug)]
pub(super) enum OnClipboard {
    /// The token is on its way there.
    Pending,
    /// The token.
    Token(Copied),
    /// The clone command, in the token's place.
    CloneCommand,
    /// It was there, and was taken off again.
    Cleared(Copied),
    /// Nothing of ours.
    Nothing(CopyError),
}

impl Ready {
    /// Why there is no clone command.
    #[must_use]
    pub fn refuses_clone_command(&self) -> Option<String> {
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

    /// Why there is no line for a build server.
    #[must_use]
    pub fn refuses_build_line(&self) -> Option<String> {
        let reason = "The line holds the token as it is: show it first with v.";
        (!self.is_revealed()).then(|| reason.to_owned())
    }

    fn copy(&mut self, text: Text, cx: &mut Context<'_>) {
        // Two at once could arrive in either order.
        if self.copying.is_pending() || self.copying_clone_command.is_pending() {
            cx.notify(Notice::hint(
                "One moment: the last copy is still under way.",
            ));
            return;
        }
        let ticket = cx.ticket();
        let load = match &text {
            Text::Secret(_) => &mut self.copying,
            Text::Plain(_) => &mut self.copying_clone_command,
        };
        load.await_command(ticket, cx.now);
        cx.effects.push(Effect::Copy(ticket, text));
    }

    pub(super) fn copy_token(&mut self, cx: &mut Context<'_>) {
        self.on_its_way = Arc::clone(&self.secret);
        self.copy(Text::Secret(Arc::clone(&self.secret)), cx);
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

    /// As build servers take their secrets.
    pub(super) fn copy_build_line(&mut self, cx: &mut Context<'_>) {
        let line = format!("BITBUCKET_TOKEN={}", self.secret.expose());
        self.on_its_way = Arc::new(Secret::new(line));
        self.copy(Text::Secret(Arc::clone(&self.on_its_way)), cx);
    }

    pub(super) fn copied(&mut self, result: Result<Copied, CopyError>, cx: &mut Context<'_>) {
        let is_first = matches!(self.clipboard, OnClipboard::Pending);
        self.clears_at = None;
        self.clipboard = match result {
            Ok(copied) => {
                let kept = if copied.is_certain() {
                    Kept::OnClipboard
                } else {
                    Kept::Perhaps
                };
                self.kept = self.kept.max(kept);
                if copied.is_certain() {
                    let clear_after = cx.session.config.clear_clipboard;
                    let clears_at = clear_after.map(|after| cx.now.uptime + after);
                    self.clears_at = clears_at;
                    self.now = cx.now.uptime;
                    cx.hold(Some(Held {
                        secret: Arc::clone(&self.on_its_way),
                        copied,
                        clears_at,
                        is_needed: true,
                    }));
                    self.tell_whether_needed(cx);
                }
                if !is_first {
                    cx.notify(Notice::good(format!("The token is {}.", copied.describe())));
                }
                OnClipboard::Token(copied)
            }
            Err(error) => OnClipboard::Nothing(error),
        };
    }

    pub(super) fn clone_command_copied(
        &mut self,
        result: Result<Copied, CopyError>,
        cx: &mut Context<'_>,
    ) {
        match result {
            Ok(copied) => {
                self.no_longer_on_clipboard();
                self.clipboard = OnClipboard::CloneCommand;
                cx.hold(None);
                cx.notify(Notice::good(format!(
                    "The clone command is {}.",
                    copied.describe()
                )));
            }
            Err(error) => cx.notify(Notice::bad(format!("{error} {}", error.advice()))),
        }
    }

    /// Whoever has not pasted the token yet no longer can.
    pub(super) fn no_longer_on_clipboard(&mut self) {
        self.clears_at = None;
        if self.kept == Kept::OnClipboard {
            self.kept = Kept::Perhaps;
        }
    }
}
