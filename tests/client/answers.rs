//! What answers mean: proxies, sign-in pages, refusals, limits.

use std::time::Duration;

use bbtoken::bitbucket::{Error, ErrorKind, ServerInfo, SignInWay, TokenOwner};
use bbtoken::secret::Secret;
use serde_json::json;
use tokio::net::TcpListener;

use crate::server::{Server, error, html, json, respond};

const AUTHORISATION: &str = "com.atlassian.bitbucket.AuthorisationException";

/// What asking for the server's version comes to.
async fn server_info(
    response: impl Fn() -> axum::response::Response + Clone + Send + Sync + 'static,
) -> Result<ServerInfo, Error> {
    let server = Server::new(move |_| response()).await;
    server.client().server_info().await
}

/// What asking for a project comes to, for somebody who has signed in.
async fn project(
    response: impl Fn() -> axum::response::Response + Clone + Send + Sync + 'static,
) -> Error {
    let (_server, client) = Server::signed_in(move |_| response()).await;
    client.project("PLAT").await.unwrap_err()
}

fn properties() -> serde_json::Value {
    json!({ "version": "9.4.0", "buildNumber": "9004000", "displayName": "Acme\u{1b}[2J Git" })
}

#[tokio::test]
async fn a_bitbucket_is_recognised() {
    let server = Server::new(|_| json(200, &properties())).await;
    let info = server.client().server_info().await.unwrap();
    assert_eq!(info.display_name, "Acme Git");
    assert_eq!(info.version, "9.4.0");
    let asked = &server.asked()[0];
    assert_eq!(asked.path, "/rest/api/latest/application-properties");
    assert_eq!(asked.header("accept"), Some("application/json"));
    assert_eq!(asked.header("authorization"), None);
    assert_eq!(asked.header("x-atlassian-token"), None);
    let agent = concat!("bbtoken/", env!("CARGO_PKG_VERSION"));
    assert_eq!(asked.header("user-agent"), Some(agent));
}

#[tokio::test]
async fn a_context_path_and_ipv6_are_as_good() {
    let Ok(listener) = TcpListener::bind("[::1]:0").await else {
        return; // A computer without IPv6.
    };
    let server = Server::on(listener, "/bitbucket", |_| json(200, &properties()));
    assert!(server.base.is_loopback());
    server.client().server_info().await.unwrap();
    let path = "/bitbucket/rest/api/latest/application-properties";
    assert_eq!(server.asked()[0].path, path);
}

#[tokio::test]
async fn what_is_no_bitbucket_is_told_apart() {
    use ErrorKind::{Blocked, NotBitbucket, SingleSignOn, Unavailable};
    let sso = || SingleSignOn { location: None };
    for (status, body, kind) in [
        (404, "Not Found", NotBitbucket),
        (
            400,
            "The plain HTTP request was sent to HTTPS port",
            NotBitbucket,
        ),
        (200, "Welcome to nginx!", NotBitbucket),
        (
            200,
            "<form><input name=j_username><input type='password'></form>",
            sso(),
        ),
        (401, "Sign in to Example", sso()),
        (403, "Forbidden", Blocked),
        (503, "Down for maintenance", Unavailable),
        (502, "Bad Gateway", Unavailable),
        (504, "Gateway Timeout", Unavailable),
    ] {
        let error = server_info(move || html(status, body)).await.unwrap_err();
        assert_eq!(error.kind, kind, "{status} {body}");
        assert!(!error.outcome_is_unknown());
        assert_eq!(error.server_message(), None, "web pages are no messages");
    }
    for body in [
        json!({}),
        json!([]),
        json!("x"),
        json!({ "version": "1" }),
        json!({ "displayName": "x" }),
    ] {
        let error = server_info(move || json(200, &body)).await.unwrap_err();
        assert_eq!(error.kind, NotBitbucket);
    }
    // Jira has the path too.
    let jira = json!({ "errorMessages": ["You are not authenticated."], "errors": {} });
    let error = server_info(move || json(401, &jira)).await.unwrap_err();
    assert_eq!(error.kind, NotBitbucket);
}

#[tokio::test]
async fn redirects_are_not_followed_but_told() {
    let to = |location: &'static str| move || respond(302, &[("Location", location)], "");
    let error = server_info(to("https://sso.example.com/saml?SAMLRequest=secret"))
        .await
        .unwrap_err();
    let location = Some("https://sso.example.com/saml".to_owned());
    assert_eq!(error.kind, ErrorKind::SingleSignOn { location });

    let error = project(to("/login?next=%2F")).await;
    let ErrorKind::SingleSignOn {
        location: Some(location),
    } = error.kind
    else {
        panic!("{error:?}");
    };
    assert!(location.ends_with("/login"));

    let error = project(|| respond(302, &[], "")).await;
    assert_eq!(error.kind, ErrorKind::SingleSignOn { location: None });

    let elsewhere = "https://git.example.com/b/rest/api/latest/application-properties";
    let error = server_info(to(elsewhere)).await.unwrap_err();
    let ErrorKind::Moved { to } = error.kind else {
        panic!("{error:?}");
    };
    assert_eq!(to.to_string(), "https://git.example.com/b");
}

#[tokio::test]
async fn a_401_for_somebody_known_is_about_permission() {
    let refused = project(|| {
        error(
            401,
            AUTHORISATION,
            "You are not permitted\u{202e} to\naccess this",
        )
    })
    .await;
    assert_eq!(refused.kind, ErrorKind::NotPermitted);
    assert_eq!(
        refused.server_message(),
        Some("You are not permitted to access this")
    );
    assert_eq!(
        refused.technical(),
        format!("GET /rest/api/latest/projects/PLAT → 401 {AUTHORISATION}")
    );

    let named = project(|| respond(401, &[("X-AUSERNAME", "alice")], "")).await;
    assert_eq!(named.kind, ErrorKind::NotPermitted);

    let unknown = project(|| respond(401, &[], "")).await;
    assert_eq!(unknown.kind, ErrorKind::NotSignedIn);
    let changed = "com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException";
    let changed = project(move || error(401, changed, "x")).await;
    assert_eq!(changed.kind, ErrorKind::WrongPassword);
}

/// The words of a missing right, and nobody is signed in; the name on the answer is a cache's.
#[tokio::test]
async fn authentication_required_means_that_nobody_is_signed_in() {
    let required =
        "com.atlassian.plugins.rest.api.security.exception.AuthenticationRequiredException";
    let error = project(move || {
        let mut answer = error(
            401,
            required,
            "You are not permitted to access this resource",
        );
        let headers = answer.headers_mut();
        headers.insert("X-AUSERNAME", "alice".parse().unwrap());
        answer
    })
    .await;
    assert_eq!(error.kind, ErrorKind::NotSignedIn);
}

#[tokio::test]
async fn a_refusal_that_nobody_explains_is_known_as_that() {
    let text = || respond(403, &[("Content-Type", "text/plain")], "XSRF check failed");
    let forged = project(text).await;
    assert_eq!(forged.kind, ErrorKind::XsrfCheckFailed);
    assert_eq!(forged.server_message(), Some("XSRF check failed"));
    for answer in [
        (|| html(401, "<h1>HTTP Status 401 – Unauthorized</h1>")) as fn() -> _,
        || html(403, "<h1>HTTP Status 403</h1><h3>Apache Tomcat/9.0</h3>"),
        || respond(403, &[], ""),
        || respond(403, &[("Content-Type", "text/plain")], "no"),
    ] {
        let denied = project(answer).await;
        assert_eq!(denied.kind, ErrorKind::Denied, "{}", denied.technical());
        assert!(!denied.is_bitbuckets());
    }
    for answer in [(|| html(401, "Please log in")) as fn() -> _, || {
        html(403, "<input type=password>")
    }] {
        let page = project(answer).await;
        assert_eq!(page.kind, ErrorKind::SingleSignOn { location: None });
    }
    // Bitbucket names whoever it knows.
    let named = project(|| respond(403, &[("X-AUSERNAME", "alice")], "")).await;
    assert_eq!(named.kind, ErrorKind::NotPermitted);
}

#[tokio::test]
async fn a_missing_path_is_told_from_a_missing_place() {
    for answer in [
        (|| {
            error(
                404,
                "com.atlassian.bitbucket.project.NoSuchProjectException",
                "no",
            )
        }) as fn() -> _,
        || json(404, &json!({ "errors": [{ "message": "no such thing" }] })),
        || {
            json(
                404,
                &json!({ "errors": { "message": "one alone", "more": [1] } }),
            )
        },
        || {
            json(
                404,
                &json!({ "context": null, "message": "one alone", "exceptionName": null }),
            )
        },
    ] {
        let missing = project(answer).await;
        assert_eq!(missing.kind, ErrorKind::NotFound);
        assert!(missing.server_message().is_some() && missing.is_bitbuckets());
    }
    for answer in [
        (|| {
            json(
                404,
                &json!({ "message": "null for uri: x", "status-code": 404, "sub-code": -1 }),
            )
        }) as fn() -> _,
        || {
            respond(
                404,
                &[("Content-Type", "application/xml")],
                "<status><status-code>404</status-code></status>",
            )
        },
        || html(404, "Not Found"),
        || respond(404, &[], ""),
        || json(404, &json!({ "errors": [] })),
        || {
            json(
                404,
                &json!({ "errors": {}, "errorMessages": ["Dead link"] }),
            )
        },
    ] {
        let missing = project(answer).await;
        assert_eq!(
            missing.kind,
            ErrorKind::NoSuchPath,
            "{:?}",
            missing.server_message()
        );
    }
}

/// A redirect to another REST path of the same server is followed by reads, and by nothing else.
#[tokio::test]
async fn what_has_moved_is_read_where_it_is() {
    let (server, client) = Server::signed_in(|asked| match asked.path.as_str() {
        "/rest/api/latest/projects/NEW" => json(200, &json!({ "key": "NEW" })),
        "/rest/api/latest/projects/OLD" => {
            let to = [("Location", "/rest/api/latest/projects/NEW?x=1")];
            respond(307, &to, "")
        }
        path => respond(307, &[("Location", &format!("{path}x"))], ""),
    })
    .await;
    assert_eq!(client.project("OLD").await.unwrap().key, "NEW");
    let paths: Vec<_> = server.asked().into_iter().map(|asked| asked.path).collect();
    assert_eq!(
        paths,
        [
            "/rest/api/latest/projects/OLD",
            "/rest/api/latest/projects/NEW"
        ]
    );
    let endless = client.project("CIRCLE").await.unwrap_err();
    assert!(matches!(endless.kind, ErrorKind::PathMoved { .. }));
    assert_eq!(server.asked().len(), 2 + 4);
    let scope = bbtoken::bitbucket::Scope::Project {
        key: "OLD".to_owned(),
    };
    let refused = client.revoke_token(&scope, "1").await.unwrap_err();
    assert!(refused.outcome_is_unknown());
    let path = "/rest/access-tokens/latest/projects/OLD/1x".to_owned();
    assert_eq!(refused.kind, ErrorKind::PathMoved { path });
    assert_eq!(server.asked().len(), 2 + 4 + 1, "a change was sent on");
}

#[tokio::test]
async fn credentials_follow_no_redirect_to_another_server_or_out_of_rest() {
    for location in [
        "https://sso.example.com/rest/api/latest/projects/X",
        "http://127.0.0.1:1/rest/api/latest/projects/X",
        "/plugins/servlet/rest/x",
        "/rest/../login",
        "//evil.example.com/rest/x",
    ] {
        let (server, client) =
            Server::signed_in(move |_| respond(307, &[("Location", location)], "")).await;
        let error = client.project("OLD").await.unwrap_err();
        assert!(
            !matches!(error.kind, ErrorKind::PathMoved { .. }),
            "{location}"
        );
        assert_eq!(server.asked().len(), 1);
    }
}

#[tokio::test]
async fn refusals_have_their_kinds() {
    use ErrorKind::{
        Conflict, Invalid, NotAcceptable, NotFound, NotPermitted, Other, ServerFault, Unavailable,
    };
    for (status, kind) in [
        (400, Invalid),
        (403, NotPermitted),
        (404, NotFound),
        (405, Other),
        (406, NotAcceptable),
        (409, Conflict),
        (500, ServerFault),
        (503, Unavailable),
    ] {
        let refused = project(move || error(status, "x.Exception", "why")).await;
        assert_eq!(refused.kind, kind, "{status}");
        assert_eq!(refused.server_message(), Some("why"));
        assert!(!refused.outcome_is_unknown(), "nothing was to be changed");
    }
}

#[tokio::test]
async fn a_limit_says_how_long() {
    let date = "Wed, 21 Oct 2015 07:28:00 GMT";
    for (headers, wait) in [
        (vec![("Retry-After", "17")], Some(17)),
        (
            vec![
                ("Retry-After", "Wed, 21 Oct 2015 07:29:30 GMT"),
                ("Date", date),
            ],
            Some(90),
        ),
        (
            vec![
                ("Retry-After", date),
                ("Date", "Wed, 21 Oct 2015 07:29:30 GMT"),
            ],
            Some(0),
        ),
        (vec![("Retry-After", "later")], None),
        (vec![], None),
    ] {
        let limited = project(move || respond(429, &headers, "")).await;
        let retry_after = wait.map(Duration::from_secs);
        assert_eq!(limited.kind, ErrorKind::RateLimited { retry_after });
    }
}

#[tokio::test]
async fn successes_that_cannot_be_read() {
    let kind = |body: &'static str| async move {
        project(move || respond(200, &[("Content-Type", "application/json")], body))
            .await
            .kind
    };
    assert_eq!(kind("").await, ErrorKind::NotJson);
    assert_eq!(kind("{\"key\": \"PL").await, ErrorKind::NotJson);
    assert_eq!(kind("{\"name\": \"no key\"}").await, ErrorKind::NotJson);
    assert_eq!(kind("{\"key\": \"a\\u001bb\"}").await, ErrorKind::NotJson);
    assert_eq!(kind(" <html>").await, ErrorKind::NotJson);
    let sso = ErrorKind::SingleSignOn { location: None };
    assert_eq!(kind("<html><form action=/adfs/ls/>").await, sso);
}

#[tokio::test]
async fn an_endless_answer_is_not_read_to_its_end() {
    let error = project(|| respond(200, &[], &" ".repeat(9 * 1024 * 1024))).await;
    assert_eq!(error.kind, ErrorKind::NotJson);
    assert!(
        error.technical().ends_with("200 the answer is too long"),
        "{}",
        error.technical()
    );
    let error = project(|| respond(409, &[], &" ".repeat(9 * 1024 * 1024))).await;
    assert_eq!(error.kind, ErrorKind::Conflict);
}

#[tokio::test]
async fn several_messages_become_one() {
    let body = json!({ "errors": [
        { "context": "name", "message": "Too long.", "exceptionName": null },
        { "context": "name", "message": "Too long." },
        null, 7,
        { "context": "expiryDays", "message": "Too far." },
    ], "message": null });
    let error = project(move || json(400, &body)).await;
    assert_eq!(error.field(), Some("name"));
    assert_eq!(error.server_message(), Some("Too long. Too far."));
    assert_eq!(
        error.to_string(),
        "the server does not accept this: Too long. Too far."
    );
}

#[tokio::test]
async fn keys_cannot_lead_astray() {
    let (server, client) = Server::signed_in(|_| json(200, &json!({ "key": "x" }))).await;
    for key in ["", ".", ".."] {
        let error = client.project(key).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotFound);
    }
    assert!(server.asked().is_empty());
    client.project("../admin?x#y%2e é").await.unwrap();
    let path = "/rest/api/latest/projects/..%2Fadmin%3Fx%23y%252e%20%C3%A9";
    assert_eq!(server.asked()[0].path, path);
}

/// Recorded from 9.4: the account of a project's token. Whether it may ask for itself is not known.
#[tokio::test]
async fn the_account_of_a_token_is_never_a_person() {
    let service = || {
        json(
            200,
            &json!({ "name": "access-token-user/2/12", "slug": "access-token-user_2_12",
                     "displayName": "Access Token User - PLAT", "type": "SERVICE" }),
        )
    };
    for user in [
        service as fn() -> _,
        || {
            error(
                401,
                AUTHORISATION,
                "You are not permitted to access this resource",
            )
        },
        || {
            error(
                404,
                "com.atlassian.bitbucket.user.NoSuchUserException",
                "no such user",
            )
        },
        || html(500, "x"),
    ] {
        let server = Server::new(move |asked| {
            let is_list = asked.path.ends_with("/projects");
            let mut answer = if is_list {
                json(200, &json!({ "isLastPage": true, "values": [] }))
            } else {
                user()
            };
            let name = "access-token-user%2F2%2F12".parse().unwrap();
            answer.headers_mut().insert("X-AUSERNAME", name);
            answer
        })
        .await;
        let token = Secret::new("BBDC-x".to_owned());
        let signed_in = server.client().sign_in_with_token(&token).await.unwrap();
        assert_eq!(signed_in.way, SignInWay::Token(TokenOwner::Technical));
    }
}

/// A bot with a name like a person's, which says of itself that it is none.
#[tokio::test]
async fn an_account_of_type_service_is_no_person_whatever_its_name_is() {
    let server = Server::new(|asked| {
        let bot =
            json!({ "name": "robo", "slug": "robo", "displayName": "Robo", "type": "SERVICE" });
        let mut answer = match asked.path.rsplit('/').next() {
            Some("robo") => json(200, &bot),
            _ => json(200, &json!({ "isLastPage": true, "values": [bot] })),
        };
        answer
            .headers_mut()
            .insert("X-AUSERNAME", "robo".parse().unwrap());
        answer
    })
    .await;
    let token = Secret::new("BBDC-x".to_owned());
    let signed_in = server.client().sign_in_with_token(&token).await.unwrap();
    assert_eq!(signed_in.way, SignInWay::Token(TokenOwner::Technical));
}

/// It tells nobody anything who has not signed in.
#[tokio::test]
async fn a_server_that_wants_a_sign_in_for_everything_is_a_bitbucket() {
    let required =
        "com.atlassian.plugins.rest.api.security.exception.AuthenticationRequiredException";
    for exception in [required, AUTHORISATION] {
        let words = "You are not permitted to access this resource";
        let server = Server::new(move |_| error(401, exception, words)).await;
        let (_, info) = server.client().probe().await.unwrap();
        assert_eq!(info.title(), "Bitbucket");
        assert_eq!(info.behind, None);
    }
}
