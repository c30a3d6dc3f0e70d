//! The base address of a Bitbucket: what all its pages and services have in front.

use std::fmt;
use std::net::IpAddr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use reqwest::Url;

use super::typed::{AddressError, web_address};
use crate::text;

/// Everything but the characters that never need encoding (RFC 3986, 2.3). Personal projects keep
/// their `~`.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// First path segments of Bitbucket's own pages and services: what comes before is the context path.
const BITBUCKETS_OWN: [&str; 14] = [
    "account",
    "admin",
    "dashboard",
    "j_atl_security_check",
    "login",
    "logout",
    "mvc",
    "plugins",
    "profile",
    "projects",
    "repos",
    "rest",
    CLONES,
    "users",
];

/// What stands before the key of a project in a clone address. Context paths are called that too.
const CLONES: &str = "scm";

/// Whether this goes on as a clone address does after [`CLONES`]: else that belongs to the context path.
fn is_followed_by_clone(path: &[&str]) -> bool {
    let is_own = |segment: &str| BITBUCKETS_OWN.contains(&segment);
    match *path {
        [] => false,
        [project] => !is_own(project),
        // `projects/x.git` is a clone of somebody whose project is called so, `projects/PLAT` a page.
        [CLONES, _] => true,
        [project, repository] => repository.ends_with(".git") || !is_own(project),
        [_, repository, "info", ..] if repository.ends_with(".git") => true,
        [project, repository, ..] => {
            !is_own(project) && (repository.ends_with(".git") || !is_own(repository))
        }
    }
}

/// The base address of a Bitbucket: scheme, host, port and context path.
///
/// Displayed as `https://git.example.com/bitbucket`, without a slash at the end, and never with user
/// information.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

impl BaseUrl {
    /// Reads what somebody typed or pasted: a host, a base address, or the address of any page,
    /// REST resource or repository of a Bitbucket.
    ///
    /// Without a scheme `https` is assumed, and `http` for this computer (`localhost`, `127.0.0.1`,
    /// `[::1]`), where nobody has a certificate.
    ///
    /// # Errors
    ///
    /// See [`AddressError`].
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        Ok(Self::of(&web_address(text)?))
    }

    /// The part of an address that lies above Bitbucket's own pages.
    pub(super) fn of(url: &Url) -> Self {
        let path: Vec<_> = segments(url).collect();
        let is_own = |at: &usize| match path[*at] {
            CLONES => is_followed_by_clone(&path[at + 1..]),
            segment => BITBUCKETS_OWN.contains(&segment),
        };
        let end = (0..path.len()).find(is_own).unwrap_or(path.len());
        let mut base = url.clone();
        base.set_path(&format!("/{}", path[..end].join("/")));
        base.set_query(None);
        Self(base)
    }

    /// `git.example.com`, or `git.example.com:7990` where the port is not the scheme's own.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.authority()
    }

    /// The name of the computer alone, without a port.
    #[must_use]
    pub fn host_name(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether the server runs on this computer.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Whether the connection is encrypted. Where it is not, passwords and tokens cross the network
    /// readably.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The address of a page below the base, each segment percent-encoded:
    /// `page(&["projects", "PLAT"])` is `https://git.example.com/bitbucket/projects/PLAT`.
    #[must_use]
    pub fn page(&self, segments: &[&str]) -> String {
        format!("{self}{}", path(segments))
    }

    /// A path below the base as the server sees it, with the context path in front.
    pub(crate) fn full_path(&self, path: &str) -> String {
        format!("{}{path}", self.0.path().trim_end_matches('/'))
    }

    /// An address at the root of the same server: its own context path is left out.
    pub(crate) fn at_root(&self, context: &str) -> String {
        let mut url = self.0.clone();
        url.set_path(context);
        url.into()
    }

    /// The segments, decoded, by which an address lies below this one; `None` if it does not.
    #[must_use]
    pub fn segments_below(&self, address: &str) -> Option<Vec<String>> {
        let url = Url::parse(address).ok()?;
        if url.origin() != self.0.origin() {
            return None;
        }
        let context = self.0.path().trim_end_matches('/');
        let path = url.path().strip_prefix(context)?.strip_prefix('/')?;
        let segments = path.split('/').map(|segment| {
            let decoded = percent_decode_str(segment).decode_utf8().ok()?;
            Some(decoded.into_owned())
        });
        segments.collect()
    }

    /// The root of the same server.
    pub(crate) fn root(&self) -> Self {
        let mut url = self.0.clone();
        url.set_path("/");
        Self(url)
    }

    /// Whether a redirect from here to there is one within the same server, which nobody is asked about: to
    /// another context path, or from http to https at the ports that go without saying.
    pub(crate) fn is_same_server(&self, to: &Self) -> bool {
        let (from, to) = (&self.0, &to.0);
        let is_encrypted_now = from.scheme() == "http"
            && to.scheme() == "https"
            && (from.port() == to.port()
                || from.port_or_known_default() == to.port_or_known_default());
        from.host_str() == to.host_str() && (from.origin() == to.origin() || is_encrypted_now)
    }

    /// The base address that a redirect points to, where it leads to the same `path` elsewhere.
    pub(crate) fn moved(&self, path: &str, location: &str) -> Option<Self> {
        let url = Url::parse(location).ok()?;
        let context = url.path().strip_suffix(path)?.to_owned();
        let mut base = url;
        base.set_path(&context);
        let base = Self::parse(base.as_str()).ok()?;
        (base != *self).then_some(base)
    }

    /// An address in an answer, made absolute and without its query, which may hold secrets.
    pub(crate) fn resolve(&self, path: &str, location: &str) -> Option<String> {
        let mut url = self.join(path, location)?;
        url.set_query(None);
        Some(text::clean(url.as_str()))
    }

    /// The address of a page that an answer offers, made absolute. Its query belongs to it.
    pub(crate) fn offered_page(&self, path: &str, link: &str) -> Option<String> {
        Some(text::clean(self.join(path, link)?.as_str()))
    }

    fn join(&self, path: &str, location: &str) -> Option<Url> {
        let url = Url::parse(&format!("{self}{path}")).ok()?;
        let mut url = url.join(location).ok()?;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_fragment(None);
        Some(url)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BaseUrl({self})")
    }
}

/// The segments of a path, as they are written, without empty ones.
fn segments(url: &Url) -> impl Iterator<Item = &str> {
    url.path().split('/').filter(|segment| !segment.is_empty())
}

pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// `/rest/api/latest/projects/~alice`, each segment percent-encoded.
pub(crate) fn path(segments: &[&str]) -> String {
    segments.iter().fold(String::new(), |mut path, segment| {
        path.push('/');
        path.extend(utf8_percent_encode(segment, SEGMENT));
        path
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn the_base_is_found_in_whatever_people_paste() {
        for (text, base) in [
            ("git.example.com", "https://git.example.com"),
            ("  git.example.com/\n", "https://git.example.com"),
            ("GIT.Example.com:8443", "https://git.example.com:8443"),
            ("git.example.com:443", "https://git.example.com"),
            (
                "http://git.example.com:7990/",
                "http://git.example.com:7990",
            ),
            ("HTTPS://git.example.com", "https://git.example.com"),
            ("https:git.example.com", "https://git.example.com"),
            ("https:/git.example.com", "https://git.example.com"),
            ("//git.example.com/b", "https://git.example.com/b"),
            (
                "git.example.com/bitbucket",
                "https://git.example.com/bitbucket",
            ),
            ("https://h//a//b//", "https://h/a/b"),
            ("https://h/bitbucket?x=1#y", "https://h/bitbucket"),
            ("https://h/b/projects/PLAT/repos/x/browse", "https://h/b"),
            ("https://h/users/alice/repos/x", "https://h"),
            ("https://h/projects", "https://h"),
            ("https://h/scm/plat/x.git", "https://h"),
            (
                "https://alice:pw@h/bitbucket/scm/~alice/x.git",
                "https://h/bitbucket",
            ),
            ("https://h/rest/api/1.0/projects?limit=1", "https://h"),
            (
                "https://h/b/plugins/servlet/access-tokens/manage",
                "https://h/b",
            ),
            ("https://h/b/login?next=/projects", "https://h/b"),
            ("https://h/b/dashboard", "https://h/b"),
            ("alice:password@git.example.com", "https://git.example.com"),
            ("localhost", "http://localhost"),
            (
                "localhost:7990/bitbucket",
                "http://localhost:7990/bitbucket",
            ),
            ("localhost:443", "http://localhost:443"),
            ("localhost:80", "http://localhost"),
            ("127.0.0.1:7990", "http://127.0.0.1:7990"),
            ("[::1]:7990", "http://[::1]:7990"),
            ("https://localhost:8443", "https://localhost:8443"),
            ("bücher.example", "https://xn--bcher-kva.example"),
            ("h/scm", "https://h/scm"),
            ("h/scm/", "https://h/scm"),
            ("h/scm/projects/PLAT/repos/x/browse", "https://h/scm"),
            ("h/scm/users/alice", "https://h/scm"),
            ("h/scm/rest/api/1.0/projects", "https://h/scm"),
            ("h/scm/scm/plat/x.git", "https://h/scm"),
            ("h/scm/scm/plat/x", "https://h/scm"),
            (
                "h/scm/plugins/servlet/access-tokens/manage",
                "https://h/scm",
            ),
            ("h/scm/login?next=/scm/projects", "https://h/scm"),
            ("h/dev/scm/projects/PLAT", "https://h/dev/scm"),
            ("h/scm/dev/projects/PLAT", "https://h/scm/dev"),
            ("h/scm/dev/scm/plat/x.git", "https://h/scm/dev"),
            ("h/scm/plat", "https://h"),
            ("h/scm/~alice/x.git", "https://h"),
            ("h/scm/plat/x.git/info/refs", "https://h"),
            ("h/scm/scm/x.git", "https://h"),
            ("h/scm/projects/x.git", "https://h"),
            ("h/scm/plat/projects.git", "https://h"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().to_string(), base, "{text}");
        }
    }

    #[test]
    fn the_parts_of_an_address() {
        let base = BaseUrl::parse("https://alice:pw@git.example.com:8443/bitbucket").unwrap();
        assert_eq!(base.host(), "git.example.com:8443");
        assert!(base.is_encrypted() && !base.is_loopback());
        assert_eq!(
            base.page(&["projects", "~a b", "repos", "x/y"]),
            "https://git.example.com:8443/bitbucket/projects/~a%20b/repos/x%2Fy"
        );
        assert_eq!(base.page(&[]), base.to_string());
        assert!(!format!("{base:?}").contains("pw"));
        for (text, loopback) in [
            ("[::1]", true),
            ("127.8.9.1", true),
            ("demo.localhost", true),
            ("localhost.example.com", false),
            ("10.0.0.1", false),
        ] {
            assert_eq!(
                BaseUrl::parse(text).unwrap().is_loopback(),
                loopback,
                "{text}"
            );
        }
    }

    #[test]
    fn a_redirect_to_the_same_path_is_a_move() {
        let base = BaseUrl::parse("http://h").unwrap();
        let moved = |to: &str| base.moved("/rest/x", to).map(|base| base.to_string());
        assert_eq!(moved("https://h/rest/x").unwrap(), "https://h");
        assert_eq!(moved("http://h/b/rest/x").unwrap(), "http://h/b");
        assert_eq!(moved("http://h/rest/x"), None, "no move");
        assert_eq!(moved("https://sso/login"), None);
    }

    #[test]
    fn locations_lose_what_may_be_secret() {
        let base = BaseUrl::parse("https://h/b").unwrap();
        let resolve = |to: &str| base.resolve("/rest/x", to);
        assert_eq!(
            resolve("/login?SAMLRequest=1#2").unwrap(),
            "https://h/login"
        );
        assert_eq!(resolve("https://u:p@sso/x").unwrap(), "https://sso/x");
        assert_eq!(resolve("javascript:alert(1)"), None);
    }
}
