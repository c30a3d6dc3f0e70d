//! What an HTTP answer means.
//!
//! Bitbucket answers 401 also to people whom it knows, 403 also to captchas and policies; proxies and
//! sign-in pages answer HTML with any status. This is the one place that tells them apart.

mod said;
mod web_page;

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION, PROXY_AUTHENTICATE, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use zeroize::Zeroizing;

pub(super) use self::said::reason;
use self::said::{Form, Said};
use super::error::{AccountState, CertificateProblem, Details, Error, ErrorKind};
use super::proxy::Proxy;
use crate::address::{BaseUrl, ClientCertificate};
use crate::text::clean;

/// How far a client has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Anonymous,
    /// The credentials are sent for the first time.
    SigningIn,
    SignedIn,
}

/// One call: what is needed to tell what its answer means, and to name it in an error.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// What it is for, for [`super::activity`].
    pub(super) purpose: &'static str,
    pub(super) base: BaseUrl,
    pub(super) stage: Stage,
    /// A session goes along, by its cookie.
    pub(super) by_session: bool,
    /// Something on the way takes away the name of whoever is signed in.
    pub(super) is_unnamed: bool,
    pub(super) method: Method,
    /// Below the base, percent-encoded, without query.
    pub(super) path: String,
    /// The proxy on the way.
    pub(super) proxy: Option<Proxy>,
    /// The certificate that is shown to a server that wants one.
    pub(super) client_certificate: Option<ClientCertificate>,
}

impl Call {
    /// Whether the call changes anything on the server.
    pub(super) fn writes(&self) -> bool {
        self.method != Method::GET
    }

    /// What a server means that lets nobody in for want of a certificate.
    pub(super) fn certificate_problem(&self) -> CertificateProblem {
        match &self.client_certificate {
            None => CertificateProblem::Wanted,
            Some(own) => CertificateProblem::Refused(clean(&own.file.display().to_string())),
        }
    }

    pub(super) fn error(&self, kind: ErrorKind) -> Error {
        Error {
            kind,
            details: Box::new(Details {
                request: format!("{} {}", self.method, self.path),
                proxy: self.proxy.as_ref().map(|proxy| proxy.address.clone()),
                ..Details::default()
            }),
        }
    }
}

/// An answer, read to its end.
pub(super) struct Answer {
    pub(super) call: Call,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// May hold a new token, so it is wiped.
    pub(super) body: Zeroizing<Vec<u8>>,
}

impl Answer {
    /// The answer itself where it is a success, or what went wrong.
    pub(super) fn check(self) -> Result<Self, Error> {
        if self.status.is_success() && !self.is_nobodys() {
            Ok(self)
        } else {
            Err(self.refused())
        }
    }

    /// The error for an answer that is no success.
    pub(super) fn refused(&self) -> Error {
        let said = Said::read(&self.body);
        let mut error = if self.is_nobodys() {
            let error = self.error(ErrorKind::NotSignedIn);
            error.because("the session has ended")
        } else {
            self.error(self.refusal(&said))
        };
        error.details.outcome_is_unknown = self.call.writes() && !self.is_bitbuckets_refusal(&said);
        error.details.is_bitbuckets = said.form.is_some();
        error.details.may_be_bitbuckets = said.may_be_bitbuckets;
        error.details.message = said.message.or_else(|| {
            let plain_text = self.plain_text();
            plain_text.filter(|_| self.status.is_client_error())
        });
        error.details.field = said.field;
        error.details.exception = said.exception;
        error.details.incident = self.incident();
        error
    }

    /// The number under which whoever stands in front has noted a refusal.
    fn incident(&self) -> Option<String> {
        let is_page = self.is_html();
        is_page.then(|| web_page::incident(&self.body)).flatten()
    }

    /// Whether a page says that the way in leads through a certificate.
    fn wants_certificate(&self) -> bool {
        self.is_html() && web_page::wants_certificate(&self.body)
    }

    /// Whether a page of somebody between here and Bitbucket refuses: Bitbucket itself never answers one
    /// below `/rest`.
    fn is_blocked(&self) -> bool {
        if !self.is_html() || web_page::is_sign_in(&self.body) || self.asks_to_sign_in() {
            return false;
        }
        let refuses = matches!(self.status.as_u16(), 403 | 405 | 406 | 451 | 501);
        let is_rest = is_rest(&self.call.path) && !web_page::is_tomcats(&self.body);
        // Some firewalls answer 200 or 400: then their number tells.
        let may_refuse = refuses || self.status.is_success() || self.status.as_u16() == 400;
        (refuses && is_rest) || (may_refuse && self.incident().is_some())
    }

    /// Whether it says for certain that nothing was done: it bears the mark of whoever refuses
    /// before anything happens. A server that fails, a redirect or a web page says nothing about what
    /// became of a write.
    fn is_bitbuckets_refusal(&self, said: &Said) -> bool {
        match self.status {
            StatusCode::TOO_MANY_REQUESTS => true,
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => self.call.proxy.is_some(),
            status => status.is_client_error() && (said.form.is_some() || self.wants_captcha()),
        }
    }

    /// The body of a success.
    pub(super) fn json(&self) -> Result<Value, Error> {
        serde_json::from_slice(&self.body).map_err(|_| self.unreadable())
    }

    /// The error for a success whose body is not what it should be.
    pub(super) fn unreadable(&self) -> Error {
        let kind = if self.is_html() && web_page::is_sign_in(&self.body) {
            ErrorKind::SingleSignOn { location: None }
        } else if self.is_blocked() {
            ErrorKind::Blocked
        } else {
            ErrorKind::NotJson
        };
        let cause = if self.is_html() {
            "a web page instead of JSON"
        } else {
            "not the JSON that Bitbucket sends"
        };
        let mut error = self.error(kind).because(cause);
        error.details.outcome_is_unknown = self.call.writes();
        error.details.incident = self.incident();
        error
    }

    /// An error about this answer.
    pub(super) fn error(&self, kind: ErrorKind) -> Error {
        let mut error = self.call.error(kind);
        error.details.status = Some(self.status.as_u16());
        error
    }

    pub(super) fn is_html(&self) -> bool {
        let content_type = header(&self.headers, CONTENT_TYPE.as_str()).unwrap_or_default();
        content_type.contains("html")
            || self.body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<')
    }

    /// Who the server takes us for: Bitbucket says so on every authenticated answer.
    pub(super) fn user_name(&self) -> Option<String> {
        // Percent-encoded; as bytes, in case something on the way has decoded it.
        let name = self.headers.get("X-AUSERNAME")?.as_bytes();
        let name = percent_encoding::percent_decode(name).decode_utf8_lossy();
        let name = clean(&name);
        (!name.is_empty()).then_some(name)
    }

    /// Whether a session was sent along that the server no longer knows. It says so only by leaving
    /// the name out: whoever is not signed in gets what everybody may see.
    fn is_nobodys(&self) -> bool {
        let is_answer = match self.status {
            // What was changed was changed.
            status if status.is_success() => !self.call.writes(),
            StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND => true,
            _ => false,
        };
        let is_named = !self.call.is_unnamed && self.call.stage == Stage::SignedIn;
        self.call.by_session
            && is_named
            && is_answer
            && !self.is_html()
            && self.user_name().is_none()
    }

    fn refusal(&self, said: &Said) -> ErrorKind {
        match self.status {
            status if status.is_redirection() => self.redirection(),
            status if status.is_client_error() && self.wants_certificate() => {
                ErrorKind::ClientCertificate(self.call.certificate_problem())
            }
            _ if self.is_blocked() => ErrorKind::Blocked,
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => self.denial(said),
            StatusCode::NOT_FOUND if said.form == Some(Form::Errors) => ErrorKind::NotFound,
            StatusCode::NOT_FOUND => ErrorKind::NoSuchPath,
            StatusCode::METHOD_NOT_ALLOWED if said.form.is_none() => ErrorKind::Denied,
            StatusCode::NOT_ACCEPTABLE => ErrorKind::NotAcceptable,
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => match &self.call.proxy {
                Some(proxy) => ErrorKind::Proxy {
                    address: proxy.address.clone(),
                    problem: proxy.wants(
                        self.headers
                            .get_all(PROXY_AUTHENTICATE)
                            .iter()
                            .filter_map(|value| value.to_str().ok()),
                    ),
                },
                None => ErrorKind::Denied,
            },
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => match said.form {
                Some(_) => ErrorKind::Invalid,
                None => ErrorKind::NotJson,
            },
            StatusCode::CONFLICT => ErrorKind::Conflict,
            StatusCode::TOO_MANY_REQUESTS => ErrorKind::RateLimited {
                retry_after: retry_after(&self.headers),
            },
            StatusCode::BAD_GATEWAY
            | StatusCode::SERVICE_UNAVAILABLE
            | StatusCode::GATEWAY_TIMEOUT => ErrorKind::Unavailable,
            status if status.is_server_error() => ErrorKind::ServerFault,
            _ => ErrorKind::Other,
        }
    }

    /// Where a redirect leads, without its query.
    pub(super) fn location(&self) -> Option<String> {
        let to = header(&self.headers, LOCATION.as_str())?;
        self.call.base.resolve(&self.call.path, to)
    }

    /// The same with its query, to go there.
    pub(super) fn leads_to(&self) -> Option<String> {
        let to = header(&self.headers, LOCATION.as_str())?;
        self.call.base.offered_page(&self.call.path, to)
    }

    /// When the server sent it, by its own clock.
    pub(super) fn date(&self) -> Option<Timestamp> {
        header(&self.headers, DATE.as_str()).and_then(http_date)
    }

    /// Where what was asked for is now, below the base: a redirect of Bitbucket's own from one REST path
    /// to another, as for repositories that have moved.
    pub(super) fn moved_path(&self) -> Option<String> {
        let location = self.location().filter(|_| self.status.is_redirection())?;
        let path = location.strip_prefix(&self.call.base.to_string())?;
        let is_other = path != self.call.path;
        (is_other && is_rest(path) && is_rest(&self.call.path)).then(|| path.to_owned())
    }

    fn redirection(&self) -> ErrorKind {
        if let Some(path) = self.moved_path() {
            return ErrorKind::PathMoved { path };
        }
        let Call { base, path, .. } = &self.call;
        let location = self.location();
        let moved = location.as_ref().and_then(|to| base.moved(path, to));
        match moved {
            Some(to) => ErrorKind::Moved { to },
            None => ErrorKind::SingleSignOn { location },
        }
    }

    /// 401 and 403.
    fn denial(&self, said: &Said) -> ErrorKind {
        let exception = said.exception.as_deref().unwrap_or_default();
        if self.wants_captcha() || exception.ends_with("CaptchaRequiredAuthenticationException") {
            return ErrorKind::Captcha {
                login_url: self.login_url(self.denied_reason()),
            };
        }
        let message = said.message.as_deref().unwrap_or_default();
        let message = message.to_ascii_lowercase();
        if message.contains("basic auth") && message.contains("disabled") {
            return ErrorKind::BasicDisabled;
        }
        if message.contains("elevated session") {
            return ErrorKind::ElevatedSession;
        }
        if exception.ends_with("AuthenticationRequiredException") {
            // Its message is that of a missing right.
            return ErrorKind::NotSignedIn;
        }
        if exception.ends_with("AuthorisationException") {
            return ErrorKind::NotPermitted;
        }
        if exception.ends_with("IncorrectPasswordAuthenticationException") {
            return ErrorKind::WrongPassword;
        }
        if exception.ends_with("AuthenticationException") {
            return ErrorKind::AccountRefused(account_state(exception));
        }
        let text = self.plain_text().unwrap_or_default();
        if text.to_ascii_lowercase().contains("xsrf check failed") {
            return ErrorKind::XsrfCheckFailed;
        }
        if self.user_name().is_some() {
            return ErrorKind::NotPermitted;
        }
        if self.is_html() && (web_page::is_sign_in(&self.body) || self.asks_to_sign_in()) {
            return ErrorKind::SingleSignOn { location: None };
        }
        let is_bitbuckets = said.form.is_some();
        match self.call.stage {
            _ if self.is_html() => ErrorKind::Denied,
            _ if self.status == StatusCode::FORBIDDEN && is_bitbuckets => ErrorKind::NotPermitted,
            _ if self.status == StatusCode::FORBIDDEN => ErrorKind::Denied,
            Stage::SigningIn if said.form == Some(Form::Errors) => ErrorKind::WrongPassword,
            Stage::SigningIn => ErrorKind::Denied,
            // Whoever is known is named on every answer.
            Stage::Anonymous | Stage::SignedIn => ErrorKind::NotSignedIn,
        }
    }

    /// Whether a page has one of these in it, in small letters.
    pub(super) fn says(&self, signs: &[&str]) -> bool {
        web_page::has(&self.body, signs)
    }

    /// Whether a page that refuses says what is missing.
    fn asks_to_sign_in(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
            && web_page::has(&self.body, &["sign in", "sign-in", "log in", "login"])
    }

    pub(super) fn denied_reason(&self) -> &str {
        header(&self.headers, "X-Authentication-Denied-Reason").unwrap_or_default()
    }

    pub(super) fn wants_captcha(&self) -> bool {
        self.denied_reason().contains("CAPTCHA")
    }

    /// From `CAPTCHA_CHALLENGE; login-url=https://host/login`.
    pub(super) fn login_url(&self, denied: &str) -> Option<String> {
        let (_, url) = denied.split_once("login-url=")?;
        let url = url.split(';').next()?.trim();
        self.call.base.resolve(&self.call.path, url)
    }
}

fn is_rest(path: &str) -> bool {
    path.starts_with("/rest/")
}

/// From names such as `…auth.InactiveUserAuthenticationException`.
fn account_state(exception: &str) -> AccountState {
    let name = exception.rsplit('.').next().unwrap_or_default();
    [
        ("Inactive", AccountState::Inactive),
        ("Expired", AccountState::PasswordExpired),
        ("Locked", AccountState::Locked),
        ("NoAccess", AccountState::NoLicence),
    ]
    .into_iter()
    .find_map(|(part, state)| name.contains(part).then_some(state))
    .unwrap_or(AccountState::Other)
}

/// A header as text; what is not ASCII counts as missing.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// Seconds, or a date (RFC 9110, 10.2.3). The date is on the server's clock, so it is compared with
/// the server's own `Date` where there is one.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = header(headers, RETRY_AFTER.as_str())?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = http_date(text)?;
    let now = header(headers, DATE.as_str()).and_then(http_date);
    let wait = at.duration_since(now.unwrap_or_else(Timestamp::now));
    Some(Duration::try_from(wait).unwrap_or_default())
}

pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()
}
