//! Which Bitbucket is meant, and which place on it: from what somebody typed, the clone in the current
//! directory, what is configured and what is remembered.

use crate::bitbucket::{Address, AddressError, BaseUrl, Destination, ServerFrom};
use crate::config::{self, Config};
use crate::environment::Environment;
use crate::git::{self, Remote};
use crate::state::State;

/// Names the address where none is given.
pub const SERVER: &str = "BBTOKEN_SERVER";
/// A place by which the user's own account is called.
pub const ACCOUNT: &str = "@me";
/// Where others run git for everybody: no Bitbucket Data Center is there.
const HOSTED: [&str; 7] = [
    "github.com",
    "gitlab.com",
    "codeberg.org",
    "git.sr.ht",
    "dev.azure.com",
    "visualstudio.com",
    "amazonaws.com",
];

/// The address where none is given, as the environment says.
#[must_use]
pub fn usual(environment: &Environment) -> Option<String> {
    let address = environment.get(SERVER)?;
    Some(address.to_string_lossy().into_owned())
}

/// What the surroundings tell of the Bitbucket that is meant.
#[derive(Debug, Default)]
pub struct Hints {
    /// The remotes of the clone in the current directory, the most important first.
    pub remotes: Vec<String>,
    /// The address that the environment names.
    pub usual: Option<String>,
}

/// Looks at the clone in the current directory and at the environment.
pub async fn look_around(environment: &Environment) -> Hints {
    Hints {
        remotes: git::remotes(environment).await,
        usual: usual(environment),
    }
}

/// The servers that are offered: those where somebody has signed in, the last one first, then those that
/// were only configured.
#[must_use]
pub fn servers(config: &Config, state: &State) -> Vec<config::Server> {
    let mut servers: Vec<_> = state.servers().map(config::Server::at).collect();
    for server in &mut servers {
        if let Some(configured) = config.server(&server.address) {
            *server = configured.clone();
        }
    }
    for configured in &config.servers {
        if !servers.iter().any(|it| it.address == configured.address) {
            servers.push(configured.clone());
        }
    }
    servers
}

/// The servers that an address can mean without naming them, the most likely first.
#[must_use]
pub fn known(nearest: Option<BaseUrl>, config: &Config, state: &State) -> Vec<BaseUrl> {
    let others = servers(config, state).into_iter();
    let others = others.map(|server| server.address);
    nearest.into_iter().chain(others).collect()
}

/// What tells the server where nobody names one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedBy {
    /// The clone in the current directory comes from there.
    Clone,
    /// The environment variable for it.
    Variable,
    /// It is the first of the known ones.
    First,
}

/// The address where nobody names one: that of the clone, if it is of a Bitbucket; else the usual one;
/// else the first that is known.
#[must_use]
pub fn unnamed(
    remotes: &[String],
    usual: Option<&str>,
    known: &[BaseUrl],
) -> Option<(String, NamedBy)> {
    let usual_server = usual.and_then(|usual| Address::parse(usual, known).ok()?.server);
    let usual_server = usual_server.map(|(base, _)| base);
    let with_usual: Vec<_> = usual_server.iter().chain(known).cloned().collect();
    if let Some(base) = server_of_clone(remotes, &with_usual) {
        return Some((base.to_string(), NamedBy::Clone));
    }
    if let Some(usual) = usual {
        return Some((usual.to_owned(), NamedBy::Variable));
    }
    Some((known.first()?.to_string(), NamedBy::First))
}

/// What somebody has said of the place that is meant.
#[derive(Debug, Clone, Copy, Default)]
pub struct Said<'a> {
    /// The place; without one: that of the clone.
    pub place: Option<&'a str>,
    /// The server, where a place alone could be on several.
    pub server: Option<&'a str>,
    /// The address that the environment names.
    pub usual: Option<&'a str>,
}

/// Why nobody knows which place is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear {
    /// This is no address.
    Address(String, AddressError),
    /// An address for git over SSH: the web pages may be there, which is a guess.
    Guess {
        /// Where they may be.
        base: Box<BaseUrl>,
        /// What the address says of the place.
        place: Option<Destination>,
    },
    /// There is a place, and no server is known.
    Server,
    /// There is a server, at this address, and no place on it.
    Place(String),
    /// The place is on another server than the one that was named.
    Elsewhere {
        /// Where the place is.
        place: String,
        /// The server that was named.
        named: String,
    },
}

/// The place that is meant, and the Bitbucket on which it is.
///
/// # Errors
/// [`Unclear`].
pub fn find(
    said: Said<'_>,
    remotes: &[String],
    known: &[BaseUrl],
) -> Result<(BaseUrl, Destination), Unclear> {
    let read = |text: &str, known: &[BaseUrl]| {
        Address::parse(text, known).map_err(|error| Unclear::Address(text.to_owned(), error))
    };
    let sure = |(base, from), place: Option<&Destination>| match from {
        ServerFrom::SshHost => Err(Unclear::Guess {
            base: Box::new(base),
            place: place.cloned(),
        }),
        ServerFrom::Text | ServerFrom::Known => Ok(base),
    };
    let named = match said.server {
        Some(text) => read(text, known)?.server,
        None => None,
    };
    let likely = match unnamed(remotes, said.usual, known) {
        Some((text, _)) if named.is_none() => Some(read(&text, known)?),
        _ => None,
    };
    let likely_server = likely.as_ref().and_then(|address| address.server.clone());
    let nearest = named.clone().or(likely_server);
    let Some(text) = said.place else {
        let (base, from) = nearest.ok_or(Unclear::Server)?;
        let in_clone = place_in_clone(remotes, &base);
        let place = in_clone.or_else(|| likely?.destination);
        let base = sure((base, from), place.as_ref())?;
        let place = place.ok_or_else(|| Unclear::Place(base.to_string()))?;
        return Ok((base, place));
    };
    if text == ACCOUNT {
        let account = Destination::Account;
        let base = sure(nearest.ok_or(Unclear::Server)?, Some(&account))?;
        return Ok((base, account));
    }
    let bases = nearest.iter().map(|(base, _)| base);
    let known: Vec<_> = bases.chain(known).cloned().collect();
    let address = read(text, &known)?;
    let (base, from) = address.server.ok_or(Unclear::Server)?;
    let from = match &nearest {
        Some((near, near_from)) if *near == base && from == ServerFrom::Known => *near_from,
        _ => from,
    };
    let place = address.destination;
    let base = sure((base, from), place.as_ref())?;
    if let Some((named, _)) = named.filter(|(named, _)| *named != base) {
        return Err(Unclear::Elsewhere {
            place: base.to_string(),
            named: named.to_string(),
        });
    }
    let place = place.ok_or_else(|| Unclear::Place(base.to_string()))?;
    Ok((base, place))
}

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

/// Where the web pages may be that belong to a clone over SSH, and what its address says of the place: a
/// guess, since the address tells neither their port nor a context path.
#[must_use]
pub fn guess_of_clone(remotes: &[String]) -> Option<(BaseUrl, Option<Destination>)> {
    addresses(remotes, &[]).find_map(|(_, address)| {
        let (base, from) = address.server?;
        let host = base.host_name();
        let is_hosted = |hosted: &str| {
            let rest = host.strip_suffix(hosted);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let is_guess = from == ServerFrom::SshHost && !HOSTED.into_iter().any(is_hosted);
        is_guess.then_some((base, address.destination))
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

/// The remote of the clone that leads to a repository on this server, the most important first.
#[must_use]
pub fn remote_to(remotes: &[Remote], base: &BaseUrl) -> Option<Remote> {
    let leads_there =
        |remote: &&Remote| place_in_clone(std::slice::from_ref(&remote.address), base).is_some();
    remotes.iter().find(leads_there).cloned()
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
    fn the_place_that_is_meant_is_found_in_what_was_said_and_in_the_clone() {
        let base = |text: &str| BaseUrl::parse(text).unwrap();
        let known = [
            base("https://one.example.com"),
            base("https://two.example.com/b"),
        ];
        let remotes = ["https://two.example.com/b/scm/plat/x.git".to_owned()];
        let (one, two) = ("https://one.example.com", "https://two.example.com/b");
        let (clone, none) = (&remotes[..], &[][..]);
        for (place, server, remotes, wanted) in [
            // The clone tells both, also the server of a place that names none.
            (None, None, clone, Ok((two, "PLAT / x"))),
            (Some("DATA/y"), None, clone, Ok((two, "DATA / y"))),
            (Some("@me"), None, clone, Ok((two, "your account"))),
            (Some("data"), None, none, Ok((one, "DATA"))),
            (Some("@me"), None, none, Ok((one, "your account"))),
            (None, None, none, Err(Unclear::Place(one.to_owned()))),
            (
                Some("PLAT"),
                Some("two.example.com"),
                none,
                Ok((two, "PLAT")),
            ),
            (
                None,
                Some("one.example.com"),
                clone,
                Err(Unclear::Place(one.to_owned())),
            ),
            (None, Some("two.example.com"), clone, Ok((two, "PLAT / x"))),
            (
                Some("https://three.example.com/projects/A/repos/b/browse"),
                None,
                clone,
                Ok(("https://three.example.com", "A / b")),
            ),
            (
                Some("https://one.example.com/projects/A"),
                Some("two.example.com/b"),
                none,
                Err(Unclear::Elsewhere {
                    place: one.to_owned(),
                    named: two.to_owned(),
                }),
            ),
            (
                Some("git@bitbucket.org:a/b.git"),
                None,
                none,
                Err(Unclear::Address(
                    "git@bitbucket.org:a/b.git".to_owned(),
                    AddressError::Cloud,
                )),
            ),
        ] {
            let said = Said {
                place,
                server,
                usual: None,
            };
            let found = find(said, remotes, &known);
            let found = found.map(|(base, place)| (base.to_string(), place.name()));
            let wanted = wanted.map(|(base, place)| (base.to_owned(), place.to_owned()));
            assert_eq!(found, wanted, "{said:?}");
        }
        assert_eq!(find(Said::default(), &[], &[]), Err(Unclear::Server));
        let usual = Said {
            usual: Some("https://h/projects/A"),
            ..Said::default()
        };
        let (_, place) = find(usual, &[], &known).unwrap();
        assert_eq!(place.name(), "A");
    }

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
