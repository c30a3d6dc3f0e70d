//! `bbtoken revoke`: what is asked before, what is gone after it, and what is said of the rest.

use std::time::Duration;

use bbtoken::simulator::FaultEffect;
use reqwest::Method;
use serde_json::Value;

use crate::program::Program;
use crate::shell::Shell;

const BILLING: &str = "PLAT/billing-api";

async fn ids(shell: &Shell, names: &[&str]) -> Vec<String> {
    let mut ids = Vec::new();
    for name in names {
        ids.push(shell.id(BILLING, name).await);
    }
    ids
}

fn revocations(shell: &Shell) -> usize {
    let requests = shell.simulator.requests();
    requests
        .iter()
        .filter(|it| it.method == Method::DELETE && it.path.contains("access-tokens"))
        .count()
}

#[tokio::test]
async fn several_are_revoked_with_a_word_about_each() {
    let shell = Shell::new().await;
    let ids = ids(&shell, &["old deploy", "release-bot"]).await;
    let arguments = ["revoke", BILLING, &ids[0], &ids[1], &ids[0], "--yes"];
    let said = shell.run_as("alice", &arguments).await;
    assert_eq!(said.status, 0, "{said:?}");
    assert_eq!(
        said.out,
        format!("{}\trevoked\n{}\trevoked\n", ids[0], ids[1])
    );
    for words in [
        "Repository admin, created 3 years ago. It was last used 2 days ago: anything that uses it stops working at once.",
        "nothing works with it any more.",
        "✓ Revoked \"release-bot\".",
    ] {
        assert!(said.error.contains(words), "{words}: {said:?}");
    }
    assert_eq!(shell.tokens(BILLING).await.len(), 1);
    assert_eq!(revocations(&shell), 2);
    assert_eq!(shell.simulator.sessions(), 0);
}

#[tokio::test]
async fn without_an_answer_or_with_a_wrong_id_none_is_revoked() {
    let shell = Shell::new().await;
    let id = &*shell.id(BILLING, "old deploy").await;
    shell
        .run_as("alice", &["revoke", BILLING, id])
        .await
        .refuses(2, &["bbtoken cannot ask", "--yes"]);
    shell
        .run_as("alice", &["revoke", BILLING, "--yes"])
        .await
        .refuses(2, &["Which token?"]);
    let words = ["no token with the id 000000000000", "Nothing was revoked"];
    let wrong = ["revoke", BILLING, id, "000000000000", "--yes"];
    shell.run_as("alice", &wrong).await.refuses(1, &words);
    shell
        .run_as("bob", &["revoke", BILLING, id, "--yes"])
        .await
        .refuses(5, &["not permitted"]);
    assert_eq!(revocations(&shell), 0);
}

#[tokio::test]
async fn a_secret_at_hand_is_revoked_by_the_id_in_it_and_never_sent() {
    let shell = Shell::new().await;
    let make = ["create", BILLING, "--preset", "git", "--print"];
    let secrets = [
        shell.run_as("alice", &make).await.done(),
        shell.run_as("alice", &make).await.done(),
    ];
    let file = shell.home.path().join("found.token");
    std::fs::write(&file, &secrets[0]).unwrap();
    let file = file.display().to_string();
    let from_file = ["revoke", BILLING, "--token-file", &file, "--yes"];
    let said = shell.run_as("alice", &from_file).await;
    assert_eq!(said.status, 0, "{said:?}");
    assert!(said.out.ends_with("\trevoked\n"), "{said:?}");
    let piped = [
        "revoke",
        BILLING,
        "--token-stdin",
        "--yes",
        "--user",
        "alice",
        "--password-stdin",
    ];
    let said = shell.run(&piped, &format!("alice\n{}", secrets[1])).await;
    assert_eq!(said.status, 0, "{said:?}");
    assert_eq!(shell.tokens(BILLING).await.len(), 3);
    // Elsewhere, or gone, or none.
    let said = shell.run_as("alice", &from_file).await;
    said.refuses(
        1,
        &["It may be revoked already, or belong to another place"],
    );
    let said = shell.run(&piped, "alice\nno token\n").await;
    said.refuses(2, &["The id cannot be read"]);
    let missing = ["revoke", BILLING, "--token-file", "/nowhere", "--yes"];
    shell
        .run_as("alice", &missing)
        .await
        .refuses(1, &["/nowhere"]);
}

#[tokio::test]
async fn what_concerns_all_stops_the_rest_and_both_are_said() {
    for (effect, status, outcome, why) in [
        (
            FaultEffect::RateLimited {
                retry_after: Duration::from_secs(9),
            },
            1,
            "not revoked",
            "Wait 9 seconds",
        ),
        (FaultEffect::Cut, 6, "not known", "the list still has"),
        (FaultEffect::Html(503), 6, "not known", "the list still has"),
    ] {
        let shell = Shell::new().await;
        let ids = ids(&shell, &["old deploy", "release-bot"]).await;
        shell.fault(Method::DELETE, 1, effect);
        let arguments = ["revoke", BILLING, &ids[0], &ids[1], "--yes", "--json"];
        let said = shell.run_as("alice", &arguments).await;
        assert_eq!(said.status, status, "{said:?}");
        let json: Value = serde_json::from_str(&said.out).unwrap();
        assert_eq!(json["tokens"][0]["outcome"], outcome, "{said:?}");
        assert_eq!(json["tokens"][1]["outcome"], "not tried", "{said:?}");
        assert!(
            said.error.contains(why) && said.error.contains("Not tried: 1."),
            "{said:?}"
        );
        assert_eq!(
            (revocations(&shell), shell.tokens(BILLING).await.len()),
            (1, 3)
        );
    }
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_the_list() {
    let shell = Shell::new().await;
    let ids = ids(&shell, &["old deploy", "release-bot"]).await;
    shell.fault(Method::DELETE, 1, FaultEffect::LoseAnswer);
    let said = shell
        .run_as("alice", &["revoke", BILLING, &ids[0], &ids[1], "--yes"])
        .await;
    assert_eq!(said.status, 0, "{said:?}");
    assert_eq!(
        (revocations(&shell), shell.tokens(BILLING).await.len()),
        (2, 1)
    );
}

#[tokio::test]
async fn on_a_terminal_the_number_is_typed_and_what_failed_is_offered_again() {
    let shell = Shell::new().await;
    let base = shell.simulator.base_url();
    let ids = ids(&shell, &["old deploy", "release-bot"]).await;
    let who = ["--server", &base, "--user", "alice"];
    let arguments = [&["revoke", BILLING, &ids[0], &ids[1]][..], &who].concat();
    let mut program = Program::start(&arguments, &[]);
    program.wait_for("Password of alice").await;
    program.press("alice\r").await;
    program.wait_for("Type 2 to revoke them:").await;
    program.press("y\r").await;
    program.wait_for("Nothing was revoked.").await;
    assert_eq!(program.end().await.status.code(), Some(1));
    assert_eq!(revocations(&shell), 0);

    shell.fault(
        Method::DELETE,
        1,
        FaultEffect::Status(409, "Conflict.".to_owned()),
    );
    let mut program = Program::start(&arguments, &[]);
    program.wait_for("Password of alice").await;
    program.press("alice\r").await;
    program.wait_for("Type 2 to revoke them:").await;
    program.press("2\r").await;
    program.wait_for("Bitbucket says: Conflict.").await;
    program.wait_for("Try it again? [y/N]").await;
    program.press("y\r").await;
    assert_eq!(program.end().await.status.code(), Some(0));
    assert_eq!(shell.tokens(BILLING).await.len(), 1);
}

#[tokio::test]
async fn one_that_nobody_uses_wants_a_yes_and_a_used_one_its_number() {
    let shell = Shell::new().await;
    let base = shell.simulator.base_url();
    for (name, question, answer) in [
        ("release-bot", "Revoke it? [y/N]", "y\r"),
        ("Jenkins", "Type 1 to revoke it:", "1\r"),
    ] {
        let id = shell.id(BILLING, name).await;
        let arguments = ["revoke", BILLING, &id, "--server", &base, "--user", "alice"];
        let mut program = Program::start(&arguments, &[]);
        program.wait_for("Password of alice").await;
        program.press("alice\r").await;
        program.wait_for(question).await;
        program.press(answer).await;
        let ended = program.end().await;
        assert_eq!(ended.status.code(), Some(0));
        ended.left_the_line_as_it_was();
    }
    assert_eq!(shell.tokens(BILLING).await.len(), 1);
}
