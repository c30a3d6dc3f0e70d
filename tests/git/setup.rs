//! Each way, for each kind of token.

use std::time::Duration;

use bbtoken::clock::Clock;
use bbtoken::permission::Level;
use bbtoken::secret::Secret;
use bbtoken::simulator::Options;

use crate::computer::{Computer, personal, project, repository, text};
use crate::git::takes_bearer;

const BILLING: &str = "/scm/plat/billing-api.git";
const GATEWAY: &str = "/scm/plat/api-gateway.git";
const DATA: &str = "/scm/data/forecasting.git";

/// Whatever stands in somebody's configuration.
const CONFIGURATION: &str = "# mine\n[user]\n\tname = A \"B\"\n[alias]\n    st = status ; no end";

/// The ways for tokens that are no passwords.
fn ways_as_bearer() -> &'static [&'static str] {
    if takes_bearer() {
        &["header", "bearer"]
    } else {
        &["header"]
    }
}

#[tokio::test]
async fn a_repository_token_through_bbtoken_and_a_helper_of_gits() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    if !takes_bearer() {
        return computer.refuses_bearer(&address, &token).await;
    }
    computer.fails(&["clone", &address, "before"]).await;
    let printed = computer
        .sets_up(&["--way", "bearer", &address], &token)
        .await;
    assert!(printed.contains("✓ can clone   ✓ can push"), "{printed}");
    computer.clones(&address, "clone", true).await;
    // Only this one: the token of one repository is asked for no other.
    computer
        .fails(&["clone", &computer.address(GATEWAY), "other"])
        .await;
    computer.undoes(&[&address]).await;
    computer.fails(&["clone", &address, "after"]).await;
    assert!(!computer.seen_by_everybody().contains(token.expose()));
}

#[tokio::test]
async fn a_project_token_reaches_every_repository_of_the_project() {
    for way in ways_as_bearer() {
        let computer = Computer::new().await;
        let address = computer.address("/scm/plat");
        let token = computer.token(&project()).await;
        computer.sets_up(&["--way", way, &address], &token).await;
        computer
            .clones(&computer.address(BILLING), "one", true)
            .await;
        computer
            .clones(&computer.address(GATEWAY), "two", true)
            .await;
        computer
            .fails(&["clone", &computer.address(DATA), "three"])
            .await;
        computer.undoes(&[&address]).await;
        computer
            .fails(&["clone", &computer.address(BILLING), "after"])
            .await;
        assert!(!computer.seen_by_everybody().contains(token.expose()));
    }
}

#[tokio::test]
async fn a_personal_token_goes_to_gits_own_helper() {
    for helper in ["cache", "store"] {
        let computer = Computer::new().await;
        let address = computer.address(BILLING);
        let token = computer.token(&personal()).await;
        let helper = format!("credential.helper={helper}");
        let (key, value) = helper.split_once('=').unwrap();
        computer.works(&["config", "--global", key, value]).await;
        let arguments = ["--user", "alice", "--way", "helper", &address];
        computer.sets_up(&arguments, &token).await;
        computer.clones(&address, "one", true).await;
        computer.clones(&computer.address(DATA), "two", true).await;
        computer.undoes(&["--user", "alice", &address]).await;
        computer.fails(&["clone", &address, "after"]).await;
        assert!(!computer.seen_by_everybody().contains(token.expose()));
    }
}

#[tokio::test]
async fn without_a_helper_one_is_configured_for_this_server_alone() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&personal()).await;
    let printed = computer
        .sets_up(&["--user", "alice", "--way", "helper", &address], &token)
        .await;
    assert!(printed.contains("git's helper \"store\""), "{printed}");
    computer.clones(&address, "clone", true).await;
    let elsewhere = [
        "config",
        "--get-urlmatch",
        "credential.helper",
        "https://elsewhere.example",
    ];
    computer.fails(&elsewhere).await;
}

#[tokio::test]
async fn a_file_with_a_header_is_for_its_owner_only_and_for_exactly_one_address() {
    use std::os::unix::fs::PermissionsExt as _;

    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    let printed = computer
        .sets_up(&["--way", "header", &address], &token)
        .await;
    assert!(printed.contains("plain text"), "{printed}");
    computer.clones(&address, "clone", true).await;
    computer
        .fails(&["clone", &computer.address(GATEWAY), "other"])
        .await;
    let directory = computer.file(".config/bbtoken/git");
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&directory), 0o700);
    let mut holders = 0;
    for entry in std::fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{path:?}");
        holders += usize::from(
            std::fs::read_to_string(&path)
                .unwrap()
                .contains(token.expose()),
        );
    }
    assert_eq!(holders, 1);
    computer.undoes(&[&address]).await;
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 0);
    computer.fails(&["clone", &address, "after"]).await;
}

#[tokio::test]
async fn two_tokens_of_one_server_do_not_mix() {
    let computer = Computer::new().await;
    let (one, two) = (computer.address(BILLING), computer.address(GATEWAY));
    let first = computer.token(&repository("billing-api")).await;
    let second = computer.token(&repository("api-gateway")).await;
    for way in ways_as_bearer() {
        computer.sets_up(&["--way", way, &one], &first).await;
        computer.sets_up(&["--way", way, &two], &second).await;
        computer.clones(&one, &format!("one-{way}"), true).await;
        computer.clones(&two, &format!("two-{way}"), true).await;
        computer.undoes(&[&one]).await;
        computer.fails(&["clone", &one, "gone"]).await;
        computer.clones(&two, &format!("still-{way}"), true).await;
        computer.undoes(&[&two]).await;
        computer.fails(&["clone", &two, "gone"]).await;
    }
}

#[tokio::test]
async fn a_token_that_may_only_read_clones_and_is_refused_at_push() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let scope = repository("billing-api");
    let (token, _) = computer.token_with(&scope, Level::Read).await;
    let printed = computer.sets_up(&[&address], &token).await;
    assert!(printed.contains("✗ cannot push"), "{printed}");
    computer.clones(&address, "clone", false).await;
    computer.commits("clone").await;
    let said = computer
        .fails(&["-C", "clone", "push", "origin", "HEAD"])
        .await;
    assert!(said.contains("not permitted to push"), "{said}");
}

#[tokio::test]
async fn somebodys_configuration_keeps_every_byte() {
    for before in [
        CONFIGURATION.to_owned(),
        format!("{CONFIGURATION}\r\n"),
        String::new(),
    ] {
        let computer = Computer::new().await;
        let file = computer.file(".gitconfig");
        if !before.is_empty() {
            std::fs::write(&file, &before).unwrap();
        }
        let (one, two) = (computer.address(BILLING), computer.address(GATEWAY));
        let first = computer.token(&repository("billing-api")).await;
        let second = computer.token(&repository("api-gateway")).await;
        computer.sets_up(&["--way", "header", &one], &first).await;
        let with_one = std::fs::read_to_string(&file).unwrap();
        assert!(with_one.starts_with(&before), "{with_one}");
        computer.sets_up(&["--way", "header", &two], &second).await;
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            with_one,
            "once is enough"
        );
        computer.clones(&one, "clone", true).await;
        computer.undoes(&[&one]).await;
        computer.undoes(&[&two]).await;
        let after = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(after, before);
        assert_eq!(file.exists(), !before.is_empty());
    }
}

#[tokio::test]
async fn a_configuration_behind_a_link_stays_behind_it() {
    let computer = Computer::new().await;
    let real = computer.file("dotfiles");
    std::fs::write(&real, CONFIGURATION).unwrap();
    std::os::unix::fs::symlink(&real, computer.file(".gitconfig")).unwrap();
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    computer
        .sets_up(&["--way", "header", &address], &token)
        .await;
    computer.clones(&address, "clone", true).await;
    computer.undoes(&[&address]).await;
    assert!(computer.file(".gitconfig").is_symlink());
    assert_eq!(std::fs::read_to_string(&real).unwrap(), CONFIGURATION);
}

#[tokio::test]
async fn what_cannot_be_is_said_and_writes_nothing() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let base = computer.simulator.base_url();
    let token = computer.token(&repository("billing-api")).await;
    for (arguments, input, wanted) in [
        (
            vec!["git-setup", "--yes", &address],
            "",
            "That is not a token",
        ),
        (
            vec!["git-setup", "--yes", &address],
            "token",
            "The server refuses this token: it is wrong, expired or revoked. Nothing was written.",
        ),
        (
            vec!["git-setup", "--yes", &address],
            "two words",
            "That is not a token",
        ),
        (vec!["git-setup", &address], token.expose(), "add --yes"),
        (
            vec!["git-setup", "--yes", &base],
            "token",
            "For a personal token add --user",
        ),
        (
            vec!["git-setup", "--yes", "http://git.invalid/scm/plat/x.git"],
            token.expose(),
            "Nothing was sent. Use https, or add --plain-http",
        ),
        (
            vec!["git-setup", "--yes", "ssh://git@h/x.git"],
            "token",
            "not an address for git over HTTP",
        ),
        (
            vec!["git-setup", "--yes"],
            "token",
            "Name the clone address",
        ),
        (
            vec!["git-setup", "--yes", "--way", "nonsense", &address],
            token.expose(),
            "What works: ",
        ),
        (
            vec!["git-setup", "--undo", &address],
            "",
            "has not set git up",
        ),
    ] {
        let output = computer.bbtoken(&arguments, input).await;
        assert!(!output.status.success(), "{arguments:?}");
        let said = text(&output);
        assert!(said.contains(wanted), "{arguments:?}: {said}");
    }
    assert!(!computer.file(".gitconfig").exists());
    assert!(!computer.file(".config").exists());
}

#[tokio::test]
async fn a_token_is_read_as_powershell_writes_it() {
    for encode in [
        |token: &str| format!("\u{feff}{token}\r\n"),
        |token: &str| token.chars().flat_map(|letter| [letter, '\0']).collect(),
    ] {
        let computer = Computer::new().await;
        let address = computer.address(BILLING);
        let token = computer.token(&repository("billing-api")).await;
        let input = Secret::new(encode(token.expose()));
        computer
            .sets_up(&["--way", "header", &address], &input)
            .await;
        computer.clones(&address, "clone", true).await;
    }
}

#[tokio::test]
async fn a_token_that_the_server_refuses_is_not_written() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("api-gateway")).await;
    for (refused, user) in [
        ("BBDC-wrong", &[][..]),
        ("BBDC-wrong", &["--user", "alice"]),
        (token.expose(), &[]),
    ] {
        let arguments = [&["git-setup", "--yes"], user, &[&address]].concat();
        let output = computer.bbtoken(&arguments, refused).await;
        let said = text(&output);
        assert!(!output.status.success(), "{said}");
        assert!(said.contains("Nothing was written"), "{said}");
        assert!(!computer.file(".gitconfig").exists());
        assert!(!computer.file(".config").exists());
    }
}

#[tokio::test]
async fn in_a_clone_its_own_address_is_meant() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    computer.works(&["init", "--quiet"]).await;
    computer.works(&["remote", "add", "origin", &address]).await;
    let printed = computer.sets_up(&[], &token).await;
    let before = "✗ git has no token and no password for this place";
    assert!(printed.starts_with(before), "{printed}");
    computer.clones(&address, "clone", true).await;
    // The next time it is looked at first.
    let printed = computer.sets_up(&[], &token).await;
    assert!(printed.starts_with("✓ git works here"), "{printed}");
}

#[tokio::test]
async fn in_a_clone_an_expired_token_is_told_first() {
    let clock = Clock::manual("2026-01-01T00:00:00Z".parse().unwrap());
    let computer = Computer::with(Options {
        clock: clock.clone(),
        ..Options::default()
    })
    .await;
    let address = computer.address(BILLING);
    let scope = repository("billing-api");
    let token = computer.expiring_token(&scope, 10).await;
    computer.works(&["init", "--quiet"]).await;
    computer.works(&["remote", "add", "origin", &address]).await;
    computer.sets_up(&["--way", "header"], &token).await;
    // The record of a token that was made on a screen.
    let files = std::fs::read_dir(computer.file(".config/bbtoken/git")).unwrap();
    let mut files = files.map(|file| file.unwrap().path());
    let file = files.find(|path| path.extension().is_some_and(|it| it == "inc"));
    let file = file.unwrap();
    let record = std::fs::read_to_string(&file).unwrap();
    let expires = "[bbtoken]\n\texpires = \"2026-01-11T00:00:00Z\"";
    std::fs::write(&file, record.replace("[bbtoken]", expires)).unwrap();
    clock.advance(Duration::from_secs(20 * 24 * 3600));
    let next = computer.token(&scope).await;
    let printed = computer.sets_up(&["--way", "header"], &next).await;
    assert!(
        printed.starts_with("✗ git's token for this clone expired "),
        "{printed}"
    );
    computer.clones(&address, "clone", true).await;
}

#[tokio::test]
async fn the_configured_authority_is_trusted_when_the_token_is_tried() {
    let (computer, authority) = Computer::of_company().await;
    let base = computer.address("");
    let config = computer.file("config.toml");
    let servers = format!("[[server]]\naddress = {base:?}\nca_file = {authority:?}\n");
    std::fs::write(&config, servers).unwrap();
    let address = computer.address(BILLING);
    let setup = ["git-setup", "--yes", "--way", "header", &address];
    // The server has to answer before it can refuse.
    let without = computer.bbtoken(&setup, "no-such-token").await;
    assert!(text(&without).contains("certificate"), "{without:?}");
    let config = config.to_str().unwrap();
    let with = [&setup[..], &["--config", config]].concat();
    let with = computer.bbtoken(&with, "no-such-token").await;
    let tried = "The server refuses this token";
    assert!(text(&with).contains(tried), "{with:?}");
}
