//! Who will use the token: git on this computer, or a tool, which gives the token its name.

use bbtoken::config::Config;

use crate::harness::{Harness, Setup, alice_at, personal, project, repository};

const REPOSITORY: &str = "<enter>jn";

#[tokio::test]
async fn git_on_this_computer_is_chosen_and_takes_no_further_key() {
    let mut program = alice_at(REPOSITORY, (80, 24)).await;
    program.shows("‹ git on this computer › a tool");
    program.hides("Which tool?");
    program.keys("<enter><enter>").await;
    program.shows("★ g  set git up on this computer");
    program.hides("★ c");
    let token = program.new_token(&repository("PLAT", "billing-api")).await;
    assert_eq!(token.name, "git for alice on laptop (billing-api)");
}

#[tokio::test]
async fn a_tool_s_token_is_named_after_the_tool_and_copied_or_saved_first() {
    for (keys, wanted, steps) in [
        ("mn", "Jenkins", 6),
        // The list of tokens was not gone through.
        ("n", "Jenkins PLAT", 5),
        (REPOSITORY, "Jenkins billing-api", 5),
    ] {
        let mut program = alice_at(keys, (80, 24)).await;
        program.keys("<right>").await;
        program.shows("git on this computer ‹ a tool ›");
        program.is_on("such as Jenkins");
        program.shows("Which tool?");
        let now = steps - 1;
        program.shows(&format!(
            "→ Step {now} of {steps}: type the tool's name, then press enter."
        ));
        program.keys("Jenkins").await;
        program.shows(&format!("Name {wanted}"));
        program.hides("for alice");
        program.keys("<enter><enter>").await;
        program.shows("★ c  copy the token again");
        program.shows("★ f  save it to a file");
        program.shows("g  set git up on this computer");
        program.hides("★ g");
        program.shows(&format!(
            "→ Step {steps} of {steps}: paste the token where it is needed."
        ));
        let place = match keys {
            "mn" => personal("alice"),
            "n" => project("PLAT"),
            _ => repository("PLAT", "billing-api"),
        };
        assert_eq!(program.new_token(&place).await.name, wanted);
    }
}

#[tokio::test]
async fn a_tool_without_a_name_is_asked_for_unless_the_token_has_one() {
    let mut program = alice_at(REPOSITORY, (120, 40)).await;
    program.keys("<right><enter>").await;
    program.shows("! Which tool? Type its name: the token is named after it.");
    program.is_on("such as Jenkins");
    program.keys("   <enter>").await;
    program.shows("! Which tool?");
    assert!(
        program
            .new_tokens(&repository("PLAT", "billing-api"))
            .await
            .is_empty()
    );
    // Whoever names the token need not name the tool.
    program.keys("<tab><tab>nightly scan<enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&repository("PLAT", "billing-api")).await;
    assert_eq!(token.name, "nightly scan");
}

#[tokio::test]
async fn what_was_typed_stays_while_the_other_answer_is_tried() {
    let mut program = alice_at(REPOSITORY, (120, 40)).await;
    program.keys("<right>Argo CD").await;
    program.shows("Name     Argo CD billing-api");
    program.keys("<up><left>").await;
    program.is_on("‹ git on this computer ›");
    program.shows("Name     git for alice on laptop (billing-api)");
    program.hides("Which tool?");
    program.keys("<right>").await;
    program.is_on("‹ a tool ›");
    program.shows("Argo CD billing-api");
    // A name that was typed is never changed.
    program
        .keys("<tab><tab><tab><c-u>mine<s-tab><s-tab>x<up><left>")
        .await;
    program.shows("Name     mine");
}

#[tokio::test]
async fn a_tool_s_name_can_be_pasted_and_letters_are_text_there() {
    let mut program = alice_at(REPOSITORY, (120, 40)).await;
    program.keys("<right>q?").await;
    program.shows("Name     q? billing-api");
    program.keys("<c-u>").await;
    program.paste("Sonar\nQube").await;
    program.keys("<enter><enter>").await;
    let token = program.new_token(&repository("PLAT", "billing-api")).await;
    assert_eq!(token.name, "Sonar Qube billing-api");
}

#[tokio::test]
async fn namesakes_are_numbered_for_tools_too() {
    let mut program = alice_at(REPOSITORY, (120, 40)).await;
    program.keys("<right>Jenkins<enter><enter>").await;
    program.shows("Token ready");
    program.keys("<enter>yn<right>Jenkins").await;
    program.shows("Name     Jenkins billing-api 2");
}

#[tokio::test]
async fn a_personal_token_for_a_tool_is_warned_of() {
    for size in [(80, 24), (120, 40), (50, 15)] {
        let mut program = alice_at("mn", size).await;
        program.hides("acts as");
        program.keys("<right>").await;
        program.shows("! A personal token acts as");
        let mut program = alice_at(REPOSITORY, size).await;
        program.keys("<right>").await;
        program.hides("acts as");
    }
}

#[tokio::test]
async fn the_question_fits_into_the_smallest_window() {
    let mut program = alice_at(REPOSITORY, (40, 10)).await;
    program.shows("Who? ‹ git on this computer › a tool");
    program.shows("[ Create token ]");
    program.keys("<right>").await;
    program.is_on("such as Jenkins");
    program.keys("Jenkins<enter><enter>").await;
    let token = program.new_token(&repository("PLAT", "billing-api")).await;
    assert_eq!(token.name, "Jenkins billing-api");
}

#[tokio::test]
async fn the_organisation_may_name_tools_tokens_its_own_way() {
    let mut program = Harness::start(Setup {
        config: Config {
            tool_token_name: "svc/{tool}/{place}".to_owned(),
            ..Config::default()
        },
        size: (120, 40),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("<enter>jn<right>Jenkins").await;
    program.shows("Name     svc/Jenkins/billing-api");
}
