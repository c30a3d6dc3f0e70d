//! The clipboard: the computer's own, tmux's or the terminal's, whichever is nearest to the user, and
//! honest words about which it was and how sure that is.

mod choice;
mod native;
mod osc52;
mod tmux;

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

pub use self::choice::{Choice, Plan, plan};
use self::choice::{Means, means};
use self::native::Native;
use crate::secret::Secret;

/// Nobody waits longer for a clipboard.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where a text went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// On the clipboard of this computer.
    Native,
    /// Into tmux's buffer, and from there to the terminal, which does not confirm it.
    Tmux,
    /// To the terminal, with the request to put it on its clipboard. Nothing acknowledges that.
    SentToTerminal,
}

impl Copied {
    /// How sure we are, in words that follow "The token is …".
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Native => "on your clipboard",
            Self::Tmux => "in tmux's buffer and sent to your terminal's clipboard",
            Self::SentToTerminal => "sent to your terminal's clipboard",
        }
    }

    /// Whether it is still there after the program has ended. On X11 and Wayland the clipboard belongs to
    /// the program that set it, and not every desktop keeps it beyond that.
    #[must_use]
    pub fn outlives_program(self) -> bool {
        match self {
            Self::Native => cfg!(any(windows, target_os = "macos")),
            Self::Tmux | Self::SentToTerminal => true,
        }
    }

    /// Whether it certainly arrived, and can be read back and cleared.
    #[must_use]
    pub fn is_certain(self) -> bool {
        self != Self::SentToTerminal
    }
}

/// What became of a text that was to go from the clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleared {
    /// It was still there, and is gone.
    Gone,
    /// It was still in tmux's buffer, and is gone from there. The terminal outside has been sent it
    /// too, and does not tell what it holds.
    GoneFromTmux,
    /// Something else is there now, and stays.
    SomethingElse,
    /// Nobody knows: the clipboard does not answer.
    Unknown,
}

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// There is nothing to copy with.
    #[error("Not copied: this computer offers no clipboard here.")]
    NoClipboard,
    /// The user wants none.
    #[error("Not copied: the clipboard is switched off (--clipboard off).")]
    Off,
    /// The terminal took nothing.
    #[error("Not copied: the terminal could not be written to ({0}).")]
    Terminal(#[from] io::Error),
}

impl CopyError {
    /// What the user can do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NoClipboard | Self::Off => "Show it and select it with the mouse.",
            Self::Terminal(_) => "Try again, or show it and select it with the mouse.",
        }
    }
}

/// How far a copy came.
#[derive(Debug)]
pub enum Copying {
    /// It is done.
    Done(Result<Copied, CopyError>),
    /// The terminal is to be asked, by whoever writes to it: [`request_to_terminal`].
    ForTerminal,
}

/// The clipboard; clones are the same one.
#[derive(Clone)]
pub struct Clipboard(Arc<Kind>);

enum Kind {
    System(System),
    Memory(MemoryHandle),
    Unavailable,
}

struct System {
    means: Vec<Means>,
    is_off: bool,
    native: OnceLock<Native>,
}

impl Clipboard {
    /// That of this computer, of tmux or of the terminal. Nothing is opened before the first copy.
    #[must_use]
    pub fn system(choice: Choice) -> Self {
        Self(Arc::new(Kind::System(System {
            means: means(choice),
            is_off: choice == Choice::Off,
            native: OnceLock::new(),
        })))
    }

    /// A clipboard in memory, and the handle with which a test reads it.
    #[must_use]
    pub fn memory() -> (Self, MemoryHandle) {
        let handle = MemoryHandle::default();
        (Self(Arc::new(Kind::Memory(handle.clone()))), handle)
    }

    /// No clipboard at all, for tests.
    #[must_use]
    pub fn unavailable() -> Self {
        Self(Arc::new(Kind::Unavailable))
    }

    /// Copies `text`; a `secret` one stays out of clipboard histories where the platform has a way.
    /// Each that is tried answers within two seconds, or counts as failed.
    pub async fn copy(&self, text: &str, secret: bool) -> Copying {
        let system = match &*self.0 {
            Kind::System(system) => system,
            Kind::Memory(memory) => {
                memory.put(text);
                return Copying::Done(Ok(Copied::Native));
            }
            Kind::Unavailable => return Copying::Done(Err(CopyError::NoClipboard)),
        };
        for means in &system.means {
            let copied = match means {
                Means::Native => {
                    let native = system.native.get_or_init(Native::start);
                    let copied = native.copy(text, secret).await;
                    copied.then_some(Copied::Native)
                }
                Means::Tmux => tmux::copy(text).await.then_some(Copied::Tmux),
                Means::Terminal => return Copying::ForTerminal,
            };
            if let Some(copied) = copied {
                return Copying::Done(Ok(copied));
            }
        }
        let error = if system.is_off {
            CopyError::Off
        } else {
            CopyError::NoClipboard
        };
        Copying::Done(Err(error))
    }

    /// Takes the text away again from where it was copied to, if it is still there. What a terminal
    /// holds nobody can read, so there nothing is done.
    pub async fn clear(&self, text: &Secret, copied: Copied) -> Cleared {
        let cleared = match (&*self.0, copied) {
            (Kind::Memory(memory), _) => Some(memory.take(text)),
            (Kind::System(system), Copied::Native) => match system.native.get() {
                Some(native) => native.clear(text.expose()).await,
                None => None,
            },
            (Kind::System(_), Copied::Tmux) => tmux::clear(text.expose()).await,
            (Kind::System(_), Copied::SentToTerminal) | (Kind::Unavailable, _) => None,
        };
        match cleared {
            Some(true) if copied == Copied::Tmux => Cleared::GoneFromTmux,
            Some(true) => Cleared::Gone,
            Some(false) => Cleared::SomethingElse,
            None => Cleared::Unknown,
        }
    }

    /// Whether a text would be taken: what can be asked beforehand is asked. What a terminal does with it
    /// nobody can tell.
    pub async fn is_there(&self) -> bool {
        let system = match &*self.0 {
            Kind::System(system) => system,
            Kind::Memory(_) => return true,
            Kind::Unavailable => return false,
        };
        for means in &system.means {
            let is_there = match means {
                Means::Native => system.native.get_or_init(Native::start).opens().await,
                Means::Tmux => tmux::answers().await,
                Means::Terminal => true,
            };
            if is_there {
                return true;
            }
        }
        false
    }

    /// Whether this text is still where it was copied to; `None` if nobody knows.
    pub async fn holds(&self, text: &Secret, copied: Copied) -> Option<bool> {
        match (&*self.0, copied) {
            (Kind::Memory(memory), _) => Some(memory.text().as_deref() == Some(text.expose())),
            (Kind::System(system), Copied::Native) => system.native.get()?.holds(text).await,
            (Kind::System(_), Copied::Tmux | Copied::SentToTerminal) | (Kind::Unavailable, _) => {
                None
            }
        }
    }

    /// Lets go of the computer's clipboard before the program ends, so that on X11 a clipboard manager can
    /// take over what is on it. A secret is never handed over, except the one that is to stay. Only after
    /// [`Self::clear`], where that is wanted.
    pub async fn let_go(&self, stays: Option<&Secret>) {
        if let Kind::System(system) = &*self.0
            && let Some(native) = system.native.get()
        {
            native.let_go(stays).await;
        }
    }
}

/// What asks the terminal to put the text on its clipboard (OSC 52). For whoever writes to the terminal:
/// no other bytes may come between these.
#[must_use]
pub fn request_to_terminal(text: &str) -> Zeroizing<String> {
    osc52::through(osc52::Between::look(), text)
}

impl fmt::Debug for Clipboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clipboard(…)")
    }
}

/// Reads, and writes over, what a clipboard in memory holds.
#[derive(Clone, Default)]
pub struct MemoryHandle(Arc<Mutex<Option<Secret>>>);

impl MemoryHandle {
    /// The text that was copied last.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|secret| secret.expose().to_owned())
    }

    /// Puts something else on it, as another program would.
    pub fn put(&self, text: &str) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Some(Secret::new(text.to_owned()));
    }

    fn take(&self, text: &Secret) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_there = held.as_ref() == Some(text);
        if is_there {
            *held = None;
        }
        is_there
    }
}

impl fmt::Debug for MemoryHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryHandle(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn without_a_way_the_failure_says_what_to_do() {
        for clipboard in [Clipboard::system(Choice::Off), Clipboard::unavailable()] {
            let Copying::Done(Err(error)) = clipboard.copy("geheim", true).await else {
                panic!("copied into nothing");
            };
            assert!(!error.advice().is_empty());
        }
    }

    #[tokio::test]
    async fn only_our_own_text_is_cleared() {
        let (clipboard, memory) = Clipboard::memory();
        let secret = Secret::new("geheim".to_owned());
        clipboard.copy(secret.expose(), true).await;
        memory.put("somebody else's");
        let cleared = clipboard.clear(&secret, Copied::Native).await;
        assert_eq!(cleared, Cleared::SomethingElse);
        assert_eq!(memory.text().as_deref(), Some("somebody else's"));
        clipboard.copy(secret.expose(), true).await;
        let cleared = clipboard.clear(&secret, Copied::Native).await;
        assert_eq!(cleared, Cleared::Gone);
        assert_eq!(memory.text(), None);
        let shown = format!("{clipboard:?} {memory:?}");
        assert!(!shown.contains("geheim"), "{shown}");
    }
}
