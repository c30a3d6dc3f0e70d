//! OAuth 2: what the authorisation server refuses, whoever asks.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use bbtoken::simulator::{Options, Simulator};
use reqwest::{Response, Url};
use ring::digest::{SHA256, digest};

use crate::web_browser::{WebBrowser, http};

/// Nobody listens there: the browser stays on the address that it was led to.
const BACK: &str = "http://localhost:1/";
const VERIFIER: &str = "a-verifier-that-is-long-enough-for-everybody-1234";

fn wish(simulator: &Simulator, changes: &[(&str, &str)]) -> String {
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, VERIFIER.as_bytes()));
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", "bbtoken"),
        ("redirect_uri", BACK),
        ("scope", "REPO_READ"),
        ("state", "s"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in changes {
        parameters.retain(|(old, _)| old != name);
        parameters.push((name, value));
    }
    let address = format!("{}/rest/oauth2/latest/authorize", simulator.base_url());
    Url::parse_with_params(&address, parameters).unwrap().into()
}

/// Where alice is led, who agrees to everything.
async fn agreed(simulator: &Simulator, changes: &[(&str, &str)]) -> Url {
    let mut browser = WebBrowser::open(&wish(simulator, changes)).await;
    browser
        .send(&[("j_username", "alice"), ("j_password", "alice")])
        .await;
    if browser.status == 200 {
        browser.send(&[("decision", "allow")]).await;
    }
    browser.at
}

fn parameter(address: &Url, name: &str) -> Option<String> {
    let mut pairs = address.query_pairs();
    pairs
        .find(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
}

async fn redeem(simulator: &Simulator, code: &str, changes: &[(&str, &str)]) -> Response {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("client_id", "bbtoken"),
        ("redirect_uri", BACK),
        ("code", code),
        ("code_verifier", VERIFIER),
    ];
    for (name, value) in changes {
        fields.retain(|(old, _)| old != name);
        fields.push((name, value));
    }
    let form = Url::parse_with_params("http://x/", fields).unwrap();
    let address = format!("{}/rest/oauth2/latest/token", simulator.base_url());
    let request = http().post(address);
    let request = request.header("Content-Type", "application/x-www-form-urlencoded");
    let body = form.query().unwrap().to_owned();
    request.body(body).send().await.unwrap()
}

async fn code(simulator: &Simulator) -> String {
    parameter(&agreed(simulator, &[]).await, "code").unwrap()
}

#[tokio::test]
async fn a_code_counts_once_and_for_its_own_verifier_application_and_address_alone() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    for (wrong, error) in [
        (("code_verifier", "another"), "invalid_grant"),
        (("redirect_uri", "http://localhost:2/"), "invalid_grant"),
        (("client_id", "other"), "invalid_client"),
        (("grant_type", "password"), "unsupported_grant_type"),
    ] {
        let refused = redeem(&simulator, &code(&simulator).await, &[wrong]).await;
        assert_eq!(refused.status(), 400, "{wrong:?}");
        assert!(refused.text().await.unwrap().contains(error), "{wrong:?}");
    }
    let code = code(&simulator).await;
    assert_eq!(redeem(&simulator, &code, &[]).await.status(), 200);
    assert_eq!(redeem(&simulator, &code, &[]).await.status(), 400);
}

#[tokio::test]
async fn what_is_asked_wrongly_is_refused_where_it_belongs() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    for wrong in [
        ("client_id", "other"),
        ("redirect_uri", "http://evil.example/"),
    ] {
        let browser = WebBrowser::open(&wish(&simulator, &[wrong])).await;
        assert_eq!(browser.status, 400, "{wrong:?}");
    }
    for (wrong, error) in [
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("scope", "SYSTEM_ADMIN"), "invalid_scope"),
    ] {
        let led_to = agreed(&simulator, &[wrong]).await;
        assert_eq!(parameter(&led_to, "error").as_deref(), Some(error));
        assert_eq!(parameter(&led_to, "state").as_deref(), Some("s"));
    }
}

#[tokio::test]
async fn an_access_token_acts_for_its_user_within_its_scopes() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let answer = redeem(&simulator, &code(&simulator).await, &[]).await;
    let answer: serde_json::Value = answer.json().await.unwrap();
    let token = answer["access_token"].as_str().unwrap();
    let get = async |path: &str| {
        let address = format!("{}{path}", simulator.base_url());
        http().get(address).bearer_auth(token).send().await.unwrap()
    };
    let projects = get("/rest/api/latest/projects").await;
    assert_eq!(projects.status(), 200);
    assert_eq!(projects.headers()["X-AUSERNAME"], "alice");
    // Reading repositories is no administration, and not the account.
    for path in ["projects/PLAT", "users/alice"] {
        let tokens = get(&format!("/rest/access-tokens/latest/{path}")).await;
        assert_eq!(tokens.status(), 401, "{path}");
    }
    let again = [
        ("grant_type", "refresh_token"),
        ("refresh_token", answer["refresh_token"].as_str().unwrap()),
    ];
    assert_eq!(redeem(&simulator, "", &again).await.status(), 200);
    assert_eq!(redeem(&simulator, "", &again).await.status(), 400);
}

#[tokio::test]
async fn that_there_is_oauth_is_seen_without_a_sign_in() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let address = format!("{}/rest/oauth2/1.0/client", simulator.base_url());
    assert_eq!(http().get(address).send().await.unwrap().status(), 401);
}
