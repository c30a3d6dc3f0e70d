//! A server in front of the simulator, which answers in its place or puts other words into its answers:
//! servers that no version of the simulator is.

#![allow(dead_code, reason = "each test binary uses its own part of the front")]

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use tokio::net::TcpListener;

/// What becomes of a request.
pub(crate) enum Turn {
    /// The simulator answers.
    Pass,
    /// This is the answer, and the simulator is asked nothing.
    Instead(Response),
    /// The simulator does its work, and this is the answer.
    After(Response),
    /// The simulator answers, with its JSON changed like this.
    Change(fn(&mut Value)),
    /// The simulator answers, and the name of whoever asked is taken off.
    Unnamed,
}

/// Decides by the method, the path with its query, and the JSON that was sent.
type Decide = Arc<dyn Fn(&Method, &str, &Value) -> Turn + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Front {
    pub(crate) address: String,
    simulator: String,
    decide: Decide,
    asked: Arc<Mutex<Vec<String>>>,
    http: reqwest::Client,
}

impl Front {
    pub(crate) async fn of(
        simulator: &str,
        decide: impl Fn(&Method, &str, &Value) -> Turn + Send + Sync + 'static,
    ) -> Self {
        // Fails where somebody has installed one before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let front = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            simulator: simulator.to_owned(),
            decide: Arc::new(decide),
            asked: Arc::default(),
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
        };
        let it = front.clone();
        let router = axum::Router::new().fallback(move |request: Request| {
            let it = it.clone();
            async move { it.answer(request).await }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        front
    }

    /// How often this was asked, as "PUT /rest/…".
    pub(crate) fn count(&self, start: &str) -> usize {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().filter(|it| it.starts_with(start)).count()
    }

    async fn answer(&self, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let sent: Value = serde_json::from_slice(&body).unwrap_or_default();
        let path = head.uri.to_string();
        let asked = format!("{} {path}", head.method);
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(asked);
        let turn = (self.decide)(&head.method, &path, &sent);
        let change: fn(&mut Value) = match turn {
            Turn::Instead(response) => return response,
            Turn::Change(change) => change,
            Turn::Pass | Turn::After(_) | Turn::Unnamed => |_| {},
        };
        let mut answer = self
            .ask(head.method, &path, head.headers, body, change)
            .await;
        match turn {
            Turn::After(response) => response,
            Turn::Unnamed => {
                answer.headers_mut().remove("X-AUSERNAME");
                answer
            }
            _ => answer,
        }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        mut headers: HeaderMap,
        body: Bytes,
        change: fn(&mut Value),
    ) -> Response {
        headers.remove(header::HOST);
        let request = self
            .http
            .request(method, format!("{}{path}", self.simulator));
        let response = request.headers(headers).body(body).send().await.unwrap();
        let (status, mut headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.unwrap();
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::TRANSFER_ENCODING);
        let Ok(mut json) = serde_json::from_slice::<Value>(&body) else {
            return (status, headers, body).into_response();
        };
        change(&mut json);
        // Its links lead here.
        let json = json.to_string().replace(&self.simulator, &self.address);
        (status, headers, json).into_response()
    }
}
