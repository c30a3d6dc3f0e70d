//! How a request travels, and what comes back.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;
use zeroize::Zeroizing;

use super::Client;
use crate::address;
use crate::bitbucket::answer::{Answer, Call, Stage};
use crate::bitbucket::body::{Body, SecretJson};
use crate::bitbucket::certificate::Distrust;
use crate::bitbucket::credentials::Credentials;
use crate::bitbucket::error::{Error, ErrorKind, ProxyProblem};
use crate::bitbucket::network;
use crate::bitbucket::patience::Patience;

/// The longest answer that is read, in bytes. A page of 1000 repositories has about 2 MiB.
const LONGEST_ANSWER: usize = 8 * 1024 * 1024;

/// A pause of which the server does not say how long it is to be.
const A_WHILE: Duration = Duration::from_secs(60);

/// So many moves from one REST path to another are followed; more are a circle.
const MOST_MOVES: usize = 3;

/// How much of a successful answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    Headers,
    Whole,
}

impl Client {
    /// Sends one request and reads its answer, which is a success. `purpose` says in plain words what
    /// it is for; `path` are the segments below the base. Something that has moved to another REST path
    /// is read there; a change is never sent on.
    pub(in crate::bitbucket) async fn send(
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
            let sent = self.ask(&call, query, body, Extent::Whole);
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

    /// Sends a request, and again what only reads, after the pause that the server has wanted.
    async fn ask(
        &self,
        call: &Call,
        query: &[(&str, String)],
        body: Body<'_>,
        extent: Extent,
    ) -> Result<Answer, Error> {
        // A login is brought to its end although nobody may wait for it any more: it does not pause.
        let is_login = call.by_session && call.stage == Stage::SigningIn;
        let mut patience = if call.writes() || is_login {
            Patience::none()
        } else {
            Patience::of(self.0.patience)
        };
        loop {
            let before = patience;
            let sent = self.call(
                call.clone(),
                query,
                body,
                extent,
                &mut patience,
                Answer::check,
            );
            match sent.await {
                Err(_) if patience != before => {}
                answer => return answer,
            }
        }
    }

    /// Reads something of which the headers are enough: of a success no more is read.
    pub(in crate::bitbucket) async fn peek(
        &self,
        purpose: &'static str,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Answer, Error> {
        let call = self.describe(purpose, Method::GET, path);
        self.ask(&call, query, Body::None, Extent::Headers).await
    }

    /// Sends a form and reads the whole answer, whatever its status is.
    pub(in crate::bitbucket) async fn exchange_form(
        &self,
        purpose: &'static str,
        path: &[&str],
        form: &Zeroizing<String>,
    ) -> Result<Answer, Error> {
        let call = self.describe(purpose, Method::POST, path);
        self.call_once(call, &[], Body::Form(form)).await
    }

    /// Sends JSON with a secret in it and reads the whole answer, whatever its status is.
    pub(in crate::bitbucket) async fn submit_json(
        &self,
        purpose: &'static str,
        method: Method,
        path: &[&str],
        body: &SecretJson,
    ) -> Result<Answer, Error> {
        let call = self.describe(purpose, method, path);
        self.call_once(call, &[], Body::SecretJson(body)).await
    }

    /// Reads a page, whatever its status is.
    pub(in crate::bitbucket) async fn look(
        &self,
        purpose: &'static str,
        path: &[&str],
    ) -> Result<Answer, Error> {
        self.look_with(purpose, path, &[]).await
    }

    /// The same with a query.
    pub(in crate::bitbucket) async fn look_with(
        &self,
        purpose: &'static str,
        path: &[&str],
        query: &[(String, String)],
    ) -> Result<Answer, Error> {
        let call = self.describe(purpose, Method::GET, path);
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        self.call_once(call, &query, Body::None).await
    }

    /// Sends it once and reads the whole answer, whatever its status is.
    async fn call_once(
        &self,
        call: Call,
        query: &[(&str, String)],
        body: Body<'_>,
    ) -> Result<Answer, Error> {
        let mut patience = Patience::none();
        self.call(call, query, body, Extent::Whole, &mut patience, Ok)
            .await
    }

    fn describe(&self, purpose: &'static str, method: Method, path: &[&str]) -> Call {
        Call {
            purpose,
            base: self.0.base.clone(),
            stage: self.0.stage,
            by_session: self.0.credentials.session().is_some(),
            is_unnamed: self.is_unnamed(),
            path: address::path(path),
            method,
            proxy: self.0.way.proxy.clone(),
            client_certificate: self.0.way.settings.client_certificate.clone(),
        }
    }

    async fn call(
        &self,
        call: Call,
        query: &[(&str, String)],
        body: Body<'_>,
        extent: Extent,
        patience: &mut Patience,
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
            grant.keep_fresh().await;
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
        let mut result = result.and_then(judge);
        if let Some(mut watch) = watch {
            if let Err(error) = &mut result
                && let ErrorKind::RateLimited { retry_after } = error.kind
            {
                error.details.pause_ends = Some(watch.after(retry_after.unwrap_or(A_WHILE)));
            }
            if let Err(error) = &result
                && let Some(pause) = patience.pause_after(error)
            {
                watch.pause(pause).await;
            }
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
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Err(self.not_sent(call, &error).await),
        };
        self.0.way.is_answered.store(true, Ordering::Relaxed);
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

    /// A call that got no answer. A proxy that wants a password is asked what it takes.
    async fn not_sent(&self, call: &Call, error: &reqwest::Error) -> Error {
        let mut failure = self.failure(call, error);
        if let ErrorKind::Proxy { problem, .. } = &mut failure.kind
            && *problem == ProxyProblem::WantsPassword
            && let Some(proxy) = self.proxy()
        {
            let challenges = proxy.challenges(&call.base).await;
            *problem = proxy.wants(challenges.iter().map(String::as_str));
        }
        failure
    }

    /// A call that got no answer, or not all of it.
    fn failure(&self, call: &Call, error: &reqwest::Error) -> Error {
        let (mut kind, cause) = network::classify(error);
        if let ErrorKind::Certificate(distrust) = kind {
            kind = ErrorKind::Certificate(Distrust::new(distrust.reason, self.certificates()));
        } else if let Some(proxy) = self.proxy() {
            kind = network::through_proxy(kind, &cause, &proxy.address, error.is_connect());
        }
        let alert = network::alert(error);
        let has_asked = self.0.way.asked.has();
        let is_answered = self.0.way.is_answered.load(Ordering::Relaxed);
        if network::wants_certificate(alert, &kind, has_asked, is_answered) {
            kind = ErrorKind::ClientCertificate(call.certificate_problem());
        }
        let mut failure = call.error(kind).because(cause);
        // Until the connection stands, nothing has been sent, and what was sent with the end of a
        // handshake that the server refuses is read by nobody.
        failure.details.outcome_is_unknown =
            call.writes() && !error.is_connect() && !error.is_builder() && alert.is_none();
        failure
    }
}
