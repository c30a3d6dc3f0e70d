//! The modes of the terminal, and the one flag that says whether it is ours.
//!
//! The flag is process-wide because the terminal is: a panic on any thread must be able to give it
//! back, without reaching for the session.

use std::io::{self, Write};
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange,
};
use crossterm::queue;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};

use super::writer;

static OURS: AtomicBool = AtomicBool::new(false);

/// Puts a plain title on the window; the first part keeps the old one on the terminal's own stack.
/// Terminals without such a stack ignore that part, and their shells set the title anew anyway.
#[cfg(unix)]
const SET_TITLE: &[u8] = b"\x1b[22;0t\x1b]0;bbtoken\x1b\\";
#[cfg(unix)]
const RESTORE_TITLE: &[u8] = b"\x1b[23;0t";

/// Takes the terminal over.
pub(super) fn enter() -> io::Result<()> {
    enable_raw_mode()?;
    OURS.store(true, Ordering::SeqCst);
    let mut bytes = Vec::new();
    let entered = queue!(bytes, EnterAlternateScreen);
    if entered.is_err() {
        leave();
        return entered;
    }
    // Old Windows consoles know neither of these two, and do well without.
    let _ = queue!(bytes, EnableBracketedPaste);
    let _ = queue!(bytes, EnableFocusChange);
    #[cfg(unix)]
    bytes.extend_from_slice(SET_TITLE);
    writer::write(bytes);
    Ok(())
}

/// Gives the terminal back, once. Failures are passed over: there may be no terminal any more, and
/// each step is worth trying even if the one before it failed. A terminal that does not read is not
/// waited for.
pub(super) fn leave() {
    if !OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut bytes = Vec::new();
    let _ = queue!(bytes, EndSynchronizedUpdate);
    let _ = queue!(bytes, DisableFocusChange);
    let _ = queue!(bytes, DisableBracketedPaste);
    let _ = queue!(bytes, LeaveAlternateScreen, Show);
    #[cfg(unix)]
    bytes.extend_from_slice(RESTORE_TITLE);
    writer::write(bytes);
    let _ = disable_raw_mode();
}

/// Leaves the terminal to the shell that has taken it, without touching it.
pub(super) fn abandon() {
    OURS.store(false, Ordering::SeqCst);
}

/// Whether the terminal listens to us rather than to the shell that started us.
pub(super) fn in_foreground() -> bool {
    #[cfg(unix)]
    {
        // Without a controlling terminal there is no job control, and nobody else in front.
        rustix::termios::tcgetpgrp(rustix::stdio::stdin())
            .map_or(true, |group| group == rustix::process::getpgrp())
    }
    #[cfg(not(unix))]
    {
        true
    }
}

/// Whether the terminal is in our hands.
pub(super) fn are_ours() -> bool {
    OURS.load(Ordering::SeqCst)
}

/// Collects what is drawn, until a whole frame is there. Clones collect into the same frame.
///
/// A `BufWriter` writes when it is dropped. After a panic that would be half a frame in the middle
/// of the shell's screen.
#[derive(Debug, Clone, Default)]
pub struct Pen {
    pending: Arc<Mutex<Vec<u8>>>,
}

impl Pen {
    /// What has been collected.
    pub(super) fn take(&self) -> Vec<u8> {
        mem::take(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Pen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Does nothing: half a frame is not to be seen.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
