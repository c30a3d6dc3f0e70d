//! The JSON login, its second step, and elevated sessions: `/rest/tsv`.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use super::error::{ApiError, login_refusal, message, send};
use super::request::{Fields, Signed};
use crate::simulator::auth::{Caller, Refusal};
use crate::simulator::session::SecondStepError;
use crate::simulator::shared::Shared;
use crate::simulator::web;
use crate::simulator::world::{Second, SignIn, UserId};

/// The resources, under one name of the API's version.
pub(super) fn routes(version: &str) -> Router<Arc<Shared>> {
    let login = format!("/rest/tsv/{version}/authenticate");
    let elevate = format!("/rest/tsv/{version}/elevate-permissions");
    Router::new()
        .route(&login, post(authenticate))
        .route(&format!("{login}/totp-code"), post(totp_code))
        .route(&format!("{login}/recovery-code"), post(recovery_code))
        .route(&format!("{login}/captcha"), get(captcha))
        .route(&elevate, get(elevated))
        .route(&format!("{elevate}/password"), post(elevate_with_password))
        .route(&format!("{elevate}/totp"), post(elevate_with_code))
        .route(
            &format!("{elevate}/recovery-code"),
            post(elevate_with_recovery_code),
        )
}

/// `POST /authenticate`: 200 with a session, 401, or 412 where a second step comes.
async fn authenticate(
    State(shared): State<Arc<Shared>>,
    request: Request,
) -> Result<Response, ApiError> {
    let fields = Fields::read(request).await?;
    let name = fields.text("username");
    let is_solved = ["captchaId", "captchaChallenge"]
        .iter()
        .all(|field| !fields.text(field).trim().is_empty());
    let id = match shared.check_login(name, fields.text("password"), is_solved) {
        Ok(id) => id,
        Err(refusal) => return Ok(refused(&shared, name, refusal)),
    };
    let step = match shared.world.user(id).sign_in {
        SignIn::TwoStep => "TOTP_CODE_VERIFICATION",
        SignIn::Enrolment => "ENROLLMENT",
        _ => return signed_in(&shared, id, Some(fields.text("targetUrl"))),
    };
    let now = shared.options.clock.now().time;
    let awaits_code = step == "TOTP_CODE_VERIFICATION";
    let sessions = &shared.sessions;
    let conversation = sessions.begin_second_step(id, awaits_code, now);
    let conversation = conversation.ok_or_else(ApiError::no_randomness)?;
    let body = json!({"conversationId": conversation, "nextLoginStep": step});
    let response = send(StatusCode::PRECONDITION_FAILED, &body);
    Ok(web::with_session(response, &shared, web::NOBODY))
}

/// 401, with whether the next attempt has to solve a captcha.
fn refused(shared: &Shared, name: &str, refusal: Refusal) -> Response {
    let world = &shared.world;
    let id = world.user_by_name(name.trim());
    let captcha = id.is_some_and(|id| shared.sessions.needs_captcha(id, world.user(id)));
    let body = json!({"captchaRequired": captcha, "message": login_refusal(refusal)});
    send(StatusCode::UNAUTHORIZED, &body)
}

/// A new session. `target` is where the login page goes on; `None` where the answer has no body.
fn signed_in(shared: &Shared, id: UserId, target: Option<&str>) -> Result<Response, ApiError> {
    let session = shared.sessions.open(id);
    let session = session.ok_or_else(ApiError::no_randomness)?;
    let response = match target {
        Some(target) => {
            let next = web::local(target).unwrap_or("/dashboard");
            let next = format!("{}{next}", shared.address);
            send(StatusCode::OK, &json!({ "next": next }))
        }
        None => StatusCode::NO_CONTENT.into_response(),
    };
    Ok(web::with_session(response, shared, &session))
}

/// `POST /authenticate/totp-code`: 204 with a session, 401 for a wrong code, 400 where the
/// conversation is over.
async fn totp_code(
    State(shared): State<Arc<Shared>>,
    request: Request,
) -> Result<Response, ApiError> {
    let fields = Fields::read(request).await?;
    let now = shared.options.clock.now().time;
    let is_right = |id| {
        let second = shared.second_of(id);
        second.is_some_and(|second| second.is_code(fields.text("totpCode"), now))
    };
    let conversation = fields.text("conversationId");
    match shared.sessions.finish_by_code(conversation, now, is_right) {
        Ok(id) => signed_in(&shared, id, None),
        Err(error) => Ok(second_step_failed(error, "The code is incorrect.")),
    }
}

/// `POST /authenticate/recovery-code`: 200 with a session; else as a code.
async fn recovery_code(
    State(shared): State<Arc<Shared>>,
    request: Request,
) -> Result<Response, ApiError> {
    let fields = Fields::read(request).await?;
    let finished = shared.sessions.finish_by_recovery_code(
        fields.text("conversationId"),
        fields.text("recoveryCode"),
        shared.options.clock.now().time,
        |id| shared.second_of(id),
    );
    match finished {
        Ok(id) => signed_in(&shared, id, Some("")),
        Err(error) => Ok(second_step_failed(error, "The recovery code is incorrect.")),
    }
}

fn second_step_failed(error: SecondStepError, wrong: &str) -> Response {
    match error {
        SecondStepError::WrongCode => message(StatusCode::UNAUTHORIZED, wrong),
        SecondStepError::Over => message(
            StatusCode::BAD_REQUEST,
            "The conversation cannot be found or is not valid.",
        ),
    }
}

/// `GET /authenticate/captcha`: a picture to be solved.
async fn captcha(State(shared): State<Arc<Shared>>) -> Response {
    let body = json!({
        "captchaId": "nordwind",
        "captchaImageUrl": format!("{}{}", shared.base_url, web::CAPTCHA),
    });
    send(StatusCode::OK, &body)
}

/// `GET /elevate-permissions`: 204 in an elevated session, else 401 with what would elevate it.
async fn elevated(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let id = session_of(&caller)?;
    if shared.sessions.is_elevated(&headers) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(shared.wants_elevation(id))
}

async fn elevate_with_password(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    request: Request,
) -> Result<Response, ApiError> {
    let id = session_of(&caller)?;
    let headers = request.headers().clone();
    let fields = Fields::read(request).await?;
    let is_right = shared.is_password_of(id, fields.text("password"));
    Ok(answer_elevation(
        &shared,
        &headers,
        is_right,
        "The password is incorrect.",
    ))
}

/// Elevates the session, or says what was wrong.
fn answer_elevation(shared: &Shared, headers: &HeaderMap, is_right: bool, wrong: &str) -> Response {
    if !is_right {
        return message(StatusCode::BAD_REQUEST, wrong);
    }
    shared.sessions.elevate(headers);
    StatusCode::NO_CONTENT.into_response()
}

async fn elevate_with_code(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    request: Request,
) -> Result<Response, ApiError> {
    let id = session_of(&caller)?;
    let headers = request.headers().clone();
    let fields = Fields::read(request).await?;
    let now = shared.options.clock.now().time;
    let second = shared.second_of(id);
    let is_right = second.is_some_and(|second| second.is_code(fields.text("totpCode"), now));
    Ok(answer_elevation(
        &shared,
        &headers,
        is_right,
        "The code is incorrect.",
    ))
}

async fn elevate_with_recovery_code(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    request: Request,
) -> Result<Response, ApiError> {
    let id = session_of(&caller)?;
    let headers = request.headers().clone();
    let fields = Fields::read(request).await?;
    let code = fields.text("recoveryCode");
    let sessions = &shared.sessions;
    let counts = |second| sessions.spend_recovery_code(id, second, code);
    if !shared.second_of(id).is_some_and(counts) {
        let wrong = "The recovery code is incorrect.";
        return Ok(message(StatusCode::BAD_REQUEST, wrong));
    }
    sessions.elevate(&headers);
    Ok(send(StatusCode::OK, &json!({ "recoveryCode": code })))
}

/// Only a session can be elevated.
fn session_of(caller: &Caller) -> Result<UserId, ApiError> {
    match caller {
        Caller::User {
            user,
            session: true,
        } => Ok(*user),
        _ => Err(ApiError::refused_to(caller)),
    }
}

impl Shared {
    /// A password at the JSON login: that of somebody whom only the identity provider signs in is
    /// unknown here.
    fn check_login(
        &self,
        name: &str,
        password: &str,
        captcha_is_solved: bool,
    ) -> Result<UserId, Refusal> {
        let id = self.world.user_by_name(name.trim());
        let is_ours = |id| self.sign_in_of(self.world.user(id)) != SignIn::SingleSignOn;
        if !id.is_some_and(is_ours) {
            return Err(Refusal::WrongCredentials);
        }
        self.check_password(name, password, captcha_is_solved)
    }

    fn second_of(&self, id: UserId) -> Option<&Second> {
        self.world.user(id).second.as_ref()
    }

    /// 401 for what only an elevated session may do.
    pub(in crate::simulator) fn wants_elevation(&self, id: UserId) -> Response {
        let methods = match self.second_of(id) {
            Some(_) => json!(["TOTP"]),
            None => json!(["PASSWORD"]),
        };
        let body = json!({
            "elevationMethods": methods,
            "message": "This request requires an elevated session.",
        });
        send(StatusCode::UNAUTHORIZED, &body)
    }
}
