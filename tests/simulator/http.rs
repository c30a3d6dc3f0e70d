//! The manners of HTTP: unknown paths and methods, bodies that are none, the context path.

use std::time::{Duration, Instant};

use bbtoken::simulator::{Options, Simulator, StartError};
use reqwest::Method;
use serde_json::json;

use crate::support::{API, As, Server, TOKENS};

const JSON: &str = "application/json";

#[tokio::test]
async fn unknown_paths_are_404_in_the_language_of_their_area() {
    let server = Server::start().await;
    for path in [
        "/rest",
        "/rest/",
        "/rest/api/latest",
        "/rest/api/latest/nope",
        "/rest/api/2.0/projects",
        "/rest/api/latest/projects/PLAT/repos/billing-api/nope",
        "/rest/nope/latest/x",
    ] {
        let request = server.request(As::User("alice"), Method::GET, path);
        let answer = server.send(request.header("Accept", JSON)).await;
        assert_eq!(answer.status, 404, "{path}");
        let body = json!({"message": "HTTP 404 Not Found", "status-code": 404, "sub-code": -1});
        assert_eq!(answer.json(), body, "{path}");
        let xml = server.get(As::User("alice"), path).await;
        assert_eq!(
            (xml.status.as_u16(), xml.header("content-type")),
            (404, "application/xml")
        );
        assert!(xml.text.contains("<status-code>404</status-code>"));
    }
    let page = server.get(As::User("alice"), "/nope").await;
    assert_eq!(page.status, 404);
    assert!(page.header("content-type").starts_with("text/html"));
}

#[tokio::test]
async fn unknown_methods_are_405_and_name_the_known_ones() {
    let server = Server::start().await;
    for (method, path, allowed) in [
        (Method::DELETE, format!("{API}/projects"), "GET"),
        (Method::POST, format!("{TOKENS}/users/alice"), "PUT"),
        (Method::PUT, format!("{TOKENS}/users/alice/1"), "POST"),
        (Method::PATCH, format!("{TOKENS}/projects/PLAT"), "PUT"),
        (Method::POST, format!("{API}/application-properties"), "GET"),
    ] {
        let request = server.request(As::User("alice"), method, &path);
        let answer = server.send(request.header("Accept", JSON)).await;
        assert_eq!(answer.status, 405, "{path}");
        let allow = answer.header("allow");
        assert!(allow.contains(allowed), "{allow}");
        assert_eq!(answer.json()["status-code"], 405);
    }
    let request = server.request(
        As::User("alice"),
        Method::OPTIONS,
        &format!("{TOKENS}/users/alice"),
    );
    let options = server.send(request).await;
    assert_eq!(options.status, 200);
    let allow = options.header("allow");
    assert!(allow.contains("PUT"), "{allow}");
}

#[tokio::test]
async fn whoever_takes_no_json_gets_406_and_nothing_is_done() {
    let server = Server::start().await;
    let path = format!("{TOKENS}/users/alice");
    let body = json!({"name": "x", "permissions": ["PROJECT_READ", "REPO_READ"]});
    for (accept, status) in [
        ("text/html", 406),
        ("application/xml;q=0.9", 406),
        ("text/html, application/json;q=0.5", 200),
        ("application/*", 200),
        ("*/*", 200),
    ] {
        let before = server
            .get(As::User("alice"), &path)
            .await
            .each("name")
            .len();
        let request = server.request(As::User("alice"), Method::PUT, &path);
        let request = request.header("Accept", accept).json(&body);
        let answer = server.send(request).await;
        assert_eq!(answer.status.as_u16(), status, "{accept}");
        assert_eq!(answer.text.is_empty(), status == 406);
        let after = server
            .get(As::User("alice"), &path)
            .await
            .each("name")
            .len();
        assert_eq!(after - before, usize::from(status == 200));
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let server = Server::start().await;
    let path = format!("{API}/projects/PLAT");
    let head = server
        .send(server.request(As::User("alice"), Method::HEAD, &path))
        .await;
    assert_eq!((head.status.as_u16(), &*head.text), (200, ""));
    assert_eq!(head.header("x-ausername"), "alice");
    let get = server.get(As::User("alice"), &path).await;
    assert_eq!(head.header("content-length"), get.text.len().to_string());
}

#[tokio::test]
async fn a_body_has_to_be_json_and_say_so() {
    let server = Server::start().await;
    let path = format!("{TOKENS}/users/alice");
    let put = async |kind: Option<&str>, body: &'static str| {
        let mut request = server
            .request(As::User("alice"), Method::PUT, &path)
            .body(body);
        if let Some(kind) = kind {
            request = request.header("Content-Type", kind);
        }
        server.send(request).await
    };
    let right = r#"{"name":"x","permissions":["PROJECT_READ","REPO_READ"]}"#;
    for (kind, body, status) in [
        (Some("application/json"), right, 200),
        (Some("application/json;charset=UTF-8"), right, 200),
        (Some("text/plain"), right, 415),
        (Some("application/x-www-form-urlencoded"), "name=x", 415),
        (None, right, 415),
        (Some("application/json"), "", 400),
        (Some("application/json"), "{\"name\":", 400),
        (Some("application/json"), "[]", 400),
        (Some("application/json"), "null", 400),
    ] {
        let answer = put(kind, body).await;
        assert_eq!(answer.status.as_u16(), status, "{kind:?} {body}");
        if status != 200 {
            assert!(answer.json()["errors"][0]["message"].is_string());
        }
    }
}

#[tokio::test]
async fn paths_may_be_encoded_and_end_in_a_slash() {
    let server = Server::start().await;
    for path in [
        "/projects/",
        "/projects/PLAT/",
        "/projects/%50LAT/repos/billing%2Dapi",
        "/projects/plat/repos/Billing-API",
    ] {
        let answer = server.get(As::User("alice"), &format!("{API}{path}")).await;
        assert_eq!(answer.status, 200, "{path}");
    }
    let broken = server
        .get(As::User("alice"), &format!("{API}/projects/%FF"))
        .await;
    assert_eq!(broken.status, 400);
    let slash = server
        .get(As::User("alice"), &format!("{API}/projects/a%2Fb"))
        .await;
    assert_eq!(slash.exception(), "NoSuchProjectException");
}

#[tokio::test]
async fn it_lives_below_its_context_path() {
    for written in ["/bitbucket", "bitbucket/", "/bitbucket/"] {
        let server = Server::with(Options {
            context_path: written.to_owned(),
            ..Options::default()
        })
        .await;
        let base = server.simulator.base_url();
        assert!(base.ends_with("/bitbucket"), "{base}");
        let answer = server
            .get(
                As::User("alice"),
                &format!("{API}/projects/PLAT/repos/api-gateway"),
            )
            .await;
        let body = answer.json();
        let href = body["links"]["clone"][0]["href"].as_str().unwrap();
        assert!(
            href.ends_with("/bitbucket/scm/plat/api-gateway.git"),
            "{href}"
        );
        let host = base.trim_end_matches("/bitbucket");
        for path in [
            "/rest/api/latest/projects",
            "/bitbucketx/rest/api/latest/projects",
            "/login",
        ] {
            let request = server.client.get(format!("{host}{path}"));
            assert_eq!(server.send(request).await.status, 404, "{path}");
        }
        let session = server
            .submit(&[("j_username", "bob"), ("j_password", "bob")])
            .await;
        assert!(session.header("set-cookie").contains("Path=/bitbucket/"));
        assert_eq!(session.header("location"), format!("{base}/dashboard"));
        assert_eq!(
            server.get(As::Nobody, "").await.status,
            302,
            "the base itself"
        );
    }
}

#[tokio::test]
async fn an_address_in_use_is_told() {
    let first = Server::start().await;
    let address = first
        .simulator
        .base_url()
        .replace("http://", "")
        .parse()
        .unwrap();
    let second = Simulator::start(Options {
        listen: address,
        ..Options::default()
    });
    let error = second.await.unwrap_err();
    assert!(matches!(error, StartError::Listen { .. }));
    assert!(error.to_string().contains(&address.to_string()), "{error}");
}

#[tokio::test]
async fn latency_delays_rest_answers() {
    let latency = Duration::from_millis(30);
    let server = Server::with(Options {
        latency,
        ..Options::default()
    })
    .await;
    let asked = Instant::now();
    let path = format!("{API}/application-properties");
    assert_eq!(server.get(As::Nobody, &path).await.status, 200);
    assert!(asked.elapsed() >= latency);
}
