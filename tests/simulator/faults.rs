//! Failures on demand, the record of requests, and the end of the server.

use std::time::Duration;

use bbtoken::simulator::{Fault, FaultEffect};
use reqwest::Method;
use serde_json::json;

use crate::support::{API, As, Server, TOKENS};

fn fault(path: &str, times: u32, effect: FaultEffect) -> Fault {
    Fault {
        method: None,
        path_contains: path.to_owned(),
        times: Some(times),
        effect,
    }
}

#[tokio::test]
async fn faults_strike_where_and_as_often_as_told() {
    let server = Server::start().await;
    let path = format!("{API}/projects");
    server.simulator.inject(Fault {
        method: Some(Method::PUT),
        ..fault("/projects", 1, FaultEffect::Html(503))
    });
    assert_eq!(
        server.get(As::User("alice"), &path).await.status,
        200,
        "another method"
    );
    server.simulator.clear_faults();

    server.simulator.inject(fault(
        "/projects",
        2,
        FaultEffect::Status(409, "busy".into()),
    ));
    for _ in 0..2 {
        let answer = server.get(As::User("alice"), &path).await;
        assert_eq!(answer.status, 409);
        assert_eq!(answer.json()["errors"][0]["message"], "busy");
    }
    assert_eq!(server.get(As::User("alice"), &path).await.status, 200);

    server
        .simulator
        .inject(fault("", 1, FaultEffect::Html(503)));
    let html = server.get(As::User("alice"), &path).await;
    assert_eq!(
        (html.status.as_u16(), html.header("content-type")),
        (503, "text/html; charset=utf-8")
    );
    server.simulator.inject(fault(
        "",
        1,
        FaultEffect::Redirect("https://sso.example/".into()),
    ));
    let redirect = server.get(As::User("alice"), &path).await;
    assert_eq!(
        (redirect.status.as_u16(), redirect.header("location")),
        (302, "https://sso.example/")
    );
    let retry_after = Duration::from_secs(7);
    server
        .simulator
        .inject(fault("", 1, FaultEffect::RateLimited { retry_after }));
    let limited = server.get(As::User("alice"), &path).await;
    assert_eq!(
        (limited.status.as_u16(), limited.header("retry-after")),
        (429, "7")
    );
    server.simulator.inject(fault("", 1, FaultEffect::Garbage));
    let garbage = server.get(As::User("alice"), &path).await;
    assert_eq!(garbage.status, 200);
    assert!(serde_json::from_str::<serde_json::Value>(&garbage.text).is_err());
}

#[tokio::test]
async fn a_lost_answer_was_worked_on_and_a_cut_request_was_not() {
    let server = Server::start().await;
    let path = format!("{TOKENS}/users/bob");
    let body = json!({"name": "lost", "permissions": ["PROJECT_READ", "REPO_READ"]});
    for (effect, made) in [(FaultEffect::Cut, false), (FaultEffect::LoseAnswer, true)] {
        server.simulator.inject(Fault {
            method: Some(Method::PUT),
            ..fault("/users/bob", 1, effect)
        });
        let request = server
            .request(As::User("bob"), Method::PUT, &path)
            .json(&body);
        assert!(request.send().await.is_err());
        let names = server.get(As::User("bob"), &path).await.each("name");
        assert_eq!(names.contains(&"lost".to_owned()), made);
    }
}

#[tokio::test]
async fn stopping_cuts_what_hangs_and_refuses_what_comes() {
    let server = Server::start().await;
    let path = format!("{API}/projects");
    server
        .simulator
        .inject(fault("/projects", 1, FaultEffect::Hang));
    let hanging = tokio::spawn(server.request(As::User("alice"), Method::GET, &path).send());
    while server.simulator.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let Server {
        simulator, client, ..
    } = server;
    let base = simulator.base_url();
    simulator.stop().await;
    assert!(hanging.await.unwrap().is_err());
    let refused = client
        .get(format!("{base}{path}"))
        .send()
        .await
        .unwrap_err();
    assert!(refused.is_connect(), "{refused:?}");
}

#[tokio::test]
async fn dropping_stops_too() {
    let server = Server::start().await;
    let Server {
        simulator, client, ..
    } = server;
    let base = simulator.base_url();
    assert!(client.get(&base).send().await.is_ok());
    drop(simulator);
    while client.get(&base).send().await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn requests_are_recorded_without_secrets() {
    let server = Server::start().await;
    server
        .get(As::User("alice"), &format!("{API}/projects?limit=3"))
        .await;
    server
        .get(As::Basic("alice", "guess"), &format!("{API}/users"))
        .await;
    let secret = server
        .secret("bob", "/users/bob", &["PROJECT_READ", "REPO_READ"])
        .await;
    server
        .get(As::Bearer(&secret), &format!("{API}/users"))
        .await;
    let requests = server.simulator.requests();
    let told: Vec<_> = requests
        .iter()
        .map(|it| {
            (
                it.method.as_str(),
                it.path.as_str(),
                it.status,
                it.user.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (
                "GET",
                "/rest/api/latest/projects?limit=3",
                Some(200),
                Some("alice")
            ),
            ("GET", "/rest/api/latest/users", Some(401), None),
            (
                "PUT",
                "/rest/access-tokens/latest/users/bob",
                Some(200),
                Some("bob")
            ),
            ("GET", "/rest/api/latest/users", Some(200), Some("bob")),
        ]
    );
    assert!(!format!("{requests:?} {:?}", server.simulator).contains(&secret));
}
