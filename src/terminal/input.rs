//! Everything that comes in from outside: keys, pasted text, sizes, focus, signals, the hang-up.
//!
//! The terminal is read by a thread of its own, not by crossterm's `EventStream`: when a terminal
//! disappears without SIGHUP, crossterm reads its end for ever and never returns. In a stream that
//! would be the task that draws and quits; here it is a thread that nobody waits for.

use std::fmt;
use std::io;
use std::task::Poll;
use std::thread;

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use futures_util::Stream;
use futures_util::stream::poll_fn;
#[cfg(target_os = "linux")]
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::mpsc::{Sender, channel, unbounded_channel};

use super::{signals, watchdog};
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
    spawn("keys", sender, read_terminal)?;
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

/// Reads events until the terminal or the listener is gone.
fn read_terminal(sender: &Sender<Input>) {
    loop {
        let input = match event::read() {
            Ok(event) => translate(event, cfg!(windows)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => None,
            Err(_) => Some(Input::Terminate),
        };
        let Some(input) = input else { continue };
        let last = input == Input::Terminate;
        if last {
            watchdog::start();
        }
        if sender.blocking_send(input).is_err() || last {
            return;
        }
    }
}

/// Crossterm's event in our words, if it is one that matters.
fn translate(event: Event, windows: bool) -> Option<Input> {
    Some(match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => return None,
        Event::Key(mut key) => {
            // A Windows console reports AltGr as Ctrl+Alt: with it people type @ and {, so what
            // comes with a character is text.
            let alt_gr = KeyModifiers::CONTROL | KeyModifiers::ALT;
            if windows && matches!(key.code, KeyCode::Char(_)) && key.modifiers.contains(alt_gr) {
                key.modifiers.remove(alt_gr);
            }
            Input::Key(key)
        }
        Event::Paste(text) => Input::Paste(Secret::new(text)),
        Event::Resize(columns, rows) => Input::Resize(columns, rows),
        Event::FocusLost => Input::FocusLost,
        Event::FocusGained => Input::FocusGained,
        Event::Mouse(_) => return None,
    })
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

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn alt_gr_is_text_on_windows_only() {
        let both = KeyModifiers::CONTROL | KeyModifiers::ALT;
        let at = || key(KeyCode::Char('@'), both);
        let plain = KeyEvent::new(KeyCode::Char('@'), KeyModifiers::NONE);
        assert_eq!(translate(at(), true), Some(Input::Key(plain)));
        let Some(Input::Key(elsewhere)) = translate(at(), false) else {
            panic!("a key");
        };
        assert_eq!(elsewhere.modifiers, both);
    }

    #[test]
    fn releases_are_dropped_and_repeats_are_kept() {
        let with = |kind| {
            let mut key = KeyEvent::from(KeyCode::Down);
            key.kind = kind;
            translate(Event::Key(key), true)
        };
        assert_eq!(with(KeyEventKind::Release), None);
        assert!(with(KeyEventKind::Press).is_some());
        assert!(with(KeyEventKind::Repeat).is_some());
    }

    #[test]
    fn debug_tells_neither_keys_nor_pasted_text() {
        let typed = translate(key(KeyCode::Char('ß'), KeyModifiers::NONE), false);
        let pasted = translate(Event::Paste("geheim".to_owned()), false);
        let shown = format!("{typed:?} {pasted:?}");
        assert!(!shown.contains('ß') && !shown.contains("geheim"), "{shown}");
    }
}
