//! A panic: the terminal is given back first, then a few words say what happened.
//!
//! The panic's own text is not shown, since it may hold data (an `unwrap` prints the value that it
//! failed on): the place in the source is what a report needs.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Once};
use std::thread;
use std::time::Duration;

use tokio::sync::Notify;

use super::{modes, watchdog};

/// How long the terminal is waited for: the words come before the end, unless it does not read.
const PATIENCE: Duration = Duration::from_secs(1);

static CRASHED: AtomicBool = AtomicBool::new(false);
/// A panic in a task or thread does not end the process by itself; this makes the program leave.
static NOTICE: Notify = Notify::const_new();

/// Whether something has panicked. The program then ends with a failure, even if it ended in order.
#[must_use]
pub fn crashed() -> bool {
    CRASHED.load(Ordering::SeqCst)
}

/// Waits for a panic anywhere in the process.
pub(super) async fn notice() {
    NOTICE.notified().await;
}

/// Installs the hook; once is enough.
pub(super) fn catch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        panic::set_hook(Box::new(|info| {
            CRASHED.store(true, Ordering::SeqCst);
            watchdog::start();
            modes::leave();
            let mut words = Vec::new();
            // A panic in here would abort.
            let _ = report(&mut words, info);
            say(words);
            NOTICE.notify_one();
        }));
    });
}

/// Writes to standard error. If that is a terminal that does not read, it holds a thread and nobody else.
fn say(words: Vec<u8>) {
    // It may be closed.
    let write = |words: &[u8]| drop(io::stderr().write_all(words));
    let words = Arc::new(words);
    let (sender, said) = channel();
    let spawned = thread::Builder::new().spawn({
        let words = Arc::clone(&words);
        move || {
            write(&words);
            // Whoever waited has gone on.
            let _ = sender.send(());
        }
    });
    if spawned.is_ok() {
        let _ = said.recv_timeout(PATIENCE);
    } else {
        write(&words);
    }
}

fn report(out: &mut impl Write, info: &PanicHookInfo<'_>) -> io::Result<()> {
    writeln!(
        out,
        "bbtoken crashed. This is a bug in bbtoken, not your mistake.\n\
         No password and no token is in this message, so you may pass it on:\n"
    )?;
    if let Some(place) = info.location() {
        writeln!(out, "  at       {place}")?;
    }
    writeln!(
        out,
        "  version  {} on {} {}\n\n\
         If a token was just being created, look for it in the list of tokens and revoke it.\n\
         Please report this: {}/issues",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        env!("CARGO_PKG_REPOSITORY"),
    )?;
    // Names of functions and lines only; taken only if RUST_BACKTRACE asks for it.
    let backtrace = Backtrace::capture();
    if backtrace.status() == BacktraceStatus::Captured {
        writeln!(out, "\n{backtrace}")?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::sync::{Arc, Mutex};
    use std::thread;

    use super::*;

    #[test]
    fn the_place_is_told_and_the_panics_own_text_is_not() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let (writer, ours) = (Arc::clone(&told), thread::current().id());
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            // Other tests panic in other threads.
            if thread::current().id() == ours {
                report(&mut *writer.lock().unwrap(), info).unwrap();
            }
        }));
        let caught = panic::catch_unwind(|| panic!("geheim"));
        panic::set_hook(before);
        assert!(caught.is_err());
        let told = String::from_utf8(told.lock().unwrap().clone()).unwrap();
        assert!(told.contains(file!()), "{told}");
        assert!(!told.contains("geheim"), "{told}");
    }
}
