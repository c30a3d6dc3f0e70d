//! An older git, one that is too old, and none.

use crate::computer::{Computer, personal, repository, text};

const ADDRESS: &str = "/scm/plat/billing-api.git";

async fn with_git(version: &str) -> Computer {
    let mut computer = Computer::new().await;
    let older = ("OLDER_GIT".to_owned(), version.to_owned());
    computer.extra.push(older);
    computer
}

#[tokio::test]
async fn an_older_git_gets_a_file_for_what_it_cannot_take_from_a_helper() {
    let computer = with_git("2.39.5").await;
    let address = computer.address(ADDRESS);
    let token = computer.token(&repository("billing-api")).await;
    computer.refuses_bearer(&address, &token).await;
    let printed = computer.sets_up(&[&address], &token).await;
    assert!(printed.contains("git 2.39 has no better way"), "{printed}");
    assert!(
        printed.contains("! The file holds the token as plain text"),
        "{printed}"
    );
    computer.clones(&address, "clone", true).await;
    computer.undoes(&[&address]).await;
    computer.fails(&["clone", &address, "after"]).await;
}

#[tokio::test]
async fn an_older_git_keeps_a_personal_token_as_any_password() {
    let computer = with_git("2.39.5").await;
    let address = computer.address(ADDRESS);
    let token = computer.token(&personal()).await;
    let printed = computer
        .sets_up(&["--user", "alice", &address], &token)
        .await;
    assert!(!printed.contains("has no better way"), "{printed}");
    computer.clones(&address, "clone", true).await;
    computer.undoes(&["--user", "alice", &address]).await;
}

#[tokio::test]
async fn a_git_that_is_too_old_or_missing_is_named_and_nothing_is_written() {
    let mut computer = with_git("1.8.3.1").await;
    let address = computer.address(ADDRESS);
    let token = computer.token(&repository("billing-api")).await;
    let arguments = ["git-setup", "--yes", &address];
    let said = text(&computer.bbtoken(&arguments, token.expose()).await);
    assert!(
        said.contains("git 1.8 cannot use a token by itself: that needs 2.9"),
        "{said}"
    );
    computer
        .extra
        .push(("PATH".to_owned(), "/nowhere".to_owned()));
    let said = text(&computer.bbtoken(&arguments, token.expose()).await);
    assert!(said.contains("git is not installed here"), "{said}");
    assert!(!computer.file(".gitconfig").exists() && !computer.file(".config").exists());
}
