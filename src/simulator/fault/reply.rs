//! Answers that no Bitbucket would give: made up by a test, byte by byte.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use hyper::body::Frame;

/// Any answer: status, headers, body, and what goes wrong while it is sent.
#[derive(Debug, Clone)]
pub struct Reply {
    /// From 200 to 999; anything else counts as 500.
    pub status: u16,
    /// Those that no header can be are left out.
    pub headers: Vec<(String, String)>,
    /// The body, or what there is of it.
    pub body: Vec<u8>,
    /// What goes wrong on the way.
    pub delivery: Delivery,
}

/// How much of a body arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// All of it.
    #[default]
    Whole,
    /// All of it, and then the connection is cut, as if more were to come.
    Cut,
    /// The header `Content-Length` says this instead. Too little: the rest is not sent. Too much: the
    /// connection ends early.
    Length(u64),
}

impl Reply {
    /// A status without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            delivery: Delivery::Whole,
        }
    }

    /// JSON, or what is said to be.
    #[must_use]
    pub fn json(status: u16, body: impl fmt::Display) -> Self {
        Self::empty(status).with(&CONTENT_TYPE, "application/json", body)
    }

    /// A page, as proxies answer.
    #[must_use]
    pub fn html(status: u16, body: impl fmt::Display) -> Self {
        Self::empty(status).with(&CONTENT_TYPE, "text/html; charset=utf-8", body)
    }

    /// A redirect with this status.
    #[must_use]
    pub fn redirect(status: u16, to: impl fmt::Display) -> Self {
        Self::empty(status).header(LOCATION.as_str(), to)
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sent in this way.
    #[must_use]
    pub fn delivered(self, delivery: Delivery) -> Self {
        Self { delivery, ..self }
    }

    fn with(mut self, name: &HeaderName, value: &str, body: impl fmt::Display) -> Self {
        self.body = body.to_string().into_bytes();
        self.header(name.as_str(), value)
    }

    pub(in crate::simulator) fn into_response(self) -> Response {
        let body = Bytes::from(self.body);
        let is_cut = self.delivery == Delivery::Cut;
        let mut response = Response::new(match self.delivery {
            Delivery::Whole => Body::from(body),
            Delivery::Cut | Delivery::Length(_) => Body::new(Piece {
                bytes: Some(body),
                has_paused: false,
                is_cut,
            }),
        });
        let status = StatusCode::from_u16(self.status).ok();
        let status = status.filter(|status| !status.is_informational());
        *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
                headers.append(name, value);
            }
        }
        if let Delivery::Length(length) = self.delivery {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        response
    }
}

/// A body of which nobody knows beforehand how long it is.
struct Piece {
    bytes: Option<Bytes>,
    /// Whether there was a pause after the bytes, in which they are sent: what ends too early ends the
    /// connection, with everything that was not sent.
    has_paused: bool,
    is_cut: bool,
}

/// The connection is cut in the middle of a body.
#[derive(Debug, thiserror::Error)]
#[error("the body is cut on purpose")]
struct CutBody;

impl HttpBody for Piece {
    type Data = Bytes;
    type Error = CutBody;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, CutBody>>> {
        if let Some(bytes) = self.bytes.take().filter(|bytes| !bytes.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if !self.has_paused {
            self.has_paused = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(self.is_cut.then_some(Err(CutBody)))
    }
}
