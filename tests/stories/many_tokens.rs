//! The list of tokens as a dashboard: what to look at, in which order, found by anything that is shown, and
//! several revoked at once.

use std::time::Duration;

use bbtoken::simulator::{FaultEffect, Stage};
use reqwest::Method;

use crate::harness::{Harness, Setup, repository};

/// At the tokens of PLAT/billing-api.
async fn tokens(size: (u16, u16)) -> Harness {
    let mut program = Harness::start(Setup {
        size,
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("<enter>j<enter><enter>").await;
    program.shows("Jenkins nightly build");
    program
}

async fn left(program: &Harness) -> usize {
    program
        .tokens(&repository("PLAT", "billing-api"))
        .await
        .len()
}

/// The names in the list, from the top.
fn order(program: &mut Harness) -> Vec<&'static str> {
    let screen = program.text();
    let names = ["Jenkins", "release-bot", "old deploy"];
    let mut found: Vec<_> = names
        .into_iter()
        .filter_map(|name| Some((screen.find(name)?, name)))
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, name)| name).collect()
}

#[tokio::test]
async fn what_to_look_at_stands_in_signs_and_where_there_is_room_in_words() {
    let mut program = tokens((80, 24)).await;
    program.shows("! Jenkins nightly build");
    program.shows("✗ release-bot");
    program.shows("! old deploy script");
    program.hides("Look at");
    program.resize(200, 40).await;
    program.shows("Expires Look at");
    program.shows("more than git needs");
    program.keys("/old deploy<enter>").await;
    program.shows("look at more than git needs · never expires");
}

#[tokio::test]
async fn the_details_say_what_it_can_do_now() {
    let mut program = tokens((160, 40)).await;
    program.keys("/release<enter><esc>").await;
    program.shows("✗ It has expired, so it can do nothing any more.");
    program.keys("<esc>/jenkins<enter><esc>").await;
    program.shows("✓ It can clone and pull billing-api");
}

#[tokio::test]
async fn it_is_found_by_everything_that_is_shown() {
    let mut program = tokens((160, 40)).await;
    let place = repository("PLAT", "billing-api");
    let all = program.tokens(&place).await;
    let id = &all.iter().find(|it| it.name == "release-bot").unwrap().id;
    for (typed, found, hidden) in [
        ("admin", "old deploy script", "Jenkins"),
        ("never", "old deploy script", "release-bot"),
        ("expired", "release-bot", "Jenkins"),
        ("soon", "Jenkins", "release-bot"),
        ("jenkins", "Jenkins", "release-bot"),
        (id, "release-bot", "Jenkins"),
    ] {
        program.keys(&format!("/{typed}")).await;
        program.shows(found);
        program.hides(hidden);
        program.keys("<esc>").await;
    }
}

#[tokio::test]
async fn the_next_key_after_s_says_by_which_column() {
    let mut program = tokens((160, 40)).await;
    program.keys("s").await;
    program.shows("u last used");
    program.keys("e").await;
    assert_eq!(
        order(&mut program),
        ["release-bot", "Jenkins", "old deploy"]
    );
    program.is_on("+ New token");
    for (key, wanted) in [
        ("sn", ["Jenkins", "old deploy", "release-bot"]),
        ("sr", ["old deploy", "release-bot", "Jenkins"]),
        ("su", ["release-bot", "old deploy", "Jenkins"]),
        ("sc", ["Jenkins", "release-bot", "old deploy"]),
        ("ss", ["Jenkins", "release-bot", "old deploy"]),
    ] {
        program.keys(key).await;
        assert_eq!(order(&mut program), wanted, "{key}");
    }
    // A reload and a filter keep it, and esc changes nothing.
    program.keys("snr").await;
    assert_eq!(
        order(&mut program),
        ["Jenkins", "old deploy", "release-bot"]
    );
    program.keys("s<esc>").await;
    assert_eq!(
        order(&mut program),
        ["Jenkins", "old deploy", "release-bot"]
    );
}

#[tokio::test]
async fn the_marked_ones_are_revoked_when_their_number_is_typed() {
    let mut program = tokens((160, 40)).await;
    program
        .keys("/release<enter><esc> <esc>/old deploy<enter><esc> <esc>")
        .await;
    program.shows("■ release-bot");
    program.keys("x").await;
    program.shows("Revoke these 2 tokens?");
    program.shows("· \"old deploy script, do not touch\": Repository admin, last used 2 days ago");
    program.keys("y").await;
    program.keys("3<enter>").await;
    program.shows("Type 2, then press enter.");
    assert_eq!(program.count_requests(&Method::DELETE, ""), 0);
    program.keys("<backspace>2<enter>").await;
    program.shows("Revoked all 2 tokens.");
    assert_eq!(
        (
            program.count_requests(&Method::DELETE, ""),
            left(&program).await
        ),
        (2, 1)
    );
}

#[tokio::test]
async fn all_that_the_filter_shows_are_marked_and_esc_takes_the_marks_away() {
    let mut program = tokens((160, 40)).await;
    program.keys("/never<enter><esc>a<esc>").await;
    program.shows("■ old deploy script");
    program.hides("■ Jenkins");
    program.keys("aa").await;
    program.hides("■");
    program.keys("a<esc>").await;
    program.hides("■");
    program.shows("HTTP access tokens of billing-api");
}

#[tokio::test]
async fn what_is_refused_to_one_is_listed_and_offered_again() {
    let mut program = tokens((160, 40)).await;
    let refused = FaultEffect::Status(409, "Conflict.".into());
    program.fault(Some(Method::DELETE), "", 1, refused);
    program.keys("ax3<enter>").await;
    program.shows("2 of 3 tokens are revoked.");
    program.shows("was not revoked: it conflicts with something that already exists.");
    assert_eq!(left(&program).await, 1);
    program.keys("y").await;
    program.shows("Revoked all 3 tokens.");
    assert_eq!(
        (
            program.count_requests(&Method::DELETE, ""),
            left(&program).await
        ),
        (4, 0)
    );
}

#[tokio::test]
async fn too_many_requests_a_server_that_dies_and_rights_that_end_stop_the_rest() {
    for (effect, said) in [
        (
            FaultEffect::RateLimited {
                retry_after: Duration::from_secs(8),
            },
            "Bitbucket wants a pause of 8 seconds.",
        ),
        (
            FaultEffect::Cut,
            "may still be there: the connection was lost.",
        ),
        (
            FaultEffect::Status(403, "no".into()),
            "was not revoked: not permitted.",
        ),
    ] {
        let mut program = tokens((160, 40)).await;
        program.fault(Some(Method::DELETE), "", 1, effect);
        program.keys("ax3<enter>").await;
        program.shows("0 of 3 tokens are revoked.");
        program.shows(said);
        program.shows("Not tried: ");
        assert_eq!(
            (
                program.count_requests(&Method::DELETE, ""),
                left(&program).await
            ),
            (1, 3)
        );
        program.keys("n").await;
        program.shows("■ release-bot");
    }
}

#[tokio::test]
async fn a_sign_in_that_ends_half_way_leaves_the_rest_marked() {
    let mut program = tokens((160, 40)).await;
    program.keys("ax3").await;
    let held = program
        .server()
        .hold(Some(Method::DELETE), "/access-tokens/", Stage::AfterWork);
    program.press_only("<enter>");
    program.until_asked(&Method::DELETE, "").await;
    program.server().change_password("alice", "new");
    held.release();
    program.settle().await;
    program.shows("Bitbucket no longer accepts your password. Was it changed?");
    assert_eq!(left(&program).await, 2);
    // The box takes nothing before a pause.
    program.pass(Duration::from_secs(1));
    program.keys("new<enter>").await;
    program.shows("1 of 3 tokens are revoked. The others are still marked.");
    program.shows("■ release-bot");
    program.shows("■ old deploy script");
    program.keys("x2<enter>").await;
    program.shows("Revoked all 2 tokens.");
    assert_eq!(left(&program).await, 0);
}
