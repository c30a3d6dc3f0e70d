//! What the answer to a login is worth.

use reqwest::StatusCode;

use crate::bitbucket::answer::Answer;
use crate::bitbucket::client::Client;
use crate::bitbucket::entrance::LoginForm;
use crate::bitbucket::error::{Error, ErrorKind};
use crate::bitbucket::signed_in::{SignInWay, SignedIn};

impl Client {
    /// Whether the cookies that came are somebody's session: the name on a REST answer tells. `answer`
    /// is what the login said.
    pub(super) async fn prove(
        &self,
        form: LoginForm,
        answer: &Answer,
        led_to: Option<String>,
    ) -> Result<SignedIn, Error> {
        if let Some(session) = self.credentials().session() {
            session.set_open();
        }
        let client = self.signing_in();
        match client.accepted_name().await {
            Ok(name) => Ok(client.accepted(&name, SignInWay::Session(form)).await),
            Err(error) => {
                client.sign_out().await;
                Err(match error.kind {
                    ErrorKind::NotSignedIn => answer
                        .error(ErrorKind::Undescribed { location: led_to })
                        .because("no session was opened"),
                    _ => error,
                })
            }
        }
    }
}

impl Answer {
    /// Whether a login has no such path here. Somebody in front who refuses the request does not say that.
    pub(super) fn is_no_such_form(&self) -> bool {
        let is_missing = matches!(
            self.status,
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
        );
        is_missing && self.refused().kind != ErrorKind::Blocked
    }

    /// The error for a login that was refused, where the status alone does not tell why.
    pub(super) fn login_refused(&self) -> Error {
        let mut error = self.refused();
        error.kind = match error.kind {
            // What these mean for a login nobody has described.
            ErrorKind::NotSignedIn
            | ErrorKind::NotPermitted
            | ErrorKind::NotFound
            | ErrorKind::NoSuchPath
            | ErrorKind::PathMoved { .. }
            | ErrorKind::NotAcceptable
            | ErrorKind::Invalid
            | ErrorKind::Conflict
            | ErrorKind::NotJson
            | ErrorKind::Other => ErrorKind::Undescribed {
                location: self.location(),
            },
            kind => kind,
        };
        error
    }
}
