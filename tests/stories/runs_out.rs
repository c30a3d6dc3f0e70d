//! The first screens say which of git's tokens runs out, from what was written down: no server is asked.

use std::time::Duration;

use crate::harness::{Harness, Setup};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// git was set up with a personal token that works for so many days.
async fn set_up(days: &str) -> Harness {
    let mut program = Harness::start(Setup {
        size: (120, 40),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys(&format!("mn<enter><s-tab>{days}")).await;
    program.shows(&format!("‹ {days} day"));
    program.keys("<enter><enter>g").await;
    for _ in 0..5 {
        if !program.focus().contains("a file that only you can read") {
            program.keys("<down>").await;
        }
    }
    program.keys("<enter>").await;
    program.shows("git works here");
    program
}

/// The next run, so much later.
async fn later(program: Harness, by: Duration, size: (u16, u16)) -> Harness {
    let (home, server) = program.kill();
    server.1.advance(by);
    Harness::start(Setup {
        size,
        address: Some(String::new()),
        home: Some(home),
        server: Some(server),
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn a_token_that_expires_soon_is_named_before_anybody_is_asked() {
    let program = set_up("20").await;
    let program = later(program, DAY * 5, (80, 24)).await;
    let mut program = later(program, DAY * 6, (80, 24)).await;
    let before = program.server().requests().len();
    let place = program.base_url.clone();
    let line = format!("! git's token for {place} expires in 9 days. R in its list replaces it.");
    program.shows(&line);
    assert_eq!(program.server().requests().len(), before);
    program.keys("<enter>").await;
    program.shows("Who are you?");
    program.shows(&line);
    let mut program = later(program, DAY * 12, (40, 10)).await;
    let mut seen = program.text();
    program.resize(80, 24).await;
    seen.push_str(&program.text());
    program.shows(&format!("✗ git's token for {place} expired 3 days ago."));
}

#[tokio::test]
async fn nothing_is_said_of_what_works_for_longer_or_is_of_another_server() {
    let mut program = later(set_up("20").await, DAY * 5, (80, 24)).await;
    program.hides("git's token for");
    let program = later(set_up("3").await, DAY, (80, 24)).await;
    let (home, _server) = program.kill();
    let mut elsewhere = Harness::start(Setup {
        home: Some(home),
        ..Setup::default()
    })
    .await;
    elsewhere.shows("git's token for");
    elsewhere.keys("<enter>").await;
    elsewhere.shows("Who are you?");
    elsewhere.hides("git's token for");
}
