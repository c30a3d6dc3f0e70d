//! The pages on which people make tokens, and the identity provider that lets them in.

use bbtoken::simulator::{Options, Simulator};

use crate::web_browser::WebBrowser;

const PAGES: &str = "/plugins/servlet/access-tokens";

/// On a page of tokens, signed in by the identity provider.
async fn on(simulator: &Simulator, page: &str, user: &str) -> WebBrowser {
    let address = format!("{}{PAGES}{page}", simulator.base_url());
    let mut browser = WebBrowser::open(&address).await;
    assert!(browser.at.path().ends_with("/login"), "{}", browser.at);
    browser.follow("Log in with Nordwind SSO").await;
    browser
        .send(&[("username", user), ("password", "wrong")])
        .await;
    assert!(browser.page.contains("That is not right."));
    browser
        .send(&[("username", user), ("password", user)])
        .await;
    assert_eq!(browser.at.as_str(), address);
    browser
}

#[tokio::test]
async fn a_personal_token_is_shown_once_and_listed_from_then_on() {
    let context_path = "/bitbucket".to_owned();
    let options = Options {
        context_path,
        ..Options::default()
    };
    let simulator = Simulator::start(options).await.unwrap();
    let mut browser = on(&simulator, "/manage", "olga").await;
    assert!(browser.page.contains("git over single sign-on"));
    let wish = [
        ("name", "<b>"),
        ("project", "read"),
        ("repository", "write"),
        ("days", "30"),
    ];
    browser.send(&wish).await;
    let token = browser.token();
    assert!(token.len() > 20 && browser.page.contains("&lt;b&gt;"));
    browser.visit("manage").await;
    assert!(browser.page.contains("&lt;b&gt;") && !browser.page.contains(&token));
}

#[tokio::test]
async fn the_servers_rules_hold_on_the_page_too() {
    let simulator = Simulator::start(Options {
        expiry_required: true,
        ..Options::default()
    })
    .await
    .unwrap();
    let mut browser = on(&simulator, "/projects/SEC/manage", "olga").await;
    let mut wish = vec![
        ("name", "x"),
        ("project", "write"),
        ("repository", "read"),
        ("days", "30"),
    ];
    browser.send(&wish).await;
    assert_eq!(browser.status, 400);
    wish[2].1 = "write";
    wish[3].1 = "";
    browser.send(&wish).await;
    assert!(browser.page.contains("An expiry is required."));
    wish[3].1 = "30";
    browser.send(&wish).await;
    browser.token();
}

#[tokio::test]
async fn only_administrators_see_the_page_of_a_project() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let browser = on(&simulator, "/projects/PLAT/manage", "olga").await;
    assert_eq!(browser.status, 401);
    assert!(!browser.page.contains("<form"));
}

#[tokio::test]
async fn a_form_that_no_page_of_the_session_has_sent_makes_nothing() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let mut browser = on(&simulator, "/manage", "olga").await;
    browser.page = browser.page.replace(
        "name=\"atl_token\" value=\"",
        "name=\"atl_token\" value=\"x",
    );
    browser.send(&[("name", "forged")]).await;
    assert_eq!(browser.status, 403);
    browser.visit("manage").await;
    assert!(!browser.page.contains("forged"));
}
