//! Share mode: others see this screen.

use std::time::Duration;

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
    program.shows("SHARE MODE Secrets and names of people stay hidden. F2 ends it.");
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
    program.keys("<f2>v").await;
    program.shows(&secret);
    program.hides("SHARE MODE");
    // Whoever begins to share hides what is on the screen.
    program.keys("<f2>").await;
    program.hides(&secret);
    program.keys("<f2>").await;
    program.hides(&secret);
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
