//! Tokens: what is sent, what comes back, and what may have happened when nothing does.

use bbtoken::bitbucket::{Client, ErrorKind, Scope, TokenChange, TokenSpec, When};
use bbtoken::permission::{Level, Permissions, ScopeKind};
use serde_json::{Value, json};

use crate::server::{Server, error, html, json, respond};

fn project() -> Scope {
    Scope::Project {
        key: "PLAT".to_owned(),
    }
}

fn spec() -> TokenSpec {
    TokenSpec {
        name: "git client".to_owned(),
        permissions: Permissions::new(Level::Read, Level::Write),
        expiry_days: Some(90),
    }
}

fn created() -> Value {
    json!({
        "id": 123_456_789_012_i64, "name": "git client", "permissions": ["PROJECT_READ", "REPO_WRITE"],
        "createdDate": 1_714_979_289_000_i64, "expiryDate": 1_722_755_289_000_i64,
        "token": "MjUyOTcz+/abc=",
    })
}

async fn create(
    body: Value,
) -> Result<bbtoken::bitbucket::CreatedToken, bbtoken::bitbucket::Error> {
    let (_server, client) = Server::signed_in(move |_| json(200, &body)).await;
    client.create_token(&project(), &spec()).await
}

#[tokio::test]
async fn a_token_is_created() {
    let (server, client) = Server::signed_in(|_| json(200, &created())).await;
    let new = client.create_token(&project(), &spec()).await.unwrap();
    assert_eq!(new.token.id, "123456789012");
    assert_eq!(new.token.permissions, Some(spec().permissions));
    assert_eq!(
        new.token.created.unwrap().to_string(),
        "2024-05-06T07:08:09Z"
    );
    assert_eq!(
        new.token.expires.at().unwrap().to_string(),
        "2024-08-04T07:08:09Z"
    );
    assert_eq!(new.token.last_used, When::Unknown);
    assert_eq!(new.secret.expose(), "MjUyOTcz+/abc=");
    assert!(!format!("{new:?}").contains("MjUy"));
    let asked = &server.asked()[0];
    assert_eq!(asked.method, "PUT");
    assert_eq!(asked.path, "/rest/access-tokens/latest/projects/PLAT");
    assert_eq!(asked.header("x-atlassian-token"), Some("no-check"));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    let body: Value = serde_json::from_str(&asked.body).unwrap();
    let expected = json!({ "name": "git client", "permissions": ["PROJECT_READ", "REPO_WRITE"], "expiryDays": 90 });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn without_expiry_none_is_sent() {
    let (server, client) = Server::signed_in(|_| json(200, &created())).await;
    let spec = TokenSpec {
        expiry_days: None,
        ..spec()
    };
    client.create_token(&project(), &spec).await.unwrap();
    assert!(!server.asked()[0].body.contains("expiry"));
}

#[tokio::test]
async fn answers_to_a_creation_may_have_gaps() {
    let new = create(json!({ "id": "1", "token": "BBDC-x" }))
        .await
        .unwrap();
    assert_eq!(new.token.name, "1");
    assert_eq!(new.token.expires, When::Unknown, "nobody said so");
    assert_eq!(new.token.permissions, None, "nobody said so");
    let days =
        json!({ "id": "1", "token": "x", "createdDate": "2024-05-06T07:08:09Z", "expiryDays": 1 });
    let new = create(days).await.unwrap();
    assert_eq!(
        new.token.expires.at().unwrap().to_string(),
        "2024-05-07T07:08:09Z"
    );
}

#[tokio::test]
async fn a_broken_secret_names_the_token_to_revoke() {
    for secret in [
        json!(null),
        json!(""),
        json!("a b"),
        json!("a\nb"),
        json!("a\u{1b}[2J"),
        json!("ü"),
        json!(7),
    ] {
        let error = create(json!({ "id": "42", "token": secret }))
            .await
            .unwrap_err();
        assert_eq!(
            error.kind,
            ErrorKind::UnusableSecret {
                id: "42".to_owned()
            }
        );
        assert!(!error.outcome_is_unknown(), "it exists for certain");
    }
}

#[tokio::test]
async fn what_cannot_be_read_may_have_happened() {
    for body in [
        json!({ "token": "secret-1" }),
        json!([]),
        json!({ "id": "a\u{202e}b", "token": "secret-1" }),
    ] {
        let error = create(body).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotJson);
        assert!(error.outcome_is_unknown());
        assert!(!format!("{error:?}{error}").contains("secret-1"));
    }
}

type Respond = fn() -> axum::response::Response;

/// What creating, changing and revoking come to with this answer: whether each outcome is unknown.
async fn unknown_outcomes(answer: Respond) -> [bool; 3] {
    let (server, client) = Server::signed_in(move |_| answer()).await;
    let change = TokenChange::default();
    let errors = [
        client.create_token(&project(), &spec()).await.unwrap_err(),
        client
            .change_token(&project(), "1", &change)
            .await
            .unwrap_err(),
        client.revoke_token(&project(), "1").await.unwrap_err(),
    ];
    assert_eq!(server.asked().len(), 3, "a write was sent again");
    assert!(!client.project("X").await.unwrap_err().outcome_is_unknown());
    errors.map(|error| error.outcome_is_unknown())
}

#[tokio::test]
async fn only_bitbuckets_own_refusals_say_that_nothing_happened() {
    let refusals: [Respond; 14] = [
        || error(400, "x.ArgumentValidationException", "no"),
        || json(400, &json!({ "errors": [{ "message": "no name" }] })),
        || {
            json(
                400,
                &json!({ "errors": { "message": "one", "context": "name" } }),
            )
        },
        || {
            json(
                400,
                &json!({ "context": null, "message": "one", "exceptionName": null }),
            )
        },
        || error(401, "com.atlassian.bitbucket.AuthorisationException", "no"),
        || {
            error(
                401,
                "com.atlassian.plugins.rest.api.security.exception.AuthenticationRequiredException",
                "no",
            )
        },
        || {
            json(
                403,
                &json!({ "message": "Basic Authentication has been disabled on this instance." }),
            )
        },
        || {
            error(
                404,
                "com.atlassian.bitbucket.project.NoSuchProjectException",
                "no",
            )
        },
        || error(405, "x.Exception", "no"),
        || error(409, "com.atlassian.bitbucket.IntegrityException", "no"),
        || error(415, "x.Exception", "no"),
        || respond(429, &[], ""),
        || html(429, "slower"),
        || {
            respond(
                403,
                &[("X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE")],
                "",
            )
        },
    ];
    for (number, answer) in refusals.into_iter().enumerate() {
        assert_eq!(
            unknown_outcomes(answer).await,
            [false; 3],
            "refusal {number}"
        );
    }
}

#[tokio::test]
async fn whatever_else_comes_back_the_outcome_is_unknown() {
    let answers: [Respond; 24] = [
        || html(200, "Hello"),
        || respond(200, &[], "{\"id\":"),
        || respond(302, &[("Location", "/login")], ""),
        || {
            respond(
                307,
                &[("Location", "/rest/access-tokens/latest/projects/NEW")],
                "",
            )
        },
        || respond(303, &[], ""),
        || html(400, "Bad Request"),
        || respond(400, &[], ""),
        || html(401, "Sign in"),
        || respond(401, &[], ""),
        || html(403, "Forbidden"),
        || respond(403, &[("Content-Type", "text/plain")], "XSRF check failed"),
        || html(404, "Not Found"),
        || respond(404, &[], ""),
        || html(405, "Method Not Allowed"),
        || respond(406, &[], ""),
        || respond(407, &[("Proxy-Authenticate", "Basic")], ""),
        || {
            respond(
                409,
                &[("Content-Type", "application/json")],
                "{\"errors\":[{\"mess",
            )
        },
        || json(400, &json!({ "errors": [] })),
        || json(400, &json!({ "errors": ["no"], "errorMessages": ["no"] })),
        || {
            error(
                500,
                "com.atlassian.bitbucket.ServerException",
                "rolled back",
            )
        },
        || html(502, "x"),
        || error(503, "x.Exception", "starting"),
        || html(503, "x"),
        || json(504, &json!({ "message": "upstream" })),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        assert_eq!(unknown_outcomes(answer).await, [true; 3], "answer {number}");
    }
}

#[tokio::test]
async fn a_refused_field_is_named() {
    let body = json!({ "errors": [{ "context": "expiryDays", "message": "At most 60 days.", "exceptionName": null }] });
    let (_server, client) = Server::signed_in(move |_| json(400, &body)).await;
    let error = client.create_token(&project(), &spec()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    assert_eq!(error.field(), Some("expiryDays"));
    assert_eq!(error.server_message(), Some("At most 60 days."));
    assert!(!error.outcome_is_unknown());
}

#[tokio::test]
async fn tokens_are_listed_for_each_scope() {
    let (server, client) = Server::signed_in(|_| {
        json(
            200,
            &json!({ "isLastPage": true, "values": [
                { "id": 1, "name": "old\u{202e}", "permissions": ["REPO_ADMIN", "PLANET\u{1b}[0m_READ", null],
                  "createdDate": "2020-01-01T00:00:00Z", "lastAuthenticated": null, "expiryDate": null },
                { "id": "2", "permissions": null, "lastAuthenticated": 1_714_979_289_000_i64 },
                { "name": "no id" },
            ] }),
        )
    })
    .await;
    let repository = Scope::Repository {
        project: "~alice".to_owned(),
        slug: "x.y".to_owned(),
    };
    let personal = Scope::Personal {
        user: "alice".to_owned(),
    };
    assert_eq!(repository.kind(), ScopeKind::Repository);
    assert_eq!(personal.kind(), ScopeKind::Personal);
    assert_eq!(project().kind(), ScopeKind::Project);
    for scope in [&repository, &personal, &project()] {
        let tokens = client.tokens(scope).all().await.unwrap();
        assert_eq!(tokens.len(), 2);
        assert_eq!(tokens[0].name, "old");
        assert_eq!(
            tokens[0].permissions.as_ref().unwrap().to_string(),
            "Repository admin, PLANET_READ (unknown to bbtoken), null (unknown to bbtoken)"
        );
        assert_eq!(tokens[0].last_used, When::Never);
        assert_eq!(tokens[0].expires, When::Never);
        assert_eq!(tokens[1].permissions, None, "nobody said that it has none");
        assert!(tokens[1].last_used.at().is_some());
    }
    let paths: Vec<_> = server.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(
        paths,
        [
            "/rest/access-tokens/latest/projects/~alice/repos/x.y",
            "/rest/access-tokens/latest/users/alice",
            "/rest/access-tokens/latest/projects/PLAT",
        ]
    );
}

#[tokio::test]
async fn only_bitbucket_can_say_that_a_token_is_gone() {
    let revoke = |client: Client| async move { client.revoke_token(&project(), "42").await };
    let (server, client) = Server::signed_in(|_| respond(204, &[], "")).await;
    revoke(client).await.unwrap();
    let asked = &server.asked()[0];
    assert_eq!(
        (asked.method.as_str(), asked.path.as_str()),
        ("DELETE", "/rest/access-tokens/latest/projects/PLAT/42")
    );
    assert_eq!(asked.header("x-atlassian-token"), Some("no-check"));

    for answer in [
        (|| {
            json(
                404,
                &json!({ "errors": [{ "context": null, "message": "no such token" }] }),
            )
        }) as Respond,
        || {
            json(
                404,
                &json!({ "message": "no such token", "exceptionName": null }),
            )
        },
        || error(404, "com.atlassian.bitbucket.NoSuchEntityException", "gone"),
    ] {
        let (_server, client) = Server::signed_in(move |_| answer()).await;
        let gone = revoke(client).await.unwrap_err();
        assert_eq!(gone.kind, ErrorKind::NoSuchToken);
        assert!(!gone.outcome_is_unknown());
    }

    let no_project = "com.atlassian.bitbucket.project.NoSuchProjectException";
    let (_server, client) = Server::signed_in(move |_| error(404, no_project, "no project")).await;
    let error = revoke(client).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotFound);
    assert!(!error.outcome_is_unknown());

    for answer in [
        (|| {
            json(
                404,
                &json!({ "message": "null for uri", "status-code": 404, "sub-code": -1 }),
            )
        }) as Respond,
        || {
            respond(
                404,
                &[("Content-Type", "application/xml")],
                "<status><status-code>404</status-code></status>",
            )
        },
        || html(404, "Not Found"),
        || respond(404, &[], ""),
    ] {
        let (_server, client) = Server::signed_in(move |_| answer()).await;
        let error = revoke(client).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NoSuchPath);
        assert!(error.outcome_is_unknown());
    }

    let (_server, client) = Server::signed_in(|_| respond(200, &[], "OK")).await;
    assert!(revoke(client).await.unwrap_err().outcome_is_unknown());

    let (_server, client) = Server::signed_in(|_| html(200, "<input type=\"password\">")).await;
    let page = revoke(client).await.unwrap_err();
    assert_eq!(page.kind, ErrorKind::SingleSignOn { location: None });
    assert!(page.outcome_is_unknown());
}

#[tokio::test]
async fn a_change_sends_only_what_changes() {
    let (server, client) = Server::signed_in(|_| json(200, &created())).await;
    let change = TokenChange {
        name: Some("new".to_owned()),
        permissions: None,
    };
    client
        .change_token(&project(), "42", &change)
        .await
        .unwrap();
    let permissions = Some(Permissions::new(None, Level::Read));
    let change = TokenChange {
        name: None,
        permissions,
    };
    client
        .change_token(&project(), "42", &change)
        .await
        .unwrap();
    let asked = server.asked();
    assert_eq!(asked[0].method, "POST");
    assert_eq!(asked[0].path, "/rest/access-tokens/latest/projects/PLAT/42");
    assert_eq!(asked[0].body, r#"{"name":"new"}"#);
    assert_eq!(asked[1].body, r#"{"permissions":["REPO_READ"]}"#);
}
