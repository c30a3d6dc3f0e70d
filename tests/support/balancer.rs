//! A load balancer in front of a simulator: two nodes share what the server holds, but each knows only
//! the sessions and the logins that began on it. Its own cookie leads back to the node; it changes with
//! every answer, its name too, and an older one counts for nothing.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;

/// What the names of its cookies begin with.
const ROUTE: &str = "ROUTE";
/// So many requests may be under way at the same time.
const TOGETHER: usize = 4;

#[derive(Clone)]
pub(crate) struct Balancer {
    pub(crate) address: String,
    simulator: String,
    http: reqwest::Client,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// So many answers have been given.
    answers: usize,
    /// Requests with a session or a login that came without the cookie, and so met the other node.
    astray: usize,
    /// Requests that carried its cookie beside `Authorization`.
    beside_authorization: usize,
}

impl Balancer {
    pub(crate) async fn of(simulator: &str) -> Self {
        // Fails where somebody has installed one before, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let balancer = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            simulator: simulator.to_owned(),
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            state: Arc::default(),
        };
        let it = balancer.clone();
        let router = axum::Router::new().fallback(move |request: Request| {
            let it = it.clone();
            async move { it.answer(request).await }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        balancer
    }

    /// How many requests with a session or a login have met a node that does not know it.
    pub(crate) fn astray(&self) -> usize {
        self.with_state(|state| state.astray)
    }

    /// How many requests carried its cookie beside a password or a token.
    pub(crate) fn beside_authorization(&self) -> usize {
        self.with_state(|state| state.beside_authorization)
    }

    fn with_state<T>(&self, read: impl FnOnce(&mut State) -> T) -> T {
        read(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn answer(&self, request: Request) -> Response {
        let (head, body) = request.into_parts();
        let path = head.uri.to_string();
        let mut headers = head.headers;
        headers.remove(header::HOST);
        let cookies = all_cookies(&headers);
        let is_signed = headers.contains_key(header::AUTHORIZATION);
        let goes_astray = self.with_state(|state| {
            // Requests that were under way together carry the same one.
            let newest = state.answers.saturating_sub(TOGETHER).max(1)..=state.answers;
            let is_current = newest.map(route).any(|it| cookies.contains(&it));
            let has_own = cookies.iter().any(|it| it.starts_with(ROUTE));
            state.beside_authorization += usize::from(has_own && is_signed);
            let is_bound = cookies.iter().any(|it| !it.starts_with(ROUTE))
                || path.contains("/totp-code")
                || path.contains("/recovery-code");
            let goes_astray = is_bound && !is_current;
            state.astray += usize::from(goes_astray);
            goes_astray
        });
        if goes_astray {
            // The other node: nobody's session, and no such login.
            headers.remove(header::COOKIE);
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let url = format!("{}{path}", self.simulator);
        let request = self.http.request(head.method, url).headers(headers);
        let response = request.body(body).send().await.unwrap();
        let (status, mut headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await.unwrap();
        headers.remove(header::CONTENT_LENGTH);
        headers.remove(header::TRANSFER_ENCODING);
        let is_anonymous = cookies.is_empty() && !headers.contains_key(header::SET_COOKIE);
        if !is_anonymous {
            self.lead_back(&mut headers);
        }
        // Its links lead here.
        let text = String::from_utf8_lossy(&body).replace(&self.simulator, &self.address);
        (status, headers, text).into_response()
    }

    /// Takes the old cookie away and sets the next one.
    fn lead_back(&self, headers: &mut HeaderMap) {
        let (old, new) = self.with_state(|state| {
            let old = route(state.answers);
            state.answers += 1;
            (old, route(state.answers))
        });
        for cookie in [
            format!("{old}; Path=/; Expires=Thu, 01-Jan-1970 00:00:10 GMT"),
            format!("{new}; Path=/; HttpOnly; SameSite=None"),
        ] {
            headers.append(header::SET_COOKIE, HeaderValue::from_str(&cookie).unwrap());
        }
    }
}

/// The cookie after so many answers.
fn route(answers: usize) -> String {
    format!("{ROUTE}.{}=~node-a!{answers}==", answers % 7)
}

fn all_cookies(headers: &HeaderMap) -> Vec<String> {
    let all = headers.get_all(header::COOKIE).iter();
    let texts = all.filter_map(|it| it.to_str().ok());
    texts
        .flat_map(|text| text.split("; "))
        .map(str::to_owned)
        .collect()
}
