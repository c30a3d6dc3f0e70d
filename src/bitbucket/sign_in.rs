//! Signing in: with user name and password, or with a token to look around.

use super::client::Client;
use super::entrance::LoginForm;
use super::error::{Error, ErrorKind};
use super::login::SignIn;
use super::signed_in::{SignInWay, SignedIn, TokenOwner};
use crate::secret::Secret;

impl Client {
    /// Signs in with user name and password, and finds out who that is: as Basic where that may be on,
    /// else through the form that the login page has. What the server tells beforehand decides.
    ///
    /// The password goes to at most one way that can refuse it: a way that is switched off or not there
    /// does not look at it, and each wrong password brings the captcha nearer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongPassword`], [`ErrorKind::Captcha`], [`ErrorKind::AccountRefused`],
    /// [`ErrorKind::Enrolment`], [`ErrorKind::SingleSignOn`]; [`ErrorKind::BasicDisabled`] where
    /// there is no login form either; [`ErrorKind::NotSignedIn`] where the server answers as to an
    /// anonymous visitor, because something in between drops the password; [`ErrorKind::Undescribed`]
    /// for every other answer; [`ErrorKind::Invalid`] for a user name with a colon, which is not sent.
    pub async fn sign_in(&self, user: &str, password: &Secret) -> Result<SignIn, Error> {
        let client = self.with_password(user, password)?;
        let mut refusal = None;
        if self.may_take_basic(user) {
            match client.accepted_name().await {
                Ok(name) => {
                    // A personal token works as a password, for everything but tokens.
                    let way = if password.is_token() {
                        SignInWay::Token(TokenOwner::Person)
                    } else {
                        SignInWay::Password
                    };
                    return Ok(SignIn::Done(client.accepted(&name, way).await));
                }
                Err(error) if error.kind == ErrorKind::BasicDisabled => refusal = Some(error),
                Err(error) => return Err(error),
            }
        }
        if password.is_token() {
            // No form takes it, and each would count it as a wrong password.
            return Ok(SignIn::Done(self.sign_in_with_token(password).await?));
        }
        let forms = self.login_forms().await;
        for form in &forms {
            if let Some(outcome) = self.log_in(*form, user, password).await? {
                return Ok(outcome);
            }
        }
        // The JSON login is not there after all: is the old form?
        if forms == [LoginForm::Json]
            && self.signed_out().login_page().await == Some(LoginForm::Old)
            && let Some(outcome) = self.log_in(LoginForm::Old, user, password).await?
        {
            return Ok(outcome);
        }
        Err(refusal.unwrap_or_else(|| ErrorKind::BasicDisabled.into()))
    }

    /// Signs in with an HTTP access token, to look around, and finds out whom it acts as.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongPassword`] for a token that is unknown, revoked or expired;
    /// [`ErrorKind::Invalid`] for something that is no token, which is not sent.
    pub async fn sign_in_with_token(&self, token: &Secret) -> Result<SignedIn, Error> {
        let client = self.with_token(token)?;
        let name = client.accepted_name().await?;
        let way = SignInWay::Token(TokenOwner::Person);
        Ok(client.accepted(&name, way).await)
    }
}
