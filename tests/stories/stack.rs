//! The stack has one rule: an answer changes only the screen that waited for it, and what that screen
//! wants of the stack waits until it is on top again.

use std::time::Duration;

use bbtoken::simulator::FaultEffect;
use reqwest::Method;

use crate::harness::{Harness, Setup, personal, repository};

const SLOW: FaultEffect = FaultEffect::Delay(Duration::from_millis(300));
const SLOWER: FaultEffect = FaultEffect::Delay(Duration::from_millis(900));

/// At the tokens of PLAT/api-gateway, with one that git is set up with, and the cursor on it.
async fn with_git() -> Harness {
    let mut program = Harness::start(Setup {
        size: (120, 40),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("<enter>n<enter><enter>g<enter>").await;
    program.shows("git works here");
    program.keys("<enter>").await;
    program.is_on("git for alice on lap");
    program
}

#[tokio::test]
async fn a_token_that_is_ready_stays_when_a_revocation_below_wants_to_ask() {
    let mut program = with_git().await;
    program.fault(Some(Method::DELETE), "", 1, SLOWER);
    program.keys("x").await;
    program.press_only("y");
    program.until_asked(&Method::DELETE, "").await;
    program.press_only("n<enter><enter>");
    program.until_shows("Token ready").await;
    program.settle().await;
    let secret = program.clipboard().unwrap();
    program.shows("Revoked \"git for alice on laptop (api-gateway)\".");
    program.shows("Token ready");
    // It can still be had.
    program.keys("v").await;
    program.shows(&secret);
    program.keys("<enter>y").await;
    program.shows("git on this computer is set up with");
}

#[tokio::test]
async fn a_creation_that_is_slower_than_a_revocation_below_tells_its_secret() {
    let mut program = with_git().await;
    program.fault(Some(Method::DELETE), "", 1, SLOW);
    program.fault(Some(Method::PUT), "", 1, SLOWER);
    program.keys("x").await;
    program.press_only("y");
    program.until_asked(&Method::DELETE, "").await;
    program.press_only("n<enter><enter>");
    program.until_asked(&Method::PUT, "").await;
    program.settle().await;
    program.shows("Token ready");
    assert_eq!(
        program
            .new_tokens(&repository("PLAT", "api-gateway"))
            .await
            .len(),
        1
    );
    program.keys("<enter>").await;
    program.shows("Do you have the token?");
}

#[tokio::test]
async fn a_form_stays_when_the_way_to_a_place_comes_to_its_end_below() {
    let mut program = Harness::start(Setup {
        size: (120, 40),
        ..Setup::default()
    })
    .await;
    let address = format!(
        "{}/plugins/servlet/access-tokens/projects/PLAT/repos/billing-api/manage",
        program.base_url
    );
    program.keys("<c-u>").await;
    program.paste(&address).await;
    program.keys("<enter>alice<enter>alice").await;
    program.fault(Some(Method::GET), "/repos/billing-api", 1, SLOW);
    program.press_only("<enter>");
    program.until_shows("alice · Bitbucket").await;
    program
        .until_asked(&Method::GET, "/repos/billing-api")
        .await;
    program.press_only("mn<tab><c-u>my own name");
    program.settle().await;
    program.shows("Manage account › HTTP access tokens › New token");
    program.shows("my own name");
    program.keys("<enter><enter>").await;
    program.shows("Created: my own name");
    program.new_token(&personal("alice")).await;
}

/// The help, a question, the box for a file name, Activity: whatever lies above stays.
#[tokio::test]
async fn the_help_stays_over_a_form_whose_token_is_made_and_the_token_is_not_lost() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("mn<enter>").await;
    program.fault(Some(Method::PUT), "", 1, SLOW);
    program.press_only("<enter>");
    program.until_asked(&Method::PUT, "").await;
    program.press_only("<f1>");
    program.settle().await;
    program.shows("─ Help ");
    program.shows("The token is created. Close this to see it.");
    program.keys("<esc>").await;
    program.shows("Token ready");
    program.shows("on your clipboard");
}

#[tokio::test]
async fn a_question_stays_open_while_the_screen_below_it_waits() {
    let mut program = with_git().await;
    program.fault(Some(Method::DELETE), "", 1, SLOW);
    program.keys("x").await;
    program.press_only("y");
    program.until_asked(&Method::DELETE, "").await;
    // Undoing by hand asks, and that question is not replaced by the other one.
    program.press_only("u");
    program.settle().await;
    program.shows("Remove what bbtoken has set up for git with a token of api-gateway?");
    program.keys("n").await;
    program.shows("which Bitbucket now refuses");
}

#[tokio::test]
async fn leaving_the_program_closes_nothing_before_the_question_is_answered() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("mn<enter><enter>f<c-u>~/my.token").await;
    program.shows("─ Save the token ");
    program.keys("<c-c>").await;
    program.shows("Do you have the token?");
    program.keys("n").await;
    program.shows("─ Save the token ");
    program.shows("~/my.token");
}
