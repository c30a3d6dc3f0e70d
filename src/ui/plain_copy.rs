//! A text without secrets on its way to the clipboard, such as a clone command.

use super::context::Context;
use super::effect::Text;
use super::load::{Wait, Work};
use super::notice::Notice;
use super::place::Place;
use super::reply::Reply;
use crate::clipboard::{Copied, CopyError};

/// What is being copied.
#[derive(Debug, Default)]
pub struct PlainCopy {
    work: Work<Result<Copied, CopyError>>,
    what: String,
    next: String,
    /// The last one has arrived.
    has_arrived: bool,
}

impl PlainCopy {
    /// Copies a text, unless a token is on the clipboard that nobody has elsewhere. `what` it is, as the
    /// beginning of "… is on your clipboard.", and what to do next, as a sentence.
    pub fn copy(&mut self, text: String, what: &str, next: &str, cx: &mut Context<'_>) {
        if cx.session.custody.needs_clipboard() {
            cx.notify(Notice::hint("Not copied: the new token is on your clipboard and nowhere else. Paste or save it first."));
        } else if self.work.is_pending() {
            cx.notify(Notice::hint(
                "One moment: the last copy is still under way.",
            ));
        } else {
            self.has_arrived = false;
            what.clone_into(&mut self.what);
            next.clone_into(&mut self.next);
            self.work.copy(Text::Plain(text), cx);
        }
    }

    /// Copies the command that clones a repository.
    pub fn copy_clone_command(&mut self, place: &Place, cx: &mut Context<'_>) {
        if let Some(command) = place.clone_command() {
            let what = format!("\"{command}\"");
            self.copy(command, &what, "", cx);
        }
    }

    /// Whether what was copied last has arrived.
    #[must_use]
    pub fn has_arrived(&self) -> bool {
        self.has_arrived
    }

    /// The wait for it.
    #[must_use]
    pub fn wait(&self) -> &Wait {
        self.work.wait()
    }

    /// Takes in what became of it; false: this was about something else.
    pub fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) -> bool {
        let Some(result) = self.work.take(reply) else {
            return false;
        };
        cx.notify(match &result {
            Ok(copied) => {
                let (what, next) = (&self.what, &self.next);
                let text = format!("{what} is {}. {next}", copied.describe());
                Notice::good(text.trim_end())
            }
            Err(error) => Notice::bad(format!("{error} {}", error.advice())),
        });
        self.has_arrived = result.is_ok();
        if self.has_arrived {
            cx.something_else_copied();
        }
        true
    }
}

/// Why there is no command that clones what is in this place.
#[must_use]
pub fn refuses_clone_command(place: &Place) -> Option<String> {
    let reason = match place {
        Place::Repository(_) if place.clone_command().is_some() => return None,
        Place::Repository(_) => "Bitbucket gives no clone address over HTTP for this repository.",
        Place::Project(_) | Place::Account(_) => "Put the cursor on a repository first.",
    };
    Some(reason.to_owned())
}
