//! The form for a new token: presets, the two scales, name and expiry.

use bbtoken::bitbucket::When;

use crate::harness::{Harness, Setup, in_days, personal, project, repository};

/// At the form for a token of the account, project or repository that the keys lead to, wide enough
/// that no sentence is broken.
async fn form(keys: &str) -> Harness {
    let mut program = Harness::start(Setup {
        size: (200, 60),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys(keys).await;
    program.shows("What is it for?");
    program
}

const ACCOUNT: &str = "mn";
const PROJECT: &str = "n";
const REPOSITORY: &str = "<enter>n";
const CUSTOM: &str = "<down><down><down><down>";

#[tokio::test]
async fn the_recommended_preset_is_starred_first_and_explained() {
    let mut program = form(REPOSITORY).await;
    program.is_on("★ git, read and write");
    program.shows("RECOMMENDED");
    program.shows("✓ clone and pull api-gateway");
    program.shows("✓ push to api-gateway");
    program.shows("– reach any other repository");
    program.shows("– create or change tokens");
    program.shows("The least that git needs to clone, pull and push.");
}

#[tokio::test]
async fn the_preset_read_only_cannot_push() {
    for (keys, permissions) in [
        (ACCOUNT, &["PROJECT_READ", "REPO_READ"][..]),
        (PROJECT, &["PROJECT_READ", "REPO_READ"]),
        (REPOSITORY, &["REPO_READ"]),
    ] {
        let mut program = form(keys).await;
        program.keys("<down>").await;
        program.is_on("git, read only");
        program.shows("– push");
        program.keys("<enter><enter>").await;
        program.shows("Token ready");
        let place = match keys {
            ACCOUNT => personal("alice"),
            PROJECT => project("PLAT"),
            _ => repository("PLAT", "api-gateway"),
        };
        let token = program.new_token(&place).await;
        assert_eq!(token.permissions.unwrap().to_api(), permissions);
        assert!(token.name.starts_with("git read only for alice"));
    }
}

#[tokio::test]
async fn the_preset_for_pull_requests_says_what_it_does() {
    let mut program = form(PROJECT).await;
    program.keys("<down><down>").await;
    program.is_on("git and pull requests");
    program.shows("✓ create and change pull requests");
    program.shows("90 days");
    program.keys("<enter><enter>").await;
    let token = program.new_token(&project("PLAT")).await;
    assert_eq!(
        token.permissions.unwrap().to_api(),
        ["PROJECT_READ", "REPO_WRITE"]
    );
    assert_eq!(token.expires.at(), Some(in_days(90)));
    assert_eq!(
        token.name,
        "git and pull requests for alice on laptop (PLAT)"
    );
}

#[tokio::test]
async fn the_preset_administration_warns() {
    let mut program = form(PROJECT).await;
    program.keys("<down><down><down>").await;
    program.is_on("administration");
    program.shows("! This token can change settings and");
    program.shows("✓ change project settings");
    program.keys("<enter><enter>").await;
    let token = program.new_token(&project("PLAT")).await;
    assert_eq!(
        token.permissions.unwrap().to_api(),
        ["PROJECT_ADMIN", "REPO_ADMIN"]
    );
    assert_eq!(token.expires.at(), Some(in_days(30)));
}

/// Once, at 80×24 the warning came last and was cut off.
#[tokio::test]
async fn the_warning_is_seen_in_every_window() {
    for size in [(80, 24), (120, 40), (50, 15)] {
        for keys in [ACCOUNT, PROJECT, REPOSITORY] {
            let mut program = Harness::start(Setup {
                size,
                ..Setup::default()
            })
            .await;
            program.sign_in("alice").await;
            program.keys(keys).await;
            program.hides("! Whoever");
            program.keys("<down><down><down>").await;
            // In a column of its own, so line by line.
            program.shows("! This token can change");
            program.shows("expiry.");
        }
    }
}

#[tokio::test]
async fn custom_offers_both_scales_and_begins_with_the_least_that_git_needs() {
    let mut program = form(ACCOUNT).await;
    program.keys(CUSTOM).await;
    program.is_on("custom");
    program.shows("Project ‹ read › write (admin)");
    program.shows("Repository read ‹ write › admin");
    program.keys("<tab><right><tab><right>").await;
    program.shows("Project read ‹ write › admin");
    program.shows("Repository (read) write ‹ admin ›");
    program.keys("<enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&personal("alice")).await;
    assert_eq!(
        token.permissions.unwrap().to_api(),
        ["PROJECT_WRITE", "REPO_ADMIN"]
    );
}

#[tokio::test]
async fn a_combination_that_bitbucket_refuses_cannot_be_chosen_and_says_why() {
    let mut program = form(PROJECT).await;
    program.keys(CUSTOM).await;
    program.keys("<tab><right><right>").await;
    program.shows(
        "Project admin needs at least Repository admin: the repository level may not be below the project level.",
    );
    program.shows("Project read ‹ write › (admin)");
    program.keys("<tab><left>").await;
    program.shows("Project write needs at least Repository write");
    program.shows("Repository (read) ‹ write › admin");
    program.keys("<enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&project("PLAT")).await;
    assert_eq!(
        token.permissions.unwrap().to_api(),
        ["PROJECT_WRITE", "REPO_WRITE"]
    );
}

#[tokio::test]
async fn a_repository_token_has_one_scale_only() {
    let mut program = form(REPOSITORY).await;
    program.keys(CUSTOM).await;
    program.hides("Project ‹");
    program.shows("Repository read ‹ write › admin");
    program.keys("<tab><right><right><right>").await;
    program.shows("Repository read write ‹ admin ›");
    program.keys("<left><left><left>").await;
    program.shows("Repository ‹ read › write admin");
    program.keys("<enter><enter>").await;
    let token = program.new_token(&repository("PLAT", "api-gateway")).await;
    assert_eq!(token.permissions.unwrap().to_api(), ["REPO_READ"]);
}

#[tokio::test]
async fn enter_on_custom_goes_to_its_scales_first() {
    let mut program = form(PROJECT).await;
    program.keys(CUSTOM).await;
    program.keys("<enter>").await;
    program.is_on("Project     ‹ read ›");
    program.hides("enter creates it");
}

#[tokio::test]
async fn the_name_can_be_edited_and_a_preset_does_not_write_over_it() {
    let mut program = form(ACCOUNT).await;
    program.keys("<tab><c-u>my own name?<s-tab><down>").await;
    program.shows("my own name?");
    program.keys("<enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&personal("alice")).await;
    assert_eq!(token.name, "my own name?");
    assert_eq!(
        token.permissions.unwrap().to_api(),
        ["PROJECT_READ", "REPO_READ"]
    );
}

#[tokio::test]
async fn a_name_can_be_pasted_and_its_line_ends_do_nothing() {
    let mut program = form(ACCOUNT).await;
    program.keys("<tab><c-u>").await;
    program.paste("two\nlines\n").await;
    program.keys("<enter>").await;
    program.shows("enter creates it");
    program.keys("<enter>").await;
    assert_eq!(
        program.new_token(&personal("alice")).await.name,
        "two lines"
    );
}

#[tokio::test]
async fn a_token_needs_a_name() {
    let mut program = form(ACCOUNT).await;
    program.keys("<tab><c-u>   <enter>").await;
    program.shows("Give the token a name.");
    program.hides("enter creates it");
    assert!(program.new_tokens(&personal("alice")).await.is_empty());
}

#[tokio::test]
async fn a_name_that_is_too_long_is_counted_and_refused_before_it_is_sent() {
    let mut program = form(ACCOUNT).await;
    program.keys("<tab><c-u>").await;
    program.paste(&"x".repeat(256)).await;
    program.shows("256/255");
    program.keys("<tab><tab><enter>").await;
    program.shows("The name has 256 characters; at most 255 are allowed. Shorten it.");
    assert_eq!(program.count_requests(&reqwest::Method::PUT, ""), 0);
    // The field has the focus: one key mends it.
    program.keys("<backspace><enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&personal("alice")).await;
    assert_eq!(token.name, "x".repeat(255));
}

#[tokio::test]
async fn the_expiry_goes_through_the_usual_times_and_shows_the_date() {
    let mut program = form(ACCOUNT).await;
    program.keys("<tab><tab>").await;
    program.is_on("90 days ›  Monday, 22 February 2027");
    program.keys("<left>").await;
    program.is_on("30 days ›  Thursday, 24 December 2026");
    program.keys("<right><right>").await;
    program.is_on("365 days ›  Wednesday, 24 November 2027");
    program.keys("<right>").await;
    program.is_on("none ›  ! until it is revoked");
    program.keys("<enter><enter>").await;
    program.shows("never expires");
    assert_eq!(
        program.new_token(&personal("alice")).await.expires,
        When::Never
    );
}

#[tokio::test]
async fn thirty_days_are_thirty_days_on_the_server() {
    let mut program = form(ACCOUNT).await;
    program.keys("<tab><tab><left><enter><enter>").await;
    program.shows("expires 24 December 2026");
    let token = program.new_token(&personal("alice")).await;
    assert_eq!(token.expires.at(), Some(in_days(30)));
}

#[tokio::test]
async fn any_number_of_days_can_be_typed() {
    let mut program = form(ACCOUNT).await;
    program.keys("<tab><tab>7").await;
    program.is_on("7 days ›  Tuesday, 1 December 2026");
    program.keys("<enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&personal("alice")).await;
    assert_eq!(token.expires.at(), Some(in_days(7)));
}

#[tokio::test]
async fn no_number_of_days_is_no_expiry_and_says_so() {
    let mut program = form(ACCOUNT).await;
    program.keys("<tab><tab>0<enter>").await;
    program.shows("Type a number of days, 1 or more.");
    program.hides("enter creates it");
    program.keys("<backspace>12<enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&personal("alice")).await;
    assert_eq!(token.expires.at(), Some(in_days(12)));
}

#[tokio::test]
async fn an_expiry_that_was_chosen_survives_another_preset() {
    let mut program = form(ACCOUNT).await;
    program.keys("<tab><tab>45<s-tab><s-tab><down><down>").await;
    program.shows("45 days");
}

#[tokio::test]
async fn esc_leaves_the_form_and_creates_nothing() {
    let mut program = form(ACCOUNT).await;
    program.keys("<enter><esc>").await;
    program.shows("+ New token");
    program.hides("What is it for?");
    assert!(program.new_tokens(&personal("alice")).await.is_empty());
}

#[tokio::test]
async fn in_the_smallest_window_the_button_and_the_answers_of_a_question_are_there() {
    let mut program = Harness::start(Setup {
        size: (40, 10),
        clipboard: false,
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("mn").await;
    program.shows("[ Create token ]");
    program.keys("<down><down><down><down>").await;
    program.shows("‹ write ›");
    program.shows("↓ 10 more");
    program.keys("<home><up><up><up><up><enter>").await;
    program.shows("[ Create token ]");
    program.keys("<enter><enter>").await;
    // Nobody agrees to what cannot be read.
    program.shows("y  read on first");
    program.keys("y").await;
    program.shows("y  read on first");
    program.keys(&"<down>".repeat(9)).await;
    for answer in [
        "y  leave it behind",
        "x  revoke it and leave",
        "n  stay here",
    ] {
        program.shows(answer);
    }
}

#[tokio::test]
async fn the_help_stops_scrolling_at_its_end() {
    let mut program = Harness::start(Setup::default()).await;
    program.sign_in("alice").await;
    program.keys("?").await;
    let first = program.text();
    program.keys(&"<down>".repeat(60)).await;
    program.shows("Suspend bbtoken; fg brings it back.");
    let last = program.text();
    program.keys("<up>").await;
    assert_ne!(program.text(), last, "one press is enough to go on");
    program.keys(&"<up>".repeat(60)).await;
    assert_eq!(program.text(), first);
}
