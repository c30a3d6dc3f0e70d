//! Two-step verification: after the password the server wants a code.

use std::fmt;

use reqwest::StatusCode;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::bitbucket::body::SecretJson;
use crate::bitbucket::client::Client;
use crate::bitbucket::entrance::LoginForm;
use crate::bitbucket::error::{Error, ErrorKind};
use crate::bitbucket::signed_in::SignedIn;
use crate::secret::Secret;

/// What a right password leads to.
#[derive(Debug)]
pub enum SignIn {
    /// To a client that is signed in.
    Done(SignedIn),
    /// To two-step verification: the server wants a code now.
    SecondStep(SecondStep),
}

impl SignIn {
    /// Whoever is signed in without a second step.
    #[must_use]
    pub fn done(self) -> Option<SignedIn> {
        match self {
            Self::Done(signed_in) => Some(signed_in),
            Self::SecondStep(_) => None,
        }
    }
}

/// The password was right, and the server waits for a code.
pub struct SecondStep {
    /// Carries the cookies of the login, which are nobody's session yet.
    client: Client,
    /// Which login the server is to go on with.
    conversation: Secret,
}

/// What the server is shown as the second step.
#[derive(Debug)]
pub enum Code {
    /// The six digits of an authenticator app.
    App(Secret),
    /// One of the codes that Bitbucket gave out for the day on which the app is not at hand.
    Recovery(Secret),
}

/// So many digits has the code of an app.
const DIGITS: usize = 6;

impl Code {
    /// What somebody typed or pasted: six digits, however they are spaced, are the app's, everything else
    /// is a recovery code. `None`: nothing.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = Self::digits(text).map(Self::App);
        let recovery = || (!text.is_empty()).then(|| Self::Recovery(Secret::new(text.to_owned())));
        digits.or_else(recovery)
    }

    /// The six digits of an app, without the blanks and hyphens that may stand between them.
    #[must_use]
    pub fn digits(text: &str) -> Option<Secret> {
        let mut digits = Zeroizing::new(String::with_capacity(text.len()));
        digits.extend(text.chars().filter(|it| !it.is_whitespace() && *it != '-'));
        let is_code = digits.len() == DIGITS && digits.bytes().all(|it| it.is_ascii_digit());
        is_code.then(|| Secret::new(digits))
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AppCode<'a> {
    conversation_id: &'a str,
    totp_code: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecoveryCode<'a> {
    conversation_id: &'a str,
    recovery_code: &'a str,
}

impl SecondStep {
    pub(super) fn new(client: Client, conversation: Secret) -> Self {
        Self {
            client,
            conversation,
        }
    }

    /// Sends the code, once.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongCode`], after which another code may be sent; [`ErrorKind::LoginOver`]: the
    /// sign-in has to begin anew; and what can go wrong with every sign-in.
    pub async fn verify(&self, code: &Code) -> Result<SignedIn, Error> {
        let conversation_id = self.conversation.expose();
        let (path, body) = match code {
            Code::App(code) => (
                "totp-code",
                SecretJson::new(
                    &AppCode {
                        conversation_id,
                        totp_code: code.expose(),
                    },
                    r#"{"conversationId":"…","totpCode":"…"}"#,
                ),
            ),
            Code::Recovery(code) => (
                "recovery-code",
                SecretJson::new(
                    &RecoveryCode {
                        conversation_id,
                        recovery_code: code.expose(),
                    },
                    r#"{"conversationId":"…","recoveryCode":"…"}"#,
                ),
            ),
        };
        let client = self.client.clone();
        self.client
            .unfinished()
            .to_its_end(async move { client.send_code(path, &body).await })
            .await
    }
}

impl Client {
    async fn send_code(&self, path: &str, body: &SecretJson) -> Result<SignedIn, Error> {
        let answer = self
            .log_in_step("send the two-step verification code", &[path], body)
            .await?;
        if answer.status.is_success() {
            return self.prove(LoginForm::Json, &answer, None).await;
        }
        let mut error = answer.credentials_refused();
        let is_captcha = matches!(error.kind, ErrorKind::Captcha { .. });
        match answer.status {
            StatusCode::UNAUTHORIZED if !is_captcha && !answer.is_html() => {
                error.kind = ErrorKind::WrongCode;
            }
            StatusCode::BAD_REQUEST => error.kind = ErrorKind::LoginOver,
            _ => {}
        }
        Err(error)
    }
}

impl fmt::Debug for SecondStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecondStep")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn six_digits_are_read_however_they_are_spaced() {
        for text in ["123456", " 123 456\r\n", "12-34-56", "123\u{a0}456"] {
            assert!(
                matches!(Code::read(text), Some(Code::App(code)) if code.expose() == "123456"),
                "{text:?}"
            );
        }
        for text in ["12345", "1234567", "abcd-efgh", "１２３４５６"] {
            assert!(
                matches!(Code::read(text), Some(Code::Recovery(code)) if code.expose() == text),
                "{text:?}"
            );
        }
        assert!(Code::read(" \n").is_none());
    }
}
