//! The ways to sign in, each account's peculiarity, sessions and the XSRF rule.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{API, As, Server, TOKENS, session};

const PROJECTS: &str = "/rest/api/latest/projects";

#[tokio::test]
async fn a_right_password_names_the_caller() {
    let server = Server::start().await;
    for name in ["alice", "bob", "root"] {
        let answer = server.get(As::User(name), PROJECTS).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("x-ausername"), name);
        assert!(answer.header("x-auserid").parse::<u32>().is_ok());
        assert_ne!(answer.header("x-arequestid"), "");
    }
}

#[tokio::test]
async fn a_wrong_password_is_401_and_five_ask_for_a_captcha() {
    let server = Server::start().await;
    for _ in 0..5 {
        let answer = server.get(As::Basic("alice", "guess"), PROJECTS).await;
        assert_eq!(answer.status, 401);
        assert_eq!(
            answer.exception(),
            "IncorrectPasswordAuthenticationException"
        );
        let message = "Authentication failed. Please check your credentials and try again.";
        assert_eq!(answer.json()["errors"][0]["message"], message);
        assert_eq!(answer.header("x-ausername"), "");
    }
    let captcha = server.get(As::User("alice"), PROJECTS).await;
    assert_eq!(
        captcha.exception(),
        "CaptchaRequiredAuthenticationException"
    );
    let solved = [
        ("j_username", "alice"),
        ("j_password", "alice"),
        ("captcha", "x"),
    ];
    assert!(session(&server.submit(&solved).await).is_some());
    assert_eq!(server.get(As::User("alice"), PROJECTS).await.status, 200);
}

#[tokio::test]
async fn a_right_password_ends_a_row_of_wrong_ones() {
    let server = Server::start().await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(
                server
                    .get(As::Basic("alice", "guess"), PROJECTS)
                    .await
                    .status,
                401
            );
        }
        assert_eq!(server.get(As::User("alice"), PROJECTS).await.status, 200);
    }
    assert_eq!(
        server.get(As::Basic("nobody", "x"), PROJECTS).await.status,
        401
    );
}

#[tokio::test]
async fn broken_credentials_are_wrong_ones() {
    let server = Server::start().await;
    for value in [
        "Basic",
        "Basic %%%",
        "Basic YWxpY2U=",
        "Digest x",
        "Bearer",
        "Bearer nope",
        "Basic //8=",
    ] {
        let request = server
            .client
            .get(server.url(PROJECTS))
            .header("Authorization", value);
        assert_eq!(server.send(request).await.status, 401, "{value}");
    }
}

#[tokio::test]
async fn dora_has_to_solve_a_captcha() {
    let server = Server::start().await;
    for who in [As::User("dora"), As::Basic("dora", "wrong")] {
        let answer = server.get(who, PROJECTS).await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.exception(), "CaptchaRequiredAuthenticationException");
        let reason = format!("CAPTCHA_CHALLENGE; login-url={}", server.url("/login"));
        assert_eq!(answer.header("x-authentication-denied-reason"), reason);
        assert_eq!(
            answer.header("x-seraph-loginreason"),
            "AUTHENTICATION_DENIED"
        );
    }
    let form = server
        .submit(&[("j_username", "dora"), ("j_password", "dora")])
        .await;
    assert_eq!(session(&form), None);
    let form = [
        ("j_username", "dora"),
        ("j_password", "dora"),
        ("captcha", "anything"),
    ];
    assert!(session(&server.submit(&form).await).is_some());
    assert_eq!(server.get(As::User("dora"), PROJECTS).await.status, 200);
}

#[tokio::test]
async fn for_sam_basic_is_off_and_the_form_works() {
    let server = Server::start().await;
    let answer = server.get(As::User("sam"), PROJECTS).await;
    assert_eq!(answer.status, 403);
    let message = json!({"message": "Basic Authentication has been disabled on this instance."});
    assert_eq!(answer.json(), message);
    let id = server.log_in("sam").await;
    let answer = server.get(As::Session(&id), PROJECTS).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("x-ausername")),
        (200, "sam")
    );
    // What the session makes works as Bearer, as Basic it is off too.
    let secret = token_by_session(&server, &id, "sam").await["token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        server
            .get(As::Bearer(&secret), PROJECTS)
            .await
            .header("x-ausername"),
        "sam"
    );
    assert_eq!(
        server.get(As::Basic("sam", &secret), PROJECTS).await.status,
        403
    );
}

async fn token_by_session(server: &Server, id: &str, user: &str) -> Value {
    let body = json!({"name": "x", "permissions": ["PROJECT_READ", "REPO_READ"]});
    let request = server
        .request(
            As::Session(id),
            Method::PUT,
            &format!("{TOKENS}/users/{user}"),
        )
        .header("X-Atlassian-Token", "no-check")
        .json(&body);
    let answer = server.send(request).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn olga_needs_single_sign_on() {
    let server = Server::start().await;
    let answer = server.get(As::User("olga"), PROJECTS).await;
    assert_eq!(answer.status, 403);
    assert!(answer.json().get("errors").is_none());
    let form = server
        .submit(&[("j_username", "olga"), ("j_password", "olga")])
        .await;
    assert_eq!((form.status.as_u16(), session(&form)), (302, None));
    assert!(
        form.header("location")
            .contains("/plugins/servlet/external-login")
    );
}

#[tokio::test]
async fn the_server_says_how_to_sign_in() {
    let server = Server::start().await;
    let answer = server
        .get(As::Nobody, "/rest/authconfig/1.0/login-options")
        .await;
    let body = answer.json();
    assert_eq!(body["results"][0]["type"], "LOGIN_FORM");
    assert_eq!(body["results"][1]["type"], "LEGACY_LOGIN_FORM");
    assert_eq!(body["results"][2]["type"], "IDP");
    assert_eq!(body["isLastPage"], true);
    assert_eq!(
        server
            .get(As::Nobody, "/rest/oauth2/1.0/client")
            .await
            .status,
        401
    );
    let page = server.get(As::Nobody, "/login").await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text.contains("j_username"));
}

#[tokio::test]
async fn the_form_opens_a_session_and_log_out_ends_it() {
    let server = Server::start().await;
    let form = [
        ("j_username", "alice"),
        ("j_password", "alice"),
        ("submit", "Log+in"),
    ];
    let answer = server.submit(&form).await;
    assert_eq!(answer.status, 302);
    assert_eq!(answer.header("location"), server.url("/dashboard"));
    let id = session(&answer).unwrap();
    assert_eq!(server.get(As::Session(&id), "/dashboard").await.status, 200);
    let wrong = server
        .submit(&[("j_username", "alice"), ("j_password", "guess")])
        .await;
    assert_eq!((wrong.status.as_u16(), session(&wrong)), (302, None));
    assert!(wrong.header("location").contains("/login"));
    for path in [
        "/dashboard",
        "/plugins/servlet/access-tokens/users/alice/manage",
    ] {
        let anonymous = server.get(As::Nobody, path).await;
        assert!(
            anonymous.header("location").contains("/login?next="),
            "{path}"
        );
    }
    assert_eq!(
        server
            .get(As::Session(&id), "/j_atl_security_logout")
            .await
            .status,
        302
    );
    assert_eq!(
        server
            .get(As::Session(&id), PROJECTS)
            .await
            .header("x-ausername"),
        ""
    );
    assert_eq!(
        server
            .get(As::Session("made up"), PROJECTS)
            .await
            .header("x-ausername"),
        ""
    );
}

#[tokio::test]
async fn a_change_by_session_needs_the_header_against_xsrf() {
    let server = Server::start().await;
    let id = server.log_in("alice").await;
    let path = format!("{TOKENS}/users/alice");
    let body = json!({"name": "x", "permissions": ["PROJECT_READ", "REPO_READ"]});
    let answer = server.put(As::Session(&id), &path, &body).await;
    assert_eq!(
        (answer.status.as_u16(), &*answer.text),
        (403, "XSRF check failed")
    );
    let count = server.get(As::Session(&id), &path).await.json()["size"].clone();
    assert_eq!(count, 3, "nothing was made");
    let token = token_by_session(&server, &id, "alice").await;
    let one = format!("{path}/{}", token["id"].as_str().unwrap());
    assert_eq!(server.delete(As::Session(&id), &one).await.status, 403);
    let request = server.request(As::Session(&id), Method::DELETE, &one);
    let request = request.header("X-Atlassian-Token", "no-check");
    assert_eq!(server.send(request).await.status, 204);
}

#[tokio::test]
async fn an_authorization_header_outranks_the_session() {
    let server = Server::start().await;
    let id = server.log_in("alice").await;
    let request = server
        .request(As::User("bob"), Method::GET, &format!("{API}/users/bob"))
        .header("Cookie", format!("other=1; BITBUCKETSESSIONID={id}"));
    assert_eq!(server.send(request).await.header("x-ausername"), "bob");
}

#[tokio::test]
async fn accounts_that_are_closed_say_why_to_the_right_password_only() {
    let server = Server::start().await;
    for (name, exception) in [
        ("emil", "ExpiredPasswordAuthenticationException"),
        ("lotte", "LockedAccountAuthenticationException"),
        ("ines", "InactiveUserAuthenticationException"),
    ] {
        let answer = server.get(As::User(name), PROJECTS).await;
        assert_eq!(
            (answer.status.as_u16(), answer.exception()),
            (401, exception.to_owned())
        );
        let wrong = server.get(As::Basic(name, "guess"), PROJECTS).await;
        assert_eq!(
            wrong.exception(),
            "IncorrectPasswordAuthenticationException"
        );
        let form = server
            .submit(&[("j_username", name), ("j_password", name)])
            .await;
        assert_eq!(session(&form), None);
        assert!(form.header("location").contains("/login"));
    }
}

#[tokio::test]
async fn after_the_form_tess_needs_a_second_step() {
    let server = Server::start().await;
    assert_eq!(server.get(As::User("tess"), PROJECTS).await.status, 403);
    let form = server
        .submit(&[("j_username", "tess"), ("j_password", "tess")])
        .await;
    assert!(form.header("location").contains("two-step-verification"));
    // There is a cookie, and it is nobody's.
    let id = session(&form).unwrap();
    let answer = server.get(As::Session(&id), PROJECTS).await;
    assert_eq!(answer.header("x-ausername"), "");
}

#[tokio::test]
async fn sessions_end_and_passwords_change() {
    let server = Server::start().await;
    let id = server.log_in("alice").await;
    server.simulator.end_sessions();
    let answer = server.get(As::Session(&id), PROJECTS).await;
    assert_eq!(answer.header("x-ausername"), "");
    server.simulator.change_password("alice", "new");
    assert_eq!(server.get(As::User("alice"), PROJECTS).await.status, 401);
    let answer = server.get(As::Basic("alice", "new"), PROJECTS).await;
    assert_eq!(answer.status, 200);
}
