//! Signing in with user name and password.

use reqwest::Method;

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
    /// A session, opened with the password through the login form.
    Session,
    /// An HTTP access token: it can look around, but neither create nor revoke tokens.
    Token,
    /// An access token of OAuth 2.
    OAuth,
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

impl Client {
    /// Signs in with Basic authentication, and finds out who that is.
    ///
    /// One request carries the password first, and it is never repeated when the server refuses it:
    /// each wrong password brings the captcha nearer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongPassword`], [`ErrorKind::Captcha`], [`ErrorKind::BasicDisabled`],
    /// [`ErrorKind::AccountRefused`], [`ErrorKind::SingleSignOn`]; [`ErrorKind::NotSignedIn`] where
    /// the server answers as to an anonymous visitor, because something in between drops the
    /// password; [`ErrorKind::Invalid`] for a user name with a colon, which is not sent.
    pub async fn sign_in(&self, user: &str, password: &Secret) -> Result<SignedIn, Error> {
        let client = self.with_password(user, password)?;
        // Cheap, and anybody may ask it: only the headers of the answer matter. There is no "me".
        let path = ["rest", "api", "latest", "projects"];
        let query = [("limit", "1".to_owned())];
        let answer = client
            .send("sign in", Method::GET, &path, &query, None)
            .await?;
        // Anonymous access can be on, so a success proves nothing. The name does.
        let Some(name) = answer.user_name() else {
            return Err(if answer.is_html() {
                answer.unreadable()
            } else {
                answer
                    .error(ErrorKind::NotSignedIn)
                    .because("the answer names no user")
            });
        };
        let client = client.signed_in();
        let user = client.user_named(&name).await;
        Ok(SignedIn {
            client,
            user,
            way: Way::Password,
        })
    }

    /// The user of that name. Where the server does not tell, the slug is a guess: the sign-in has
    /// succeeded, and most of the program works without it.
    async fn user_named(&self, name: &str) -> User {
        let guess = slug_of(name);
        let is_it = |user: &User| user.name.eq_ignore_ascii_case(name);
        if let Ok(user) = self.user(&guess).await
            && is_it(&user)
        {
            return user;
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
        let user = found
            .ok()
            .flatten()
            .and_then(|page| page.values.into_iter().find(is_it));
        user.unwrap_or_else(|| User {
            name: name.to_owned(),
            slug: guess,
            display_name: name.to_owned(),
        })
    }

    async fn user(&self, slug: &str) -> Result<User, Error> {
        let path = ["rest", "api", "latest", "users", slug];
        let answer = self
            .send("find out who you are", Method::GET, &path, &[], None)
            .await?;
        User::read(&answer.json()?).ok_or_else(|| answer.unreadable())
    }
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
