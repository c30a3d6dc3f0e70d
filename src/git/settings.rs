//! What git's configuration says for an address over HTTP (`http.<url>.*` in git-config(1)), and where it
//! says so, which `git config --get-urlmatch` does not tell.

use reqwest::Url;
use zeroize::Zeroizing;

use super::{Error, program};
use crate::environment::Environment;
use crate::text::clean;

/// A value, and where it stands.
pub(super) struct Setting {
    /// As in `http.https://git.example.com.extraheader`.
    pub(super) key: String,
    /// It may hold a secret.
    pub(super) value: Zeroizing<String>,
    /// The file, for people to read.
    pub(super) from: String,
}

impl Setting {
    /// Whether it is a header with which somebody signs in.
    pub(super) fn is_authorization(&self) -> bool {
        let name = self.value.split_once(':').map(|(name, _)| name.trim());
        name.is_some_and(|name| name.eq_ignore_ascii_case("authorization"))
    }
}

/// What matches every key of a setting, whatever URL it is for.
pub(super) fn pattern(section: &str, name: &str) -> String {
    format!(r"^{section}\.(.*\.)?{name}$")
}

/// The arguments with which git lists everything that matches a pattern.
pub(super) fn all_of(pattern: &str) -> [&str; 5] {
    ["config", "--null", "--show-origin", "--get-regexp", pattern]
}

/// What git's configuration holds for a pattern, as seen from the current directory.
///
/// # Errors
///
/// [`Error::NoGit`].
pub(super) async fn list(environment: &Environment, pattern: &str) -> Result<Vec<Setting>, Error> {
    let output = program::git(environment, all_of(pattern), "").await?;
    Ok(read(output.text()))
}

/// What git's configuration says for an address, as seen from the current directory.
///
/// # Errors
///
/// As [`list`].
pub(super) async fn at(
    environment: &Environment,
    (section, name): (&str, &str),
    url: &Url,
) -> Result<Vec<Setting>, Error> {
    let all = list(environment, &pattern(section, name)).await?;
    Ok(for_url(all, section, name, url))
}

/// Reads what git lists.
pub(super) fn read(list: &str) -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut fields = list.split('\0');
    while let (Some(origin), Some(entry)) = (fields.next(), fields.next()) {
        let (key, value) = entry.split_once('\n').unwrap_or((entry, ""));
        settings.push(Setting {
            key: key.to_owned(),
            value: Zeroizing::new(value.to_owned()),
            from: clean(origin.strip_prefix("file:").unwrap_or(origin)),
        });
    }
    settings
}

/// The values for an address among those of a setting, as git takes them: of each URL that matches, except
/// where a closer one came before; an empty value takes away all before it.
pub(super) fn for_url(all: Vec<Setting>, section: &str, name: &str, url: &Url) -> Vec<Setting> {
    let mut settings = Vec::new();
    let mut closest = 0;
    for setting in all {
        let pattern = setting.key.strip_prefix(section).unwrap_or_default();
        let pattern = pattern.strip_prefix('.').unwrap_or_default();
        let closeness = match pattern.strip_suffix(&format!(".{name}")) {
            None => Some(0),
            Some(pattern) => closeness(pattern, url),
        };
        let Some(closeness) = closeness.filter(|it| *it >= closest) else {
            continue;
        };
        closest = closeness;
        if setting.value.is_empty() {
            settings.clear();
        } else {
            settings.push(setting);
        }
    }
    settings
}

/// How close a URL of git's configuration comes to an address; `None`: it does not match.
fn closeness(pattern: &str, url: &Url) -> Option<usize> {
    let pattern = Url::parse(pattern).ok()?;
    let is_same_server = pattern.scheme() == url.scheme()
        && pattern.port_or_known_default() == url.port_or_known_default()
        && host_matches(pattern.host_str()?, url.host_str()?)
        && (pattern.username().is_empty() || pattern.username() == url.username());
    if !is_same_server {
        return None;
    }
    let path = pattern.path().trim_end_matches('/');
    let below = url.path().strip_prefix(path)?;
    let is_below = below.is_empty() || below.starts_with('/');
    is_below.then_some(1 + path.len())
}

/// A label `*` stands for any one label.
fn host_matches(pattern: &str, host: &str) -> bool {
    let (mut labels, mut others) = (pattern.split('.'), host.split('.'));
    loop {
        match (labels.next(), others.next()) {
            (None, None) => return true,
            (Some(label), Some(other)) if label == "*" || label == other => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn urls_match_as_git_matches_them() {
        let url = Url::parse("https://alice@git.example.com/scm/plat/x.git").unwrap();
        for (pattern, matches) in [
            ("https://git.example.com", true),
            ("https://GIT.example.com:443/scm", true),
            ("https://alice@git.example.com/scm/plat/x.git", true),
            ("https://*.example.com/scm/plat", true),
            ("https://git.example.com/scm/pla", false),
            ("https://bob@git.example.com", false),
            ("http://git.example.com", false),
            ("https://git.example.com/scm/PLAT", false),
            ("https://*.com", false),
        ] {
            assert_eq!(closeness(pattern, &url).is_some(), matches, "{pattern}");
        }
        let closer = |pattern| closeness(pattern, &url).unwrap();
        assert!(closer("https://git.example.com/scm/plat") > closer("https://git.example.com"));
    }

    #[test]
    fn values_are_taken_as_git_takes_them() {
        let url = Url::parse("https://h/scm/plat/x.git").unwrap();
        let list = "file:/a\0http.x\nall\0file:/b\0http.https://h/scm.x\nclose\0file:/c\0http.x\nlate\0file:/d\0http.https://other.x\nother\0";
        let values = |list: &str| {
            let settings = for_url(read(list), "http", "x", &url).into_iter();
            settings
                .map(|it| format!("{} {}", it.from, it.value.as_str()))
                .collect::<Vec<_>>()
        };
        assert_eq!(values(list), ["/a all", "/b close"]);
        let cleared = format!("{list}file:/e\0http.https://h/scm.x\n\0");
        assert!(values(&cleared).is_empty());
    }
}
