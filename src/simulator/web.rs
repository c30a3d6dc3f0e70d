//! What a browser sees: the login page and its form, log-out, and one sentence for all the rest.
//!
//! No token counts here. Whoever is not signed in is led to the login page.

mod identity_provider;
mod oauth_pages;
mod token_pages;

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, Query, State};
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::auth::{Caller, closed};
use super::options::Gate;
use super::rest;
use super::server::Shared;
use super::session::COOKIE;
use super::world::{SignIn, UserId};

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/login", get(login_page))
        .route("/j_atl_security_check", post(log_in))
        .route("/j_atl_security_logout", get(log_out))
        .route("/plugins/servlet/applinks/whoami", get(whoami))
        .route(
            "/plugins/servlet/two-step-verification",
            get(two_step_verification),
        )
        .route("/status", get(status))
        .merge(identity_provider::routes())
        .merge(oauth_pages::routes())
        .merge(token_pages::routes())
}

#[derive(Deserialize)]
struct LoginWish {
    #[serde(default)]
    error: String,
    #[serde(default)]
    next: String,
}

async fn login_page(State(shared): State<Arc<Shared>>, Query(wish): Query<LoginWish>) -> Response {
    let notice = if wish.error.is_empty() {
        ""
    } else {
        "<p>That name, password or captcha is not right.</p>"
    };
    let next = local(&wish.next).unwrap_or_default();
    page(
        StatusCode::OK,
        "Log in",
        &format!(
            r#"{notice}<form method="post" action="{}/j_atl_security_check">
<input type="hidden" name="next" value="{}">
<p><label>Username <input name="j_username"></label></p>
<p><label>Password <input name="j_password" type="password"></label></p>
<p><label>Captcha, if you were asked for one (anything will do) <input name="captcha"></label></p>
<p><input type="submit" name="submit" value="Log in"></p></form>
<p><a href="{}&amp;next={}">Log in with Nordwind SSO</a></p>"#,
            shared.context_path,
            escape(next),
            shared.identity_provider(),
            encode(next),
        ),
    )
}

#[derive(Deserialize)]
struct LoginForm {
    #[serde(default)]
    j_username: String,
    #[serde(default)]
    j_password: String,
    #[serde(default)]
    captcha: String,
    #[serde(default)]
    next: String,
}

/// `POST /j_atl_security_check`: 302 away with a session's cookie, or 302 back to the login page,
/// or to the identity provider for those whom only it signs in, or to the second step.
async fn log_in(
    State(shared): State<Arc<Shared>>,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Response {
    let base = &shared.base_url;
    let failed = || redirect(&format!("{base}/login?error=failed"));
    let Ok(Form(form)) = form else {
        return failed();
    };
    let Some(id) = shared.world.user_by_name(form.j_username.trim()) else {
        return failed();
    };
    let user = shared.world.user(id);
    if shared.sign_in_of(user) == SignIn::SingleSignOn {
        return shared.identity_provider_for(&form.next);
    }
    if shared.sessions.needs_captcha(id, user) && form.captcha.trim().is_empty() {
        let mut response = failed();
        explain_captcha(&shared, response.headers_mut());
        return response;
    }
    if !shared.is_password_of(id, &form.j_password) {
        shared.sessions.failed(id);
        return failed();
    }
    if closed(user.sign_in).is_some() {
        return failed();
    }
    if user.sign_in == SignIn::TwoStep {
        return second_step(&shared);
    }
    signed_in(&shared, id, &form.next)
}

/// Away to the page that was asked for, with the cookie of a new session.
fn signed_in(shared: &Shared, id: UserId, next: &str) -> Response {
    let Some(session) = shared.sessions.open(id) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let next = local(next).unwrap_or("/dashboard");
    with_cookie(
        redirect(&format!("{}{next}", shared.base_url)),
        shared,
        &session,
    )
}

/// The password was right, and the second step comes: with a cookie that is nobody's session yet.
fn second_step(shared: &Shared) -> Response {
    let page = format!("{}/plugins/servlet/two-step-verification", shared.base_url);
    with_cookie(redirect(&page), shared, "NOBODY")
}

fn with_cookie(mut response: Response, shared: &Shared, session: &str) -> Response {
    let path = format!("{}/", shared.context_path);
    let cookie = format!("{COOKIE}={session}; Path={path}; HttpOnly; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// The path of a page of ours; nobody is sent elsewhere.
fn local(next: &str) -> Option<&str> {
    Some(next).filter(|next| next.starts_with('/') && !next.starts_with("//"))
}

/// To the login page, and back to this one after it.
fn login(shared: &Shared, path: &str) -> Response {
    redirect(&format!("{}/login?next={}", shared.base_url, encode(path)))
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
    redirect(&format!("{}/login", shared.base_url))
}

/// The user name as text; nothing for nobody.
async fn whoami(State(shared): State<Arc<Shared>>, caller: Extension<Caller>) -> String {
    let name = shared.name_of(&caller);
    name.map(|(name, _)| name).unwrap_or_default()
}

async fn two_step_verification() -> Response {
    let text = "<p>This is where Bitbucket would ask for the code of your telephone.</p>";
    page(StatusCode::OK, "Two-step verification", text)
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
) -> Response {
    let path = uri.path();
    if path == "/rest" || path.starts_with("/rest/") {
        return rest::no_such_path(&format!("{}{path}", shared.base_url));
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
        return login(&shared, path);
    }
    page(
        StatusCode::OK,
        "Bitbucket",
        "<p>This is a simulated Bitbucket: it has an API and git, but no pages.</p>",
    )
}

/// What stands in front of everything: its address is on another host, as a company's is.
pub(super) fn gate(gate: Gate) -> Response {
    match gate {
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
