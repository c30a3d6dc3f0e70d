//! The address of a Bitbucket, from whatever people paste.
//!
//! People copy what the browser shows: a repository's page, a sign-in page, a clone address. The
//! base address is in there, so it is cut out rather than asked for again.

use std::fmt;
use std::net::IpAddr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use reqwest::Url;

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
    "scm",
    "users",
];

/// Where the vendor runs Bitbucket Cloud.
const CLOUD: &str = "bitbucket.org";

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
        let context: Vec<_> = segments(url)
            .take_while(|segment| !BITBUCKETS_OWN.contains(segment))
            .collect();
        let mut base = url.clone();
        base.set_path(&format!("/{}", context.join("/")));
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
    pub(super) fn full_path(&self, path: &str) -> String {
        format!("{}{path}", self.0.path().trim_end_matches('/'))
    }

    /// An address at the root of the same server: its own context path is left out.
    pub(super) fn at_root(&self, context: &str) -> String {
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

    /// The base address that a redirect points to, where it leads to the same `path` elsewhere.
    pub(super) fn moved(&self, path: &str, location: &str) -> Option<Self> {
        let url = Url::parse(location).ok()?;
        let context = url.path().strip_suffix(path)?.to_owned();
        let mut base = url;
        base.set_path(&context);
        let base = Self::parse(base.as_str()).ok()?;
        (base != *self).then_some(base)
    }

    /// An address in an answer, made absolute and without its query, which may hold secrets.
    pub(super) fn resolve(&self, path: &str, location: &str) -> Option<String> {
        let mut url = self.join(path, location)?;
        url.set_query(None);
        Some(text::clean(url.as_str()))
    }

    /// The address of a page that an answer offers, made absolute. Its query belongs to it.
    pub(super) fn offered_page(&self, path: &str, link: &str) -> Option<String> {
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

/// Why a text is no address of a Bitbucket, as a sentence that says what to type instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// Nothing was typed.
    #[error("Type the address of your Bitbucket, such as git.example.com.")]
    Empty,
    /// An address for git over SSH, which does not tell where the web pages are.
    #[error(
        "This is an SSH address. Type the one that the browser shows, such as https://git.example.com."
    )]
    Ssh,
    /// Neither `http` nor `https`.
    #[error(
        "Bitbucket does not speak {scheme}. Type an address with https, such as https://git.example.com."
    )]
    UnsupportedScheme {
        /// What stands before `://`, cleaned.
        scheme: String,
    },
    /// A scheme or a path, but no host.
    #[error("The name of the server is missing. Type it as in https://git.example.com.")]
    NoHost,
    /// The vendor's own hosted service, which is another product.
    #[error(
        "This is Bitbucket Cloud, which makes its tokens in its own way. bbtoken is for a Bitbucket Data Center that an organisation runs itself: ask for its address."
    )]
    Cloud,
    /// The port is no number up to 65535.
    #[error("The port after the colon has to be a number up to 65535, as in git.example.com:7990.")]
    InvalidPort,
    /// Something else that cannot be in an address.
    #[error("This is not an address. Type one such as https://git.example.com/bitbucket.")]
    Invalid,
}

/// The address of a page as somebody typed or pasted it, without user information and fragment.
pub(super) fn web_address(text: &str) -> Result<Url, AddressError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AddressError::Empty);
    }
    let (scheme, rest) = split_scheme(text)?;
    if rest.is_empty() {
        return Err(AddressError::NoHost);
    }
    let mut url = parse_url(scheme.unwrap_or("https"), rest)?;
    if scheme.is_none() && is_loopback(&url) {
        // Once more rather than with another scheme: the default port differs.
        url = parse_url("http", rest)?;
    }
    let host = url.host_str().unwrap_or_default();
    if host == CLOUD || host.ends_with(&format!(".{CLOUD}")) {
        return Err(AddressError::Cloud);
    }
    // Both fail only for addresses without a host, which http and https do not have.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_fragment(None);
    Ok(url)
}

/// The segments of a path, as they are written, without empty ones.
pub(super) fn segments(url: &Url) -> impl Iterator<Item = &str> {
    url.path().split('/').filter(|segment| !segment.is_empty())
}

/// The scheme, if there is one, and what follows it and its slashes.
fn split_scheme(text: &str) -> Result<(Option<&'static str>, &str), AddressError> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '@']) => (scheme, rest),
        _ if text.starts_with('/') && !text.starts_with("//") => return Err(AddressError::NoHost),
        _ => match text.split_once(':') {
            // "https:git.example.com", one slash forgotten or two.
            Some((scheme, rest)) if is_web(scheme) => (scheme, rest.trim_start_matches('/')),
            // "git@host:key/slug.git", git's short form for SSH. The colon of "alice:password@host"
            // comes before the @.
            Some((user, path)) if user.contains('@') && !starts_with_port(path) => {
                return Err(AddressError::Ssh);
            }
            _ => return Ok((None, text.trim_start_matches('/'))),
        },
    };
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok((Some("https"), rest)),
        "http" => Ok((Some("http"), rest)),
        "ssh" | "git+ssh" | "ssh+git" => Err(AddressError::Ssh),
        "" => Err(AddressError::Invalid),
        other => Err(AddressError::UnsupportedScheme {
            scheme: text::clean(other),
        }),
    }
}

fn is_web(scheme: &str) -> bool {
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

fn starts_with_port(text: &str) -> bool {
    let port = text.split(['/', '?', '#']).next().unwrap_or_default();
    !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
}

fn parse_url(scheme: &str, rest: &str) -> Result<Url, AddressError> {
    // Only for the message: the URL parser's error type is not ours to name.
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.is_empty() || host.starts_with(':') {
        return Err(AddressError::NoHost);
    }
    Url::parse(&format!("{scheme}://{rest}")).map_err(|_| {
        let port = host
            .rsplit_once(':')
            .filter(|(_, port)| !port.ends_with(']'));
        match port {
            Some((_, port)) if port.parse::<u16>().is_err() => AddressError::InvalidPort,
            _ => AddressError::Invalid,
        }
    })
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// `/rest/api/latest/projects/~alice`, each segment percent-encoded.
pub(super) fn path(segments: &[&str]) -> String {
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
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().to_string(), base, "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_told_why() {
        use AddressError as E;
        for (text, error) in [
            ("", E::Empty),
            (" \t ", E::Empty),
            ("ssh://git@h:7999/plat/x.git", E::Ssh),
            ("git@h:plat/x.git", E::Ssh),
            ("https://", E::NoHost),
            ("http:///projects", E::NoHost),
            ("/projects", E::NoHost),
            (
                "ftp://h",
                E::UnsupportedScheme {
                    scheme: "ftp".to_owned(),
                },
            ),
            (
                "FILE:///x",
                E::UnsupportedScheme {
                    scheme: "file".to_owned(),
                },
            ),
            ("://h", E::Invalid),
            (":7990", E::NoHost),
            ("alice@", E::NoHost),
            ("h:port", E::InvalidPort),
            ("https://h:99999", E::InvalidPort),
            ("two words", E::Invalid),
            ("https://[::1", E::Invalid),
            ("a<b", E::Invalid),
        ] {
            assert_eq!(BaseUrl::parse(text), Err(error), "{text}");
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
