//! OAuth 2 over HTTP: the page on which people agree, and the endpoint that turns a code into tokens.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Extension, Form, Query, State};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;

use super::{encode, escape, page, redirect, to_login};
use crate::simulator::OAuth;
use crate::simulator::auth::Caller;
use crate::simulator::oauth::Grant;
use crate::simulator::shared::Shared;

const CONSENT: &str = "/plugins/servlet/oauth2/consent";

pub(super) fn routes() -> Router<Arc<Shared>> {
    let mut routes = Router::new().route(CONSENT, get(consent).post(agree));
    for version in ["1.0", "latest"] {
        let api = format!("/rest/oauth2/{version}");
        routes = routes
            .route(&format!("{api}/authorize"), get(authorize))
            .route(&format!("{api}/token"), post(token));
    }
    routes
}

/// What an application asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    response_type: String,
    client_id: String,
    redirect_uri: String,
    scope: String,
    state: String,
    code_challenge: String,
    code_challenge_method: String,
    // Of the form alone.
    decision: String,
    atl_token: String,
}

impl Wish {
    /// The redirect address is the application's. Its port is its own business, as RFC 8252 has it.
    fn is_registered(&self, oauth: &OAuth) -> bool {
        let port = self.redirect_uri.strip_prefix("http://localhost:");
        let port = port.and_then(|rest| rest.strip_suffix('/'));
        self.client_id == oauth.client_id && port.is_some_and(|port| port.parse::<u16>().is_ok())
    }

    fn is_in_order(&self) -> bool {
        self.response_type == "code"
            && self.code_challenge_method == "S256"
            && !self.code_challenge.is_empty()
    }

    /// Back to the application.
    fn back(&self, name: &str, value: &str) -> Response {
        redirect(&format!(
            "{}?{name}={}&state={}",
            self.redirect_uri,
            encode(value),
            encode(&self.state)
        ))
    }
}

/// Leads to the page for people, which is not below `/rest`.
async fn authorize(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    redirect(&format!("{}{CONSENT}?{query}", shared.address))
}

fn refused(why: &str) -> Response {
    page(StatusCode::BAD_REQUEST, "OAuth 2", &format!("<p>{why}</p>"))
}

async fn consent(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    wish: Result<Query<Wish>, QueryRejection>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let Ok(Query(wish)) = wish else {
        return refused("This is no request.");
    };
    if !wish.is_registered(&shared.options.oauth) {
        return refused("This application or its redirect address is not registered.");
    }
    let Caller::User { user, .. } = caller else {
        let here = uri.path_and_query();
        let here = here.map_or(CONSENT, PathAndQuery::as_str);
        return to_login(&shared, here);
    };
    if !wish.is_in_order() {
        return wish.back("error", "invalid_request");
    }
    if Grant::new(user, &wish.scope).is_none() {
        return wish.back("error", "invalid_scope");
    }
    let hidden = [
        ("response_type", &wish.response_type),
        ("client_id", &wish.client_id),
        ("redirect_uri", &wish.redirect_uri),
        ("scope", &wish.scope),
        ("state", &wish.state),
        ("code_challenge", &wish.code_challenge),
        ("code_challenge_method", &wish.code_challenge_method),
        (
            "atl_token",
            &shared.sessions.xsrf_token(&headers).unwrap_or_default(),
        ),
    ];
    let hidden = hidden.map(|(name, value)| {
        format!(
            r#"<input type="hidden" name="{name}" value="{}">"#,
            escape(value)
        )
    });
    let html = format!(
        r#"<p>bbtoken wants to act for {}: {}</p>
<form method="post" action="{}{CONSENT}">{}
<p><button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button></p></form>"#,
        escape(&shared.world.user(user).display_name),
        escape(&wish.scope),
        shared.context_path,
        hidden.concat(),
    );
    page(StatusCode::OK, "OAuth 2", &html)
}

async fn agree(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    wish: Result<Form<Wish>, FormRejection>,
) -> Response {
    let (Ok(Form(wish)), Caller::User { user, .. }) = (wish, caller) else {
        return refused("This is no form of somebody who is signed in.");
    };
    let is_ours = shared.sessions.xsrf_token(&headers).as_ref() == Some(&wish.atl_token);
    if !is_ours || !wish.is_registered(&shared.options.oauth) || !wish.is_in_order() {
        return refused("XSRF check failed");
    }
    if wish.decision != "allow" {
        return wish.back("error", "access_denied");
    }
    let now = shared.options.clock.now().time;
    let code = Grant::new(user, &wish.scope).and_then(|grant| {
        let grants = &shared.grants;
        grants.agree(grant, &wish.redirect_uri, &wish.code_challenge, now)
    });
    match code {
        Some(code) => wish.back("code", &code),
        None => wish.back("error", "server_error"),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TokenWish {
    grant_type: String,
    client_id: String,
    redirect_uri: String,
    code: String,
    code_verifier: String,
    refresh_token: String,
}

async fn token(
    State(shared): State<Arc<Shared>>,
    wish: Result<Form<TokenWish>, FormRejection>,
) -> Response {
    let wrong = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({"error": error})));
    let Ok(Form(wish)) = wish else {
        return wrong("invalid_request").into_response();
    };
    let oauth = &shared.options.oauth;
    if wish.client_id != oauth.client_id {
        return wrong("invalid_client").into_response();
    }
    let now = shared.options.clock.now().time;
    let expires = now + oauth.lifetime;
    let grants = &shared.grants;
    let issued = match wish.grant_type.as_str() {
        "authorization_code" => grants.redeem(
            &wish.code,
            &wish.redirect_uri,
            &wish.code_verifier,
            now,
            expires,
        ),
        "refresh_token" => grants.refresh(&wish.refresh_token, expires),
        _ => return wrong("unsupported_grant_type").into_response(),
    };
    let Some(issued) = issued else {
        return wrong("invalid_grant").into_response();
    };
    Json(json!({
        "access_token": issued.access,
        "token_type": "bearer",
        "expires_in": oauth.lifetime.as_secs(),
        "refresh_token": issued.refresh,
        "scope": issued.scopes,
    }))
    .into_response()
}
