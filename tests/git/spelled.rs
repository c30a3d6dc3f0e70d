//! One place under many spellings, as clones in the wild have them: Bitbucket reads them as one, git's
//! configuration and its helpers do not.

use crate::computer::{Computer, personal, project, repository, text};
use crate::git::takes_bearer;

const BILLING: &str = "/scm/plat/billing-api.git";

fn ways() -> &'static [&'static str] {
    if takes_bearer() {
        &["header", "bearer"]
    } else {
        &["header"]
    }
}

/// The address with another name in front of its port.
fn on(host: &str, address: &str) -> String {
    address.replace("127.0.0.1", host)
}

#[tokio::test]
async fn capitals_and_a_missing_end_are_the_same_repository() {
    for way in ways() {
        let computer = Computer::new().await;
        let address = computer.address(BILLING);
        let token = computer.token(&repository("billing-api")).await;
        computer.sets_up(&["--way", way, &address], &token).await;
        for (index, path) in [
            "/scm/PLAT/billing-api.git",
            "/scm/plat/billing-api",
            "/scm/PLAT/billing-api",
            "/scm/plat/billing-api.git/",
        ]
        .iter()
        .enumerate()
        {
            let spelled = computer.address(path);
            computer
                .clones(&spelled, &format!("{way}{index}"), true)
                .await;
        }
        let user = address.replace("http://", "http://alice@");
        computer.clones(&user, &format!("{way}-user"), true).await;
        let other = computer.address("/scm/PLAT/api-gateway");
        computer.fails(&["clone", &other, "other"]).await;
        // Undone by another spelling than that of the setup.
        computer
            .undoes(&[&computer.address("/scm/PLAT/billing-api")])
            .await;
        computer.fails(&["clone", &address, "after"]).await;
    }
}

#[tokio::test]
async fn a_second_spelling_takes_the_place_of_the_first() {
    let computer = Computer::new().await;
    let token = computer.token(&repository("billing-api")).await;
    let spelled = computer.address("/scm/PLAT/Billing-API");
    for address in [&computer.address(BILLING), &spelled] {
        computer
            .sets_up(&["--way", "header", address], &token)
            .await;
    }
    computer.clones(&spelled, "clone", true).await;
    computer.undoes(&[&spelled]).await;
    let directory = std::fs::read_dir(computer.file(".config/bbtoken/git")).unwrap();
    assert_eq!(directory.count(), 0);
}

#[tokio::test]
async fn capitals_in_a_project_are_the_same_project() {
    for way in ways() {
        let computer = Computer::new().await;
        let token = computer.token(&project()).await;
        let address = computer.address("/scm/plat");
        computer.sets_up(&["--way", way, &address], &token).await;
        let spelled = computer.address("/scm/PLAT/billing-api");
        computer.clones(&spelled, way, true).await;
    }
}

#[tokio::test]
async fn the_spelling_of_the_clone_is_covered_and_is_where_git_shows_it() {
    for way in ways() {
        let computer = Computer::new().await;
        let token = computer.token(&repository("billing-api")).await;
        computer.works(&["init", "--quiet"]).await;
        let spelled = on("LocalHost", &computer.address("/scm/Plat/Billing-api"));
        computer.works(&["remote", "add", "origin", &spelled]).await;
        let plain = on("localhost", &computer.address(BILLING));
        let printed = computer.sets_up(&["--way", way, &plain], &token).await;
        assert!(printed.contains("✓ git can push"), "{printed}");
        assert!(
            computer
                .seen_by_everybody()
                .contains("--porcelain origin :refs/heads/")
        );
        computer.works(&["fetch", "--quiet"]).await;
    }
}

#[tokio::test]
async fn a_personal_token_is_kept_for_the_host_as_the_clone_spells_it() {
    for helper in ["cache", "store"] {
        let computer = Computer::new().await;
        let token = computer.token(&personal()).await;
        computer
            .works(&["config", "--global", "credential.helper", helper])
            .await;
        computer.works(&["init", "--quiet"]).await;
        let spelled = on("LocalHost", &computer.address("/scm/PLAT/billing-api"));
        computer.works(&["remote", "add", "origin", &spelled]).await;
        let plain = on("localhost", &computer.address(BILLING));
        let arguments = ["--user", "alice", "--way", "helper", &plain];
        let printed = computer.sets_up(&arguments, &token).await;
        assert!(printed.contains("✓ git can push"), "{printed}");
        computer.works(&["fetch", "--quiet"]).await;
        computer.undoes(&["--user", "alice", &plain]).await;
        computer.fails(&["fetch", "--quiet"]).await;
    }
}

#[tokio::test]
async fn another_name_of_the_server_gets_the_token_only_if_somebody_says_so() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    computer.works(&["init", "--quiet"]).await;
    let alias = on("localhost", &computer.address("/scm/PLAT/billing-api"));
    computer.works(&["remote", "add", "origin", &alias]).await;
    let printed = computer
        .sets_up(&["--way", "header", &address], &token)
        .await;
    let wanted = format!("This clone calls its server by another name: {alias}");
    assert!(printed.contains(&wanted), "{printed}");
    assert!(
        printed.contains(&format!("add --also {alias}")),
        "{printed}"
    );
    computer.fails(&["fetch", "--quiet"]).await;
    for way in ways() {
        let arguments = ["--way", way, "--also", &alias, &address];
        let printed = computer.sets_up(&arguments, &token).await;
        assert!(!printed.contains("another name"), "{printed}");
        computer.works(&["fetch", "--quiet"]).await;
        computer.clones(&address, way, true).await;
    }
    // By either name.
    computer.undoes(&[&alias]).await;
    computer.fails(&["fetch", "--quiet"]).await;
    computer.fails(&["clone", &address, "after"]).await;
    let again = computer
        .bbtoken(&["git-setup", "--undo", &address], "")
        .await;
    assert!(text(&again).contains("has not set git up"));
}
