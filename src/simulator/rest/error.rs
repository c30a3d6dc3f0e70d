//! Bitbucket's error bodies: `{"errors":[{"context":…,"message":…,"exceptionName":…}]}`.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::simulator::auth::{Caller, Refusal};

/// Everything under `/rest` is sent as this.
pub(super) const JSON: &str = "application/json;charset=UTF-8";

const NOT_PERMITTED: &str = "You are not permitted to access this resource";

/// A refusal of the REST API.
#[derive(Debug)]
pub(in crate::simulator) struct ApiError {
    status: StatusCode,
    context: Option<&'static str>,
    message: String,
    exception: Option<&'static str>,
}

impl ApiError {
    fn new(status: StatusCode, exception: Option<&'static str>, message: String) -> Self {
        Self {
            status,
            context: None,
            message,
            exception,
        }
    }

    /// 401, both for somebody unknown and for somebody who is known but not permitted, in the same
    /// words: that is how Bitbucket answers.
    pub(super) fn refused_to(caller: &Caller) -> Self {
        match caller {
            Caller::Anonymous => Self::not_signed_in(),
            Caller::User { .. } | Caller::Token(_) | Caller::Application(_) => {
                Self::not_permitted_here()
            }
        }
    }

    /// 401 for nobody.
    pub(super) fn not_signed_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            Some(
                "com.atlassian.plugins.rest.api.security.exception.AuthenticationRequiredException",
            ),
            NOT_PERMITTED.to_owned(),
        )
    }

    /// 401 for somebody known.
    pub(super) fn not_permitted_here() -> Self {
        Self::not_permitted(NOT_PERMITTED)
    }

    /// 401 for somebody known, with the reason.
    pub(super) fn not_permitted(message: &str) -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            Some("com.atlassian.bitbucket.AuthorisationException"),
            message.to_owned(),
        )
    }

    /// 404 for a project.
    pub(super) fn no_such_project(key: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            Some("com.atlassian.bitbucket.project.NoSuchProjectException"),
            format!("Project {key} does not exist."),
        )
    }

    /// 404 for a repository.
    pub(super) fn no_such_repository(key: &str, slug: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            Some("com.atlassian.bitbucket.repository.NoSuchRepositoryException"),
            format!("Repository {key}/{slug} does not exist."),
        )
    }

    /// 404 for a user.
    pub(super) fn no_such_user(slug: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            Some("com.atlassian.bitbucket.user.NoSuchUserException"),
            format!("User {slug} does not exist."),
        )
    }

    /// 404 for a token.
    pub(super) fn no_such_token() -> Self {
        let message = "No such access token exists.";
        Self::new(StatusCode::NOT_FOUND, None, message.to_owned())
    }

    /// 400 for a field or parameter, which `context` names.
    pub(super) fn invalid(context: &'static str, message: impl Into<String>) -> Self {
        Self {
            context: Some(context),
            ..Self::new(StatusCode::BAD_REQUEST, None, message.into())
        }
    }

    /// 400 for a whole that is out of order.
    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            Some("com.atlassian.bitbucket.rest.exception.BadRequestException"),
            message.into(),
        )
    }

    /// 415: the body is not said to be JSON.
    pub(super) fn unsupported_media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            None,
            "HTTP 415 Unsupported Media Type".to_owned(),
        )
    }

    /// 500: the computer has no randomness, so no token can be made.
    pub(super) fn no_randomness() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            None,
            "No random numbers are available".to_owned(),
        )
    }

    /// For a page that says the same.
    pub(in crate::simulator) fn status(&self) -> StatusCode {
        self.status
    }

    /// The sentence.
    pub(in crate::simulator) fn message(&self) -> &str {
        &self.message
    }

    fn body(&self) -> Value {
        json!({"errors": [{
            "context": self.context,
            "message": self.message,
            "exceptionName": self.exception,
        }]})
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        send(self.status, &self.body())
    }
}

/// A JSON answer.
pub(super) fn send(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, JSON)], body.to_string()).into_response()
}

const EXPIRED: &str = "Your password has expired. Please change it in the browser.";
const LOCKED: &str = "Your account is locked. Please contact your administrator.";
const INACTIVE: &str = "Your account is not active. Please contact your administrator.";
const NO_LICENCE: &str =
    "You are not currently licensed to use Bitbucket.\nPlease contact your administrator.";

/// Credentials that do not count, over REST.
pub(in crate::simulator) fn refused(refusal: Refusal) -> Response {
    match refusal {
        Refusal::WrongCredentials => ApiError::new(
            StatusCode::UNAUTHORIZED,
            Some("com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException"),
            "Authentication failed. Please check your credentials and try again.".to_owned(),
        )
        .into_response(),
        Refusal::Captcha => ApiError::new(
            StatusCode::FORBIDDEN,
            Some("com.atlassian.bitbucket.auth.CaptchaRequiredAuthenticationException"),
            "CAPTCHA required. Your Bitbucket account has been marked as requiring a CAPTCHA \
             before it may be authenticated. This may have been triggered by a repeated failed \
             login attempt. Please log in through the Bitbucket web interface to continue."
                .to_owned(),
        )
        .into_response(),
        Refusal::Expired => closed("ExpiredPassword", EXPIRED),
        Refusal::Locked => closed("LockedAccount", LOCKED),
        Refusal::Inactive => closed("InactiveUser", INACTIVE),
        Refusal::NoLicence => closed("NoAccess", NO_LICENCE),
        // No list of errors here: the filter that says it stands before the REST API.
        Refusal::BasicOff => message(
            StatusCode::FORBIDDEN,
            "Basic Authentication has been disabled on this instance.",
        ),
    }
}

/// 401 for an account that lets nobody in.
fn closed(what: &str, message: &str) -> Response {
    let exception = format!("com.atlassian.bitbucket.auth.{what}AuthenticationException");
    let errors = json!([{"context": null, "message": message, "exceptionName": exception}]);
    send(StatusCode::UNAUTHORIZED, &json!({ "errors": errors }))
}

/// What the JSON login says of credentials that do not count.
pub(super) fn login_refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::WrongCredentials | Refusal::BasicOff => "Invalid username or password.",
        Refusal::Captcha => "Please enter the characters of the picture.",
        Refusal::Expired => EXPIRED,
        Refusal::Locked => LOCKED,
        Refusal::Inactive => INACTIVE,
        Refusal::NoLicence => NO_LICENCE,
    }
}

/// `{"message":…}`, without a list of errors.
pub(super) fn message(status: StatusCode, message: &str) -> Response {
    send(status, &json!({ "message": message }))
}

/// 401 for nobody, before any resource is reached.
pub(in crate::simulator) fn not_signed_in() -> Response {
    ApiError::not_signed_in().into_response()
}

/// 403 for nobody, as a filter in front of the resources says it.
pub(in crate::simulator) fn filtered() -> Response {
    message(StatusCode::FORBIDDEN, "Authentication is required.")
}

/// A change by session without `X-Atlassian-Token: no-check`: 403, as text.
pub(in crate::simulator) fn xsrf_check_failed() -> Response {
    (StatusCode::FORBIDDEN, "XSRF check failed").into_response()
}

/// 404 for a path that leads nowhere.
pub(in crate::simulator) fn no_such_path(headers: &HeaderMap) -> Response {
    before_bitbucket(StatusCode::NOT_FOUND, headers)
}

/// 405 for a method that the path does not know.
pub(super) fn wrong_method(headers: &HeaderMap) -> Response {
    before_bitbucket(StatusCode::METHOD_NOT_ALLOWED, headers)
}

/// What answers before any resource of Bitbucket is reached: no list of errors, and XML for whoever
/// does not ask for JSON.
fn before_bitbucket(status: StatusCode, headers: &HeaderMap) -> Response {
    let message = format!("HTTP {status}");
    let code = status.as_u16();
    let accept = headers.get_all(header::ACCEPT).iter();
    let wants_json = accept
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains("application/json"));
    if wants_json {
        let body = json!({"message": message, "status-code": code, "sub-code": -1});
        return send(status, &body);
    }
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><status>\
         <status-code>{code}</status-code><sub-code>-1</sub-code><message>{message}</message></status>"
    );
    (status, [(header::CONTENT_TYPE, "application/xml")], xml).into_response()
}

/// 406, without a body.
pub(super) fn not_acceptable() -> Response {
    StatusCode::NOT_ACCEPTABLE.into_response()
}

/// [`FaultEffect::Status`](crate::simulator::FaultEffect::Status).
pub(in crate::simulator) fn fault(status: u16, message: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    ApiError::new(status, None, message).into_response()
}

/// [`FaultEffect::RateLimited`](crate::simulator::FaultEffect::RateLimited).
pub(in crate::simulator) fn rate_limited(retry_after: Duration) -> Response {
    let message = "You have exceeded the rate limit, please try again later.";
    let mut response =
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, None, message.to_owned()).into_response();
    response.headers_mut().insert(
        header::RETRY_AFTER,
        HeaderValue::from(retry_after.as_secs()),
    );
    response
}

/// [`FaultEffect::Garbage`](crate::simulator::FaultEffect::Garbage).
pub(in crate::simulator) fn garbage() -> Response {
    (
        [(header::CONTENT_TYPE, JSON)],
        "{\"size\":3,\"values\":[{\"ke",
    )
        .into_response()
}
