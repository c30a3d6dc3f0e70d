//! HTTP access tokens: where they belong, what they are, and the calls that list, create, change and
//! revoke them.

use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};

use super::address::BaseUrl;
use super::client::Client;
use super::error::{Error, ErrorKind};
use super::fields::{date, exact, expiry, list, text};
use super::page::Pages;
use crate::permission::{Permissions, ScopeKind};
use crate::secret::Secret;
use crate::text::clean;

/// What a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// A user, by slug.
    Personal {
        /// The slug, see [`super::User::slug`].
        user: String,
    },
    /// A project.
    Project {
        /// Such as `PLAT`.
        key: String,
    },
    /// A repository.
    Repository {
        /// The key of its project, such as `PLAT` or `~alice`.
        project: String,
        /// Its slug.
        slug: String,
    },
}

impl Scope {
    /// Which of the three it is.
    #[must_use]
    pub fn kind(&self) -> ScopeKind {
        match self {
            Self::Personal { .. } => ScopeKind::Personal,
            Self::Project { .. } => ScopeKind::Project,
            Self::Repository { .. } => ScopeKind::Repository,
        }
    }

    /// What goes into the name of a token: nothing for a user, the key of a project, the slug of a
    /// repository.
    #[must_use]
    pub fn suffix(&self) -> Option<&str> {
        match self {
            Self::Personal { .. } => None,
            Self::Project { key } => Some(key),
            Self::Repository { slug, .. } => Some(slug),
        }
    }

    /// The path of its tokens.
    fn path(&self) -> Vec<&str> {
        let mut path = vec!["rest", "access-tokens", "latest"];
        match self {
            Self::Personal { user } => path.extend(["users", user]),
            Self::Project { key } => path.extend(["projects", key]),
            Self::Repository { project, slug } => {
                path.extend(["projects", project, "repos", slug]);
            }
        }
        path
    }
}

impl BaseUrl {
    /// The web page on which tokens are made; without a scope the personal ones of whoever is signed
    /// in there. (The addresses are those that Bitbucket's own pages link to; since version 5.5.)
    #[must_use]
    pub fn tokens_page(&self, scope: Option<&Scope>) -> String {
        let mut path = vec!["plugins", "servlet", "access-tokens"];
        match scope {
            None => {}
            Some(Scope::Personal { user }) => path.extend(["users", user]),
            Some(Scope::Project { key }) => path.extend(["projects", key]),
            Some(Scope::Repository { project, slug }) => {
                path.extend(["projects", project, "repos", slug]);
            }
        }
        path.push("manage");
        self.page(&path)
    }
}

/// An HTTP access token, without its secret: the server tells that only once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Exactly as the server sends it; digits on all known versions.
    pub id: String,
    /// What its maker called it; the id where the server sends no name. Not unique.
    pub name: String,
    /// What it may do.
    pub permissions: Permissions,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was last used; `None` if never, or if the server does not tell.
    pub last_used: Option<Timestamp>,
    /// When it stops to work; `None` if never, or if the server does not tell. The answer to a
    /// creation may lack it although an expiry was asked for: the list tells.
    pub expires: Option<Timestamp>,
}

impl Token {
    /// `None` without an id that can stand in a path.
    fn read(value: &Value) -> Option<Self> {
        let id = exact(value, "id")?;
        let created = date(value, "createdDate");
        let permissions = list(value, "permissions")
            .iter()
            .filter_map(Value::as_str)
            .map(clean);
        Some(Self {
            name: text(value, "name").unwrap_or_else(|| id.clone()),
            permissions: Permissions::from_api(permissions),
            created,
            last_used: date(value, "lastAuthenticated"),
            expires: expiry(value, created),
            id,
        })
    }
}

/// A new token, with the secret that nobody will be told again.
#[derive(Debug, PartialEq, Eq)]
pub struct CreatedToken {
    /// The token as the lists show it.
    pub token: Token,
    /// Visible ASCII without spaces.
    pub secret: Secret,
}

/// What a new token shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenSpec {
    /// At most 255 characters on known servers.
    pub name: String,
    /// What it may do.
    pub permissions: Permissions,
    /// After how many days it stops to work; `None` for never, which a server may refuse.
    pub expiry_days: Option<u32>,
}

/// What to change of a token. The expiry cannot be changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenChange {
    /// A new name; `None` leaves it.
    pub name: Option<String>,
    /// New permissions; `None` leaves them.
    pub permissions: Option<Permissions>,
}

impl Client {
    /// The tokens of a user, project or repository.
    #[must_use]
    pub fn tokens(&self, scope: &Scope) -> Pages<Token> {
        Pages::new(
            self,
            "list the HTTP access tokens",
            &scope.path(),
            |value, _| Token::read(value),
        )
    }

    /// Creates a token.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Invalid`] with the field at fault, [`ErrorKind::NotPermitted`],
    /// [`ErrorKind::NotFound`]; [`ErrorKind::UnusableSecret`] where the token exists and should be
    /// revoked; any error with [`Error::outcome_is_unknown`] where it may exist.
    pub async fn create_token(
        &self,
        scope: &Scope,
        spec: &TokenSpec,
    ) -> Result<CreatedToken, Error> {
        let mut body = json!({
            "name": spec.name,
            "permissions": spec.permissions.to_api(),
        });
        if let Some(days) = spec.expiry_days {
            body["expiryDays"] = days.into();
        }
        let path = scope.path();
        let answer = self
            .send("create a token", Method::PUT, &path, &[], Some(&body))
            .await?;
        let mut value = answer.json()?;
        // Moved out and not copied, so that it is wiped.
        let secret = match value.get_mut("token").map(Value::take) {
            Some(Value::String(secret)) => Secret::new(secret),
            _ => Secret::new(String::new()),
        };
        let token = Token::read(&value).ok_or_else(|| answer.unreadable())?;
        if secret.is_empty() || !secret.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(answer.error(ErrorKind::UnusableSecret { id: token.id }));
        }
        Ok(CreatedToken { token, secret })
    }

    /// Changes the name or the permissions of a token.
    ///
    /// # Errors
    ///
    /// Those of [`Client::create_token`], without the secret's.
    pub async fn change_token(
        &self,
        scope: &Scope,
        id: &str,
        change: &TokenChange,
    ) -> Result<Token, Error> {
        let mut body = json!({});
        if let Some(name) = &change.name {
            body["name"] = name.as_str().into();
        }
        if let Some(permissions) = &change.permissions {
            body["permissions"] = permissions.to_api().into();
        }
        let mut path = scope.path();
        path.push(id);
        let answer = self
            .send("change a token", Method::POST, &path, &[], Some(&body))
            .await?;
        Token::read(&answer.json()?).ok_or_else(|| answer.unreadable())
    }

    /// Revokes a token: it stops to work at once, and cannot be brought back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoSuchToken`] where it does not exist (any more), [`ErrorKind::NotPermitted`]; any
    /// error with [`Error::outcome_is_unknown`] where it may have been revoked.
    pub async fn revoke_token(&self, scope: &Scope, id: &str) -> Result<(), Error> {
        let mut path = scope.path();
        path.push(id);
        let answer = self
            .send("revoke a token", Method::DELETE, &path, &[], None)
            .await
            .map_err(|mut error| {
                if error.kind == ErrorKind::NoSuchPath {
                    // Whoever says so may know nothing of tokens.
                    error.details.outcome_is_unknown = true;
                } else if error.kind == ErrorKind::NotFound && !error.misses_a_place() {
                    error.kind = ErrorKind::NoSuchToken;
                }
                error
            })?;
        if !answer.body.trim_ascii().is_empty() {
            // Somebody else's words: Bitbucket answers 204 without a body.
            return Err(answer.unreadable());
        }
        Ok(())
    }
}
