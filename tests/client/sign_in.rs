//! Signing in, and all the ways in which servers say no.

use std::io;
use std::sync::{Arc, Mutex};

use axum::http::HeaderValue;
use bbtoken::bitbucket::{AccountState, Client, ErrorKind};
use bbtoken::secret::Secret;
use serde_json::json;

use crate::server::{Server, alice, error, html, json, respond, welcome};

const AUTH: &str = "com.atlassian.bitbucket.auth";

#[tokio::test]
async fn the_user_is_found() {
    let server = Server::new(welcome).await;
    let (client, user) = alice(&server.client()).await.unwrap();
    assert_eq!(user.name, "alice");
    assert_eq!(user.slug, "alice");
    assert_eq!(user.display_name, "Alice A.");
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0].path, "/rest/api/latest/projects");
    assert_eq!(asked[0].parameter("limit"), Some("1"));
    // UTF-8 in base64: "alice:geheim-äß".
    let basic = Some("Basic YWxpY2U6Z2VoZWltLcOkw58=");
    assert_eq!(asked[0].header("authorization"), basic);
    assert_eq!(asked[1].header("authorization"), basic);
    let debug = format!("{client:?}");
    assert!(
        !debug.contains("YWxp") && !debug.contains("geheim"),
        "{debug}"
    );
}

#[tokio::test]
async fn a_slug_may_differ_from_the_name() {
    // Asked for "a_b_c" there is nobody; the search finds two, of which one is meant.
    let server = Server::new(|asked| {
        let mut response = match asked.path.as_str() {
            "/rest/api/latest/projects" => json(200, &json!({ "values": [] })),
            "/rest/api/latest/users" => json(
                200,
                &json!({ "isLastPage": true, "values": [
                    { "name": "a@b cd", "slug": "wrong" },
                    { "name": "A@b c", "slug": "a_b_c2", "displayName": "Ab\u{200b}c" },
                ] }),
            ),
            _ => error(404, "x.NoSuchUserException", "x"),
        };
        let name = "a%40b%20c".parse().unwrap();
        response.headers_mut().insert("X-AUSERNAME", name);
        response
    })
    .await;
    let (_, user) = alice(&server.client()).await.unwrap();
    assert_eq!(user.slug, "a_b_c2");
    assert_eq!(user.display_name, "Abc");
    let asked = server.asked();
    assert_eq!(asked[1].path, "/rest/api/latest/users/a_b_c");
    assert_eq!(asked[2].parameter("filter"), Some("a%40b+c"));
}

#[tokio::test]
async fn a_slug_of_somebody_else_is_not_taken() {
    let server = Server::new(|asked| {
        let mut response = match asked.path.as_str() {
            "/rest/api/latest/users/alice" => {
                json(200, &json!({ "name": "other", "slug": "alice" }))
            }
            "/rest/api/latest/users" => html(500, "oops"),
            _ => json(200, &json!({})),
        };
        response
            .headers_mut()
            .insert("X-AUSERNAME", "Alice".parse().unwrap());
        response
    })
    .await;
    // Nobody tells, and the sign-in succeeds all the same.
    let (_, user) = alice(&server.client()).await.unwrap();
    assert_eq!((user.name.as_str(), user.slug.as_str()), ("Alice", "alice"));
}

#[tokio::test]
async fn names_beyond_ascii_arrive() {
    for bytes in ["J%C3%B6rg", "Jörg"] {
        let server = Server::new(move |_| {
            let mut response = json(200, &json!({ "isLastPage": true, "values": [] }));
            let name = HeaderValue::from_bytes(bytes.as_bytes()).unwrap();
            response.headers_mut().insert("X-AUSERNAME", name);
            response
        })
        .await;
        let (_, user) = alice(&server.client()).await.unwrap();
        assert_eq!((user.name.as_str(), user.slug.as_str()), ("Jörg", "jörg"));
    }
}

#[tokio::test]
async fn refusals_are_told_apart_and_never_repeated() {
    use ErrorKind::{
        AccountRefused, BasicDisabled, Denied, NotPermitted, NotSignedIn, RateLimited,
        SingleSignOn, Unavailable, WrongPassword,
    };
    let disabled = json!({ "message": "Basic Authentication has been disabled on this instance." });
    let empty = json!({ "isLastPage": true, "values": [] });
    let cases: Vec<(u16, serde_json::Value, ErrorKind)> = vec![
        (
            401,
            exception("IncorrectPasswordAuthenticationException"),
            WrongPassword,
        ),
        // Whose refusal that is, nobody says.
        (401, json!({}), Denied),
        (
            401,
            json!({ "errors": [{ "message": "Check your credentials.", "exceptionName": null }] }),
            WrongPassword,
        ),
        (
            401,
            exception("NoAccessAuthenticationException"),
            AccountRefused(AccountState::NoLicence),
        ),
        (
            401,
            exception("InactiveUserAuthenticationException"),
            AccountRefused(AccountState::Inactive),
        ),
        (
            401,
            exception("ExpiredPasswordAuthenticationException"),
            AccountRefused(AccountState::PasswordExpired),
        ),
        (
            401,
            exception("CaptchaRequiredAuthenticationException"),
            ErrorKind::Captcha { login_url: None },
        ),
        (403, disabled, BasicDisabled),
        (403, json!({ "message": "Blocked by policy" }), NotPermitted),
        (429, json!({}), RateLimited { retry_after: None }),
        (503, json!({}), Unavailable),
        // Taken for an anonymous visitor: something drops the password on its way.
        (200, empty, NotSignedIn),
    ];
    for (status, body, kind) in cases {
        let server = Server::new(move |_| json(status, &body)).await;
        let error = alice(&server.client()).await.unwrap_err();
        assert_eq!(error.kind, kind);
        // Where Basic is off, the login form is asked once.
        let asked = server.asked();
        let signed = asked
            .iter()
            .filter(|it| it.header("authorization").is_some());
        // Where it was not refused and nobody is named, a list that needs a sign-in and whoami are asked.
        let times = if kind == NotSignedIn { 3 } else { 1 };
        assert_eq!(signed.count(), times, "{kind:?} was asked again");
        let forms = asked.iter().filter(|it| it.method == "POST").count();
        assert!(
            kind == BasicDisabled || forms == 0,
            "{kind:?} was asked again"
        );
        let all = format!("{error:?} {error} {}", error.technical());
        assert!(!all.contains("geheim") && !all.contains("YWxp"), "{all}");
    }
    let sso = SingleSignOn { location: None };
    for response in [
        || html(200, "<input type=password>"),
        || html(401, "Please log in"),
    ] {
        let server = Server::new(move |_| response()).await;
        assert_eq!(alice(&server.client()).await.unwrap_err().kind, sso);
    }
}

fn exception(name: &str) -> serde_json::Value {
    json!({ "errors": [
        { "context": null, "message": "No.", "exceptionName": format!("{AUTH}.{name}") }
    ] })
}

#[tokio::test]
async fn a_captcha_says_where() {
    for status in [401, 403] {
        for (reason, url) in [
            (
                "CAPTCHA_CHALLENGE; login-url=https://git.example.com/b/login",
                Some("https://git.example.com/b/login"),
            ),
            ("CAPTCHA_CHALLENGE; login-url=javascript:alert(1)", None),
            ("CAPTCHA_CHALLENGE", None),
        ] {
            let server = Server::new(move |_| {
                let headers = [
                    ("X-Authentication-Denied-Reason", reason),
                    ("X-Seraph-LoginReason", "AUTHENTICATION_DENIED"),
                ];
                respond(status, &headers, "")
            })
            .await;
            let error = alice(&server.client()).await.unwrap_err();
            let login_url = url.map(str::to_owned);
            assert_eq!(error.kind, ErrorKind::Captcha { login_url });
        }
    }
}

#[tokio::test]
async fn a_name_that_basic_cannot_carry_is_not_sent() {
    let server = Server::new(welcome).await;
    let error = server
        .client()
        .sign_in("a:b", &Secret::new("x".to_owned()))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn clients_travel_between_tasks() {
    fn travels<T: Clone + Send + Sync + 'static>() {}
    fn sends<T: Send>(future: T) -> T {
        future
    }
    travels::<Client>();
    let server = Server::new(welcome).await;
    sends(alice(&server.client())).await.unwrap();
}

/// Where a log goes that a test wants to read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_has_one_line_for_each_call_and_no_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // For all tests of this binary, since a subscriber of one thread misses lines that other threads
    // log first. Theirs come along; ours name LOGGED.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let (_server, client) = Server::signed_in(|_| json(200, &json!({ "key": "x" }))).await;
    client.project("LOGGED").await.unwrap();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let calls: Vec<_> = log.lines().filter(|line| line.contains("LOGGED")).collect();
    assert_eq!(calls.len(), 1, "{log}");
    for part in [
        "DEBUG bbtoken::bitbucket",
        "method=GET",
        "/rest/api/latest/projects/LOGGED",
        "status=200",
        "milliseconds=",
    ] {
        assert!(calls[0].contains(part), "{log}");
    }
    for secret in ["geheim", "YWxp", "Basic", "uthorization", "limit"] {
        assert!(!log.contains(secret), "{log}");
    }
}
