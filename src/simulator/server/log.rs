//! What was asked, for tests that want to know what really went over the wire.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::http::{Method, StatusCode};

use super::secrets::Secrets;

/// One request that arrived. It holds no headers and no bodies, so no secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// `GET`, `PUT`, …
    pub method: Method,
    /// Path with context path and query, as it arrived.
    pub path: String,
    /// The status of the answer; `None` while there is none, and after a cut connection.
    pub status: Option<u16>,
    /// The name of the user who was signed in, or the technical account of a token.
    pub user: Option<String>,
}

/// More than any test asks, and little enough for a simulator that runs for weeks.
const KEPT: usize = 4096;

/// The newest requests, oldest first.
#[derive(Debug, Default)]
pub(in crate::simulator) struct Log(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    records: VecDeque<(RequestRecord, Secrets)>,
    /// How many have been dropped from the front.
    dropped: usize,
}

impl Log {
    /// Notes a request; the answer is added with the number that this gives.
    pub(in crate::simulator) fn arrived(
        &self,
        method: Method,
        path: String,
        secrets: Secrets,
    ) -> usize {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.records.len() == KEPT {
            inner.records.pop_front();
            inner.dropped += 1;
        }
        let record = RequestRecord {
            method,
            path,
            status: None,
            user: None,
        };
        inner.records.push_back((record, secrets));
        inner.dropped + inner.records.len() - 1
    }

    /// Notes the answer to request `number`.
    pub(in crate::simulator) fn answered(
        &self,
        number: usize,
        status: StatusCode,
        user: Option<String>,
    ) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let index = number.checked_sub(inner.dropped);
        if let Some((record, _)) = index.and_then(|index| inner.records.get_mut(index)) {
            record.status = Some(status.as_u16());
            record.user = user;
        }
    }

    pub(in crate::simulator) fn all(&self) -> Vec<RequestRecord> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let records = inner.records.iter();
        records.map(|(record, _)| record.clone()).collect()
    }

    /// Those that carried this secret.
    pub(in crate::simulator) fn with(&self, secret: &str) -> Vec<RequestRecord> {
        let inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let records = inner.records.iter();
        records
            .filter(|(_, secrets)| secrets.contain(secret))
            .map(|(record, _)| record.clone())
            .collect()
    }
}
