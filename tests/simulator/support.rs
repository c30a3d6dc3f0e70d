//! A running simulator and a client that follows nothing and hides nothing.

use std::sync::Once;
use std::time::Duration;

use bbtoken::clock::Clock;
use bbtoken::simulator::{Options, Profile, Simulator};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

pub(crate) const TOKENS: &str = "/rest/access-tokens/latest";
pub(crate) const API: &str = "/rest/api/latest";

/// Who asks.
#[derive(Clone, Copy)]
pub(crate) enum As<'a> {
    Nobody,
    /// Basic with the password that equals the name.
    User(&'a str),
    Basic(&'a str, &'a str),
    Bearer(&'a str),
    /// With the value of a session cookie.
    Session(&'a str),
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }

    /// The `exceptionName` behind its last dot.
    pub(crate) fn exception(&self) -> String {
        let body = self.json();
        let name = body["errors"][0]["exceptionName"].as_str().unwrap_or("");
        name.rsplit('.').next().unwrap().to_owned()
    }

    pub(crate) fn context(&self) -> String {
        let body = self.json();
        body["errors"][0]["context"]
            .as_str()
            .unwrap_or("")
            .to_owned()
    }

    /// One field of each value of a page.
    pub(crate) fn each(&self, field: &str) -> Vec<String> {
        let body = self.json();
        let values = body["values"].as_array().expect("a page").iter();
        values
            .map(|value| value[field].as_str().unwrap().to_owned())
            .collect()
    }
}

pub(crate) struct Server {
    pub(crate) simulator: Simulator,
    pub(crate) client: Client,
    pub(crate) clock: Clock,
}

impl Server {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    /// With a clock that stands still.
    pub(crate) async fn with(options: Options) -> Self {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let clock = Clock::manual("2026-11-24T08:00:00Z".parse().unwrap());
        let simulator = Simulator::start(Options {
            clock: clock.clone(),
            ..options
        })
        .await
        .unwrap();
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .build()
            .unwrap();
        Self {
            simulator,
            client,
            clock,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.base_url())
    }

    pub(crate) fn request(
        &self,
        who: As<'_>,
        method: Method,
        path: &str,
    ) -> reqwest::RequestBuilder {
        let request = self.client.request(method, self.url(path));
        match who {
            As::Nobody => request,
            As::User(name) => request.basic_auth(name, Some(name)),
            As::Basic(name, password) => request.basic_auth(name, Some(password)),
            As::Bearer(token) => request.bearer_auth(token),
            As::Session(id) => request.header("Cookie", format!("BITBUCKETSESSIONID={id}")),
        }
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        Answer {
            status: response.status(),
            headers: response.headers().clone(),
            text: response.text().await.unwrap(),
        }
    }

    pub(crate) async fn get(&self, who: As<'_>, path: &str) -> Answer {
        self.send(self.request(who, Method::GET, path)).await
    }

    pub(crate) async fn put(&self, who: As<'_>, path: &str, body: &Value) -> Answer {
        self.send(self.request(who, Method::PUT, path).json(body))
            .await
    }

    pub(crate) async fn post(&self, who: As<'_>, path: &str, body: &Value) -> Answer {
        self.send(self.request(who, Method::POST, path).json(body))
            .await
    }

    pub(crate) async fn delete(&self, who: As<'_>, path: &str) -> Answer {
        self.send(self.request(who, Method::DELETE, path)).await
    }

    /// Creates a token at `place` (such as `/users/alice`) and hands back its JSON.
    pub(crate) async fn create(&self, user: &str, place: &str, permissions: &[&str]) -> Value {
        let body = json!({"name": "test", "permissions": permissions, "expiryDays": 30});
        let path = format!("{TOKENS}{place}");
        let answer = self.put(As::User(user), &path, &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    /// As [`Server::create`], the secret only.
    pub(crate) async fn secret(&self, user: &str, place: &str, permissions: &[&str]) -> String {
        let token = self.create(user, place, permissions).await;
        token["token"].as_str().unwrap().to_owned()
    }

    /// Signs in through the form and hands back the cookie's value.
    pub(crate) async fn log_in(&self, user: &str) -> String {
        let answer = self
            .submit(&[("j_username", user), ("j_password", user)])
            .await;
        session(&answer).expect("a session")
    }

    pub(crate) async fn submit(&self, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = self
            .client
            .post(self.url("/j_atl_security_check"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body.join("&"));
        self.send(request).await
    }
}

/// As this version, but with Basic, for what has nothing to do with signing in.
pub(crate) async fn with_basic(profile: Profile) -> Server {
    Server::with(Options {
        basic: Some(true),
        ..Options::of(profile)
    })
    .await
}

/// The session cookie's value that an answer sets.
pub(crate) fn session(answer: &Answer) -> Option<String> {
    let cookie = answer
        .header("set-cookie")
        .strip_prefix("BITBUCKETSESSIONID=")?;
    Some(cookie.split(';').next()?.to_owned())
}
