//! git is set up only where git itself got in; and what it takes to find that out leaves everything as it
//! was.

use std::os::unix::fs::PermissionsExt as _;

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;
use bbtoken::permission::Level;
use bbtoken::secret::Secret;

use crate::computer::{Computer, personal, repository, text};
use crate::front::{Front, Turn};
use crate::git::takes_bearer;

const BILLING: &str = "/scm/plat/billing-api.git";
const GATEWAY: &str = "/scm/plat/api-gateway.git";

/// What bbtoken says while it sets nothing up.
async fn refuses(computer: &Computer, arguments: &[&str], token: &Secret) -> String {
    let arguments = [&["git-setup", "--yes"], arguments].concat();
    let output = computer.bbtoken(&arguments, token.expose()).await;
    let said = text(&output);
    assert!(!output.status.success(), "{arguments:?}: {said}");
    assert!(!said.contains(token.expose()), "{said}");
    said
}

/// Every file below the home, with its bytes; without locks, which stay.
fn everything(computer: &Computer) -> Vec<(String, Vec<u8>)> {
    fn walk(directory: &std::path::Path, all: &mut Vec<(String, Vec<u8>)>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            if path.is_dir() {
                walk(&path, all);
            } else if path.is_file() && !name.ends_with(".lock") {
                all.push((name, std::fs::read(&path).unwrap()));
            }
        }
    }
    let mut all = Vec::new();
    walk(&computer.home(), &mut all);
    all.sort();
    all
}

#[tokio::test]
async fn where_another_header_goes_out_too_nothing_is_set_up_and_the_earlier_set_up_works_on() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let first = computer.token(&repository("billing-api")).await;
    let second = computer.token(&repository("billing-api")).await;
    computer
        .sets_up(&["--way", "header", &address], &first)
        .await;
    computer.works(&["init", "--quiet", "work"]).await;
    let ways: &[&str] = if takes_bearer() {
        &["header", "bearer"]
    } else {
        &["header"]
    };
    for way in ways {
        let config = computer.file(".gitconfig");
        let good = std::fs::read(&config).unwrap();
        let old = [
            &good[..],
            format!("[http \"{address}\"]\n\textraHeader = Authorization: Bearer old\n").as_bytes(),
        ]
        .concat();
        std::fs::write(&config, &old).unwrap();
        let before = everything(&computer);
        let said = refuses(&computer, &["--way", way, &address], &second).await;
        assert!(said.contains("Git was not set up, because git "), "{said}");
        assert!(said.contains(".gitconfig"), "{said}");
        assert!(said.contains("Everything has been put back."), "{said}");
        assert_eq!(everything(&computer), before);
        std::fs::write(&config, &good).unwrap();
        computer.clones(&address, way, true).await;
    }
}

#[tokio::test]
async fn a_failed_second_set_up_leaves_the_first_in_its_store() {
    if !takes_bearer() {
        return;
    }
    for helper in ["cache", "store"] {
        let computer = Computer::new().await;
        computer
            .works(&["config", "--global", "credential.helper", helper])
            .await;
        let address = computer.address(BILLING);
        let scope = repository("billing-api");
        let first = computer.token(&scope).await;
        let second = computer.token(&scope).await;
        let way = ["--way", "bearer", &address];
        computer.sets_up(&way, &first).await;
        let header = format!("http.{address}.extraHeader");
        computer
            .works(&["config", "--global", &header, "Authorization: Bearer old"])
            .await;
        let before = everything(&computer);
        refuses(&computer, &way, &second).await;
        assert_eq!(everything(&computer), before, "{helper}");
        computer
            .works(&["config", "--global", "--unset", &header])
            .await;
        computer.clones(&address, "one", true).await;
        // The next one that works takes its place, and nothing of the old one stays.
        computer.sets_up(&way, &second).await;
        computer.clones(&address, "two", true).await;
        let kept = everything(&computer);
        let holds = |token: &Secret| {
            let secret = token.expose().replace('+', "%2b").replace('/', "%2f");
            let holds = |bytes: &[u8]| {
                let text = String::from_utf8_lossy(bytes).to_lowercase();
                text.contains(&secret.to_lowercase().replace('=', "%3d"))
            };
            kept.iter().any(|(_, bytes)| holds(bytes))
        };
        assert!(!holds(&first));
        assert_eq!(holds(&second), helper == "store");
        assert!(!computer.seen_by_everybody().contains(second.expose()));
    }
}

#[tokio::test]
async fn hooks_signing_and_submodules_do_not_run_for_a_question() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    computer.works(&["init", "--quiet"]).await;
    computer.works(&["remote", "add", "origin", &address]).await;
    let hook = computer.file(".git/hooks/pre-push");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    let ran = computer.file("hook-ran");
    let script = format!("#!/bin/sh\n> \"{}\"\nexit 1\n", "$HOME/hook-ran");
    std::fs::write(&hook, script).unwrap();
    std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o700)).unwrap();
    for (key, value) in [
        ("push.gpgSign", "true"),
        ("push.pushOption", "x"),
        ("push.followTags", "true"),
        ("push.recurseSubmodules", "on-demand"),
        ("submodule.recurse", "true"),
        ("remote.origin.mirror", "true"),
    ] {
        computer.works(&["config", key, value]).await;
    }
    let printed = computer
        .sets_up(&["--way", "header", &address], &token)
        .await;
    // What was tried is named.
    assert!(
        printed.contains("✓ git can push to PLAT/billing-api"),
        "{printed}"
    );
    assert!(
        printed.contains("a pre-push hook of this clone"),
        "{printed}"
    );
    assert!(!ran.exists());
    let branches = computer.git(&["ls-remote", "--heads", "origin"]).await;
    assert!(!text(&branches).contains("bbtoken"), "{}", text(&branches));
}

#[tokio::test]
async fn a_clone_that_goes_by_ssh_does_not_use_the_token_and_that_is_said() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    let ssh = "ssh://git@127.0.0.1:1/plat/billing-api.git";
    let rule = format!(
        "url.ssh://git@127.0.0.1:1/.insteadOf={}/scm/",
        computer.address("")
    );
    let (key, value) = rule.split_once('=').unwrap();
    computer.works(&["init", "--quiet"]).await;
    computer.works(&["remote", "add", "origin", ssh]).await;
    let set_up = ["--way", "header", &address];
    let wanted = format!("! the clone you are in goes to {ssh}: there git does not use the token");
    let printed = computer.sets_up(&set_up, &token).await;
    assert!(printed.contains(&wanted), "{printed}");
    assert!(printed.contains("✓ git can push"), "{printed}");
    computer
        .works(&["remote", "set-url", "origin", &address])
        .await;
    computer.works(&["config", key, value]).await;
    let printed = computer.sets_up(&set_up, &token).await;
    assert!(printed.contains(&wanted), "{printed}");
    // A rule for everything of this user's: git shows nothing over HTTP, so nothing is claimed.
    computer.works(&["config", "--global", key, value]).await;
    let printed = computer.sets_up(&set_up, &token).await;
    let wanted =
        format!("? from here git goes to {ssh}, not over HTTP: clone and push was not tried");
    assert!(printed.contains(&wanted), "{printed}");
    assert!(!printed.contains("✓ git is set up"), "{printed}");
    assert!(printed.contains("! git is set up for"), "{printed}");
}

#[tokio::test]
async fn a_token_that_may_only_read_is_set_up_and_what_it_cannot_is_said() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let scope = repository("billing-api");
    let (token, _) = computer.token_with(&scope, Level::Read).await;
    let printed = computer.sets_up(&[&address], &token).await;
    assert!(printed.contains("✓ git can clone"), "{printed}");
    assert!(
        printed.contains("✗ git cannot push: the server says"),
        "{printed}"
    );
    assert!(printed.contains("✓ git is set up for"), "{printed}");
}

#[tokio::test]
async fn a_password_that_the_helper_kept_comes_back_with_undo() {
    for helper in ["cache", "store"] {
        let computer = Computer::new().await;
        let address = computer.address(BILLING);
        computer
            .works(&["config", "--global", "credential.helper", helper])
            .await;
        let host = address.split('/').nth(2).unwrap();
        let place = format!("protocol=http\nhost={host}\nusername=alice\n");
        let kept = format!("{place}password=alice\n\n");
        computer.git_with(&["credential", "approve"], &kept).await;
        let token = computer.token(&personal()).await;
        let arguments = ["--user", "alice", "--way", "helper", &address];
        let printed = computer.sets_up(&arguments, &token).await;
        assert!(
            printed.contains("in place of the password that it keeps for alice now"),
            "{printed}"
        );
        computer.clones(&address, "clone", true).await;
        let now = computer
            .git_with(&["credential", "fill"], &format!("{place}\n"))
            .await;
        assert!(text(&now).contains(token.expose()));
        // A second one does not forget what was there first.
        let second = computer.token(&personal()).await;
        computer.sets_up(&arguments, &second).await;
        computer.undoes(&["--user", "alice", &address]).await;
        let now = computer
            .git_with(&["credential", "fill"], &format!("{place}\n"))
            .await;
        assert!(text(&now).contains("password=alice\n"), "{}", text(&now));
        let before = "protocol=https\nhost=bbtoken.invalid\n\n";
        let now = computer.git_with(&["credential", "fill"], before).await;
        assert!(!now.status.success(), "{}", text(&now));
    }
}

#[tokio::test]
async fn a_password_that_somebody_has_typed_since_stays() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.has_git_store().await;
    let token = computer.token(&personal()).await;
    let arguments = ["--user", "alice", "--way", "helper", &address];
    computer.sets_up(&arguments, &token).await;
    let host = address.split('/').nth(2).unwrap();
    let place = format!("protocol=http\nhost={host}\nusername=alice\n");
    let typed = format!("{place}password=typed\n\n");
    computer.git_with(&["credential", "approve"], &typed).await;
    let output = computer
        .bbtoken(&["git-setup", "--undo", "--user", "alice", &address], "")
        .await;
    let said = text(&output);
    assert!(said.contains("keeps another password for alice"), "{said}");
    assert!(!said.contains("git is as it was"), "{said}");
    let now = computer
        .git_with(&["credential", "fill"], &format!("{place}\n"))
        .await;
    assert!(text(&now).contains("password=typed\n"));
}

#[tokio::test]
async fn a_persons_password_is_never_sent_for_a_test() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let other = computer.address(GATEWAY);
    let token = computer.token(&personal()).await;
    computer.has_git_store().await;
    // For another user than the one of the token, under whose name git would ask.
    let host = address.split('/').nth(2).unwrap();
    let kept = format!("protocol=http\nhost={host}\nusername=bob\npassword=wrong\n\n");
    computer.git_with(&["credential", "approve"], &kept).await;
    computer.works(&["init", "--quiet"]).await;
    let with_user = other.replace("http://", "http://bob@");
    computer
        .works(&["remote", "add", "origin", &with_user])
        .await;
    let arguments = ["--user", "alice", "--way", "header", &address];
    computer.sets_up(&arguments, &token).await;
    computer.undoes(&["--user", "alice", &address]).await;
    let before = everything(&computer);
    let said = refuses(
        &computer,
        &["--user", "alice", "--way", "helper", &address],
        &token,
    )
    .await;
    assert!(said.contains("bob"), "{said}");
    assert_eq!(everything(&computer), before);
}

/// git erases what its helper gave where the server refuses that.
#[tokio::test]
async fn what_git_made_its_helper_forget_comes_back() {
    for helper in ["cache", "store"] {
        let computer = Computer::new().await;
        // Our own two requests, with what git would send and without, are answered; git itself is refused.
        let asked = AtomicUsize::new(0);
        let front = Front::of(&computer.address(""), move |_, path, _| {
            let is_fetch = path.contains("service=git-upload-pack");
            if !is_fetch || asked.fetch_add(1, Ordering::Relaxed) < 2 {
                return Turn::Pass;
            }
            let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"x\"")];
            Turn::Instead((StatusCode::UNAUTHORIZED, challenge).into_response())
        })
        .await;
        let address = format!("{}{BILLING}", front.address);
        computer
            .works(&["config", "--global", "credential.helper", helper])
            .await;
        let host = address.split('/').nth(2).unwrap();
        let token = computer.token(&personal()).await;
        let place = format!("protocol=http\nhost={host}\nusername=alice\n");
        let kept = format!("{place}password={}\n\n", token.expose());
        computer.git_with(&["credential", "approve"], &kept).await;
        computer.works(&["init", "--quiet"]).await;
        computer.works(&["remote", "add", "origin", &address]).await;
        let arguments = ["git-setup", "--yes", "--user", "alice", "--way", "header"];
        let output = computer.bbtoken(&arguments, token.expose()).await;
        let said = text(&output);
        // Once by this test, and once more by bbtoken after git had erased it.
        let seen = computer.seen_by_everybody();
        assert_eq!(seen.matches("credential approve").count(), 2, "{said}");
        let now = computer
            .git_with(&["credential", "fill"], &format!("{place}\n"))
            .await;
        let wanted = format!("password={}\n", token.expose());
        assert!(text(&now).contains(&wanted), "{helper}: {said}");
    }
}

#[tokio::test]
async fn a_record_of_the_first_version_is_undone() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let directory = computer.file(".config/bbtoken/git");
    std::fs::create_dir_all(&directory).unwrap();
    let name = address
        .replace("http://", "http+")
        .replace(':', "%3A")
        .replace('/', "_");
    let text = format!(
        "# Written by bbtoken.\n[bbtoken]\n\taddress = \"{address}\"\n\tway = \"header\"\n[http \"{address}\"]\n\textraHeader = \"Authorization: Bearer x\"\n"
    );
    std::fs::write(directory.join(format!("{name}.inc")), text).unwrap();
    computer
        .undoes(&[&computer.address("/scm/PLAT/billing-api")])
        .await;
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 0);
}
