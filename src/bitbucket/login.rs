//! Logging in as the login page does, which opens a session.

mod json_login;
mod old_form;
mod proof;
mod second_step;

pub use self::second_step::{Code, SecondStep, SignIn};
use super::client::Client;
use super::cookies::Cookies;
use super::entrance::LoginForm;
use super::error::Error;
use crate::secret::Secret;

impl Client {
    /// Sends the password once, through this form; `None`: there is no such form here, and nobody has
    /// looked at the password.
    ///
    /// What has been sent is brought to its end although nobody may wait for it any more, since a session
    /// that is open then has to be signed out.
    pub(super) async fn log_in(
        &self,
        form: LoginForm,
        user: &str,
        password: &Secret,
    ) -> Result<Option<SignIn>, Error> {
        let client = self.with_cookies(Cookies::default());
        match form {
            LoginForm::Json => {
                let wish = json_login::wish(user, password);
                self.unfinished()
                    .to_its_end(async move { client.json_login(&wish).await })
                    .await
            }
            LoginForm::Old => {
                let fields = old_form::fields(user, password);
                self.unfinished()
                    .to_its_end(async move { client.old_form(&fields).await })
                    .await
            }
        }
    }
}
