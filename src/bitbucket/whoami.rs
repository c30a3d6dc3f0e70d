//! Who somebody is: the name on an answer, and the user of that name. There is no "me".

use reqwest::Method;
use serde_json::Value;

use super::client::Client;
use super::error::{Error, ErrorKind};
use super::model::User;
use super::page::Pages;
use super::signed_in::{SignInWay, SignedIn, TokenOwner};

/// Somebody of whom the server has told the name.
pub(super) enum Found {
    Person(User),
    Technical(User),
}

impl Client {
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
    pub(super) async fn accepted(&self, name: &str, way: SignInWay) -> SignedIn {
        let client = self.signed_in();
        match client.find_user(name).await {
            Found::Technical(user) if matches!(way, SignInWay::Token(_)) => SignedIn {
                client,
                user,
                way: SignInWay::Token(TokenOwner::Technical),
            },
            Found::Person(user) | Found::Technical(user) => SignedIn { client, user, way },
        }
    }

    /// The user of that name. Where the server does not tell, the slug is a guess: the sign-in has
    /// succeeded, and most of the program works without it. A name that belongs to nobody is that of
    /// a token's own account.
    pub(super) async fn find_user(&self, name: &str) -> Found {
        let guess = slug_of(name);
        let named = |name: &str| User {
            name: name.to_owned(),
            slug: guess.clone(),
            display_name: name.to_owned(),
        };
        if name.starts_with(TECHNICAL) {
            return Found::Technical(named(name));
        }
        let is_it = |user: &User| user.name.eq_ignore_ascii_case(name);
        if let Ok(found) = self.user(&guess).await {
            match found {
                Found::Person(user) if is_it(&user) => return Found::Person(user),
                Found::Technical(user) if is_it(&user) => return Found::Technical(user),
                Found::Person(_) | Found::Technical(_) => {}
            }
        }
        // Matches beginnings, so the one that is meant may stand among others.
        let found = Pages::new(
            self,
            "find out who you are",
            &["rest", "api", "latest", "users"],
            |value, _| User::read(value).filter(|_| !is_service(value)),
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
                let user = named(name);
                if is_unknown {
                    Found::Person(user)
                } else {
                    Found::Technical(user)
                }
            }
        }
    }

    async fn user(&self, slug: &str) -> Result<Found, Error> {
        let path = ["rest", "api", "latest", "users", slug];
        let answer = self
            .send("find out who you are", Method::GET, &path, &[], None)
            .await?;
        let value = answer.json()?;
        let user = User::read(&value).ok_or_else(|| answer.unreadable())?;
        Ok(if is_service(&value) {
            Found::Technical(user)
        } else {
            Found::Person(user)
        })
    }
}

/// So begin the names of the accounts that the tokens of projects and repositories act as.
const TECHNICAL: &str = "access-token-user/";

/// Whether a user is no person.
pub(super) fn is_service(user: &Value) -> bool {
    let is_named_so = |name: &str| name.starts_with(TECHNICAL);
    user["type"] == "SERVICE" || user["name"].as_str().is_some_and(is_named_so)
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
