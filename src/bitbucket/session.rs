//! A session through the login form: where Basic is switched off, the same password still works
//! there, as it does in the browser.
//!
//! `POST {base}/j_atl_security_check` with `j_username`, `j_password` and `submit=Log in` answers with
//! a redirect and a cookie. Neither proves anything: visitors get a cookie too, and whoever still
//! needs another step is led to it. The name on a REST answer does. What was opened is signed out
//! again at `{base}/j_atl_security_logout`, which is the link "Log out" of the web pages. (Form and
//! link as public clients and page objects use them.)

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{LOCATION, SET_COOKIE};
use zeroize::Zeroizing;

use super::answer::{Answer, header};
use super::client::Client;
use super::credentials::SESSION_COOKIE;
use super::error::{Error, ErrorKind};
use crate::secret::Secret;

impl Client {
    /// Opens a session: a client that carries it, and the name of its user. The password is sent
    /// once.
    pub(super) async fn open_session(
        &self,
        user: &str,
        password: &Secret,
    ) -> Result<(Self, String), Error> {
        let encode = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
        let form = Zeroizing::new(format!(
            "j_username={}&j_password={}&submit=Log+in",
            encode(user),
            encode(password.expose())
        ));
        let anonymous = self.signed_out();
        let answer = anonymous
            .submit(
                "sign in through the login form",
                &["j_atl_security_check"],
                &form,
            )
            .await?;
        let led_to = answer.led_to()?;
        let Some(cookie) = answer.session_cookie() else {
            return Err(answer.no_session(led_to));
        };
        let client = anonymous.with_session(&cookie);
        match client.accepted_name().await {
            Ok(name) => Ok((client, name)),
            Err(error) if error.kind == ErrorKind::NotSignedIn => Err(answer.no_session(led_to)),
            Err(error) => {
                client.sign_out().await;
                Err(error)
            }
        }
    }

    /// Ends the session that this client carries, if it carries one. Whether that worked is nobody's
    /// concern: a session that stays ends by itself after a while.
    pub async fn sign_out(&self) {
        if self.credentials().are_session()
            && let Err(error) = self.look("sign out", &["j_atl_security_logout"]).await
        {
            tracing::debug!(%error, "the session could not be signed out");
        }
    }
}

/// Where the login form leads.
#[derive(Debug)]
enum LedTo {
    /// Somewhere on this Bitbucket.
    Page(String),
    /// To another server, or to the page that hands over to one.
    Provider(String),
}

impl Answer {
    /// Where the form led; an error where it was refused, or is none.
    fn led_to(&self) -> Result<LedTo, Error> {
        let reason = header(&self.headers, "X-Seraph-LoginReason").unwrap_or_default();
        let denied = header(&self.headers, "X-Authentication-Denied-Reason").unwrap_or_default();
        if denied.contains("CAPTCHA") || reason.contains("AUTHENTICATION_DENIED") {
            return Err(self.error(ErrorKind::Captcha {
                login_url: self.login_url(denied),
            }));
        }
        if self.status.is_success() {
            // The form once more, with a sentence that says no.
            return Err(self.error(ErrorKind::WrongPassword));
        }
        if !self.status.is_redirection() {
            // No form there, so what Basic was told still stands.
            let is_missing = matches!(self.status.as_u16(), 404 | 405);
            return Err(if is_missing {
                self.error(ErrorKind::BasicDisabled)
            } else {
                self.refused()
            });
        }
        let base = &self.call.base;
        let location = header(&self.headers, LOCATION.as_str());
        let location = location.and_then(|to| base.resolve(&self.call.path, to));
        let location = location.ok_or_else(|| self.error(ErrorKind::Other))?;
        match base.segments_below(&location) {
            Some(path) if path.first().is_some_and(|first| first == "login") => {
                Err(self.error(ErrorKind::WrongPassword))
            }
            Some(path) if !path.iter().any(|part| part == "external-login") => {
                Ok(LedTo::Page(location))
            }
            _ => Ok(LedTo::Provider(location)),
        }
    }

    /// The password was taken, but nobody is signed in.
    fn no_session(&self, led_to: LedTo) -> Error {
        self.error(match led_to {
            LedTo::Page(location) => ErrorKind::SecondStep {
                location: Some(location),
            },
            LedTo::Provider(location) => ErrorKind::SingleSignOn {
                location: Some(location),
            },
        })
        .because("the login form opened no session")
    }

    /// The value of the session's cookie.
    fn session_cookie(&self) -> Option<Zeroizing<String>> {
        let cookies = self.headers.get_all(SET_COOKIE).iter();
        let cookies = cookies.filter_map(|cookie| cookie.to_str().ok());
        let mut values = cookies.filter_map(|cookie| {
            let (name, value) = cookie.split(';').next()?.split_once('=')?;
            (name.trim() == SESSION_COOKIE).then(|| value.trim())
        });
        // An empty value takes a cookie away.
        let value = values.rfind(|value| !value.is_empty())?;
        Some(Zeroizing::new(value.to_owned()))
    }
}
