//! Servers that say what a test tells them to, and remember what they were asked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, Response, StatusCode};
use bbtoken::bitbucket::{BaseUrl, Client, User};
use bbtoken::secret::Secret;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What the client sent.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A parameter of the query, as it stands there.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }
}

pub(crate) struct Server {
    pub(crate) base: BaseUrl,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Answers everything with what `answer` makes of it.
    pub(crate) async fn new(
        answer: impl Fn(&Asked) -> Response<Body> + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener, "", answer)
    }

    /// The same, on a listener and with a context path of the test's choice.
    pub(crate) fn on(
        listener: TcpListener,
        context: &str,
        answer: impl Fn(&Asked) -> Response<Body> + Clone + Send + Sync + 'static,
    ) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let base = format!("http://{}{context}", listener.local_addr().unwrap());
        let record = Arc::clone(&asked);
        let router = Router::new().fallback(move |request: Request| async move {
            let (parts, body) = request.into_parts();
            let body = to_bytes(body, usize::MAX).await.unwrap();
            let asked = Asked {
                method: parts.method.to_string(),
                path: parts.uri.path().to_owned(),
                query: parts.uri.query().unwrap_or_default().to_owned(),
                headers: parts.headers,
                body: String::from_utf8(body.to_vec()).unwrap(),
            };
            let response = answer(&asked);
            record.lock().unwrap().push(asked);
            response
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            base: BaseUrl::parse(&base).unwrap(),
            asked,
        }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn client(&self) -> Client {
        Client::anonymous(self.base.clone()).unwrap()
    }

    /// A client that `alice` has signed in. `answer` is not asked for that: [`welcome`] does it.
    pub(crate) async fn signed_in(
        answer: impl Fn(&Asked) -> Response<Body> + Clone + Send + Sync + 'static,
    ) -> (Self, Client) {
        let welcomed = Arc::new(Mutex::new(0));
        let server = Self::new(move |asked| {
            let mut welcomed = welcomed.lock().unwrap();
            *welcomed += 1;
            if *welcomed <= 2 {
                welcome(asked)
            } else {
                answer(asked)
            }
        })
        .await;
        let (client, _) = alice(&server.client()).await.unwrap();
        server.asked.lock().unwrap().clear();
        (server, client)
    }
}

/// Signs `alice` in.
pub(crate) async fn alice(client: &Client) -> Result<(Client, User), bbtoken::bitbucket::Error> {
    client
        .sign_in("alice", &Secret::new("geheim-äß".to_owned()))
        .await
        .map(|signed_in| signed_in.done().unwrap())
        .map(|signed_in| (signed_in.client, signed_in.user))
}

/// What a Bitbucket says when `alice` signs in.
pub(crate) fn welcome(asked: &Asked) -> Response<Body> {
    let mut response = match asked.path.rsplit('/').next() {
        Some("projects") => json(
            200,
            &serde_json::json!({ "isLastPage": true, "values": [] }),
        ),
        Some("alice") => json(
            200,
            &serde_json::json!({ "name": "alice", "slug": "alice", "displayName": "Alice A." }),
        ),
        _ => error(404, "com.atlassian.bitbucket.user.NoSuchUserException", "?"),
    };
    let headers = response.headers_mut();
    headers.insert("X-AUSERNAME", "alice".parse().unwrap());
    response
}

pub(crate) fn respond(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Body> {
    let mut response = Response::builder().status(StatusCode::from_u16(status).unwrap());
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Body::from(body.to_owned())).unwrap()
}

pub(crate) fn json(status: u16, value: &Value) -> Response<Body> {
    respond(
        status,
        &[("Content-Type", "application/json;charset=UTF-8")],
        &value.to_string(),
    )
}

pub(crate) fn html(status: u16, body: &str) -> Response<Body> {
    respond(
        status,
        &[("Content-Type", "text/html;charset=UTF-8")],
        &format!("<!DOCTYPE html><html><body>{body}</body></html>"),
    )
}

/// Bitbucket's form of an error.
pub(crate) fn error(status: u16, exception: &str, message: &str) -> Response<Body> {
    json(
        status,
        &serde_json::json!({ "errors": [
            { "context": null, "message": message, "exceptionName": exception }
        ] }),
    )
}

/// A server that reads the beginning of each request, sends these bytes, and hangs up.
pub(crate) async fn hangs_up_after(bytes: &'static [u8]) -> BaseUrl {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = base_of(&listener);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let _ = stream.read(&mut [0; 16 * 1024]).await;
                let _ = stream.write_all(bytes).await;
                let _ = stream.shutdown().await;
                // Closing with something unread would reset the connection, and what was sent
                // might get lost on its way.
                let _ = stream.read_to_end(&mut Vec::new()).await;
            });
        }
    });
    base
}

/// A server that takes connections, sends these bytes, and then nothing ever.
pub(crate) async fn silent_after(bytes: &'static [u8]) -> BaseUrl {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = base_of(&listener);
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 16 * 1024]).await;
            let _ = stream.write_all(bytes).await;
            open.push(stream);
        }
    });
    base
}

pub(crate) fn base_of(listener: &TcpListener) -> BaseUrl {
    BaseUrl::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap()
}
