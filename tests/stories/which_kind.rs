//! Which kind of token? Each way through the questions, up to the token on the server.

use bbtoken::config::Config;
use bbtoken::preset;

use crate::harness::{Harness, Setup, in_days, personal, project, repository, signed_in};

#[tokio::test]
async fn i_myself_get_a_personal_token_for_git() {
    let mut program = signed_in("alice").await;
    program.keys("w").await;
    program.shows("Who will use the token?");
    program.is_on("I myself");
    program.keys("<enter>").await;
    program.shows("✓ I myself, with git on my own computers");
    program.shows("What does it have to do?");
    program.keys("j<enter>").await;
    program.shows("A personal token");
    program.shows("It acts as you and reaches what you reach");
    program.shows("Its preset is \"git, read and write\". The least that git needs");
    program.keys("<enter>").await;
    program.shows("Manage account › HTTP access tokens › New token");
    program.is_on("★ git, read and write");
    program.keys("<enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&personal("alice")).await;
    assert_eq!(
        token.permissions.unwrap().to_api(),
        ["PROJECT_READ", "REPO_WRITE"]
    );
}

#[tokio::test]
async fn a_tool_for_one_repository_gets_a_token_of_that_repository() {
    let mut program = signed_in("alice").await;
    program.keys("<enter>jw").await;
    program.keys("j<enter><enter><enter>").await;
    program.shows("A repository token for billing-api");
    program.shows("It reaches this one repository and nothing else");
    program.shows("Its preset is \"git, read only\"");
    program.keys("<enter>").await;
    program.shows("• git, read only");
    program.shows("Which tool?");
    program.keys("code search<enter><enter>").await;
    let token = program.new_token(&repository("PLAT", "billing-api")).await;
    assert_eq!(token.name, "code search billing-api");
    assert_eq!(token.permissions.unwrap().to_api(), ["REPO_READ"]);
    // As with n: the list of its tokens, and below that the repositories.
    program.keys("<enter>y").await;
    program.shows("HTTP access tokens of billing-api");
    program.keys("<esc>").await;
    program.is_on("billing-api");
}

#[tokio::test]
async fn a_build_server_for_a_whole_project_gets_a_project_token_from_any_of_its_repositories() {
    for keys in ["", "<enter>j", "<enter>j<enter>"] {
        let mut program = signed_in("alice").await;
        program.keys(keys).await;
        program.keys("wj<enter>jj<enter>jj<enter>").await;
        program.shows("A project token for Platform (PLAT)");
        program.keys("<enter>").await;
        program.shows("• git and pull requests");
        program.is_on("such as Jenkins");
        program.keys("Jenkins<enter><enter>").await;
        let token = program.new_token(&project("PLAT")).await;
        assert_eq!(token.name, "Jenkins PLAT");
        assert_eq!(
            token.permissions.unwrap().to_api(),
            ["PROJECT_READ", "REPO_WRITE"]
        );
        assert_eq!(token.expires.at(), Some(in_days(90)));
    }
}

#[tokio::test]
async fn settings_need_administration_and_its_warning_is_said() {
    let mut program = signed_in("alice").await;
    program.keys("wj<enter>jj<enter>jjjjj<enter>").await;
    program.shows("Its preset is \"administration\". This token can change settings");
    program.keys("<enter>").await;
    program.shows("• administration");
}

#[tokio::test]
async fn several_projects_need_a_technical_user_and_its_price_is_named() {
    let mut program = Harness::start(Setup {
        config: Config {
            help: Some("Service desk, extension 4711".to_owned()),
            ..Config::default()
        },
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("wj<enter>jjj<enter>").await;
    program.shows("A technical user");
    program.shows("it uses a licence, as a person does.");
    program.shows("Ask your administrators for it.");
    program.shows("Whom to ask: Service desk, extension 4711");
    program.shows("[ Back to the list ]");
    program.keys("<enter>").await;
    program.shows("Platform");
    program.hides("technical user");
}

#[tokio::test]
async fn what_was_answered_is_filled_in_also_where_the_repository_is_chosen_later() {
    for start in ["", "m"] {
        let mut program = signed_in("alice").await;
        program.keys(start).await;
        program.keys("wj<enter><enter>jj<enter>").await;
        program.shows("Choose the repository in the list and press n");
        program.shows("the form opens with the preset \"git and pull requests\" chosen");
        program.keys("<enter>").await;
        program.is_on("PLAT");
        program.shows("→ Step 3 of 6: choose the project of the repository, then press enter.");
        program.keys("<enter>j").await;
        program.shows("→ Step 3 of 6: choose the repository for the token, then press n.");
        program.keys("n").await;
        program.shows("• git and pull requests");
        program.keys("Jenkins<enter><enter>").await;
        let token = program.new_token(&repository("PLAT", "billing-api")).await;
        assert_eq!(token.name, "Jenkins billing-api");
        assert_eq!(token.expires.at(), Some(in_days(90)));
        // What was wanted is done: the next token is what people usually need.
        program.keys("<enter>yn").await;
        program.is_on("★ git, read and write");
        program.shows("‹ git on this computer ›");
    }
}

#[tokio::test]
async fn the_project_of_a_tool_can_be_chosen_later_and_another_answer_takes_its_place() {
    let mut program = signed_in("alice").await;
    program.keys("mwj<enter>jj<enter><enter><enter>").await;
    program.shows("→ Step 3 of 6: choose the project for the token, then press n.");
    program.keys("n").await;
    program.shows("Platform (PLAT) › Project settings");
    program.shows("• git, read only");
    program.is_on("such as Jenkins");
    // Whoever asks again is asked again.
    program.keys("<esc>wj<enter>jj<enter>j<enter><enter>").await;
    program.shows("• ★ git, read and write");
}

#[tokio::test]
async fn a_few_repositories_get_a_token_each_and_the_answers_are_kept_for_all_of_them() {
    let mut program = signed_in("alice").await;
    program.keys("<enter>wj<enter>j<enter>").await;
    program.shows("Can it hold a token for each of them?");
    program.keys("<enter><enter>").await;
    program.shows("A repository token for each");
    program.shows("The first one is for api-gateway.");
    program.keys("<enter>").await;
    program.shows("• git, read only");
    program.keys("mirror<enter><enter><enter>y<esc>").await;
    for slug in ["billing-api", "checkout-web"] {
        program.keys("j").await;
        program.is_on(slug);
        program.keys("n").await;
        program.is_on("git, read only");
        program.shows("Which tool?  mirror");
        program.keys("<enter><enter><enter>y<esc>").await;
        let token = program.new_token(&repository("PLAT", slug)).await;
        assert_eq!(token.name, format!("mirror {slug}"));
        assert_eq!(token.permissions.unwrap().to_api(), ["REPO_READ"]);
    }
}

#[tokio::test]
async fn a_tool_that_holds_one_token_gets_a_project_token_or_needs_a_technical_user() {
    let mut program = signed_in("alice").await;
    program.keys("wj<enter>j<enter>j").await;
    program.shows("it reaches every repository of the project, also those that come later");
    program.keys("<enter><enter>").await;
    program.shows("A project token for Platform (PLAT)");
    program.keys("<esc><esc>j<enter>").await;
    program.shows("A technical user");
    program.shows("with rights on exactly these repositories");
    program
        .shows("Or, without a licence: a repository token for each, if the tool can hold several.");
}

#[tokio::test]
async fn esc_goes_back_one_question_and_keeps_the_answer_under_the_cursor() {
    let mut program = signed_in("alice").await;
    program.keys("wj<enter>jj<enter>j<enter>").await;
    program.shows("A project token for Platform");
    program.keys("<esc>").await;
    program.is_on("Push too");
    program.keys("<esc>").await;
    program.is_on("All repositories of one project");
    program.keys("<esc>").await;
    program.is_on("A tool or a build server");
    program.keys("<esc>").await;
    program.is_on("PLAT");
    assert!(program.new_tokens(&project("PLAT")).await.is_empty());
}

#[tokio::test]
async fn an_organisation_s_own_presets_are_proposed_by_what_they_allow() {
    let presets = "[[preset]]\nname = 'mirror'\nsummary = 'fetch'\nproject = 'read'\nrepository = 'read'\ntoken_name = 'mirror'\nexpiry_days = 7\n";
    let mut program = Harness::start(Setup {
        config: Config {
            presets: preset::parse(presets).unwrap(),
            ..Config::default()
        },
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("w<enter><enter>").await;
    program.shows("Its preset is \"mirror\".");
    program.keys("<esc>j<enter>").await;
    program.shows("No preset fits, so the form has custom chosen, with Repository write.");
    program.keys("<enter>").await;
    program.is_on("custom");
    program.shows("Proj read · Repo write");
}

#[tokio::test]
async fn on_the_ready_screen_g_still_sets_git_up() {
    let mut program = signed_in("alice").await;
    program.keys("mn<enter><enter>g").await;
    program.hides("Who will use the token?");
    program.shows("Set git up");
}
