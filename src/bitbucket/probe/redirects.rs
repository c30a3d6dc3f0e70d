//! Redirects that lead nowhere but to each other. Only pages of the same server are looked at.

use reqwest::Url;
use reqwest::header::SET_COOKIE;

use crate::address::BaseUrl;
use crate::bitbucket::client::Client;
use crate::bitbucket::error::{Error, ErrorKind};

/// So many pages are looked at. A longer way is no circle that anybody has seen.
const MOST_PAGES: usize = 8;

/// The error for redirects through these addresses.
pub(super) fn circle(error: Error, through: Vec<String>) -> Error {
    Error {
        kind: ErrorKind::RedirectCircle { through },
        ..error
    }
}

impl Client {
    /// The addresses through which the pages of this server lead back to one of them, from this page on.
    /// `None` where they end somewhere, lead to another server, or where a cookie may change what comes next.
    pub(super) async fn goes_round(&self, first: &str) -> Option<Vec<String>> {
        let root = self.reopened(self.base().root()).await.ok()?;
        let mut through = Vec::new();
        let mut next = root.base().offered_page("/", first)?;
        while through.len() < MOST_PAGES {
            if through.contains(&next) {
                through.push(next);
                return Some(through.iter().map(|page| without_query(page)).collect());
            }
            let url = Url::parse(&next).ok()?;
            if !root
                .base()
                .is_same_server(&BaseUrl::parse(&next).ok()?.root())
            {
                return None;
            }
            let (path, query) = parts(&url)?;
            through.push(next);
            let path: Vec<_> = path.iter().map(String::as_str).collect();
            let page = root.look_with("see where the redirects lead", &path, &query);
            let page = page.await.ok()?;
            if !page.status.is_redirection() || page.headers.contains_key(SET_COOKIE) {
                return None;
            }
            next = page.leads_to()?;
        }
        None
    }
}

type Query = Vec<(String, String)>;

/// The path and the query, as a request is made of them; `None` where that would ask for another page.
fn parts(url: &Url) -> Option<(Vec<String>, Query)> {
    let base = BaseUrl::parse(url.as_str()).ok()?.root();
    let mut path = base.segments_below(url.as_str())?;
    if path == [""] {
        path.clear();
    }
    let is_plain = path.iter().all(|segment| !segment.is_empty());
    is_plain.then(|| (path, url.query_pairs().into_owned().collect()))
}

/// What stands in a query may be nobody's business.
fn without_query(address: &str) -> String {
    address.split('?').next().unwrap_or_default().to_owned()
}
