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
                // Refused in Bitbucket's own form: it tells nobody anything before the sign-in.
                ErrorKind::NotSignedIn | ErrorKind::NotPermitted if error.exception().is_some() => {
                    return Ok((client, ServerInfo::reticent()));
                }
                ErrorKind::NotBitbucket | ErrorKind::SingleSignOn { .. } => {
                    return client.elsewhere(error).await;
                }
                _ => return Err(error),
            };
        }
    }

    /// Below another context path of the same host, if that was left out; else what it is that
    /// answers here.
    async fn elsewhere(&self, error: Error) -> Result<(Self, ServerInfo), Error> {
        let (page, manifest) = tokio::join!(
            self.look("see what else answers there", &[]),
            self.look(
                "see which product answers there",
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
            if let Ok(info) = client.server_info().await {
                return Ok((client, info));
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
            Some(name) if error.kind == ErrorKind::NotBitbucket => Err(Error {
                kind: ErrorKind::OtherProduct { name },
                ..error
            }),
            _ => Err(error),
        }
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
