//! Ctrl+C, `kill` and a closed window: a command hears of them and ends in order, or without it where that
//! takes too long.

use std::io;

use crate::terminal::watchdog;

/// Listens from its making on. From then on nothing of this ends the process by itself.
pub(super) struct Interrupt {
    #[cfg(unix)]
    signals: [tokio::signal::unix::Signal; 3],
    #[cfg(windows)]
    ctrl_c: tokio::signal::windows::CtrlC,
}

#[cfg(unix)]
impl Interrupt {
    pub(super) fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            signals: [
                signal(SignalKind::interrupt())?,
                signal(SignalKind::terminate())?,
                signal(SignalKind::hangup())?,
            ],
        })
    }

    /// Comes back when the process is told to end. What was not waited for is not lost.
    pub(super) async fn told(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.signals;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
        watchdog::start();
    }
}

#[cfg(windows)]
impl Interrupt {
    pub(super) fn listen() -> io::Result<Self> {
        let ctrl_c = tokio::signal::windows::ctrl_c()?;
        Ok(Self { ctrl_c })
    }

    /// Comes back when the process is told to end. What was not waited for is not lost.
    pub(super) async fn told(&mut self) {
        self.ctrl_c.recv().await;
        watchdog::start();
    }
}
