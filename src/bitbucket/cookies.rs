//! The cookies of one session: in memory, for the server that set them and no other.
//!
//! All of them are kept, whatever they are called and however often they change: the session's own,
//! and those by which a load balancer finds the machine that knows the session. The rules are the ones
//! of RFC 6265 as far as one server needs them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
use zeroize::Zeroizing;

use super::answer::http_date;
use crate::address::BaseUrl;

/// As many as a browser has to keep for one server; the oldest goes first.
const MOST: usize = 50;
/// A longer cookie is no cookie, in bytes.
const LONGEST: usize = 4096;

/// Wiped when dropped.
#[derive(Default)]
pub(super) struct Cookies(Mutex<Vec<Cookie>>);

struct Cookie {
    name: String,
    value: Zeroizing<String>,
    /// Below which path it is sent.
    path: String,
}

impl Cookies {
    /// Takes in what an answer of this server sets or takes away.
    pub(super) fn take_in(&self, base: &BaseUrl, headers: &HeaderMap) {
        for header in headers.get_all(SET_COOKIE) {
            let text = header.to_str().unwrap_or_default();
            if let Some((cookie, is_set)) = read(text, base) {
                let mut kept = self.kept();
                kept.retain(|other| other.name != cookie.name || other.path != cookie.path);
                if is_set {
                    kept.push(cookie);
                }
                if kept.len() > MOST {
                    kept.remove(0);
                }
            }
        }
    }

    /// The header `Cookie` of a request for this path.
    pub(super) fn header(&self, base: &BaseUrl, path: &str) -> Option<HeaderValue> {
        let path = base.full_path(path);
        let kept = self.kept();
        let mut cookies: Vec<_> = kept.iter().filter(|it| covers(&it.path, &path)).collect();
        // The more particular path first.
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let length = cookies.iter().map(|it| it.name.len() + it.value.len() + 3);
        let mut text = Zeroizing::new(String::with_capacity(length.sum()));
        for cookie in cookies {
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(&cookie.name);
            text.push('=');
            text.push_str(&cookie.value);
        }
        (!text.is_empty())
            .then(|| HeaderValue::from_str(&text).ok())
            .flatten()
    }

    /// All of them, for somebody else; none stays here.
    pub(super) fn take(&self) -> Self {
        Self(Mutex::new(std::mem::take(&mut *self.kept())))
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Cookie>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A cookie, and whether it is set or taken away; `None` for one that is not for this server.
fn read(text: &str, base: &BaseUrl) -> Option<(Cookie, bool)> {
    let mut parts = text.split(';');
    let (name, value) = parts.next()?.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    if name.is_empty() || text.len() > LONGEST {
        return None;
    }
    let mut below = None;
    let mut ends = None;
    let mut age = None;
    for attribute in parts {
        let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "path" if value.starts_with('/') => below = Some(value.to_owned()),
            "domain" => {
                let host = base.host_name().to_ascii_lowercase();
                let domain = value.trim_start_matches('.').to_ascii_lowercase();
                let is_ours =
                    domain.is_empty() || host == domain || host.ends_with(&format!(".{domain}"));
                is_ours.then_some(())?;
            }
            // Browsers take them over http from this very computer only.
            "secure" if !base.is_encrypted() && !base.is_loopback() => return None,
            "max-age" => age = value.parse::<i64>().ok(),
            // Tomcat writes `01-Jan-1970` too.
            "expires" => ends = http_date(&value.replace('-', " ")),
            _ => {}
        }
    }
    let is_over = match (age, ends) {
        (Some(age), _) => age <= 0,
        (None, Some(ends)) => ends <= Timestamp::now(),
        (None, None) => false,
    };
    let cookie = Cookie {
        name: name.to_owned(),
        value: Zeroizing::new(value.to_owned()),
        // A browser would keep one without a path to the neighbours of this very request, where a
        // session is of no use: its server means all of Bitbucket.
        path: below.unwrap_or_else(|| base.full_path("/")),
    };
    Some((cookie, !is_over && !value.is_empty()))
}

/// Whether a cookie for one path is sent with a request for another.
fn covers(cookie: &str, request: &str) -> bool {
    request
        .strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie.ends_with('/'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn base() -> BaseUrl {
        BaseUrl::parse("https://git.example.com/bitbucket").unwrap()
    }

    fn after(set: &[&str]) -> String {
        let cookies = Cookies::default();
        for set in set {
            let mut headers = HeaderMap::new();
            headers.insert(SET_COOKIE, set.parse().unwrap());
            cookies.take_in(&base(), &headers);
        }
        let header = cookies.header(&base(), "/rest/api/latest/projects");
        header.map_or_else(String::new, |it| it.to_str().unwrap().to_owned())
    }

    #[test]
    fn cookies_are_kept_replaced_and_taken_away() {
        for (set, sent) in [
            (&["a=1; Path=/"][..], "a=1"),
            (&["a=1; Path=/", "a=2; Path=/", "b=3; Path=/"], "a=2; b=3"),
            (&["a=1; Path=/", "a=; Path=/"], ""),
            (&["a=1; Path=/", "a=1; Path=/; Max-Age=0"], ""),
            (
                &[
                    "a=1; Path=/",
                    "a=x; Path=/; Expires=Thu, 01-Jan-1970 00:00:10 GMT",
                ],
                "",
            ),
            (
                &["a=1; Path=/; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:10 GMT"],
                "a=1",
            ),
            (&["a=1==; HttpOnly; Secure; Path=/"], "a=1=="),
            (&["a=1; Path=/", "a=2; Path=/bitbucket"], "a=2; a=1"),
        ] {
            assert_eq!(after(set), sent, "{set:?}");
        }
    }

    #[test]
    fn what_is_meant_for_others_is_not_kept() {
        for (set, sent) in [
            ("a=1; Path=/jira", ""),
            ("a=1; Path=/bit", ""),
            ("a=1; Path=/bitbucket/", "a=1"),
            ("a=1", "a=1"),
            ("a=1; Path=/; Domain=example.com", "a=1"),
            ("a=1; Path=/; Domain=.git.example.com", "a=1"),
            ("a=1; Path=/; Domain=other.com", ""),
            ("a=1; Path=/; Domain=t.example.com", ""),
            ("=1; Path=/", ""),
            ("nonsense", ""),
        ] {
            assert_eq!(after(&[set]), sent, "{set}");
        }
        let cookies = Cookies::default();
        let http = BaseUrl::parse("http://git.example.com").unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(SET_COOKIE, "a=1; Path=/; Secure".parse().unwrap());
        cookies.take_in(&http, &headers);
        assert!(cookies.header(&http, "/login").is_none());
    }
}
