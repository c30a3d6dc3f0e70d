//! What a browser sees: the login page and its form, log-out, and one sentence for all the rest.
//!
//! No token counts here. Whoever is not signed in is led to the login page.

mod identity_provider;
mod login;
mod oauth_pages;
mod token_pages;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, State};
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::auth::Caller;
use super::options::{Gate, Options};
use super::rest;
use super::shared::Shared;
use super::world::UserId;
pub(super) use login::{CAPTCHA, NOBODY};

pub(super) fn routes(options: &Options) -> Router<Arc<Shared>> {
    Router::new()
        .merge(login::routes(options))
        .route("/j_atl_security_logout", get(log_out))
        .route("/plugins/servlet/applinks/whoami", get(whoami))
        .route("/status", get(status))
        .merge(identity_provider::routes())
        .merge(oauth_pages::routes())
        .merge(token_pages::routes())
}

/// Away to the page that was asked for, with the cookie of a new session.
fn signed_in(shared: &Shared, id: UserId, next: &str) -> Response {
    let Some(session) = shared.sessions.open(id) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let next = local(next).unwrap_or("/dashboard");
    with_session(
        redirect(&format!("{}{next}", shared.address)),
        shared,
        &session,
    )
}

/// Gives the browser its session.
pub(super) fn with_session(mut response: Response, shared: &Shared, session: &str) -> Response {
    let cookie = shared.sessions.set_cookie(session, &shared.context_path);
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// The path of a page of ours; nobody is sent elsewhere.
pub(super) fn local(next: &str) -> Option<&str> {
    Some(next).filter(|next| next.starts_with('/') && !next.starts_with("//"))
}

/// To the login page, and back to this one after it.
fn to_login(shared: &Shared, path: &str) -> Response {
    redirect(&format!("{}/login?next={}", shared.address, encode(path)))
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// For text and for values in quotation marks.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

async fn log_out(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    shared.sessions.close(&headers);
    redirect(&format!("{}/login", shared.address))
}

/// The user name as text; nothing for nobody.
async fn whoami(State(shared): State<Arc<Shared>>, caller: Extension<Caller>) -> String {
    let name = shared.name_of(&caller);
    name.map(|(name, _)| name).unwrap_or_default()
}

/// `GET /status`, which load balancers ask.
async fn status() -> Response {
    let json = [(CONTENT_TYPE, "application/json")];
    (json, r#"{"state":"RUNNING"}"#).into_response()
}

/// Every path that nothing else serves: 404, or one of the pages that people visit.
pub(super) async fn anything_else(
    State(shared): State<Arc<Shared>>,
    caller: Extension<Caller>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let path = uri.path();
    if path == "/rest" || path.starts_with("/rest/") {
        return rest::no_such_path(&headers);
    }
    let home = path == "/";
    let known = home
        || [
            "/dashboard",
            "/projects",
            "/repos",
            "/users/",
            "/profile",
            "/account",
            "/admin",
        ]
        .iter()
        .any(|page| path.starts_with(page));
    if !known {
        return not_found();
    }
    if ![Method::GET, Method::HEAD].contains(&method) {
        return wrong_method();
    }
    if matches!(*caller, Caller::Anonymous) {
        return to_login(&shared, path);
    }
    page(
        StatusCode::OK,
        "Bitbucket",
        "<p>This is a simulated Bitbucket: it has an API and git, but no pages.</p>",
    )
}

/// Whether a path is part of the sign-in, which nobody needs to have signed in for.
pub(super) fn signs_in(uri: &Uri) -> bool {
    let path = uri.path();
    let begins = [
        "/login",
        "/j_atl_security_",
        "/rest/tsv/",
        "/plugins/servlet/external-login",
    ];
    begins.iter().any(|start| path.starts_with(start))
}

/// What stands in front of everything: a company's is on another host.
pub(super) fn gate(shared: &Shared, gate: Gate) -> Response {
    match gate {
        Gate::SignInFirst => rest::not_signed_in(),
        Gate::Filter => rest::filtered(),
        Gate::LoginPage => to_login(shared, "/dashboard"),
        Gate::Redirect => redirect("https://login.nordwind.example/saml?SAMLRequest=fZJ"),
        Gate::Page => page(
            StatusCode::OK,
            "Nordwind Login",
            "<form method=\"post\" action=\"/saml\"><input type=\"hidden\" name=\"SAMLRequest\" value=\"fZJ\"></form>",
        ),
    }
}

/// The two headers by which programs recognise that a captcha is asked for.
pub(super) fn explain_captcha(shared: &Shared, headers: &mut HeaderMap) {
    let reason = format!("CAPTCHA_CHALLENGE; login-url={}/login", shared.base_url);
    if let Ok(reason) = HeaderValue::from_str(&reason) {
        headers.insert(
            HeaderName::from_static("x-authentication-denied-reason"),
            reason,
        );
    }
    headers.insert(
        HeaderName::from_static("x-seraph-loginreason"),
        HeaderValue::from_static("AUTHENTICATION_DENIED"),
    );
}

/// A 307, which keeps the method.
pub(super) fn moved(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, to)]).into_response(),
        Err(_) => not_found(),
    }
}

/// A 302; an address that no header can carry leads nowhere.
pub(super) fn redirect(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::FOUND, [(LOCATION, to)]).into_response(),
        Err(_) => not_found(),
    }
}

/// The 404 outside the REST API.
pub(super) fn not_found() -> Response {
    page(
        StatusCode::NOT_FOUND,
        "Page not found",
        "<p>The page you were looking for does not exist.</p>",
    )
}

/// The 405 outside the REST API.
pub(super) fn wrong_method() -> Response {
    page(
        StatusCode::METHOD_NOT_ALLOWED,
        "Method not allowed",
        "<p>This page does not know that method.</p>",
    )
}

/// [`FaultEffect::Html`](super::FaultEffect::Html), as a proxy's page looks.
pub(super) fn fault(status: u16) -> Response {
    page(
        StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
        "Scheduled maintenance",
        "<p>We are back soon.</p>",
    )
}

fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let html = format!(
        "<!DOCTYPE html>\n<html><head><title>{title} - Bitbucket</title></head>\n\
         <body><h1>{title}</h1>\n{body}\n</body></html>\n"
    );
    (status, Html(html)).into_response()
}
