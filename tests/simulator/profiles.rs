//! Each version that the simulator can be: what it has, what it lacks, how it words things.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use bbtoken::simulator::{Options, Profile};
use reqwest::Method;
use serde_json::json;

use crate::support::{API, Answer, As, Server, TOKENS, session, with_basic};

const OLDEST: Profile = Profile::Bitbucket7_21;

async fn server_of(profile: Profile) -> Server {
    Server::with(Options::of(profile)).await
}

async fn asked(server: &Server, who: As<'_>, path: &str) -> Answer {
    let request = server.request(who, Method::GET, path);
    server
        .send(request.header("Accept", "application/json"))
        .await
}

/// 404 in the form of a path that no resource answers.
fn is_no_path(answer: &Answer) -> bool {
    answer.status == 404 && answer.json()["status-code"] == 404 && answer.json()["errors"].is_null()
}

#[tokio::test]
async fn each_version_says_which_it_is() {
    for (profile, version, build) in [
        (Profile::Bitbucket7_21, "7.21.0", json!("7021000")),
        (Profile::Bitbucket8_19, "8.19.12", json!("8019012")),
        (Profile::Bitbucket9_4, "9.4.0", json!("9004000")),
        (Profile::Bitbucket10_2, "10.2.0", json!(10_002_000)),
        (Profile::Bitbucket10_5, "10.5.0", json!(10_005_000)),
    ] {
        let server = server_of(profile).await;
        let path = format!("{API}/application-properties");
        let told = server.get(As::Nobody, &path).await.json();
        assert_eq!(
            (&told["version"], &told["buildNumber"]),
            (&json!(version), &build)
        );
        assert!(version.starts_with(profile.name()));
    }
    assert_eq!(Options::default().version, "9.4.0");
}

#[tokio::test]
async fn what_a_version_lacks_is_no_path() {
    let had_since = [
        ("/rest/access-tokens/latest/users/alice", 0),
        ("/rest/access-tokens/latest/projects/PLAT", 0),
        ("/rest/oauth2/latest/client", 0),
        ("/rest/authconfig/latest/login-options", 1),
        ("/rest/access-tokens/latest/admin", 1),
        ("/rest/basicauth/latest/config", 2),
        ("/rest/tsv/latest/authenticate/captcha", 2),
        ("/rest/tsv/1.0/elevate-permissions", 2),
    ];
    for (number, profile) in Profile::ALL.into_iter().enumerate() {
        let server = server_of(profile).await;
        for (path, since) in had_since {
            let answer = asked(&server, As::Nobody, path).await;
            let lacks = number < since;
            let name = profile.name();
            if lacks {
                assert!(is_no_path(&answer), "{name} {path}: {}", answer.text);
            } else {
                assert_ne!(answer.status, 404, "{name} {path}");
            }
        }
        // No Data Center licence.
        let server = Server::with(Options {
            place_tokens: false,
            ..Options::of(profile)
        })
        .await;
        let path = "/rest/access-tokens/latest/projects/PLAT";
        assert!(is_no_path(&asked(&server, As::Nobody, path).await));
    }
}

#[tokio::test]
async fn each_version_lets_people_in_its_own_ways() {
    for (profile, basic, json, form) in [
        (Profile::Bitbucket7_21, true, false, true),
        (Profile::Bitbucket8_19, true, false, true),
        (Profile::Bitbucket9_4, true, true, true),
        (Profile::Bitbucket10_2, false, true, false),
        (Profile::Bitbucket10_5, false, true, false),
    ] {
        let server = server_of(profile).await;
        let name = profile.name();
        let answer = server
            .get(As::User("alice"), &format!("{API}/projects"))
            .await;
        assert_eq!(answer.status == 200, basic, "{name}");
        let submitted = server
            .submit(&[("j_username", "alice"), ("j_password", "alice")])
            .await;
        assert_eq!(session(&submitted).is_some(), form, "{name}");
        let request = server
            .request(As::Nobody, Method::POST, "/rest/tsv/latest/authenticate")
            .header("X-Atlassian-Token", "no-check")
            .json(&json!({"username": "alice", "password": "alice"}));
        assert_eq!(
            session(&server.send(request).await).is_some(),
            json,
            "{name}"
        );
    }
}

#[tokio::test]
async fn secrets_hold_the_id_and_begin_with_a_prefix_from_10_on() {
    for profile in Profile::ALL {
        let server = with_basic(profile).await;
        let mut zeros = 0;
        for _ in 0..100 {
            let token = server
                .create("alice", "/users/alice", &["PROJECT_READ", "REPO_READ"])
                .await;
            let (id, secret) = (
                token["id"].as_str().unwrap(),
                token["token"].as_str().unwrap(),
            );
            assert_eq!(id.len(), 12);
            zeros += usize::from(id.starts_with('0'));
            let plain = match secret.strip_prefix("BBDC-") {
                Some(rest) => BASE64_URL_SAFE_NO_PAD.decode(rest),
                None => BASE64_STANDARD.decode(secret),
            }
            .unwrap();
            assert_eq!(
                secret.starts_with("BBDC-"),
                profile >= Profile::Bitbucket10_2
            );
            assert_eq!(
                (&plain[..12], plain[12], plain.len()),
                (id.as_bytes(), b':', 33)
            );
            let path = format!("{TOKENS}/users/alice/{id}");
            assert_eq!(server.get(As::User("alice"), &path).await.json()["id"], id);
            let short = format!("{TOKENS}/users/alice/{}", id.trim_start_matches('0'));
            let status = server.get(As::User("alice"), &short).await.status;
            assert_eq!(status == 404, id.starts_with('0'));
        }
        assert!(zeros > 0, "one in ten begins with a zero");
    }
}

#[tokio::test]
async fn old_lists_tell_neither_expiry_nor_use() {
    let server = Server::with(Options {
        version: "7.3.0".to_owned(),
        ..Options::default()
    })
    .await;
    let made = server
        .create("alice", "/users/alice", &["PROJECT_READ", "REPO_READ"])
        .await;
    assert!(
        made.get("expiryDate").is_none(),
        "ignored, not refused: {made}"
    );
    let list = server
        .get(As::User("alice"), &format!("{TOKENS}/users/alice"))
        .await;
    for token in list.json()["values"].as_array().unwrap() {
        assert!(token.get("expiryDate").is_none() && token.get("lastAuthenticated").is_none());
    }
}

#[tokio::test]
async fn before_8_0_nothing_is_archived_and_the_search_knows_less() {
    let (old, new) = (
        with_basic(OLDEST).await,
        with_basic(Profile::Bitbucket8_19).await,
    );
    let path = format!("{API}/repos?name=web&projectkey=RETAIL&archived=ARCHIVED&limit=100");
    let found = old.get(As::User("alice"), &path).await;
    assert!(found.each("slug").contains(&"checkout-web".to_owned()));
    assert!(found.json()["values"][0].get("archived").is_none());
    assert!(
        new.get(As::User("alice"), &path)
            .await
            .each("slug")
            .is_empty()
    );
    let push = "/scm/plat/checkout-web.git/info/refs?service=git-receive-pack";
    assert_eq!(old.get(As::User("alice"), push).await.status, 200);
    assert_eq!(new.get(As::User("alice"), push).await.status, 403);
}

#[tokio::test]
async fn tokens_count_on_pages_before_that_was_closed() {
    let whoami = "/plugins/servlet/applinks/whoami";
    for profile in Profile::ALL {
        let server = with_basic(profile).await;
        let secret = server
            .secret("alice", "/users/alice", &["PROJECT_READ", "REPO_READ"])
            .await;
        let told = server.get(As::Bearer(&secret), whoami).await.text;
        let expected = if profile == OLDEST { "alice" } else { "" };
        assert_eq!(told, expected, "{}", profile.name());
    }
}

#[tokio::test]
async fn what_somebody_may_not_see_is_refused_or_not_there() {
    for profile in Profile::ALL {
        let server = with_basic(profile).await;
        let path = "/projects/SEC/repos/threat-models";
        let expected = if profile >= Profile::Bitbucket10_2 {
            (404, "NoSuchRepositoryException")
        } else {
            (401, "AuthorisationException")
        };
        for path in [format!("{API}{path}"), format!("{TOKENS}{path}")] {
            let answer = server.get(As::User("bob"), &path).await;
            assert_eq!(
                (answer.status.as_u16(), &*answer.exception()),
                expected,
                "{path}"
            );
            assert_eq!(answer.header("x-ausername"), "bob");
        }
        let anonymous = server.get(As::Nobody, &format!("{API}{path}")).await;
        assert_eq!(anonymous.exception(), "AuthenticationRequiredException");
    }
}
