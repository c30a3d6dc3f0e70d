//! Other products at the address: told by name.

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use tokio::net::TcpListener;

use crate::harness::{Harness, Setup};

/// In front of something that answers each path with this page, and the paths below `/rest` with 404.
async fn in_front_of(
    headers: &'static [(&'static str, &'static str)],
    page: &'static str,
    manifest: Option<&'static str>,
) -> Harness {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = move |uri: axum::http::Uri| async move {
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.insert(*name, value.parse().unwrap());
        }
        match manifest {
            Some(json) if uri.path().ends_with("/manifest") => {
                all.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
                (StatusCode::OK, all, json)
            }
            _ if uri.path().contains("/rest/") => (StatusCode::NOT_FOUND, all, "not here"),
            _ => (StatusCode::OK, all, page),
        }
        .into_response()
    };
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    let mut program = Harness::start(Setup {
        size: (120, 40),
        address: Some(format!("http://{address}")),
        ..Setup::default()
    })
    .await;
    program.keys("<enter>").await;
    program
}

#[tokio::test]
async fn products_are_named_by_their_manifest_their_headers_or_their_page() {
    for (headers, page, manifest, name) in [
        (
            &[][..],
            "",
            Some(r#"{"typeId":"jira","name":"Tickets"}"#),
            "Jira",
        ),
        (&[], "", Some(r#"{"typeId":"confluence"}"#), "Confluence"),
        (&[], "", Some(r#"{"typeId":"bamboo"}"#), "Bamboo"),
        (
            &[("x-confluence-request-time", "1")],
            "",
            None,
            "Confluence",
        ),
        (
            &[],
            r#"<html><meta name="application-name" content="JIRA" data-name="jira">"#,
            None,
            "Jira",
        ),
        (&[("x-gitlab-meta", "{}")], "", None, "GitLab"),
        (&[("x-jenkins", "2.4")], "", None, "Jenkins"),
        (&[], "<p>Powered by Gitea</p>", None, "Gitea"),
    ] {
        let mut program = in_front_of(headers, page, manifest).await;
        program.shows(&format!(
            "That is {name}. bbtoken is for Bitbucket Data Center."
        ));
        program.shows("Copy the address from the browser while you look at Bitbucket.");
        program.hides("Who are you?");
    }
}

#[tokio::test]
async fn what_nobody_knows_is_something_else() {
    let mut program = in_front_of(&[], "<html>It works!</html>", None).await;
    program.shows("Something else answers there.");
}
