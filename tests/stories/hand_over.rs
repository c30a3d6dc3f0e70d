//! From "created" to a git that uses the token: tried, on the clipboard for a while, set up, saved.

use std::time::Duration;

use bbtoken::simulator::{FaultEffect, Options, Simulator};
use bbtoken::terminal::Input;
use reqwest::Method;
use tokio::process::Command;

use crate::front::{Front, Turn};
use crate::harness::{Harness, Setup, environment, repository};

const PERSONAL: &str = "mn<enter><enter>";
const PROJECT: &str = "n<enter><enter>";
const REPOSITORY: &str = "<enter>n<enter><enter>";

async fn ready(keys: &str) -> Harness {
    let mut program = Harness::start(Setup {
        size: (100, 40),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys(keys).await;
    program.shows("Token ready");
    program
}

/// Whether git, with nothing but the user's home, can do this.
async fn git(program: &Harness, arguments: &[&str]) -> bool {
    let output = environment(program.home.path())
        .command("git")
        .args(arguments)
        .current_dir(program.home.path())
        .env("GIT_TERMINAL_PROMPT", "0")
        .output()
        .await
        .unwrap();
    output.status.success()
}

async fn clones(program: &Harness, path: &str, into: &str) -> bool {
    let address = format!("{}/scm/{path}.git", program.base_url);
    git(program, &["clone", "--quiet", &address, into]).await
}

#[tokio::test]
async fn a_new_token_is_tried_at_once_and_what_it_can_do_is_compared_with_what_was_asked_for() {
    for keys in [PERSONAL, PROJECT, REPOSITORY] {
        let mut program = ready(keys).await;
        program.shows("✓ can clone ✓ can push – cannot change settings");
        program.hides("!  ");
    }
    // Read only: that it cannot push is as it should be.
    let mut program = ready("mn<down><enter><enter>").await;
    program.shows("✓ can clone – cannot push – cannot change settings");
    program.shows("tried on ");
    let mut program = ready("<enter>n<down><down><down><enter><enter>").await;
    program.shows("✓ can clone ✓ can push ✓ can change settings");
}

#[tokio::test]
async fn a_token_that_cannot_do_what_it_should_says_why() {
    let mut program = Harness::start(Setup {
        size: (100, 40),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("<enter>n<enter>").await;
    let refusal = FaultEffect::Status(403, "You are not permitted to push here.".into());
    program.fault(Some(Method::GET), "service=git-receive-pack", 1, refusal);
    program.keys("<enter>").await;
    program.shows("✓ can clone ✗ cannot push – cannot change settings");
    program.shows("push: the server says: You are not permitted to push here.");
    program.keys("t").await;
    program.shows("✓ can clone ✓ can push");
    // A page is no answer of git's.
    program.fault(Some(Method::GET), "info/refs", 2, FaultEffect::Html(200));
    program.keys("t").await;
    program.shows("? perhaps can clone ? perhaps can push");
    program.stop_server().await;
    // The first time a connection may still be open, and be cut.
    program.keys("t").await;
    program.shows("not tried: ");
    program.keys("t").await;
    program.shows("not tried: the server refuses the connection. t tries again.");
}

#[tokio::test]
async fn a_token_that_is_no_longer_valid_cannot_even_clone() {
    let mut program = ready(REPOSITORY).await;
    let place = repository("PLAT", "api-gateway");
    let token = program.new_token(&place).await;
    let root = program.root().await;
    root.revoke_token(&place, &token.id).await.unwrap();
    program.keys("t").await;
    program.shows("✗ cannot clone ✗ cannot push – cannot change settings");
    program.shows("the server says: Authentication failed.");
}

#[tokio::test]
async fn the_token_leaves_the_clipboard_after_a_minute_and_leaving_asks_from_then_on() {
    let mut program = ready(PERSONAL).await;
    program.shows("on your clipboard for 60 s");
    program.advance(Duration::from_millis(1_500)).await;
    program.shows("on your clipboard for 59 s");
    program.advance(Duration::from_millis(58_500)).await;
    assert_eq!(program.clipboard(), None);
    program.shows("The token was taken off the clipboard.");
    program.shows("no longer on your clipboard: c copies it again");
    program.keys("<enter>").await;
    program.shows("It was on your clipboard, and has been cleared.");
    program.hides("Have you pasted");
    program.keys("nc").await;
    program.shows("on your clipboard for 60 s");
    assert!(program.clipboard().is_some());
}

#[tokio::test]
async fn what_somebody_has_copied_since_stays() {
    let mut program = ready(PERSONAL).await;
    program.clipboard_handle().put("something else");
    program.advance(Duration::from_secs(60)).await;
    assert_eq!(program.clipboard().as_deref(), Some("something else"));
    program.hides("taken off the clipboard");
    program.shows("no longer on your clipboard");
}

#[tokio::test]
async fn the_clipboard_is_cleared_too_when_the_ready_screen_was_left() {
    let mut program = ready(PERSONAL).await;
    program.keys("<enter>y").await;
    program.is_on("git for alice");
    assert!(program.clipboard().is_some());
    program.advance(Duration::from_secs(60)).await;
    assert_eq!(program.clipboard(), None);
    program.shows("The token was taken off the clipboard.");
}

#[tokio::test]
async fn git_is_set_up_used_and_set_back() {
    for (keys, address) in [
        (PERSONAL, "plat/billing-api"),
        (PROJECT, "plat/billing-api"),
        (REPOSITORY, "plat/api-gateway"),
    ] {
        let mut program = ready(keys).await;
        let secret = program.clipboard().unwrap();
        assert!(!clones(&program, address, "before").await);
        program.keys("g").await;
        program.shows("git will use this token automatically");
        program.shows("This will be written (u removes it again)");
        program.shows("~/.gitconfig: one include of that list, at its end");
        assert!(
            !program.home.path().join(".gitconfig").exists(),
            "shown first"
        );
        program.keys("<enter>").await;
        program.shows(
            "✓ git works here: it can clone, pull and push with this token (just tried on PLAT/",
        );
        program.shows(
            "git does not know your name and e-mail address yet. Set them once, in your shell:",
        );
        program.shows("git config --global user.name 'Alice Ahlgren'");
        program.hides(&secret);
        assert!(clones(&program, address, "clone").await);
        let name = ["-c", "user.name=x", "-c", "user.email=x@example.com"];
        let commit = [
            "-C",
            "clone",
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            "x",
        ];
        assert!(git(&program, &[name.as_slice(), &commit].concat()).await);
        assert!(git(&program, &["-C", "clone", "push", "--quiet"]).await);
        program.keys("u").await;
        program.shows("git no longer uses this token. The token is still valid.");
        assert!(!clones(&program, address, "after").await);
        assert!(!program.home.path().join(".gitconfig").exists());
        program.forget_cache().await;
    }
}

#[tokio::test]
async fn once_git_is_set_up_the_clone_command_comes_next_and_what_is_missing_is_said() {
    for share in ["", "<f2>"] {
        let mut program = ready(REPOSITORY).await;
        program.keys(share).await;
        program.shows("g set git up");
        program.keys("g<enter>").await;
        program.shows("git works here");
        let address = format!("{}/scm/plat/api-gateway.git", program.base_url);
        program.shows(&format!("★ y  copy: git clone {address}"));
        program.is_on("★ y  copy: git clone");
        program.shows("git does not know your name and e-mail address yet.");
        program.shows("Git is set up. Before you commit, tell it your name as");
        program.hides("all is done");
        program.hides("set git up");
        program.keys("g").await;
        program.shows(
            "git is set up with this token. Press u to undo that; then g sets it up another way.",
        );
        program.keys("u").await;
        program.shows("g set git up");
        program.is_on("★ g  set git up");
    }
    let mut program = ready(REPOSITORY).await;
    let file = program.home.path().join(".gitconfig");
    std::fs::write(file, "[user]\n\tname = A\n\temail = a@example.com\n").unwrap();
    program.keys("g<enter>").await;
    program.shows("Git is set up. Press enter to leave.");
    program.hides("your name");
}

#[tokio::test]
async fn once_git_has_the_token_leaving_asks_nothing() {
    let mut program = ready(REPOSITORY).await;
    program.keys("g<down><enter>").await;
    program.shows("git works here");
    program.keys("q").await;
    assert!(program.has_quit());
}

#[tokio::test]
async fn what_forgets_comes_last_and_is_never_recommended() {
    let mut program = ready(PERSONAL).await;
    program.keys("g").await;
    program.is_on("a file that only you can read");
    program.shows("! plain text");
    program.shows("! The file holds the token as plain text");
    program.hides("RECOMMENDED");
    assert!(!program.home.path().join(".config").exists());
    program.keys("<down><down><down>").await;
    program.is_on("git's helper \"cache\"");
    program.shows("! only until a restart");
    program.keys("<enter>").await;
    program.shows("! git keeps the token only until a restart: after that you need a new one");
    program.hides("ask for nothing any more");
    program.forget_cache().await;
}

#[tokio::test]
async fn a_helper_with_the_usual_time_says_how_long_that_is() {
    let mut program = ready(PERSONAL).await;
    let file = program.home.path().join(".gitconfig");
    let text = "[credential]\n\thelper = cache\n[user]\n\tname = A\n\temail = a@example.com\n";
    std::fs::write(file, text).unwrap();
    program.keys("g<down>").await;
    program.is_on("your git's own helper (cache)");
    program.shows("! only for 15 minutes");
    program.keys("<enter>").await;
    program.shows("keeps the token only for 15 minutes");
    program.hides("your name and e-mail address yet");
    program.forget_cache().await;
}

#[tokio::test]
async fn the_clone_command_can_be_read_before_it_is_copied() {
    let mut program = ready(REPOSITORY).await;
    let address = format!("{}/scm/plat/api-gateway.git", program.base_url);
    program.shows(&format!("y copies: git clone {address}"));
    let mut program = ready(PERSONAL).await;
    let address = format!("{}/scm/plat/api-gateway.git", program.base_url);
    program.shows("tried on PLAT/api-gateway");
    program.shows(&format!("y copies: git clone {address}"));
}

#[tokio::test]
async fn without_git_the_screen_says_so() {
    let mut program = ready(REPOSITORY).await;
    program.set_variable("PATH", "/nowhere");
    program.keys("g").await;
    program.shows("git is not installed here, or not on the path. Install it. (enter looks again)");
    program.keys("<esc>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn the_token_is_saved_to_a_new_file_and_never_over_an_old_one() {
    let mut program = ready(REPOSITORY).await;
    let secret = program.clipboard().unwrap();
    program.keys("f").await;
    program.shows("Save the token");
    program.is_on("");
    program.keys("<enter>").await;
    let file = program.home.path().join("api-gateway.token");
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        format!("{secret}\n")
    );
    program.shows("which only you can read.");
    program.keys("f<enter>").await;
    program.shows("already exists, and bbtoken does not overwrite files. Choose another name.");
    program.keys("2<enter>").await;
    program.shows("which only you can read.");
    assert!(program.home.path().join("api-gateway.token2").exists());
    program.hides(&secret);
    program.keys("q").await;
    assert!(program.has_quit());
}

#[tokio::test]
async fn the_token_can_be_copied_as_a_variable_without_being_shown() {
    let mut program = ready(REPOSITORY).await;
    let secret = program.clipboard().unwrap();
    program.keys("<f2>e").await;
    program.hides(&secret);
    assert_eq!(
        program.clipboard(),
        Some(format!("BITBUCKET_TOKEN={secret}"))
    );
    program.advance(Duration::from_secs(60)).await;
    assert_eq!(program.clipboard(), None, "that is cleared too");
}

#[tokio::test]
async fn in_share_mode_the_token_is_saved_and_not_shown() {
    let mut program = ready(REPOSITORY).await;
    let secret = program.clipboard().unwrap();
    program.keys("<f2>f<enter>").await;
    program.shows("which only you can read.");
    program.hides(&secret);
    assert!(program.home.path().join("api-gateway.token").exists());
}

#[tokio::test]
async fn while_git_is_being_set_up_nobody_leaves() {
    let mut program = ready(REPOSITORY).await;
    program.keys("g").await;
    program.press_only("<enter><c-c>");
    assert!(!program.has_quit());
    program.shows("Git is being set up: one moment");
    program.settle().await;
    program.shows("git works here");
    program.input(Input::Terminate).await;
    assert!(program.has_quit());
    program.forget_cache().await;
}

/// Nothing that another program could read holds the token: neither arguments nor environment.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn our_own_process_shows_no_secret() {
    let program = ready(PERSONAL).await;
    let secret = program.clipboard().unwrap();
    let mut shown = std::fs::read("/proc/self/cmdline").unwrap();
    shown.extend(std::fs::read("/proc/self/environ").unwrap());
    assert!(!String::from_utf8_lossy(&shown).contains(&secret));
    let listed = Command::new("ps").args(["axeww"]).output().await.unwrap();
    assert!(!String::from_utf8_lossy(&listed.stdout).contains(&secret));
}

#[tokio::test]
async fn another_name_of_the_server_in_this_clone_is_asked_about_once() {
    for (answer, is_covered) in [("y", true), ("n", false)] {
        let mut program = ready(REPOSITORY).await;
        let other = program.base_url.replace("127.0.0.1", "localhost");
        let other = format!("{other}/scm/plat/api-gateway.git");
        assert!(git(&program, &["init", "--quiet"]).await);
        assert!(git(&program, &["remote", "add", "origin", &other]).await);
        program.keys("g").await;
        program.shows("another name of the server");
        program.shows("send nothing there");
        program.keys(answer).await;
        program.hides("another name of the server");
        program.keys("<enter>").await;
        program.shows("git works here");
        assert_eq!(git(&program, &["ls-remote", "origin"]).await, is_covered);
    }
}

#[tokio::test]
async fn a_clone_link_on_http_that_cannot_be_reached_is_not_what_git_is_set_up_for() {
    fn on_http(json: &mut serde_json::Value) {
        match json {
            serde_json::Value::Object(fields) => {
                for (name, value) in fields {
                    match value.as_str().filter(|_| name == "href") {
                        Some(link) if link.contains("/scm/") => {
                            let (_, path) = link.split_once("/scm/").unwrap();
                            *value = format!("http://git.invalid/scm/{path}").into();
                        }
                        _ => on_http(value),
                    }
                }
            }
            serde_json::Value::Array(values) => values.iter_mut().for_each(on_http),
            _ => {}
        }
    }
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let front = Front::of(&simulator.base_url(), |_, _, _| Turn::Change(on_http)).await;
    let mut program = Harness::start(Setup {
        size: (100, 40),
        address: Some(front.address.clone()),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys(REPOSITORY).await;
    program.keys("g").await;
    program.shows("git will use this token automatically for");
    program.shows(&format!("{}/scm/plat/api-gateway.git", front.address));
    program.keys("<enter>").await;
    program.shows("✓ git works here");
    let files = program.home.path().join(".config/bbtoken/git");
    for file in std::fs::read_dir(files).unwrap().flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap_or_default();
        assert!(!text.contains("git.invalid"), "{text}");
    }
}
