//! What stands in front of a token is taken away where that was agreed to, and comes back where git is not
//! set up.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse as _;

use crate::computer::{Computer, personal, repository, text};
use crate::front::{Front, Turn};
use crate::git::takes_bearer;

const BILLING: &str = "/scm/plat/billing-api.git";

fn contents(computer: &Computer, file: &str) -> String {
    std::fs::read_to_string(computer.file(file)).unwrap()
}

async fn clone_of(computer: &Computer, address: &str) {
    computer.is_clone_of(address).await;
    // What bbtoken does not know stays, and how it is written too.
    let config = contents(computer, ".git/config") + "[alias]\n   co=checkout   # mine\n";
    std::fs::write(computer.file(".git/config"), config).unwrap();
}

#[tokio::test]
async fn a_password_is_taken_out_of_the_address_of_a_remote_and_of_that_for_pushes() {
    for (typed, push) in [
        (BILLING, None),
        ("/scm/PLAT/billing-api", None),
        (BILLING, Some("/scm/PLAT/billing-api.git")),
    ] {
        let computer = Computer::new().await;
        let address = computer.address(BILLING);
        let token = computer.token(&repository("billing-api")).await;
        let with_password = |path: &str| {
            let address = computer.address(path);
            address.replace("http://", "http://alice:old%40pass@")
        };
        clone_of(&computer, &with_password(typed)).await;
        if let Some(push) = push {
            let push = with_password(push);
            computer
                .works(&["remote", "set-url", "--push", "origin", &push])
                .await;
        }
        let before = contents(&computer, ".git/config");
        let set_up = ["--way", "header", "--mend", &address];
        let printed = computer.sets_up(&set_up, &token).await;
        assert!(
            printed.contains("the password was removed from .git/config"),
            "{printed}"
        );
        assert!(!printed.contains("old%40pass"), "{printed}");
        assert!(printed.contains("✓ git can push"), "{printed}");
        let after = contents(&computer, ".git/config");
        assert_eq!(after, before.replace("alice:old%40pass@", ""));
        assert!(
            !computer
                .seen_by_everybody()
                .contains("set-url origin http://alice")
        );
    }
}

#[tokio::test]
async fn another_user_is_taken_out_of_the_address_of_a_remote_below_a_directory_too() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&personal()).await;
    clone_of(&computer, &address.replace("http://", "http://bob@")).await;
    let set_up = ["--user", "alice", "--way", "header", "--mend", &address];
    let printed = computer.sets_up(&set_up, &token).await;
    let wanted = format!("origin now points to {address}, without bob");
    assert!(printed.contains(&wanted), "{printed}");
    let output = computer.git(&["remote", "get-url", "origin"]).await;
    assert_eq!(text(&output).trim(), address);
}

#[tokio::test]
async fn an_older_header_is_taken_out_of_its_file_wherever_that_is() {
    for (scope, place) in [
        ("--global", None),
        ("--global", Some("")),
        ("--local", Some(BILLING)),
        ("--local", None),
    ] {
        let computer = Computer::new().await;
        let address = computer.address(BILLING);
        let token = computer.token(&repository("billing-api")).await;
        clone_of(&computer, &address).await;
        let key = match place {
            Some(path) => format!("http.{}.extraHeader", computer.address(path)),
            None => "http.extraheader".to_owned(),
        };
        for value in ["X-Team: plat", "Authorization: Basic \"b2xk#Om9s;ZA==\""] {
            computer
                .works(&["config", scope, "--add", &key, value])
                .await;
        }
        let set_up = ["--way", "header", "--mend", &address];
        let printed = computer.sets_up(&set_up, &token).await;
        assert!(
            printed.contains("the older header was removed from"),
            "{key}: {printed}"
        );
        assert!(printed.contains("✓ git can push"), "{printed}");
        let left = computer.git(&["config", scope, "--get-all", &key]).await;
        assert_eq!(text(&left).trim(), "X-Team: plat");
    }
}

#[tokio::test]
async fn a_helper_that_is_gone_is_taken_out() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&personal()).await;
    let helper = "/opt/my helpers/git-credential-x";
    computer
        .works(&["config", "--global", "credential.helper", helper])
        .await;
    let set_up = ["--user", "alice", "--mend", &address];
    let printed = computer.sets_up(&set_up, &token).await;
    assert!(
        printed.contains(&format!("\"{helper}\" was removed from")),
        "{printed}"
    );
    let output = computer.git(&["clone", "--quiet", &address, "clone"]).await;
    assert!(output.status.success());
    // git no longer complains that it cannot start it.
    assert!(
        !text(&output).contains("git-credential-x"),
        "{}",
        text(&output)
    );
}

#[tokio::test]
async fn where_git_is_not_set_up_what_was_taken_away_comes_back() {
    let mut computer = Computer::new().await;
    let address = computer.address(BILLING);
    let token = computer.token(&repository("billing-api")).await;
    clone_of(&computer, &address.replace("http://", "http://alice:old@")).await;
    let global = "[http]\n\textraHeader = Authorization: Bearer old\n";
    std::fs::write(computer.file(".gitconfig"), global).unwrap();
    let before = contents(&computer, ".git/config");
    // Two headers go out, and one of them stands in no file.
    let key = format!("http.{address}.extraHeader");
    for (name, value) in [
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", key.as_str()),
        ("GIT_CONFIG_VALUE_0", "Authorization: Bearer other"),
    ] {
        computer.extra.push((name.to_owned(), value.to_owned()));
    }
    let arguments = ["git-setup", "--yes", "--mend", "--way", "header", &address];
    let output = computer.bbtoken(&arguments, token.expose()).await;
    let said = text(&output);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("the older header was removed from"), "{said}");
    assert!(said.contains("Git was not set up, because git "), "{said}");
    assert!(
        said.contains(".git/config was put back as it was."),
        "{said}"
    );
    assert_eq!(contents(&computer, ".git/config"), before);
    assert_eq!(contents(&computer, ".gitconfig"), global);
}

/// What people have on http, where the server leads to https.
#[tokio::test]
async fn a_remote_on_http_that_leads_to_https_is_put_on_https() {
    let (mut computer, file) = Computer::of_company().await;
    let https = computer.address("");
    let front = {
        let https = https.clone();
        Front::of(&https.clone(), move |_, path, _| {
            let to = format!("{https}{path}");
            let moved = (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]);
            Turn::Instead(moved.into_response())
        })
        .await
    };
    let address = computer.address(BILLING);
    let scope = repository("billing-api");
    let token = computer.token_trusting(&file, &scope).await;
    // After a redirect git trusts what it trusts at the address before it.
    for variable in ["SSL_CERT_FILE", "GIT_SSL_CAINFO"] {
        computer.extra.push((variable.to_owned(), file.clone()));
    }
    let http = format!("{}{BILLING}", front.address);
    clone_of(&computer, &http).await;
    let set_up = ["--way", "header", &address];
    let printed = computer.sets_up(&set_up, &token).await;
    assert!(printed.contains("origin is on http"), "{printed}");
    assert!(
        printed.contains(&format!("git remote set-url origin {address}\n")),
        "{printed}"
    );
    if takes_bearer() {
        // git follows the redirect, and asks its helpers for the other address.
        computer.undoes(&[&address]).await;
        let bearer = ["--way", "bearer", &address];
        computer.sets_up(&bearer, &token).await;
        computer.works(&["fetch", "--quiet", "origin"]).await;
    }
    let printed = computer
        .sets_up(&["--way", "header", "--mend", &address], &token)
        .await;
    assert!(
        printed.contains(&format!("origin now points to {address}")),
        "{printed}"
    );
    assert!(printed.contains("✓ git can push"), "{printed}");
    computer.works(&["fetch", "--quiet", "origin"]).await;
}
