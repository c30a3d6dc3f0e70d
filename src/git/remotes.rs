//! The remotes of the clone in the current directory.

use zeroize::Zeroizing;

use super::{Location, program, settings};
use crate::environment::Environment;

/// A remote of a clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// What it is called.
    pub name: String,
    /// Its address after git's rules for addresses (`insteadOf`), without what somebody signs in with.
    pub address: String,
    /// The address that stands in the configuration, where that is another one.
    typed: Option<String>,
    /// The user name in it.
    pub user: Option<String>,
    /// There is a password in it.
    pub has_password: bool,
}

impl Remote {
    /// An address as it is typed may hold a password: nothing of that is kept.
    pub(super) fn new(name: &str, typed: &str) -> Self {
        let typed = typed.trim();
        let (address, user_info) = match typed.split_once("://") {
            Some((scheme, rest)) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                let is_web = scheme.starts_with("http");
                match authority.rsplit_once('@') {
                    Some((user, host)) if is_web => {
                        (format!("{scheme}://{host}{path}"), Some(user))
                    }
                    // Over ssh the user belongs to the address; a password does nothing there.
                    Some((user, host)) => {
                        let user = user.split(':').next().unwrap_or_default();
                        (format!("{scheme}://{user}@{host}{path}"), None)
                    }
                    None => (typed.to_owned(), None),
                }
            }
            None => (typed.to_owned(), None),
        };
        let user = user_info.map(|it| it.split(':').next().unwrap_or_default());
        let user = user.filter(|user| !user.is_empty()).map(|user| {
            let user = percent_encoding::percent_decode_str(user);
            user.decode_utf8_lossy().into_owned()
        });
        Self {
            name: name.to_owned(),
            address,
            typed: None,
            user,
            has_password: user_info.is_some_and(|it| it.contains(':')),
        }
    }

    /// Where it leads, if that is an address over HTTP.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        Location::of(&self.address)
    }

    /// Whether it goes by ssh to what lies within this place, or is typed so and led to ssh by a rule.
    #[must_use]
    pub fn is_by_ssh_to(&self, place: &Location) -> bool {
        let is_there = |address: &str| {
            let there = Location::of_ssh(address, place);
            there.is_some_and(|there| there.is_within(place))
        };
        let typed = self.typed.as_deref().and_then(Location::of);
        self.location().is_none()
            && (is_there(&self.address) || typed.is_some_and(|typed| typed.is_within(place)))
    }
}

/// The addresses of the remotes of the clone in the current directory, `origin` first and without user
/// information; none where there is no clone, or no git.
pub async fn remotes(environment: &Environment) -> Vec<String> {
    let remotes = remotes_of_clone(environment).await.into_iter();
    super::unique(remotes.map(|remote| remote.address))
}

/// The address over HTTP that the clone in the current directory came from, if there is one.
pub async fn origin(environment: &Environment) -> Option<String> {
    let remotes = remotes_of_clone(environment).await.into_iter();
    let mut origins = remotes.filter(|remote| remote.name == "origin");
    origins.find_map(|remote| remote.location().map(|_| remote.address))
}

/// The remotes of the clone in the current directory, `origin` first; none where there is no clone, or
/// no git.
pub async fn remotes_of_clone(environment: &Environment) -> Vec<Remote> {
    let Ok(output) = program::git(environment, ["remote", "-v"], "").await else {
        return Vec::new();
    };
    let lines = output
        .text()
        .lines()
        .filter_map(|line| line.split_once('\t'));
    let mut remotes: Vec<Remote> = Vec::new();
    for (name, rest) in lines {
        let address = rest.rsplit_once(" (").map_or(rest, |(address, _)| address);
        let remote = Remote::new(name, &Zeroizing::new(address.to_owned()));
        if !remotes.contains(&remote) {
            remotes.push(remote);
        }
    }
    let typed = settings::list(environment, &settings::pattern("remote", "url")).await;
    let typed = typed.unwrap_or_default();
    for remote in &mut remotes {
        let key = format!("remote.{}.url", remote.name);
        let typed = typed.iter().rfind(|setting| setting.key == key);
        let typed = typed.map(|setting| Remote::new("", &setting.value).address);
        remote.typed = typed.filter(|typed| *typed != remote.address);
    }
    // Stable: the others keep git's order.
    remotes.sort_by_key(|remote| remote.name != "origin");
    remotes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_signs_in_with_is_not_kept() {
        for (typed, address, user, has_password) in [
            (
                "https://Git.Example:443/scm/PLAT/x",
                "https://Git.Example:443/scm/PLAT/x",
                None,
                false,
            ),
            (
                "https://alice@h/scm/p/x.git",
                "https://h/scm/p/x.git",
                Some("alice"),
                false,
            ),
            (
                "https://a%40b:p@w:x@h/scm/p/x.git",
                "https://h/scm/p/x.git",
                Some("a@b"),
                true,
            ),
            ("https://:pw@h", "https://h", None, true),
            (
                "ssh://git@h:7999/p/x.git",
                "ssh://git@h:7999/p/x.git",
                None,
                false,
            ),
            (
                "ssh://git:pw@h:7999/p/x.git",
                "ssh://git@h:7999/p/x.git",
                None,
                false,
            ),
            ("git@h:p/x.git", "git@h:p/x.git", None, false),
        ] {
            let remote = Remote::new("origin", typed);
            assert_eq!(remote.address, address);
            assert_eq!(
                (remote.user.as_deref(), remote.has_password),
                (user, has_password)
            );
        }
    }
}
