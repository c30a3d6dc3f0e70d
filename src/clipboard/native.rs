//! The clipboard of this computer, in a thread of its own: whoever holds the other end of it may hang,
//! and nothing here may hang with them.

use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::oneshot;

use super::PATIENCE;
use crate::secret::Secret;

/// What the thread is asked to do.
enum Job {
    Copy {
        text: Secret,
        is_secret: bool,
        reply: oneshot::Sender<bool>,
    },
    /// Empty it, if it still holds this text.
    Clear {
        text: Secret,
        reply: oneshot::Sender<Option<bool>>,
    },
    /// Take hold of it.
    Open { reply: oneshot::Sender<bool> },
    /// Does it still hold this text?
    Look {
        text: Secret,
        reply: oneshot::Sender<Option<bool>>,
    },
    /// Give it up. What is on it may go to a clipboard manager, this text too.
    LetGo {
        stays: Option<Secret>,
        reply: oneshot::Sender<()>,
    },
}

/// The way to the thread. Ends it when dropped; on X11 and Wayland the text goes with it.
pub(super) struct Native(Sender<Job>);

impl Native {
    pub(super) fn start() -> Self {
        let (sender, jobs) = channel();
        std::thread::spawn(move || serve(&jobs));
        Self(sender)
    }

    /// Whether it worked.
    pub(super) async fn copy(&self, text: &str, is_secret: bool) -> bool {
        let (reply, answer) = oneshot::channel();
        let job = Job::Copy {
            text: Secret::new(text.to_owned()),
            is_secret,
            reply,
        };
        self.ask(job, answer).await.unwrap_or(false)
    }

    /// Whether there is one.
    pub(super) async fn opens(&self) -> bool {
        let (reply, answer) = oneshot::channel();
        self.ask(Job::Open { reply }, answer).await.unwrap_or(false)
    }

    /// Whether it holds the text; `None` if nobody knows.
    pub(super) async fn holds(&self, text: &Secret) -> Option<bool> {
        let (reply, answer) = oneshot::channel();
        let text = Secret::new(text.expose().to_owned());
        self.ask(Job::Look { text, reply }, answer).await.flatten()
    }

    /// Whether it held the text and is empty now; `None` if nobody knows.
    pub(super) async fn clear(&self, text: &str) -> Option<bool> {
        let (reply, answer) = oneshot::channel();
        let job = Job::Clear {
            text: Secret::new(text.to_owned()),
            reply,
        };
        self.ask(job, answer).await.flatten()
    }

    /// Waits until it is given up; a clipboard manager gets a tenth of a second.
    pub(super) async fn let_go(&self, stays: Option<&Secret>) {
        let (reply, answer) = oneshot::channel();
        let stays = stays.map(|text| Secret::new(text.expose().to_owned()));
        self.ask(Job::LetGo { stays, reply }, answer).await;
    }

    async fn ask<T>(&self, job: Job, answer: oneshot::Receiver<T>) -> Option<T> {
        self.0.send(job).ok()?;
        tokio::time::timeout(PATIENCE, answer).await.ok()?.ok()
    }
}

fn serve(jobs: &Receiver<Job>) {
    // One for the whole run: on X11 and Wayland what is on the clipboard belongs to whoever put it
    // there, and is gone when that lets go of it.
    let mut clipboard = None;
    for job in jobs {
        match job {
            Job::Copy {
                text,
                is_secret,
                reply,
            } => {
                let _ = reply.send(copy(&mut clipboard, &text, is_secret));
            }
            Job::Open { reply } => {
                let _ = reply.send(open(&mut clipboard).is_some());
            }
            Job::Look { text, reply } => {
                let _ = reply.send(holds(&mut clipboard, &text));
            }
            Job::Clear { text, reply } => {
                let _ = reply.send(clear(&mut clipboard, &text));
            }
            Job::LetGo { stays, reply } => {
                if let Some(text) = stays
                    && holds(&mut clipboard, &text) == Some(true)
                {
                    // What is kept out of histories no manager takes over.
                    copy(&mut clipboard, &text, false);
                }
                // arboard hands over what is left when its last owner goes.
                clipboard = None;
                let _ = reply.send(());
            }
        }
    }
}

fn open(clipboard: &mut Option<arboard::Clipboard>) -> Option<&mut arboard::Clipboard> {
    if clipboard.is_none() {
        *clipboard = arboard::Clipboard::new().ok();
    }
    clipboard.as_mut()
}

/// arboard's reasons are about X11 even where there is none: they would mislead, so none is given.
fn copy(clipboard: &mut Option<arboard::Clipboard>, text: &Secret, is_secret: bool) -> bool {
    #[cfg(target_os = "macos")]
    use arboard::SetExtApple as _;
    #[cfg(all(unix, not(target_os = "macos")))]
    use arboard::SetExtLinux as _;
    #[cfg(windows)]
    use arboard::SetExtWindows as _;

    let Some(native) = open(clipboard) else {
        return false;
    };
    let mut set = native.set();
    if is_secret {
        set = set.exclude_from_history();
    }
    let copied = set.text(text.expose()).is_ok();
    if !copied {
        // The display may have gone; the next copy opens it anew.
        *clipboard = None;
    }
    copied
}

fn clear(clipboard: &mut Option<arboard::Clipboard>, text: &Secret) -> Option<bool> {
    let is_there = holds(clipboard, text)?;
    if is_there {
        clipboard.as_mut()?.clear().ok()?;
    }
    Some(is_there)
}

/// Whether this text is on it; `None` if nobody knows.
fn holds(clipboard: &mut Option<arboard::Clipboard>, text: &Secret) -> Option<bool> {
    match clipboard.as_mut()?.get_text() {
        Ok(held) => Some(Secret::new(held) == *text),
        // Something that is no text, so it is not ours.
        Err(arboard::Error::ContentNotAvailable | arboard::Error::ConversionFailure) => Some(false),
        Err(_) => None,
    }
}
