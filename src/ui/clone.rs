//! The clone in the directory where the program was started: its server, and its place there.

use crate::bitbucket::{Address, BaseUrl, Destination, ServerFrom};

/// The Bitbucket that a clone comes from: a known server, or one whose addresses look like
/// Bitbucket's. `remotes` are addresses, the most important first.
#[must_use]
pub fn server_of_clone(remotes: &[String], known: &[BaseUrl]) -> Option<BaseUrl> {
    addresses(remotes, known).find_map(|(remote, address)| {
        let (base, from) = address.server?;
        let is_known = from == ServerFrom::Known || known.contains(&base);
        // No other server that we know of has clones below /scm.
        let is_like_bitbucket = from == ServerFrom::Text && remote.contains("/scm/");
        (is_known || is_like_bitbucket).then_some(base)
    })
}

/// The repository of the clone, if it is on this server.
#[must_use]
pub fn place_in_clone(remotes: &[String], base: &BaseUrl) -> Option<Destination> {
    let known = [base.clone()];
    let mut addresses = addresses(remotes, &known);
    addresses.find_map(|(_, address)| {
        let (server, _) = address.server?;
        let place = address.destination?;
        let is_here = server.host_name() == base.host_name();
        (is_here && matches!(place, Destination::Repository { .. })).then_some(place)
    })
}

/// The remotes that are addresses; a path on this computer is none.
fn addresses<'a>(
    remotes: &'a [String],
    known: &'a [BaseUrl],
) -> impl Iterator<Item = (&'a str, Address)> {
    let remotes = remotes.iter().map(String::as_str);
    let elsewhere = remotes.filter(|remote| remote.contains(':'));
    elsewhere.filter_map(|remote| Some((remote, Address::parse(remote, known).ok()?)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn only_what_comes_from_a_bitbucket_proposes_a_server() {
        let saved = [BaseUrl::parse("https://code.example.com/bitbucket").unwrap()];
        for (remotes, server) in [
            (
                &["https://git.example.com/b/scm/plat/x.git"][..],
                Some("https://git.example.com/b"),
            ),
            (
                &["https://code.example.com/bitbucket/scm/plat/x.git"],
                Some("https://code.example.com/bitbucket"),
            ),
            (
                &["ssh://git@code.example.com:7999/plat/x.git"],
                Some("https://code.example.com/bitbucket"),
            ),
            (
                &[
                    "https://github.com/a/b.git",
                    "git@code.example.com:plat/x.git",
                ],
                Some("https://code.example.com/bitbucket"),
            ),
            (&["git@github.com:a/b.git"], None),
            (&["https://github.com/a/b"], None),
            (&["git@bitbucket.org:a/b.git"], None),
            (&["/srv/git/x.git", "../x", "PLAT/x"], None),
            (&[], None),
        ] {
            let remotes: Vec<_> = remotes.iter().map(|remote| (*remote).to_owned()).collect();
            let found = server_of_clone(&remotes, &saved).map(|base| base.to_string());
            assert_eq!(found.as_deref(), server, "{remotes:?}");
        }
    }

    #[test]
    fn the_place_of_a_clone_is_on_its_own_server_only() {
        let base = BaseUrl::parse("http://git.example.com:7990").unwrap();
        for (remote, place) in [
            (
                "ssh://git@git.example.com:7999/plat/x.git",
                Some("PLAT / x"),
            ),
            (
                "git@git.example.com:~alice/notes.git",
                Some("~alice / notes"),
            ),
            (
                "http://git.example.com:7990/scm/plat/x.git",
                Some("PLAT / x"),
            ),
            ("https://other.example.com/scm/plat/x.git", None),
            ("git@github.com:a/b.git", None),
        ] {
            let found = place_in_clone(&[remote.to_owned()], &base).map(|place| place.name());
            assert_eq!(found.as_deref(), place, "{remote}");
        }
    }
}
