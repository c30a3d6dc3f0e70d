//! Faults that do the work, or not, and then answer anything.

use bbtoken::simulator::{Delivery, Fault, FaultEffect, Reply};
use reqwest::Method;
use serde_json::json;

use crate::support::{As, Server, TOKENS};

const BOB: &str = "/users/bob";

fn when_creating(effect: FaultEffect) -> Fault {
    Fault {
        method: Some(Method::PUT),
        path_contains: BOB.to_owned(),
        times: Some(1),
        effect,
    }
}

/// Creates a token of this name, and hands back what came: status, headers and body, or no body.
async fn create(server: &Server, name: &str) -> (reqwest::Response, String) {
    let body = json!({"name": name, "permissions": ["PROJECT_READ", "REPO_READ"]});
    let path = format!("{TOKENS}{BOB}");
    let request = server.request(As::User("bob"), Method::PUT, &path);
    let response = request.json(&body).send().await.unwrap();
    (response, name.to_owned())
}

async fn was_made(server: &Server, name: &str) -> bool {
    let path = format!("{TOKENS}{BOB}");
    let names = server.get(As::User("bob"), &path).await.each("name");
    names.contains(&name.to_owned())
}

#[tokio::test]
async fn anything_can_be_answered_with_the_work_done_or_not() {
    let replies = [
        Reply::json(500, json!({"errors": [{"message": "no"}]})),
        Reply::json(200, "{\"id\":"),
        Reply::html(403, "<h1>Firewall</h1>").header("X-Firewall", "yes"),
        Reply::redirect(307, "/elsewhere"),
        Reply::redirect(302, "https://sso.example/"),
        Reply::empty(204),
        Reply::empty(200),
        Reply::json(409, json!({"message": "one", "exceptionName": null})),
    ];
    let server = Server::start().await;
    for (number, reply) in replies.into_iter().enumerate() {
        for (effect, made) in [
            (FaultEffect::Answer(reply.clone()), true),
            (FaultEffect::Refuse(reply.clone()), false),
        ] {
            server.simulator.inject(when_creating(effect));
            let (response, name) = create(&server, &format!("{number} {made}")).await;
            assert_eq!(response.status().as_u16(), reply.status);
            for (header, value) in &reply.headers {
                assert_eq!(response.headers()[header], **value);
            }
            assert_eq!(response.bytes().await.unwrap(), reply.body);
            assert_eq!(was_made(&server, &name).await, made, "{name}");
        }
    }
}

#[tokio::test]
async fn a_body_can_be_cut_and_its_length_wrong() {
    let server = Server::start().await;
    let whole = r#"{"id":"012345678901"}"#;
    for (delivery, arrives) in [
        (Delivery::Whole, Some(whole)),
        (Delivery::Cut, None),
        (Delivery::Length(1000), None),
        (Delivery::Length(9), Some(&whole[..9])),
        (Delivery::Length(whole.len() as u64), Some(whole)),
    ] {
        let reply = Reply::json(200, whole).delivered(delivery);
        server
            .simulator
            .inject(when_creating(FaultEffect::Answer(reply)));
        let (response, name) = create(&server, &format!("{delivery:?}")).await;
        assert_eq!(response.status(), 200, "the head arrives: {delivery:?}");
        let body = response.text().await.ok();
        assert_eq!(body.as_deref(), arrives, "{delivery:?}");
        assert!(was_made(&server, &name).await);
    }
}

#[tokio::test]
async fn a_fault_for_no_request_strikes_none() {
    let server = Server::start().await;
    server.simulator.inject(Fault {
        times: Some(0),
        ..when_creating(FaultEffect::Cut)
    });
    let (response, name) = create(&server, "made").await;
    assert_eq!(response.status(), 200);
    assert!(was_made(&server, &name).await);
}
