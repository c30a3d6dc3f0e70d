//! What can go wrong while something is read: what was there stays, and `r` tries again.

use std::time::Duration;

use bbtoken::simulator::FaultEffect;
use reqwest::Method;

use crate::harness::{Harness, Setup, personal};

async fn signed_in() -> Harness {
    let mut program = Harness::start(Setup {
        size: (160, 50),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program
}

const REPOSITORIES: &str = "/projects/PLAT/repos";
const TOKENS: &str = "/access-tokens/";

#[tokio::test]
async fn every_failure_of_a_list_is_told_in_words_and_r_tries_again() {
    for (effect, words) in [
        (
            FaultEffect::Html(200),
            "The answer does not come from Bitbucket's REST API",
        ),
        (
            FaultEffect::Garbage,
            "The answer does not come from Bitbucket's REST API",
        ),
        (
            FaultEffect::Html(503),
            "Bitbucket is starting, in maintenance, or overloaded.",
        ),
        (
            FaultEffect::Cut,
            "The connection broke before the answer came.",
        ),
        (
            // Longer than a question waits by itself.
            FaultEffect::RateLimited {
                retry_after: Duration::from_secs(500),
            },
            "Wait 9 minutes. Press r to try again then.",
        ),
        (
            FaultEffect::Redirect("https://sso.example.com/".into()),
            "single sign-on",
        ),
        (
            FaultEffect::Status(404, "Project PLAT does not exist.".into()),
            "Bitbucket says: Project PLAT does not exist.",
        ),
        (FaultEffect::Status(500, "Oops".into()), "Oops"),
    ] {
        let mut program = signed_in().await;
        program.fault(Some(Method::GET), REPOSITORIES, 1, effect.clone());
        program.keys("<enter>").await;
        program.shows("✗ Bitbucket did not give the repositories.");
        program.shows(words);
        // The technical side, for a support desk.
        program.shows("GET /rest/api/latest/projects/PLAT/repos →");
        // What was there stays.
        program.shows("Research Data");
        program.shows("Project settings");
        program.keys("r").await;
        program.hides("✗ Bitbucket did not give");
        program.shows("billing-api");
    }
}

#[tokio::test]
async fn a_project_that_is_gone_leads_back_to_a_fresh_list() {
    let mut program = signed_in().await;
    program.fault(
        Some(Method::GET),
        REPOSITORIES,
        1,
        FaultEffect::Status(404, "Project PLAT does not exist.".into()),
    );
    program.keys("<enter>").await;
    program.shows("Go back with esc and press r to read the list again.");
    program.keys("<esc>r").await;
    program.is_on("PLAT");
}

#[tokio::test]
async fn the_projects_cannot_be_read() {
    let mut program = signed_in().await;
    program.keys("<esc>y").await;
    program.fault(
        Some(Method::GET),
        "/projects?start",
        1,
        FaultEffect::Html(502),
    );
    program.keys("<enter>alice<enter>").await;
    program.shows("Bitbucket did not give the projects.");
    // What needs no list still works.
    program.keys("m").await;
    program.shows("HTTP access tokens of your account");
    program.keys("<esc>r").await;
    program.hides("Bitbucket did not give the projects.");
    program.shows("Platform");
}

#[tokio::test]
async fn without_the_list_of_what_one_administers_everything_else_works() {
    let mut program = signed_in().await;
    program.keys("<esc>y").await;
    program.fault(
        Some(Method::GET),
        "PROJECT_ADMIN",
        1,
        FaultEffect::Html(500),
    );
    program.keys("<enter>alice<enter>").await;
    program.hides("✗");
    program.shows("Platform");
    program.keys("/platform<enter>").await;
    program.keys("n<enter><enter>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn the_tokens_cannot_be_read_but_made() {
    let mut program = signed_in().await;
    program.fault(Some(Method::GET), TOKENS, 1, FaultEffect::Html(502));
    program.keys("m").await;
    program.shows("✗ The HTTP access tokens of your account could not be read.");
    program.keys("n<enter><enter>").await;
    program.shows("Token ready");
    program.new_token(&personal("alice")).await;
    program.keys("<enter>").await;
    program.hides("✗ The HTTP");
    program.shows("git for alice on laptop");
}

#[tokio::test]
async fn the_server_dies_and_every_screen_stays_usable() {
    let mut program = signed_in().await;
    program.keys("<enter><enter>").await;
    program.stop_server().await;
    program.keys("<esc>").await;
    program.is_on("api-gateway");
    program.keys("r").await;
    program.shows("Bitbucket did not give the repositories.");
    program.shows("Bitbucket no longer answers at its address");
    program.shows("webhook-relay");
    program.keys("j<enter>").await;
    program.shows("The HTTP access tokens of billing-api could not be read.");
    program.keys("<enter>").await;
    program.shows("The HTTP access tokens of billing-api could not be read.");
    program.keys("r").await;
    program.keys("n<enter><enter>").await;
    program.shows("The token was not created.");
    program.keys("<esc><esc><esc><esc>").await;
    program.is_on("PLAT");
    program.keys("r").await;
    program.shows("Bitbucket did not give the projects.");
    program.shows("Platform");
    program.keys("<esc>y").await;
    program.shows("Where is your Bitbucket?");
    program.keys("<enter>").await;
    program.shows("No Bitbucket could be reached");
    program.keys("<c-c>").await;
    assert!(program.has_quit());
}

#[tokio::test]
async fn the_server_dies_before_a_revocation() {
    let mut program = signed_in().await;
    program.keys("m/tried<enter><esc>").await;
    program.shows("✓ It can");
    program.stop_server().await;
    // A connection may still be open, and be cut: whoever asks first finds out. Then nothing is sent.
    program.keys("r").await;
    program.shows("could not be read.");
    program.shows("! The list could not be read again: this is from before.");
    program.hides("✓ It can");
    program.keys("xy").await;
    program.shows("\"tried something in the API browser\" was not revoked.");
    program.shows("Bitbucket no longer answers at its address");
    program.keys("<esc>").await;
    program.shows("git on alice-laptop");
    program.keys("q").await;
    assert!(program.has_quit());
}

#[tokio::test]
async fn a_slow_list_shows_what_is_awaited_and_esc_goes_back() {
    let mut program = signed_in().await;
    program.fault(Some(Method::GET), REPOSITORIES, 1, FaultEffect::Hang);
    program.press_only("<enter>");
    program.until_asked(&Method::GET, REPOSITORIES).await;
    program.pass(Duration::from_millis(400));
    program.shows("Loading the repositories …");
    program.keys("<esc>").await;
    assert!(!program.is_busy());
    program.is_on("PLAT");
    program.hides("Loading");
    program.keys("<enter>").await;
    program.is_on("api-gateway");
}

#[tokio::test]
async fn the_late_answer_of_a_cancelled_question_changes_nothing() {
    let mut program = signed_in().await;
    let late = FaultEffect::Delay(Duration::from_millis(30));
    program.fault(Some(Method::GET), REPOSITORIES, 1, late);
    program.press_only("<enter>");
    program.until_asked(&Method::GET, REPOSITORIES).await;
    program.press_only("<esc>");
    program.press_only("j");
    program.press_only("<enter>");
    program.settle().await;
    // The answer for PLAT is due before this one.
    let later = FaultEffect::Delay(Duration::from_millis(60));
    program.fault(Some(Method::GET), "/users", 1, later);
    program.root().await;
    program.settle().await;
    program.shows("Research Data (DATA) › Repositories");
    program.shows("airflow-dags");
    program.hides("billing-api");
}

#[tokio::test]
async fn a_reload_that_is_asked_twice_shows_every_row_once() {
    let mut program = signed_in().await;
    program.keys("<enter>").await;
    program.press_only("r");
    program.press_only("r");
    program.press_only("r");
    program.settle().await;
    let screen = program.text();
    assert_eq!(screen.matches("webhook-relay").count(), 1, "{screen}");
    program.shows("Repositories ");
    program.is_on("api-gateway");
}

/// What bob administers comes again, the rest does not: the rows of the first time stay.
#[tokio::test]
async fn a_reload_that_fails_half_way_keeps_all_rows() {
    let mut program = Harness::start(Setup {
        size: (160, 50),
        ..Setup::default()
    })
    .await;
    program.sign_in("bob").await;
    program.shows("Platform");
    program.shows("~bob");
    let full = FaultEffect::Status(500, "disk full".into());
    program.fault(Some(Method::GET), "/projects?start=0&limit=100", 1, full);
    program.keys("r").await;
    program.shows("disk full");
    program.shows("Platform");
    program.keys("r").await;
    program.hides("disk full");
    program.shows("~bob");
}
