//! Answers that wait until a test lets them go, in whichever order it likes.

use tokio::sync::{oneshot, watch};

use super::Reply;

/// When a request is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// When it has arrived: nothing has been done yet.
    BeforeWork,
    /// When its work is done: only the answer is missing.
    AfterWork,
}

/// One request that is held, or will be. Dropping this lets it go.
#[derive(Debug)]
pub struct Held {
    is_held: watch::Receiver<bool>,
    release: oneshot::Sender<Release>,
}

/// What becomes of a request that was held.
#[derive(Debug)]
pub(in crate::simulator) enum Release {
    /// The right answer.
    Answer,
    /// Another one; work that is not done stays undone.
    Instead(Reply),
    /// None: the connection is cut.
    Cut,
}

impl Held {
    /// Waits until the request is being held. Comes back too when whoever asked has gone.
    pub async fn reached(&mut self) {
        // An error says that the server's end is gone.
        let _ = self.is_held.wait_for(|is_held| *is_held).await;
    }

    /// Waits until whoever asked has gone, without waiting for the answer.
    pub async fn abandoned(&mut self) {
        self.release.closed().await;
    }

    /// Whether the request is being held by now.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        *self.is_held.borrow()
    }

    /// Lets it go, to its right answer.
    pub fn release(self) {
        self.send(Release::Answer);
    }

    /// Answers this instead. What was held before its work stays undone.
    pub fn answer(self, reply: Reply) {
        self.send(Release::Instead(reply));
    }

    /// Cuts the connection.
    pub fn cut(self) {
        self.send(Release::Cut);
    }

    fn send(self, release: Release) {
        // Whoever asked may have gone.
        let _ = self.release.send(release);
    }
}

/// The server's end.
#[derive(Debug)]
pub(in crate::simulator) struct Gate {
    pub(in crate::simulator) stage: Stage,
    is_held: watch::Sender<bool>,
    release: oneshot::Receiver<Release>,
}

impl Gate {
    pub(super) fn new(stage: Stage) -> (Self, Held) {
        let (is_held, told) = watch::channel(false);
        let (sender, release) = oneshot::channel();
        let gate = Self {
            stage,
            is_held,
            release,
        };
        let held = Held {
            is_held: told,
            release: sender,
        };
        (gate, held)
    }

    /// Holds until it is told what to do.
    pub(in crate::simulator) async fn hold(self) -> Release {
        self.is_held.send_replace(true);
        self.release.await.unwrap_or(Release::Answer)
    }
}
