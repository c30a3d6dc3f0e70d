//! Requests that a test holds, and lets go in an order of its own.

use bbtoken::simulator::{Reply, Stage};
use reqwest::Method;
use serde_json::json;
use tokio::task::JoinHandle;

use crate::support::{As, Server, TOKENS};

/// Asks for a token in the background: the status of the answer, or `None` for none.
fn create(server: &Server, user: &str) -> JoinHandle<Option<u16>> {
    let body = json!({"name": "held", "permissions": ["PROJECT_READ", "REPO_READ"]});
    let path = format!("{TOKENS}/users/{user}");
    let request = server.request(As::User(user), Method::PUT, &path);
    tokio::spawn(async move {
        let answer = request.json(&body).send().await.ok()?;
        Some(answer.status().as_u16())
    })
}

async fn was_made(server: &Server, user: &str) -> bool {
    let path = format!("{TOKENS}/users/{user}");
    let names = server.get(As::User(user), &path).await.each("name");
    names.contains(&"held".to_owned())
}

#[tokio::test]
async fn the_second_answer_can_come_before_the_first() {
    let server = Server::start().await;
    let put = Some(Method::PUT);
    let mut first = server
        .simulator
        .hold(put.clone(), "/users/alice", Stage::AfterWork);
    let mut second = server.simulator.hold(put, "/users/bob", Stage::AfterWork);
    assert!(!first.is_reached());
    let (alice, bob) = (create(&server, "alice"), create(&server, "bob"));
    first.reached().await;
    second.reached().await;
    assert!(first.is_reached() && second.is_reached());
    assert!(was_made(&server, "alice").await && was_made(&server, "bob").await);
    second.release();
    assert_eq!(bob.await.unwrap(), Some(200));
    assert!(!alice.is_finished());
    first.release();
    assert_eq!(alice.await.unwrap(), Some(200));
}

#[tokio::test]
async fn two_like_requests_are_held_one_after_the_other() {
    let server = Server::start().await;
    let get = Some(Method::GET);
    let mut first = server
        .simulator
        .hold(get.clone(), "/projects", Stage::BeforeWork);
    let mut second = server.simulator.hold(get, "/projects", Stage::BeforeWork);
    let ask = |path: &str| {
        let request = server.request(As::User("alice"), Method::GET, path);
        tokio::spawn(async move { request.send().await.unwrap().status().as_u16() })
    };
    let one = ask("/rest/api/latest/projects/PLAT");
    first.reached().await;
    assert!(!second.is_reached());
    let other = ask("/rest/api/latest/projects/NOPE");
    second.reached().await;
    // A third one waits for nobody.
    assert_eq!(ask("/rest/api/latest/projects/DATA").await.unwrap(), 200);
    second.release();
    assert_eq!(other.await.unwrap(), 404);
    first.release();
    assert_eq!(one.await.unwrap(), 200);
}

#[tokio::test]
async fn what_is_held_can_be_answered_otherwise_or_cut() {
    for (stage, made) in [(Stage::BeforeWork, false), (Stage::AfterWork, true)] {
        let server = Server::start().await;
        let hold = || {
            server
                .simulator
                .hold(Some(Method::PUT), "/access-tokens/", stage)
        };
        let mut held = hold();
        let asked = create(&server, "alice");
        held.reached().await;
        assert_eq!(was_made(&server, "alice").await, made);
        held.answer(Reply::empty(503));
        assert_eq!(asked.await.unwrap(), Some(503));
        assert_eq!(was_made(&server, "alice").await, made);

        let mut held = hold();
        let asked = create(&server, "bob");
        held.reached().await;
        held.cut();
        assert_eq!(asked.await.unwrap(), None);
        assert_eq!(was_made(&server, "bob").await, made);
    }
}

#[tokio::test]
async fn a_forgotten_hold_lets_go() {
    let server = Server::start().await;
    let held = server
        .simulator
        .hold(None, "/users/alice", Stage::AfterWork);
    let asked = create(&server, "alice");
    drop(held);
    assert_eq!(asked.await.unwrap(), Some(200));
}

#[tokio::test]
async fn what_was_held_before_its_work_is_not_done_once_nobody_waits() {
    let server = Server::start().await;
    let mut held = server
        .simulator
        .hold(Some(Method::PUT), "/users/alice", Stage::BeforeWork);
    let asked = create(&server, "alice");
    held.reached().await;
    asked.abort();
    // The server sees that the connection has gone, and drops what it worked on.
    held.abandoned().await;
    assert!(!was_made(&server, "alice").await);
}
