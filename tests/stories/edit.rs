//! Another name or other levels for a token, from the list.

use std::time::Duration;

use bbtoken::simulator::FaultEffect;
use reqwest::Method;

use crate::harness::{Harness, Setup, repository};

/// At the form for Jenkins' token of PLAT/billing-api.
async fn form() -> Harness {
    let mut program = Harness::start(Setup {
        size: (100, 30),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program
        .keys("<enter>j<enter><enter>/jenkins<enter><esc>e")
        .await;
    program.shows("Change \"Jenkins nightly build\"");
    program
}

async fn names(program: &Harness) -> Vec<(String, String)> {
    let tokens = program.tokens(&repository("PLAT", "billing-api")).await;
    let may = |token: &bbtoken::bitbucket::Token| token.permissions.clone().unwrap().to_string();
    tokens
        .iter()
        .map(|token| (token.name.clone(), may(token)))
        .collect()
}

#[tokio::test]
async fn what_is_to_change_is_said_before_it_does() {
    let mut program = form().await;
    program.shows("which cannot be changed");
    program.keys(" 2<tab><right>").await;
    program.shows("· name: Jenkins nightly build → Jenkins nightly build 2");
    program.shows("! rights: Repository read → Repository write");
    assert_eq!(program.count_requests(&Method::POST, "/access-tokens/"), 0);
    program.keys("<enter>").await;
    assert_eq!(program.count_requests(&Method::POST, "/access-tokens/"), 0);
    program.keys("<enter>").await;
    program.shows("Changed \"Jenkins nightly build 2\".");
    program.is_on("Jenkins nightly build 2");
    let changed = (
        "Jenkins nightly build 2".to_owned(),
        "Repository write".to_owned(),
    );
    assert!(names(&program).await.contains(&changed));
}

#[tokio::test]
async fn without_a_change_nothing_is_sent() {
    let mut program = form().await;
    program.keys("<enter><enter>").await;
    program.shows("Nothing is changed yet");
    program.keys("<tab><esc>").await;
    program.shows("HTTP access tokens of billing-api");
    assert_eq!(program.count_requests(&Method::POST, "/access-tokens/"), 0);
    program.keys("<esc><home>e").await;
    program.shows("Put the cursor on the token to change first.");
}

#[tokio::test]
async fn where_the_answer_gets_lost_the_token_is_read_and_what_is_typed_stays() {
    let mut program = form().await;
    program.fault(Some(Method::POST), "", 1, FaultEffect::Cut);
    program.keys(" 2<enter><enter>").await;
    program.shows("the token has not changed. Press enter to try again.");
    program.shows("Jenkins nightly build 2");
    let later = FaultEffect::RateLimited {
        retry_after: Duration::from_secs(9),
    };
    program.fault(Some(Method::POST), "", 1, later);
    program.keys("<enter>").await;
    program.shows("\"Jenkins nightly build\" was not changed.");
    program.shows("Wait 9 seconds");
    program.fault(Some(Method::POST), "", 1, FaultEffect::LoseAnswer);
    program.keys("<enter>").await;
    program.shows("Changed \"Jenkins nightly build 2\".");
    assert_eq!(program.count_requests(&Method::POST, "/access-tokens/"), 3);
}

#[tokio::test]
async fn a_token_that_is_gone_and_one_that_may_not_be_changed() {
    let mut program = form().await;
    program.fault(
        Some(Method::POST),
        "",
        1,
        FaultEffect::Status(403, "no".into()),
    );
    program.keys(" 2<enter><enter>").await;
    program.shows("was not changed.");
    let place = repository("PLAT", "billing-api");
    let root = program.root().await;
    for token in program.tokens(&place).await {
        root.revoke_token(&place, &token.id).await.unwrap();
    }
    program.keys("<enter>").await;
    program.shows("is not there any more: somebody has revoked it.");
    program.shows("No matches in the tokens.");
}

#[tokio::test]
async fn a_change_comes_to_its_end_before_anybody_leaves() {
    let mut program = form().await;
    program.keys(" 2<enter>").await;
    program.press_only("<enter>");
    program.press_only("<esc>");
    program.shows("Bitbucket is changing the token");
    program.settle().await;
    program.shows("Changed \"Jenkins nightly build 2\".");
}
