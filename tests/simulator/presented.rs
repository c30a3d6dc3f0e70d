//! Where a secret went: what tests ask that promise to send a password to one place only.

use reqwest::Method;
use serde_json::json;

use crate::support::{API, As, Server};

/// Method and path of the requests that carried a secret.
fn carried(server: &Server, secret: &str) -> Vec<String> {
    let requests = server.simulator.requests_with(secret);
    let told = requests.iter();
    told.map(|it| format!("{} {}", it.method, it.path))
        .collect()
}

#[tokio::test]
async fn each_way_to_present_a_secret_is_recorded() {
    let server = Server::start().await;
    let projects = format!("{API}/projects");
    server.get(As::Basic("alice", "p:ss wörd"), &projects).await;
    server
        .submit(&[("j_username", "alice"), ("j_password", "p%3Ass+w%C3%B6rd")])
        .await;
    for path in [
        "/rest/tsv/latest/authenticate",
        "/rest/tsv/1.0/elevate-permissions/password",
    ] {
        let body = json!({"username": "alice", "password": "p:ss wörd", "rememberMe": false});
        let request = server.request(As::Nobody, Method::POST, path);
        server.send(request.json(&body)).await;
    }
    assert_eq!(
        carried(&server, "p:ss wörd"),
        [
            "GET /rest/api/latest/projects",
            "POST /j_atl_security_check",
            "POST /rest/tsv/latest/authenticate",
            "POST /rest/tsv/1.0/elevate-permissions/password",
        ]
    );
    let statuses: Vec<_> = server.simulator.requests_with("p:ss wörd");
    assert_eq!(statuses[0].status, Some(401));
    server.get(As::Bearer("secret-of-a-token"), &projects).await;
    server.get(As::Session("ABCDEF"), &projects).await;
    assert_eq!(carried(&server, "secret-of-a-token").len(), 1);
    assert_eq!(carried(&server, "ABCDEF").len(), 1);
    assert_eq!(carried(&server, "another").len(), 0);
    assert_eq!(carried(&server, "").len(), 0);
}

#[tokio::test]
async fn what_was_read_still_arrives_and_nobody_else_learns_it() {
    let server = Server::start().await;
    let id = server.log_in("alice").await;
    let answer = server
        .get(As::Session(&id), &format!("{API}/projects"))
        .await;
    assert_eq!(answer.header("x-ausername"), "alice");
    let told = format!("{:?}", server.simulator.requests_with(&id));
    assert!(told.contains("projects") && !told.contains(&id), "{told}");
}
