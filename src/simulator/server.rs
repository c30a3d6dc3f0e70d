//! The way of a request: connection, fault, context path, latency, who is calling, answer.
//!
//! Connections are served here rather than by `axum::serve`, because a fault has to be able to cut
//! one, and stopping has to cut all of them.

mod log;
mod secrets;

use std::convert::Infallible;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, Uri, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::auth::{Area, Caller, Refusal, identify};
use super::fault::{FaultEffect, Gate, Release, Stage, Strike};
use super::git;
use super::shared::Shared;
use super::world::UserId;
use super::{rest, web};
pub(super) use log::Log;
pub use log::RequestRecord;

/// How the header `Date` writes a time.
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

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
    let service = service_fn(move |request| dated(Arc::clone(&shared), site.clone(), request));
    let served = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    Ok(served.await?)
}

/// The answer, with the time of the simulator's own clock.
async fn dated(
    shared: Arc<Shared>,
    site: Site,
    request: Request<Incoming>,
) -> Result<Response, Cut> {
    let clock = shared.options.clock.clone();
    let mut response = answer(shared, site, request).await?;
    let date = clock.now().time.strftime(HTTP_DATE).to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().entry(header::DATE).or_insert(date);
    }
    Ok(response)
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
    let stopped = shared
        .options
        .gate
        .filter(|gate| match (gate.is_own(), &identified) {
            (true, Ok(Caller::Anonymous)) => area != Area::Scm && !web::signs_in(request.uri()),
            (false, Ok(Caller::Anonymous) | Err(_)) => true,
            _ => false,
        });
    if let Some(gate) = stopped {
        return (web::gate(shared, gate), None);
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
}
