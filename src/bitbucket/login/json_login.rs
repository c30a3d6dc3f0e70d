//! The login of newer servers: their login page sends JSON, and so do we.
//!
//! `POST /rest/tsv/latest/authenticate` answers 200 with the session's cookie, 401 with the reason, or
//! 412 with the next step. (The vendor's description of 9.4 and later.)

use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde_json::Value;
use zeroize::Zeroizing;

use super::second_step::{SecondStep, SignIn};
use crate::bitbucket::answer::Answer;
use crate::bitbucket::body::SecretJson;
use crate::bitbucket::client::Client;
use crate::bitbucket::entrance::LoginForm;
use crate::bitbucket::error::{AccountState, Error, ErrorKind};
use crate::bitbucket::fields::text;
use crate::secret::Secret;

/// What the login page sends. (Its empty fields too, as a client that is used on real servers does.)
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wish<'a> {
    username: &'a str,
    password: &'a str,
    remember_me: bool,
    target_url: &'a str,
    captcha_id: Option<&'a str>,
    captcha_challenge: Option<&'a str>,
}

pub(super) fn wish(user: &str, password: &Secret) -> SecretJson {
    let wish = Wish {
        username: user,
        password: password.expose(),
        remember_me: false,
        target_url: "",
        captcha_id: None,
        captcha_challenge: None,
    };
    SecretJson::new(
        &wish,
        r#"{"username":"…","password":"…","rememberMe":false}"#,
    )
}

impl Client {
    pub(super) async fn json_login(&self, wish: &SecretJson) -> Result<Option<SignIn>, Error> {
        let answer = self
            .log_in_step("sign in as the login page does", &[], wish)
            .await?;
        match answer.status {
            status if status.is_success() => {
                let signed_in = self.prove(LoginForm::Json, &answer, None).await?;
                Ok(Some(SignIn::Done(signed_in)))
            }
            _ if answer.is_no_such_form() => Ok(None),
            StatusCode::PRECONDITION_FAILED => {
                Ok(Some(SignIn::SecondStep(self.next_step(&answer)?)))
            }
            _ => {
                let error = answer.credentials_refused();
                // What is not open to anonymous callers has not looked at the password either.
                let exception = error.exception().unwrap_or_default();
                let is_closed = exception.ends_with("AuthorisationException")
                    || exception.ends_with("AuthenticationRequiredException");
                if is_closed { Ok(None) } else { Err(error) }
            }
        }
    }

    /// One request of the login, answered with whatever came.
    pub(super) async fn log_in_step(
        &self,
        purpose: &'static str,
        below: &[&str],
        body: &SecretJson,
    ) -> Result<Answer, Error> {
        let path = [&["rest", "tsv", "latest", "authenticate"], below].concat();
        self.submit_json(purpose, Method::POST, &path, body).await
    }

    fn next_step(&self, answer: &Answer) -> Result<SecondStep, Error> {
        let value = answer.json().unwrap_or_default();
        let step = text(&value, "nextLoginStep").unwrap_or_default();
        // Kept exactly: it goes back to the server.
        let conversation = value.get("conversationId").and_then(Value::as_str);
        match (step.as_str(), conversation) {
            ("TOTP_CODE_VERIFICATION", Some(conversation)) => {
                let conversation = Secret::new(Zeroizing::new(conversation.to_owned()));
                Ok(SecondStep::new(self.clone(), conversation))
            }
            ("ENROLLMENT", _) => Err(answer.error(ErrorKind::Enrolment)),
            (step, _) => {
                let mut error = answer.login_refused();
                error.kind = ErrorKind::Undescribed { location: None };
                Err(match step {
                    "" => error,
                    step => error.because(format!("the next step would be {step}")),
                })
            }
        }
    }
}

impl Answer {
    /// `{"captchaRequired":bool,"message":"…"}`, or something else that says no.
    pub(super) fn credentials_refused(&self) -> Error {
        let mut error = self.login_refused();
        let value = self.json().unwrap_or_default();
        if self.status != StatusCode::UNAUTHORIZED || !value.is_object() {
            return error;
        }
        match value.get("captchaRequired").and_then(Value::as_bool) {
            Some(true) => error.kind = ErrorKind::Captcha { login_url: None },
            Some(false) => error.kind = reason(error.server_message().unwrap_or_default()),
            None => {}
        }
        error
    }
}

/// Why somebody is not let in, as far as the server's words say so; they are shown as well.
fn reason(message: &str) -> ErrorKind {
    let message = message.to_lowercase();
    [
        ("licen", AccountState::NoLicence),
        ("expired", AccountState::PasswordExpired),
        ("locked", AccountState::Locked),
        ("inactive", AccountState::Inactive),
        ("not active", AccountState::Inactive),
        ("deactivated", AccountState::Inactive),
    ]
    .into_iter()
    .find_map(|(word, state)| {
        message
            .contains(word)
            .then_some(ErrorKind::AccountRefused(state))
    })
    .unwrap_or_else(|| {
        // Also in other languages; where it says something else, that is told and nothing guessed.
        let is_credentials = ["passwor", "credential", "authentication failed"];
        let is_credentials = is_credentials.iter().any(|word| message.contains(word));
        if is_credentials || message.is_empty() {
            ErrorKind::WrongPassword
        } else {
            ErrorKind::AccountRefused(AccountState::Other)
        }
    })
}
