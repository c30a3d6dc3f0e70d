//! The login of newer servers: JSON, a second step, captchas, elevated sessions.

use bbtoken::simulator::Options;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{API, Answer, As, Server, TOKENS, session};

const LOGIN: &str = "/rest/tsv/latest/authenticate";
const ELEVATE: &str = "/rest/tsv/latest/elevate-permissions";

/// A server as a fresh Bitbucket 10 is.
async fn newest() -> Server {
    Server::with(Options {
        version: "10.2.0".to_owned(),
        ..Options::default()
    })
    .await
}

fn checked(request: RequestBuilder) -> RequestBuilder {
    request.header("X-Atlassian-Token", "no-check")
}

async fn post(server: &Server, who: As<'_>, path: &str, body: &Value) -> Answer {
    let request = server.request(who, Method::POST, path).json(body);
    server.send(checked(request)).await
}

async fn log_in(server: &Server, name: &str, password: &str) -> Answer {
    let body = json!({
        "username": name, "password": password, "rememberMe": false,
        "targetUrl": "", "captchaId": null, "captchaChallenge": null,
    });
    post(server, As::Nobody, LOGIN, &body).await
}

/// The conversation that a right password of `name` begins.
async fn conversation(server: &Server, name: &str) -> String {
    let answer = log_in(server, name, name).await;
    assert_eq!(answer.status, 412, "{}", answer.text);
    let id = answer.json()["conversationId"].clone();
    id.as_str().unwrap().to_owned()
}

/// Whose name the server gives to a cookie.
async fn whose(server: &Server, cookie: &str) -> String {
    let answer = server
        .get(As::Session(cookie), &format!("{API}/projects"))
        .await;
    answer.header("x-ausername").to_owned()
}

#[tokio::test]
async fn where_basic_is_off_no_password_and_no_token_counts_as_basic() {
    let server = newest().await;
    let message = json!({"message": "Basic Authentication has been disabled on this instance."});
    let id = session(&log_in(&server, "alice", "alice").await).unwrap();
    let body = json!({"name": "x", "permissions": ["PROJECT_READ", "REPO_WRITE"]});
    let path = format!("{TOKENS}/users/alice");
    let request = server.request(As::Session(&id), Method::PUT, &path);
    let made = server.send(checked(request.json(&body))).await.json();
    let secret = made["token"].as_str().unwrap();
    let git = "/scm/plat/billing-api.git/info/refs?service=git-upload-pack";
    for path in [&format!("{API}/projects"), git] {
        for password in ["alice", "wrong", secret] {
            let answer = server.get(As::Basic("alice", password), path).await;
            assert_eq!(
                (answer.status.as_u16(), answer.json()),
                (403, message.clone())
            );
        }
        assert_eq!(server.get(As::Bearer(secret), path).await.status, 200);
    }
    // Nobody has looked at the wrong ones: no captcha.
    let answer = log_in(&server, "alice", "wrong").await;
    assert_eq!(answer.json()["captchaRequired"], false);
}

#[tokio::test]
async fn what_is_on_can_be_read_without_a_password() {
    for (version, basic, types, blocked) in [
        ("8.19.0", None, vec!["LEGACY_LOGIN_FORM", "IDP"], None),
        (
            "9.4.0",
            None,
            vec!["LOGIN_FORM", "LEGACY_LOGIN_FORM", "IDP"],
            Some(false),
        ),
        (
            "9.4.0",
            Some(false),
            vec!["LOGIN_FORM", "LEGACY_LOGIN_FORM", "IDP"],
            Some(true),
        ),
        ("10.2.0", None, vec!["LOGIN_FORM", "IDP"], Some(true)),
        ("10.5.0", Some(true), vec!["LOGIN_FORM", "IDP"], Some(false)),
    ] {
        let server = Server::with(Options {
            version: version.to_owned(),
            basic,
            ..Options::default()
        })
        .await;
        let options = "/rest/authconfig/latest/login-options";
        let body = server.get(As::Nobody, options).await.json();
        let offered = body["results"].as_array().unwrap().iter();
        let offered: Vec<_> = offered.map(|it| it["type"].as_str().unwrap()).collect();
        assert_eq!(offered, types, "{version}");
        let config = server.get(As::Nobody, "/rest/basicauth/1.0/config").await;
        match blocked {
            Some(blocked) => assert_eq!(config.json()["block-requests"], blocked),
            None => assert_eq!(config.status, 404),
        }
        let has_form = server
            .get(As::Nobody, "/login")
            .await
            .text
            .contains("j_password");
        assert_eq!(has_form, types.contains(&"LEGACY_LOGIN_FORM"), "{version}");
        let json = log_in(&server, "alice", "alice").await.status;
        assert_eq!(
            json == 200,
            types.contains(&"LOGIN_FORM"),
            "{version}: {json}"
        );
    }
}

#[tokio::test]
async fn the_state_of_basic_may_be_for_administrators_only() {
    let server = Server::with(Options {
        basic_config_is_public: false,
        ..Options::default()
    })
    .await;
    let path = "/rest/basicauth/latest/config";
    for (who, status) in [
        (As::Nobody, 401),
        (As::User("alice"), 401),
        (As::User("root"), 200),
    ] {
        assert_eq!(server.get(who, path).await.status, status);
    }
}

#[tokio::test]
async fn a_right_password_opens_a_session_whatever_its_cookie_is_called() {
    for name in ["BITBUCKETSESSIONID", "STICKY-7"] {
        let server = Server::with(Options {
            session_cookie: name.to_owned(),
            context_path: "/git".to_owned(),
            ..Options::default()
        })
        .await;
        let answer = log_in(&server, "alice", "alice").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.json(), json!({"next": server.url("/dashboard")}));
        let cookie = answer.header("set-cookie").split(';').next().unwrap();
        assert!(cookie.starts_with(&format!("{name}=")), "{cookie}");
        let request = server.client.get(server.url(&format!("{API}/projects")));
        let answer = server.send(request.header("Cookie", cookie)).await;
        assert_eq!(answer.header("x-ausername"), "alice");
        assert_eq!(server.simulator.sessions(), 1);
    }
}

#[tokio::test]
async fn where_it_goes_on_stays_on_the_server() {
    let server = newest().await;
    for (target, next) in [
        ("/projects/PLAT", "/projects/PLAT"),
        ("https://elsewhere.example/", "/dashboard"),
        ("//elsewhere.example/", "/dashboard"),
    ] {
        let body = json!({"username": "bob", "password": "bob", "targetUrl": target});
        let answer = post(&server, As::Nobody, LOGIN, &body).await;
        assert_eq!(answer.json()["next"], server.url(next));
    }
}

#[tokio::test]
async fn without_the_header_against_xsrf_nobody_signs_in() {
    let server = newest().await;
    let body = json!({"username": "alice", "password": "alice"});
    for path in [
        LOGIN.to_owned(),
        format!("{LOGIN}/totp-code"),
        format!("{LOGIN}/recovery-code"),
        format!("{ELEVATE}/password"),
    ] {
        let answer = server.post(As::Nobody, &path, &body).await;
        assert_eq!(
            (answer.status.as_u16(), &*answer.text),
            (403, "XSRF check failed")
        );
        assert_eq!(session(&answer), None);
    }
    let request = server
        .request(As::Nobody, Method::POST, LOGIN)
        .body("username=alice");
    assert_eq!(server.send(checked(request)).await.status, 415);
}

#[tokio::test]
async fn a_refusal_says_why_and_whether_a_captcha_is_next() {
    let server = newest().await;
    for (name, password, words) in [
        ("alice", "wrong", "Invalid username or password."),
        ("nobody", "x", "Invalid username or password."),
        ("olga", "olga", "Invalid username or password."),
        ("emil", "emil", "Your password has expired"),
        ("lotte", "lotte", "locked"),
        ("ines", "ines", "not active"),
        (
            "nils",
            "nils",
            "You are not currently licensed to use Bitbucket.\n",
        ),
    ] {
        let answer = log_in(&server, name, password).await;
        assert_eq!(answer.status, 401, "{name}");
        let body = answer.json();
        assert_eq!(body["captchaRequired"], false, "{name}");
        assert!(body["message"].as_str().unwrap().contains(words), "{body}");
        assert_eq!(session(&answer), None);
    }
}

#[tokio::test]
async fn five_wrong_passwords_ask_for_a_captcha_which_can_be_solved() {
    let server = newest().await;
    for number in 1..=5 {
        let answer = log_in(&server, "bob", "wrong").await;
        assert_eq!(answer.json()["captchaRequired"], number == 5);
    }
    let answer = log_in(&server, "bob", "bob").await;
    assert_eq!(
        (
            answer.status.as_u16(),
            answer.json()["captchaRequired"].clone()
        ),
        (401, json!(true))
    );
    let picture = server
        .get(As::Nobody, &format!("{LOGIN}/captcha"))
        .await
        .json();
    let request = server
        .client
        .get(picture["captchaImageUrl"].as_str().unwrap());
    assert_eq!(
        server.send(request).await.header("content-type"),
        "image/svg+xml"
    );
    let body = json!({
        "username": "bob", "password": "bob",
        "captchaId": picture["captchaId"], "captchaChallenge": "anything",
    });
    assert!(session(&post(&server, As::Nobody, LOGIN, &body).await).is_some());
    assert_eq!(log_in(&server, "bob", "bob").await.status, 200);
    assert_eq!(
        log_in(&server, "dora", "dora").await.json()["captchaRequired"],
        true
    );
}

#[tokio::test]
async fn tess_signs_in_with_the_code_of_her_authenticator() {
    let server = newest().await;
    let first = log_in(&server, "tess", "tess").await;
    assert_eq!(first.status, 412);
    assert_eq!(first.json()["nextLoginStep"], "TOTP_CODE_VERIFICATION");
    assert_eq!(whose(&server, &session(&first).unwrap()).await, "");
    let path = format!("{LOGIN}/totp-code");
    let conversation = conversation(&server, "tess").await;
    let code = server.simulator.totp_code("tess").unwrap();
    let attempt = async |code: &str| {
        let body = json!({"conversationId": conversation, "totpCode": code});
        post(&server, As::Nobody, &path, &body).await
    };
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let refused = attempt(wrong).await;
    assert_eq!((refused.status.as_u16(), session(&refused)), (401, None));
    assert!(refused.json()["message"].is_string());
    let accepted = attempt(&code).await;
    assert_eq!((accepted.status.as_u16(), &*accepted.text), (204, ""));
    assert_eq!(whose(&server, &session(&accepted).unwrap()).await, "tess");
    assert_eq!(attempt(&code).await.status, 400, "the conversation is over");
}

#[tokio::test]
async fn a_conversation_ends_with_time_and_with_wrong_codes() {
    let server = newest().await;
    let path = format!("{LOGIN}/totp-code");
    let attempt = async |conversation: &str, code: &str| {
        let body = json!({"conversationId": conversation, "totpCode": code});
        post(&server, As::Nobody, &path, &body)
            .await
            .status
            .as_u16()
    };
    let late = conversation(&server, "tess").await;
    server.clock.advance(std::time::Duration::from_secs(300));
    let code = server.simulator.totp_code("tess").unwrap();
    assert_eq!(attempt(&late, &code).await, 400);
    let guessed = conversation(&server, "tess").await;
    for _ in 0..5 {
        assert_eq!(attempt(&guessed, "12345").await, 401);
    }
    assert_eq!(attempt(&guessed, &code).await, 400);
    assert_eq!(attempt("made up", &code).await, 400);
}

#[tokio::test]
async fn a_recovery_code_counts_once() {
    let server = newest().await;
    let accounts = server.simulator.accounts();
    let note = &accounts.iter().find(|it| it.name == "tess").unwrap().note;
    let codes = note
        .split_once("Recovery codes, each for once: ")
        .unwrap()
        .1;
    let code = codes.split([',', '.']).next().unwrap();
    let path = format!("{LOGIN}/recovery-code");
    let attempt = async |code: &str| {
        let conversation = conversation(&server, "tess").await;
        let body = json!({"conversationId": conversation, "recoveryCode": code});
        post(&server, As::Nobody, &path, &body).await
    };
    assert_eq!(attempt("nope").await.status, 401);
    let accepted = attempt(code).await;
    assert_eq!(accepted.json(), json!({"next": server.url("/dashboard")}));
    assert_eq!(whose(&server, &session(&accepted).unwrap()).await, "tess");
    assert_eq!(attempt(code).await.status, 401);
}

#[tokio::test]
async fn enno_has_to_enrol_first() {
    let server = newest().await;
    let answer = log_in(&server, "enno", "enno").await;
    assert_eq!(answer.status, 412);
    assert_eq!(answer.json()["nextLoginStep"], "ENROLLMENT");
    let body = json!({"conversationId": answer.json()["conversationId"], "totpCode": "123456"});
    let path = format!("{LOGIN}/totp-code");
    assert_eq!(post(&server, As::Nobody, &path, &body).await.status, 400);
}

#[tokio::test]
async fn a_session_can_be_elevated() {
    let server = Server::with(Options {
        tokens_need_elevation: true,
        ..Options::default()
    })
    .await;
    assert_eq!(server.get(As::User("alice"), ELEVATE).await.status, 401);
    let id = session(&log_in(&server, "alice", "alice").await).unwrap();
    let who = As::Session(&id);
    let body = json!({"name": "x", "permissions": ["PROJECT_READ", "REPO_READ"]});
    let create = async || {
        let path = format!("{TOKENS}/users/alice");
        let request = server.request(who, Method::PUT, &path).json(&body);
        server.send(checked(request)).await
    };
    let refused = create().await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.json()["elevationMethods"], json!(["PASSWORD"]));
    assert_eq!(
        server.get(who, ELEVATE).await.json()["elevationMethods"],
        json!(["PASSWORD"])
    );
    let path = format!("{ELEVATE}/password");
    let elevate = async |password: &str| {
        post(&server, who, &path, &json!({"password": password}))
            .await
            .status
    };
    assert_eq!(elevate("wrong").await, 400);
    assert_eq!(create().await.status, 401);
    assert_eq!(elevate("alice").await, 204);
    assert_eq!(server.get(who, ELEVATE).await.status, 204);
    assert_eq!(create().await.status, 200);
}
