//! What stands in front of a token is said before anything is written, with what to do about it.

use crate::computer::{Computer, personal, repository, text};
use crate::git::takes_bearer;

const BILLING: &str = "/scm/plat/billing-api.git";

/// What bbtoken says, whether it sets git up or not.
async fn says(computer: &Computer, arguments: &[&str], token: &bbtoken::secret::Secret) -> String {
    let arguments = [&["git-setup", "--yes"], arguments].concat();
    let output = computer.bbtoken(&arguments, token.expose()).await;
    let said = text(&output);
    assert!(!said.contains(token.expose()), "{said}");
    said
}

#[tokio::test]
async fn a_password_in_the_address_of_a_remote_is_named_with_the_command_that_takes_it_out() {
    let ways: &[&str] = if takes_bearer() {
        &["header", "bearer"]
    } else {
        &["header"]
    };
    for way in ways {
        let computer = Computer::new().await;
        let address = computer.address(BILLING);
        let token = computer.token(&repository("billing-api")).await;
        let with = address.replace("http://", "http://alice:old-pass@");
        computer.works(&["init", "--quiet"]).await;
        computer.works(&["remote", "add", "origin", &with]).await;
        let said = says(&computer, &["--way", way, &address], &token).await;
        let command = format!("git remote set-url origin {address}");
        assert!(said.contains(&command), "{said}");
        assert!(!said.contains("old-pass"), "{said}");
        let words: Vec<_> = command.split(' ').skip(1).collect();
        computer.works(&words).await;
        let said = says(&computer, &["--way", way, &address], &token).await;
        assert!(!said.contains("set-url"), "{said}");
        assert!(said.contains("✓ git can push"), "{said}");
    }
}

#[tokio::test]
async fn a_password_in_the_address_for_pushes_is_not_sent() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    computer.works(&["init", "--quiet"]).await;
    computer.works(&["remote", "add", "origin", &address]).await;
    let with = address.replace("http://", "http://alice:old-pass@");
    computer
        .works(&["remote", "set-url", "--push", "origin", &with])
        .await;
    if !takes_bearer() {
        return;
    }
    let said = says(&computer, &["--way", "bearer", &address], &token).await;
    assert!(said.contains("✓ git can clone"), "{said}");
    assert!(
        said.contains(
            "git would sign in with the password of alice (from the address of the remote)"
        ),
        "{said}"
    );
    assert!(!said.contains("old-pass"), "{said}");
}

#[tokio::test]
async fn another_user_in_the_address_is_named() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&personal()).await;
    let with = address.replace("http://", "http://bob@");
    computer.works(&["init", "--quiet"]).await;
    computer.works(&["remote", "add", "origin", &with]).await;
    let said = says(
        &computer,
        &["--user", "alice", "--way", "header", &address],
        &token,
    )
    .await;
    assert!(said.contains("The address of origin names bob"), "{said}");
    assert!(
        said.contains(&format!("git remote set-url origin {address}")),
        "{said}"
    );
}

#[tokio::test]
async fn an_older_header_is_named_with_its_file() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    for key in [
        "http.extraHeader",
        &format!("http.{}.extraHeader", computer.address("/scm")),
    ] {
        let value = "Authorization: Basic b2xkOm9sZA==";
        computer.works(&["config", "--global", key, value]).await;
        let said = says(&computer, &["--way", "header", &address], &token).await;
        assert!(
            said.contains("git sends an Authorization header there already"),
            "{said}"
        );
        assert!(said.contains(".gitconfig"), "{said}");
        computer
            .works(&["config", "--global", "--unset", key])
            .await;
    }
    // Another header is nobody's business.
    computer
        .works(&["config", "--global", "http.extraHeader", "X-Team: plat"])
        .await;
    let said = says(&computer, &["--way", "header", &address], &token).await;
    assert!(said.contains("✓ git is set up"), "{said}");
}

#[tokio::test]
async fn a_password_for_each_path_is_read_in_every_spelling_and_scope() {
    if !takes_bearer() {
        return;
    }
    for (scope, value) in [("", "yes"), ("", "1"), ("server", "on"), ("server", "TRUE")] {
        let computer = Computer::new().await;
        let address = computer.address(BILLING);
        let base = computer.address("");
        let token = computer.token(&personal()).await;
        computer.has_git_store().await;
        let key = match scope {
            "" => "credential.useHttpPath".to_owned(),
            _ => format!("credential.{base}.useHttpPath"),
        };
        computer.works(&["config", "--global", &key, value]).await;
        let said = says(&computer, &["--user", "alice", &base], &token).await;
        assert!(said.contains("✓ git is set up"), "{key}={value}: {said}");
        assert!(
            !said.contains("your git's own helper"),
            "{key}={value}: {said}"
        );
        computer.clones(&address, "one", true).await;
        computer
            .clones(&computer.address("/scm/data/forecasting.git"), "two", true)
            .await;
    }
}

#[tokio::test]
async fn a_helper_that_cannot_be_started_is_named_and_not_used() {
    for helper in ["no-such-helper", "/opt/my helpers/git-credential-x"] {
        let computer = Computer::new().await;
        let address = computer.address(BILLING);
        let token = computer.token(&personal()).await;
        computer
            .works(&["config", "--global", "credential.helper", helper])
            .await;
        let said = says(&computer, &["--user", "alice", &address], &token).await;
        assert!(
            said.contains(&format!("git cannot start its helper \"{helper}\"")),
            "{said}"
        );
        assert!(said.contains("✓ git is set up"), "{said}");
        computer.clones(&address, "clone", true).await;
    }
}

#[tokio::test]
async fn rules_that_lead_elsewhere_on_the_way_are_followed() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    let rule = format!("url.{}/scm/.insteadOf", computer.address(""));
    computer
        .works(&["config", "--global", &rule, "work:"])
        .await;
    computer.works(&["init", "--quiet"]).await;
    computer
        .works(&["remote", "add", "origin", "work:plat/billing-api.git"])
        .await;
    let said = says(&computer, &["--way", "header", &address], &token).await;
    assert!(said.contains("✓ git can push"), "{said}");
    computer.works(&["fetch", "--quiet"]).await;
    // Pushes alone may go elsewhere.
    let rule = "url.ssh://git@127.0.0.1:1/.pushInsteadOf";
    computer.works(&["config", "--global", rule, "work:"]).await;
    let said = says(&computer, &["--way", "header", &address], &token).await;
    assert!(said.contains("✓ git can clone"), "{said}");
    assert!(
        said.contains("git goes to ssh://git@127.0.0.1:1/plat/billing-api.git"),
        "{said}"
    );
}
