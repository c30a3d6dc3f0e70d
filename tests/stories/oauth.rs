//! OAuth 2 in the browser: somebody agrees there, and the browser comes back by itself.

use std::time::Duration;

use bbtoken::config::{Config, Server};
use bbtoken::simulator::{FaultEffect, OAuth, Options};
use reqwest::{Method, Url};

use crate::harness::{Harness, Setup, personal};
use crate::web_browser::WebBrowser;

const TOKEN: &str = "/rest/oauth2/latest/token";

fn configure(config: &mut Config, mut server: Server) {
    server.oauth_client_id = Some("bbtoken".to_owned());
    server.oauth_redirect_port = Some(0);
    config.servers.push(server);
}

/// Waiting for the browser.
async fn waiting(oauth: OAuth) -> Harness {
    let mut program = Harness::start(Setup {
        size: (100, 40),
        config_for_server: Some(configure),
        options: Options {
            oauth,
            ..Options::default()
        },
        ..Setup::default()
    })
    .await;
    program.keys("<enter><tab><tab>").await;
    program.is_on("OAuth in the browser");
    program.press_only("<enter>");
    program.until_shows("✓ opened in your browser").await;
    program.shows("Waiting for you to allow it in the browser …");
    program
}

fn address(program: &Harness) -> Url {
    program.browser.all().last().unwrap().parse().unwrap()
}

fn parameter(address: &Url, name: &str) -> String {
    let mut pairs = address.query_pairs();
    let (_, value) = pairs.find(|(found, _)| found == name).unwrap();
    value.into_owned()
}

/// At the question whether bbtoken may act for olga.
async fn consent(program: &Harness) -> WebBrowser {
    let mut browser = WebBrowser::open(address(program).as_str()).await;
    browser.follow("Log in with Nordwind SSO").await;
    browser
        .send(&[("username", "olga"), ("password", "olga")])
        .await;
    assert!(browser.page.contains("Ольга Орлова"), "{}", browser.page);
    browser
}

async fn agree(program: &mut Harness) {
    let mut browser = consent(program).await;
    browser.send(&[("decision", "allow")]).await;
    assert!(
        browser.page.contains("You are signed in."),
        "{}",
        browser.page
    );
    program.settle().await;
}

#[tokio::test]
async fn olga_signs_in_in_the_browser_and_creates_a_token() {
    let mut program = waiting(OAuth::default()).await;
    let asked = address(&program);
    assert_eq!(
        parameter(&asked, "scope"),
        "ACCOUNT_WRITE PROJECT_ADMIN REPO_ADMIN"
    );
    assert_eq!(parameter(&asked, "code_challenge_method"), "S256");
    assert!(parameter(&asked, "redirect_uri").starts_with("http://localhost:"));
    agree(&mut program).await;
    program.shows("Signed in as olga through the browser (OAuth).");
    program.shows("olga (OAuth) ·");
    program.keys("mn<enter><enter>").await;
    program.shows("Token ready");
    program.new_token(&personal("olga")).await;
}

#[tokio::test]
async fn who_denies_it_is_told_that_nothing_was_granted() {
    let mut program = waiting(OAuth::default()).await;
    let mut browser = consent(&program).await;
    browser.send(&[("decision", "deny")]).await;
    assert!(browser.page.contains("Nothing was granted."));
    program.settle().await;
    program.shows("did not allow it");
    // Enter begins anew, with another question.
    program.press_only("<enter>");
    program.until_shows("✓ opened in your browser").await;
    let [first, second] = &program.browser.all()[..] else {
        panic!("not opened twice");
    };
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_stranger_with_a_wrong_state_is_refused_and_ends_nothing() {
    let mut program = waiting(OAuth::default()).await;
    let back = parameter(&address(&program), "redirect_uri");
    for forged in [
        "code=abc&state=guessed",
        "code=abc",
        "error=access_denied&state=",
    ] {
        let browser = WebBrowser::open(&format!("{back}?{forged}")).await;
        assert_eq!(browser.status, 403);
        assert!(browser.page.contains("was refused"), "{}", browser.page);
    }
    assert_eq!(program.count_requests(&Method::POST, TOKEN), 0);
    program.shows("Waiting for you to allow it in the browser …");
    agree(&mut program).await;
    program.shows("olga (OAuth) ·");
}

#[tokio::test]
async fn whoever_connects_and_says_nothing_keeps_nobody_waiting() {
    let mut program = waiting(OAuth::default()).await;
    let back: Url = parameter(&address(&program), "redirect_uri")
        .parse()
        .unwrap();
    let silent = std::net::TcpStream::connect(("127.0.0.1", back.port().unwrap())).unwrap();
    agree(&mut program).await;
    program.shows("olga (OAuth) ·");
    drop(silent);
}

#[tokio::test]
async fn a_renewal_that_nobody_waits_for_any_more_costs_no_sign_in() {
    let lifetime = Duration::from_secs(1);
    let mut program = waiting(OAuth {
        lifetime,
        ..OAuth::default()
    })
    .await;
    agree(&mut program).await;
    let late = FaultEffect::Delay(Duration::from_millis(50));
    program.fault(Some(Method::POST), TOKEN, 1, late);
    program.press_only("m");
    program.until_asked(&Method::POST, TOKEN).await;
    program.keys("<esc>").await;
    program.keys("m").await;
    program.shows("olga (OAuth) ·");
    program.shows("git over single sign-on");
}

#[tokio::test]
async fn an_icon_that_the_browser_asks_for_is_no_answer() {
    let mut program = waiting(OAuth::default()).await;
    let back = parameter(&address(&program), "redirect_uri");
    let browser = WebBrowser::open(&format!("{back}favicon.ico")).await;
    assert_eq!(browser.status, 404);
    let browser = WebBrowser::open(&back).await;
    assert_eq!(browser.status, 404);
    agree(&mut program).await;
    program.shows("olga (OAuth) ·");
}

#[tokio::test]
async fn whoever_stops_waiting_closes_the_port() {
    let mut program = waiting(OAuth::default()).await;
    let asked = address(&program);
    let (back, state) = (
        parameter(&asked, "redirect_uri"),
        parameter(&asked, "state"),
    );
    program.keys("<esc>").await;
    program.shows("Stopped waiting for the browser.");
    program.is_on("OAuth in the browser");
    let port = back.trim_end_matches('/').rsplit(':').next().unwrap();
    // The system may have given the port to the server of another test since: who answers the answer to this
    // request is the one who waited for it.
    let answer = format!("http://127.0.0.1:{port}/?error=access_denied&state={state}");
    let anybody = reqwest::Client::builder().no_proxy().build().unwrap();
    let answered = match anybody.get(answer).send().await {
        Ok(answered) => answered.text().await.unwrap_or_default(),
        Err(_) => String::new(),
    };
    assert!(!answered.contains("Nothing was granted."), "{answered}");
}

#[tokio::test]
async fn a_code_that_the_server_does_not_know_is_refused_by_it() {
    let mut program = waiting(OAuth::default()).await;
    let asked = address(&program);
    let back = parameter(&asked, "redirect_uri");
    let state = parameter(&asked, "state");
    WebBrowser::open(&format!("{back}?code=abc&state={state}")).await;
    program.settle().await;
    program.shows("Bitbucket refuses it (invalid_grant)");
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:34106");
    let mut program = Harness::start(Setup {
        config_for_server: Some(|config, mut server| {
            server.oauth_client_id = Some("bbtoken".to_owned());
            config.servers.push(server);
        }),
        ..Setup::default()
    })
    .await;
    program.keys("<enter><tab><tab><enter>").await;
    program.shows("port 34106 of this computer");
    program.shows("oauth_redirect_port in the configuration names another port");
    assert!(program.browser.all().is_empty());
    drop(taken);
}

#[tokio::test]
async fn an_access_token_is_renewed_before_it_ends() {
    let lifetime = Duration::from_secs(1);
    let mut program = waiting(OAuth {
        lifetime,
        ..OAuth::default()
    })
    .await;
    agree(&mut program).await;
    let before = program.count_requests(&Method::POST, TOKEN);
    program.keys("m").await;
    program.shows("git over single sign-on");
    assert!(program.count_requests(&Method::POST, TOKEN) > before);
}

#[tokio::test]
async fn where_it_may_not_create_tokens_the_way_through_the_browser_is_offered() {
    let mut program = waiting(OAuth {
        creates_tokens: false,
        ..OAuth::default()
    })
    .await;
    agree(&mut program).await;
    program.keys("mn<enter><enter>").await;
    program.shows("Not with OAuth");
    program.keys("y").await;
    program.shows("Create the token in the browser");
    program.keys("<enter>").await;
    let page = "/plugins/servlet/access-tokens/users/olga/manage";
    let mut browser = consentless(&program, page).await;
    let wish = [
        ("name", "git"),
        ("project", "read"),
        ("repository", "write"),
        ("days", "90"),
    ];
    browser.send(&wish).await;
    program.paste(&browser.token()).await;
    program.keys("<enter>").await;
    program.shows("From the browser: personal token of olga");
    program.shows("olga (OAuth) ·");
}

/// The page that was opened last, which is this one, with olga signed in.
async fn consentless(program: &Harness, page: &str) -> WebBrowser {
    let opened = address(program);
    assert_eq!(opened.path(), page);
    let mut browser = WebBrowser::open(opened.as_str()).await;
    browser.follow("Log in with Nordwind SSO").await;
    browser
        .send(&[("username", "olga"), ("password", "olga")])
        .await;
    browser
}

#[tokio::test]
async fn over_ssh_the_browser_cannot_come_back_and_that_is_said() {
    let mut program = Harness::start(Setup {
        size: (100, 40),
        config_for_server: Some(configure),
        ..Setup::default()
    })
    .await;
    program.set_variable("SSH_TTY", "/dev/pts/1");
    program.keys("<enter><tab><tab>").await;
    program.press_only("<enter>");
    program
        .until_shows("That browser cannot return to this computer.")
        .await;
}

#[tokio::test]
async fn without_a_client_id_it_is_not_offered() {
    let mut program = Harness::new().await;
    program.keys("<enter>").await;
    program.shows("In the browser");
    program.hides("OAuth in the browser");
}
