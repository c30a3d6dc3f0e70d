//! An access token of OAuth 2, and the refresh token that gets the next one. In memory only.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use oauth2::basic::{BasicClient, BasicErrorResponse, BasicTokenResponse};
use oauth2::{
    AsyncHttpClient, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, RefreshToken,
    RequestTokenError, TokenResponse as _,
};
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use super::error::{Error, ErrorKind, OAuthProblem};
use crate::secret::Secret;
use crate::text::clean;

/// A token that has less left than this is not worth sending.
const MARGIN: Duration = Duration::from_secs(30);

/// bbtoken, as an administrator has registered it.
pub(super) type Registered =
    BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

/// A request of the protocol that is under way.
type Carried = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send>>;

/// What carries one, without credentials.
pub(super) struct Carrier(Box<dyn Fn(HttpRequest) -> Carried + Send + Sync>);

impl Carrier {
    pub(super) fn new(carry: impl Fn(HttpRequest) -> Carried + Send + Sync + 'static) -> Self {
        Self(Box::new(carry))
    }
}

impl<'c> AsyncHttpClient<'c> for Carrier {
    type Error = Error;
    type Future = Carried;

    fn call(&'c self, request: HttpRequest) -> Carried {
        (self.0)(request)
    }
}

/// What the user has granted.
pub(super) struct Grant {
    registered: Registered,
    carrier: Carrier,
    tokens: Mutex<Tokens>,
    /// One at a time gets a new token, since a refresh token counts once.
    refreshing: tokio::sync::Mutex<()>,
}

struct Tokens {
    access: Secret,
    refresh: Option<Secret>,
    expires: Option<Instant>,
}

impl Tokens {
    fn read(response: &BasicTokenResponse) -> Self {
        let refresh = response.refresh_token();
        Self {
            access: Secret::new(response.access_token().secret().clone()),
            refresh: refresh.map(|refresh| Secret::new(refresh.secret().clone())),
            expires: response.expires_in().map(|left| Instant::now() + left),
        }
    }
}

impl Grant {
    pub(super) fn new(
        registered: Registered,
        response: &BasicTokenResponse,
        carrier: Carrier,
    ) -> Self {
        Self {
            registered,
            carrier,
            tokens: Mutex::new(Tokens::read(response)),
            refreshing: tokio::sync::Mutex::new(()),
        }
    }

    /// The header `Authorization`.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let bearer = Zeroizing::new(format!("Bearer {}", tokens.access.expose()));
        HeaderValue::from_str(&bearer).ok()
    }

    /// The refresh token, where it is time for that.
    fn due(&self) -> Option<RefreshToken> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = tokens
            .expires
            .is_some_and(|expires| expires <= Instant::now() + MARGIN);
        let refresh = tokens.refresh.as_ref().filter(|_| is_due)?;
        Some(RefreshToken::new(refresh.expose().to_owned()))
    }

    /// Gets another access token before this one expires, where there is a refresh token. If that
    /// fails the old one is sent, and the server says what it thinks of it.
    ///
    /// A refresh token counts once: an exchange that has begun goes on to its end, also where whoever
    /// asked waits no longer.
    pub(super) async fn keep_fresh(self: &Arc<Self>) {
        if self.due().is_none() {
            return;
        }
        let grant = Arc::clone(self);
        let refreshing = tokio::spawn(async move { grant.refresh().await });
        // Cancelled only where the whole program ends.
        let _ = refreshing.await;
    }

    async fn refresh(&self) {
        let _one_at_a_time = self.refreshing.lock().await;
        // Somebody else may have done it meanwhile.
        let Some(refresh) = self.due() else {
            return;
        };
        let request = self.registered.exchange_refresh_token(&refresh);
        match request.request_async(&self.carrier).await.map_err(refusal) {
            Ok(response) => self.renew(&response),
            Err(error) => tracing::debug!(%error, "the access token could not be refreshed"),
        }
    }

    fn renew(&self, response: &BasicTokenResponse) {
        let mut new = Tokens::read(response);
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        // A server that sends no new refresh token goes on with the old one.
        new.refresh = new.refresh.or_else(|| tokens.refresh.take());
        *tokens = new;
    }
}

pub(super) fn problem(problem: OAuthProblem) -> Error {
    ErrorKind::OAuth(problem).into()
}

/// What the token endpoint's refusal means.
pub(super) fn refusal(error: RequestTokenError<Error, BasicErrorResponse>) -> Error {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(response) => {
            problem(OAuthProblem::Refused(clean(response.error().as_ref())))
        }
        RequestTokenError::Parse(..) => Error::from(ErrorKind::NotJson),
        RequestTokenError::Other(cause) => Error::from(ErrorKind::Other).because(clean(&cause)),
    }
}
