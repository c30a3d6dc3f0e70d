//! The connection to one Bitbucket, and how a request travels on it.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Certificate, Method, redirect};
use serde_json::Value;
use zeroize::Zeroizing;

use super::address::{self, BaseUrl};
use super::answer::{Answer, Call, Stage};
use super::body::{Body, SecretJson};
use super::certificate::Distrust;
use super::credentials::Credentials;
use super::entrance::Entrance;
use super::error::{Error, ErrorKind};
use super::network;
use super::oauth::Grant;
use super::proxy::Proxy;
use super::session::{Session, Unfinished};
use super::settings::Settings;
use super::trust::{self, Presented};
use crate::secret::Secret;

/// The longest answer that is read, in bytes. A page of 1000 repositories has about 2 MiB.
const LONGEST_ANSWER: usize = 8 * 1024 * 1024;

/// How long an idle connection is used again. Below the 20 seconds after which Tomcat closes it: a
/// request that meets the closing would fail, and for a write nobody would know its outcome.
const IDLE: Duration = Duration::from_secs(15);

/// So many moves from one REST path to another are followed; more are a circle.
const MOST_MOVES: usize = 3;

/// How much of a successful answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Headers,
    Whole,
}

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
    way: Arc<TheWay>,
}

/// How the server is reached.
struct TheWay {
    settings: Settings,
    /// The address of the proxy.
    proxy: Option<String>,
    presented: Presented,
    /// How the server lets people in, once that has been looked at.
    entrance: OnceLock<Entrance>,
}

impl Client {
    /// A client that has not signed in, with the default time-outs.
    ///
    /// For `https` this reads the system's certificates and takes 8 to 64 ms: call it off the task
    /// that draws.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Certificate`] where the system's certificates cannot be read, or there are none.
    pub fn anonymous(base: BaseUrl) -> Result<Self, Error> {
        Self::open(base, &Settings::default())
    }

    /// The same as [`Client::anonymous`], with other settings.
    ///
    /// # Errors
    ///
    /// Those of [`Client::anonymous`]; [`ErrorKind::AuthorityFile`]; [`ErrorKind::Proxy`] for a kind
    /// of proxy that cannot be used.
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
        let proxy = settings.proxies.for_server(&base);
        builder = match &proxy {
            Some(proxy) => builder.proxy(proxy.connector()?),
            None => builder.no_proxy(),
        };
        builder = if base.is_encrypted() || proxy.as_ref().is_some_and(Proxy::is_encrypted) {
            let ca_file = settings.ca_file.as_deref();
            builder.tls_backend_preconfigured(trust::configuration(ca_file, &presented)?)
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
            way: Arc::new(TheWay {
                settings: settings.clone(),
                proxy: proxy.map(|proxy| proxy.address),
                presented,
                entrance: OnceLock::new(),
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

    /// The address of the proxy on the way.
    pub(super) fn proxy(&self) -> Option<&str> {
        self.0.way.proxy.as_deref()
    }

    /// The certificates that the server presented, its own first.
    pub(super) fn certificates(&self) -> Vec<super::certificate::Certificate> {
        self.0.way.presented.read()
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

    fn staged(&self, stage: Stage, credentials: Arc<Credentials>) -> Self {
        Self(Arc::new(Inner {
            http: self.0.http.clone(),
            base: self.0.base.clone(),
            stage,
            credentials,
            way: Arc::clone(&self.0.way),
        }))
    }

    /// Sends one request and reads its answer, which is a success. `purpose` says in plain words what
    /// it is for; `path` are the segments below the base. Something that has moved to another REST path
    /// is read there; a change is never sent on.
    pub(super) async fn send(
        &self,
        purpose: &'static str,
        method: Method,
        path: &[&str],
        query: &[(&str, String)],
        body: Option<&Value>,
    ) -> Result<Answer, Error> {
        let mut call = self.describe(purpose, method, path);
        let body = body.map_or(Body::None, Body::Json);
        let mut moves = 0;
        loop {
            let sent = self.call(call.clone(), query, body, Extent::Whole, Answer::check);
            match sent.await {
                Err(Error {
                    kind: ErrorKind::PathMoved { path },
                    ..
                }) if !call.writes() && moves < MOST_MOVES => call.path = path,
                answer => return answer,
            }
            moves += 1;
        }
    }

    /// Reads something of which the headers are enough: of a success no more is read.
    pub(super) async fn peek(
        &self,
        purpose: &'static str,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Answer, Error> {
        let call = self.describe(purpose, Method::GET, path);
        self.call(call, query, Body::None, Extent::Headers, Answer::check)
            .await
    }

    /// Sends a form and reads the whole answer, whatever its status is.
    pub(super) async fn exchange_form(
        &self,
        purpose: &'static str,
        path: &[&str],
        form: &Zeroizing<String>,
    ) -> Result<Answer, Error> {
        let call = self.describe(purpose, Method::POST, path);
        self.call(call, &[], Body::Form(form), Extent::Whole, Ok)
            .await
    }

    /// Sends JSON with a secret in it and reads the whole answer, whatever its status is.
    pub(super) async fn submit_json(
        &self,
        purpose: &'static str,
        method: Method,
        path: &[&str],
        body: &SecretJson,
    ) -> Result<Answer, Error> {
        let call = self.describe(purpose, method, path);
        self.call(call, &[], Body::SecretJson(body), Extent::Whole, Ok)
            .await
    }

    /// Reads a page, whatever its status is.
    pub(super) async fn look(&self, purpose: &'static str, path: &[&str]) -> Result<Answer, Error> {
        let call = self.describe(purpose, Method::GET, path);
        self.call(call, &[], Body::None, Extent::Whole, Ok).await
    }

    fn describe(&self, purpose: &'static str, method: Method, path: &[&str]) -> Call {
        Call {
            purpose,
            base: self.0.base.clone(),
            stage: self.0.stage,
            by_session: self.0.credentials.session().is_some(),
            path: address::path(path),
            method,
            proxy: self.0.way.proxy.clone(),
        }
    }

    async fn call(
        &self,
        call: Call,
        query: &[(&str, String)],
        body: Body<'_>,
        extent: Extent,
        judge: impl FnOnce(Answer) -> Result<Answer, Error>,
    ) -> Result<Answer, Error> {
        if call
            .path
            .split('/')
            .skip(1)
            .any(|segment| matches!(segment, "" | "." | ".."))
        {
            // Would become another path on its way. Nothing on a Bitbucket has such a name.
            return Err(call.error(ErrorKind::NotFound));
        }
        if let Credentials::Grant(grant) = &*self.0.credentials {
            grant.keep_fresh(self).await;
        }
        let is_signed = self.0.credentials.header(&call.base, &call.path).is_some();
        let observer = self.0.way.settings.observer.as_ref();
        let mut watch = observer.map(|it| it.watch(&call, query, body, is_signed));
        let started = Instant::now();
        let result = self.exchange(&call, query, body, extent).await;
        let status = match &result {
            Ok(answer) => Some(answer.status.as_u16()),
            Err(error) => error.details.status,
        };
        tracing::debug!(
            method = %call.method,
            path = call.path,
            status,
            milliseconds = started.elapsed().as_millis() as u64,
            "call"
        );
        if let (Some(watch), Ok(answer)) = (&mut watch, &result) {
            watch.answered(answer, extent == Extent::Whole);
        }
        let result = result.and_then(judge);
        if let Some(watch) = watch {
            watch.end(result.as_ref().err());
        }
        result
    }

    async fn exchange(
        &self,
        call: &Call,
        query: &[(&str, String)],
        body: Body<'_>,
        extent: Extent,
    ) -> Result<Answer, Error> {
        let url = format!("{}{}", call.base, call.path);
        let mut request = self
            .0
            .http
            .request(call.method.clone(), url)
            .headers(self.headers(call))
            .query(query);
        request = match body {
            Body::None => request,
            Body::Json(value) => request.json(value),
            Body::Form(form) => request
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.to_string()),
            Body::SecretJson(json) => request
                .header(CONTENT_TYPE, "application/json")
                .body(json.text.to_vec()),
        };
        let mut response = request
            .send()
            .await
            .map_err(|error| self.failure(call, &error))?;
        if let Some(session) = self.0.credentials.session() {
            session.cookies().take_in(&call.base, response.headers());
        }
        let mut answer = Answer {
            call: call.clone(),
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body: Zeroizing::default(),
        };
        if extent == Extent::Headers && answer.status.is_success() {
            return Ok(answer);
        }
        loop {
            match response.chunk().await {
                Ok(None) => return Ok(answer),
                Ok(Some(chunk)) if answer.body.len() + chunk.len() <= LONGEST_ANSWER => {
                    answer.body.extend_from_slice(&chunk);
                }
                // A refusal is one, whatever becomes of its explanation.
                _ if !answer.status.is_success() => return Ok(answer),
                Ok(Some(_)) => return Err(answer.unreadable().because("the answer is too long")),
                Err(error) => {
                    let mut error = self.failure(call, &error);
                    error.details.status = Some(answer.status.as_u16());
                    return Err(error);
                }
            }
        }
    }

    fn headers(&self, call: &Call) -> HeaderMap {
        let mut headers = HeaderMap::new();
        // Pages are for people.
        let is_rest = call.path.starts_with("/rest/");
        let accept = if is_rest { "application/json" } else { "*/*" };
        headers.insert(ACCEPT, HeaderValue::from_static(accept));
        if call.writes() {
            // Without it Bitbucket takes a write for a forged one ("XSRF check failed").
            headers.insert("X-Atlassian-Token", HeaderValue::from_static("no-check"));
        }
        if let Some((name, value)) = self.0.credentials.header(&call.base, &call.path) {
            headers.insert(name, value);
        }
        headers
    }

    /// A call that got no answer, or not all of it.
    fn failure(&self, call: &Call, error: &reqwest::Error) -> Error {
        let (mut kind, cause) = network::classify(error);
        if let ErrorKind::Certificate(distrust) = kind {
            kind = ErrorKind::Certificate(Distrust::new(distrust.reason, self.certificates()));
        } else if let Some(proxy) = self.proxy() {
            kind = network::through_proxy(kind, &cause, proxy, error.is_connect());
        }
        let mut failure = call.error(kind).because(cause);
        // Until the connection stands, nothing has been sent.
        failure.details.outcome_is_unknown =
            call.writes() && !error.is_connect() && !error.is_builder();
        failure
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
