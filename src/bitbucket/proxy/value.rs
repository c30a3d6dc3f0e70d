//! The value of a variable that names a proxy: `http://user:password@proxy.example.com:3128`.
//!
//! Read strictly: where a password has signs in it that belong encoded, nobody can tell which pieces of
//! the value are secret, so that none is shown or used.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

/// What a proxy is spoken to over; no scheme means the first.
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The address, without user name and password, and the header that carries those two.
pub(super) struct Value {
    pub(super) address: String,
    pub(super) authorization: Option<HeaderValue>,
}

impl Value {
    /// `None`: the value does not parse cleanly.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or((SCHEMES[0], text));
        let scheme = scheme.to_ascii_lowercase();
        if !SCHEMES.contains(&scheme.as_str()) {
            return None;
        }
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (user_info, host) = match rest.split_once('@') {
            Some((user_info, host)) => (Some(user_info), host),
            None => (None, rest),
        };
        let host = is_host(host).then_some(host)?;
        let authorization = match user_info {
            Some(user_info) => Some(basic(user_info)?),
            None => None,
        };
        Some(Self {
            address: format!("{scheme}://{host}"),
            authorization,
        })
    }
}

/// `proxy.example.com:3128`, `[::1]:3128`; the port may be missing.
fn is_host(text: &str) -> bool {
    let (name, port) = match text.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
        _ => (text, None),
    };
    let is_port =
        |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    let is_number = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'))
        .is_some_and(|number| number.parse::<std::net::Ipv6Addr>().is_ok());
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte));
    (is_name || is_number) && port.is_none_or(is_port)
}

/// User name and password, as Basic authentication (RFC 7617).
fn basic(user_info: &str) -> Option<HeaderValue> {
    let (user, password) = user_info.split_once(':').unwrap_or((user_info, ""));
    let (user, password) = (decoded(user)?, decoded(password)?);
    let pair = Zeroizing::new(format!("{}:{}", *user, *password));
    let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(&*pair)));
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn decoded(text: &str) -> Option<Zeroizing<String>> {
    let is_plain = |sign: char| {
        let means_something = matches!(sign, '/' | '?' | '#' | '@' | '[' | ']' | '\\');
        !(means_something || sign.is_whitespace() || sign.is_control() || sign == '\u{fffd}')
    };
    let is_encoded = |rest: &str| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|it| it.iter().all(u8::is_ascii_hexdigit))
    };
    let is_clean = text.chars().all(is_plain) && text.split('%').skip(1).all(is_encoded);
    let bytes = Zeroizing::new(percent_decode_str(is_clean.then_some(text)?).collect::<Vec<_>>());
    let text = std::str::from_utf8(&bytes).ok()?;
    (!text.contains(char::is_control)).then(|| Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn values_are_read_whole_or_not_at_all() {
        for (text, address, pair) in [
            ("http://proxy:3128", "http://proxy:3128", None),
            (
                " HTTP://proxy.example.com/ ",
                "http://proxy.example.com",
                None,
            ),
            ("proxy:3128", "http://proxy:3128", None),
            ("https://[::1]:3128", "https://[::1]:3128", None),
            ("me@proxy", "http://proxy", Some("me:")),
            (
                "http://me:a:b!$&'()*+,;=~^|<>@proxy",
                "http://proxy",
                Some("me:a:b!$&'()*+,;=~^|<>"),
            ),
            (
                "http://me:%2F%3f%23%40%25@proxy:1",
                "http://proxy:1",
                Some("me:/?#@%"),
            ),
            (
                "socks5://me:pw@proxy:1080",
                "socks5://proxy:1080",
                Some("me:pw"),
            ),
            (
                "http://CORP%5Cme:pß@proxy",
                "http://proxy",
                Some("CORP\\me:pß"),
            ),
        ] {
            let value = Value::read(text).unwrap();
            assert_eq!(value.address, address, "{text}");
            let sent = value.authorization.map(|it| {
                let sent = it
                    .to_str()
                    .unwrap()
                    .strip_prefix("Basic ")
                    .unwrap()
                    .to_owned();
                String::from_utf8(STANDARD.decode(sent).unwrap()).unwrap()
            });
            assert_eq!(sent.as_deref(), pair, "{text}");
        }
        for text in [
            "http://me:12/34@proxy:3128",
            "http://me:12?34@proxy:3128",
            "http://me:12#34@proxy:3128",
            "http://me:12@34@proxy:3128",
            "http://me:12%34%@proxy:3128",
            "http://me:12%zz@proxy:3128",
            "http://me:%ff@proxy:3128",
            "http://me:%0a@proxy:3128",
            "http://me:12 34@proxy:3128",
            "http://me:12\\34@proxy:3128",
            "http://12/me:34@proxy:3128",
            "me:12/34@proxy:3128",
            "me:12://34@proxy:3128",
            "http://proxy:3128/secret",
            "http://proxy:3128?secret",
            "http://proxy:port",
            "http://proxy:",
            "http://proxy:99999",
            "http://me:pw@",
            "http://",
            "http:/proxy",
            "ftp://proxy",
            "http://pro xy",
        ] {
            assert!(Value::read(text).is_none(), "{text}");
        }
    }
}
