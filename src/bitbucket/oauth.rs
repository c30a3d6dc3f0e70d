//! Signing in through the browser with OAuth 2: authorisation code with PKCE (RFC 7636), sent back to
//! this computer (RFC 8252). The protocol is the crate `oauth2`'s; what is here is Bitbucket's part of
//! it, and the listener.
//!
//! An administrator has registered bbtoken as an incoming application link (Bitbucket 7.20 and newer)
//! with the redirect address `http://localhost:34106/`.

mod listener;

use std::fmt;
use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, CsrfToken, HttpRequest, HttpResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, TokenUrl,
};
use zeroize::Zeroizing;

use self::listener::Listener;
use super::client::Client;
use super::error::{Error, ErrorKind, OAuthProblem};
use super::grant::{Carrier, Grant, Registered, problem, refusal};
use super::signed_in::{SignInWay, SignedIn};

/// The port that the browser is sent back to, where nothing else is configured: that of Git Credential
/// Manager, so that one registration serves both.
pub const REDIRECT_PORT: u16 = 34106;

/// What creating tokens needs: one scope for each of the three places in which they are made. The
/// user's own rights limit it further. (Named as in the vendor's list; which of them the token calls
/// want is not documented.)
const SCOPES: [&str; 3] = ["ACCOUNT_WRITE", "PROJECT_ADMIN", "REPO_ADMIN"];

/// Whoever has not agreed in the browser by then has forgotten it.
const PATIENCE: Duration = Duration::from_secs(300);

/// A question that the user answers in the browser. Dropping it closes the port.
pub struct Authorization {
    client: Client,
    registered: Registered,
    address: String,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
    listener: Listener,
}

impl Client {
    /// Begins to sign in with OAuth 2: from now on the browser can come back. `port` 0 takes any
    /// free one, for servers that do not look at it.
    ///
    /// # Errors
    ///
    /// [`OAuthProblem::PortTaken`].
    pub async fn authorize(&self, client_id: &str, port: u16) -> Result<Authorization, Error> {
        let listener = Listener::bind(port).await;
        let listener = listener.map_err(|_| problem(OAuthProblem::PortTaken(port)))?;
        let page = |last| self.base().page(&["rest", "oauth2", "latest", last]);
        let unusable = |_| Error::from(ErrorKind::Other);
        let redirect = RedirectUrl::new(listener.address()).map_err(unusable)?;
        let registered = BasicClient::new(ClientId::new(client_id.to_owned()))
            .set_auth_uri(AuthUrl::new(page("authorize")).map_err(unusable)?)
            .set_token_uri(TokenUrl::new(page("token")).map_err(unusable)?)
            // A public client has no secret to send as Basic.
            .set_auth_type(AuthType::RequestBody)
            .set_redirect_uri(redirect);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = SCOPES.map(|scope| oauth2::Scope::new(scope.to_owned()));
        let (url, state) = registered
            .authorize_url(CsrfToken::new_random)
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        Ok(Authorization {
            client: self.signed_out(),
            address: url.to_string(),
            registered,
            state,
            verifier,
            listener,
        })
    }

    /// Carries requests of the protocol.
    fn carrier(&self) -> Carrier {
        let client = self.signed_out();
        Carrier::new(move |request| {
            let client = client.clone();
            Box::pin(async move { client.token_request(request).await })
        })
    }

    /// Carries one request to the token endpoint, which is the only one that the protocol has.
    async fn token_request(&self, request: HttpRequest) -> Result<HttpResponse, Error> {
        let form = String::from_utf8(request.into_body());
        let form = Zeroizing::new(form.map_err(|_| Error::from(ErrorKind::Other))?);
        let path = ["rest", "oauth2", "latest", "token"];
        let answer = self.exchange_form("get an access token (OAuth 2)", &path, &form);
        let answer = answer.await?;
        let mut response = HttpResponse::new(answer.body.to_vec());
        *response.status_mut() = answer.status;
        *response.headers_mut() = answer.headers;
        Ok(response)
    }
}

impl Authorization {
    /// The page on which the user agrees.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Waits until the browser comes back, and signs in with what it brings.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::OAuth`], and what can go wrong with every call.
    pub async fn finish(self) -> Result<SignedIn, Error> {
        let Self {
            client,
            registered,
            state,
            verifier,
            listener,
            ..
        } = self;
        let came_back = tokio::time::timeout(PATIENCE, listener.wait(state.secret()));
        let came_back = came_back
            .await
            .map_err(|_| problem(OAuthProblem::NobodyCame))?;
        let code = came_back.map_err(problem)?;
        let carrier = client.carrier();
        let response = registered
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(verifier)
            .request_async(&carrier)
            .await
            .map_err(refusal)?;
        let grant = Grant::new(registered, &response, carrier);
        let client = client.with_grant(grant);
        let name = client.accepted_name().await?;
        Ok(client.accepted(&name, SignInWay::OAuth).await)
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
