//! The three kinds of tokens, each made on every way that leads there.

use crate::harness::{Harness, in_days, personal, project, repository};

#[tokio::test]
async fn a_repository_token_is_one_key_away_from_the_repository() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("<enter>j").await;
    program.is_on("billing-api");
    program.keys("n").await;
    program.shows("Platform (PLAT) › billing-api › Security › HTTP access tokens › New token");
    program.keys("<enter><enter>").await;
    program.shows("Token ready");

    let token = program.new_token(&repository("PLAT", "billing-api")).await;
    assert_eq!(token.name, "git for alice on laptop (billing-api)");
    assert_eq!(token.permissions.unwrap().to_api(), ["REPO_WRITE"]);
    assert_eq!(token.expires.at(), Some(in_days(90)));
    assert!(program.new_tokens(&project("PLAT")).await.is_empty());
    assert!(program.new_tokens(&personal("alice")).await.is_empty());
}

async fn makes_a_project_token(keys: &str) {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys(keys).await;
    program.shows("Platform (PLAT) › Project settings › Security › HTTP access tokens › New token");
    program.keys("<enter><enter>").await;
    program.shows("Token ready");

    let token = program.new_token(&project("PLAT")).await;
    assert_eq!(token.name, "git for alice on laptop (PLAT)");
    assert_eq!(
        token.permissions.unwrap().to_api(),
        ["PROJECT_READ", "REPO_WRITE"]
    );
    assert_eq!(token.expires.at(), Some(in_days(90)));
    assert!(program.new_tokens(&personal("alice")).await.is_empty());
}

#[tokio::test]
async fn a_project_token_can_be_made_through_the_row_of_the_project_settings() {
    makes_a_project_token("<enter><home><enter><enter><enter>").await;
}

#[tokio::test]
async fn a_project_token_can_be_made_through_the_security_key() {
    makes_a_project_token("s<enter><enter>").await;
}

#[tokio::test]
async fn a_project_token_can_be_made_at_once_with_the_key_for_new_tokens() {
    makes_a_project_token("n").await;
}

#[tokio::test]
async fn in_the_security_section_the_key_for_new_tokens_works_too() {
    makes_a_project_token("sn").await;
}

async fn makes_a_personal_token(keys: &str) {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys(keys).await;
    program.shows("Manage account › HTTP access tokens › New token");
    program.keys("<enter><enter>").await;
    program.shows("Token ready");
    program.shows("the user name is alice, and the token is the password");

    let token = program.new_token(&personal("alice")).await;
    assert_eq!(token.name, "git for alice on laptop");
    assert_eq!(
        token.permissions.unwrap().to_api(),
        ["PROJECT_READ", "REPO_WRITE"]
    );
    assert_eq!(token.expires.at(), Some(in_days(90)));
}

#[tokio::test]
async fn a_personal_token_can_be_made_through_the_row_manage_account() {
    makes_a_personal_token("/manage<enter><enter>").await;
}

#[tokio::test]
async fn a_personal_token_can_be_made_from_the_row_manage_account_at_once() {
    makes_a_personal_token("jjn").await;
}

#[tokio::test]
async fn the_key_for_my_tokens_leads_to_them_from_projects() {
    makes_a_personal_token("m<enter>").await;
}

#[tokio::test]
async fn the_key_for_my_tokens_leads_to_them_from_repositories_and_security() {
    makes_a_personal_token("<enter>mn").await;
    makes_a_personal_token("<enter><enter>mn").await;
}

#[tokio::test]
async fn the_key_for_my_tokens_leads_to_them_from_another_list_of_tokens() {
    makes_a_personal_token("<enter><enter><enter>mn").await;
}

#[tokio::test]
async fn a_repository_of_ones_own_personal_project_takes_tokens() {
    let mut program = Harness::new().await;
    program.sign_in("bob").await;
    program.keys("/~bob<enter>").await;
    program.is_on("playground");
    program.keys("n<enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&repository("~bob", "playground")).await;
    assert_eq!(token.permissions.unwrap().to_api(), ["REPO_WRITE"]);
}

#[tokio::test]
async fn a_user_whose_slug_differs_from_the_name_gets_a_personal_token() {
    let mut program = Harness::new().await;
    program.sign_in("maria.lopez@nordwind.example").await;
    program.keys("mn<enter><enter>").await;
    program.shows("Token ready");
    let slug = "maria.lopez_nordwind.example";
    let token = program.new_token(&personal(slug)).await;
    assert_eq!(
        token.permissions.unwrap().to_api(),
        ["PROJECT_READ", "REPO_WRITE"]
    );
}

#[tokio::test]
async fn the_server_may_live_below_a_context_path() {
    let mut setup = crate::harness::Setup::default();
    setup.options.context_path = "/bitbucket".to_owned();
    let mut program = Harness::start(setup).await;
    program.sign_in("alice").await;
    program.keys("mn<enter><enter>").await;
    program.shows("Token ready");
    program.new_token(&personal("alice")).await;
}
