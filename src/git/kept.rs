//! The password that git already keeps for a server: what its credential helpers answer when nobody
//! may be asked.

use reqwest::Url;

use super::store::{line, password};
use super::{Error, program};
use crate::environment::Environment;
use crate::secret::Secret;
use crate::text::clean;

/// What git would sign in with. It may be old, and it may be a token.
#[derive(Debug, PartialEq, Eq)]
pub struct Kept {
    /// The user name.
    pub user: String,
    /// The password.
    pub password: Secret,
}

/// Asks git's credential helpers for the password that they keep for the server at this address,
/// and of this user where there is one (gitcredentials(7)). Nothing is asked of anybody: where
/// nothing is kept, the answer is `None`.
///
/// # Errors
///
/// [`Error::NoGit`], and [`Error::TimedOut`] where a helper waits for something.
pub async fn kept_password(
    environment: &Environment,
    address: &str,
    user: Option<&str>,
) -> Result<Option<Kept>, Error> {
    let url = Url::parse(address).map_err(|_| Error::Address(address.to_owned()))?;
    let mut place = format!("protocol={}\nhost={}\n", url.scheme(), url.authority());
    let path = url.path().trim_matches('/');
    if !path.is_empty() {
        place.push_str(&format!("path={path}\n"));
    }
    if let Some(user) = user {
        place.push_str(&format!("username={user}\n"));
    }
    let output = program::git(environment, ["credential", "fill"], &format!("{place}\n")).await?;
    let user = line(&output, "username").map(clean);
    let kept = user.zip(password(&output)).filter(|_| output.is_success);
    Ok(kept.map(|(user, password)| Kept { user, password }))
}
