//! Long lists come in pages.
//!
//! The server chooses how long a page is, whatever is asked for, and says where the next one starts.
//! Both are believed, as long as the lists get somewhere.

use reqwest::Method;
use serde_json::Value;

use super::client::Client;
use super::error::{Error, ErrorKind};
use super::fields::{flag, list, number};

/// How many pages [`Pages::all`] reads before it takes the list for endless.
const MOST_PAGES: usize = 10_000;

/// A list on the server, read page by page. Nothing is asked before [`Pages::next`].
#[derive(Debug)]
pub struct Pages<T> {
    client: Client,
    purpose: &'static str,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    read: Read<T>,
    project_key: String,
    limit: Option<u32>,
    /// Where the next page starts; `None` after the last one.
    start: Option<u64>,
}

/// Reads one entry; `None` leaves it out. The text is the key of the project that was asked for.
pub(super) type Read<T> = fn(&Value, &str) -> Option<T>;

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries. May be empty although more pages follow. Entries without a usable key, slug or
    /// id are left out.
    pub values: Vec<T>,
    /// Where the next page starts, for [`Pages::from`]; `None` on the last page.
    pub next: Option<u64>,
}

impl<T> Pages<T> {
    /// `purpose` says in plain words what the list is for.
    pub(super) fn new(
        client: &Client,
        purpose: &'static str,
        path: &[&str],
        read: Read<T>,
    ) -> Self {
        Self {
            client: client.clone(),
            purpose,
            path: path.iter().map(|&segment| segment.to_owned()).collect(),
            query: Vec::new(),
            read,
            project_key: String::new(),
            limit: None,
            start: Some(0),
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.query.push((name, value.to_owned()));
        self
    }

    /// The same list for another purpose.
    pub(super) fn to(mut self, purpose: &'static str) -> Self {
        self.purpose = purpose;
        self
    }

    pub(super) fn of_project(mut self, key: &str) -> Self {
        key.clone_into(&mut self.project_key);
        self
    }

    /// Begins at `start`, as a [`Page::next`] gave it.
    #[must_use]
    pub fn from(mut self, start: u64) -> Self {
        self.start = Some(start);
        self
    }

    /// Asks for so many entries a page. The server may send fewer.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The next page; `None` after the last one. After an error the same page is asked for again.
    ///
    /// # Errors
    ///
    /// Whatever can go wrong with a call, and [`ErrorKind::NotJson`] for a list that does not
    /// advance.
    pub async fn next(&mut self) -> Result<Option<Page<T>>, Error> {
        let Some(start) = self.start else {
            return Ok(None);
        };
        let path: Vec<_> = self.path.iter().map(String::as_str).collect();
        let mut query = self.query.clone();
        query.push(("start", start.to_string()));
        query.extend(self.limit.map(|limit| ("limit", limit.to_string())));
        let answer = self
            .client
            .send(self.purpose, Method::GET, &path, &query, None)
            .await?;
        let value = answer.json()?;
        if !value["values"].is_array() {
            return Err(answer.error(ErrorKind::NotJson).because("no list"));
        }
        let next = next_start(&value, start).map_err(|Stuck| {
            answer
                .error(ErrorKind::NotJson)
                .because("the pages of the list do not advance")
        })?;
        self.start = next;
        let entries = list(&value, "values");
        let values: Vec<_> = entries
            .iter()
            .filter_map(|entry| (self.read)(entry, &self.project_key))
            .collect();
        Ok(Some(Page { values, next }))
    }

    /// The whole list.
    ///
    /// # Errors
    ///
    /// Those of [`Pages::next`]; nothing is returned of a list that broke off.
    pub async fn all(mut self) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        for _ in 0..MOST_PAGES {
            match self.next().await? {
                Some(page) => all.extend(page.values),
                None => return Ok(all),
            }
        }
        Err(Error::from(ErrorKind::NotJson).because("the list has no end"))
    }
}

/// The server sends the same page again and again.
#[derive(Debug, PartialEq, Eq)]
struct Stuck;

/// Where the next page starts, after the one at `start`.
fn next_start(page: &Value, start: u64) -> Result<Option<u64>, Stuck> {
    let named = number(page, "nextPageStart");
    // Some resources leave `isLastPage` out; then a start of the next page says that there is one.
    let last = match page["isLastPage"] {
        Value::Null => named.is_none(),
        _ => flag(page, "isLastPage"),
    };
    if last {
        return Ok(None);
    }
    if let Some(next) = named
        && next > start
    {
        return Ok(Some(next));
    }
    // More is there, but the server does not say where. Count, unless it ignored our start.
    let count = list(page, "values").len() as u64;
    let honest = number(page, "start").is_none_or(|reported| reported == start);
    if count > 0 && honest {
        Ok(Some(start.saturating_add(count)))
    } else {
        Err(Stuck)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_next_page_starts_where_the_server_says() {
        for (page, start, next) in [
            (json!({ "isLastPage": true, "values": [1] }), 0, Ok(None)),
            (
                json!({ "isLastPage": true, "nextPageStart": 25, "values": [1] }),
                0,
                Ok(None),
            ),
            (
                json!({ "isLastPage": false, "nextPageStart": 40, "values": [1] }),
                0,
                Ok(Some(40)),
            ),
            (
                json!({ "isLastPage": false, "nextPageStart": "40", "values": [] }),
                0,
                Ok(Some(40)),
            ),
            (json!({ "values": [1] }), 0, Ok(None)),
            (json!({ "nextPageStart": 3, "values": [1] }), 0, Ok(Some(3))),
            (json!({ "nextPageStart": null, "values": [1] }), 0, Ok(None)),
            // Missing where it should be: counted.
            (
                json!({ "isLastPage": false, "start": 5, "values": [1, 2] }),
                5,
                Ok(Some(7)),
            ),
            // Repeated: counted once, then found out.
            (
                json!({ "isLastPage": false, "nextPageStart": 0, "values": [1, 2] }),
                0,
                Ok(Some(2)),
            ),
            (
                json!({ "isLastPage": false, "nextPageStart": 2, "start": 0, "values": [1, 2] }),
                2,
                Err(Stuck),
            ),
            (
                json!({ "isLastPage": false, "nextPageStart": 2, "values": [] }),
                2,
                Err(Stuck),
            ),
        ] {
            assert_eq!(next_start(&page, start), next, "{page}");
        }
    }
}
