//! The address of a web page, from whatever people type or paste.

use reqwest::Url;

use super::base_url::is_loopback;
use crate::text;

/// Where the vendor runs Bitbucket Cloud.
const CLOUD: &str = "bitbucket.org";

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
        "This is Bitbucket Cloud, which has tokens of its own kind. bbtoken works with Bitbucket Data \
         Center, which organisations host themselves: ask for the address of yours."
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

#[cfg(test)]
mod tests {
    use super::AddressError;
    use crate::address::BaseUrl;

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
}
