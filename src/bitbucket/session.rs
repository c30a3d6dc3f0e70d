//! A session: the same password still works where Basic is switched off, as it does in the browser.
//!
//! Neither a status nor a cookie proves that one is open: visitors get cookies too, and whoever still
//! needs another step is led to it. The name on a REST answer does. What was opened is signed out again
//! at `{base}/j_atl_security_logout`, which is the link "Log out" of the web pages (as page objects use
//! it).

use std::sync::atomic::{AtomicBool, Ordering};

use super::client::Client;
use super::cookies::Cookies;

/// A session at the server. When nobody holds it any more, it is signed out.
pub(super) struct Session {
    cookies: Cookies,
    /// The server, without credentials.
    server: Client,
    /// Somebody may be signed in by it.
    is_open: AtomicBool,
}

impl Session {
    pub(super) fn cookies(&self) -> &Cookies {
        &self.cookies
    }

    /// Somebody may be signed in by it from now on.
    pub(super) fn set_open(&self) {
        self.is_open.store(true, Ordering::Relaxed);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if !self.is_open.load(Ordering::Relaxed) {
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let client = self.server.with_cookies(self.cookies.take());
        let unfinished = self.server.unfinished().begin();
        runtime.spawn(async move {
            client.log_out().await;
            drop(unfinished);
        });
    }
}

impl Client {
    /// Ends the session that this client carries, if it carries one. Whether that worked is nobody's
    /// concern: a session that stays ends by itself after a while.
    pub async fn sign_out(&self) {
        if let Some(session) = self.credentials().session()
            && session.is_open.swap(false, Ordering::Relaxed)
        {
            self.log_out().await;
            drop(session.cookies.take());
        }
    }

    async fn log_out(&self) {
        if let Err(error) = self.look("sign out", &["j_atl_security_logout"]).await {
            tracing::debug!(%error, "the session could not be signed out");
        }
    }

    /// The same connections with cookies of their own.
    pub(super) fn with_cookies(&self, cookies: Cookies) -> Self {
        self.with_session(Session {
            cookies,
            server: self.signed_out(),
            is_open: AtomicBool::new(false),
        })
    }
}
