//! Those who may not create tokens are told why, what they can do instead, and whom to ask.

use bbtoken::simulator::FaultEffect;
use reqwest::Method;

use crate::harness::{Harness, Setup, personal, project, repository};

async fn bob() -> Harness {
    let mut program = Harness::start(Setup {
        size: (160, 50),
        ..Setup::default()
    })
    .await;
    program.sign_in("bob").await;
    program
}

#[tokio::test]
async fn bob_is_told_why_he_may_create_no_repository_token_and_what_he_can_do() {
    let mut program = bob().await;
    program.keys("/platform<enter>").await;
    program.shows(
        "– You do not administer it: only its administrators create tokens here. Press m for a \
                   personal token: it can do here what you can.",
    );
    program.keys("/billing<enter>").await;
    program.shows("The HTTP access tokens of billing-api cannot be shown.");
    program.shows(
        "Bitbucket lets only administrators of billing-api or of Platform (PLAT) make tokens here.",
    );
    program.shows("Press m for a personal token: it acts as you and reaches what you reach.");
    program.shows("Or ask an administrator of Platform (PLAT) to make you one here.");
    program.keys("n").await;
    program.shows("! Bitbucket lets only administrators of billing-api or of Platform (PLAT) make tokens here. Press m for a personal token, or ask an administrator of Platform (PLAT).");
    program.keys("<enter>").await;
    program.shows("The HTTP access tokens of billing-api cannot be shown.");
    program.keys("n").await;
    program.shows("! Bitbucket lets only administrators of billing-api");
    program.hides("What is it for?");
    assert_eq!(program.count_requests(&Method::PUT, ""), 0);

    // And what he can do instead works.
    program.keys("mn<enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&personal("bob")).await;
    assert_eq!(
        token.permissions.unwrap().to_api(),
        ["PROJECT_READ", "REPO_WRITE"]
    );
    assert!(
        program
            .new_tokens(&repository("PLAT", "billing-api"))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn bob_is_told_the_same_at_the_row_of_a_repository() {
    let mut program = bob().await;
    program.keys("/platform<enter>n").await;
    program.shows("! Bitbucket lets only administrators of api-gateway or of Platform (PLAT) make tokens here. Press m for a personal token, or ask an administrator of Platform (PLAT).");
    assert_eq!(program.count_requests(&Method::PUT, ""), 0);
}

#[tokio::test]
async fn bob_is_told_the_same_of_project_tokens() {
    let mut program = bob().await;
    program.keys("/platform<enter><esc><esc>n").await;
    program.shows("Bitbucket lets only administrators of Platform (PLAT) make project tokens.");
    program.keys("s").await;
    program.shows("The HTTP access tokens of Platform (PLAT) cannot be shown.");
    program.keys("m").await;
    program.shows("HTTP access tokens of your account");
    assert!(program.new_tokens(&project("PLAT")).await.is_empty());
}

#[tokio::test]
async fn alice_administers_two_repositories_of_a_project_that_is_not_hers() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("/retail<enter>").await;
    program.is_on("android-app");
    program.keys("n<enter><enter>").await;
    program.shows("Token ready");
    program
        .new_token(&repository("RETAIL", "android-app"))
        .await;
}

#[tokio::test]
async fn who_loses_the_right_at_the_last_moment_is_told_at_the_form() {
    let mut program = bob().await;
    program.keys("mn<enter>").await;
    program.fault(
        Some(Method::PUT),
        "",
        1,
        FaultEffect::Status(401, "You are not permitted to access this resource".into()),
    );
    program.keys("<enter>").await;
    program.shows("The token was not created.");
    program.shows("[ Create token ]");
    program.keys("<enter>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn root_sees_everything_and_may_everything() {
    let mut program = Harness::new().await;
    program.sign_in("root").await;
    program.keys("/security<enter>").await;
    program.is_on("pentest-reports");
    program.keys("n<enter><enter>").await;
    program.shows("Token ready");
    program
        .new_token(&repository("SEC", "pentest-reports"))
        .await;
}
