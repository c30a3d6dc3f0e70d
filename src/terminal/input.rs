//! Everything that comes in from outside: keys, pasted text, sizes, focus, signals, the hang-up.
//!
//! The terminal is read by a thread of its own that nobody waits for. On Unix it reads the bytes itself:
//! crossterm takes ESC for a key as soon as nothing follows it in the same piece, and what it does not
//! know for letters.

#[cfg(windows)]
mod console;
#[cfg(unix)]
mod decoder;
#[cfg(unix)]
mod reader;
#[cfg(unix)]
mod sequence;

use std::fmt;
use std::io;
use std::task::Poll;
use std::thread;

use crossterm::event::{KeyCode, KeyEvent};
use futures_util::Stream;
use futures_util::stream::poll_fn;
#[cfg(target_os = "linux")]
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::mpsc::{channel, unbounded_channel};

#[cfg(windows)]
use self::console as reader;
#[cfg(unix)]
pub use self::decoder::Decoder;
use super::signals;
#[cfg(target_os = "linux")]
use super::watchdog;
use crate::secret::Secret;

/// How many inputs may wait. Whoever types faster than the program works waits in the terminal.
const WAITING: usize = 256;

/// One thing that the program is told.
#[derive(PartialEq, Eq)]
pub enum Input {
    /// A key went down or repeats; never a release.
    Key(KeyEvent),
    /// Text pasted in one go. It may well be a password, so it is treated as one.
    Paste(Secret),
    /// The terminal has this many columns and rows now.
    Resize(u16, u16),
    /// Another window has the focus.
    FocusLost,
    /// The focus is back.
    FocusGained,
    /// Somebody else wants the process to stop, as Ctrl+Z would: call
    /// [`FullScreen::suspend`](super::FullScreen::suspend).
    Suspend,
    /// The process goes on after a stop that it may not have asked for: call
    /// [`FullScreen::resume`](super::FullScreen::resume).
    Resumed,
    /// The program has to end now: a signal, a terminal that is gone, a panic in a task.
    Terminate,
}

impl fmt::Debug for Input {
    /// Typed characters may belong to a password: none is printed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) if matches!(key.code, KeyCode::Char(_)) => f.write_str("Key(Char(…))"),
            Self::Key(key) => write!(f, "Key({:?}, {:?})", key.code, key.modifiers),
            Self::Paste(_) => f.write_str("Paste(…)"),
            Self::Resize(columns, rows) => write!(f, "Resize({columns}, {rows})"),
            Self::FocusLost => f.write_str("FocusLost"),
            Self::FocusGained => f.write_str("FocusGained"),
            Self::Suspend => f.write_str("Suspend"),
            Self::Resumed => f.write_str("Resumed"),
            Self::Terminate => f.write_str("Terminate"),
        }
    }
}

/// All inputs in one stream; signals do not queue behind keys. To be called once, right after
/// [`FullScreen::enter`](super::FullScreen::enter).
///
/// Dropping the stream stops the listening, but the thread that reads takes one more key with it. From
/// [`Input::Terminate`] on the process has five seconds: then it ends, in order or not.
///
/// # Errors
///
/// If the system refuses a thread or the handler of a signal.
pub fn inputs() -> io::Result<impl Stream<Item = Input> + Send + Unpin + 'static> {
    let (sender, mut signals) = unbounded_channel();
    #[cfg(target_os = "linux")]
    spawn("hang-up", sender.clone(), watch_for_hang_up)?;
    signals::listen(sender)?;
    let (sender, mut keys) = channel(WAITING);
    spawn("keys", sender, reader::read_terminal)?;
    Ok(poll_fn(move |context| match signals.poll_recv(context) {
        Poll::Ready(Some(input)) => Poll::Ready(Some(input)),
        Poll::Ready(None) | Poll::Pending => keys.poll_recv(context),
    }))
}

fn spawn<S: Send + 'static>(name: &str, sender: S, work: fn(&S)) -> io::Result<()> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || work(&sender))
        .map(drop)
}

/// Sleeps until the other end of the terminal is closed. A terminal that goes without SIGHUP (after
/// `nohup`, in a session of its own) would otherwise leave a process that spins for ever.
///
/// On Linux only: elsewhere `poll` on a terminal is not dependable, and a false alarm would end the
/// program under somebody's hands.
#[cfg(target_os = "linux")]
fn watch_for_hang_up(sender: &UnboundedSender<Input>) {
    use rustix::event::{PollFd, PollFlags, poll};

    let stdin = rustix::stdio::stdin();
    // Nothing is asked for, so only what is always reported wakes us: hang-up and error.
    let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
    loop {
        match poll(&mut watched, None) {
            Err(rustix::io::Errno::INTR) => {}
            Ok(_) if watched[0].revents().contains(PollFlags::HUP) => {
                watchdog::start();
                // Nobody listens any more: then the program is ending already.
                let _ = sender.send(Input::Terminate);
                return;
            }
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_neither_keys_nor_pasted_text() {
        let typed = Input::Key(KeyCode::Char('ß').into());
        let pasted = Input::Paste(Secret::new("geheim".to_owned()));
        let shown = format!("{typed:?} {pasted:?}");
        assert!(!shown.contains('ß') && !shown.contains("geheim"), "{shown}");
    }
}
