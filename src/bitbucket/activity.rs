//! What a client tells about each of its requests while they travel, for whoever watches.
//!
//! Nothing in a [`Record`] is secret, whatever is sent: it has no headers, only those values of a
//! query that are known to be harmless, and of a body only its form.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use reqwest::Url;
use serde_json::Value;

use super::answer::{Answer, Call};
use super::body::Body;
use super::error::Error;
use super::named::Named;
use crate::clock::{Clock, Moment};
use crate::text::clean;

/// The parameters whose values are told. Of the others only that they are there: a text that somebody
/// has typed may be anything, also a password in the wrong place.
const TOLD: [&str; 5] = ["limit", "permission", "projectkey", "service", "start"];
/// The longest name of a request that a server gives is cut after so many characters.
const LONGEST_ID: usize = 80;

/// A request, as it was when it left or when it came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Counts up in the order of sending. The same request has the same number.
    pub number: u64,
    /// What it is for, in plain words: "list the projects".
    pub purpose: &'static str,
    /// `GET`, `PUT`, …
    pub method: String,
    /// The address of the server, without a slash at its end.
    pub base: String,
    /// What stands behind it, percent-encoded, with the query as far as it is told.
    pub path: String,
    /// The form of what is sent, JSON or the fields of a form: its texts are left out.
    pub body: Option<String>,
    /// Whether credentials go with it.
    pub is_signed: bool,
    /// When it left.
    pub started: Moment,
    /// From then to the last byte of the answer; zero while it is under way.
    pub took: Duration,
    /// What has become of it.
    pub state: Progress,
    /// The status of the answer, if one came.
    pub status: Option<u16>,
    /// How many bytes of a body were read, if any were awaited.
    pub size: Option<usize>,
    /// The server's own name for the request (`X-AREQUESTID`), with which its log can be searched.
    pub request_id: Option<String>,
    /// Whom and which tokens the answer names.
    pub named: Named,
}

/// What has become of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// No answer yet.
    UnderWay,
    /// The server wants a pause: then the same is asked again.
    Pauses {
        /// When that is.
        until: Timestamp,
    },
    /// A success.
    Succeeded,
    /// An answer that says no, or none.
    Failed {
        /// In words: "not permitted".
        why: String,
        /// For people who look after servers: "401 com.atlassian.bitbucket.AuthorisationException".
        technical: String,
    },
    /// Nobody waits for the answer any more.
    GivenUp,
}

/// Is told each request twice: when it leaves, and when it has come to its end.
#[derive(Clone)]
pub struct Observer(Arc<Inner>);

struct Inner {
    clock: Clock,
    sent: AtomicU64,
    tell: Box<dyn Fn(Record) + Send + Sync>,
}

impl Observer {
    /// Calls `tell` from the tasks that send: it must return at once.
    pub fn new(clock: Clock, tell: impl Fn(Record) + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            clock,
            sent: AtomicU64::default(),
            tell: Box::new(tell),
        }))
    }

    /// Tells of a request that leaves now.
    pub(super) fn watch(
        &self,
        call: &Call,
        query: &[(&str, String)],
        body: Body<'_>,
        is_signed: bool,
    ) -> Watch {
        let base = call.base.to_string();
        let record = Record {
            number: self.0.sent.fetch_add(1, Ordering::Relaxed),
            purpose: call.purpose,
            method: call.method.to_string(),
            path: with_query(&base, &call.path, query),
            base,
            body: match body {
                Body::None => None,
                Body::Json(value) => Some(form(value).to_string()),
                Body::Form(fields) => Some(names(fields)),
                Body::SecretJson(json) => Some(json.form.to_owned()),
            },
            is_signed,
            started: self.0.clock.now(),
            took: Duration::ZERO,
            state: Progress::UnderWay,
            status: None,
            size: None,
            request_id: None,
            named: Named::default(),
        };
        (self.0.tell)(record.clone());
        Watch {
            observer: self.clone(),
            record,
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer(…)")
    }
}

impl PartialEq for Observer {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Observer {}

/// A request that is under way. Whatever ends it, it is told when this is dropped.
pub(super) struct Watch {
    observer: Observer,
    record: Record,
}

impl Watch {
    /// An answer has come, whatever it says.
    pub(super) fn answered(&mut self, answer: &Answer, is_read: bool) {
        self.record.status = Some(answer.status.as_u16());
        self.record.size = is_read.then_some(answer.body.len());
        let id = answer.headers.get("X-AREQUESTID");
        let id = id.and_then(|id| id.to_str().ok()).map(clean);
        self.record.request_id = id.map(|id| id.chars().take(LONGEST_ID).collect());
        // What comes back from a change may hold a secret, and names nobody else.
        if is_read && !answer.call.writes() {
            self.record.named = Named::of(&answer.body);
        }
        if let Some(user) = answer.user_name() {
            self.record.named.add_person(&user);
        }
    }

    /// The moment so long after now.
    pub(super) fn after(&self, time: Duration) -> Timestamp {
        let now = self.observer.0.clock.now().time;
        now.saturating_add(time).unwrap_or(Timestamp::MAX)
    }

    /// Waits, which is told too.
    pub(super) async fn pause(&mut self, time: Duration) {
        let clock = self.observer.0.clock.clone();
        let sleep = clock.sleep(time);
        self.record.state = Progress::Pauses {
            until: clock.now().time + time,
        };
        (self.observer.0.tell)(self.record.clone());
        sleep.await;
    }

    /// It is over.
    pub(super) fn end(mut self, failure: Option<&Error>) {
        self.record.state = match failure {
            None => Progress::Succeeded,
            Some(error) => Progress::Failed {
                why: error.kind.to_string(),
                technical: error.answer(),
            },
        };
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let record = &mut self.record;
        if matches!(record.state, Progress::UnderWay | Progress::Pauses { .. }) {
            record.state = Progress::GivenUp;
        }
        let Inner { clock, tell, .. } = &*self.observer.0;
        record.took = clock.now().uptime.saturating_sub(record.started.uptime);
        tell(record.clone());
    }
}

fn with_query(base: &str, path: &str, query: &[(&str, String)]) -> String {
    if query.is_empty() {
        return path.to_owned();
    }
    let told = query.iter().map(|(name, value)| {
        let value = if TOLD.contains(name) { value } else { "…" };
        (*name, value)
    });
    let address = Url::parse_with_params(&format!("{base}{path}"), told);
    let query = address.ok().and_then(|it| it.query().map(str::to_owned));
    format!("{path}?{}", query.unwrap_or_default())
}

/// The same JSON with `…` for every text but Bitbucket's own constants, such as `REPO_READ`.
fn form(value: &Value) -> Value {
    match value {
        Value::String(text) if is_constant(text) => value.clone(),
        Value::String(_) => "…".into(),
        Value::Array(values) => values.iter().map(form).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), form(value)))
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// The names of a form's fields, with `…` for each value.
fn names(fields: &str) -> String {
    let fields = fields
        .split('&')
        .filter_map(|field| field.split('=').next());
    let fields: Vec<_> = fields.map(|name| format!("{name}=…")).collect();
    fields.join("&")
}

fn is_constant(text: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_uppercase() || letter == '_';
    ["REPO_", "PROJECT_"]
        .iter()
        .any(|kind| text.starts_with(kind))
        && text.chars().all(is_part)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_harmless_values_of_a_query_are_told() {
        let query = [
            ("projectkey", "~a b&c".to_owned()),
            ("name", "geheim".to_owned()),
            ("limit", "1".to_owned()),
        ];
        let path = with_query("https://h/ctx", "/rest/x%2Fy", &query);
        assert_eq!(
            path,
            "/rest/x%2Fy?projectkey=%7Ea+b%26c&name=%E2%80%A6&limit=1"
        );
        assert_eq!(with_query("https://h", "/rest", &[]), "/rest");
    }

    #[test]
    fn of_a_body_only_the_form_is_told() {
        let body = json!({
            "name": "git for alice",
            "permissions": ["PROJECT_READ", "REPO_WRITE"],
            "expiryDays": 90,
            "key": { "text": "ssh-ed25519 AAAA", "label": "ALICE" },
        });
        assert_eq!(
            form(&body),
            json!({
                "name": "…",
                "permissions": ["PROJECT_READ", "REPO_WRITE"],
                "expiryDays": 90,
                "key": { "text": "…", "label": "…" },
            })
        );
    }

    #[test]
    fn of_a_form_only_the_names_are_told() {
        assert_eq!(names("user=alice&password=a%3Db=c"), "user=…&password=…");
    }
}
