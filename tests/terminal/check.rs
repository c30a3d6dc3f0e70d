//! `bbtoken check`: what a script learns of a token, and that the token is nowhere repeated.

use bbtoken::secret::Secret;

use crate::shell::{Said, Shell};

/// In the form of a token, and of no server.
const UNKNOWN: &str = "MjUyOTczMDY3NTU2OmFiY2RlZmdoaWprbG1ub3BxcnN0";

async fn made(shell: &Shell, user: &str, place: &str) -> String {
    let with = ["create", place, "--preset", "git-read", "--print"];
    let said = shell.run_as(user, &with).await;
    assert_eq!(said.status, 0, "{said:?}");
    said.out.trim().to_owned()
}

/// Runs it with the token on standard input; nothing repeats the token, the log neither.
async fn check(shell: &Shell, token: &str, arguments: &[&str]) -> Said {
    let log = shell.home.path().join("log");
    let log = log.to_str().unwrap();
    let all = [&["check", "-", "--log", log], arguments].concat();
    let said = shell.run(&all, &format!("{token}\n")).await;
    let logged = std::fs::read_to_string(log).unwrap();
    for text in [&said.out, &said.error, &logged] {
        assert!(!text.contains(token), "{text}");
    }
    said
}

#[tokio::test]
async fn without_a_sign_in_a_token_tells_what_it_opens_itself() {
    let shell = Shell::new().await;
    let token = made(&shell, "alice", "@me").await;
    let said = check(&shell, &token, &["--at", "PLAT/billing-api"]).await;
    assert_eq!(said.status, 0, "{said:?}");
    for line in [
        "✓ It is valid: Bitbucket takes it.",
        "· A personal token: it acts as alice.",
        "may      Project read, Repository read",
        "✓ It can clone and pull PLAT/billing-api.",
        "– It cannot push to PLAT/billing-api.",
    ] {
        assert!(said.out.contains(line), "{line} is not in {said:?}");
    }
    let json = check(&shell, &token, &["--json"]).await.json();
    assert_eq!(json["valid"], true);
    assert_eq!(json["owner"]["name"], "alice");
    assert_eq!(json["place"]["kind"], "personal");
    assert_eq!(json["token"]["permissions"][1], "REPO_READ");
    assert_eq!(json["can"]["fetch"], true);
    assert_eq!(json["can"]["push"], false);
    let id = Secret::new(token.clone()).token_id();
    assert_eq!(json["id"].as_str(), id.as_deref());
}

#[tokio::test]
async fn a_repository_s_token_is_nobody_s_and_with_a_sign_in_its_list_tells_more() {
    let shell = Shell::new().await;
    let token = made(&shell, "alice", "PLAT/billing-api").await;
    let said = check(&shell, &token, &[]).await;
    assert!(
        said.out.contains("The token of a project or repository"),
        "{said:?}"
    );
    assert!(
        said.out
            .contains("its name, rights and expiry are not known"),
        "{said:?}"
    );
    assert!(said.error.contains("--sign-in"), "{said:?}");
    let file = shell.home.path().join("found");
    std::fs::write(&file, format!("  {token}\r\n")).unwrap();
    let arguments = ["check", "--file", file.to_str().unwrap()];
    let said = shell.run_as("alice", &arguments).await;
    assert_eq!(said.status, 0, "{said:?}");
    assert!(said.out.contains("may      Repository read"), "{said:?}");
    assert!(
        said.error
            .contains("To revoke it: bbtoken revoke PLAT/billing-api "),
        "{said:?}"
    );
    assert!(!said.out.contains(&token) && !said.error.contains(&token));
    // What it does not reach is said as that.
    let said = check(&shell, &token, &["--at", "DATA"]).await;
    assert!(said.out.contains("– It does not reach DATA."), "{said:?}");
}

#[tokio::test]
async fn a_refused_token_ends_with_3_and_says_what_it_may_be() {
    let shell = Shell::new().await;
    let said = check(&shell, UNKNOWN, &[]).await;
    assert_eq!(said.status, 3, "{said:?}");
    assert!(said.out.contains("✗ Bitbucket refuses it"), "{said:?}");
    assert!(said.out.contains("id       252973067556"), "{said:?}");
    let said = check(&shell, UNKNOWN, &["--json"]).await;
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((said.status, &json["valid"]), (3, &false.into()));
}

#[tokio::test]
async fn a_token_among_the_arguments_of_whatever_command_is_refused_and_not_repeated() {
    let shell = Shell::new().await;
    let option = format!("--token={UNKNOWN}");
    for arguments in [
        &["check", UNKNOWN][..],
        &["check", "hunter2"],
        &["check", "--file", UNKNOWN],
        &["check", &option],
        &["list", UNKNOWN],
        &["git-setup", UNKNOWN],
        &[UNKNOWN],
    ] {
        let said = shell.run(arguments, "").await;
        said.refuses(2, &["A token is never an argument"]);
        assert!(
            !said.error.contains(UNKNOWN) && !said.error.contains("hunter2"),
            "{said:?}"
        );
    }
}

#[tokio::test]
async fn without_a_token_or_a_server_it_says_what_is_missing() {
    let shell = Shell::new().await;
    shell
        .run(&["check", "-"], " \n")
        .await
        .refuses(2, &["No token was given"]);
    shell
        .run(&["check", "--file", "nowhere"], "")
        .await
        .refuses(1, &["nowhere"]);
    let closed = ["check", "-", "--server", "http://127.0.0.1:9"];
    shell
        .run(&closed, UNKNOWN)
        .await
        .refuses(1, &["No Bitbucket could be reached"]);
}
