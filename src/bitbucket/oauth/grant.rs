//! An access token of OAuth 2, and the refresh token that gets the next one. In memory only.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use oauth2::{RefreshToken, TokenResponse as _};
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

use super::{BasicTokenResponse, Client, Registered, refusal};
use crate::secret::Secret;

/// A token that has less left than this is not worth sending.
const MARGIN: Duration = Duration::from_secs(30);

/// What the user has granted.
pub(in crate::bitbucket) struct Grant {
    registered: Registered,
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
    pub(super) fn new(registered: Registered, response: &BasicTokenResponse) -> Self {
        Self {
            registered,
            tokens: Mutex::new(Tokens::read(response)),
            refreshing: tokio::sync::Mutex::new(()),
        }
    }

    /// The header `Authorization`.
    pub(in crate::bitbucket) fn header(&self) -> Option<HeaderValue> {
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
    pub(in crate::bitbucket) async fn keep_fresh(self: &Arc<Self>, client: &Client) {
        if self.due().is_none() {
            return;
        }
        let (grant, client) = (Arc::clone(self), client.signed_out());
        let refreshing = tokio::spawn(async move { grant.refresh(&client).await });
        // Cancelled only where the whole program ends.
        let _ = refreshing.await;
    }

    async fn refresh(&self, client: &Client) {
        let _one_at_a_time = self.refreshing.lock().await;
        // Somebody else may have done it meanwhile.
        let Some(refresh) = self.due() else {
            return;
        };
        let carrier = client.carrier();
        let request = self.registered.exchange_refresh_token(&refresh);
        match request.request_async(&carrier).await.map_err(refusal) {
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
