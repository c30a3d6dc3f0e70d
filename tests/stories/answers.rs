//! Answers of servers that say less, more or something else than the simulator does.

use axum::Json;
use axum::http::{Method, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::front::{Front, Turn};
use crate::harness::{Harness, Setup, personal};

const TOKENS: &str = "/rest/access-tokens/latest/users/alice";

type Answer = fn() -> Response;
type Change = fn(&mut Value);

/// Signed in as alice through a server in front, in a window in which no sentence is broken.
async fn through(
    decide: impl Fn(&Method, &str, &Value) -> Turn + Send + Sync + 'static,
) -> (Harness, Front) {
    let (mut program, front) = before_sign_in(decide).await;
    program.sign_in("alice").await;
    (program, front)
}

async fn before_sign_in(
    decide: impl Fn(&Method, &str, &Value) -> Turn + Send + Sync + 'static,
) -> (Harness, Front) {
    let mut program = Harness::start(Setup {
        size: (200, 50),
        ..Setup::default()
    })
    .await;
    let front = Front::of(&program.base_url, decide).await;
    program.keys("<c-u>").await;
    program.paste(&front.address).await;
    (program, front)
}

fn json_of(status: u16, body: Value) -> Response {
    (StatusCode::from_u16(status).unwrap(), Json(body)).into_response()
}

fn page(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    (status, Html("<html><body>Corporate gateway</body></html>")).into_response()
}

fn empty(status: u16) -> Response {
    StatusCode::from_u16(status).unwrap().into_response()
}

fn no_such_path() -> Response {
    json_of(
        404,
        json!({ "message": "null for uri: x", "status-code": 404, "sub-code": -1 }),
    )
}

/// A token made with what the form proposes, where the answer to its creation is changed, and the one
/// token when it is read.
async fn granted(created: Change, read: Change) -> (Harness, Front) {
    let (mut program, front) = through(move |method, path, _| {
        let is_one = path
            .strip_prefix(TOKENS)
            .is_some_and(|id| id.len() > 1 && !id.starts_with('?'));
        match *method {
            Method::PUT => Turn::Change(created),
            Method::GET if is_one => Turn::Change(read),
            _ => Turn::Pass,
        }
    })
    .await;
    program.keys("mn<enter><enter>").await;
    program.shows("Token ready");
    (program, front)
}

#[tokio::test]
async fn what_the_answer_leaves_out_is_read_once_more() {
    let silent: Change = |answer| {
        let fields = answer.as_object_mut().unwrap();
        fields.retain(|name, _| name == "id" || name == "token");
    };
    let (mut program, front) = granted(silent, |_| {}).await;
    program.shows("Created: git for alice on laptop");
    program.shows("expires 22 February 2027");
    program.hides("not confirmed");
    assert_eq!(front.count(&format!("GET {TOKENS}/")), 1);

    let (mut program, _) = granted(silent, silent).await;
    program.shows("Created: git for alice on laptop");
    program.shows("Its name is not confirmed");
    program.shows("Its rights are not confirmed: Bitbucket does not say which it has.");
    program.hides("22 February 2027");
    // The one token says of its expiry what the list says: without one, none.
    program.shows("never expires");
    program.shows("It never expires; 90 days were asked for.");
}

#[tokio::test]
async fn without_another_answer_nothing_is_confirmed() {
    let (mut program, _) = through(|method, path, _| match *method {
        Method::PUT => Turn::Change(|answer| {
            answer.as_object_mut().unwrap().remove("expiryDate");
        }),
        Method::GET if path.starts_with(&format!("{TOKENS}/")) => Turn::Instead(page(502)),
        _ => Turn::Pass,
    })
    .await;
    program.keys("mn<enter><enter>").await;
    program.shows("expiry not confirmed");
    program.shows("Its expiry is not confirmed: Bitbucket does not say when it expires.");
    program.shows("The token could not be read again: the server is not available at the moment.");
    program.hides("2027");
}

#[tokio::test]
async fn an_answer_that_says_all_is_not_asked_for_again() {
    let (mut program, front) = granted(|_| {}, |_| {}).await;
    program.shows("expires 22 February 2027");
    program.hides("not confirmed");
    assert_eq!(front.count(&format!("GET {TOKENS}/")), 0);
}

#[tokio::test]
async fn other_rights_another_name_and_another_expiry_are_said() {
    let cases: [(Change, &str); 8] = [
        (
            |answer| answer["permissions"] = json!(["REPO_ADMIN", "PROJECT_ADMIN"]),
            "Other or more rights than you asked for: it has Project admin, Repository admin, not Project read, Repository write.",
        ),
        (
            |answer| answer["permissions"] = json!(["PROJECT_READ", "REPO_READ"]),
            "Fewer rights than you asked for: it has Project read, Repository read, not Project read, Repository write.",
        ),
        (
            |answer| answer["permissions"] = json!([]),
            "Fewer rights than you asked for: it has none, not Project read, Repository write.",
        ),
        (
            |answer| answer["name"] = json!("alice/1"),
            "Bitbucket calls it \"alice/1\", not \"git for alice on laptop\".",
        ),
        (
            |answer| answer["expiryDate"] = json!(null),
            "It never expires; 90 days were asked for.",
        ),
        (
            |answer| answer["expiryDate"] = json!("2026-12-24T09:00:00Z"),
            "It expires on 24 December 2026; 90 days were asked for.",
        ),
        (
            |answer| answer["expiryDate"] = json!("1700000000000"),
            "It has expired already (14 November 2023), so it does not work; 90 days were asked for.",
        ),
        (
            |answer| answer["expiryDate"] = json!(0),
            "Its expiry is not confirmed: Bitbucket does not say when it expires.",
        ),
    ];
    for (change, words) in cases {
        let (mut program, front) = granted(change, change).await;
        program.shows(words);
        program.shows("If that is not what you want, revoke it in the list of tokens.");
        program.hides("1970");
        assert_eq!(front.count(&format!("GET {TOKENS}/")), 1, "{words}");
    }
}

#[tokio::test]
async fn what_a_list_does_not_tell_is_unknown() {
    // As 7.3 sends it: neither last use nor expiry.
    let (mut program, _) = through(|method, path, _| match *method {
        Method::GET if path.starts_with("/rest/access-tokens/") => Turn::Change(|list| {
            for token in list["values"].as_array_mut().unwrap() {
                let token = token.as_object_mut().unwrap();
                token.retain(|name, _| name == "id" || name == "name");
            }
        }),
        _ => Turn::Pass,
    })
    .await;
    program.keys("mj").await;
    program.shows("may      unknown: Bitbucket does not say");
    program.shows("created  unknown: Bitbucket does not say");
    program.shows("used     unknown: Bitbucket does not say");
    program.shows("?/?");
    program.hides("none");
    program.hides("1970");
    program.keys("x").await;
    program.shows("What it may do is unknown.");
    program.shows("Bitbucket does not say whether it is used: anything");
}

#[tokio::test]
async fn unknown_levels_and_moments_that_are_not_set_are_no_facts() {
    let (mut program, _) = through(|method, path, _| match *method {
        Method::GET if path.starts_with("/rest/access-tokens/") => Turn::Change(|list| {
            list["values"] = json!([
                { "id": "1", "name": "odd", "permissions": ["PROJECT_READ", "REPO_READ", "REPO_MAINTAIN"],
                  "createdDate": 0, "lastAuthenticated": 0, "expiryDate": 0 },
                { "id": "012345678901", "name": "zero in front", "permissions": ["REPO_READ"],
                  "createdDate": "1764000000000", "expiryDate": 1_900_000_000_000_i64, "more": { "x": [1] } },
            ]);
        }),
        Method::DELETE if path.ends_with("/012345678901") => Turn::Instead(empty(204)),
        _ => Turn::Pass,
    })
    .await;
    program.keys("mj").await;
    program.is_on("odd");
    program.shows("read/?");
    program.shows("It also has REPO_MAINTAIN, and bbtoken does not know what that is.");
    program.shows("expires  unknown: Bitbucket does not say");
    program.hides("1970");
    program.keys("jxy").await;
    program.shows("Revoked \"zero in front\".");
}

#[tokio::test]
async fn refusals_say_what_is_known_and_what_is_a_guess() {
    let cases: [(Answer, &str); 11] = [
        (
            no_such_path,
            "The server has no such path. Perhaps this Bitbucket is too old for it",
        ),
        (
            || page(404),
            "The server has no such path. Perhaps this Bitbucket is too old for it",
        ),
        (
            || page(401),
            "It was refused (401), and no reason was given",
        ),
        (
            || page(403),
            "Something between here and Bitbucket refused the request with its own page (403), as firewalls do.",
        ),
        (
            || empty(403),
            "It was refused (403), and no reason was given",
        ),
        (
            || {
                (
                    StatusCode::FORBIDDEN,
                    [(header::CONTENT_TYPE, "text/plain")],
                    "XSRF check failed",
                )
                    .into_response()
            },
            "perhaps a proxy in front removes it",
        ),
        (
            || {
                json_of(
                    500,
                    json!({ "errors": [{ "message": "disk full", "exceptionName": "x.ServerException" }] }),
                )
            },
            "Bitbucket failed while answering",
        ),
        (|| page(500), "It does not say whether that was Bitbucket"),
        (|| empty(406), "The server refuses to answer in JSON"),
        (
            || {
                json_of(
                    409,
                    json!({ "message": "It was changed.", "exceptionName": "com.atlassian.bitbucket.IntegrityException", "context": null }),
                )
            },
            "Bitbucket says: It was changed.",
        ),
        (
            || {
                json_of(
                    401,
                    json!({ "errors": [{ "message": "You are not currently licensed to use Bitbucket.\nPlease contact your administrator.",
                "exceptionName": "com.atlassian.bitbucket.auth.NoAccessAuthenticationException" }] }),
                )
            },
            "Bitbucket knows your account, but it has no licence to use Bitbucket.",
        ),
    ];
    for (answer, words) in cases {
        let (mut program, _) = through(move |method, path, _| match *method {
            Method::GET if path.contains("/projects/PLAT/repos") => Turn::Instead(answer()),
            _ => Turn::Pass,
        })
        .await;
        program.keys("<right>").await;
        program.shows(words);
        program.hides("does not exist");
        program.hides("expired");
    }
}

#[tokio::test]
async fn at_the_sign_in_nothing_speaks_of_lists() {
    let cases: [(Answer, &str); 4] = [
        (
            no_such_path,
            "Perhaps a proxy in front hides Bitbucket's REST API.",
        ),
        (
            || page(403),
            "Something between here and Bitbucket refused the request with its own page (403), as firewalls do.",
        ),
        (
            || empty(401),
            "It was refused (401), and no reason was given",
        ),
        (
            || {
                json_of(
                    401,
                    json!({ "errors": [{ "message": "You are not currently licensed to use Bitbucket.",
                "exceptionName": "com.atlassian.bitbucket.auth.NoAccessAuthenticationException" }] }),
                )
            },
            "Ask an administrator of this Bitbucket to give it one.",
        ),
    ];
    for (answer, words) in cases {
        let (mut program, front) = before_sign_in(move |_, path, _| match path {
            _ if path.starts_with("/rest/api/latest/projects") => Turn::Instead(answer()),
            _ => Turn::Pass,
        })
        .await;
        program.keys("<enter>").await;
        program.keys("alice<enter>alice<enter>").await;
        program.shows("You are not signed in.");
        program.shows(words);
        program.hides("list");
        program.hides("The user name or the password is not right.");
        assert_eq!(front.count("GET /rest/api/latest/projects"), 1, "once");
    }
}

#[tokio::test]
async fn a_revocation_is_believed_only_if_bitbucket_itself_says_so() {
    for answer in [
        no_such_path as Answer,
        || page(404),
        || empty(404),
        || page(403),
        || page(200),
    ] {
        let (mut program, front) = through(move |method, _, _| match *method {
            Method::DELETE => Turn::Instead(answer()),
            _ => Turn::Pass,
        })
        .await;
        let before = program.tokens(&personal("alice")).await.len();
        program.keys("mj").await;
        program.revoke().await;
        program.shows("is still in the list of tokens");
        program.hides("already gone");
        program.hides("Revoked \"");
        assert_eq!(program.tokens(&personal("alice")).await.len(), before);
        assert_eq!(front.count("DELETE"), 1, "never twice");
    }
}

/// Bitbucket's own words of a failure do not say that nothing was done.
#[tokio::test]
async fn what_was_done_before_the_server_failed_is_not_called_refused() {
    let failed = || {
        json_of(
            500,
            json!({ "errors": [{ "message": "rolled back", "exceptionName": "x.ServerException" }] }),
        )
    };
    let moved = || {
        (
            StatusCode::TEMPORARY_REDIRECT,
            [(header::LOCATION, "/login")],
        )
            .into_response()
    };
    for answer in [failed as Answer, moved, || page(503), || page(403)] {
        let (mut program, front) = through(move |method, _, _| match *method {
            Method::PUT | Method::DELETE => Turn::After(answer()),
            _ => Turn::Pass,
        })
        .await;
        let before = program.tokens(&personal("alice")).await.len();
        program.keys("mj").await;
        program.revoke().await;
        program.hides("was not revoked");
        assert_eq!(program.tokens(&personal("alice")).await.len(), before - 1);
        program.keys("n<enter><enter>").await;
        program.hides("was not created");
        program.shows("A token without a secret");
        assert_eq!(front.count("PUT"), 1, "never twice");
        assert_eq!(program.new_tokens(&personal("alice")).await.len(), 1);
    }
}

#[tokio::test]
async fn a_conflict_while_creating_is_told_in_bitbuckets_words() {
    let (mut program, _) = through(|method, _, _| match *method {
        Method::PUT => Turn::Instead(json_of(
            409,
            json!({ "errors": [{ "context": "name", "message": "There is a token of this name.",
                "exceptionName": "com.atlassian.bitbucket.IntegrityException" }] }),
        )),
        _ => Turn::Pass,
    })
    .await;
    program.keys("mn<enter><enter>").await;
    program.shows("The token was not created.");
    program.shows("It conflicts with something that Bitbucket has already. Nothing was created.");
    program.shows("Bitbucket says: There is a token of this name.");
}

/// Newer servers make secrets with other signs than base64 has.
#[tokio::test]
async fn a_secret_of_the_newest_servers_is_taken_as_it_is() {
    let (mut program, _) = through(|method, _, _| match *method {
        Method::PUT => Turn::Change(|answer| {
            answer["token"] = json!("BBDC-MDEyMzQ1Njc4OTAx@_-/+abcdefghijklmnopqrst");
            answer["id"] = json!("012345678901");
        }),
        _ => Turn::Pass,
    })
    .await;
    program.keys("mn<enter><enter>v").await;
    program.shows("BBDC-MDEyMzQ1Njc4OTAx@_-/+abcdefghijklmnopqrst");
}

/// Some servers refuse anonymous callers everything but the words of the refusal are those of a right.
#[tokio::test]
async fn an_administrator_who_has_no_rights_is_told_from_nobody() {
    let required = || {
        json_of(
            401,
            json!({ "errors": [{ "message": "You are not permitted to access this resource",
            "exceptionName": "com.atlassian.plugins.rest.api.security.exception.AuthenticationRequiredException" }] }),
        )
    };
    let (mut program, _) = through(move |method, path, _| match *method {
        Method::GET if path.contains("/projects/PLAT/repos") => Turn::Instead(required()),
        _ => Turn::Pass,
    })
    .await;
    program.keys("<right>").await;
    program.shows("Sign in again");
    program.hides("not permitted");
}

#[tokio::test]
async fn a_server_that_tells_nobody_anything_leads_on_to_the_sign_in() {
    let required = || {
        json_of(
            401,
            json!({ "errors": [{ "message": "You are not permitted to access this resource",
            "exceptionName": "com.atlassian.plugins.rest.api.security.exception.AuthenticationRequiredException" }] }),
        )
    };
    let (mut program, _) = before_sign_in(move |_, path, _| {
        if path.contains("/application-properties") {
            Turn::Instead(required())
        } else {
            Turn::Pass
        }
    })
    .await;
    program.sign_in("alice").await;
    program.shows("alice · Bitbucket");
    program.shows("Platform");
}

#[tokio::test]
async fn what_is_in_the_way_of_a_repository_is_said_before_a_token_is_made() {
    let (mut program, _) = through(|method, path, _| match *method {
        Method::GET if path.contains("/projects/PLAT/repos") || path.contains("/repos?") => {
            Turn::Change(|list| {
                let Some(values) = list["values"].as_array_mut() else {
                    return;
                };
                for repository in values {
                    match repository["slug"].as_str() {
                        Some("api-gateway") => repository["state"] = json!("OFFLINE"),
                        Some("billing-api") => repository["state"] = json!("INITIALISING"),
                        Some("customer-registry") => repository["links"]["clone"] = json!([]),
                        _ => repository["state"] = json!("ASLEEP"),
                    }
                }
            })
        }
        _ => Turn::Pass,
    })
    .await;
    program.keys("<right>").await;
    for state in ["initialising", "offline", "ASLEEP"] {
        program.shows(state);
    }
    program.keys("/api-gateway").await;
    program.shows("! offline: nobody can clone it or push to it");
    program.keys("<c-u>customer-registry").await;
    program.keys("<enter>n").await;
    program.shows("What is it for?");
    program.shows("! Bitbucket gives no http address to clone this repository");
}

/// Bitbucket leads from the old path of a repository to its new one.
#[tokio::test]
async fn a_repository_that_has_moved_is_found_and_its_new_place_said() {
    let (mut program, front) = before_sign_in(|_, path, _| {
        let new = "/rest/api/latest/projects/PLAT/repos/billing-api";
        if path == "/rest/api/latest/projects/OLD/repos/billing" {
            let moved = (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, new)]);
            Turn::Instead(moved.into_response())
        } else {
            Turn::Pass
        }
    })
    .await;
    program.paste("/projects/OLD/repos/billing").await;
    program.sign_in("alice").await;
    program.shows("Platform (PLAT) › billing-api › Repository settings › Security");
    program.shows("OLD / billing has moved: it is PLAT / billing-api now.");
    assert_eq!(front.count("GET /rest/api/latest/projects/OLD"), 1);
}
