//! Reads the bytes of the terminal on standard input, and wakes the decoder when its time has come.

use std::io;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc::Sender;
use zeroize::Zeroizing;

use super::{Decoder, Input};
use crate::environment::Environment;
use crate::terminal::watchdog;

/// Nobody types so much at once; a paste comes in several pieces.
const PIECE: usize = 1024;
/// Whoever presses Esc waits no longer than this.
const LONGEST_DELAY: Duration = Duration::from_secs(1);

/// Reads until the terminal or the listener is gone.
pub(super) fn read_terminal(sender: &Sender<Input>) {
    let start = Instant::now();
    let mut decoder = Decoder::default();
    if let Some(delay) = escape_delay(&Environment::of_process()) {
        decoder = decoder.with_escape_delay(delay);
    }
    // Passwords pass through here.
    let mut piece = Zeroizing::new([0; PIECE]);
    loop {
        let deadline = decoder.deadline();
        let inputs = match read(&mut *piece, deadline, start) {
            Ok(Some(0)) | Err(_) => {
                watchdog::start();
                let _ = sender.blocking_send(Input::Terminate);
                return;
            }
            Ok(Some(read)) => decoder.take(&piece[..read], start.elapsed()),
            Ok(None) => decoder.pass(start.elapsed()),
        };
        for input in inputs {
            if sender.blocking_send(input).is_err() {
                return;
            }
        }
    }
}

/// What the user's `ESCDELAY` says, which other terminal programs read too (ncurses): milliseconds, at
/// most the second that a sequence may take.
fn escape_delay(environment: &Environment) -> Option<Duration> {
    let delay = environment.text("ESCDELAY")?.trim().parse().ok()?;
    Some(Duration::from_millis(delay).min(LONGEST_DELAY))
}

/// How many bytes have come; nothing by then: `None`.
///
/// It is asked first whether there are any: in the background the question alone does no harm, but
/// whoever reads there is stopped.
fn read(piece: &mut [u8], by: Option<Duration>, start: Instant) -> io::Result<Option<usize>> {
    let stdin = rustix::stdio::stdin();
    loop {
        let left = by.map(|by| by.saturating_sub(start.elapsed()));
        let left = left.map(|left| Timespec {
            tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: left.subsec_nanos().into(),
        });
        let read = match poll(&mut [PollFd::new(&stdin, PollFlags::IN)], left.as_ref()) {
            Ok(0) => return Ok(None),
            Ok(_) => rustix::io::read(stdin, &mut *piece),
            Err(error) => Err(error),
        };
        match read {
            Ok(read) => return Ok(Some(read)),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}
