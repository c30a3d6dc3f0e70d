//! Somebody whom the server knows, and how they have signed in.

use super::client::Client;
use super::entrance::LoginForm;
use super::model::User;
use super::server_info::ServerInfo;

/// How somebody has signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInWay {
    /// A password that goes with each request, as Basic authentication.
    Password,
    /// A session, opened with the password through this form. It has to be signed out.
    Session(LoginForm),
    /// An HTTP access token: it can look around, but neither create, change nor revoke tokens.
    Token(TokenOwner),
    /// An access token of OAuth 2.
    OAuth,
}

/// Whom a token acts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenOwner {
    /// A personal token: a person.
    Person,
    /// The token of a project or repository: an account of its own that nobody signs in with.
    Technical,
}

/// Somebody whom the server knows.
#[derive(Debug)]
pub struct SignedIn {
    /// Carries the credentials.
    pub client: Client,
    /// Who that is.
    pub user: User,
    /// How.
    pub way: SignInWay,
    /// What the server tells of itself only to whoever has signed in.
    pub info: Option<Box<ServerInfo>>,
}
