//! HTTP access tokens: what they are, and the calls that list, create, change and
//! revoke them.

use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use super::client::Client;
use super::error::{Error, ErrorKind};
use super::fields::{date, exact, is_told, number, text};
use super::page::Pages;
use crate::address::Scope;
use crate::permission::Permissions;
use crate::secret::Secret;
use crate::text::clean;

/// A moment in the life of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Then.
    At(Timestamp),
    /// There is none.
    Never,
    /// The server does not tell.
    Unknown,
}

impl When {
    /// The moment, where there is one and it is known.
    #[must_use]
    pub fn at(self) -> Option<Timestamp> {
        match self {
            Self::At(time) => Some(time),
            Self::Never | Self::Unknown => None,
        }
    }
}

/// An HTTP access token, without its secret: the server tells that only once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Exactly as the server sends it; digits on all known versions.
    pub id: String,
    /// What its maker called it; the id where the server sends no name. Not unique.
    pub name: String,
    /// What it may do; `None` if the server does not tell.
    pub permissions: Option<Permissions>,
    /// When it was made, if the server tells.
    pub created: Option<Timestamp>,
    /// When it was last used. Old servers tell that of no token, and new ones leave it out for a token
    /// that was never used: a single token does not say which of the two it is.
    pub last_used: When,
    /// When it stops to work. Servers leave it out for a token that never does.
    pub expires: When,
}

impl Token {
    /// Whether its time is over, as far as that is known.
    #[must_use]
    pub fn is_expired(&self, now: Timestamp) -> bool {
        self.expires.at().is_some_and(|end| end <= now)
    }

    /// When it was last used, seen beside all tokens of its place. A server that tells it of another one
    /// would tell it of this one too; old servers tell it of none.
    pub fn last_use_among<'a>(&self, mut all: impl Iterator<Item = &'a Self>) -> When {
        match self.last_used {
            When::Unknown if all.any(|token| token.last_used != When::Unknown) => When::Never,
            told => told,
        }
    }

    /// `None` without an id that can stand in a path.
    fn read(value: &Value) -> Option<Self> {
        let id = exact(value, "id")?;
        let created = date(value, "createdDate");
        let permissions = value["permissions"].as_array().map(|names| {
            // What is no name is a permission all the same.
            let names = names.iter().map(|name| match name {
                Value::String(name) => clean(name),
                other => clean(&other.to_string()),
            });
            Permissions::from_api(names)
        });
        Some(Self {
            name: text(value, "name").unwrap_or_else(|| id.clone()),
            permissions,
            created,
            last_used: match date(value, "lastAuthenticated") {
                Some(time) => When::At(time),
                None if value.get("lastAuthenticated") == Some(&Value::Null) => When::Never,
                None => When::Unknown,
            },
            expires: expiry(value, created),
            id,
        })
    }
}

/// When a token expires: its date, or else so many days after `created`.
fn expiry(value: &Value, created: Option<Timestamp>) -> When {
    let after = || {
        let days = i64::try_from(number(value, "expiryDays")?).ok()?;
        let after = SignedDuration::from_hours(days.checked_mul(24)?);
        let days = Some(after).filter(SignedDuration::is_positive);
        created?.checked_add(days?).ok()
    };
    match date(value, "expiryDate").or_else(after) {
        Some(time) => When::At(time),
        None if is_told(value, "expiryDate") || is_told(value, "expiryDays") => When::Unknown,
        None => When::Never,
    }
}

/// A new token, with the secret that nobody will be told again.
#[derive(Debug, PartialEq, Eq)]
pub struct CreatedToken {
    /// The token, as far as the answer tells. An answer may leave out what a list has: without an expiry
    /// it does not say that there is none.
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

impl TokenChange {
    /// What makes this of a token; nothing of it where the token is so already.
    #[must_use]
    pub fn of(token: &Token, name: Option<String>, permissions: Option<Permissions>) -> Self {
        Self {
            name: name.filter(|name| *name != token.name),
            permissions: permissions.filter(|wanted| !may(token, wanted)),
        }
    }

    /// Whether it leaves everything as it is.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.name.is_none() && self.permissions.is_none()
    }

    /// Whether the token is as this wants it.
    #[must_use]
    pub fn is_made(&self, token: &Token) -> bool {
        self.name.as_ref().is_none_or(|name| *name == token.name)
            && self
                .permissions
                .as_ref()
                .is_none_or(|wanted| may(token, wanted))
    }
}

/// Whether the token may do exactly this.
fn may(token: &Token, wanted: &Permissions) -> bool {
    token
        .permissions
        .as_ref()
        .is_some_and(|has| has.is_same(wanted))
}

/// The path of the tokens of a place.
fn tokens_path(scope: &Scope) -> Vec<&str> {
    let mut path = vec!["rest", "access-tokens", "latest"];
    match scope {
        Scope::Personal { user } => path.extend(["users", user]),
        Scope::Project { key } => path.extend(["projects", key]),
        Scope::Repository { project, slug } => {
            path.extend(["projects", project, "repos", slug]);
        }
    }
    path
}

impl Client {
    /// The tokens of a user, project or repository.
    #[must_use]
    pub fn tokens(&self, scope: &Scope) -> Pages<Token> {
        Pages::new(
            self,
            "list the HTTP access tokens",
            &tokens_path(scope),
            |value, _| Token::read(value),
        )
    }

    /// One token, as the list has it.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoSuchToken`], [`ErrorKind::NotPermitted`], and what can go wrong with every call.
    pub async fn token(&self, scope: &Scope, id: &str) -> Result<Token, Error> {
        let mut path = tokens_path(scope);
        path.push(id);
        let answer = self
            .send(
                "read the new token's permissions",
                Method::GET,
                &path,
                &[],
                None,
            )
            .await
            .map_err(of_token)?;
        Token::read(&answer.json()?).ok_or_else(|| answer.unreadable())
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
        let path = tokens_path(scope);
        let answer = self
            .send("create a token", Method::PUT, &path, &[], Some(&body))
            .await?;
        let mut value = answer.json()?;
        // Moved out and not copied, so that it is wiped.
        let secret = match value.get_mut("token").map(Value::take) {
            Some(Value::String(secret)) => Secret::new(secret),
            _ => Secret::new(String::new()),
        };
        let mut token = Token::read(&value).ok_or_else(|| answer.unreadable())?;
        if token.expires == When::Never {
            token.expires = When::Unknown;
        }
        if secret.is_empty() || !secret.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(answer.error(ErrorKind::UnusableSecret { id: token.id }));
        }
        Ok(CreatedToken { token, secret })
    }

    /// Changes the name or the permissions of a token. What is left out stays.
    ///
    /// # Errors
    ///
    /// Those of [`Client::create_token`] without the secret's, and [`ErrorKind::NoSuchToken`].
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
        let mut path = tokens_path(scope);
        path.push(id);
        let answer = self
            .send("change a token", Method::POST, &path, &[], Some(&body))
            .await
            .map_err(of_changed_token)?;
        Token::read(&answer.json()?).ok_or_else(|| answer.unreadable())
    }

    /// Revokes a token: it stops to work at once, and cannot be brought back.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoSuchToken`] where it does not exist (any more), [`ErrorKind::NotPermitted`]; any
    /// error with [`Error::outcome_is_unknown`] where it may have been revoked.
    pub async fn revoke_token(&self, scope: &Scope, id: &str) -> Result<(), Error> {
        let mut path = tokens_path(scope);
        path.push(id);
        let answer = self
            .send("revoke a token", Method::DELETE, &path, &[], None)
            .await
            .map_err(of_changed_token)?;
        if !answer.body.trim_ascii().is_empty() {
            // Somebody else's words: Bitbucket answers 204 without a body.
            return Err(answer.unreadable());
        }
        Ok(())
    }
}

/// What is missing where one token was asked for: the token, unless the server names its place.
fn of_token(mut error: Error) -> Error {
    if error.kind == ErrorKind::NotFound && !error.misses_a_place() {
        error.kind = ErrorKind::NoSuchToken;
    }
    error
}

/// The same where the token was to be changed or revoked. Whoever says that there is no such path may know
/// nothing of tokens.
fn of_changed_token(error: Error) -> Error {
    let mut error = of_token(error);
    error.details.outcome_is_unknown |= error.kind == ErrorKind::NoSuchPath;
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expiry_that_cannot_be_read_is_not_never() {
        let created = "2024-05-06T07:08:09Z".parse().ok();
        let expected = "2024-08-04T07:08:09Z"
            .parse()
            .map_or(When::Unknown, When::At);
        for (value, created, expected) in [
            (json!({ "expiryDays": 90 }), created, expected),
            (json!({ "expiryDays": "90" }), created, expected),
            (
                json!({ "expiryDate": "2024-08-04T07:08:09Z" }),
                None,
                expected,
            ),
            (json!({ "expiryDays": 90 }), None, When::Unknown),
            (json!({ "expiryDays": u64::MAX }), created, When::Unknown),
            (json!({ "expiryDays": 0 }), created, When::Unknown),
            (json!({ "expiryDate": 0 }), created, When::Unknown),
            (json!({ "expiryDate": "soon" }), created, When::Unknown),
            (
                json!({ "expiryDays": null, "expiryDate": null }),
                created,
                When::Never,
            ),
            (json!({}), created, When::Never),
        ] {
            assert_eq!(expiry(&value, created), expected, "{value}");
        }
    }
}
