//! Answers of servers that say less, more or something else than the simulator does, as the commands read
//! them.

use axum::Json;
use axum::http::{Method, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use bbtoken::simulator::{Options, ServiceAccounts};
use serde_json::{Value, json};

use crate::front::{Front, Turn};
use crate::shell::{Said, Shell};

const BILLING: &str = "PLAT/billing-api";
const CREATE: [&str; 5] = ["create", BILLING, "--preset", "git", "--print"];
const NOT_PERMITTED: &str = "You are not permitted to access this resource";

type Answer = fn() -> Response;
type Change = fn(&mut Value);

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

fn errors(status: u16, exception: &str, message: &str) -> Response {
    let error = json!({ "context": null, "message": message, "exceptionName": exception });
    json_of(status, json!({ "errors": [error] }))
}

fn no_such_path() -> Response {
    json_of(
        404,
        json!({ "message": "null for uri: x", "status-code": 404, "sub-code": -1 }),
    )
}

fn no_licence() -> Response {
    errors(
        401,
        "com.atlassian.bitbucket.auth.NoAccessAuthenticationException",
        "You are not currently licensed to use Bitbucket.\nPlease contact your administrator.",
    )
}

fn nobody() -> Response {
    errors(
        401,
        "com.atlassian.plugins.rest.api.security.exception.AuthenticationRequiredException",
        NOT_PERMITTED,
    )
}

fn conflict() -> Response {
    let name = "com.atlassian.bitbucket.IntegrityException";
    errors(409, name, "It is being moved.")
}

fn failed() -> Response {
    errors(500, "java.lang.IllegalStateException", "The disk is full.")
}

fn unnamed() -> Response {
    let name = "com.atlassian.bitbucket.validation.ArgumentValidationException";
    errors(400, name, name)
}

fn named_in_front() -> Response {
    let name = "java.lang.IllegalArgumentException";
    errors(400, name, &format!("{name}: The start is beyond the end."))
}

fn forged() -> Response {
    (StatusCode::FORBIDDEN, "XSRF check failed").into_response()
}

fn moved() -> Response {
    let to = "/rest/access-tokens/latest/projects/PLAT/repos/api-gateway";
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response()
}

/// A shell whose server answers requests with this method and this in their path in its own way.
async fn answering(method: Method, part: &'static str, answer: Answer) -> (Shell, Front) {
    let mut shell = Shell::new().await;
    let front = Front::of(&shell.simulator.base_url(), move |asked, path, _| {
        if *asked == method && path.contains(part) && !path.contains("properties") {
            Turn::Instead(answer())
        } else {
            Turn::Pass
        }
    })
    .await;
    shell.set("BBTOKEN_SERVER", &front.address);
    (shell, front)
}

/// None of these words is in what it said.
fn never(said: &Said, words: &[&str]) {
    for word in words {
        assert!(!said.error.contains(word), "{word} is in {said:?}");
    }
}

#[tokio::test]
async fn a_list_that_is_answered_in_another_way_is_told_as_it_is() {
    let cases: [(Answer, i32, &[&str], &[&str]); 13] = [
        (
            no_such_path,
            1,
            &["no such path", "7.18", "Data Center licence", "@me"],
            &["null for uri", "does not exist", "proxy"],
        ),
        (
            || page(404),
            1,
            &["no such path", "Perhaps a proxy", "→ 404"],
            &["does not exist"],
        ),
        (
            no_licence,
            4,
            &["no licence to use Bitbucket", "Ask an administrator"],
            &["password"],
        ),
        (
            nobody,
            4,
            &["does not know who you are", "Run it again"],
            &[NOT_PERMITTED, "not permitted"],
        ),
        (conflict, 1, &["conflict", "It is being moved."], &[]),
        (unnamed, 1, &["cannot be listed"], &["Exception"]),
        (
            named_in_front,
            1,
            &["Bitbucket says: The start is beyond the end."],
            &["Exception"],
        ),
        (
            failed,
            1,
            &["the server failed", "The disk is full.", "→ 500"],
            &[],
        ),
        (
            || empty(406),
            1,
            &["in the form", "Perhaps a proxy", "→ 406"],
            &[],
        ),
        (
            || page(401),
            1,
            &["without a reason", "may be blocking", "→ 401"],
            &["password"],
        ),
        (
            || page(403),
            1,
            &["something between here and Bitbucket refused", "→ 403"],
            &["password"],
        ),
        (
            || empty(403),
            1,
            &["without a reason", "may be blocking", "→ 403"],
            &["password"],
        ),
        (
            forged,
            1,
            &["The answer says: XSRF check failed", "X-Atlassian-Token"],
            &["Bitbucket says"],
        ),
    ];
    for (answer, status, words, unwanted) in cases {
        let (shell, _front) = answering(Method::GET, "/rest/access-tokens/", answer).await;
        let said = shell.run_as("alice", &["list", BILLING]).await;
        said.refuses(status, words);
        never(&said, unwanted);
        assert!(said.error.contains("cannot be listed"), "{said:?}");
    }
}

#[tokio::test]
async fn a_creation_that_is_refused_says_why_and_any_other_answer_is_not_taken_for_a_refusal() {
    let page_of_tokens = "/plugins/servlet/access-tokens/projects/PLAT/repos/billing-api/manage";
    let refused: [(Answer, i32, &[&str]); 4] = [
        (no_such_path, 1, &["no such path", "7.18", "@me"]),
        (
            no_licence,
            4,
            &["no licence to use Bitbucket", "Ask an administrator"],
        ),
        (nobody, 4, &["does not know who you are"]),
        (
            conflict,
            1,
            &["conflict", "Bitbucket says: It is being moved."],
        ),
    ];
    for (answer, status, words) in refused {
        let (shell, front) = answering(Method::PUT, "/rest/access-tokens/", answer).await;
        let said = shell.run_as("alice", &CREATE).await;
        said.refuses(status, words);
        assert!(said.error.contains("The token was not created"), "{said:?}");
        never(&said, &[NOT_PERMITTED]);
        assert_eq!(front.count("PUT"), 1);
    }
    let unclear: [(Answer, &str); 7] = [
        (failed, "The disk is full."),
        (|| empty(406), "in the form"),
        (|| page(404), "no such path"),
        (|| page(401), "without a reason"),
        (|| page(403), "Something between here and Bitbucket refused"),
        (forged, "XSRF check failed"),
        (moved, "moved to"),
    ];
    for (answer, word) in unclear {
        let (shell, front) = answering(Method::PUT, "/rest/access-tokens/", answer).await;
        let said = shell.run_as("alice", &CREATE).await;
        said.refuses(
            6,
            &[
                word,
                "is not in the list yet",
                "may still appear",
                page_of_tokens,
            ],
        );
        never(&said, &["not created", "nothing was created"]);
        assert_eq!(front.count("PUT"), 1);
    }
}

/// A proxy answers in the place of a server that has done its work.
#[tokio::test]
async fn what_was_made_behind_another_answer_is_found() {
    let mut shell = Shell::new().await;
    let front = Front::of(&shell.simulator.base_url(), |method, _, _| match *method {
        Method::PUT => Turn::After(page(502)),
        _ => Turn::Pass,
    })
    .await;
    shell.set("BBTOKEN_SERVER", &front.address);
    let said = shell.run_as("alice", &CREATE).await;
    said.refuses(
        6,
        &[
            "does not say what happened",
            "most likely the one you asked for. Nobody has its secret.",
            "Revoke it",
        ],
    );
    assert_eq!(front.count("PUT"), 1);
}

#[tokio::test]
async fn a_sign_in_that_is_answered_in_another_way_leads_to_no_wrong_guess() {
    let cases: [(Answer, i32, &[&str], &[&str]); 6] = [
        (
            no_such_path,
            1,
            &["no such path", "Is the address right"],
            &["does not exist", "wrong", "HTTP access tokens"],
        ),
        (
            no_licence,
            4,
            &["no licence to use Bitbucket", "Ask an administrator"],
            &["wrong", "password"],
        ),
        (
            nobody,
            4,
            &["does not say who you are"],
            &[NOT_PERMITTED, "wrong"],
        ),
        (
            || page(403),
            1,
            &["something between here and Bitbucket refused"],
            &["wrong user"],
        ),
        (
            || empty(401),
            1,
            &["without a reason", "may be blocking"],
            &["wrong user"],
        ),
        (failed, 1, &["The disk is full."], &["password"]),
    ];
    for (answer, status, words, unwanted) in cases {
        let (shell, front) = answering(Method::GET, "/rest/api/", answer).await;
        let said = shell.run_as("alice", &["list", BILLING]).await;
        said.refuses(status, words);
        never(&said, unwanted);
        // The doctor names the same, and no key.
        let doctor = ["doctor", &front.address, "--sign-in", "--user", "alice"];
        let report = shell.run(&doctor, "alice\n").await;
        assert_eq!(report.status, 3, "{report:?}");
        let (_, rights) = report.out.split_once("rights").unwrap();
        for key in ["Press ", "press ", "esc", "continue in the browser"] {
            assert!(!rights.contains(key), "{key} in {rights}");
        }
        assert!(rights.contains("✗") || rights.contains('→'), "{rights}");
    }
}

#[tokio::test]
async fn a_list_that_has_moved_is_read_where_it_is() {
    let (shell, _front) = answering(Method::GET, "/repos/billing-api?", moved).await;
    let there = shell
        .run_as("alice", &["list", "PLAT/api-gateway"])
        .await
        .done();
    let said = shell.run_as("alice", &["list", BILLING]).await.done();
    assert_eq!(said, there);
}

#[tokio::test]
async fn what_was_granted_is_compared_with_what_was_asked_for() {
    let silent: Change = |answer| {
        if let Some(list) = answer.get_mut("values").and_then(Value::as_array_mut) {
            for token in list {
                let token = token.as_object_mut().unwrap();
                token.retain(|name, _| name == "id");
            }
        } else if answer.get("token").is_some() {
            let fields = answer.as_object_mut().unwrap();
            fields.retain(|name, _| name == "id" || name == "token");
        }
    };
    let cases: [(Change, &[&str], &[&str]); 6] = [
        (
            |answer| set(answer, "permissions", json!(["REPO_ADMIN"])),
            &[
                "Other or more rights",
                "it has Repository admin, not Repository write",
            ],
            &["permissions"],
        ),
        (
            |answer| set(answer, "permissions", json!(["REPO_READ"])),
            &["Fewer rights", "it has Repository read"],
            &["permissions"],
        ),
        (
            |answer| set(answer, "expiryDate", json!(1_700_000_000_000_i64)),
            &[
                "It has expired already (14 November 2023)",
                "90 days were asked for",
            ],
            &["expires"],
        ),
        (
            |answer| set(answer, "expiryDate", json!(0)),
            &["Its expiry is not confirmed"],
            &["expires"],
        ),
        (
            |answer| set(answer, "name", json!("alice/1")),
            &["Bitbucket calls it \"alice/1\""],
            &["name"],
        ),
        (
            silent,
            &["Its name is not confirmed", "Its rights are not confirmed"],
            &["name", "permissions", "expires"],
        ),
    ];
    for (change, words, fields) in cases {
        let mut shell = Shell::new().await;
        let front = Front::of(&shell.simulator.base_url(), move |_, path, _| {
            if path.contains("/rest/access-tokens/") {
                Turn::Change(change)
            } else {
                Turn::Pass
            }
        })
        .await;
        shell.set("BBTOKEN_SERVER", &front.address);
        let said = shell
            .run_as("alice", &[&CREATE[..], &["--json", "--name", "x"]].concat())
            .await;
        for word in words {
            assert!(said.error.contains(word), "{word} is not in {said:?}");
        }
        assert!(said.error.contains("revoke it (its id is "), "{said:?}");
        let json = said.json();
        assert_eq!(json["differs"], json!(fields), "{said:?}");
        assert!(json["secret"].is_string());
        if fields.contains(&"name") && fields.len() == 3 {
            assert_eq!(json["token"]["name"], Value::Null);
            assert_eq!(json["token"]["permissions"], Value::Null);
        }
        assert!(!said.error.contains("January 1970"), "{said:?}");
    }
    // What the answer leaves out and the list tells is no difference.
    let mut shell = Shell::new().await;
    let front = Front::of(&shell.simulator.base_url(), |method, _, _| {
        if *method == Method::PUT {
            Turn::Change(|answer| {
                answer.as_object_mut().unwrap().remove("expiryDate");
            })
        } else {
            Turn::Pass
        }
    })
    .await;
    shell.set("BBTOKEN_SERVER", &front.address);
    let said = shell
        .run_as("alice", &[&CREATE[..], &["--json"]].concat())
        .await;
    assert_eq!(said.error, "");
    assert_eq!(said.json()["differs"], json!([]));
    assert!(
        said.json()["token"]["expires"]
            .as_str()
            .unwrap()
            .starts_with("20")
    );
}

/// Of every token in the answer.
fn set(answer: &mut Value, field: &str, value: Value) {
    if let Some(list) = answer.get_mut("values").and_then(Value::as_array_mut) {
        for token in list {
            token[field] = value.clone();
        }
    } else if answer.get("token").is_some() {
        answer[field] = value;
    }
}

/// As what the token of a project acts is never taken for a person.
#[tokio::test]
async fn technical_accounts_are_nobody() {
    for service_accounts in [
        ServiceAccounts::Shown,
        ServiceAccounts::Refused,
        ServiceAccounts::Missing,
    ] {
        let shell = Shell::with(Options {
            service_accounts,
            ..Options::default()
        })
        .await;
        let secret = ["create", "PLAT", "--preset", "git", "--print"];
        let secret = shell.run_as("alice", &secret).await.done();
        let base = shell.simulator.base_url();
        let report = shell.run(&["doctor", &base, "--sign-in"], &secret).await;
        assert_eq!(report.status, 0, "{report:?}");
        let report = report.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            report
                .contains("the token of a project or repository is valid: it is nobody's account"),
            "{report}"
        );
        assert!(!report.contains("access-token-user"), "{report}");
        let mine = ["list", "@me", "--user", "bob", "--password-stdin"];
        let said = shell.run(&mine, &secret).await;
        assert_ne!(said.status, 0, "{said:?}");
        assert!(!said.error.contains("access-token-user"), "{said:?}");
    }
}
