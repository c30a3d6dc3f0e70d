//! Ctrl+C, `kill` and a closed window: a command hears of them and ends in order, or without it where that
//! takes too long.

use std::io;
use std::time::Duration;

use super::exit::{Exit, Failure};
use crate::terminal::watchdog;

/// Whoever has told the process to end waits no longer than this.
pub(super) const FAREWELL: Duration = Duration::from_secs(4);

/// What a change came to while the process could be told to end.
pub(super) struct Finished<T> {
    /// `None`: nobody knows, it was not done in time.
    pub(super) outcome: Option<T>,
    /// The process was told to end meanwhile.
    pub(super) is_stopped: bool,
}

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

/// Somebody has stopped it before anything was done.
pub(super) fn stopped(nothing: &str) -> Failure {
    let what = format!("Stopped. {nothing}");
    Failure::new(Exit::Failed, what.trim_end())
}

impl Interrupt {
    /// What something comes to, unless the process is told to end before: then that is said, with what
    /// was not done.
    pub(super) async fn until_told<T>(
        &mut self,
        wait: impl Future<Output = Result<T, Failure>>,
        nothing: &str,
    ) -> Result<T, Failure> {
        tokio::select! {
            result = wait => result,
            () = self.told() => Err(stopped(nothing)),
        }
    }

    /// Brings something that must not be dropped to its end; whoever tells the process to end waits a
    /// little for it.
    pub(super) async fn finish<T>(&mut self, change: impl Future<Output = T>) -> Finished<T> {
        let mut change = std::pin::pin!(change);
        tokio::select! {
            outcome = &mut change => Finished {
                outcome: Some(outcome),
                is_stopped: false,
            },
            () = self.told() => Finished {
                outcome: tokio::time::timeout(FAREWELL, change).await.ok(),
                is_stopped: true,
            },
        }
    }
}
