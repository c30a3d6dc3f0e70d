//! The clipboard: the system's own where there is one, otherwise the terminal's, and honest words
//! about which.

use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::secret::Secret;

/// Where a text went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// On the clipboard of this computer.
    Native,
    /// To the terminal, with the request to put it on its clipboard. Nothing acknowledges that.
    SentToTerminal,
}

impl Copied {
    /// How sure we are, in words that follow "The token is …".
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Native => "on your clipboard",
            Self::SentToTerminal => "sent to your terminal's clipboard",
        }
    }
}

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// There is nothing to copy with.
    #[error("Not copied: this computer offers no clipboard here.")]
    NoClipboard,
    /// The terminal took nothing.
    #[error("Not copied: the terminal could not be written to ({0}).")]
    Terminal(#[from] io::Error),
}

impl CopyError {
    /// What the user can do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NoClipboard => "Show it and select it with the mouse.",
            Self::Terminal(_) => "Try again, or show it and select it with the mouse.",
        }
    }
}

/// The clipboard. There is one for the whole run: on X11 and Wayland what is on the clipboard
/// belongs to the program that put it there, and is gone when that program lets go of it.
pub struct Clipboard(Kind);

enum Kind {
    System(System),
    Memory(MemoryHandle),
    Unavailable,
}

impl Clipboard {
    /// The clipboard of this computer or of the terminal. Nothing is opened before the first copy.
    #[must_use]
    pub fn system() -> Self {
        Self(Kind::System(System {
            order: order(&Surroundings::look()),
            native: None,
        }))
    }

    /// A clipboard in memory, and the handle with which a test reads it.
    #[must_use]
    pub fn memory() -> (Self, MemoryHandle) {
        let handle = MemoryHandle::default();
        (Self(Kind::Memory(handle.clone())), handle)
    }

    /// No clipboard at all, for tests.
    #[must_use]
    pub fn unavailable() -> Self {
        Self(Kind::Unavailable)
    }

    /// Copies `text`; a `secret` one stays out of clipboard histories where the platform has a way.
    ///
    /// It takes some milliseconds, the first time more: a display has to be asked. Not to be called
    /// while drawing.
    ///
    /// # Errors
    ///
    /// If there is neither a clipboard nor a terminal that could have one.
    pub fn copy(&mut self, text: &str, secret: bool) -> Result<Copied, CopyError> {
        match &mut self.0 {
            Kind::System(system) => system.copy(text, secret),
            Kind::Memory(memory) => {
                memory.put(text);
                Ok(Copied::Native)
            }
            Kind::Unavailable => Err(CopyError::NoClipboard),
        }
    }
}

impl fmt::Debug for Clipboard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clipboard(…)")
    }
}

/// Reads what a clipboard in memory holds.
#[derive(Clone, Default)]
pub struct MemoryHandle(Arc<Mutex<Option<Secret>>>);

impl MemoryHandle {
    /// The text that was copied last.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map(|secret| secret.expose().to_owned())
    }

    fn put(&self, text: &str) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *held = Some(Secret::new(text.to_owned()));
    }
}

impl fmt::Debug for MemoryHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryHandle(…)")
    }
}

/// A way to a clipboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Native,
    Terminal,
}

/// What decides which way is worth trying.
#[derive(Debug, Clone, Copy)]
struct Surroundings {
    /// A clipboard of this computer may exist.
    display: bool,
    /// The user sits at another computer.
    remote: bool,
    /// Standard output is a terminal that may have a clipboard.
    terminal: bool,
}

impl Surroundings {
    fn look() -> Self {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        // The console of Linux and terminals that call themselves dumb have none for certain.
        let plain = std::env::var("TERM").is_ok_and(|term| term == "linux" || term == "dumb");
        Self {
            display: !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY"),
            remote: set("SSH_CONNECTION") || set("SSH_TTY"),
            terminal: io::stdout().is_terminal() && !plain,
        }
    }
}

/// The ways worth trying, the best first. Over SSH a clipboard of this computer would be far from
/// the user, so the terminal comes first.
fn order(surroundings: &Surroundings) -> Vec<Way> {
    let native = surroundings.display.then_some(Way::Native);
    let terminal = surroundings.terminal.then_some(Way::Terminal);
    let ways = if surroundings.remote {
        [terminal, native]
    } else {
        [native, terminal]
    };
    ways.into_iter().flatten().collect()
}

struct System {
    order: Vec<Way>,
    native: Option<arboard::Clipboard>,
}

impl System {
    fn copy(&mut self, text: &str, secret: bool) -> Result<Copied, CopyError> {
        let mut failure = CopyError::NoClipboard;
        for way in self.order.clone() {
            match way {
                Way::Native if self.copy_natively(text, secret) => return Ok(Copied::Native),
                // arboard's reasons are about X11 even where there is none: they would mislead.
                Way::Native => {}
                Way::Terminal => match send_to_terminal(text) {
                    Ok(()) => return Ok(Copied::SentToTerminal),
                    Err(error) => failure = error.into(),
                },
            }
        }
        Err(failure)
    }

    /// All that is ever asked of arboard; says whether it worked.
    fn copy_natively(&mut self, text: &str, secret: bool) -> bool {
        #[cfg(target_os = "macos")]
        use arboard::SetExtApple as _;
        #[cfg(all(unix, not(target_os = "macos")))]
        use arboard::SetExtLinux as _;
        #[cfg(windows)]
        use arboard::SetExtWindows as _;

        if self.native.is_none() {
            self.native = arboard::Clipboard::new().ok();
        }
        let Some(native) = &mut self.native else {
            return false;
        };
        let mut set = native.set();
        if secret {
            set = set.exclude_from_history();
        }
        let copied = set.text(text).is_ok();
        if !copied {
            // The display may have gone; the next copy opens it anew.
            self.native = None;
        }
        copied
    }
}

/// OSC 52: the terminal is asked to put the text on its clipboard, also through SSH.
fn send_to_terminal(text: &str) -> io::Result<()> {
    let request = osc52(text);
    let mut out = io::stdout().lock();
    out.write_all(request.as_bytes())?;
    out.flush()
}

/// The request itself. Made here rather than by crossterm, which would leave the encoded text in
/// freed memory.
fn osc52(text: &str) -> Zeroizing<String> {
    const START: &str = "\x1b]52;c;";
    const END: &str = "\x1b\\";
    // Room for everything, so that nothing is moved and left behind.
    let encoded = text.len().div_ceil(3) * 4;
    let mut request = Zeroizing::new(String::with_capacity(START.len() + encoded + END.len()));
    request.push_str(START);
    STANDARD.encode_string(text, &mut request);
    request.push_str(END);
    request
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_the_user_comes_first() {
        let ways = |display, remote, terminal| {
            order(&Surroundings {
                display,
                remote,
                terminal,
            })
        };
        assert_eq!(ways(true, false, true), [Way::Native, Way::Terminal]);
        assert_eq!(ways(true, true, true), [Way::Terminal, Way::Native]);
        assert_eq!(ways(false, false, true), [Way::Terminal]);
        assert_eq!(ways(true, true, false), [Way::Native]);
        assert!(ways(false, true, false).is_empty());
    }

    #[test]
    fn without_a_way_the_failure_says_what_to_do() {
        let mut nowhere = Clipboard(Kind::System(System {
            order: Vec::new(),
            native: None,
        }));
        for clipboard in [&mut nowhere, &mut Clipboard::unavailable()] {
            let Err(error) = clipboard.copy("geheim", true) else {
                panic!("copied into nothing");
            };
            assert!(matches!(error, CopyError::NoClipboard));
            assert!(!error.advice().is_empty());
        }
    }

    #[test]
    fn a_test_reads_what_was_copied_and_debug_does_not_tell() {
        let (mut clipboard, memory) = Clipboard::memory();
        assert_eq!(memory.text(), None);
        assert!(matches!(clipboard.copy("geheim", true), Ok(Copied::Native)));
        assert_eq!(memory.text().as_deref(), Some("geheim"));
        let shown = format!("{clipboard:?} {memory:?}");
        assert!(!shown.contains("geheim"), "{shown}");
    }

    #[test]
    fn osc_52_is_one_whole_request_that_never_grew() {
        assert_eq!(*osc52("hello"), "\x1b]52;c;aGVsbG8=\x1b\\");
        for length in 0..9 {
            let request = osc52(&"x".repeat(length));
            assert_eq!(request.len(), request.capacity());
        }
    }
}
