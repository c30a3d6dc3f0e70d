//! git is set up a second time: that is said before, and undo brings the first one back.

use std::path::Path;

use bbtoken::bitbucket::Scope;
use bbtoken::secret::Secret;
use tempfile::TempDir;

use crate::harness::{Harness, Setup, environment};

const PERSONAL: &str = "mn<enter><enter>";
const REPOSITORY: &str = "<enter>jn<enter><enter>";
const HEADER: &str = "a file that only you can read";

/// Whether git, with nothing but the user's home and desktop, can clone this.
async fn clones(home: &Path, bus: &str, address: &str, into: &str) -> bool {
    let output = environment(home)
        .with("DBUS_SESSION_BUS_ADDRESS", bus)
        .command("git")
        .args(["clone", "--quiet", address, into])
        .current_dir(home)
        .env("GIT_TERMINAL_PROMPT", "0")
        .output()
        .await
        .unwrap();
    output.status.success()
}

/// Makes a token and sets git up with it this way.
async fn set_up(program: &mut Harness, keys: &str, way: &str) {
    program.keys(keys).await;
    program.shows("Token ready");
    program.keys("g").await;
    for _ in 0..5 {
        if !program.focus().contains(way) {
            program.keys("<down>").await;
        }
    }
    assert!(
        program.focus().contains(way),
        "{way} in place of another:\n{}",
        program.text()
    );
}

/// The files of a setup: what each of them holds.
fn files(home: &Path) -> Vec<(String, String)> {
    let directory = home.join(".config/bbtoken/git");
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            (
                path.display().to_string(),
                std::fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    let configuration = home.join(".gitconfig");
    files.extend(
        std::fs::read_to_string(configuration)
            .ok()
            .map(|it| (".gitconfig".to_owned(), it)),
    );
    files.sort();
    files
}

async fn start() -> Harness {
    start_in(None, "").await
}

async fn start_in(home: Option<TempDir>, bus: &str) -> Harness {
    let mut program = Harness::start(Setup {
        size: (120, 45),
        home,
        bus: Some(bus.to_owned()),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program
}

/// Every way in place of every other: the second is undone, and git gets in with the first.
async fn undo_brings_the_first_back(keys: &str, ways: &[&str], configuration: &str) {
    for first in ways {
        for second in ways {
            let mut program = start().await;
            std::fs::write(program.home.path().join(".gitconfig"), configuration).unwrap();
            first_comes_back(&mut program, keys, (first, second), "").await;
            program.forget_cache().await;
        }
    }
}

/// The second way takes the place of the first, and is undone.
async fn first_comes_back(
    program: &mut Harness,
    keys: &str,
    (first, second): (&str, &str),
    bus: &str,
) {
    let home = program.home.path().to_owned();
    let address = format!("{}/scm/plat/billing-api.git", program.base_url);
    set_up(program, keys, first).await;
    program.hides("already uses");
    program.keys("<enter>").await;
    program.shows("git works here");
    let before = files(&home);
    program.keys("<enter>").await;
    set_up(program, "n<enter><enter>", second).await;
    program.shows("git here already uses \"git for alice on laptop");
    program.shows("until you leave Token ready, u brings");
    program.keys("<enter>").await;
    program.shows("git works here");
    assert!(
        clones(&home, bus, &address, "second").await,
        "{first} {second}"
    );
    program.keys("u").await;
    program.shows("again, and it works.");
    assert_eq!(files(&home), before, "{first} {second}");
    assert!(
        clones(&home, bus, &address, "first").await,
        "{first} {second}"
    );
}

#[tokio::test]
async fn undo_of_a_second_personal_token_brings_the_first_back() {
    let ways = [HEADER, "git's helper \"store\"", "git's helper \"cache\""];
    undo_brings_the_first_back(PERSONAL, &ways, "").await;
}

#[tokio::test]
async fn undo_of_a_second_personal_token_in_gits_own_helper_brings_the_first_back() {
    let ways = [HEADER, "your git's own helper (store)"];
    let configuration = "[credential]\n\thelper = store\n";
    undo_brings_the_first_back(PERSONAL, &ways, configuration).await;
}

#[tokio::test]
async fn undo_of_a_second_repository_token_brings_the_first_back() {
    if !crate::git_here::takes_bearer() {
        return;
    }
    undo_brings_the_first_back(REPOSITORY, &[HEADER, "git's helper \"cache\""], "").await;
    let configuration = "[credential]\n\thelper = store\n";
    let ways = [HEADER, "git's helper \"store\""];
    undo_brings_the_first_back(REPOSITORY, &ways, configuration).await;
}

#[cfg(unix)]
#[tokio::test]
#[ignore = "needs a key ring: .ci/run installs it"]
async fn undo_brings_the_first_back_to_and_from_the_key_ring() {
    if !crate::git_here::takes_bearer() {
        return;
    }
    const KEY_RING: &str = "the desktop's key ring";
    let others = [HEADER, "git's helper \"store\"", KEY_RING];
    for other in others {
        for ways in [(KEY_RING, other), (other, KEY_RING)] {
            let home = TempDir::new().unwrap();
            let configuration = "[credential]\n\thelper = store\n";
            std::fs::write(home.path().join(".gitconfig"), configuration).unwrap();
            let desktop = crate::desktop::Desktop::start(home.path()).await;
            let mut program = start_in(Some(home), &desktop.address).await;
            first_comes_back(&mut program, REPOSITORY, ways, &desktop.address).await;
        }
    }
}

#[tokio::test]
async fn what_cannot_come_back_is_said_before() {
    let mut program = start().await;
    set_up(&mut program, PERSONAL, "git's helper \"cache\"").await;
    program.keys("<enter>").await;
    program.shows("git works here");
    program.forget_cache().await;
    program.keys("<enter>").await;
    set_up(&mut program, "n<enter><enter>", HEADER).await;
    program.shows("git here is set up with \"git for alice on laptop\"");
    program.shows("but cache no longer has it. This replaces it.");
    program.shows("cannot come back: cache no longer keeps the token");
    program.hides("u brings");
    program.keys("<enter>").await;
    program.shows("git works here");
}

#[tokio::test]
async fn what_was_revoked_is_not_called_used_and_undo_does_not_lead_back_to_it() {
    let mut program = start().await;
    let home = program.home.path().to_owned();
    set_up(&mut program, REPOSITORY, HEADER).await;
    program.keys("<enter>").await;
    program.shows("git works here");
    let first = Secret::new(program.clipboard().unwrap());
    let scope = Scope::Repository {
        project: "PLAT".to_owned(),
        slug: "billing-api".to_owned(),
    };
    let client = program.root().await;
    let id = first.token_id().unwrap();
    client.revoke_token(&scope, &id).await.unwrap();
    program.keys("<enter>").await;
    set_up(&mut program, "n<enter><enter>", HEADER).await;
    program.hides("already uses");
    program.shows("but the server refuses it: it has expired or was revoked. This replaces it.");
    program.shows("does not come back: the server refuses it");
    program.hides("u brings");
    program.keys("<enter>").await;
    program.shows("git works here");
    program.hides("undo that: git uses");
    program.keys("u").await;
    assert_eq!(files(&home), []);
}

#[tokio::test]
async fn what_the_first_needs_goes_once_the_second_is_kept() {
    let mut program = start().await;
    let home = program.home.path().to_owned();
    set_up(&mut program, REPOSITORY, HEADER).await;
    let first = program.clipboard().unwrap();
    program.keys("<enter>").await;
    program.shows("git works here");
    program.keys("<enter>").await;
    set_up(&mut program, "n<enter><enter>", HEADER).await;
    program.keys("<enter>").await;
    program.shows("u  undo that: git uses \"git for alice on laptop");
    program.keys("g").await;
    program.shows("Press u to undo that");
    assert!(files(&home).iter().any(|(_, text)| text.contains(&first)));
    program.keys("<enter>").await;
    program.hides("Token ready");
    drop(program);
    bbtoken::git::bring_to_end(&environment(&home)).await;
    assert!(!files(&home).iter().any(|(_, text)| text.contains(&first)));
}
