//! The way of a request: connection, fault, context path, latency, who is calling, answer.
//!
//! Connections are served here rather than by `axum::serve`, because a fault has to be able to cut
//! one, and stopping has to cut all of them.

mod log;
mod secrets;

use std::convert::Infallible;
use std::future::pending;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::auth::{Area, Caller, Refusal, identify};
use super::fault::{FaultEffect, Faults, Gate, Release, Stage, Strike};
use super::git::{self, Repositories};
use super::oauth::Grants;
use super::options::Options;
use super::profile::Feature;
use super::session::Sessions;
use super::token::Tokens;
use super::world::{DemoError, SignIn, User, UserId, World};
use super::{rest, web};
pub(super) use log::Log;

/// What all requests share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) context_path: String,
    /// Where it listens, with the context path; redirects lead there.
    pub(super) address: String,
    /// What its administrators have configured as its address; links name it.
    pub(super) base_url: String,
    pub(super) world: World,
    tokens: Mutex<Tokens>,
    pub(super) sessions: Sessions,
    pub(super) grants: Grants,
    pub(super) faults: Faults,
    pub(super) log: Log,
    pub(super) git: Repositories,
    answers: AtomicU64,
}

impl Shared {
    pub(super) fn new(options: Options, address: SocketAddr) -> Result<Self, DemoError> {
        let now = options.clock.now().time;
        let (mut world, tokens) = World::build(options.seed, options.size, now)?;
        if !options.has(Feature::Archiving) {
            world.archive_nothing();
        }
        let context_path = options.normal_context_path();
        let address = format!("{}://{address}{context_path}", options.scheme());
        let base_url = options.base_url.as_deref().unwrap_or(&address);
        Ok(Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            address,
            context_path,
            world,
            tokens: Mutex::new(tokens),
            sessions: Sessions::new(&options.session_cookie),
            grants: Grants::default(),
            faults: Faults::default(),
            log: Log::default(),
            git: Repositories::default(),
            answers: AtomicU64::default(),
            options,
        })
    }

    pub(super) fn password_of<'a>(&'a self, user: &'a User) -> &'a str {
        self.options.password.as_deref().unwrap_or(&user.name)
    }

    pub(super) fn sign_in_of(&self, user: &User) -> SignIn {
        if self.options.has_json_login() || self.options.has_legacy_login_form() {
            user.sign_in
        } else {
            SignIn::SingleSignOn
        }
    }

    pub(super) fn is_password_of(&self, id: UserId, password: &str) -> bool {
        match self.sessions.changed_password(id) {
            Some(changed) => changed == password,
            None => self.password_of(self.world.user(id)) == password,
        }
    }

    pub(super) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connection is to be cut without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut on purpose")]
struct Cut;

type Site = TowerToHyperService<Router>;

/// Accepts and serves until the other end of `stopped` goes away; then it cuts every connection.
pub(super) async fn serve(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut stopped: oneshot::Receiver<()>,
) {
    let router = Router::new()
        .merge(rest::routes(&shared.options))
        .merge(git::routes())
        .merge(web::routes(&shared.options))
        .method_not_allowed_fallback(rest::wrong_method)
        .fallback(web::anything_else)
        .with_state(Arc::clone(&shared));
    let site = TowerToHyperService::new(router);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&shared), site.clone()));
                }
                Err(error) => {
                    // Such as too many open files: those that are being served will close some.
                    tracing::warn!(%error, "the simulator could not accept a connection");
                    tokio::task::yield_now().await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    connections.shutdown().await;
}

async fn connection(stream: TcpStream, shared: Arc<Shared>, site: Site) {
    // Small answers must not wait for more to send.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    let served = match &shared.options.tls {
        None => serve_requests(stream, shared, site).await,
        Some(identity) => match identity.acceptor().accept(stream).await {
            Ok(stream) => serve_requests(stream, shared, site).await,
            Err(error) => Err(error.into()),
        },
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection to the simulator ended early");
    }
}

async fn serve_requests(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    shared: Arc<Shared>,
    site: Site,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let service = service_fn(move |request| answer(Arc::clone(&shared), site.clone(), request));
    let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    Ok(served.await?)
}

async fn answer(
    shared: Arc<Shared>,
    site: Site,
    request: Request<Incoming>,
) -> Result<Response, Cut> {
    let path = request.uri().to_string();
    let (request, secrets) = secrets::read(request).await.map_err(|_| Cut)?;
    let strike = shared.faults.strike(request.method(), &path);
    let entry = shared.log.arrived(request.method().clone(), path, secrets);
    // Also what goes wrong in Bitbucket itself names who asked.
    let known = matches!(strike, Some(Strike::Fault(FaultEffect::Status(..))))
        .then(|| identify(&shared, request.headers(), Area::Rest).ok())
        .flatten()
        .and_then(|caller| shared.name_of(&caller));
    let work = pin!(handle(&shared, site, request));
    let effect = match strike {
        None => None,
        Some(Strike::Fault(effect)) => Some(effect),
        Some(Strike::Hold(gate)) => {
            let (response, user) = held(gate, work).await?;
            shared.log.answered(entry, response.status(), user);
            return Ok(response);
        }
    };
    let (response, user) = match effect {
        None => work.await,
        Some(FaultEffect::Delay(duration)) => {
            tokio::time::sleep(duration).await;
            work.await
        }
        Some(FaultEffect::Hang) => pending().await,
        Some(FaultEffect::Cut) => return Err(Cut),
        Some(FaultEffect::LoseAnswer) => {
            let _lost = work.await;
            return Err(Cut);
        }
        Some(FaultEffect::Answer(reply)) => {
            let (_, user) = work.await;
            (reply.into_response(), user)
        }
        Some(FaultEffect::Refuse(reply)) => (reply.into_response(), None),
        Some(FaultEffect::Status(status, message)) => {
            let mut response = rest::fault(status, message);
            shared.dress(response.headers_mut(), known.as_ref());
            (response, known.map(|(name, _)| name))
        }
        Some(FaultEffect::Html(status)) => (web::fault(status), None),
        Some(FaultEffect::Redirect(to)) => (web::redirect(&to), None),
        Some(FaultEffect::RateLimited { retry_after }) => (rest::rate_limited(retry_after), None),
        Some(FaultEffect::Garbage) => (rest::garbage(), None),
    };
    shared.log.answered(entry, response.status(), user);
    Ok(response)
}

/// What becomes of a request that a test holds.
async fn held(
    gate: Gate,
    work: impl Future<Output = (Response, Option<String>)>,
) -> Result<(Response, Option<String>), Cut> {
    if gate.stage == Stage::BeforeWork {
        return match gate.hold().await {
            Release::Answer => Ok(work.await),
            Release::Instead(reply) => Ok((reply.into_response(), None)),
            Release::Cut => Err(Cut),
        };
    }
    let (response, user) = work.await;
    match gate.hold().await {
        Release::Answer => Ok((response, user)),
        Release::Instead(reply) => Ok((reply.into_response(), user)),
        Release::Cut => Err(Cut),
    }
}

/// The right answer, and the name of whoever asked.
async fn handle(
    shared: &Shared,
    site: Site,
    mut request: Request<Body>,
) -> (Response, Option<String>) {
    let Some(area) = enter(&shared.context_path, &mut request) else {
        return (web::not_found(), None);
    };
    if area == Area::Rest && !shared.options.latency.is_zero() {
        tokio::time::sleep(shared.options.latency).await;
    }
    let identified = identify(shared, request.headers(), area);
    if let (Some(gate), Ok(Caller::Anonymous) | Err(_)) = (shared.options.gate, &identified) {
        return (web::gate(gate), None);
    }
    let caller = match (identified, area) {
        (Ok(caller), _) => caller,
        // A page does not say why: it leads to the login page.
        (Err(_), Area::Web) => Caller::Anonymous,
        (Err(refusal), _) => return (refused(shared, refusal, area), None),
    };
    let name = shared.name_of(&caller);
    let mut response = if let Some(to) = shared.moved(request.uri()) {
        web::moved(&to)
    } else if forged(&caller, area, &request) {
        rest::xsrf_check_failed()
    } else if let Some(user) = not_elevated(shared, &caller, &request) {
        shared.wants_elevation(user)
    } else {
        request.extensions_mut().insert(caller);
        let answer: Result<Response, Infallible> = site.call(request).await;
        answer.into_response()
    };
    shared.dress(response.headers_mut(), name.as_ref());
    (response, name.map(|(name, _)| name))
}

/// Takes the context path off the request's; `None` if it does not begin with it. A slash at the
/// end of a REST path means nothing to Bitbucket, so it goes too.
fn enter(context_path: &str, request: &mut Request<Body>) -> Option<Area> {
    let uri = request.uri();
    let rest = uri.path().strip_prefix(context_path)?;
    if !rest.is_empty() && !rest.starts_with('/') {
        return None;
    }
    let area = Area::of(rest);
    let rest = match area {
        Area::Rest => rest.trim_end_matches('/'),
        Area::Scm | Area::Web => rest,
    };
    let rest = if rest.is_empty() { "/" } else { rest };
    let inner = match uri.query() {
        Some(query) => format!("{rest}?{query}"),
        None => rest.to_owned(),
    };
    *request.uri_mut() = Uri::try_from(inner).ok()?;
    Some(area)
}

fn refused(shared: &Shared, refusal: Refusal, area: Area) -> Response {
    let mut response = match area {
        Area::Scm => git::refused(refusal),
        Area::Rest | Area::Web => rest::refused(refusal),
    };
    if refusal == Refusal::Captcha {
        web::explain_captcha(shared, response.headers_mut());
    }
    shared.dress(response.headers_mut(), None);
    response
}

/// Whether this might be another page's doing: a sign-in, or a change by cookie, without the header
/// that only our own pages and programs send.
fn forged(caller: &Caller, area: Area, request: &Request<Body>) -> bool {
    let by_cookie = matches!(caller, Caller::User { session: true, .. });
    let signs_in = request.uri().path().starts_with("/rest/tsv/");
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    let token = request.headers().get("x-atlassian-token");
    let checked = token.is_some_and(|value| value == "no-check" || value == "nocheck");
    area == Area::Rest && (by_cookie || signs_in) && !safe && !checked
}

/// Who has to elevate the session before this change of a token, where the server wants that.
fn not_elevated(shared: &Shared, caller: &Caller, request: &Request<Body>) -> Option<UserId> {
    let Caller::User {
        user,
        session: true,
    } = caller
    else {
        return None;
    };
    let changes_tokens = request.uri().path().starts_with("/rest/access-tokens/")
        && request.method() != Method::GET
        && request.method() != Method::HEAD;
    let is_needed = shared.options.tokens_need_elevation && changes_tokens;
    (is_needed && !shared.sessions.is_elevated(request.headers())).then_some(*user)
}

/// What Java's URLEncoder leaves as it is.
const USER_NAME: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'*');

impl Shared {
    /// Where the path of a repository that has moved leads now.
    fn moved(&self, uri: &Uri) -> Option<String> {
        let path = uri.path();
        let (before, place) = path.split_once("/projects/")?;
        let mut parts = place.splitn(4, '/');
        let (key, _, slug) = (parts.next()?, parts.next()?, parts.next()?);
        let id = self.world.repository_formerly(key, slug)?;
        let repository = self.world.repository(id);
        let key = &self.world.project(repository.project).key;
        let rest = parts.next().map(|rest| format!("/{rest}"));
        let query = uri.query().map(|query| format!("?{query}"));
        (before.starts_with("/rest/")).then(|| {
            format!(
                "{}{before}/projects/{key}/repos/{}{}{}",
                self.address,
                repository.slug,
                rest.unwrap_or_default(),
                query.unwrap_or_default()
            )
        })
    }

    /// The headers that every answer carries, and the two that name the caller.
    fn dress(&self, headers: &mut HeaderMap, caller: Option<&(String, u64)>) {
        let mut set = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        let number = self.answers.fetch_add(1, Ordering::Relaxed);
        set("x-arequestid", format!("@BBTOKENx0x{number}x0"));
        set("x-content-type-options", "nosniff".to_owned());
        if let Some((name, id)) = caller {
            let name = utf8_percent_encode(name, &USER_NAME).to_string();
            set("x-ausername", name);
            set("x-auserid", id.to_string());
        }
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("private, no-cache, no-store"));
    }
}
