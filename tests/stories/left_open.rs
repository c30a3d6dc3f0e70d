//! What a run could not bring to its end is told at the next start, and settled: the journal.

use std::path::PathBuf;
use std::time::Duration;

use bbtoken::bitbucket::{BaseUrl, Client, TokenSpec};
use bbtoken::permission::{Level, Permissions};
use bbtoken::secret::Secret;
use bbtoken::simulator::{FaultEffect, Reply};
use bbtoken::terminal::Input;
use reqwest::Method;
use tempfile::TempDir;

use crate::harness::{Harness, Setup, personal};

async fn signed_in(setup: Setup) -> Harness {
    let mut program = Harness::start(Setup {
        size: (56, 30),
        ..setup
    })
    .await;
    program.sign_in("alice").await;
    program
}

/// At the button of the form for a personal token.
async fn at_the_button(setup: Setup) -> Harness {
    let mut program = signed_in(setup).await;
    program.keys("mn<enter>").await;
    program
}

fn entries(program: &Harness) -> Vec<String> {
    let directory: PathBuf = program.home.path().join(".local/state/bbtoken/journal");
    let files = std::fs::read_dir(directory).into_iter().flatten();
    files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect()
}

/// The next run, in the same home and at the same server.
async fn next_run(program: Harness) -> Harness {
    let (home, server) = program.kill();
    // What went wrong is over.
    server.0.clear_faults();
    let mut next = Harness::start(Setup {
        size: (56, 30),
        home: Some(home),
        server: Some(server),
        ..Setup::default()
    })
    .await;
    next.keys("<enter>").await;
    next.keys("alice<enter>").await;
    next
}

async fn created(program: &Harness) -> usize {
    program.new_tokens(&personal("alice")).await.len()
}

/// Questions that come unasked take no keys at first.
async fn answer(program: &mut Harness, keys: &str) {
    program.pass(Duration::from_secs(1));
    program.keys(keys).await;
}

#[tokio::test]
async fn a_creation_is_noted_before_it_leaves_and_goes_when_somebody_has_the_token() {
    let mut program = at_the_button(Setup::default()).await;
    assert!(entries(&program).is_empty());
    let slow = FaultEffect::Delay(Duration::from_millis(100));
    program.fault(Some(Method::PUT), "", 1, slow);
    program.press_only("<enter>");
    program.until_asked(&Method::PUT, "").await;
    let [entry] = <[String; 1]>::try_from(entries(&program)).unwrap();
    for part in ["git for alice on laptop", "alice", &program.base_url] {
        assert!(entry.contains(part), "{entry}");
    }
    program.settle().await;
    let secret = program.clipboard().unwrap();
    let [entry] = <[String; 1]>::try_from(entries(&program)).unwrap();
    assert!(!entry.contains(&secret), "{entry}");
    program.keys("<enter>y").await;
    assert!(entries(&program).is_empty());
}

#[tokio::test]
async fn what_was_refused_or_never_sent_leaves_nothing_in_the_journal() {
    let mut program = at_the_button(Setup::default()).await;
    let refused = FaultEffect::Status(400, "no".into());
    program.fault(Some(Method::PUT), "", 1, refused);
    program.keys("<enter>").await;
    assert!(entries(&program).is_empty());
    program.stop_server().await;
    program.keys("<enter>").await;
    program.shows("The token was not created.");
    assert!(entries(&program).is_empty());
}

#[tokio::test]
async fn a_run_that_is_killed_while_the_server_works_is_settled_by_the_next_one() {
    let mut program = at_the_button(Setup::default()).await;
    program.fault(Some(Method::PUT), "", 1, FaultEffect::LoseAnswer);
    // Nobody finds out in this run.
    program.fault(Some(Method::GET), "/access-tokens/", 9, FaultEffect::Hang);
    program.press_only("<enter>");
    program.until_shows("Bitbucket's answer got lost").await;
    let mut next = next_run(program).await;
    next.shows("From the last run");
    next.shows("The last run ended while \"git for alice on laptop\" was being created");
    next.shows("It exists, and nobody can use it: its secret is told only once.");
    // What was typed for what lies below answers nothing.
    next.press_only("y");
    next.shows("Read it first, then answer.");
    assert_eq!(created(&next).await, 1);
    answer(&mut next, "y").await;
    next.shows("Revoked \"git for alice on laptop\".");
    assert_eq!(created(&next).await, 0);
    assert!(entries(&next).is_empty());
}

#[tokio::test]
async fn a_run_that_is_killed_before_the_server_worked_is_told_too() {
    let mut program = at_the_button(Setup::default()).await;
    program.fault(Some(Method::PUT), "", 1, FaultEffect::Hang);
    program.press_only("<enter>");
    program.until_asked(&Method::PUT, "").await;
    // A server may be at it longer than whoever asked.
    let mut next = next_run(program).await;
    next.shows("The list does not show it now. It may still come");
    answer(&mut next, "y").await;
    assert_eq!(entries(&next).len(), 1);
    next.clock.advance(Duration::from_secs(120));
    let mut next = next_run(next).await;
    next.shows("It does not exist: the list shows no such token.");
    answer(&mut next, "y").await;
    next.shows("Projects");
    next.hides("From the last run");
    assert!(entries(&next).is_empty());
    let mut last = next_run(next).await;
    last.hides("From the last run");
}

#[tokio::test]
async fn a_run_that_is_killed_while_it_shows_the_token_is_told_and_the_token_can_be_left() {
    let mut program = at_the_button(Setup::default()).await;
    program.keys("<enter>").await;
    program.shows("Token ready");
    let mut next = next_run(program).await;
    next.shows("The last run made \"git for alice on laptop\"");
    next.shows("Unless you have kept it somewhere, nobody can use it");
    answer(&mut next, "n").await;
    assert_eq!(created(&next).await, 1);
    assert!(entries(&next).is_empty());
}

#[tokio::test]
async fn what_somebody_had_is_not_asked_about() {
    let mut program = at_the_button(Setup::default()).await;
    program.keys("<enter>f<enter>").await;
    assert_eq!(entries(&program).len(), 1);
    let mut next = next_run(program).await;
    next.hides("From the last run");
    assert!(entries(&next).is_empty());
}

/// Nobody knows whether it was written down, so it is neither revoked nor forgotten.
#[tokio::test]
async fn what_was_only_shown_before_a_sudden_end_is_told() {
    for is_told_to_end in [false, true] {
        let mut program = at_the_button(Setup::default()).await;
        program.keys("<enter>v").await;
        if is_told_to_end {
            program.input(Input::Terminate).await;
            assert!(program.has_quit());
        }
        assert_eq!(created(&program).await, 1);
        let mut next = next_run(program).await;
        next.shows("The last run made \"git for alice on laptop\"");
        next.shows("Unless you have kept it somewhere, nobody can use it");
        answer(&mut next, "y").await;
        assert_eq!(created(&next).await, 0);
        assert!(entries(&next).is_empty());
    }
}

#[tokio::test]
async fn what_a_sudden_end_revoked_is_told_by_name_and_reason() {
    for (clipboard, reason) in [
        (false, "it was neither copied nor shown"),
        (true, "it was on the clipboard alone, which was cleared"),
    ] {
        let mut program = at_the_button(Setup {
            clipboard,
            ..Setup::default()
        })
        .await;
        program.keys("<enter>").await;
        program.input(Input::Terminate).await;
        assert!(program.has_quit());
        assert_eq!(created(&program).await, 0);
        let mut next = next_run(program).await;
        next.shows("The last run was told to end, and revoked \"git for alice on laptop\"");
        next.shows(reason);
        answer(&mut next, "y").await;
        assert!(entries(&next).is_empty());
    }
}

#[cfg(unix)]
#[tokio::test]
async fn another_instance_that_still_runs_is_left_alone() {
    let mut program = at_the_button(Setup::default()).await;
    program.keys("<enter>").await;
    program.shows("Token ready");
    let home = TempDir::new().unwrap();
    let local = program.home.path().join(".local");
    std::os::unix::fs::symlink(local, home.path().join(".local")).unwrap();
    let mut other = Harness::start(Setup {
        size: (56, 30),
        home: Some(home),
        address: Some(program.base_url.clone()),
        ..Setup::default()
    })
    .await;
    other.keys("alice<enter>").await;
    other.shows("Projects");
    other.hides("From the last run");
    assert_eq!(entries(&program).len(), 1);
    // Once that one has gone, it is told.
    let mut next = next_run(program).await;
    next.shows("From the last run");
}

#[tokio::test]
async fn where_the_list_cannot_be_read_it_is_said_and_read_again_the_next_time() {
    let mut program = at_the_button(Setup::default()).await;
    program.fault(Some(Method::PUT), "", 1, FaultEffect::LoseAnswer);
    program.fault(
        Some(Method::GET),
        "/access-tokens/",
        1,
        FaultEffect::Html(503),
    );
    program.keys("<enter>").await;
    program.shows("The list of tokens could not be read.");
    program.keys("<esc>").await;
    assert_eq!(entries(&program).len(), 1);
    let mut next = {
        let (home, server) = program.kill();
        let mut next = Harness::start(Setup {
            size: (56, 30),
            home: Some(home),
            server: Some(server),
            ..Setup::default()
        })
        .await;
        next.fault(
            Some(Method::GET),
            "/access-tokens/",
            1,
            FaultEffect::Html(503),
        );
        next.keys("<enter>alice<enter>").await;
        next
    };
    next.shows("Nobody knows whether it exists: the list could not be read");
    next.shows("Look into the list of tokens there.");
    answer(&mut next, "y").await;
    let mut last = next_run(next).await;
    last.shows("It exists, and nobody can use it");
}

#[tokio::test]
async fn the_demo_keeps_no_journal() {
    let mut program = Harness::start(Setup {
        demo: true,
        ..Setup::default()
    })
    .await;
    program.keys("<enter><enter>").await;
    program.keys("mn<enter><enter>").await;
    program.shows("Token ready");
    assert!(entries(&program).is_empty());
}

#[tokio::test]
async fn damaged_and_hostile_entries_do_no_harm() {
    let home = TempDir::new().unwrap();
    let directory = home.path().join(".local/state/bbtoken/journal");
    std::fs::create_dir_all(&directory).unwrap();
    for (name, text) in [
        ("1", ""),
        ("2", "{\"asked\":{\"server\":"),
        ("3", "\u{fffd}\n\u{1b}[2J"),
        ("4", "{\"made\":{\"id\":\"1\"}}\n"),
    ] {
        std::fs::write(directory.join(name), text).unwrap();
    }
    std::fs::write(directory.join("5"), b"\xff\xfe").unwrap();
    std::fs::create_dir(directory.join("6")).unwrap();
    let mut program = signed_in(Setup {
        home: Some(home),
        ..Setup::default()
    })
    .await;
    program.shows("Projects");
    program.hides("From the last run");
}

/// A proxy gives up, and the server behind it has not begun yet.
async fn with_a_slower_server() -> Harness {
    let mut program = at_the_button(Setup::default()).await;
    let gave_up = FaultEffect::Refuse(Reply::empty(504));
    program.fault(Some(Method::PUT), "", 1, gave_up);
    program.keys("<enter>").await;
    program.shows("the list does not show the token now");
    assert_eq!(entries(&program).len(), 1);
    program
}

/// The server comes to it.
async fn made_after_all(program: &Harness) {
    let base = BaseUrl::parse(&program.base_url).unwrap();
    let password = Secret::new("alice".to_owned());
    let client = Client::anonymous(base).unwrap();
    let signed_in = client.sign_in("alice", &password).await.unwrap();
    let client = signed_in.done().unwrap().client;
    let spec = TokenSpec {
        name: "git for alice on laptop".to_owned(),
        permissions: Permissions::new(Level::Read, Level::Write),
        expiry_days: None,
    };
    let scope = personal("alice");
    client.create_token(&scope, &spec).await.unwrap();
}

#[tokio::test]
async fn what_comes_late_is_found_when_the_list_is_read() {
    let mut program = with_a_slower_server().await;
    program.advance(Duration::from_secs(30)).await;
    program.keys("<esc>").await;
    program.hides("A lost answer");
    made_after_all(&program).await;
    program.keys("<esc>m").await;
    program.shows("A lost answer");
    program.shows("Bitbucket's answer got lost when \"git for alice on laptop\" was being created");
    program.shows("It exists, and nobody can use it");
    answer(&mut program, "y").await;
    program.shows("Revoked \"git for alice on laptop\".");
    assert_eq!(created(&program).await, 0);
    assert!(entries(&program).is_empty());
}

#[tokio::test]
async fn what_comes_late_is_not_taken_for_the_second_try() {
    let mut program = with_a_slower_server().await;
    program.keys("<enter>").await;
    program.shows("Token ready");
    made_after_all(&program).await;
    program.keys("<enter>y").await;
    program.shows("A lost answer");
    answer(&mut program, "y").await;
    program.shows("Revoked");
    // The second one stays.
    assert_eq!(created(&program).await, 1);
    assert!(entries(&program).is_empty());
}

#[tokio::test]
async fn what_comes_late_is_found_by_the_next_run() {
    let program = with_a_slower_server().await;
    made_after_all(&program).await;
    let mut next = next_run(program).await;
    next.shows("From the last run");
    next.shows("Bitbucket's answer got lost when \"git for alice on laptop\" was being created");
    next.shows("It exists, and nobody can use it");
    answer(&mut next, "n").await;
    assert_eq!(created(&next).await, 1);
    assert!(entries(&next).is_empty());
}

#[tokio::test]
async fn what_does_not_come_is_no_longer_looked_for_and_nobody_is_bothered() {
    // In this run.
    let mut program = with_a_slower_server().await;
    program.advance(Duration::from_secs(120)).await;
    program.keys("<esc>m").await;
    program.hides("A lost answer");
    assert!(entries(&program).is_empty());
    // In the next one, first too early and then late enough.
    let program = with_a_slower_server().await;
    let mut next = next_run(program).await;
    next.hides("From the last run");
    assert_eq!(entries(&next).len(), 1);
    next.pass(Duration::from_secs(120));
    let mut last = next_run(next).await;
    last.hides("From the last run");
    assert!(entries(&last).is_empty());
}
