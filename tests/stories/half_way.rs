//! A sign-in that ends half-way: the password is asked for again, and what was being done goes on.

use std::time::Duration;

use bbtoken::simulator::FaultEffect;
use reqwest::Method;

use crate::harness::{self, Harness, Setup, personal, repository};

/// Signed in with a session.
async fn sam() -> Harness {
    signed_in("sam").await
}

async fn signed_in(user: &str) -> Harness {
    let mut program = harness::signed_in(user).await;
    program.shows("Projects 20");
    program
}

/// Types into the box, after the pause without which it takes nothing.
async fn answer(program: &mut Harness, keys: &str) {
    program.pass(Duration::from_secs(1));
    program.keys(keys).await;
}

const LOGIN: &str = "/rest/tsv/latest/authenticate";
const ASKED: &str = "Your session has ended.";

#[tokio::test]
async fn a_list_goes_on_after_the_password() {
    let mut program = sam().await;
    program.server().end_sessions();
    program.keys("r").await;
    program.shows("Sign in again");
    program.shows(ASKED);
    program.shows("User name sam");
    answer(&mut program, "sam<enter>").await;
    program.shows("Signed in again.");
    program.shows("Projects 20");
    program.hides("Sign in again");
    program.keys("<enter>").await;
    program.shows("Retail Apps (RETAIL) › Repositories");
    assert_eq!(program.server().sessions(), 1);
}

#[tokio::test]
async fn what_everybody_may_see_is_not_taken_for_an_answer() {
    let mut program = sam().await;
    program.server().end_sessions();
    // Without a session Bitbucket lists public projects only, and says 200.
    program.keys("r").await;
    program.shows(ASKED);
    program.shows("Projects 20");
}

#[tokio::test]
async fn a_search_goes_on_after_the_password() {
    let mut program = sam().await;
    program.server().end_sessions();
    // Whoever types on when the box comes does not send that as a password.
    program.keys("/track-and<enter>").await;
    program.shows(ASKED);
    program.shows("This box appeared while you were typing.");
    program.shows("Password  ");
    assert_eq!(program.count_requests(&Method::POST, LOGIN), 1);
    answer(&mut program, "sam<enter>").await;
    program.hides("Sign in again");
    program.keys("ack-and").await;
    program.shows("track-and-trace");
}

#[tokio::test]
async fn a_wrong_password_is_said_in_the_box_and_sent_once() {
    let mut program = sam().await;
    program.server().end_sessions();
    program.keys("r").await;
    answer(&mut program, "<enter>").await;
    program.shows("Type or paste your password first.");
    answer(&mut program, "wrong<enter>").await;
    program.shows("Bitbucket does not accept this password.");
    program.shows("Type it again. After several wrong ones");
    program.keys("<enter>").await;
    program.shows("Type or paste your password first.");
    answer(&mut program, "sam<enter>").await;
    program.shows("Projects 20");
    program.hides("Sign in again");
    assert_eq!(program.count_requests(&Method::POST, LOGIN), 3);
}

#[tokio::test]
async fn nothing_is_created_by_itself_and_what_was_typed_stays() {
    let mut program = sam().await;
    program.keys("mn<tab>").await;
    program.keys("<c-u>my own name<enter>").await;
    program.server().end_sessions();
    program.keys("<enter>").await;
    program.shows(ASKED);
    program.shows("Nothing was created: press enter to create the token.");
    answer(&mut program, "sam<enter>").await;
    program.shows("Signed in again. Nothing was created: press enter to create the token.");
    program.shows("my own name");
    assert!(program.new_tokens(&personal("sam")).await.is_empty());
    assert_eq!(program.count_requests(&Method::PUT, "/access-tokens/"), 1);
    program.keys("<enter>").await;
    program.shows("Created: my own name");
    assert_eq!(
        program.new_token(&personal("sam")).await.name,
        "my own name"
    );
}

#[tokio::test]
async fn nothing_is_revoked_by_itself() {
    let mut program = sam().await;
    program.keys("mn<enter><enter>").await;
    program.shows("Token ready");
    program.keys("<enter>").await;
    if program.text().contains("Do you have") {
        program.keys("y").await;
    }
    program.shows("+ New token");
    program.server().end_sessions();
    program.revoke().await;
    program.shows("Nothing was revoked");
    answer(&mut program, "sam<enter>").await;
    program.shows("Nothing was revoked");
    assert_eq!(program.new_tokens(&personal("sam")).await.len(), 1);
    program.revoke().await;
    program.shows("Revoked");
    assert!(program.new_tokens(&personal("sam")).await.is_empty());
}

#[tokio::test]
async fn a_changed_password_is_asked_for_and_the_old_one_is_not_sent_on_and_on() {
    let mut program = signed_in("alice").await;
    program.server().change_password("alice", "new");
    program.keys("r").await;
    program.shows("Bitbucket no longer accepts your password. Was it changed?");
    let before = program.server().requests().len();
    program.pass(Duration::from_secs(60));
    program.settle().await;
    assert_eq!(program.server().requests().len(), before);
    answer(&mut program, "new<enter>").await;
    program.shows("Signed in again.");
    program.keys("<enter><enter><enter>").await;
    program.shows("HTTP access tokens of api-gateway");
}

#[tokio::test]
async fn a_revoked_token_is_asked_for_again() {
    let mut program = Harness::new().await;
    program.keys("<enter>").await;
    let root = program.root().await;
    let scope = repository("PLAT", "billing-api");
    let spec = bbtoken::bitbucket::TokenSpec {
        name: "x".to_owned(),
        permissions: bbtoken::permission::Permissions {
            repository: Some(bbtoken::permission::Level::Read),
            ..Default::default()
        },
        expiry_days: None,
    };
    let first = root.create_token(&scope, &spec).await.unwrap();
    let second = root.create_token(&scope, &spec).await.unwrap();
    program.keys("<tab><tab><tab><enter>").await;
    program.paste(first.secret.expose()).await;
    program.keys("<enter>").await;
    root.revoke_token(&scope, &first.token.id).await.unwrap();
    program.keys("r").await;
    program.shows("The token no longer works: it has expired or was revoked.");
    program.paste(second.secret.expose()).await;
    program.keys("<enter>").await;
    program.shows("Signed in again.");
    program.hides(second.secret.expose());
}

#[tokio::test]
async fn esc_leaves_to_the_sign_in() {
    let mut program = sam().await;
    program.keys("<enter>").await;
    program.server().end_sessions();
    program.keys("r").await;
    program.shows(ASKED);
    answer(&mut program, "<esc>").await;
    program.shows("Who are you?");
    program.hides("sam (session)");
    program.keys("<s-tab>alice<enter>alice<enter>").await;
    program.shows("alice ·");
    program.hides("sam");
}

#[tokio::test]
async fn esc_does_not_lose_a_form_that_was_filled_in() {
    let mut program = sam().await;
    program.keys("mn<tab><c-u>my own name<enter>").await;
    program.server().end_sessions();
    program.keys("<enter>").await;
    program.shows(ASKED);
    answer(&mut program, "<esc>").await;
    program.shows("You are signed out, but what you filled in is still here.");
    program.shows("my own name");
    program.keys("<enter>").await;
    program.shows(ASKED);
    answer(&mut program, "sam<enter>").await;
    program.keys("<enter>").await;
    program.shows("Created: my own name");
}

/// The box lies over the help: what it leads to waits for that, and closes nothing.
#[tokio::test]
async fn a_help_over_the_box_stays_when_the_sign_in_is_answered() {
    let mut program = sam().await;
    program.server().end_sessions();
    program.keys("r").await;
    program.shows(ASKED);
    let slow = FaultEffect::Delay(Duration::from_millis(200));
    program.fault(Some(Method::POST), LOGIN, 1, slow);
    program.pass(Duration::from_secs(1));
    program.press_only("sam<enter>");
    program.until_asked(&Method::POST, LOGIN).await;
    program.press_only("<f1>");
    program.settle().await;
    program.shows("─ Help ");
    program.keys("<esc>").await;
    program.shows("Signed in again.");
    program.shows("Projects 20");
}

#[tokio::test]
async fn esc_does_not_lose_a_token_that_nobody_has() {
    let mut program = Harness::start(Setup {
        clipboard: false,
        ..Setup::default()
    })
    .await;
    program.sign_in("sam").await;
    program.keys("mn<enter><enter>").await;
    program.shows("Token ready");
    program.server().end_sessions();
    program.keys("t").await;
    program.shows(ASKED);
    answer(&mut program, "<esc>").await;
    program.shows("You are signed out, but the token is still here.");
    program.keys("v").await;
    let token = program.new_token(&personal("sam")).await;
    program.shows("hides in 10 s");
    assert_eq!(token.name, "git for sam on laptop");
    // What needs Bitbucket asks once more.
    program.keys("t").await;
    program.shows(ASKED);
    answer(&mut program, "sam<enter>").await;
    program.shows("✓ can clone");
}

#[tokio::test]
async fn leaving_the_program_from_the_box() {
    let mut program = sam().await;
    program.server().end_sessions();
    program.keys("r<c-c>").await;
    assert!(program.has_quit());
}
