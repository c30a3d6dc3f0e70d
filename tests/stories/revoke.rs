//! Revoking, and the list of tokens it starts from.

use bbtoken::git::{self, Target, TokenNote, WayKind};
use bbtoken::permission::ScopeKind;
use bbtoken::secret::Secret;
use bbtoken::simulator::FaultEffect;
use bbtoken::terminal::Input;
use reqwest::Method;

use crate::harness::{Harness, Setup, environment, repository};

/// At the tokens of PLAT/billing-api.
async fn tokens() -> Harness {
    let mut program = Harness::start(Setup {
        size: (160, 40),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("<enter>j<enter><enter>").await;
    program.shows("Jenkins nightly build");
    program
}

async fn names(program: &Harness) -> Vec<String> {
    let tokens = program.tokens(&repository("PLAT", "billing-api")).await;
    tokens.into_iter().map(|token| token.name).collect()
}

#[tokio::test]
async fn the_list_marks_expired_and_soon_expiring_tokens_by_words() {
    let mut program = tokens().await;
    program.shows("Jenkins nightly build read 1 year ago");
    program.shows("! in 3 days");
    program.shows("✗ expired");
    let row = program.text();
    let row = row.lines().find(|line| line.contains("old deploy script"));
    assert!(row.unwrap().contains("never"), "{row:?}");
}

#[tokio::test]
async fn details_tell_the_exact_times() {
    let mut program = tokens().await;
    program.keys("/jenkins<enter>").await;
    program.shows("may Repository read");
    program.shows("expires ! soon: 27 November 2026");
    program.shows("created 27 November 2025");
}

#[tokio::test]
async fn a_token_is_revoked_after_a_question_that_names_its_last_use() {
    let mut program = tokens().await;
    program.keys("/old deploy<enter>x").await;
    program.shows("Revoke \"old deploy script, do not touch\"?");
    program.shows("It was last used 2 days ago: anything that uses it stops working at once.");
    program.shows("Revoking cannot be undone.");
    program.keys("<esc>").await;
    assert_eq!(program.count_requests(&Method::DELETE, ""), 0);
    assert_eq!(names(&program).await.len(), 3);

    program.revoke().await;
    program.shows("Revoked \"old deploy script, do not touch\".");
    assert_eq!(program.count_requests(&Method::DELETE, ""), 1);
    let names = names(&program).await;
    assert_eq!(names.len(), 2);
    assert!(!names.contains(&"old deploy script, do not touch".to_owned()));
    program.keys("<esc>").await;
    program.hides("old deploy script, do not touch  admin");
}

#[tokio::test]
async fn a_token_that_was_never_used_is_said_to_be_so() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("m/tried<enter>x").await;
    program.shows("It has never been used.");
}

#[tokio::test]
async fn there_is_nothing_to_revoke_on_the_first_row() {
    let mut program = tokens().await;
    program.is_on("+ New token");
    program.keys("x").await;
    program.shows("Put the cursor on the token to revoke first.");
}

#[tokio::test]
async fn a_token_that_is_gone_already_is_no_failure() {
    let mut program = tokens().await;
    program.keys("/jenkins<enter>x").await;
    let place = repository("PLAT", "billing-api");
    let root = program.root().await;
    for token in program.tokens(&place).await {
        root.revoke_token(&place, &token.id).await.unwrap();
    }
    program.keys("1<enter>").await;
    program.shows("\"Jenkins nightly build\" was already gone.");
    program.keys("<esc>").await;
    program.shows("No tokens here yet.");
}

#[tokio::test]
async fn a_refused_revocation_keeps_the_list_and_says_why() {
    let mut program = tokens().await;
    program.fault(
        Some(Method::DELETE),
        "",
        1,
        FaultEffect::Status(409, "Conflict.".into()),
    );
    program.keys("/jenkins<enter>").await;
    program.revoke().await;
    program.shows("\"Jenkins nightly build\" was not revoked.");
    program.shows(
        "It conflicts with something that has changed on Bitbucket since. Press x in the list to \
                   try again. Bitbucket says: Conflict.",
    );
    assert_eq!(names(&program).await.len(), 3);
    program.revoke().await;
    program.shows("Revoked \"Jenkins nightly build\".");
}

#[tokio::test]
async fn a_lost_answer_to_a_revocation_is_resolved_by_reading_the_list_again() {
    for (effect, left) in [(FaultEffect::LoseAnswer, 2), (FaultEffect::Cut, 3)] {
        let mut program = tokens().await;
        program.fault(Some(Method::DELETE), "", 1, effect);
        program.keys("/jenkins<enter>").await;
        program.revoke().await;
        program.shows(if left == 2 {
            "Revoked \"Jenkins nightly build\"."
        } else {
            "Bitbucket's answer got lost, and \"Jenkins nightly build\" is still in the list of tokens. Press x there to try again."
        });
        assert_eq!(
            program.count_requests(&Method::DELETE, ""),
            1,
            "never twice"
        );
        assert_eq!(names(&program).await.len(), left);
        let screen = program.text();
        assert_eq!(
            screen.contains("Jenkins nightly build  "),
            left == 3,
            "{screen}"
        );
    }
}

#[tokio::test]
async fn while_one_is_being_revoked_there_is_no_second_one() {
    let mut program = tokens().await;
    program.keys("/jenkins<enter>x").await;
    program.press_only("1<enter>");
    program.press_only("x");
    program.shows("One token is being revoked already: wait for it.");
    program.press_only("<esc>");
    program.settle().await;
    program.shows("HTTP access tokens of billing-api");
    assert_eq!(program.count_requests(&Method::DELETE, ""), 1);
}

#[tokio::test]
async fn a_reload_shows_what_somebody_else_has_done() {
    let mut program = tokens().await;
    program.keys("jj").await;
    program.is_on("release-bot");
    let place = repository("PLAT", "billing-api");
    let root = program.root().await;
    let tokens = program.tokens(&place).await;
    let jenkins = tokens
        .iter()
        .find(|token| token.name.starts_with("Jenkins"));
    root.revoke_token(&place, &jenkins.unwrap().id)
        .await
        .unwrap();
    program.shows("Jenkins");
    program.keys("r").await;
    program.hides("Jenkins");
    program.is_on("release-bot");
}

#[tokio::test]
async fn a_revocation_that_is_under_way_comes_to_its_end_before_anybody_leaves() {
    let mut program = tokens().await;
    program.keys("/jenkins<enter>x").await;
    program.press_only("1<enter>");
    program.press_only("q");
    assert!(!program.has_quit());
    program.shows("A token is being revoked: one moment, then you can leave.");
    program.input_only(Input::Terminate);
    assert!(!program.has_quit(), "before the outcome is known");
    program.settle().await;
    assert!(program.has_quit());
    assert_eq!(names(&program).await.len(), 2);
}

#[tokio::test]
async fn where_no_pane_has_room_enter_opens_the_details() {
    let mut program = Harness::start(Setup {
        size: (50, 15),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("<enter>j<enter><enter>j").await;
    program.hides("27 November 2025");
    program.keys("<enter>").await;
    program.shows("Jenkins nightly build");
    program.shows("27 November 2025");
    program.keys("<esc>").await;
    program.hides("27 November 2025");
    program.is_on("Jenkins");
    program.keys("<enter>x").await;
    program.shows("Revoke \"Jenkins nightly build\"?");
}

#[tokio::test]
async fn the_details_have_keys_of_their_own() {
    let mut program = tokens().await;
    program.keys("/jenkins<enter>").await;
    program.shows("─ Token ");
    program.shows("✓ It can clone and pull");
    program.shows("enter close");
    program.hides("n new token");
    program.keys("n").await;
    program.shows("─ Token ");
    program.keys("<enter>").await;
    program.hides("─ Token ");
    program.shows("n new token");
}

#[tokio::test]
async fn details_without_room_scroll_and_say_that_there_is_more() {
    let mut program = Harness::start(Setup {
        size: (42, 11),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("<enter>j<enter><enter>j<enter>").await;
    program.shows("─ Token ");
    program.shows("↓ 6 more");
    program.hides("It can clone");
    program.keys("<down>").await;
    program.shows("↓ 5 more");
    program.keys("<down><down><down><down><down>").await;
    program.shows("It can clone and pull billing-api");
    program.hides(" more");
    program.keys("<up>").await;
    program.shows("↓ 1 more");
}

#[tokio::test]
async fn a_new_token_is_what_the_cursor_is_on_wherever_it_was_before() {
    let mut program = tokens().await;
    program
        .keys("/jenkins<enter><enter>n<enter><enter><enter>y")
        .await;
    program.is_on("git for alice on laptop (billing-api)");
    program.keys("x").await;
    program.shows(
        "Revoke \"git for alice on laptop (billing-api)\"? Repository write, created just now.",
    );
}

#[tokio::test]
async fn namesakes_are_numbered() {
    let mut program = tokens().await;
    for number in ["", " 2", " 3"] {
        program.keys("n").await;
        let name = format!("git for alice on laptop (billing-api){number}");
        program.shows(&format!("Name     {name} "));
        program.keys("<enter><enter><enter>y").await;
        program.is_on(&name);
    }
    // Also where the list has not been opened; another name is as it was.
    program.keys("<esc><esc>n").await;
    program.shows("git for alice on laptop (billing-api) 4");
    program.keys("<down>").await;
    program.shows("git read only for alice on laptop (billing-api) ");
    program.hides("(billing-api) 4");
}

#[tokio::test]
async fn an_expired_token_breaks_nothing_any_more() {
    let mut program = tokens().await;
    program.keys("/release-bot<enter>x").await;
    program.shows("days ago: nothing works with it any more.");
    program.hides("stops working at once");
}

#[tokio::test]
async fn the_list_says_which_tokens_are_not_in_it() {
    let mut program = tokens().await;
    program.shows("Not listed, but reaching this repository too: tokens of Platform (PLAT)");
    program.shows("personal tokens, which only their owners see.");
    // As it says: back, to the first row.
    program.keys("<esc><esc><home>").await;
    program.is_on("Project settings");
    program.keys("<enter><enter>").await;
    program.shows("Not listed: tokens of single repositories");
    program.keys("m").await;
    program.hides("Not listed");
}

/// At the tokens of PLAT/api-gateway, with one that git is set up with.
async fn set_up() -> Harness {
    let mut program = tokens().await;
    program.keys("<esc><esc>kn<enter><enter>g").await;
    program.keys("<enter>").await;
    program.shows("git works here");
    program.keys("<enter>").await;
    program.shows("HTTP access tokens of api-gateway");
    program
}

fn is_set_up(program: &Harness) -> bool {
    program.home.path().join(".gitconfig").exists()
}

#[tokio::test]
async fn revoking_offers_to_take_away_what_git_was_set_up_with() {
    let mut program = set_up().await;
    program.shows("u removes the git setup with this token; the token stays valid.");
    program.shows("(api-gateway) ← git here");
    program.keys("x").await;
    program.shows(
        "git on this computer is set up with it: it will be refused until it has another one.",
    );
    program.keys("<esc>").await;
    program.revoke().await;
    program.shows("(api-gateway)\", which Bitbucket now refuses");
    // What is left behind is seen in the list.
    program.keys("n").await;
    program.shows("✗ git here uses a revoked token: n for a new one, u to remove the setup.");
    program.keys("u").await;
    program.shows("Remove what bbtoken has set up for git");
    assert!(is_set_up(&program));
    program.keys("y").await;
    program.shows("bbtoken's git setup was removed. No token was revoked.");
    assert!(!is_set_up(&program));
    program.hides("git here uses");
    program.hides("the git setup with this token");
    program.keys("u").await;
    program.shows("bbtoken has not set git up with a token of this place on this computer.");
}

#[tokio::test]
async fn revoking_another_token_says_nothing_of_git() {
    let mut program = set_up().await;
    program.keys("/Argo<enter><esc>").await;
    program.revoke().await;
    program.shows("Revoked \"Argo CD\".");
    program.hides("Remove the setup");
    program.keys("<esc>").await;
    program.shows("← git here");
    assert!(is_set_up(&program));
}

#[tokio::test]
async fn git_can_be_set_back_from_the_list() {
    let mut program = set_up().await;
    program.keys("u").await;
    program.shows("Remove what bbtoken has set up for git with a token of api-gateway?");
    program.keys("n").await;
    assert!(is_set_up(&program));
    program.keys("uy").await;
    assert!(!is_set_up(&program));
    program.new_token(&repository("PLAT", "api-gateway")).await;
}

#[tokio::test]
async fn what_another_user_set_git_up_with_is_not_claimed() {
    for (user, is_theirs) in [("alice", true), ("bob", false)] {
        let mut program = Harness::start(Setup {
            size: (160, 40),
            ..Setup::default()
        })
        .await;
        let environment = environment(program.home.path());
        let base = program.server().base_url();
        let alice = Some("alice".to_owned());
        let target = Target::new(&base, ScopeKind::Personal, alice).unwrap();
        let situation = git::look(&environment, &target).await.unwrap();
        let ways = situation.ways(&environment, &target, true).unwrap();
        let way = ways.iter().find(|way| way.kind == WayKind::Header).unwrap();
        let token = Secret::new("bm8gdG9rZW4=".to_owned());
        let note = TokenNote::default();
        let applied = git::apply(&environment, &target, way, &token, &note).await;
        assert!(applied.unwrap().confirm().await.is_empty());

        program.sign_in(user).await;
        program.keys("m").await;
        if is_theirs {
            program.shows("git here uses a token of your account, which one is not recorded: u removes that setup.");
            continue;
        }
        program.hides("git here uses a token of");
        program.shows("git here uses a personal token of alice, which is not listed here: u removes that setup.");
        program.keys("u").await;
        program.shows("has set up for git with a token of alice?");
        program.keys("y").await;
        program.shows("git setup was removed");
        assert!(!is_set_up(&program));
    }
}

#[tokio::test]
async fn a_list_that_never_comes_leaves_a_lost_revocation_unknown() {
    let mut program = tokens().await;
    program.keys("/jenkins<enter>x").await;
    program.fault(Some(Method::DELETE), "", 1, FaultEffect::LoseAnswer);
    program.fault(Some(Method::GET), "/access-tokens/", 1, FaultEffect::Hang);
    program.press_only("1<enter>");
    program.until_asked(&Method::GET, "/access-tokens/").await;
    program.advance(std::time::Duration::from_secs(20)).await;
    program.shows("It is not known whether");
    program.shows("Press r to read the list again. If it is still there, press x.");
}
