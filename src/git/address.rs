//! Addresses of repositories, compared as Bitbucket reads them: it tells neither capitals in the key of
//! a project nor a missing `.git` apart, where git's configuration and its helpers tell both.

use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::address::BaseUrl;
use crate::permission::ScopeKind;

/// What stands in a path before the key of the project.
const SCM: &[u8] = b"scm";
/// The end of a clone address, which may be missing.
const GIT: &[u8] = b".git";

/// Where an address over HTTP leads, however it is spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Scheme, host and port, as in `https://git.example.com`.
    server: String,
    /// The segments of the path; those of project and repository in small letters.
    path: Vec<Vec<u8>>,
}

impl Location {
    /// Reads an address; `None` for anything but http and https.
    #[must_use]
    pub fn of(address: &str) -> Option<Self> {
        let url = web(address)?;
        let segments = url.path().split('/');
        let segments = segments.map(|segment| percent_decode_str(segment).collect());
        Some(Self::on(&url, segments))
    }

    fn on(server: &Url, segments: impl Iterator<Item = Vec<u8>>) -> Self {
        let mut path: Vec<_> = segments.filter(|segment| !segment.is_empty()).collect();
        // A context path may be called `scm` too: then everything from there on is read alike.
        for name in path.iter_mut().skip_while(|segment| *segment != SCM) {
            *name = in_small_letters(name);
            if let Some(without) = name.strip_suffix(GIT) {
                name.truncate(without.len());
            }
        }
        Self {
            server: server.origin().ascii_serialization(),
            path,
        }
    }

    /// What git says of an address to its helpers: the host as it is typed, the path decoded.
    #[must_use]
    pub fn of_parts(protocol: &str, host: &str, path: &[u8]) -> Option<Self> {
        // What else could stand there would be read as something other than a host.
        let is_host = |c: char| c.is_alphanumeric() || "-._:[]".contains(c);
        if !host.chars().all(is_host) {
            return None;
        }
        let server = web(&format!("{protocol}://{host}/"))?;
        let segments = path.split(|byte| *byte == b'/').map(<[u8]>::to_vec);
        Some(Self::on(&server, segments))
    }

    /// Where an address for git over SSH leads, on the server of another place: `git@host:key/slug.git` or
    /// `ssh://git@host:7999/key/slug.git`; `None` where that is another host.
    #[must_use]
    pub fn of_ssh(address: &str, on: &Self) -> Option<Self> {
        let (host, path) = match address.split_once("://") {
            Some(("ssh" | "git+ssh" | "ssh+git", rest)) => rest.split_once('/')?,
            Some(_) => return None,
            None => address
                .split_once(':')
                .filter(|(host, _)| !host.contains('/'))?,
        };
        let host = host.rsplit('@').next()?.split(':').next()?;
        let named = Url::parse(&on.server).ok()?;
        if !named.host_str()?.eq_ignore_ascii_case(host) {
            return None;
        }
        let place: Vec<Vec<u8>> = path
            .split('/')
            .map(|segment| percent_decode_str(segment).collect())
            .collect();
        let there = |end: usize| {
            let context = on.path[..end].iter().cloned();
            let path = context.chain([SCM.to_vec()]).chain(place.iter().cloned());
            Self::on(&named, path)
        };
        // A context path may be called `scm` too: then the first is not the one before the project.
        let ends = (0..on.path.len()).filter(|end| on.path[*end] == SCM);
        let locations: Vec<_> = ends.map(there).collect();
        let within = locations.iter().position(|it| it.is_within(on));
        let chosen = locations.into_iter().nth(within.unwrap_or_default());
        Some(chosen.unwrap_or_else(|| there(on.path.len())))
    }

    /// Whether it is this other one, or lies below it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.server == other.server && self.is_within_under_another_name(other)
    }

    /// The same, but on http where the other one is on https of the same host.
    #[must_use]
    pub fn is_within_over_http(&self, other: &Self) -> bool {
        let host = |server: &str, scheme| {
            let host = server.strip_prefix(scheme)?;
            Some(host.split(':').next().unwrap_or_default().to_owned())
        };
        let here = host(&self.server, "http://");
        here.is_some()
            && here == host(&other.server, "https://")
            && self.is_within_under_another_name(other)
    }

    /// The same if both servers were one: it may have several names.
    #[must_use]
    pub fn is_within_under_another_name(&self, other: &Self) -> bool {
        self.path.starts_with(&other.path)
    }

    /// Whether it is on another computer, without encryption.
    #[must_use]
    pub fn is_plain_http(&self) -> bool {
        let base = BaseUrl::parse(&self.server);
        base.is_ok_and(|base| !base.is_encrypted() && !base.is_loopback())
    }

    /// Whether it names a server and nothing on it.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.path.is_empty()
    }

    /// How many segments its path has.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.path.len()
    }

    /// An address on this server, with the path of another as it is typed there.
    #[must_use]
    pub fn with_path_of(&self, address: &str) -> String {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        let path = rest.find('/').map_or("", |at| &rest[at..]);
        format!("{}{path}", self.server)
    }

    /// Scheme, host and port, in small letters and without a port that goes without saying.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }
}

/// Names on disk may be in no encoding at all; then capitals are those of ASCII.
fn in_small_letters(segment: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(segment) {
        Ok(text) => text.to_lowercase().into_bytes(),
        Err(_) => segment.to_ascii_lowercase(),
    }
}

fn web(address: &str) -> Option<Url> {
    let url = Url::parse(address.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// An address without what somebody signs in with, a query, and slashes at the end.
pub(super) fn bare(address: &str) -> Option<String> {
    let mut url = web(address)?;
    // Both fail only for addresses without a host, which these have.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    Some(url.as_str().trim_end_matches('/').to_owned())
}

/// The first segments of the path of an address, everything as it is typed.
pub(super) fn first_segments(address: &str, depth: usize) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let mut segments = rest.split('/').filter(|segment| !segment.is_empty());
    let host = segments.next()?.to_owned();
    let path: Vec<_> = segments.take(depth).collect();
    let first = [&[host.as_str()], path.as_slice()].concat().join("/");
    (path.len() == depth).then(|| format!("{scheme}://{first}"))
}

/// The spellings of an address that git tells apart and Bitbucket does not, the address itself first.
pub(super) fn spellings(address: &str, kind: ScopeKind) -> Vec<String> {
    let depth = match kind {
        ScopeKind::Personal => return vec![address.to_owned()],
        ScopeKind::Project => 1,
        ScopeKind::Repository => 2,
    };
    let mut segments: Vec<_> = address.split('/').collect();
    let place = segments.split_off(segments.len().saturating_sub(depth));
    let above = segments.join("/");
    let Some((key, repository)) = place.split_first() else {
        return vec![address.to_owned()];
    };
    let keys = [
        (*key).to_owned(),
        key.to_ascii_lowercase(),
        key.to_ascii_uppercase(),
    ];
    let repositories = match repository.first() {
        None => vec![String::new()],
        Some(repository) => {
            let name = repository.strip_suffix(".git").unwrap_or(repository);
            [repository, &*format!("{name}.git"), name]
                .map(|name| format!("/{name}"))
                .to_vec()
        }
    };
    let mut spellings = Vec::new();
    for key in &keys {
        for repository in &repositories {
            let spelling = format!("{above}/{key}{repository}");
            if !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
    }
    spellings
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    const REPOSITORY: &str = "https://git.example.com/b/scm/plat/billing-api.git";

    fn within(address: &str, place: &str) -> bool {
        match (Location::of(address), Location::of(place)) {
            (Some(address), Some(place)) => address.is_within(&place),
            _ => false,
        }
    }

    #[test]
    fn every_spelling_of_an_address_is_the_same_place() {
        for spelling in [
            REPOSITORY,
            "https://git.example.com/b/scm/PLAT/billing-api.git",
            "https://git.example.com/b/scm/plat/billing-api",
            "https://git.example.com/b/scm/plat/billing-api.git/",
            "https://git.example.com/b//scm/plat/Billing-API",
            "https://GIT.Example.com:443/b/scm/plat/billing-api.git",
            "https://alice@git.example.com/b/scm/plat/billing-api.git",
            "https://alice:old@git.example.com/b/scm/plat/billing%2Dapi.git",
            "HTTPS://git.example.com/b/scm/plat/billing-api.git/info/refs?service=git-upload-pack",
        ] {
            for place in [
                REPOSITORY,
                "https://git.example.com",
                "https://git.example.com/b/scm/PLAT/",
            ] {
                assert!(within(spelling, place), "{place} {spelling}");
            }
        }
    }

    #[test]
    fn another_place_is_another_place() {
        for other in [
            "http://git.example.com/b/scm/plat/billing-api.git",
            "https://git.example.com:8443/b/scm/plat/billing-api.git",
            "https://git.example.com.evil.example/b/scm/plat/billing-api.git",
            "https://evil.example/git.example.com/b/scm/plat/billing-api.git",
            "https://git.example.com@evil.example/b/scm/plat/billing-api.git",
            "https://git.example.com/scm/plat/billing-api.git",
            "https://git.example.com/B/scm/plat/billing-api.git",
            "https://git.example.com/b/scm/plat/billing-api.git.git",
            "https://git.example.com/b/scm/plat/billing-api2.git",
            "https://git.example.com/b/scm/plat/billing",
            "https://git.example.com/b/scm/plat%2Fbilling-api.git",
            "https://git.example.com/b/scm/plat/x/../../billing-api.git",
            "https://git.example.com/b/scm/plat",
            "ssh://git.example.com/b/scm/plat/billing-api.git",
            "git@git.example.com:plat/billing-api.git",
            "git.example.com/b/scm/plat/billing-api.git",
            "",
        ] {
            assert!(!within(other, REPOSITORY), "{other}");
        }
        assert!(!within(REPOSITORY, "https://git.example.com/b/scm/pla"));
    }

    #[test]
    fn what_lies_below_lies_below_a_context_path_too_even_one_called_scm() {
        let clone = "https://h/scm/scm/PLAT/x.git";
        assert!(within(clone, "https://h/scm/scm/plat"));
        let large_files = "https://h/scm/plat/x.git/info/lfs";
        assert!(within(large_files, "https://h/scm/PLAT/x"));
        assert!(within(clone, "https://h/scm") && within(clone, "https://h"));
        assert!(!within(clone, "https://h/scm/plat") && !within(clone, "https://h/SCM"));
        let elsewhere = Location::of("http://127.0.0.1:7990/scm/plat/x.git").unwrap();
        let there = Location::of("http://localhost:7990/scm/PLAT/x").unwrap();
        assert!(!elsewhere.is_within(&there) && elsewhere.is_within_under_another_name(&there));
    }

    #[test]
    fn an_address_over_ssh_leads_below_a_context_path_called_scm() {
        let ssh = "ssh://git@h:7999/plat/x.git";
        for place in [
            "https://h/scm",
            "https://h/scm/scm/plat",
            "https://h/scm/scm/plat/x.git",
            "https://h/dev/scm/scm/PLAT/x",
            "https://h/scm/plat/x.git",
        ] {
            let place = Location::of(place).unwrap();
            let there = Location::of_ssh(ssh, &place).unwrap();
            assert!(there.is_within(&place), "{place:?}");
        }
        let other = Location::of("https://h/scm/scm/data/x.git").unwrap();
        assert!(!Location::of_ssh(ssh, &other).unwrap().is_within(&other));
    }

    #[test]
    fn an_address_over_ssh_leads_to_the_same_place() {
        let place = Location::of("https://git.example.com:8443/b/scm/plat/x.git").unwrap();
        for (address, is_there) in [
            ("ssh://git@git.example.com:7999/plat/x.git", true),
            ("git@Git.example.com:PLAT/x.git", true),
            ("ssh://git@git.example.com/plat/y.git", false),
            ("git@github.com:plat/x.git", false),
            ("https://git.example.com/scm/plat/x.git", false),
            ("/srv/git:x", false),
        ] {
            let there = Location::of_ssh(address, &place);
            let is_within = there.is_some_and(|there| there.is_within(&place));
            assert_eq!(is_within, is_there, "{address}");
        }
    }

    #[test]
    fn git_names_the_parts_of_an_address_decoded() {
        let address = "https://h:8443/b/scm/~alice/a%20b%2525.git";
        let parts = Location::of_parts("https", "H:8443", b"b/scm/~ALICE/a b%25").unwrap();
        assert_eq!(parts, Location::of(address).unwrap());
    }

    #[test]
    fn git_is_told_each_spelling() {
        assert_eq!(
            spellings("https://h/scm/plat/x.git", ScopeKind::Repository),
            [
                "https://h/scm/plat/x.git",
                "https://h/scm/plat/x",
                "https://h/scm/PLAT/x.git",
                "https://h/scm/PLAT/x",
            ]
        );
        assert_eq!(
            spellings("https://h/scm/Plat", ScopeKind::Project),
            [
                "https://h/scm/Plat",
                "https://h/scm/plat",
                "https://h/scm/PLAT"
            ]
        );
        assert_eq!(
            spellings("https://h/b", ScopeKind::Personal),
            ["https://h/b"]
        );
    }
}
