//! The login form of older servers.
//!
//! `POST {base}/j_atl_security_check` with `j_username`, `j_password` and `submit=Log in` answers with a
//! redirect away from the login page and a cookie. (As public clients use it.)

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::LOCATION;
use zeroize::Zeroizing;

use super::second_step::SignIn;
use crate::bitbucket::answer::{Answer, header};
use crate::bitbucket::client::Client;
use crate::bitbucket::entrance::LoginForm;
use crate::bitbucket::error::{Error, ErrorKind};
use crate::bitbucket::login_page;
use crate::secret::Secret;

pub(super) fn fields(user: &str, password: &Secret) -> Zeroizing<String> {
    let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    // Room for everything: what grows leaves copies behind.
    let room = 64 + 3 * (user.len() + password.expose().len());
    let mut fields = Zeroizing::new(String::with_capacity(room));
    fields.push_str("j_username=");
    fields.extend(encode(user));
    fields.push_str("&j_password=");
    fields.extend(encode(password.expose()));
    fields.push_str("&submit=Log+in");
    fields
}

impl Client {
    pub(super) async fn old_form(
        &self,
        fields: &Zeroizing<String>,
    ) -> Result<Option<SignIn>, Error> {
        let answer = self
            .exchange_form(
                "sign in through the login form",
                &["j_atl_security_check"],
                fields,
            )
            .await?;
        if answer.is_no_such_form() {
            return Ok(None);
        }
        let page = answer.led_to()?;
        let is_elsewhere = self.base().segments_below(&page).is_none();
        let proved = self.prove(LoginForm::Old, &answer, Some(page.clone()));
        match proved.await {
            Ok(signed_in) => Ok(Some(SignIn::Done(signed_in))),
            Err(mut error) => {
                let is_undescribed = matches!(error.kind, ErrorKind::Undescribed { .. });
                if is_undescribed && self.is_back_at_form(&page).await {
                    error.kind = ErrorKind::WrongPassword;
                } else if is_undescribed && is_elsewhere {
                    // Another address of this server has opened a session; somebody else's page has not.
                    error.kind = ErrorKind::SingleSignOn {
                        location: Some(page),
                    };
                }
                Err(error)
            }
        }
    }
}

impl Client {
    /// Whether a page is this server's login page under another of its addresses: a server that is known by
    /// several names leads back to its form under the one that it thinks of as its own.
    async fn is_back_at_form(&self, page: &str) -> bool {
        page.ends_with("/login") && self.signed_out().login_page().await == Some(LoginForm::Old)
    }
}

impl Answer {
    /// The page that the form led to, which may name another address of this server than the one that
    /// was asked; an error where it was refused.
    fn led_to(&self) -> Result<String, Error> {
        let reason = header(&self.headers, "X-Seraph-LoginReason").unwrap_or_default();
        if self.wants_captcha() || reason.contains("AUTHENTICATION_DENIED") {
            return Err(self.error(ErrorKind::Captcha {
                login_url: self.login_url(self.denied_reason()),
            }));
        }
        let undescribed = |location| self.error(ErrorKind::Undescribed { location });
        if self.status.is_success() {
            // The form once more, with a sentence that says no.
            return Err(if login_page::has_old_form(&self.body) {
                self.error(ErrorKind::WrongPassword)
            } else {
                undescribed(None).because("a page that is not the login form")
            });
        }
        if !self.status.is_redirection() {
            return Err(self.login_refused());
        }
        let base = &self.call.base;
        let location = header(&self.headers, LOCATION.as_str());
        let location = location.and_then(|to| base.resolve(&self.call.path, to));
        let location = location.ok_or_else(|| undescribed(None))?;
        let below = base.segments_below(&location);
        match below.as_deref() {
            // Back to the form.
            Some([login]) if login == "login" => Err(self.error(ErrorKind::WrongPassword)),
            Some(path) if path.iter().any(|part| part == "external-login") => {
                Err(self.error(ErrorKind::SingleSignOn {
                    location: Some(location),
                }))
            }
            _ => Ok(location),
        }
    }
}
