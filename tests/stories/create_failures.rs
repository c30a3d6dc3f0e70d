//! What can go wrong while a token is created.

use std::time::Duration;

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use bbtoken::bitbucket::{BaseUrl, Client, TokenSpec};
use bbtoken::permission::{Level, Permissions};
use bbtoken::secret::Secret;
use bbtoken::simulator::FaultEffect;
use bbtoken::terminal::Input;
use reqwest::Method;
use serde_json::json;
use tempfile::TempDir;

use crate::front::{Front, Turn};
use crate::harness::{Harness, Setup, in_days, personal, repository};

/// At the button of the form for a personal token.
async fn at_the_button(change: impl FnOnce(&mut Setup)) -> Harness {
    let mut setup = Setup {
        size: (160, 50),
        ..Setup::default()
    };
    change(&mut setup);
    let mut program = Harness::start(setup).await;
    program.sign_in("alice").await;
    program.keys("mn<enter>").await;
    program.shows("enter creates it");
    program
}

async fn with_fault(effect: FaultEffect) -> Harness {
    let program = at_the_button(|_| {}).await;
    program.fault(Some(Method::PUT), "", 1, effect);
    program
}

async fn created(program: &Harness) -> usize {
    program.new_tokens(&personal("alice")).await.len()
}

#[tokio::test]
async fn an_expiry_above_the_policy_leads_to_the_expiry_with_the_servers_words() {
    let mut program = at_the_button(|setup| setup.options.max_expiry_days = Some(60)).await;
    program.keys("<enter>").await;
    program.shows("The token was not created.");
    program.shows("The expiry must be at most 60 days.");
    program.is_on("90 days");
    program.keys("<left><enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&personal("alice")).await;
    assert_eq!(token.expires.at(), Some(in_days(30)));
}

#[tokio::test]
async fn a_policy_that_wants_an_expiry_leads_to_the_expiry_too() {
    let mut program = at_the_button(|setup| setup.options.expiry_required = true).await;
    program.keys("<s-tab><right><right><enter><enter>").await;
    program.shows("An expiry is required.");
    program.is_on("none");
    assert_eq!(created(&program).await, 0);
}

#[tokio::test]
async fn more_tokens_than_the_server_allows_are_refused_in_its_words() {
    let mut program = at_the_button(|setup| setup.options.max_tokens = 3).await;
    program.keys("<enter>").await;
    program.shows("The token was not created.");
    program.shows("Bitbucket says: The maximum number of access tokens (3) has been reached.");
    assert_eq!(created(&program).await, 0);
    // What was chosen is still there.
    program.shows("git for alice on laptop");
    program.keys("<esc>").await;
    program.is_on("+ New token");
}

const SHORT_NAMES: &str = "The name must be between 1 and 20 characters long.";

/// In front of the simulator: a server that takes shorter names than we know of, and says so as
/// Bitbucket does.
async fn server_of_short_names(simulator: &str) -> Front {
    Front::of(simulator, |method, _, sent| {
        let name = sent["name"].as_str().unwrap_or("");
        if *method != Method::PUT || name.chars().count() <= 20 {
            return Turn::Pass;
        }
        let error = json!({ "errors": [{
            "context": "name",
            "message": SHORT_NAMES,
            "exceptionName": "com.atlassian.bitbucket.validation.ArgumentValidationException",
        }] });
        Turn::Instead((StatusCode::BAD_REQUEST, Json(error)).into_response())
    })
    .await
}

#[tokio::test]
async fn a_name_that_the_server_refuses_leads_to_the_name() {
    let mut program = Harness::start(Setup {
        size: (160, 50),
        ..Setup::default()
    })
    .await;
    let front = server_of_short_names(&program.base_url).await;
    program.keys("<c-u>").await;
    program.paste(&front.address).await;
    program.sign_in("alice").await;
    program.keys("mn<enter><enter>").await;
    program.shows("The token was not created.");
    program.shows(&format!("Bitbucket says: {SHORT_NAMES}"));
    program.shows("Change it. What you typed is still there.");
    assert_eq!(created(&program).await, 0);
    // The name has the focus: what is typed goes there, and the refusal is forgotten.
    program.keys("<c-u>short").await;
    program.hides("Bitbucket says");
    program.keys("<enter><enter>").await;
    program.shows("Token ready");
    assert_eq!(program.new_token(&personal("alice")).await.name, "short");
}

#[tokio::test]
async fn a_combination_that_only_this_server_refuses_is_told_in_its_words() {
    let words = "Tokens may not have the following permission: REPO_WRITE";
    let mut program = with_fault(FaultEffect::Status(400, words.into())).await;
    program.keys("<enter>").await;
    program.shows(words);
    program.shows("What is it for?");
    program.keys("<enter>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn a_refusal_is_forgotten_as_soon_as_the_form_changes() {
    let mut program = with_fault(FaultEffect::Status(400, "no such thing".into())).await;
    program.keys("<enter>").await;
    program.shows("no such thing");
    program.keys("<s-tab><right>").await;
    program.hides("no such thing");
}

#[tokio::test]
async fn a_repository_that_is_gone_says_so() {
    let mut program = Harness::start(Setup {
        size: (160, 50),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("<enter>n<enter>").await;
    let words = "Repository PLAT/api-gateway does not exist.";
    program.fault(
        Some(Method::PUT),
        "",
        1,
        FaultEffect::Status(404, words.into()),
    );
    program.keys("<enter>").await;
    program.shows("It does not exist, or you may not see it.");
    program.shows(words);
    assert!(
        program
            .new_tokens(&repository("PLAT", "api-gateway"))
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn too_many_requests_say_to_wait_and_create_nothing() {
    let retry_after = Duration::from_secs(9);
    let mut program = with_fault(FaultEffect::RateLimited { retry_after }).await;
    program.keys("<enter>").await;
    program.shows("Nothing was created.");
    program.shows("Wait 9 seconds. Press enter to try again then.");
    program.shows("The pause ends at 09:00:09.");
    assert_eq!(created(&program).await, 0);
    program.keys("<enter>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn a_token_whose_answer_got_lost_is_found_and_revoked() {
    let mut program = with_fault(FaultEffect::LoseAnswer).await;
    program.keys("<enter>").await;
    assert_eq!(program.count_requests(&Method::PUT, ""), 1, "never twice");
    program.shows("A token without a secret");
    program.shows("Bitbucket has a token \"git for alice on laptop\" (just now).");
    program.shows("The answer with its secret got lost");
    assert_eq!(created(&program).await, 1);
    program.keys("y").await;
    program.shows("Revoked. Press enter to create the token again.");
    assert_eq!(created(&program).await, 0);
    program.keys("<enter>").await;
    program.shows("Token ready");
    assert_eq!(created(&program).await, 1);
}

#[tokio::test]
async fn an_orphan_can_be_left_in_the_list() {
    let mut program = with_fault(FaultEffect::LoseAnswer).await;
    program.keys("<enter>n").await;
    program.shows("What is it for?");
    assert_eq!(created(&program).await, 1);
    program.keys("<esc>").await;
    program.shows("git for alice on laptop");
}

#[tokio::test]
async fn what_the_list_does_not_show_may_still_come() {
    let mut program = with_fault(FaultEffect::Cut).await;
    program.keys("<enter>").await;
    program.shows("Bitbucket's answer got lost, and the token is not in the list yet. It may still appear: bbtoken checks again when the list is read, and at the next start. Press enter to try again.");
    program.hides("othing was created");
    assert_eq!(program.count_requests(&Method::PUT, ""), 1, "never twice");
    assert_eq!(created(&program).await, 0);
    program.keys("<enter>").await;
    program.shows("Token ready");
    assert_eq!(created(&program).await, 1);
}

/// A token of the same name that was there before is somebody's, and no orphan.
#[tokio::test]
async fn an_older_token_of_the_same_name_is_not_taken_for_the_orphan() {
    let mut program = at_the_button(|_| {}).await;
    program.keys("<enter><enter>y").await;
    program.is_on("git for alice on laptop");
    program.advance(Duration::from_secs(3600)).await;
    program.keys("n<tab><backspace><backspace><enter>").await;
    program.fault(Some(Method::PUT), "", 1, FaultEffect::Cut);
    program.keys("<enter>").await;
    program.shows("the token is not in the list yet");
    assert_eq!(created(&program).await, 1);
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_a_lost_one() {
    for effect in [
        FaultEffect::Html(200),
        FaultEffect::Garbage,
        FaultEffect::Html(502),
        FaultEffect::Html(504),
        FaultEffect::Html(403),
        FaultEffect::Html(503),
        FaultEffect::Status(500, "disk full".into()),
        FaultEffect::Status(503, "maintenance".into()),
        FaultEffect::Redirect("/login".into()),
    ] {
        let mut program = with_fault(effect.clone()).await;
        program.keys("<enter>").await;
        program.shows("the token is not in the list yet");
        assert_eq!(program.count_requests(&Method::PUT, ""), 1, "{effect:?}");
    }
}

#[tokio::test]
async fn if_the_list_cannot_be_read_either_enter_looks_again() {
    let mut program = with_fault(FaultEffect::LoseAnswer).await;
    program.fault(Some(Method::GET), "/access-tokens", 1, FaultEffect::Cut);
    program.keys("<enter>").await;
    program.keys("<tab>").await;
    program.shows(
        "It is not known yet whether the token exists. Press enter to check again, or esc to give up.",
    );
    assert_eq!(program.count_requests(&Method::PUT, ""), 1);
    program.keys("<enter>").await;
    program.shows("A token without a secret");
    program.keys("y").await;
    assert_eq!(program.count_requests(&Method::PUT, ""), 1);
    assert_eq!(created(&program).await, 0);
}

#[tokio::test]
async fn an_orphan_that_cannot_be_revoked_is_named() {
    let mut program = with_fault(FaultEffect::LoseAnswer).await;
    program.fault(
        Some(Method::DELETE),
        "",
        1,
        FaultEffect::Status(409, "Not now.".into()),
    );
    program.keys("<enter>y").await;
    program.shows("\"git for alice on laptop\" was not revoked.");
    program.shows("Press x in the list to try again.");
    assert_eq!(created(&program).await, 1);
    program.keys("<esc>").await;
    program.is_on("+ New token");
    program.shows("git for alice on laptop");
}

#[tokio::test]
async fn the_server_dies_while_it_creates() {
    let mut program = with_fault(FaultEffect::Hang).await;
    program.press_only("<enter>");
    program.until_asked(&Method::PUT, "").await;
    program.shows("Bitbucket is creating the token …");
    program.stop_server().await;
    program.settle().await;
    program.keys("q").await;
    assert!(!program.has_quit(), "is not known yet");
    program.shows("It is not known yet whether the token exists.");
    program.keys("<enter>").await;
    program.shows("The list of tokens could not be read.");
    program.shows("Wait a minute, then press enter to look again. Or look yourself: ");
    program.shows("/plugins/servlet/access-tokens/");
    program.hides("The token was not created.");
    program.keys("<esc>").await;
    program.shows("Look for \"git for alice on laptop\" in the list later");
    program.shows("+ New token");
    program.keys("<esc>").await;
    program.keys("q").await;
    assert!(program.has_quit());
}

/// A process that has to end does not wait for ever for a server that has gone.
#[tokio::test]
async fn a_process_that_has_to_end_ends_although_nobody_can_tell_what_became_of_the_token() {
    let mut program = with_fault(FaultEffect::Hang).await;
    program.press_only("<enter>");
    program.until_asked(&Method::PUT, "").await;
    program.input_only(Input::Terminate);
    program.stop_server().await;
    program.settle().await;
    assert!(program.has_quit());
}

#[tokio::test]
async fn a_process_that_has_to_end_first_finds_out_whether_there_is_a_token_that_nobody_has() {
    let mut program = with_fault(FaultEffect::LoseAnswer).await;
    let slow = FaultEffect::Delay(Duration::from_millis(200));
    program.fault(Some(Method::GET), "/access-tokens/", 1, slow);
    program.press_only("<enter>");
    program.until_shows("Bitbucket's answer got lost").await;
    program.input_only(Input::Terminate);
    assert!(!program.has_quit());
    program.settle().await;
    assert!(program.has_quit());
    assert_eq!(created(&program).await, 0);
}

/// A token that somebody made before, under the name that is proposed here.
#[tokio::test]
async fn an_older_unused_token_of_the_name_is_mentioned_but_not_revoked() {
    let mut program = Harness::start(Setup {
        size: (160, 50),
        ..Setup::default()
    })
    .await;
    let password = Secret::new("alice".to_owned());
    let base = BaseUrl::parse(&program.base_url).unwrap();
    let client = Client::anonymous(base).unwrap();
    let client = client
        .sign_in("alice", &password)
        .await
        .unwrap()
        .done()
        .unwrap()
        .client;
    let spec = TokenSpec {
        name: "git for alice on laptop".to_owned(),
        permissions: Permissions::new(Level::Read, Level::Write),
        expiry_days: None,
    };
    client
        .create_token(&personal("alice"), &spec)
        .await
        .unwrap();
    program.clock.advance(Duration::from_secs(3600));
    program.sign_in("alice").await;
    // The form would number it; whoever types may want the same name.
    program.keys("mn<tab>").await;
    program.keys("<backspace><backspace><enter>").await;
    program.fault(Some(Method::PUT), "", 1, FaultEffect::Cut);
    program.keys("<enter>").await;
    program.shows("It shows an older one of this name that nobody has used.");
    program.hides("Revoke it");
}

/// Finding out takes no longer than twenty seconds of the program's clock.
#[tokio::test]
async fn a_list_that_never_comes_is_waited_for_only_so_long() {
    let mut program = with_fault(FaultEffect::LoseAnswer).await;
    program.fault(Some(Method::GET), "/access-tokens/", 1, FaultEffect::Hang);
    program.press_only("<enter>");
    program.until_shows("looking whether").await;
    program.until_asked(&Method::GET, "/access-tokens/").await;
    program.pass(Duration::from_secs(19));
    program.shows("looking whether");
    program.advance(Duration::from_secs(1)).await;
    program.shows("It is not known yet whether the token exists.");
    program.shows("in time");
    program.shows("/plugins/servlet/access-tokens/");
    program.keys("<enter>").await;
    program.shows("A token without a secret");
}

/// The journal cannot be written: that is known before anything is created.
#[tokio::test]
async fn without_a_journal_nothing_is_created_before_that_is_said() {
    let home = TempDir::new().unwrap();
    let state = home.path().join(".local/state/bbtoken");
    std::fs::create_dir_all(&state).unwrap();
    std::fs::write(state.join("journal"), "a file where a directory should be").unwrap();
    let mut program = at_the_button(|setup| setup.home = Some(home)).await;
    program.keys("<enter>").await;
    program.shows("Nothing was created yet. bbtoken cannot record that it is creating a token (");
    program.shows("journal: ");
    program.shows("Press enter to create it anyway.");
    assert_eq!(program.count_requests(&Method::PUT, ""), 0);
    program.keys("<enter>").await;
    program.shows("Token ready");
    assert_eq!(created(&program).await, 1);
}
