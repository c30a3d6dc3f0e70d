//! The one way to the terminal. A thread of its own writes, one thing after the other: a terminal that
//! stops reading (its window hangs, its connection is slow) holds that thread and nobody else.

use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use zeroize::Zeroizing;

/// How long the terminal is waited for where the program goes on without it.
pub(super) const PATIENCE: Duration = Duration::from_millis(300);

/// What is to be written, and who is told what became of it.
struct Piece {
    bytes: Zeroizing<Vec<u8>>,
    tell: Box<dyn FnOnce(io::Result<()>) + Send>,
}

/// Has something written; the answer comes when the terminal has taken it in.
pub(super) fn send(bytes: Zeroizing<Vec<u8>>) -> oneshot::Receiver<io::Result<()>> {
    let (sender, answer) = oneshot::channel();
    let tell = move |result| {
        // Whoever does not wait for it has been told otherwise that the terminal is gone.
        let _ = sender.send(result);
    };
    pass(bytes, Box::new(tell));
    answer
}

/// Has something written and waits for that, a little.
pub(super) fn write(bytes: Vec<u8>) {
    let (sender, answer) = channel();
    let tell = move |_| {
        let _ = sender.send(());
    };
    pass(Zeroizing::new(bytes), Box::new(tell));
    let _ = answer.recv_timeout(PATIENCE);
}

fn pass(bytes: Zeroizing<Vec<u8>>, tell: Box<dyn FnOnce(io::Result<()>) + Send>) {
    static WRITER: OnceLock<Sender<Piece>> = OnceLock::new();
    let writer = WRITER.get_or_init(|| {
        let (sender, pieces) = channel();
        // Without a thread nothing is written, and whoever waits for an answer is told so.
        let _ = thread::Builder::new()
            .name("terminal".to_owned())
            .spawn(move || serve(&pieces));
        sender
    });
    let _ = writer.send(Piece { bytes, tell });
}

fn serve(pieces: &Receiver<Piece>) {
    let mut out = output();
    for Piece { bytes, tell } in pieces {
        tell(out.write_all(&bytes).and_then(|()| out.flush()));
    }
}

/// Standard output, without its lock where that can be had: a write that hangs would keep it, and
/// whoever prints next would hang too.
fn output() -> Box<dyn Write> {
    #[cfg(unix)]
    if let Ok(terminal) = std::os::fd::AsFd::as_fd(&io::stdout()).try_clone_to_owned() {
        return Box::new(std::fs::File::from(terminal));
    }
    Box::new(io::stdout())
}
