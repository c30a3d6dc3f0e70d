//! A form that somebody else has filled in: `bbtoken new`, as the person sees it who is sent the command.

use bbtoken::bitbucket::Destination;
use bbtoken::operation::draft::Proposal;
use bbtoken::simulator::{FaultEffect, Options};
use reqwest::Method;

use crate::harness::{Harness, Setup, in_days, personal, project, repository};

fn billing() -> Destination {
    Destination::Repository {
        project: "PLAT".to_owned(),
        slug: "billing-api".to_owned(),
    }
}

fn proposal() -> Proposal {
    Proposal {
        preset: Some("git-read".to_owned()),
        tool: None,
        name: Some("deploy billing".to_owned()),
        days: Some(7),
    }
}

async fn sent(user: &str, place: Destination, setup: Setup) -> Harness {
    let mut program = Harness::start(Setup {
        place: Some(place),
        proposal: setup.proposal.clone().or_else(|| Some(proposal())),
        ..setup
    })
    .await;
    program.sign_in(user).await;
    program
}

#[tokio::test]
async fn the_form_opens_filled_in_and_one_enter_makes_that_token() {
    let mut program = sent("alice", billing(), Setup::default()).await;
    program.shows("billing-api › Security › HTTP access tokens › New token");
    program.shows("→ Step 3 of 4: check what was filled in for you, then press enter.");
    program.shows("deploy billing");
    program.shows("‹ 7 days ›");
    program.is_on("Create token ]");
    assert!(
        program
            .new_tokens(&repository("PLAT", "billing-api"))
            .await
            .is_empty()
    );
    program.keys("<enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&repository("PLAT", "billing-api")).await;
    assert_eq!(token.name, "deploy billing");
    assert_eq!(token.permissions.unwrap().to_api(), ["REPO_READ"]);
    assert_eq!(token.expires.at(), Some(in_days(7)));
    // Once it is used, forms are as usual.
    program.keys("<enter>y<esc>n").await;
    program.is_on("★ git, read and write");
}

#[tokio::test]
async fn it_opens_for_the_account_and_for_a_project_and_esc_leaves_everything_as_it_was() {
    let mut program = sent("alice", Destination::Account, Setup::default()).await;
    program.shows("Manage account › HTTP access tokens › New token");
    program.keys("<esc>y").await;
    program.shows("HTTP access tokens of your account");
    assert!(program.new_tokens(&personal("alice")).await.is_empty());

    let key = "PLAT".to_owned();
    let mut program = sent("alice", Destination::Project { key }, Setup::default()).await;
    program.shows("Platform (PLAT) › Project settings › Security › HTTP access tokens › New token");
    program.keys("<enter>").await;
    assert_eq!(
        program.new_token(&project("PLAT")).await.name,
        "deploy billing"
    );
}

#[tokio::test]
async fn what_is_not_said_is_proposed_as_usual() {
    let setup = Setup {
        proposal: Some(Proposal::default()),
        size: (120, 40),
        ..Setup::default()
    };
    let mut program = sent("alice", billing(), setup).await;
    program.shows("git for alice on laptop (billing-api)");
    program.shows("‹ 90 days ›");
    program.is_on("Create token ]");
}

#[tokio::test]
async fn a_tool_gives_its_token_the_name() {
    let setup = Setup {
        proposal: Some(Proposal {
            tool: Some("Jenkins".to_owned()),
            ..Proposal::default()
        }),
        ..Setup::default()
    };
    let mut program = sent("alice", billing(), setup).await;
    program.keys("<enter>").await;
    let token = program.new_token(&repository("PLAT", "billing-api")).await;
    assert_eq!(token.name, "Jenkins billing-api");
}

#[tokio::test]
async fn what_the_server_does_not_allow_is_said_on_the_form() {
    let setup = Setup {
        options: Options {
            max_expiry_days: Some(5),
            ..Options::default()
        },
        size: (120, 40),
        ..Setup::default()
    };
    let mut program = sent("alice", billing(), setup).await;
    program.keys("<enter>").await;
    program.shows("5 days");
    program.shows("New token");
    program.is_on("7 days");
    program.keys("5<enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&repository("PLAT", "billing-api")).await;
    assert_eq!(token.expires.at(), Some(in_days(5)));
}

#[tokio::test]
async fn where_the_tokens_cannot_be_listed_just_now_the_form_opens_all_the_same() {
    let mut program = Harness::start(Setup {
        place: Some(billing()),
        proposal: Some(proposal()),
        ..Setup::default()
    })
    .await;
    let failure = FaultEffect::Status(500, "Not now.".into());
    program.fault(Some(Method::GET), "repos/billing-api?", 9, failure);
    program.sign_in("alice").await;
    program.shows("New token");
}

#[tokio::test]
async fn a_place_that_is_not_there_opens_no_form() {
    let place = Destination::Repository {
        project: "PLAT".to_owned(),
        slug: "no-such-thing".to_owned(),
    };
    let mut program = sent("alice", place, Setup::default()).await;
    program.shows("does not exist, or you may not see it");
    // And no other one later.
    program.keys("<enter>jn").await;
    program.is_on("★ git, read and write");
}

#[tokio::test]
async fn who_may_not_make_it_is_told_before_anything_is_asked_of_the_server() {
    let mut program = sent("bob", billing(), Setup::default()).await;
    program.hides("› New token");
    program.shows("You cannot create tokens here");
    assert_eq!(program.count_requests(&Method::PUT, "access-tokens"), 0);
}

#[tokio::test]
async fn in_share_mode_the_next_step_is_spelled_out_and_the_key_is_large() {
    let setup = Setup {
        share: true,
        ..Setup::default()
    };
    let mut program = sent("alice", billing(), setup).await;
    program.shows("SHARE MODE");
    program.shows("Step 3 of 4: check what was filled");
    program.shows("‹ 7 days ›");
}
