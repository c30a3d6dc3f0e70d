//! The modes of the terminal, and the one flag that says whether it is ours.
//!
//! The flag is process-wide because the terminal is: a panic on any thread must be able to give it
//! back, without reaching for the session.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, EnableBracketedPaste, EnableFocusChange,
};
use crossterm::execute;
use crossterm::terminal::{
    EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode,
    enable_raw_mode,
};

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
    let mut out = io::stdout();
    let entered = execute!(out, EnterAlternateScreen);
    if entered.is_err() {
        leave();
        return entered;
    }
    // Old Windows consoles know neither of these two, and do well without.
    let _ = execute!(out, EnableBracketedPaste);
    let _ = execute!(out, EnableFocusChange);
    #[cfg(unix)]
    {
        let _ = out.write_all(SET_TITLE);
        let _ = out.flush();
    }
    Ok(())
}

/// Gives the terminal back, once. Failures are passed over: there may be no terminal any more, and
/// each step is worth trying even if the one before it failed.
pub(super) fn leave() {
    if !OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = io::stdout();
    let _ = execute!(out, EndSynchronizedUpdate);
    let _ = execute!(out, DisableFocusChange);
    let _ = execute!(out, DisableBracketedPaste);
    let _ = execute!(out, LeaveAlternateScreen, Show);
    #[cfg(unix)]
    {
        let _ = out.write_all(RESTORE_TITLE);
        let _ = out.flush();
    }
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

/// Collects what is drawn and writes it in one go, but only while the terminal is ours.
///
/// A `BufWriter` writes when it is dropped. After a panic that would be half a frame in the middle
/// of the shell's screen.
#[derive(Debug, Default)]
pub struct Pen {
    pending: Vec<u8>,
}

impl Write for Pen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let pending = std::mem::take(&mut self.pending);
        if !OURS.load(Ordering::SeqCst) {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        out.write_all(&pending)?;
        out.flush()
    }
}
