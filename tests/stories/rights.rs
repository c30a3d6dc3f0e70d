//! What the signed-in user may do where: each row and its details say it, later than the rows come and
//! without moving them.

use std::time::Duration;

use bbtoken::simulator::{FaultEffect, Options, Profile, Size, Stage};
use reqwest::Method;

use crate::harness::{Harness, Setup, repository};

const LEVELS: &str = "/api/latest/repos?permission=";

async fn signed_in(user: &str, size: (u16, u16), options: Options) -> Harness {
    let mut program = Harness::start(Setup {
        size,
        options,
        ..Setup::default()
    })
    .await;
    program.sign_in(user).await;
    program
}

/// The row of a list that begins with this name.
fn row(program: &mut Harness, name: &str) -> String {
    let text = program.text();
    let mut cells = text.lines().flat_map(|line| line.split('│'));
    let is_it = |cell: &&str| {
        let cell = cell.trim_start_matches([' ', '›']);
        cell.strip_prefix(name)
            .is_some_and(|rest| rest.starts_with(' ') && !rest.trim().is_empty())
    };
    cells
        .find(is_it)
        .unwrap_or_else(|| panic!("no {name}:\n{text}"))
        .trim()
        .to_owned()
}

#[tokio::test]
async fn each_row_says_what_one_may_do_there_on_every_version() {
    for profile in Profile::ALL {
        let mut program = signed_in("bob", (160, 50), Options::of(profile)).await;
        program.keys("/platform<enter>").await;
        assert!(
            row(&mut program, "billing-api").ends_with("write"),
            "{profile:?}"
        );
        assert!(
            row(&mut program, "api-gateway").ends_with("read"),
            "{profile:?}"
        );
        let archived = row(&mut program, "checkout-web");
        assert!(archived.ends_with("read"), "{archived}");
        program.shows(
            "– read: you may clone and pull, not push. Only its administrators create tokens here.",
        );
        program.keys("j").await;
        program.shows(
            "✓ write: you may clone, pull and push. Only its administrators create tokens here.",
        );
        program.keys("<esc>").await;
        assert!(!row(&mut program, "PLAT").contains("admin"), "{profile:?}");
        program.shows("– You do not administer it: only its administrators create project tokens.");

        let mut program = signed_in("alice", (160, 50), Options::of(profile)).await;
        assert!(row(&mut program, "PLAT").ends_with("admin"), "{profile:?}");
        program.shows(
            "✓ admin: you administer it and its repositories. So you may create tokens here.",
        );
        program.keys("/retail<enter>").await;
        assert!(
            row(&mut program, "android-app").ends_with("admin"),
            "{profile:?}"
        );
        assert!(
            row(&mut program, "app-backend").ends_with("read"),
            "{profile:?}"
        );
        assert!(
            row(&mut program, "ios-app").ends_with("admin"),
            "{profile:?}"
        );
    }
}

#[tokio::test]
async fn whoever_administers_the_project_is_not_asked_for() {
    let mut program = signed_in("alice", (160, 50), Options::default()).await;
    program.keys("<enter>").await;
    assert!(row(&mut program, "billing-api").ends_with("admin"));
    assert_eq!(program.count_requests(&Method::GET, LEVELS), 0);
}

#[tokio::test]
async fn the_answer_comes_after_the_rows_and_moves_nothing() {
    let mut program = signed_in("bob", (100, 30), Options::default()).await;
    let held = program
        .server()
        .hold(None, "permission=REPO_WRITE", Stage::BeforeWork);
    program.keys("/platform").await;
    program.press_only("<enter>");
    program.until_shows("billing-api").await;
    program
        .until_asked(&Method::GET, "permission=REPO_WRITE")
        .await;
    program
        .until_shows("Bitbucket is being asked what you may do here.")
        .await;
    assert!(row(&mut program, "billing-api").ends_with('…'));
    let before = program.text();
    held.release();
    program.settle().await;
    assert!(row(&mut program, "billing-api").ends_with("write"));
    let names = |text: &str| -> Vec<(usize, usize)> {
        let lines = text.lines().enumerate();
        lines
            .filter_map(|(y, line)| Some((y, line.find("billing-api")?)))
            .collect()
    };
    assert_eq!(names(&before), names(&program.text()));
}

#[tokio::test]
async fn what_bitbucket_does_not_say_is_unknown_and_never_taken_for_read() {
    let mut program = signed_in("bob", (160, 50), Options::default()).await;
    for permission in ["permission=REPO_WRITE", "permission=REPO_ADMIN"] {
        program.fault(
            None,
            permission,
            1,
            FaultEffect::Status(500, "out of order".into()),
        );
        program.keys("/platform<enter>").await;
        for name in ["api-gateway", "billing-api"] {
            let row = row(&mut program, name);
            let may_be_known = name == "billing-api" && permission.ends_with("WRITE");
            assert!(row.ends_with('?') || may_be_known, "{permission}: {row}");
            assert!(!row.ends_with("read"), "{permission}: {row}");
        }
        program.shows("? Bitbucket has not said what you may do here.");
        // Asked again, it says it.
        program.keys("r").await;
        assert!(row(&mut program, "api-gateway").ends_with("read"));
        program.keys("<esc><esc>").await;
    }
    let mut program = Harness::new().await;
    program.fault(
        None,
        "permission=PROJECT_ADMIN",
        1,
        FaultEffect::Status(500, "no".into()),
    );
    program.sign_in("bob").await;
    let rows = row(&mut program, "DATA");
    assert!(rows.ends_with('?'), "{rows}");
}

#[tokio::test]
async fn what_a_search_finds_says_it_too() {
    let mut program = signed_in("bob", (160, 50), Options::default()).await;
    program.keys("/billing-api").await;
    program.advance(Duration::from_secs(1)).await;
    assert!(row(&mut program, "billing-api").ends_with("write"));
    program.keys("<c-u>forecasting").await;
    assert!(row(&mut program, "forecasting").ends_with('…'));
    program.advance(Duration::from_secs(1)).await;
    assert!(row(&mut program, "forecasting").ends_with("read"));
}

#[tokio::test]
async fn it_is_asked_only_as_far_as_the_rows_go() {
    let options = Options {
        size: Some(Size {
            projects: 1,
            repositories: 950,
        }),
        ..Options::default()
    };
    // Whoever administers nothing there and writes little is told with two answers, whatever is shown.
    let mut program = signed_in("bob", (100, 30), options).await;
    program.keys("/platform<enter>").await;
    program.shows("100+");
    assert_eq!(program.count_requests(&Method::GET, LEVELS), 2);
    program.keys("G").await;
    assert_eq!(program.count_requests(&Method::GET, LEVELS), 2);
}

#[tokio::test]
async fn the_clone_command_is_copied_wherever_a_repository_is_named() {
    let mut program = signed_in("bob", (160, 50), Options::default()).await;
    let address = format!("{}/scm/plat/billing-api.git", program.base_url);
    let command = format!("git clone {address}");
    program.keys("y").await;
    program.shows("! Put the cursor on a repository first.");
    for keys in [
        "/platform<enter>j",
        "<enter>",
        "<esc><esc><esc>/billing-api<enter>",
    ] {
        program.keys(keys).await;
        if keys.ends_with('j') {
            program.shows(&format!("clone from {address}"));
        }
        program.keys("y").await;
        assert_eq!(program.clipboard().unwrap(), command, "{keys}");
        program.shows(&format!("✓ \"{command}\" is on your clipboard."));
    }
    let mut program = signed_in("alice", (160, 50), Options::default()).await;
    program.keys("<enter>j<enter><enter>y").await;
    program.shows("HTTP access tokens of billing-api");
    let address = format!("{}/scm/plat/billing-api.git", program.base_url);
    assert_eq!(program.clipboard().unwrap(), format!("git clone {address}"));
    program.keys("my").await;
    program.shows("! Put the cursor on a repository first.");
}

#[tokio::test]
async fn alice_administers_two_repositories_of_a_project_that_is_not_hers() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("/retail<enter>").await;
    program.is_on("android-app");
    program.keys("n<enter><enter>").await;
    program.shows("Token ready");
    program
        .new_token(&repository("RETAIL", "android-app"))
        .await;
}

#[tokio::test]
async fn root_sees_everything_and_may_everything() {
    let mut program = Harness::new().await;
    program.sign_in("root").await;
    program.keys("/security<enter>").await;
    program.is_on("pentest-reports");
    program.keys("n<enter><enter>").await;
    program.shows("Token ready");
    program
        .new_token(&repository("SEC", "pentest-reports"))
        .await;
}
