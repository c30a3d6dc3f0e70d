//! A session: the same password still works where Basic is switched off, as it does in the browser.
//!
//! Neither a status nor a cookie proves that one is open: visitors get cookies too, and whoever still
//! needs another step is led to it. The name on a REST answer does. What was opened is signed out again
//! at `{base}/j_atl_security_logout`, which is the link "Log out" of the web pages (as page objects use
//! it).

mod json_login;
mod old_form;
mod second_step;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{oneshot, watch};

pub use self::second_step::{Code, SecondStep};
use super::answer::Answer;
use super::client::Client;
use super::cookies::Cookies;
use super::entrance::LoginForm;
use super::error::{Error, ErrorKind};
use super::sign_in::{SignIn, SignedIn, Way};

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
    fn begin(&self) -> watch::Receiver<()> {
        self.0.subscribe()
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
    fn with_cookies(&self, cookies: Cookies) -> Self {
        self.with_session(Session {
            cookies,
            server: self.signed_out(),
            is_open: AtomicBool::new(false),
        })
    }

    /// Sends the password once, through this form; `None`: there is no such form here, and nobody has
    /// looked at the password.
    ///
    /// What has been sent is brought to its end although nobody may wait for it any more, since a session
    /// that is open then has to be signed out.
    pub(super) async fn log_in(
        &self,
        form: LoginForm,
        user: &str,
        password: &crate::secret::Secret,
    ) -> Result<Option<SignIn>, Error> {
        let client = self.with_cookies(Cookies::default());
        match form {
            LoginForm::Json => {
                let wish = json_login::wish(user, password);
                self.to_its_end(async move { client.json_login(&wish).await })
                    .await
            }
            LoginForm::Old => {
                let fields = old_form::fields(user, password);
                self.to_its_end(async move { client.old_form(&fields).await })
                    .await
            }
        }
    }

    async fn to_its_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        let (sender, receiver) = oneshot::channel();
        let unfinished = self.unfinished().begin();
        tokio::spawn(async move {
            // Where nobody waits, the session is dropped here, and so signed out.
            drop(sender.send(work.await));
            drop(unfinished);
        });
        receiver
            .await
            .unwrap_or_else(|_| Err(ErrorKind::ConnectionLost.into()))
    }

    /// Whether the cookies that came are somebody's session: the name on a REST answer tells. `answer`
    /// is what the login said.
    async fn prove(
        &self,
        form: LoginForm,
        answer: &Answer,
        led_to: Option<String>,
    ) -> Result<SignedIn, Error> {
        if let Some(session) = self.credentials().session() {
            session.is_open.store(true, Ordering::Relaxed);
        }
        let client = self.signing_in();
        match client.accepted_name().await {
            Ok(name) => Ok(client.accepted(&name, Way::Session(form)).await),
            Err(error) => {
                client.sign_out().await;
                Err(match error.kind {
                    ErrorKind::NotSignedIn => answer
                        .error(ErrorKind::Undescribed { location: led_to })
                        .because("no session was opened"),
                    _ => error,
                })
            }
        }
    }
}

impl Answer {
    /// The error for a login that was refused, where the status alone does not tell why.
    fn login_refused(&self) -> Error {
        let mut error = self.refused();
        error.kind = match error.kind {
            // What these mean for a login nobody has described.
            ErrorKind::NotSignedIn
            | ErrorKind::NotPermitted
            | ErrorKind::NotFound
            | ErrorKind::NoSuchPath
            | ErrorKind::PathMoved { .. }
            | ErrorKind::NotAcceptable
            | ErrorKind::Invalid
            | ErrorKind::Conflict
            | ErrorKind::NotJson
            | ErrorKind::Other => ErrorKind::Undescribed {
                location: self.location(),
            },
            kind => kind,
        };
        error
    }
}
