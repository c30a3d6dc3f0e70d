//! Two-step verification: the code is asked for right here.

use std::time::Duration;

use bbtoken::simulator::{FaultEffect, Options};
use reqwest::Method;

use crate::harness::{Harness, Setup, personal};

const LOGIN: &str = "/rest/tsv/latest/authenticate";
const CODE: &str = "/totp-code";
const LOG_OUT: &str = "/j_atl_security_logout";
const ASKED: &str = "type the six digits that your authenticator app shows";

/// The password is right, and the code is asked for.
async fn at_code_on(version: &str) -> Harness {
    let mut program = Harness::start(Setup {
        size: (100, 30),
        options: Options {
            version: version.to_owned(),
            ..Options::default()
        },
        ..Setup::default()
    })
    .await;
    program.keys("<enter>tess<enter>tess<enter>").await;
    program.shows("Sign in › Two-step verification");
    program
}

async fn at_code() -> Harness {
    at_code_on("10.2.0").await
}

/// What the authenticator of tess shows now.
fn code(program: &Harness) -> String {
    program.server().totp_code("tess").unwrap()
}

/// Six digits that are no code of hers, now or around now.
fn wrong(program: &Harness) -> String {
    let right: u32 = code(program).parse().unwrap();
    format!("{:06}", (right + 1) % 1_000_000)
}

#[tokio::test]
async fn the_six_digits_sign_in_and_are_never_shown() {
    for version in ["9.4.0", "10.2.0", "10.5.0"] {
        let mut program = at_code_on(version).await;
        program.shows(ASKED);
        let code = code(&program);
        program.keys(&code).await;
        program.hides(&code);
        program.shows("Code       ••••••");
        program.keys("<enter>").await;
        program.shows("Signed in as tess with a session");
        program.shows("tess (session) ·");
        program.keys("<f12>").await;
        program.hides(&code);
        program.shows("send the two-step verification code");
        assert_eq!(program.count_requests(&Method::POST, LOGIN), 2, "{version}");
        assert_eq!(program.server().sessions(), 1, "{version}");
        program.keys("<f12>q").await;
        assert_eq!(program.server().sessions(), 0, "{version}");
    }
}

#[tokio::test]
async fn a_token_can_be_created_after_it() {
    let mut program = at_code().await;
    let code = code(&program);
    program.keys(&format!("{code}<enter>")).await;
    program.keys("mn<enter><enter>").await;
    program.shows("Created:");
    assert_eq!(program.new_tokens(&personal("tess")).await.len(), 1);
}

#[tokio::test]
async fn only_digits_are_typed_and_what_is_pasted_is_cleaned() {
    let mut program = at_code().await;
    program.keys("12a").await;
    program.shows("The code from the app has digits only.");
    program.keys("4").await;
    program.shows("Code       •••");
    program.hides("••••");
    program.keys("<enter>").await;
    program.shows("The code has six digits.");
    program.keys("5678").await;
    program.shows("That is one digit too many.");
    program.paste("no code").await;
    program.shows("That is not a six-digit code, so it was not pasted.");
    assert_eq!(program.count_requests(&Method::POST, CODE), 0);
    let code = code(&program);
    program
        .paste(&format!(" {} {}\n", &code[..3], &code[3..]))
        .await;
    program.keys("<enter>").await;
    program.shows("Signed in as tess");
}

#[tokio::test]
async fn a_wrong_code_may_be_typed_again_and_the_password_is_not() {
    let mut program = at_code().await;
    let wrong = wrong(&program);
    program.keys(&format!("{wrong}<enter>")).await;
    program.shows("Bitbucket does not accept this code.");
    program.shows("it changes every 30 seconds");
    // Enter does not send it once more.
    program.keys("<enter>").await;
    assert_eq!(program.count_requests(&Method::POST, CODE), 1);
    let code = code(&program);
    program.keys(&format!("{code}<enter>")).await;
    program.shows("Signed in as tess");
    assert_eq!(program.count_requests(&Method::POST, LOGIN), 3);
}

#[tokio::test]
async fn a_conversation_that_is_over_begins_anew() {
    for is_late in [true, false] {
        let mut program = at_code().await;
        if is_late {
            program.clock.advance(Duration::from_secs(600));
        } else {
            let wrong = wrong(&program);
            for _ in 0..5 {
                program.keys(&format!("{wrong}<enter>")).await;
            }
        }
        let code = code(&program);
        program.keys(&format!("{code}<enter>")).await;
        program.shows("Bitbucket is no longer waiting for the code");
        program.shows("Press enter to send the password once more.");
        program.shows("User name  tess");
        program.keys("<enter>").await;
        program.shows(ASKED);
        program.keys(&format!("{code}<enter>")).await;
        program.shows("Signed in as tess");
    }
}

#[tokio::test]
async fn a_recovery_code_takes_its_place_once() {
    let mut program = at_code().await;
    program.shows("a recovery code instead");
    program.keys("123<tab>").await;
    program.shows("Type one of the recovery codes");
    program.keys("<enter>").await;
    program.shows("Type or paste a recovery code first.");
    program.paste(" 7K2M-9QXA-4TWD\n").await;
    program.hides("7K2M");
    program.keys("<enter>").await;
    program.shows("Signed in as tess");
    program.keys("<esc>y").await;
    program.keys("<enter>tess<enter>tess<enter><tab>").await;
    program.paste("7K2M-9QXA-4TWD").await;
    program.keys("<enter>").await;
    program.shows("Bitbucket does not accept this code.");
    // Back to the app's.
    program.keys("<tab>").await;
    let code = code(&program);
    program.keys(&format!("{code}<enter>")).await;
    program.shows("Signed in as tess");
}

#[tokio::test]
async fn leaving_it_leads_back_and_opens_nothing() {
    let mut program = at_code().await;
    program.keys("123<esc>").await;
    program.shows("Stopped signing in.");
    program.shows("Who are you?");
    assert_eq!(program.server().sessions(), 0);
    // Letters are text again.
    program.keys("q").await;
    assert!(!program.has_quit());
}

#[tokio::test]
async fn a_sign_in_that_nobody_waits_for_leaves_no_session() {
    for (user, path) in [("tess", CODE), ("sam", LOGIN)] {
        let mut program = if user == "tess" {
            at_code().await
        } else {
            let mut program = Harness::new().await;
            program.keys("<enter>sam<enter>").await;
            program
        };
        let keys = if user == "tess" {
            code(&program)
        } else {
            "sam".to_owned()
        };
        program.keys(&keys).await;
        let late = FaultEffect::Delay(Duration::from_millis(100));
        program.fault(Some(Method::POST), path, 1, late);
        program.press_only("<enter>");
        program.until_asked(&Method::POST, path).await;
        program.press_only("<esc>");
        program.shows("Stopped signing in.");
        program.settle().await;
        assert_eq!(program.count_requests(&Method::GET, LOG_OUT), 1, "{user}");
        assert_eq!(program.server().sessions(), 0, "{user}");
        program.hides("session");
    }
}

#[tokio::test]
async fn the_box_asks_for_the_code_too() {
    let mut program = at_code().await;
    let first = code(&program);
    program.keys(&format!("{first}<enter>mn")).await;
    program.shows("New token");
    program.server().end_sessions();
    program.keys("<enter><enter>").await;
    program.shows("Sign in again");
    program.pass(Duration::from_secs(1));
    program.keys("tess<enter>").await;
    program.shows("Two-step verification");
    program.shows("Now type the six digits that your");
    let wrong = wrong(&program);
    program.keys(&format!("{wrong}<enter>")).await;
    program.shows("Bitbucket does not accept this code.");
    // Back to the password, and once more.
    program.keys("<esc>").await;
    program.shows("Sign in again");
    program.keys("<enter>").await;
    program.shows("Now type the six digits that your");
    let code = code(&program);
    program.paste(&code).await;
    program.keys("<enter>").await;
    program.shows("Signed in again. Nothing was created: press enter to create the token.");
    program.keys("<enter>").await;
    program.shows("Created:");
}

#[tokio::test]
async fn whoever_has_to_enrol_first_is_sent_to_the_browser() {
    for version in ["9.4.0", "10.2.0"] {
        let mut program = Harness::start(Setup {
            size: (100, 30),
            options: Options {
                version: version.to_owned(),
                ..Options::default()
            },
            ..Setup::default()
        })
        .await;
        program.keys("<enter>enno<enter>enno<enter>").await;
        program.shows("you first have to enrol in two-step verification");
        program.shows("follow what it says there");
        assert_eq!(program.server().sessions(), 0, "{version}");
    }
}

#[tokio::test]
async fn it_can_be_used_in_the_smallest_window() {
    let mut program = at_code().await;
    program.resize(40, 10).await;
    program.shows("Code");
    let wrong = wrong(&program);
    program.keys(&format!("{wrong}<enter>")).await;
    program.shows("Code");
    program.shows("does not accept this code");
}
