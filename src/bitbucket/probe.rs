//! The look at an address before anybody signs in: is there a Bitbucket, where exactly, of which
//! version, and how does it let people in.
//!
//! `bbtoken`'s first screen and `bbtoken doctor` both ask this.

mod redirects;

use super::answer::Answer;
use super::client::Client;
use super::error::{Error, ErrorKind};
use super::fields::text;
use super::server_info::{ServerInfo, SignInPage};
use crate::address::BaseUrl;

/// So many redirects are followed, from http to https and to context paths; more are a circle.
const MOST_MOVES: usize = 8;

/// Where Bitbucket often lives below its host, by the vendor's own examples and by its older name.
const USUAL_CONTEXTS: [&str; 2] = ["bitbucket", "stash"];

impl Client {
    /// Looks what is at the address. Needs no sign-in, changes nothing, sends nothing secret.
    ///
    /// Comes back with a client of the exact address: with `https` where the server asks for it, and
    /// with the context path where that was left out. A sign-in page in front of everything is no
    /// error: see [`ServerInfo::behind`].
    ///
    /// # Errors
    ///
    /// Those of [`Client::server_info`], and [`ErrorKind::OtherProduct`] where what answers can be
    /// named.
    pub async fn probe(&self) -> Result<(Self, ServerInfo), Error> {
        self.probe_after(&[]).await
    }

    /// The same where these addresses have led here, one to the other: back to one of them is a circle.
    ///
    /// # Errors
    ///
    /// Those of [`Client::probe`].
    pub async fn probe_after(&self, moved_from: &[BaseUrl]) -> Result<(Self, ServerInfo), Error> {
        let (client, mut info) = match self.find(moved_from).await {
            Err(Error {
                kind: ErrorKind::SingleSignOn { location },
                ..
            }) => {
                let mut info = ServerInfo::behind(SignInPage { location });
                info.certificates = self.certificates();
                return Ok((self.clone(), info));
            }
            found => found?,
        };
        client.look_at_entrance(&mut info).await;
        info.certificates = client.certificates();
        info.proxy = client.proxy().map(|proxy| proxy.address.clone());
        Ok((client, info))
    }

    /// The exact address, and what is there.
    async fn find(&self, moved_from: &[BaseUrl]) -> Result<(Self, ServerInfo), Error> {
        let mut client = self.clone();
        let mut led_through = moved_from.to_vec();
        loop {
            led_through.push(client.base().clone());
            let error = match client.server_info().await {
                Ok(info) => return Ok((client, info)),
                Err(error) => error,
            };
            client = match &error.kind {
                ErrorKind::Moved { to }
                    if led_through.contains(to) || led_through.len() > MOST_MOVES =>
                {
                    led_through.push(to.clone());
                    let through = led_through.iter().map(BaseUrl::to_string).collect();
                    return Err(redirects::circle(error, through));
                }
                ErrorKind::Moved { to } if client.base().is_same_server(to) => {
                    client.reopened(to.clone()).await?
                }
                // In Bitbucket's own form: it tells nobody anything before the sign-in.
                _ if error.wants_sign_in() && error.exception().is_some() => {
                    return Ok((client, ServerInfo::reticent()));
                }
                ErrorKind::NotBitbucket | ErrorKind::SingleSignOn { .. } => {
                    return client.elsewhere(error).await;
                }
                _ if error.wants_sign_in() => return client.elsewhere(error).await,
                _ => return Err(error),
            };
        }
    }

    /// Below another context path of the same host, if that was left out; else what it is that
    /// answers here.
    async fn elsewhere(&self, error: Error) -> Result<(Self, ServerInfo), Error> {
        let (page, manifest) = tokio::join!(
            self.look("check what else answers there", &[]),
            self.look(
                "check which product answers there",
                &["rest", "applinks", "latest", "manifest"]
            )
        );
        let page = page.ok();
        let hint = match &error.kind {
            ErrorKind::SingleSignOn { location } => location.clone(),
            _ => page.as_ref().and_then(Answer::location),
        };
        let mut contexts: Vec<BaseUrl> = Vec::new();
        let hint = hint.and_then(|to| BaseUrl::parse(&to).ok());
        contexts.extend(hint.filter(|to| self.base().is_same_server(to)));
        if error.kind == ErrorKind::NotBitbucket {
            contexts.push(self.base().root());
            let usual = USUAL_CONTEXTS.map(|context| BaseUrl::parse(&self.base().at_root(context)));
            contexts.extend(usual.into_iter().flatten());
        }
        contexts.retain(|context| context != self.base());
        for context in contexts {
            let client = self.reopened(context).await?;
            match client.server_info().await {
                Ok(info) => return Ok((client, info)),
                Err(error) if client.has_own_sign_in(&error).await => {
                    return Ok((client, ServerInfo::reticent()));
                }
                Err(_) => {}
            }
        }
        let leads = match &error.kind {
            ErrorKind::SingleSignOn { location } => location.clone(),
            _ => page.as_ref().and_then(Answer::location),
        };
        if let Some(leads) = leads
            && let Some(through) = self.goes_round(&leads).await
        {
            return Err(redirects::circle(error, through));
        }
        let product = manifest.ok().and_then(|manifest| applinks_type(&manifest));
        let product = product.or_else(|| page.as_ref().and_then(product_of));
        match product {
            Some(name) if error.kind == ErrorKind::NotBitbucket || error.wants_sign_in() => {
                Err(Error {
                    kind: ErrorKind::OtherProduct { name },
                    ..error
                })
            }
            _ if error.wants_sign_in() || self.has_own_sign_in(&error).await => {
                Ok((self.clone(), ServerInfo::reticent()))
            }
            _ => Err(error),
        }
    }

    /// Whether Bitbucket itself wants a sign-in before it answers anything: its own login page does, not
    /// that of a company's single sign-on.
    async fn has_own_sign_in(&self, error: &Error) -> bool {
        let ErrorKind::SingleSignOn { location } = &error.kind else {
            return error.wants_sign_in() && error.exception().is_some();
        };
        let is_led = location.as_ref().is_some_and(|to| {
            let below = self.base().segments_below(to);
            below.is_some_and(|path| path == ["login"])
        });
        (is_led || location.is_none()) && self.has_own_login_page(is_led).await
    }
}

/// The vendor's products name themselves to each other.
fn applinks_type(manifest: &Answer) -> Option<String> {
    let id = text(&manifest.json().ok()?, "typeId")?;
    Some(match id.as_str() {
        "stash" => return None,
        "jira" => "Jira".to_owned(),
        "confluence" => "Confluence".to_owned(),
        "bamboo" => "Bamboo".to_owned(),
        "crowd" => "Crowd".to_owned(),
        "fecru" => "Fisheye or Crucible".to_owned(),
        _ => id,
    })
}

/// What gives a product away: a header (in small letters), or a piece of its first page.
const SIGNS: [(&str, &str, &str); 9] = [
    (
        "Jira",
        "x-jira-request-id",
        "name=\"application-name\" content=\"jira",
    ),
    (
        "Confluence",
        "x-confluence-request-time",
        "id=\"com-atlassian-confluence\"",
    ),
    ("Bamboo", "x-bamboo-request-id", "atlassian bamboo"),
    ("GitLab", "x-gitlab-meta", "content=\"gitlab\""),
    (
        "GitHub Enterprise",
        "x-github-request-id",
        "content=\"github\"",
    ),
    ("Gitea", "x-gitea-version", "powered by gitea"),
    ("Forgejo", "x-forgejo-version", "powered by forgejo"),
    ("Jenkins", "x-jenkins", "<title>dashboard [jenkins]"),
    ("Nexus Repository", "x-nexus-ui", "nexus repository"),
];

fn product_of(page: &Answer) -> Option<String> {
    let start = &page.body[..page.body.len().min(64 * 1024)];
    let start = String::from_utf8_lossy(start).to_lowercase();
    let signs = SIGNS.iter();
    let mut found = signs
        .filter(|(_, header, piece)| page.headers.contains_key(*header) || start.contains(piece));
    found.next().map(|(name, ..)| (*name).to_owned())
}
