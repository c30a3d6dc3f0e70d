//! Who somebody is: the name on an answer, and the user of that name. There is no "me".
//!
//! Where something on the way takes the name off the answers (`X-AUSERNAME`), a page of the server's tells
//! it, to passwords and sessions.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::answer::Answer;
use super::client::Client;
use super::entrance::Entrance;
use super::error::{Error, ErrorKind};
use super::fields::is_exact;
use super::model::User;
use super::page::Pages;
use super::server_info::ServerInfo;
use super::signed_in::{SignInWay, SignedIn, TokenOwner};

/// Longer names nobody has: what a page tells may be anything.
const LONGEST_NAME: usize = 255;

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
        if let Some(name) = answer.user_name() {
            self.set_unnamed(false);
            return Ok(name);
        }
        if answer.is_html() {
            return Err(answer.unreadable());
        }
        let nobody = || {
            answer
                .error(ErrorKind::NotSignedIn)
                .because("the answer does not name a user")
        };
        if !is_list(&answer) || !self.is_known_by_list().await? {
            return Err(nobody());
        }
        if !self.credentials().count_everywhere() {
            return Err(answer
                .error(ErrorKind::Unnamed)
                .because("the answer does not name a user"));
        }
        let name = self.told_name().await?.ok_or_else(nobody)?;
        // Whatever else answered there names nobody whom Bitbucket knows.
        if !matches!(self.known_user(&name).await, Ok(Some(_))) {
            return Err(nobody());
        }
        self.set_unnamed(true);
        Ok(name)
    }

    /// Whether the server knows who asks, by a list that it gives to nobody else.
    async fn is_known_by_list(&self) -> Result<bool, Error> {
        let path = ["rest", "api", "latest", "profile", "recent", "repos"];
        let query = [("limit", "1".to_owned())];
        let purpose = "check who is signed in";
        let answer = self.send(purpose, Method::GET, &path, &query, None).await;
        match answer {
            Ok(answer) => Ok(is_list(&answer)),
            Err(error) if error.was_answered() && !error.is_passing() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The name that the server's own page tells; `None`: it tells none that can be one.
    async fn told_name(&self) -> Result<Option<String>, Error> {
        let path = ["plugins", "servlet", "applinks", "whoami"];
        let answer = self.look("look up the user name", &path).await?;
        let is_text = answer.status == StatusCode::OK && !answer.is_html();
        let name = std::str::from_utf8(&answer.body).ok().map(str::trim);
        let can_be = |name: &&str| {
            is_exact(name) && name.len() <= LONGEST_NAME && !name.contains(['{', '[', '<', '"'])
        };
        let name = name.filter(|name| is_text && can_be(name));
        Ok(name.map(str::to_owned))
    }

    /// The client of somebody whose credentials the server has accepted.
    pub(super) async fn accepted(&self, name: &str, way: SignInWay) -> SignedIn {
        let client = self.signed_in();
        let info = client.info_for_known().await;
        let (user, way) = match client.find_user(name).await {
            Found::Technical(user) if matches!(way, SignInWay::Token(_)) => {
                (user, SignInWay::Token(TokenOwner::Technical))
            }
            Found::Person(user) | Found::Technical(user) => (user, way),
        };
        SignedIn {
            client,
            user,
            way,
            info,
        }
    }

    /// What a server tells of itself only to whoever has signed in; `None` where it has told it before,
    /// or does not tell it now either.
    async fn info_for_known(&self) -> Option<Box<ServerInfo>> {
        let is_reticent = self.entrance().is_some_and(Entrance::is_reticent);
        if !is_reticent {
            return None;
        }
        self.server_info().await.ok().map(Box::new)
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
        match self.known_user(name).await {
            Ok(Some(found)) => found,
            Ok(None) => Found::Technical(named(name)),
            Err(_) => Found::Person(named(name)),
        }
    }

    /// The user of that name, if the server has one.
    async fn known_user(&self, name: &str) -> Result<Option<Found>, Error> {
        let is_it = |user: &User| user.name.eq_ignore_ascii_case(name);
        let guess = slug_of(name);
        if let Ok(found) = self.user(&guess).await {
            match found {
                Found::Person(user) if is_it(&user) => return Ok(Some(Found::Person(user))),
                Found::Technical(user) if is_it(&user) => return Ok(Some(Found::Technical(user))),
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
        .await?;
        let user = found.and_then(|page| page.values.into_iter().find(is_it));
        Ok(user.map(Found::Person))
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

/// Whether an answer is a page of a list, which no sign-in page and no proxy sends by chance.
fn is_list(answer: &Answer) -> bool {
    answer.json().is_ok_and(|value| value["values"].is_array())
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
