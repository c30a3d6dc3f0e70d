//! Bitbucket's paging: `start` and `limit` in, `values` and the way on out.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

use super::error::{ApiError, send};
use super::request::Parameters;
use crate::simulator::profile::Feature;
use crate::simulator::shared::Shared;

/// Where a page begins and how long it may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paging {
    start: usize,
    /// Already cut down to what the server allows.
    limit: usize,
    /// Whether the last page says that no other follows, instead of nothing.
    null_at_the_end: bool,
}

impl FromRequestParts<Arc<Shared>> for Paging {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Self::Rejection> {
        let parameters = Parameters::from_request_parts(parts, shared).await?;
        let start = number(&parameters, "start", 0)?;
        let limit = number(&parameters, "limit", 25)?;
        if limit == 0 {
            return Err(ApiError::invalid("limit", "limit must be greater than 0"));
        }
        let most = shared.options.max_page_size.max(1) as usize;
        let limit = limit.min(most);
        Ok(Self {
            start,
            limit,
            null_at_the_end: shared.options.has(Feature::NullNextPageStart),
        })
    }
}

/// A parameter that is a Java `int` and not negative.
fn number(parameters: &Parameters, name: &'static str, default: usize) -> Result<usize, ApiError> {
    let Some(text) = parameters.get(name) else {
        return Ok(default);
    };
    text.parse::<i32>()
        .ok()
        .and_then(|number| usize::try_from(number).ok())
        .ok_or_else(|| ApiError::invalid(name, format!("{name} must be a number from 0 upwards")))
}

impl Paging {
    /// The page of `all` that was asked for; only what is on it is turned into JSON.
    pub(super) fn of<T>(self, all: &[T], to_json: impl Fn(&T) -> Value) -> Response {
        self.filtered(all, |_| true, to_json)
    }

    /// The page of those that `accepts` lets through. `start` counts the others too, as Bitbucket looks
    /// while it reads: the next page may begin far behind what is on this one.
    pub(super) fn filtered<T>(
        self,
        all: &[T],
        accepts: impl Fn(&T) -> bool,
        to_json: impl Fn(&T) -> Value,
    ) -> Response {
        let mut accepted = (self.start..all.len()).filter(|index| accepts(&all[*index]));
        let page: Vec<_> = accepted.by_ref().take(self.limit).collect();
        let next = accepted.next().and(page.last()).map(|last| last + 1);
        let page = page.into_iter().map(|index| to_json(&all[index])).collect();
        self.page("values", page, next)
    }

    /// As [`Paging::of`], for the one resource that does not call them `values`.
    pub(super) fn results(self, all: &[Value]) -> Response {
        let from = self.start.min(all.len());
        let to = from.saturating_add(self.limit).min(all.len());
        let next = (to < all.len()).then_some(to);
        self.page("results", all[from..to].to_vec(), next)
    }

    fn page(self, values: &str, page: Vec<Value>, next: Option<usize>) -> Response {
        let mut body = json!({
            "size": page.len(),
            "limit": self.limit,
            "isLastPage": next.is_none(),
            "start": self.start,
        });
        body[values] = page.into();
        if next.is_some() || self.null_at_the_end {
            body["nextPageStart"] = next.into();
        }
        send(StatusCode::OK, &body)
    }
}
