//! The access-token API: its life cycle in all three places, and every refusal.

use std::time::Duration;

use bbtoken::simulator::Options;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{As, Server, TOKENS};

const PLACES: [(&str, &[&str]); 3] = [
    ("/users/alice", &["PROJECT_READ", "REPO_WRITE"]),
    ("/projects/PLAT", &["PROJECT_READ", "REPO_WRITE"]),
    ("/projects/PLAT/repos/billing-api", &["REPO_WRITE"]),
];

#[tokio::test]
async fn a_token_lives_in_each_place() {
    let server = Server::start().await;
    for (place, permissions) in PLACES {
        let alice = As::User("alice");
        let path = format!("{TOKENS}{place}");
        let body = json!({"name": " git ", "permissions": permissions, "expiryDays": 90, "x": 1});
        let answer = server.put(alice, &path, &body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let created = answer.json();
        let id = created["id"].as_str().unwrap();
        assert!(id.parse::<u64>().is_ok());
        assert_eq!(created["name"], "git");
        assert_eq!(created["permissions"], json!(permissions));
        let day = 24 * 60 * 60 * 1000;
        let from = created["createdDate"].as_i64().unwrap();
        assert_eq!(created["expiryDate"], from + 90 * day);
        assert!(created.get("lastAuthenticated").is_none());
        assert_eq!(created["token"].as_str().unwrap().len(), 44);
        assert_eq!(created.get("user").is_some(), place == "/users/alice");

        let one = server.get(alice, &format!("{path}/{id}")).await;
        assert_eq!(one.status, 200);
        assert!(
            !one.text.contains("token\""),
            "the secret is told once: {}",
            one.text
        );
        let ids = server.get(alice, &path).await.each("id");
        assert_eq!(ids[0], id, "newest first");

        let changed = server
            .post(alice, &format!("{path}/{id}"), &json!({"name": "new"}))
            .await;
        assert_eq!(changed.status, 200);
        assert_eq!(changed.json()["name"], "new");
        assert_eq!(
            changed.json()["permissions"],
            json!(permissions),
            "what is left out stays"
        );
        assert_eq!(changed.json()["expiryDate"], created["expiryDate"]);
        assert!(changed.json().get("token").is_none());

        let revoked = server.delete(alice, &format!("{path}/{id}")).await;
        assert_eq!((revoked.status.as_u16(), &*revoked.text), (204, ""));
        for method in [Method::GET, Method::POST, Method::DELETE] {
            let request = server.request(alice, method.clone(), &format!("{path}/{id}"));
            let answer = server.send(request.json(&json!({}))).await;
            assert_eq!(
                (answer.status.as_u16(), &*answer.exception()),
                (404, ""),
                "a list of errors, without a name"
            );
            assert!(answer.json()["errors"][0]["message"].is_string());
        }
    }
}

#[tokio::test]
async fn one_places_token_is_not_found_in_another() {
    let server = Server::start().await;
    let token = server
        .create("alice", "/projects/PLAT", &["PROJECT_READ", "REPO_READ"])
        .await;
    let id = token["id"].as_str().unwrap();
    for place in [
        "/projects/DATA",
        "/users/alice",
        "/projects/PLAT/repos/billing-api",
    ] {
        let path = format!("{TOKENS}{place}/{id}");
        assert_eq!(server.get(As::User("alice"), &path).await.status, 404);
        assert_eq!(server.delete(As::User("alice"), &path).await.status, 404);
    }
    let path = format!("{TOKENS}/projects/PLAT/not-a-number");
    assert_eq!(server.get(As::User("alice"), &path).await.status, 404);
}

#[tokio::test]
async fn what_is_out_of_order_is_refused_by_field() {
    let server = Server::start().await;
    let read = json!(["PROJECT_READ", "REPO_READ"]);
    let with = |permissions: Value| json!({"name": "x", "permissions": permissions});
    let expiry = |days: Value| json!({"name": "x", "permissions": read, "expiryDays": days});
    for (body, context) in [
        (json!({"permissions": read}), "name"),
        (json!({"name": "", "permissions": read}), "name"),
        (json!({"name": "  ", "permissions": read}), "name"),
        (json!({"name": 7, "permissions": read}), "name"),
        (json!({"name": null, "permissions": read}), "name"),
        (
            json!({"name": "é".repeat(256), "permissions": read}),
            "name",
        ),
        (json!({"name": "x"}), "permissions"),
        (with(json!([])), "permissions"),
        (with(json!("REPO_READ")), "permissions"),
        (with(json!([1])), "permissions"),
        (with(json!(["REPO_DEPLOY"])), "permissions"),
        (with(json!(["repo_read"])), "permissions"),
        (
            with(json!(["PROJECT_READ", "REPO_READ", "ADMIN"])),
            "permissions",
        ),
        (with(json!(["PROJECT_WRITE", "REPO_READ"])), "permissions"),
        (with(json!(["PROJECT_ADMIN", "REPO_READ"])), "permissions"),
        (with(json!(["PROJECT_ADMIN", "REPO_WRITE"])), "permissions"),
        (expiry(json!(0)), "expiryDays"),
        (expiry(json!(-3)), "expiryDays"),
        (expiry(json!(1.5)), "expiryDays"),
        (expiry(json!("90")), "expiryDays"),
        (expiry(json!(4_000_000_000_u32)), "expiryDays"),
        (expiry(json!(i32::MAX)), "expiryDays"),
    ] {
        for place in ["/users/alice", "/projects/PLAT"] {
            let answer = server
                .put(As::User("alice"), &format!("{TOKENS}{place}"), &body)
                .await;
            assert_eq!(
                (answer.status.as_u16(), &*answer.context()),
                (400, context),
                "{body}"
            );
        }
    }
    let path = format!("{TOKENS}/projects/PLAT/repos/billing-api");
    for permissions in [
        json!(["PROJECT_READ", "REPO_WRITE"]),
        json!(["PROJECT_READ"]),
    ] {
        let answer = server
            .put(As::User("alice"), &path, &with(permissions))
            .await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.context()),
            (400, "permissions")
        );
    }
    let longest = json!({"name": "é".repeat(255), "permissions": read});
    let answer = server
        .put(
            As::User("alice"),
            &format!("{TOKENS}/users/alice"),
            &longest,
        )
        .await;
    assert_eq!(answer.status, 200, "characters count, not bytes");
}

#[tokio::test]
async fn every_legal_combination_is_accepted() {
    let server = Server::start().await;
    for (project, repositories) in [
        (
            "PROJECT_READ",
            &["REPO_READ", "REPO_WRITE", "REPO_ADMIN"][..],
        ),
        ("PROJECT_WRITE", &["REPO_WRITE", "REPO_ADMIN"]),
        ("PROJECT_ADMIN", &["REPO_ADMIN"]),
    ] {
        for repository in repositories {
            for place in ["/users/bob", "/projects/~bob"] {
                server.create("bob", place, &[project, repository]).await;
            }
        }
    }
    for level in ["REPO_READ", "REPO_WRITE", "REPO_ADMIN"] {
        server
            .create("bob", "/projects/~bob/repos/playground", &[level])
            .await;
        server.create("bob", "/users/bob", &[level]).await;
    }
}

#[tokio::test]
async fn a_change_is_checked_too() {
    let server = Server::start().await;
    let token = server
        .create("alice", "/users/alice", &["PROJECT_READ", "REPO_READ"])
        .await;
    let path = format!("{TOKENS}/users/alice/{}", token["id"].as_str().unwrap());
    for (body, context) in [
        (json!({"name": ""}), "name"),
        (json!({"permissions": []}), "permissions"),
        (
            json!({"permissions": ["PROJECT_ADMIN", "REPO_READ"]}),
            "permissions",
        ),
    ] {
        let answer = server.post(As::User("alice"), &path, &body).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.context()),
            (400, context),
            "{body}"
        );
    }
    let body = json!({"permissions": ["PROJECT_READ", "REPO_ADMIN"], "expiryDays": 1});
    let changed = server.post(As::User("alice"), &path, &body).await.json();
    assert_eq!(
        changed["permissions"],
        json!(["PROJECT_READ", "REPO_ADMIN"])
    );
    assert_eq!(changed["name"], "test");
    assert_eq!(
        changed["expiryDate"], token["expiryDate"],
        "an expiry cannot be changed"
    );
}

#[tokio::test]
async fn who_may_not_is_told_so() {
    let server = Server::start().await;
    let body = json!({"name": "x", "permissions": ["REPO_READ"]});
    for place in [
        "/users/alice",
        "/projects/PLAT",
        "/projects/PLAT/repos/billing-api",
    ] {
        let path = format!("{TOKENS}{place}");
        for who in [As::User("bob"), As::Nobody] {
            let list = server.get(who, &path).await;
            let create = server.put(who, &path, &body).await;
            for answer in [list, create] {
                assert_eq!(answer.status, 401, "{place}");
                let (name, exception) = match who {
                    As::Nobody => ("", "AuthenticationRequiredException"),
                    _ => ("bob", "AuthorisationException"),
                };
                assert_eq!(answer.exception(), exception);
                let words = "You are not permitted to access this resource";
                assert_eq!(answer.json()["errors"][0]["message"], words);
                assert_eq!(answer.header("x-ausername"), name);
            }
        }
    }
    for (place, exception) in [
        ("/users/nope", "NoSuchUserException"),
        ("/projects/NOPE", "NoSuchProjectException"),
        ("/projects/PLAT/repos/nope", "NoSuchRepositoryException"),
    ] {
        let path = format!("{TOKENS}{place}");
        let list = server.get(As::User("bob"), &path).await;
        assert_eq!((list.status.as_u16(), &*list.exception()), (404, exception));
        let create = server.put(As::User("bob"), &path, &body).await;
        assert_eq!(
            (create.status.as_u16(), &*create.exception()),
            (404, exception)
        );
    }
    // A repository's administrator needs no rights in its project.
    server
        .create(
            "alice",
            "/projects/SHIP/repos/label-printer",
            &["REPO_READ"],
        )
        .await;
    let project = server
        .get(As::User("alice"), &format!("{TOKENS}/projects/SHIP"))
        .await;
    assert_eq!(project.status, 401);
}

#[tokio::test]
async fn administrators_see_change_and_revoke_but_do_not_create_for_others() {
    let server = Server::start().await;
    let root = As::User("root");
    let token = server
        .create("bob", "/users/bob", &["PROJECT_READ", "REPO_READ"])
        .await;
    let place = format!("{TOKENS}/users/bob");
    let path = format!("{place}/{}", token["id"].as_str().unwrap());
    assert_eq!(server.get(root, &path).await.status, 200);
    let changed = server
        .post(root, &path, &json!({"name": "seen by root"}))
        .await;
    assert_eq!(changed.json()["name"], "seen by root");
    let body = json!({"name": "x", "permissions": ["REPO_READ"]});
    assert_eq!(
        server.put(root, &place, &body).await.exception(),
        "AuthorisationException"
    );
    assert_eq!(server.delete(root, &path).await.status, 204);
    server
        .create("root", "/projects/DATA", &["PROJECT_READ", "REPO_READ"])
        .await;
}

#[tokio::test]
async fn no_token_makes_changes_or_revokes_tokens() {
    let server = Server::start().await;
    let admin = ["PROJECT_ADMIN", "REPO_ADMIN"];
    for (place, permissions) in [
        ("/users/alice", &admin[..]),
        ("/projects/PLAT", &admin[..]),
        ("/projects/PLAT/repos/billing-api", &["REPO_ADMIN"]),
    ] {
        let token = server.create("alice", place, permissions).await;
        let bearer = As::Bearer(token["token"].as_str().unwrap());
        let path = format!("{TOKENS}{place}");
        let one = format!("{path}/{}", token["id"].as_str().unwrap());
        let body = json!({"name": "x", "permissions": permissions});
        for answer in [
            server.put(bearer, &path, &body).await,
            server.post(bearer, &one, &body).await,
            server.delete(bearer, &one).await,
        ] {
            assert_eq!(
                (answer.status.as_u16(), &*answer.exception()),
                (401, "AuthorisationException")
            );
            assert!(answer.text.contains("can't use a token"), "{}", answer.text);
        }
        assert_eq!(
            server.get(bearer, &path).await.status,
            200,
            "looking is allowed"
        );
    }
}

#[tokio::test]
async fn the_policy_is_obeyed_and_told_to_administrators() {
    let server = Server::with(Options {
        max_expiry_days: Some(60),
        expiry_required: true,
        max_tokens: 4,
        ..Options::default()
    })
    .await;
    let path = format!("{TOKENS}/users/alice");
    let put = async |days: Option<u32>| {
        let mut body = json!({"name": "x", "permissions": ["PROJECT_READ", "REPO_READ"]});
        if let Some(days) = days {
            body["expiryDays"] = days.into();
        }
        server.put(As::User("alice"), &path, &body).await
    };
    assert_eq!(put(Some(61)).await.context(), "expiryDays");
    assert_eq!(put(None).await.context(), "expiryDays");
    assert_eq!(put(Some(60)).await.status, 200);
    let full = put(Some(60)).await;
    assert_eq!(full.status, 400, "alice had three already");
    assert!(full.text.contains("maximum number"), "{}", full.text);

    let admin = format!("{TOKENS}/admin");
    let policy = server.get(As::User("root"), &admin).await;
    assert_eq!(policy.json(), json!({"maxExpiryDays": 60}));
    assert_eq!(
        server.get(As::User("alice"), &admin).await.exception(),
        "AuthorisationException"
    );
}

#[tokio::test]
async fn an_expired_token_stays_listed_and_stops_working() {
    let server = Server::start().await;
    let secret = server
        .secret("alice", "/users/alice", &["PROJECT_READ", "REPO_READ"])
        .await;
    let path = "/rest/api/latest/projects/PLAT";
    assert_eq!(server.get(As::Bearer(&secret), path).await.status, 200);
    server
        .clock
        .advance(Duration::from_secs(30 * 24 * 3600 - 1));
    assert_eq!(server.get(As::Bearer(&secret), path).await.status, 200);
    server.clock.advance(Duration::from_secs(1));
    let expired = server.get(As::Bearer(&secret), path).await;
    assert_eq!(expired.status, 401);
    assert_eq!(
        expired.exception(),
        "IncorrectPasswordAuthenticationException"
    );
    let basic = server.get(As::Basic("alice", &secret), path).await;
    assert_eq!(basic.status, 401);
    let names = server
        .get(As::User("alice"), &format!("{TOKENS}/users/alice"))
        .await
        .each("name");
    assert!(names.contains(&"test".to_owned()));
}
