//! Which tokens can be rotated with `R`, what differs then, and how it looks in small windows and in share
//! mode; and git, which is switched to the new one.

use bbtoken::config::Config;

use crate::harness::{Harness, Setup, contains, environment, personal, project, repository};

/// The list of tokens that these keys lead to, with the cursor on the token that is filtered for.
async fn on(setup: Setup, keys: &str, filter: &str) -> Harness {
    let mut program = Harness::start(setup).await;
    program.sign_in("alice").await;
    program.keys(keys).await;
    program.keys(&format!("/{filter}<enter><esc>")).await;
    program
}

fn large() -> Setup {
    Setup {
        size: (150, 45),
        ..Setup::default()
    }
}

const BILLING: &str = "/platform<enter>/billing-api<enter><enter>";
const PLATFORM: &str = "/platform<enter><esc>s<enter>";
const ACCOUNT: &str = "m";

#[tokio::test]
async fn the_equal_token_is_as_the_old_one_whatever_that_is() {
    for (keys, filter, all) in [
        (
            BILLING,
            "deploy",
            &[
                "‹ none ›",
                "• administration",
                "Same permissions, same lifetime.",
                "Name old deploy script, do not touch 2026-11-24",
            ][..],
        ),
        (
            PLATFORM,
            "renovate",
            &[
                "Project read · Repository write",
                "Same permissions, same lifetime.",
                "Name Renovate 2026-11-24",
            ],
        ),
        (
            ACCOUNT,
            "alice-laptop",
            &["Name git on alice-laptop 2026-11-24", "‹ a tool ›"],
        ),
    ] {
        let mut program = on(large(), keys, filter).await;
        program.keys("R").await;
        for words in all {
            program.shows(words);
        }
    }
}

#[tokio::test]
async fn an_expired_token_is_replaced_too_and_is_not_said_to_work() {
    let mut program = on(large(), BILLING, "release").await;
    program.keys("R").await;
    program.shows("Replaces \"release-bot\": it has expired, and stays in the list until you");
    program.shows("The old one expired 45 days ago.");
    program.keys("<enter>").await;
    program.shows("It replaces \"release-bot\",");
    program.keys("<enter>y").await;
    program.shows("The old one has expired, so only the new one works.");
    program.hides("Both work");
    program.keys("y").await;
    program.shows("Rotated: only the new token works now.");
    let left = program.tokens(&repository("PLAT", "billing-api")).await;
    assert!(left.iter().all(|token| token.name != "release-bot"));
}

#[tokio::test]
async fn a_right_that_bbtoken_does_not_know_is_asked_for_to_the_letter() {
    let mut program = on(large(), PLATFORM, "future").await;
    program.keys("R").await;
    program.shows("Same permissions, same lifetime.");
    program.keys("<enter>").await;
    // The simulated Bitbucket does not know it either.
    let requests = program.server().requests();
    let asked = requests.iter().rev().find(|it| it.method == "PUT").unwrap();
    assert_eq!(asked.status, Some(400));
    let left = program.tokens(&project("PLAT")).await;
    let future = left
        .iter()
        .filter(|it| it.name.starts_with("from the future"));
    assert_eq!(future.count(), 1);
}

#[tokio::test]
async fn what_the_organisation_no_longer_allows_is_said() {
    let config = || Config {
        longest_expiry_days: Some(30),
        ..Config::default()
    };
    for (filter, words) in [
        (
            "jenkins",
            "! The old one had 365 days; your organisation allows fewer.",
        ),
        (
            "deploy",
            "! The old one never expires; your organisation no longer allows that.",
        ),
    ] {
        let setup = Setup {
            config: config(),
            ..large()
        };
        let mut program = on(setup, BILLING, filter).await;
        program.keys("R").await;
        program.shows("‹ 30 days ›");
        program.shows(words);
    }
}

#[tokio::test]
async fn there_is_nothing_to_rotate_on_the_first_row() {
    let mut program = on(large(), BILLING, "").await;
    program.keys("<home>R").await;
    program.shows("Put the cursor on the token to rotate first.");
}

#[tokio::test]
async fn in_share_mode_the_name_in_a_token_stays_hidden() {
    let mut program = on(large(), ACCOUNT, "alice-laptop").await;
    program.keys("<f2>R").await;
    program.shows("Replaces \"git on •••••-laptop\"");
    program.shows("Name git on •••••-laptop 2026-11-24");
    assert!(!program.text().contains("alice-laptop"));
    program.keys("<enter>").await;
    program.shows("It replaces \"git on •••••-laptop\",");
    program.keys("<enter>y").await;
    program.shows("Is the new one in place?");
    assert!(!program.text().contains("alice-laptop"));
}

#[tokio::test]
async fn it_can_be_done_in_the_smallest_window() {
    let setup = Setup {
        size: (40, 10),
        ..Setup::default()
    };
    let mut program = on(setup, ACCOUNT, "tried").await;
    program.keys("R").await;
    program.shows("[ Create token ]");
    program.shows("Replaces");
    program.keys("<enter>").await;
    program.keys("<enter><down>y").await;
    // The question is longer than the window: it scrolls.
    let mut seen = program.text();
    for _ in 0..8 {
        program.keys("<down>").await;
        seen.push_str(&program.text());
    }
    assert!(contains(&seen, "in place?"), "{seen}");
    program.keys("y").await;
    let left = program.tokens(&personal("alice")).await;
    let tried: Vec<_> = left
        .iter()
        .filter(|it| it.name.starts_with("tried"))
        .collect();
    assert_eq!(tried.len(), 1);
    assert!(tried[0].name.ends_with("2026-11-24"));
}

#[tokio::test]
async fn git_here_is_switched_and_proven_before_the_old_token_goes() {
    let mut program = Harness::start(large()).await;
    program.sign_in("alice").await;
    program.keys("mn<enter><enter>").await;
    set_git_up(&mut program).await;
    program.keys("<enter>").await;
    program.shows("← git here");
    program.keys("R").await;
    program.shows("‹ git on this computer ›");
    program.keys("<enter>").await;
    program.shows("★ g");
    set_git_up(&mut program).await;
    program.shows(
        "git uses the new token. Press enter: bbtoken then asks whether to revoke the old one.",
    );
    program.keys("<enter>").await;
    program.shows("Is the new one in place?");
    program.hides("still uses the old one");
    program.keys("y").await;
    program.shows("Rotated: \"git for alice on laptop 2026-11-24\" is in place");
    program.hides("Remove the setup");
    git_gets_in(&program).await;
}

#[tokio::test]
async fn killed_after_git_was_switched_the_next_run_finishes_it() {
    for is_noted in [true, false] {
        let mut program = Harness::start(large()).await;
        program.sign_in("alice").await;
        program.keys("mn<enter><enter>").await;
        set_git_up(&mut program).await;
        program.keys("<enter>R<enter>").await;
        set_git_up(&mut program).await;
        let (home, server) = program.kill();
        if !is_noted {
            // It was killed before that was written.
            let journal = home.path().join(".local/state/bbtoken/journal");
            let entry = std::fs::read_dir(journal).unwrap().next().unwrap();
            let entry = entry.unwrap().path();
            let noted = std::fs::read_to_string(&entry).unwrap();
            let before: Vec<_> = noted.lines().filter(|it| *it != "\"had\"").collect();
            assert_eq!(before.len() + 1, noted.lines().count(), "{noted}");
            std::fs::write(&entry, before.join("\n") + "\n").unwrap();
        }
        let mut program = Harness::start(Setup {
            home: Some(home),
            server: Some(server),
            ..large()
        })
        .await;
        program.keys("<enter>alice<enter>").await;
        program.shows("An unfinished rotation");
        program.shows("Is the new one in place?");
        program.keys("y").await;
        program.shows("Revoked \"git for alice on laptop\".");
        git_gets_in(&program).await;
    }
}

/// Sets git up from Token ready, in place of what it was set up with before.
async fn set_git_up(program: &mut Harness) {
    program.keys("g").await;
    for _ in 0..5 {
        if !program.focus().contains("a file that only you can read") {
            program.keys("<down>").await;
        }
    }
    program.keys("<enter>").await;
    program.shows("git works here");
}

/// git clones with what it is set up with.
async fn git_gets_in(program: &Harness) {
    let address = format!("{}/scm/plat/billing-api.git", program.base_url);
    let cloned = environment(program.home.path())
        .command("git")
        .args(["clone", "--quiet", &address, "clone"])
        .current_dir(program.home.path())
        .env("GIT_TERMINAL_PROMPT", "0")
        .output()
        .await
        .unwrap();
    assert!(cloned.status.success(), "{cloned:?}");
}

#[tokio::test]
async fn the_keeper_of_a_tool_is_told_where_the_new_one_goes() {
    let mut program = on(large(), BILLING, "jenkins").await;
    program.keys("R<enter>b").await;
    program.shows("› Where it goes");
    program.keys("<esc>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn after_a_change_the_list_says_what_comes_next() {
    let mut program = on(large(), BILLING, "jenkins").await;
    program.keys("e<c-u>Jenkins<enter><enter>").await;
    program.shows("Changed \"Jenkins\".");
    program.shows("Changed: whatever uses the token keeps working. Press esc to go back.");
    program.keys("<down>").await;
    program.hides("Changed: whatever uses");
}

#[tokio::test]
async fn whoever_leaves_git_with_the_old_token_is_warned() {
    let mut program = Harness::start(large()).await;
    program.sign_in("alice").await;
    program.keys("mn<enter><enter>").await;
    set_git_up(&mut program).await;
    program.keys("<enter>R<enter><enter>y").await;
    program.shows("! git on this computer still uses the old one.");
    program.keys("y").await;
    program.shows("git on this computer is set up with \"git for alice on laptop\", which Bitbucket now refuses.");
}
