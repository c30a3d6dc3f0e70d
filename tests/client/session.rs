//! The login form's session, where Basic is switched off.

use axum::body::Body;
use axum::http::Response;
use bbtoken::bitbucket::{Client, ErrorKind, LoginForm, Scope, SignInWay, SignedIn, TokenSpec};
use bbtoken::permission::{Level, Permissions};
use bbtoken::secret::Secret;
use serde_json::json;

use crate::server::{Asked, Server, error, html, json, respond, welcome};

/// All cookies of the server go back to it.
const COOKIE: &str = "other=1; BITBUCKETSESSIONID=S3CRET";

/// Basic is off, the form opens a session, and the session is that of `alice`.
fn basic_is_off(asked: &Asked) -> Response<Body> {
    if asked.header("authorization").is_some() {
        let message = "Basic Authentication has been disabled on this instance.";
        return json(403, &json!({ "message": message }));
    }
    match asked.path.as_str() {
        "/rest/authconfig/latest/login-options" => json(
            200,
            &json!({ "results": [{ "type": "LEGACY_LOGIN_FORM" }] }),
        ),
        "/j_atl_security_check" => respond(
            302,
            &[
                ("Location", "/dashboard"),
                ("Set-Cookie", "other=1; Path=/"),
                ("Set-Cookie", "BITBUCKETSESSIONID=S3CRET; Path=/; HttpOnly"),
            ],
            "",
        ),
        _ if asked.header("cookie") == Some(COOKIE) => welcome(asked),
        // What everybody may see.
        "/rest/api/latest/projects" => json(200, &json!({ "isLastPage": true, "values": [] })),
        _ => error(
            401,
            "com.atlassian.bitbucket.AuthorisationException",
            "You are not permitted to access this resource",
        ),
    }
}

async fn sign_in(client: &Client) -> Result<SignedIn, bbtoken::bitbucket::Error> {
    let password = Secret::new("ge heim&=ß".to_owned());
    let signed_in = client.sign_in("alice", &password).await?;
    Ok(signed_in.done().unwrap())
}

fn spec() -> TokenSpec {
    TokenSpec {
        name: "x".to_owned(),
        permissions: Permissions {
            repository: Some(Level::Read),
            ..Permissions::default()
        },
        expiry_days: None,
    }
}

fn personal() -> Scope {
    Scope::Personal {
        user: "alice".to_owned(),
    }
}

#[tokio::test]
async fn the_password_goes_through_the_form_once() {
    let server = Server::new(basic_is_off).await;
    let signed_in = sign_in(&server.client()).await.unwrap();
    assert_eq!(
        (signed_in.user.name.as_str(), signed_in.way),
        ("alice", SignInWay::Session(LoginForm::Old))
    );
    let asked = server.asked();
    let paths: Vec<_> = asked.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/rest/api/latest/projects",
            "/rest/authconfig/latest/login-options",
            "/j_atl_security_check",
            "/rest/api/latest/projects",
            "/rest/api/latest/users/alice",
        ]
    );
    let form = &asked[2];
    assert_eq!(form.method, "POST");
    let fields = "j_username=alice&j_password=ge%20heim%26%3D%C3%9F&submit=Log+in";
    assert_eq!(form.body, fields);
    assert_eq!(
        form.header("content-type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(form.header("x-atlassian-token"), Some("no-check"));
    assert_eq!(form.header("authorization"), None);
    for later in &asked[3..] {
        assert_eq!(later.header("cookie"), Some(COOKIE));
        assert_eq!(later.header("authorization"), None);
    }
    let debug = format!("{:?}", signed_in.client);
    assert!(!debug.contains("S3CRET"), "{debug}");
}

#[tokio::test]
async fn a_change_carries_the_header_against_xsrf() {
    let server = Server::new(basic_is_off).await;
    let client = sign_in(&server.client()).await.unwrap().client;
    let _ = client.create_token(&personal(), &spec()).await;
    let put = server.asked().pop().unwrap();
    assert_eq!(put.method, "PUT");
    assert_eq!(put.header("x-atlassian-token"), Some("no-check"));
    assert_eq!(put.header("cookie"), Some(COOKIE));
}

#[tokio::test]
async fn a_token_that_is_tried_carries_no_session() {
    let server = Server::new(basic_is_off).await;
    let client = sign_in(&server.client()).await.unwrap().client;
    let before = server.asked().len();
    let repository = bbtoken::bitbucket::Repository {
        clone_http: Some(format!("{}/scm/plat/x.git", server.base)),
        ..repository()
    };
    let token = Secret::new("TOKEN".to_owned());
    client
        .try_token(&token, Some("alice"), &repository)
        .await
        .unwrap();
    let asked = server.asked();
    assert_eq!(asked.len(), before + 4);
    for asked in &asked[before..] {
        assert_eq!(asked.header("cookie"), None, "{}", asked.path);
        assert!(asked.header("authorization").is_some());
    }
}

fn repository() -> bbtoken::bitbucket::Repository {
    bbtoken::bitbucket::Repository {
        slug: "x".to_owned(),
        name: "x".to_owned(),
        project: bbtoken::bitbucket::Project {
            key: "PLAT".to_owned(),
            name: "Platform".to_owned(),
            description: None,
            public: false,
            personal: false,
            owner: None,
        },
        description: None,
        archived: false,
        state: bbtoken::bitbucket::RepositoryState::Available,
        public: false,
        clone_http: None,
        clone_ssh: None,
    }
}

#[tokio::test]
async fn the_session_is_signed_out_and_a_password_needs_no_such_thing() {
    let server = Server::new(basic_is_off).await;
    let client = sign_in(&server.client()).await.unwrap().client;
    client.sign_out().await;
    let last = server.asked().pop().unwrap();
    assert_eq!(
        (last.method.as_str(), last.path.as_str()),
        ("GET", "/j_atl_security_logout")
    );
    assert_eq!(last.header("cookie"), Some(COOKIE));
    let server = Server::new(welcome).await;
    let client = sign_in(&server.client()).await.unwrap().client;
    let before = server.asked().len();
    client.sign_out().await;
    assert_eq!(server.asked().len(), before);
}

#[tokio::test]
async fn a_session_that_is_over_is_told_from_what_is_not_permitted() {
    let server = Server::new(|asked| {
        // It works for the sign-in, and never again.
        let is_first = asked.path.ends_with("/projects") || asked.path.ends_with("/users/alice");
        if is_first || asked.header("cookie").is_none() {
            return basic_is_off(asked);
        }
        if asked.path.ends_with("/MINE") {
            let mut denied = basic_is_off(&Asked {
                headers: axum::http::HeaderMap::new(),
                ..asked.clone()
            });
            let name = "alice".parse().unwrap();
            denied.headers_mut().insert("X-AUSERNAME", name);
            return denied;
        }
        match asked.path.rsplit('/').next() {
            Some("PUBLIC") => json(200, &json!({ "key": "PUBLIC" })),
            Some("HIDDEN") => error(
                404,
                "com.atlassian.bitbucket.project.NoSuchProjectException",
                "?",
            ),
            Some("BROKEN") => html(503, "oops"),
            _ => error(401, "com.atlassian.bitbucket.AuthorisationException", "?"),
        }
    })
    .await;
    let client = sign_in(&server.client()).await.unwrap().client;
    for (key, kind) in [
        ("PUBLIC", ErrorKind::NotSignedIn),
        ("HIDDEN", ErrorKind::NotSignedIn),
        ("OTHER", ErrorKind::NotSignedIn),
        ("MINE", ErrorKind::NotPermitted),
        ("BROKEN", ErrorKind::Unavailable),
    ] {
        assert_eq!(client.project(key).await.unwrap_err().kind, kind, "{key}");
    }
}

/// What the form answers, and what that means.
type Case = (fn() -> Response<Body>, fn(&str) -> ErrorKind);

#[tokio::test]
async fn what_the_form_refuses_is_told_apart_and_nothing_is_sent_twice() {
    let cases: Vec<Case> = vec![
        (
            || respond(302, &[("Location", "/login?error=failed")], ""),
            |_| ErrorKind::WrongPassword,
        ),
        (
            || html(200, "<p class=error>No.</p><input name=j_password>"),
            |_| ErrorKind::WrongPassword,
        ),
        (
            || respond(302, &[("Location", "https://sso.example.com/saml?x=1")], ""),
            |_| ErrorKind::SingleSignOn {
                location: Some("https://sso.example.com/saml".to_owned()),
            },
        ),
        (
            || respond(302, &[("Location", "/plugins/servlet/external-login")], ""),
            |base| ErrorKind::SingleSignOn {
                location: Some(format!("{base}/plugins/servlet/external-login")),
            },
        ),
        (
            || {
                respond(
                    302,
                    &[
                        ("Location", "/2sv?x"),
                        ("Set-Cookie", "BITBUCKETSESSIONID=NOBODY"),
                    ],
                    "",
                )
            },
            |base| ErrorKind::Undescribed {
                location: Some(format!("{base}/2sv")),
            },
        ),
        (
            || {
                respond(
                    302,
                    &[
                        ("Location", "/login"),
                        ("X-Seraph-LoginReason", "AUTHENTICATION_DENIED"),
                    ],
                    "",
                )
            },
            |_| ErrorKind::Captcha { login_url: None },
        ),
        (|| html(404, "no form"), |_| ErrorKind::BasicDisabled),
        (|| html(503, "maintenance"), |_| ErrorKind::Unavailable),
    ];
    for (answer, kind) in cases {
        let server = Server::new(move |asked| match asked.path.as_str() {
            "/j_atl_security_check" => answer(),
            _ => basic_is_off(asked),
        })
        .await;
        let error = sign_in(&server.client()).await.unwrap_err();
        assert_eq!(error.kind, kind(&server.base.to_string()));
        let asked = server.asked();
        let forms = asked.iter().filter(|it| it.method == "POST").count();
        let basic = asked
            .iter()
            .filter(|it| it.header("authorization").is_some());
        assert_eq!((forms, basic.count()), (1, 1), "{error:?}");
        let all = format!("{error:?} {error} {}", error.technical());
        assert!(!all.contains("heim"), "{all}");
    }
}
