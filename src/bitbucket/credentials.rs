//! What a client shows with every request, so that the server lets it in.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::error::{Error, ErrorKind};
use super::grant::Grant;
use super::session::Session;
use crate::address::BaseUrl;
use crate::secret::Secret;

/// What goes with every request. One kind excludes the others: what carries a token carries no
/// session.
pub(super) enum Credentials {
    /// Nothing: an anonymous visitor.
    None,
    /// The value of the header `Authorization`: a password or a token.
    Authorization(Secret),
    /// Cookies: a session.
    Session(Session),
    /// An access token of OAuth 2, which is renewed from time to time.
    Grant(Arc<Grant>),
}

impl Credentials {
    /// A password, as Basic authentication (RFC 7617).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for a user name with a colon, where Basic would end it.
    pub(super) fn password(user: &str, password: &Secret) -> Result<Self, Error> {
        if user.contains(':') {
            return Err(Error::from(ErrorKind::Invalid)
                .because("a user name with a colon cannot be sent with a password"));
        }
        let pair = Zeroizing::new(format!("{user}:{}", password.expose()));
        let pair = Zeroizing::new(STANDARD.encode(&*pair));
        Ok(Self::Authorization(Secret::new(format!(
            "Basic {}",
            &*pair
        ))))
    }

    /// An HTTP access token, as Bearer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] for something that cannot stand in a header, so it is no token.
    pub(super) fn token(token: &Secret) -> Result<Self, Error> {
        let is_printable = token.expose().bytes().all(|byte| byte.is_ascii_graphic());
        if token.is_empty() || !is_printable {
            return Err(Error::from(ErrorKind::Invalid).because("that is not a token"));
        }
        let bearer = format!("Bearer {}", token.expose());
        Ok(Self::Authorization(Secret::new(bearer)))
    }

    /// The header that carries them to this path, marked as sensitive, so that no debug output shows
    /// it.
    pub(super) fn header(&self, base: &BaseUrl, path: &str) -> Option<(HeaderName, HeaderValue)> {
        let (name, mut value) = match self {
            Self::None => return None,
            Self::Authorization(secret) => {
                (AUTHORIZATION, HeaderValue::from_str(secret.expose()).ok()?)
            }
            Self::Session(session) => (COOKIE, session.cookies().header(base, path)?),
            Self::Grant(grant) => (AUTHORIZATION, grant.header()?),
        };
        value.set_sensitive(true);
        Some((name, value))
    }

    /// Whether they may be shown outside the REST API. Tokens may not: there they are refused, and count
    /// as wrong passwords.
    pub(super) fn count_everywhere(&self) -> bool {
        match self {
            Self::Authorization(secret) => secret.expose().starts_with("Basic "),
            Self::Session(_) => true,
            Self::None | Self::Grant(_) => false,
        }
    }

    /// The session that they are, which somebody has to sign out.
    pub(super) fn session(&self) -> Option<&Session> {
        match self {
            Self::Session(session) => Some(session),
            Self::None | Self::Authorization(_) | Self::Grant(_) => None,
        }
    }
}
