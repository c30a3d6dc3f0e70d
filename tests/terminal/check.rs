//! `bbtoken check`: what a script learns of a token, and that the token is nowhere repeated.

use bbtoken::secret::Secret;

use crate::program::Program;
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
        "✓ It is valid: Bitbucket accepts it.",
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
        said.refuses(2, &["Never pass a token as an argument"]);
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

/// The same as alice, with the token behind her password.
async fn check_as_alice(shell: &Shell, token: &str, arguments: &[&str]) -> Said {
    let all = [
        &["check", "-", "--user", "alice", "--password-stdin"],
        arguments,
    ]
    .concat();
    let said = shell.run(&all, &format!("alice\n{token}\n")).await;
    assert!(!format!("{said:?}").contains(token), "{said:?}");
    said
}

#[tokio::test]
async fn what_was_found_is_revoked_where_a_list_that_one_may_see_holds_it() {
    let shell = Shell::new().await;
    let before = shell.tokens("PLAT/billing-api").await;
    let token = made(&shell, "alice", "PLAT/billing-api").await;
    // Without a terminal nobody can be asked, and nothing is sent.
    let said = check_as_alice(&shell, &token, &["--revoke"]).await;
    said.refuses(2, &["bbtoken cannot ask", "Add --yes"]);
    assert_eq!(
        shell.tokens("PLAT/billing-api").await.len(),
        before.len() + 1
    );
    let at = ["--at", "PLAT/billing-api", "--revoke", "--yes"];
    let said = check_as_alice(&shell, &token, &at).await;
    assert_eq!(said.status, 0, "{said:?}");
    assert!(
        said.out.contains("✓ It is valid: Bitbucket accepts it."),
        "{said:?}"
    );
    assert!(
        said.error.contains("✓ Revoked \"git read only for alice"),
        "{said:?}"
    );
    assert_eq!(shell.tokens("PLAT/billing-api").await, before);
    let said = check(&shell, &token, &[]).await;
    assert_eq!(said.status, 3, "{said:?}");
    // A personal one, for programs.
    let token = made(&shell, "alice", "@me").await;
    let said = check_as_alice(&shell, &token, &["--revoke", "--yes", "--json"]).await;
    let json = said.json();
    assert_eq!(json["revoked"], "revoked", "{json:#}");
    assert_eq!(json["valid"], true, "{json:#}");
    let json = check(&shell, &token, &["--json"]).await;
    assert_eq!(json.status, 3);
}

#[tokio::test]
async fn what_is_in_no_list_that_one_may_see_is_not_revoked() {
    let shell = Shell::new().await;
    let token = made(&shell, "bob", "@me").await;
    let said = check_as_alice(&shell, &token, &["--revoke", "--yes"]).await;
    assert_eq!(said.status, 5, "{said:?}");
    assert!(said.out.contains("it acts as bob"), "{said:?}");
    assert!(said.error.contains("Nothing was revoked: "), "{said:?}");
    assert!(
        said.error
            .contains("Only its owner or an administrator of its place can revoke it."),
        "{said:?}"
    );
    let said = check_as_alice(&shell, &token, &["--revoke", "--yes", "--json"]).await;
    assert_eq!(said.status, 5, "{said:?}");
    assert!(said.out.contains("\"revoked\": null"), "{said:?}");
    assert_eq!(check(&shell, &token, &[]).await.status, 0);
    let said = check(&shell, UNKNOWN, &["--yes"]).await;
    assert_eq!(said.status, 2, "{said:?}");
}

#[tokio::test]
async fn on_a_terminal_it_asks_before_it_revokes() {
    let shell = Shell::new().await;
    let base = shell.simulator.base_url();
    let token = made(&shell, "alice", "PLAT/billing-api").await;
    for (answer, said, status) in [("n", "Nothing was revoked.", 1), ("y", "✓ Revoked", 0)] {
        let arguments = [
            "check",
            "--revoke",
            "--user",
            "alice",
            "--at",
            "PLAT/billing-api",
        ];
        let mut program = Program::start(&arguments, &[("BBTOKEN_SERVER", &base)]);
        program
            .walk(&[
                ("Password", "alice\r"),
                ("Token for ", &format!("{token}\r")),
                (
                    "Revoking cannot be undone. Revoke it? [y/N]",
                    &format!("{answer}\r"),
                ),
            ])
            .await;
        program.wait_for(said).await;
        let ended = program.end().await;
        assert_eq!(ended.status.code(), Some(status));
        assert!(!String::from_utf8(ended.stream).unwrap().contains(&token));
    }
    assert_eq!(check(&shell, &token, &[]).await.status, 3);
}
