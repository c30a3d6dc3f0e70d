//! The login of newer servers: JSON, a second step, and cookies of any name.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::Response;
use bbtoken::bitbucket::{
    AccountState, Code, Error, ErrorKind, LoginForm, Scope, SecondStep, SignIn, SignInWay, SignedIn,
};
use bbtoken::secret::Secret;
use serde_json::{Value, json};

use crate::server::{Asked, Server, html, json, respond, welcome};

const LOGIN: &str = "/rest/tsv/latest/authenticate";

/// A Bitbucket 10 with Basic off: `log_in` answers the requests of the login.
async fn server(
    log_in: impl Fn(&Asked) -> Response<Body> + Clone + Send + Sync + 'static,
) -> Server {
    Server::new(move |asked| match asked.path.as_str() {
        path if path.starts_with(LOGIN) => log_in(asked),
        "/rest/api/latest/application-properties" => json(
            200,
            &json!({ "version": "10.2.0", "displayName": "Bitbucket" }),
        ),
        "/rest/authconfig/latest/login-options" => {
            json(200, &json!({ "results": [{ "type": "LOGIN_FORM" }] }))
        }
        "/rest/basicauth/latest/config" => json(200, &json!({ "block-requests": true })),
        _ if asked
            .header("cookie")
            .is_some_and(|it| it.contains("ANY=S3CRET")) =>
        {
            welcome(asked)
        }
        "/rest/api/latest/projects" => json(200, &json!({ "isLastPage": true, "values": [] })),
        _ => respond(404, &[], ""),
    })
    .await
}

fn opened(status: u16) -> Response<Body> {
    respond(
        status,
        &[
            ("Content-Type", "application/json"),
            ("Set-Cookie", "ANY=S3CRET; Path=/; HttpOnly"),
        ],
        "",
    )
}

/// Signs in as somebody does who has connected before.
async fn sign_in(server: &Server) -> Result<SignIn, Error> {
    let (client, _) = server.client().probe().await.unwrap();
    let password = Secret::new("ge\"heim ß".to_owned());
    client.sign_in("alice", &password).await
}

async fn signed_in(server: &Server) -> SignedIn {
    sign_in(server).await.unwrap().done().unwrap()
}

async fn second_step(server: &Server) -> SecondStep {
    match sign_in(server).await.unwrap() {
        SignIn::SecondStep(step) => step,
        SignIn::Done(_) => panic!("no second step"),
    }
}

fn app_code() -> Code {
    Code::read("123 456").unwrap()
}

#[tokio::test]
async fn the_password_goes_there_once_and_nowhere_else() {
    let server = server(|_| opened(200)).await;
    let signed_in = signed_in(&server).await;
    assert_eq!(signed_in.user.name, "alice");
    assert_eq!(signed_in.way, SignInWay::Session(LoginForm::Json));
    let asked = server.asked();
    let with_password: Vec<_> = asked.iter().filter(|it| it.body.contains("heim")).collect();
    assert_eq!(with_password.len(), 1);
    let login = with_password[0];
    assert_eq!(
        (login.method.as_str(), login.path.as_str()),
        ("POST", LOGIN)
    );
    assert_eq!(login.header("content-type"), Some("application/json"));
    assert_eq!(login.header("x-atlassian-token"), Some("no-check"));
    let sent: Value = serde_json::from_str(&login.body).unwrap();
    let wanted = json!({
        "username": "alice", "password": "ge\"heim ß", "rememberMe": false,
        "targetUrl": "", "captchaId": null, "captchaChallenge": null,
    });
    assert_eq!(sent, wanted);
    // Basic is off, and the server has said so.
    assert!(asked.iter().all(|it| it.header("authorization").is_none()));
    // What decides has been read already: the login page is not needed.
    assert!(asked.iter().all(|it| it.path != "/login"));
}

#[tokio::test]
async fn a_load_balancer_gets_its_own_cookie_back_however_often_it_changes() {
    let count = Arc::new(AtomicUsize::new(0));
    let node = Arc::clone(&count);
    let server = Server::new(move |asked| {
        let last = node.load(Ordering::SeqCst);
        let is_there = asked.header("cookie").is_some_and(|it| {
            it.contains(&format!("ROUTE=node{last};")) || it.ends_with(&format!("ROUTE=node{last}"))
        });
        let mut response = if asked.path == LOGIN {
            opened(200)
        } else if is_there {
            welcome(asked)
        } else {
            json(200, &json!({ "isLastPage": true, "values": [] }))
        };
        if asked.path == LOGIN || is_there {
            let next = node.fetch_add(1, Ordering::SeqCst) + 1;
            let cookie = format!("ROUTE=node{next}; Path=/").parse().unwrap();
            response.headers_mut().append("Set-Cookie", cookie);
        }
        if asked.header("authorization").is_some() {
            return json(
                403,
                &json!({ "message": "Basic Authentication has been disabled on this instance." }),
            );
        }
        response
    })
    .await;
    let password = Secret::new("x".to_owned());
    let signed_in = server.client().sign_in("alice", &password).await;
    let client = signed_in.unwrap().done().unwrap().client;
    for _ in 0..3 {
        let personal = Scope::Personal {
            user: "alice".to_owned(),
        };
        // Whatever it answers: it is asked as alice.
        let _ = client.tokens(&personal).next().await;
    }
    let asked = server.asked();
    let last = asked.last().unwrap().header("cookie").unwrap().to_owned();
    let node = count.load(Ordering::SeqCst);
    assert!(
        last.contains(&format!("ROUTE=node{}", node - 1)),
        "{last} {node}"
    );
    assert!(last.contains("ANY=S3CRET"), "{last}");
    // Signed out they go once more, and never again.
    client.sign_out().await;
    let _ = client.project("X").await;
    let asked = server.asked();
    assert_eq!(asked.last().unwrap().header("cookie"), None);
}

#[tokio::test]
async fn what_the_login_refuses_is_told_apart_and_sent_once() {
    let refused = |message: &str| json!({ "captchaRequired": false, "message": message });
    let undescribed = || ErrorKind::Undescribed { location: None };
    for (status, body, kind) in [
        (
            401,
            refused("Invalid username or password."),
            ErrorKind::WrongPassword,
        ),
        (401, refused("Falsches Passwort"), ErrorKind::WrongPassword),
        (
            401,
            json!({ "captchaRequired": true, "message": "x" }),
            ErrorKind::Captcha { login_url: None },
        ),
        (
            401,
            refused("Your password has expired."),
            ErrorKind::AccountRefused(AccountState::PasswordExpired),
        ),
        (
            401,
            refused("You are not currently licensed to use Bitbucket."),
            ErrorKind::AccountRefused(AccountState::NoLicence),
        ),
        (
            401,
            refused("Moon phase"),
            ErrorKind::AccountRefused(AccountState::Other),
        ),
        (401, json!({}), undescribed()),
        (401, json!([]), undescribed()),
        (
            412,
            json!({ "conversationId": "c", "nextLoginStep": "ENROLLMENT" }),
            ErrorKind::Enrolment,
        ),
        (
            412,
            json!({ "conversationId": "c", "nextLoginStep": "WEBAUTHN" }),
            undescribed(),
        ),
        (
            412,
            json!({ "nextLoginStep": "TOTP_CODE_VERIFICATION" }),
            undescribed(),
        ),
        (418, json!({ "message": "?" }), undescribed()),
        (400, json!({ "message": "?" }), undescribed()),
        (429, json!({}), ErrorKind::RateLimited { retry_after: None }),
        (503, json!({}), ErrorKind::Unavailable),
        // A success that opens no session.
        (200, json!({ "next": "/dashboard" }), undescribed()),
        (204, json!(null), undescribed()),
    ] {
        let answer = body.clone();
        let server = server(move |_| json(status, &answer)).await;
        let error = sign_in(&server).await.unwrap_err();
        assert_eq!(error.kind, kind, "{status} {body}");
        let posts = server
            .asked()
            .iter()
            .filter(|it| it.method == "POST")
            .count();
        assert_eq!(posts, 1, "{status} {body}");
        let all = format!("{error:?} {error} {}", error.technical());
        assert!(!all.contains("heim"), "{all}");
    }
    // A gateway's page is none of Bitbucket's refusals.
    let server = server(|_| html(401, "Please log in")).await;
    let kind = sign_in(&server).await.unwrap_err().kind;
    assert_eq!(kind, ErrorKind::SingleSignOn { location: None });
}

#[tokio::test]
async fn a_login_that_is_not_there_has_not_looked_at_the_password() {
    let server = Server::new(|asked| match asked.path.as_str() {
        "/rest/authconfig/latest/login-options" => {
            json(200, &json!({ "results": [{ "type": "LOGIN_FORM" }] }))
        }
        "/login" => html(200, "<form action=/j_atl_security_check>"),
        "/j_atl_security_check" => respond(
            302,
            &[
                ("Location", "/dashboard"),
                ("Set-Cookie", "ANY=S3CRET; Path=/"),
            ],
            "",
        ),
        _ if asked.header("authorization").is_some() => {
            let message = "Basic Authentication has been disabled on this instance.";
            json(403, &json!({ "message": message }))
        }
        _ if asked.header("cookie").is_some() => welcome(asked),
        _ => json(
            404,
            &json!({ "message": "null for uri", "status-code": 404 }),
        ),
    })
    .await;
    let client = server.client();
    let signed_in = client.sign_in("alice", &Secret::new("x".to_owned())).await;
    let signed_in = signed_in.unwrap().done().unwrap();
    assert_eq!(signed_in.way, SignInWay::Session(LoginForm::Old));
}

#[tokio::test]
async fn the_code_goes_to_the_conversation_of_the_password() {
    for (code, path, field) in [
        (app_code(), "/totp-code", "totpCode"),
        (
            Code::read("ab-cd ").unwrap(),
            "/recovery-code",
            "recoveryCode",
        ),
    ] {
        let server = server(|asked| match asked.path.as_str() {
            LOGIN => {
                let mut wanted = json(
                    412,
                    &json!({ "conversationId": "c-1", "nextLoginStep": "TOTP_CODE_VERIFICATION" }),
                );
                let cookie = "before=1; Path=/".parse().unwrap();
                wanted.headers_mut().insert("Set-Cookie", cookie);
                wanted
            }
            _ => opened(204),
        })
        .await;
        let step = second_step(&server).await;
        let debug = format!("{step:?} {code:?}");
        assert!(
            !debug.contains("c-1") && !debug.contains("123456"),
            "{debug}"
        );
        let signed_in = step.verify(&code).await.unwrap();
        assert_eq!(signed_in.user.name, "alice");
        let asked = server.asked();
        let sent = asked.iter().find(|it| it.path == format!("{LOGIN}{path}"));
        let sent = sent.unwrap();
        let body: Value = serde_json::from_str(&sent.body).unwrap();
        let code = if field == "totpCode" {
            "123456"
        } else {
            "ab-cd"
        };
        assert_eq!(body, json!({ "conversationId": "c-1", field: code }));
        assert_eq!(sent.header("x-atlassian-token"), Some("no-check"));
        assert_eq!(sent.header("cookie"), Some("before=1"));
    }
}

#[tokio::test]
async fn a_refused_code_says_whether_another_may_be_sent() {
    for (status, body, kind) in [
        (
            401,
            json!({ "message": "The code is wrong." }),
            ErrorKind::WrongCode,
        ),
        (401, json!({}), ErrorKind::WrongCode),
        (400, json!({ "message": "?" }), ErrorKind::LoginOver),
        (
            401,
            json!({ "captchaRequired": true }),
            ErrorKind::Captcha { login_url: None },
        ),
        (503, json!({}), ErrorKind::Unavailable),
        (409, json!({}), ErrorKind::Undescribed { location: None }),
        (204, json!({}), ErrorKind::Undescribed { location: None }),
    ] {
        let answers = Arc::new(Mutex::new(vec![
            json(status, &body),
            json(
                412,
                &json!({ "conversationId": "c", "nextLoginStep": "TOTP_CODE_VERIFICATION" }),
            ),
        ]));
        let server = server(move |_| {
            let answer = answers.lock().unwrap().pop();
            answer.unwrap_or_else(|| respond(500, &[], "asked once too often"))
        })
        .await;
        let step = second_step(&server).await;
        let error = step.verify(&app_code()).await.unwrap_err();
        assert_eq!(error.kind, kind, "{status} {body}");
        assert!(!format!("{error:?} {error}").contains("123456"));
    }
}
