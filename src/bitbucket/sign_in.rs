//! Signing in: with user name and password, or with a token to look around.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use zeroize::Zeroizing;

use super::client::Client;
use super::error::{Error, ErrorKind};
use super::model::User;
use super::page::Pages;
use crate::secret::Secret;

/// How somebody has signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A password that goes with each request, as Basic authentication.
    Password,
    /// A session, opened with the password through the login form. It has to be signed out.
    Session,
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
    pub way: Way,
}

/// Somebody of whom the server has told the name.
enum Found {
    Person(User),
    Technical(User),
}

impl Client {
    /// Signs in with user name and password, and finds out who that is. The password goes as Basic
    /// authentication first; where the server says that this is switched off, once through its login
    /// form.
    ///
    /// It is never sent again when the server refuses it: each wrong password brings the captcha
    /// nearer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongPassword`], [`ErrorKind::Captcha`], [`ErrorKind::AccountRefused`],
    /// [`ErrorKind::SingleSignOn`], [`ErrorKind::SecondStep`]; [`ErrorKind::BasicDisabled`] where
    /// there is no login form either; [`ErrorKind::NotSignedIn`] where the server answers as to an
    /// anonymous visitor, because something in between drops the password; [`ErrorKind::Invalid`]
    /// for a user name with a colon, which is not sent.
    pub async fn sign_in(&self, user: &str, password: &Secret) -> Result<SignedIn, Error> {
        let client = self.with_password(user, password)?;
        match client.accepted_name().await {
            Ok(name) => {
                // A personal token works as a password, for everything but tokens.
                let way = if is_token(password) {
                    Way::Token(TokenOwner::Person)
                } else {
                    Way::Password
                };
                Ok(client.accepted(&name, way).await)
            }
            Err(error) if error.kind == ErrorKind::BasicDisabled => {
                let (client, name) = self.open_session(user, password).await?;
                Ok(client.accepted(&name, Way::Session).await)
            }
            Err(error) => Err(error),
        }
    }

    /// Signs in with an HTTP access token, to look around, and finds out whom it acts as.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongPassword`] for a token that is unknown, revoked or expired;
    /// [`ErrorKind::Invalid`] for something that is no token, which is not sent.
    pub async fn sign_in_with_token(&self, token: &Secret) -> Result<SignedIn, Error> {
        let client = self.with_token(token)?;
        let name = client.accepted_name().await?;
        let client = client.signed_in();
        let (user, owner) = match client.find_user(&name).await {
            Found::Person(user) => (user, TokenOwner::Person),
            Found::Technical(user) => (user, TokenOwner::Technical),
        };
        Ok(SignedIn {
            client,
            user,
            way: Way::Token(owner),
        })
    }

    /// Sends the credentials for the first time: the name that the server has for whoever they
    /// belong to.
    pub(super) async fn accepted_name(&self) -> Result<String, Error> {
        // Cheap, and anybody may ask it: only the headers of the answer matter. There is no "me".
        let path = ["rest", "api", "latest", "projects"];
        let query = [("limit", "1".to_owned())];
        let answer = self
            .send("sign in", Method::GET, &path, &query, None)
            .await?;
        // Anonymous access can be on, so a success proves nothing. The name does.
        answer.user_name().ok_or_else(|| {
            if answer.is_html() {
                answer.unreadable()
            } else {
                answer
                    .error(ErrorKind::NotSignedIn)
                    .because("the answer names no user")
            }
        })
    }

    /// The client of somebody whose credentials the server has accepted.
    pub(super) async fn accepted(&self, name: &str, way: Way) -> SignedIn {
        let client = self.signed_in();
        let user = match client.find_user(name).await {
            Found::Person(user) | Found::Technical(user) => user,
        };
        SignedIn { client, user, way }
    }

    /// The user of that name. Where the server does not tell, the slug is a guess: the sign-in has
    /// succeeded, and most of the program works without it. A name that belongs to nobody is that of
    /// a token's own account.
    async fn find_user(&self, name: &str) -> Found {
        let guess = slug_of(name);
        let is_it = |user: &User| user.name.eq_ignore_ascii_case(name);
        if let Ok(user) = self.user(&guess).await
            && is_it(&user)
        {
            return Found::Person(user);
        }
        // Matches beginnings, so the one that is meant may stand among others.
        let found = Pages::new(
            self,
            "find out who you are",
            &["rest", "api", "latest", "users"],
            |value, _| User::read(value),
        )
        .with("filter", name)
        .limit(100)
        .next()
        .await;
        let is_unknown = found.is_err();
        let user = found
            .ok()
            .flatten()
            .and_then(|page| page.values.into_iter().find(is_it));
        match user {
            Some(user) => Found::Person(user),
            None => {
                let user = User {
                    name: name.to_owned(),
                    slug: guess,
                    display_name: name.to_owned(),
                };
                if is_unknown {
                    Found::Person(user)
                } else {
                    Found::Technical(user)
                }
            }
        }
    }

    async fn user(&self, slug: &str) -> Result<User, Error> {
        let path = ["rest", "api", "latest", "users", slug];
        let answer = self
            .send("find out who you are", Method::GET, &path, &[], None)
            .await?;
        User::read(&answer.json()?).ok_or_else(|| answer.unreadable())
    }
}

/// Whether this has the form of Bitbucket's tokens: base64 of an id, a colon and random bytes; newer
/// servers put `BBDC-` in front (as users report).
#[must_use]
pub fn is_token(secret: &Secret) -> bool {
    let text = secret.expose();
    let text = text.strip_prefix("BBDC-").unwrap_or(text);
    let Ok(bytes) = STANDARD.decode(text).map(Zeroizing::new) else {
        return false;
    };
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    digits >= 10 && bytes.get(digits) == Some(&b':')
}

/// The slug that Bitbucket makes of most names: lower case, and `_` for what cannot stand in a path.
fn slug_of(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .map(|c| match c {
            c if c.is_alphanumeric() => c,
            '-' | '.' | '_' => c,
            _ => '_',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_from_passwords() {
        for (text, wanted) in [
            ("MjUyOTczMDY3NTU2OmFiY2RlZmdoaWprbG1ub3BxcnN0", true),
            ("BBDC-MjUyOTczMDY3NTU2OmFiY2RlZmdoaWprbG1ub3BxcnN0", true),
            ("correct horse battery staple", false),
            ("cGFzc3dvcmQ6Zm9yLW1lLWFsb25l", false),
            ("alice", false),
            ("", false),
        ] {
            assert_eq!(is_token(&Secret::new(text.to_owned())), wanted, "{text}");
        }
    }

    #[test]
    fn slugs_are_guessed_as_bitbucket_makes_them() {
        for (name, slug) in [
            ("alice", "alice"),
            ("John.Doe", "john.doe"),
            ("a@b", "a_b"),
            ("x y/z", "x_y_z"),
        ] {
            assert_eq!(slug_of(name), slug);
        }
    }
}
