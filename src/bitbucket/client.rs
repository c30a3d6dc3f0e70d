//! The connection to one Bitbucket, and who speaks on it.

mod exchange;

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Certificate, redirect};

use super::answer::Stage;
use super::credentials::Credentials;
use super::entrance::Entrance;
use super::error::Error;
use super::grant::Grant;
use super::identity::{self, Asked};
use super::network;
use super::patience;
use super::proxy::Proxy;
use super::session::Session;
use super::settings::Settings;
use super::trust::{self, Presented};
use super::unfinished::Unfinished;
use crate::address::BaseUrl;
use crate::secret::Secret;

/// How long an idle connection is used again. Below the 20 seconds after which Tomcat closes it: a
/// request that meets the closing would fail, and for a write nobody would know its outcome.
const IDLE: Duration = Duration::from_secs(15);

/// A client of one Bitbucket, anonymous or signed in. Clones share their connections.
///
/// No call is ever sent twice by it, and no redirect is followed but those of reads from one REST path
/// of the server to another.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    base: BaseUrl,
    stage: Stage,
    credentials: Arc<Credentials>,
    /// How long a question waits for the pauses that the server wants.
    patience: Duration,
    way: Arc<TheWay>,
}

/// How the server is reached.
struct TheWay {
    settings: Settings,
    proxy: Option<Proxy>,
    presented: Presented,
    /// Whether the server wants a certificate of ours.
    asked: Asked,
    /// Somebody has answered over HTTP.
    is_answered: AtomicBool,
    /// How the server lets people in, once that has been looked at.
    entrance: OnceLock<Entrance>,
    /// Its answers do not name whoever is signed in: something on the way takes that away.
    is_unnamed: AtomicBool,
}

impl Client {
    /// A client that has not signed in, with the default time-outs.
    ///
    /// For `https` this reads the system's certificates and takes 8 to 64 ms: call it off the task
    /// that draws.
    ///
    /// # Errors
    ///
    /// `ErrorKind::Certificate` where the system's certificates cannot be read, or there are none.
    pub fn anonymous(base: BaseUrl) -> Result<Self, Error> {
        Self::open(base, &Settings::default())
    }

    /// The same as [`Client::anonymous`], with other settings.
    ///
    /// # Errors
    ///
    /// Those of [`Client::anonymous`]; `ErrorKind::AuthorityFile`; `ErrorKind::Proxy` for a kind
    /// of proxy that cannot be used; `ErrorKind::ProxyVariable`; `ErrorKind::ClientCertificateFile`.
    pub fn open(base: BaseUrl, settings: &Settings) -> Result<Self, Error> {
        let timeouts = settings.timeouts;
        // Fails where somebody has installed one before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("bbtoken/", env!("CARGO_PKG_VERSION")))
            // A redirect from a REST path leads to a sign-in page, and credentials stay here.
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(timeouts.connect)
            .read_timeout(timeouts.read)
            .timeout(timeouts.total)
            .pool_idle_timeout(IDLE);
        let presented = Presented::default();
        let asked = Asked::default();
        let proxy = settings.proxies.for_server(&base)?;
        builder = match &proxy {
            Some(proxy) => builder.proxy(proxy.connector()?),
            None => builder.no_proxy(),
        };
        builder = if base.is_encrypted() || proxy.as_ref().is_some_and(Proxy::is_encrypted) {
            let ca_file = settings.ca_file.as_deref();
            let own = settings.client_certificate.as_ref();
            let configuration = trust::configuration(ca_file, own, &presented, &asked)?;
            builder.tls_backend_preconfigured(configuration)
        } else {
            // Nothing to verify, so no reason to read the system's certificates, or to need any.
            builder.tls_certs_only(std::iter::empty::<Certificate>())
        };
        let http = builder.build().map_err(|error| {
            let (kind, cause) = network::classify(&error);
            Error::from(kind).because(cause)
        })?;
        Ok(Self(Arc::new(Inner {
            http,
            base,
            stage: Stage::Anonymous,
            credentials: Arc::new(Credentials::None),
            patience: patience::LONGEST,
            way: Arc::new(TheWay {
                settings: settings.clone(),
                proxy,
                presented,
                asked,
                is_answered: AtomicBool::new(false),
                entrance: OnceLock::new(),
                is_unnamed: AtomicBool::new(false),
            }),
        })))
    }

    /// A client that has not signed in for another address of the same server.
    pub(super) async fn reopened(&self, base: BaseUrl) -> Result<Self, Error> {
        let settings = self.0.way.settings.clone();
        let opened = tokio::task::spawn_blocking(move || Self::open(base, &settings)).await;
        opened.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }

    /// A client that has not signed in, with connections of its own: for work on another thread.
    ///
    /// # Errors
    ///
    /// Those of [`Client::open`].
    pub async fn apart(&self) -> Result<Self, Error> {
        self.reopened(self.0.base.clone()).await
    }

    /// The proxy on the way.
    pub(super) fn proxy(&self) -> Option<&Proxy> {
        self.0.way.proxy.as_ref()
    }

    /// The certificates that the server presented, its own first.
    pub(super) fn certificates(&self) -> Vec<super::certificate::Certificate> {
        self.0.way.presented.read()
    }

    /// The certificate that is shown to servers that ask for one, where one is configured.
    #[must_use]
    pub fn client_certificate(&self) -> Option<super::Certificate> {
        let files = self.0.way.settings.client_certificate.as_ref()?;
        identity::described(files).ok().flatten()
    }

    /// The address of the server.
    #[must_use]
    pub fn base(&self) -> &BaseUrl {
        &self.0.base
    }

    /// The same connections without credentials.
    #[must_use]
    pub fn signed_out(&self) -> Self {
        self.staged(Stage::Anonymous, Arc::new(Credentials::None))
    }

    /// The same connections with a password, which the server has not accepted yet.
    ///
    /// # Errors
    ///
    /// Those of [`Credentials::password`].
    pub(super) fn with_password(&self, user: &str, password: &Secret) -> Result<Self, Error> {
        let credentials = Credentials::password(user, password)?;
        Ok(self.staged(Stage::SigningIn, Arc::new(credentials)))
    }

    /// The same connections with an HTTP access token, and with nothing else: no session travels
    /// beside it.
    ///
    /// # Errors
    ///
    /// Those of [`Credentials::token`].
    pub(super) fn with_token(&self, token: &Secret) -> Result<Self, Error> {
        let credentials = Credentials::token(token)?;
        Ok(self.staged(Stage::SigningIn, Arc::new(credentials)))
    }

    /// The same connections with a session, which is nobody's yet.
    pub(super) fn with_session(&self, session: Session) -> Self {
        self.staged(Stage::Anonymous, Arc::new(Credentials::Session(session)))
    }

    /// The same client, which now sends its credentials for the first time.
    pub(super) fn signing_in(&self) -> Self {
        self.staged(Stage::SigningIn, Arc::clone(&self.0.credentials))
    }

    pub(super) fn entrance(&self) -> Option<&Entrance> {
        self.0.way.entrance.get()
    }

    /// Keeps what was found, for the sign-in.
    pub(super) fn remember_entrance(&self, entrance: Entrance) {
        // Looked at once more, it is the same.
        let _ = self.0.way.entrance.set(entrance);
    }

    /// Whether answers name nobody, as far as is known.
    pub(super) fn is_unnamed(&self) -> bool {
        self.0.way.is_unnamed.load(Ordering::Relaxed)
    }

    /// Notes whether they do.
    pub(super) fn set_unnamed(&self, is_unnamed: bool) {
        self.0.way.is_unnamed.store(is_unnamed, Ordering::Relaxed);
    }

    pub(super) fn unfinished(&self) -> &Unfinished {
        &self.0.way.settings.unfinished
    }

    /// The same connections with what somebody has granted in the browser.
    pub(super) fn with_grant(&self, grant: Grant) -> Self {
        self.staged(
            Stage::SigningIn,
            Arc::new(Credentials::Grant(Arc::new(grant))),
        )
    }

    /// The same client, now that the server has accepted its credentials.
    pub(super) fn signed_in(&self) -> Self {
        self.staged(Stage::SignedIn, Arc::clone(&self.0.credentials))
    }

    pub(super) fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    /// The same client for what has to end within this time: no question waits longer for a pause.
    #[must_use]
    pub fn within(&self, patience: Duration) -> Self {
        Self(Arc::new(Inner {
            http: self.0.http.clone(),
            base: self.0.base.clone(),
            stage: self.0.stage,
            credentials: Arc::clone(&self.0.credentials),
            patience,
            way: Arc::clone(&self.0.way),
        }))
    }

    fn staged(&self, stage: Stage, credentials: Arc<Credentials>) -> Self {
        Self(Arc::new(Inner {
            http: self.0.http.clone(),
            base: self.0.base.clone(),
            stage,
            credentials,
            patience: self.0.patience,
            way: Arc::clone(&self.0.way),
        }))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.0.base)
            .field("stage", &self.0.stage)
            .finish_non_exhaustive()
    }
}
