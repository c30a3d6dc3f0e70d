//! `R` in a list of tokens: an equal token is created, handed over, and only then is the old one revoked.

use std::time::Duration;

use bbtoken::bitbucket::Token;
use bbtoken::simulator::{FaultEffect, Stage};
use reqwest::Method;
use tempfile::TempDir;

use crate::harness::{Harness, Setup, personal, repository};

const NEW: &str = "Jenkins nightly build 2026-11-24";
const OLD: &str = "Jenkins nightly build";

/// The list of tokens of billing-api, with the cursor on Jenkins' one.
async fn at_jenkins(setup: Setup) -> Harness {
    let mut program = Harness::start(Setup {
        size: if setup.size == (80, 24) {
            (120, 40)
        } else {
            setup.size
        },
        ..setup
    })
    .await;
    program.sign_in("alice").await;
    to_jenkins(&mut program).await;
    program
}

async fn to_jenkins(program: &mut Harness) {
    program
        .keys("/platform<enter>/billing-api<enter><enter>/nightly<enter>")
        .await;
    program.keys("<esc>").await;
    program.is_on(OLD);
}

async fn tokens(program: &Harness) -> Vec<Token> {
    program.tokens(&repository("PLAT", "billing-api")).await
}

async fn names(program: &Harness) -> Vec<String> {
    let all = tokens(program).await;
    let all = all.into_iter().map(|it| it.name);
    all.filter(|name| name.starts_with(OLD)).collect()
}

fn journal(home: &TempDir) -> String {
    let directory = home.path().join(".local/state/bbtoken/journal");
    let files = std::fs::read_dir(directory).into_iter().flatten();
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    texts.collect()
}

/// A new token in the place of Jenkins' one is on the clipboard.
async fn created(program: &mut Harness) {
    program.keys("R").await;
    program.shows("Replaces \"Jenkins nightly build\"");
    program.keys("<enter>").await;
    program.shows("Token ready");
    program.shows("It replaces \"Jenkins nightly build\", which stays until you revoke it.");
}

/// The same, and somebody has it: it is asked whether it is in place.
async fn handed_over(program: &mut Harness) {
    created(program).await;
    program.keys("<enter>").await;
    if program.text().contains("yes, I have it") {
        program.keys("y").await;
    }
    program.shows("Is the new one in place?");
}

#[tokio::test]
async fn the_form_is_filled_in_with_an_equal_token() {
    let mut program = at_jenkins(Setup::default()).await;
    program.keys("R").await;
    for words in [
        "HTTP access tokens › Rotate",
        "Name Jenkins nightly build 2026-11-24",
        "‹ 365 days ›",
        "‹ a tool ›",
        "• git, read only",
        "Press enter to create the new token. The old one stays until you revoke it.",
        "Replaces \"Jenkins nightly build\": both work until",
        "you revoke the old one.",
        "Same permissions, same lifetime.",
    ] {
        program.shows(words);
    }
    assert_eq!(names(&program).await, [OLD]);
    // What somebody changes is said to differ.
    program.keys("<s-tab><left><s-tab><s-tab><up>").await;
    program.shows("! Repository write instead of Repository read.");
    program.shows("! 90 days instead of 365 days.");
    program.keys("<esc>").await;
    program.shows("Throw away what you have filled in?");
    program.keys("y").await;
    program.is_on(OLD);
    assert_eq!(names(&program).await, [OLD]);
    assert_eq!(journal(&program.home), "");
}

#[tokio::test]
async fn the_old_one_is_revoked_once_the_new_one_is_in_place() {
    let mut program = at_jenkins(Setup::default()).await;
    created(&mut program).await;
    assert_eq!(names(&program).await.len(), 2);
    let noted = journal(&program.home);
    assert!(
        noted.contains("\"replaces\"") && noted.contains("\"made\""),
        "{noted}"
    );
    assert!(!noted.contains("had"), "{noted}");
    program.keys("<enter>y").await;
    assert!(journal(&program.home).contains("\"had\""));
    program.shows("Both work. Old: last used 7 hours ago. New: not used since bbtoken tested it.");
    program.keys("y").await;
    program.shows("Rotated: \"Jenkins nightly build 2026-11-24\" is in place, and \"Jenkins nightly build\" is revoked.");
    program.shows("Rotated: only the new token works now. Press esc to go back.");
    assert_eq!(names(&program).await, [NEW]);
    assert_eq!(journal(&program.home), "");
    program.hides("being rotated");
}

#[tokio::test]
async fn undone_the_new_one_is_revoked() {
    let mut program = at_jenkins(Setup::default()).await;
    handed_over(&mut program).await;
    program.keys("x").await;
    program.shows("The rotation is undone: \"Jenkins nightly build 2026-11-24\" is revoked.");
    program.shows("Undone: only the old token is left.");
    assert_eq!(names(&program).await, [OLD]);
    assert_eq!(journal(&program.home), "");
}

#[tokio::test]
async fn an_open_rotation_is_marked_in_the_list_and_ended_from_either_token() {
    for (down, key, left) in [(false, "y", NEW), (true, "x", OLD)] {
        let mut program = at_jenkins(Setup {
            size: (200, 60),
            ..Setup::default()
        })
        .await;
        handed_over(&mut program).await;
        program.keys("n").await;
        program.shows("Once the new token is in place, press R on either of the two.");
        for words in [
            "being rotated: the old one",
            "being rotated: the new one",
            "R finishes or undoes the rotation of \"Jenkins nightly build\".",
            "This is the new token of a rotation; the old one is \"Jenkins nightly build\".",
            "The new secret was handed over: press R to finish it or to undo it.",
        ] {
            program.shows(words);
        }
        assert_eq!(names(&program).await.len(), 2);
        if down {
            program.keys("<down>").await;
            program.shows("This is the old token of a rotation");
        }
        // Read anew: two hours have passed.
        program.advance(Duration::from_secs(7200)).await;
        program.keys("R").await;
        program.shows("Old: last used 9 hours ago.");
        program.keys(key).await;
        assert_eq!(names(&program).await, [left]);
        assert_eq!(journal(&program.home), "");
        program.hides("being rotated");
    }
}

/// Kills the program and starts another one that signs in.
async fn killed_and_started(program: Harness) -> Harness {
    let (home, server) = program.kill();
    let mut program = Harness::start(Setup {
        size: (120, 40),
        home: Some(home),
        server: Some(server),
        ..Setup::default()
    })
    .await;
    // Who signs in is remembered.
    program.keys("<enter>alice<enter>").await;
    program
}

#[tokio::test]
async fn killed_before_anybody_has_the_secret_it_can_only_be_undone() {
    let mut program = at_jenkins(Setup::default()).await;
    created(&mut program).await;
    let mut program = killed_and_started(program).await;
    program.shows("An unfinished rotation");
    program.shows("only be undone. The old token still works.");
    program.hides("revoke the old one");
    // Left as it is, it is still marked, and undone from the list.
    program.keys("n").await;
    assert_eq!(names(&program).await.len(), 2);
    to_jenkins(&mut program).await;
    program.shows("R finishes or undoes the rotation of \"Jenkins nightly build\".");
    program.keys("R").await;
    program.shows("can only be undone");
    program.keys("y").await;
    program.shows("The rotation is undone");
    assert_eq!(names(&program).await, [OLD]);
    assert_eq!(journal(&program.home), "");
}

#[tokio::test]
async fn killed_after_the_hand_over_it_is_finished_or_undone_by_the_next_run() {
    for (key, left) in [("y", NEW), ("x", OLD)] {
        let mut program = at_jenkins(Setup::default()).await;
        handed_over(&mut program).await;
        let mut program = killed_and_started(program).await;
        program.shows("An unfinished rotation");
        program.keys(key).await;
        assert_eq!(names(&program).await, [left]);
        assert_eq!(journal(&program.home), "");
        to_jenkins(&mut program).await;
        program.hides("being rotated");
    }
}

#[tokio::test]
async fn killed_while_the_old_one_is_being_revoked_it_is_finished_by_the_next_run() {
    for stage in [Stage::BeforeWork, Stage::AfterWork] {
        let mut program = at_jenkins(Setup::default()).await;
        handed_over(&mut program).await;
        let delete = Some(Method::DELETE);
        let mut held = program.server().hold(delete, "/access-tokens/", stage);
        program.pass(Duration::from_secs(1));
        program.press_only("y");
        held.reached().await;
        assert!(journal(&program.home).contains("\"in_place\""));
        let was_done = names(&program).await.len() == 1;
        let mut program = killed_and_started(program).await;
        held.release();
        if was_done {
            program.hides("An unfinished rotation");
        } else {
            program.shows("An unfinished rotation");
            program.keys("y").await;
        }
        assert_eq!(names(&program).await, [NEW]);
        assert_eq!(journal(&program.home), "");
    }
}

#[tokio::test]
async fn what_fails_at_the_end_leaves_the_rotation_open() {
    for (effect, words) in [
        (
            FaultEffect::RateLimited {
                retry_after: Duration::from_secs(5),
            },
            "too many requests",
        ),
        (FaultEffect::Cut, "is still in the list of tokens"),
        (
            FaultEffect::Status(
                401,
                "You are not permitted to access this resource".to_owned(),
            ),
            "was not revoked",
        ),
    ] {
        let mut program = at_jenkins(Setup::default()).await;
        handed_over(&mut program).await;
        program.fault(Some(Method::DELETE), "/access-tokens/", 1, effect);
        program.keys("y").await;
        program.shows(words);
        assert_eq!(names(&program).await.len(), 2);
        assert!(journal(&program.home).contains("\"in_place\""));
        program.advance(Duration::from_secs(10)).await;
        program.keys("R").await;
        program.shows("Is the new one in place?");
        program.keys("y").await;
        assert_eq!(names(&program).await, [NEW]);
        assert_eq!(journal(&program.home), "");
    }
}

#[tokio::test]
async fn a_sign_in_that_ends_on_the_way_is_asked_for_again() {
    let mut program = Harness::start(Setup {
        size: (120, 40),
        ..Setup::default()
    })
    .await;
    program.sign_in("sam").await;
    program.keys("mn<enter><enter><enter>y").await;
    program.is_on("git for sam on laptop");
    // While the form reads which names are taken.
    program.server().end_sessions();
    program.keys("R").await;
    program.shows("Your session has ended.");
    again(&mut program).await;
    program.shows("Signed in again.");
    // While the new one is created.
    program.server().end_sessions();
    program.keys("<enter>").await;
    again(&mut program).await;
    program.shows("Nothing was created: press enter to create the token.");
    program.keys("<enter>").await;
    program.shows("It replaces \"git for sam on laptop\",");
    // While both are read.
    program.server().end_sessions();
    program.keys("<enter>y").await;
    again(&mut program).await;
    program.shows("Is the new one in place?");
    // While the old one is revoked.
    program.server().end_sessions();
    program.keys("y").await;
    again(&mut program).await;
    program.shows("Nothing was revoked. Press the same keys again to revoke it.");
    assert!(journal(&program.home).contains("\"in_place\""));
    program.keys("R").await;
    program.shows("Is the new one in place?");
    program.keys("y").await;
    program.shows("Rotated: only the new token works now.");
    assert_eq!(journal(&program.home), "");
    let names = program.tokens(&personal("sam")).await;
    let names: Vec<_> = names.into_iter().map(|token| token.name).collect();
    assert_eq!(names, ["git for sam on laptop 2026-11-24"]);
}

async fn again(program: &mut Harness) {
    program.shows("Sign in again");
    program.pass(Duration::from_secs(1));
    program.keys("sam<enter>").await;
}

#[tokio::test]
async fn a_server_that_dies_leaves_the_rotation_to_the_next_run() {
    let mut program = at_jenkins(Setup::default()).await;
    created(&mut program).await;
    program.stop_server().await;
    program.keys("<enter>y").await;
    program.shows("Both tokens of the rotation stay. R asks again.");
    program.shows("R finishes or undoes the rotation of \"Jenkins nightly build\".");
    assert!(journal(&program.home).contains("\"had\""));
    program.keys("<c-c>").await;
    assert!(program.has_quit());
    assert!(journal(&program.home).contains("\"had\""));
}

#[tokio::test]
async fn what_is_not_created_leaves_everything_as_it_was() {
    for (effect, words) in [
        (
            FaultEffect::RateLimited {
                retry_after: Duration::from_secs(5),
            },
            "Bitbucket has had too many requests and asks for a pause.",
        ),
        (FaultEffect::Cut, "the token is not in the list yet"),
    ] {
        let mut program = at_jenkins(Setup::default()).await;
        program.fault(Some(Method::PUT), "/access-tokens/", 1, effect);
        program.keys("R<enter>").await;
        program.shows(words);
        assert_eq!(names(&program).await, [OLD]);
        program.hides("being rotated");
    }
}

#[tokio::test]
async fn a_lost_new_token_is_revoked_and_the_old_one_stays() {
    let mut program = at_jenkins(Setup::default()).await;
    program.fault(
        Some(Method::PUT),
        "/access-tokens/",
        1,
        FaultEffect::LoseAnswer,
    );
    program.keys("R<enter>").await;
    program.shows("A token without a secret");
    program.keys("y").await;
    program.shows("Revoked. Press enter to create the token again.");
    assert_eq!(names(&program).await, [OLD]);
    assert_eq!(journal(&program.home), "");
    // Kept, it is a rotation that can only be undone.
    program.fault(
        Some(Method::PUT),
        "/access-tokens/",
        1,
        FaultEffect::LoseAnswer,
    );
    program.keys("<enter>n").await;
    program.keys("<esc>").await;
    program.shows("R finishes or undoes the rotation of \"Jenkins nightly build\".");
    program.keys("R").await;
    program.shows("can only be undone");
    program.keys("y").await;
    assert_eq!(names(&program).await, [OLD]);
    assert_eq!(journal(&program.home), "");
}

#[tokio::test]
async fn whoever_may_not_create_is_told_what_to_do_instead() {
    let mut program = at_jenkins(Setup::default()).await;
    let refused = FaultEffect::Status(
        401,
        "You are not permitted to access this resource".to_owned(),
    );
    program.fault(Some(Method::PUT), "/access-tokens/", 1, refused);
    program.keys("R<enter>").await;
    program.shows("Bitbucket lets only administrators of billing-api");
    program
        .shows("press n to see what you can do: ask somebody who can, or create a personal token.");
    assert_eq!(names(&program).await, [OLD]);
}

#[tokio::test]
async fn revoking_one_of_them_ends_the_rotation() {
    for (keys, left) in [("x1<enter>", NEW), ("<up>xy", OLD)] {
        let mut program = at_jenkins(Setup::default()).await;
        handed_over(&mut program).await;
        program.keys("n<down>").await;
        program.shows("This is the old token of a rotation");
        program.keys(keys).await;
        assert_eq!(names(&program).await, [left]);
        assert_eq!(journal(&program.home), "");
        program.shows("Revoked. Press n for a new token, or esc to go back.");
        program.keys("<esc>").await;
        program.hides("undoes the rotation");
    }
}
