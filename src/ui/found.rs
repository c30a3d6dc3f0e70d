//! What the look at a server has found, in a line or two.

use super::keymap::{self, Action, Mode};
use super::place::Place;
use super::session::Server;
use crate::bitbucket::LoginOption;

impl Server {
    /// "Bitbucket 9.4.0 · certificate trusted · password, single sign-on (Okta)".
    #[must_use]
    pub fn summary(&self) -> String {
        let info = &self.info;
        let mut parts = Vec::new();
        if info.behind.is_some() {
            parts.push("single sign-on in front".to_owned());
        } else {
            parts.push(info.title());
        }
        let base = self.client.base();
        if base.is_encrypted() {
            parts.push("certificate trusted".to_owned());
        } else if !base.is_loopback() {
            parts.push("not encrypted".to_owned());
        }
        let mut ways: Vec<_> = info.login_options.iter().flatten().map(way).collect();
        // The two kinds of forms are one way for people.
        ways.dedup();
        if !ways.is_empty() {
            parts.push(ways.join(", "));
        }
        if let Some(proxy) = &info.proxy {
            parts.push(format!("through {proxy}"));
        }
        parts.join(" · ")
    }

    /// What an old version lacks, in a sentence or two.
    #[must_use]
    pub fn lack(&self) -> Option<String> {
        let info = &self.info;
        let name = info.title();
        if !info.has_tokens() {
            Some(format!(
                "{name} has no HTTP access tokens: they need version 5.5 or later. You can only look around."
            ))
        } else if !info.has_place_tokens() {
            Some(format!(
                "{name} has personal tokens only: tokens of projects and repositories need version 7.18 or later."
            ))
        } else {
            None
        }
    }

    /// Why the version makes no tokens in this place.
    #[must_use]
    pub fn refuses_tokens(&self, place: &Place) -> Option<String> {
        let is_personal = matches!(place, Place::Account(_));
        let lack = self.lack()?;
        if !is_personal && self.info.has_tokens() {
            let account = keymap::key(Mode::Browse, Action::ManageAccount);
            return Some(format!("{lack} Press {account} for your personal tokens."));
        }
        (!self.info.has_tokens()).then_some(lack)
    }
}

fn way(option: &LoginOption) -> String {
    match option {
        LoginOption::Form | LoginOption::OldForm => "password".to_owned(),
        LoginOption::IdentityProvider { label: None, .. } => "single sign-on".to_owned(),
        LoginOption::IdentityProvider {
            label: Some(label), ..
        } => {
            let name = label.strip_prefix("Log in with ").unwrap_or(label);
            format!("single sign-on ({name})")
        }
    }
}
