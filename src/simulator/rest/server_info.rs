//! What the server says about itself, also to somebody who has not signed in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use super::error::{ApiError, send};
use super::page::Paging;
use super::request::Signed;
use crate::simulator::profile::Feature;
use crate::simulator::shared::Shared;

/// `GET /rest/api/latest/application-properties`
pub(super) async fn application_properties(State(shared): State<Arc<Shared>>) -> Response {
    let options = &shared.options;
    let number = |number: u64| {
        if options.has(Feature::NumericBuild) {
            json!(number)
        } else {
            json!(number.to_string())
        }
    };
    send(
        StatusCode::OK,
        &json!({
            "version": options.version,
            "buildNumber": number(options.build_number().into()),
            "buildDate": number(1_732_002_000_000),
            "displayName": "Bitbucket",
        }),
    )
}

/// `GET /rest/authconfig/latest/login-options`: what is switched on of the JSON login, the old form
/// and the company's identity provider. The values are called `results` here.
pub(super) async fn login_options(State(shared): State<Arc<Shared>>, paging: Paging) -> Response {
    let mut options = Vec::new();
    if shared.options.has_json_login() {
        options.push(json!({"type": "LOGIN_FORM"}));
    }
    if shared.options.has_legacy_login_form() {
        options.push(json!({"type": "LEGACY_LOGIN_FORM"}));
    }
    options.push(json!({
        "type": "IDP",
        "id": 1,
        "buttonText": "Log in with Nordwind SSO",
        "loginLink": shared.identity_provider(),
    }));
    paging.results(&options)
}

/// `GET /rest/basicauth/latest/config`: whether Basic is off.
pub(super) async fn basic_config(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
) -> Result<Response, ApiError> {
    if !shared.options.basic_config_is_public && !shared.world.administers(&caller) {
        return Err(ApiError::refused_to(&caller));
    }
    let is_off = !shared.options.has_basic();
    Ok(send(
        StatusCode::OK,
        &json!({
            "block-requests": is_off,
            "allowed-paths": [],
            "allowed-users": [],
            "show-warning-message": false,
        }),
    ))
}

/// `GET /rest/oauth2/1.0/client`: the applications, which only administrators may see; that there is an
/// answer tells that there is OAuth 2.
pub(super) async fn oauth_client(Signed(caller): Signed) -> Result<Response, ApiError> {
    Err(ApiError::refused_to(&caller))
}

impl Shared {
    /// Where single sign-on begins.
    pub(in crate::simulator) fn identity_provider(&self) -> String {
        format!("{}/plugins/servlet/external-login?idp=1", self.base_url)
    }
}
