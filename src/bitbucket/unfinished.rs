//! What goes on although nobody waits for it: whoever ends the program may wait for its end.

use std::sync::Arc;

use tokio::sync::{oneshot, watch};

use super::error::{Error, ErrorKind};

/// Sign-ins and sign-outs that go on although nobody waits for them.
#[derive(Debug, Clone, Default)]
pub struct Unfinished(Arc<watch::Sender<()>>);

impl Unfinished {
    /// Whether there is one.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.0.receiver_count() > 0
    }

    /// Returns when there is none any more.
    pub async fn end(&self) {
        self.0.closed().await;
    }

    /// One more, until what comes back is dropped.
    pub(super) fn begin(&self) -> watch::Receiver<()> {
        self.0.subscribe()
    }

    /// Brings something to its end, also where nobody waits for it any more.
    pub(super) async fn to_its_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let (sender, receiver) = oneshot::channel();
        let unfinished = self.begin();
        tokio::spawn(async move {
            // Where nobody waits, a session is dropped here, and so signed out.
            drop(sender.send(work.await));
            drop(unfinished);
        });
        receiver
            .await
            .unwrap_or_else(|_| Err(ErrorKind::ConnectionLost.into()))
    }
}
