//! Share mode: others see this screen.

use std::time::Duration;

use bbtoken::config::Config;

use crate::harness::{Harness, Setup, personal};

async fn shared() -> Harness {
    let mut program = Harness::start(Setup {
        share: true,
        size: (120, 40),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program
}

#[tokio::test]
async fn names_are_masked_on_the_whole_way_and_the_token_carries_them_all_the_same() {
    let mut program = Harness::start(Setup {
        share: true,
        ..Setup::default()
    })
    .await;
    program.shows("SHARE MODE Hidden: secrets, known people. Shown: places, token names. F2 ends");
    program.shows("Step 1 of 6: check the address, then press enter.");
    program.keys("<enter>").await;
    program.shows("Step 2 of 6");
    for key in [
        "alice", "<enter>", "alice", "<enter>", "m", "n", "<enter>", "<enter>",
    ] {
        program.keys(key).await;
        program.hides("alice");
        program.hides("Alice");
    }
    program.shows("Step 6 of 6");
    program.shows("git for ••••• on laptop");
    let token = program.new_token(&personal("alice")).await;
    assert_eq!(token.name, "git for alice on laptop");
}

#[tokio::test]
async fn nothing_secret_can_be_shown() {
    let mut program = shared().await;
    program.keys("mn<enter><enter>").await;
    program.hides("show/hide");
    program.keys("v").await;
    program.shows("Share mode is on: nothing secret is shown. F2 ends it.");
    let secret = program.clipboard().unwrap();
    program.hides(&secret);
    // Ending it is asked about: one key too many shows nothing.
    program.keys("<f2>").await;
    program.shows("End share mode?");
    program.keys("n").await;
    program.shows("SHARE MODE");
    program.keys("<f2>yv").await;
    program.shows(&secret);
    program.hides("SHARE MODE");
    // Whoever begins to share hides what is on the screen.
    program.keys("<f2>").await;
    program.hides(&secret);
    program.keys("<f2>y").await;
    program.hides(&secret);
}

#[tokio::test]
async fn the_banner_says_what_is_hidden_and_what_is_not() {
    for (size, hides, wanted) in [
        ((40, 10), false, "SHARE Secrets, people hidden. F2 ends"),
        (
            (80, 24),
            false,
            "Hidden: secrets, known people. Shown: places, token names. F2 ends",
        ),
        (
            (200, 60),
            false,
            "Hidden: passwords, tokens, people bbtoken knows of, e-mail addresses. Shown: projects, repositories, names of tokens. F2 ends it",
        ),
        ((40, 10), true, "SHARE Secrets, names hidden. F2 ends"),
        (
            (80, 24),
            true,
            "Hidden: secrets, known people, older token names. F2 ends",
        ),
        (
            (200, 60),
            true,
            "names of older tokens. Shown: projects, repositories. F2 ends it",
        ),
    ] {
        let mut program = Harness::start(Setup {
            share: true,
            size,
            config: Config {
                share_hides_token_names: hides,
                ..Config::default()
            },
            ..Setup::default()
        })
        .await;
        program.shows(wanted);
    }
}

#[tokio::test]
async fn a_password_shows_eight_dots_whatever_its_length() {
    let mut program = Harness::new().await;
    program.keys("<enter>alice<tab>").await;
    for _ in 0..12 {
        program.keys("x").await;
        program.shows("Password ••••••••");
        program.hides("•••••••••");
    }
    program.keys("<c-u>").await;
    program.hides("•");
}

#[tokio::test]
async fn who_was_here_before_is_not_filled_in() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("q").await;
    for (share, filled_in) in [(false, true), (true, false)] {
        let mut again = Harness::start(Setup {
            share,
            home: Some(program.home),
            server: Some((program.simulator.take().unwrap(), program.clock.clone())),
            ..Setup::default()
        })
        .await;
        again.keys("<enter>").await;
        again.shows("User name");
        let text = again.text();
        assert_eq!(
            text.contains("alice") || text.contains("User name  •"),
            filled_in,
            "{text}"
        );
        program = again;
    }
}

#[tokio::test]
async fn the_pressed_key_is_shown_but_never_text() {
    let mut program = Harness::start(Setup {
        share: true,
        size: (50, 15),
        ..Setup::default()
    })
    .await;
    program.keys("<enter>").await;
    program.shows(" enter Step 2 of 6");
    program.keys("alice<tab>").await;
    program.shows(" tab Step 2 of 6");
    program.keys("x").await;
    program.hides(" x Step");
    program.hides(" tab Step");
    // Nor while the password is on its way.
    program.keys("<backspace>alice").await;
    program.press_only("<enter>");
    program.press_only("z");
    program.hides(" z Step");
    program.settle().await;
    program.keys("j").await;
    program.shows(" j Step 3 of 6");
    program.advance(Duration::from_secs(60)).await;
    program.shows(" j Step 3 of 6");
}

#[tokio::test]
async fn the_key_is_large_where_there_is_room() {
    let mut program = shared().await;
    program.keys("j").await;
    let screen = program.text();
    assert!(screen.contains('█') || screen.contains('▀'), "{screen}");
}
