//! `bbtoken edit`: what is changed, what stays, and what is known where the answer gets lost.

use bbtoken::simulator::FaultEffect;
use reqwest::Method;
use serde_json::json;

use crate::shell::Shell;

const BILLING: &str = "PLAT/billing-api";

#[tokio::test]
async fn a_name_and_permissions_change_and_the_rest_stays() {
    let shell = Shell::new().await;
    let id = shell.id(BILLING, "old deploy").await;
    let renamed = ["edit", BILLING, &id, "--name", "deploy", "--preset", "git"];
    let said = shell.run_as("alice", &renamed).await;
    assert_eq!(said.status, 0, "{said:?}");
    for line in [
        "✓ Changed \"old deploy script, do not touch\" in billing-api:",
        "  name: old deploy script, do not touch → deploy",
        "  permissions: Repository admin → Repository write",
    ] {
        assert!(said.error.contains(line), "{line}: {said:?}");
    }
    assert!(
        said.out.starts_with(&format!("{id}\tdeploy\tREPO_WRITE\t")),
        "{said:?}"
    );

    // What is so already is not sent.
    let said = shell.run_as("alice", &renamed).await;
    assert!(
        said.error
            .contains("is like that already: nothing was sent"),
        "{said:?}"
    );
    let changes = shell.simulator.requests();
    let changes = changes
        .iter()
        .filter(|it| it.method == Method::POST && it.path.contains(&id));
    assert_eq!(changes.count(), 1);

    let permissions = ["edit", BILLING, &id, "--permissions", "repo_read", "--json"];
    let json = shell.run_as("alice", &permissions).await.json();
    assert_eq!(json["before"]["permissions"], json!(["REPO_WRITE"]));
    assert_eq!(json["token"]["permissions"], json!(["REPO_READ"]));
    assert_eq!(json["token"]["name"], "deploy");
    assert_eq!(json["token"]["expires"], "never");
}

#[tokio::test]
async fn in_a_clone_the_place_is_its_repository_and_an_id_is_enough() {
    let shell = Shell::new().await;
    let id = shell.id(BILLING, "old deploy").await;
    shell.git(&["init", "-q", "."], "").await;
    let clone = format!("{}/scm/plat/billing-api.git", shell.simulator.base_url());
    shell.git(&["remote", "add", "origin", &clone], "").await;
    let said = shell
        .run_as("alice", &["edit", &id, "--name", "here"])
        .await;
    assert_eq!(said.status, 0, "{said:?}");
    let said = shell
        .run_as("alice", &["edit", "-R", BILLING, &id, "--name", "there"])
        .await;
    assert_eq!(said.status, 0, "{said:?}");
    shell.id(BILLING, "there").await;
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_is_sent() {
    let shell = Shell::new().await;
    let id = &*shell.id(BILLING, "old deploy").await;
    for (arguments, status, words) in [
        (&["edit", BILLING, id][..], 2, &["--name"][..]),
        (
            &["edit", BILLING, "--name", "x"],
            2,
            &["Which token?", "bbtoken list"],
        ),
        (
            &["edit", BILLING, id, "123", "--name", "x"],
            2,
            &["Only one token"],
        ),
        (&["edit", BILLING, id, "--name", " "], 2, &["--name"]),
        (&["edit", BILLING, id, "--preset", "gti"], 2, &["--preset"]),
        (
            &[
                "edit",
                BILLING,
                id,
                "--permissions",
                "PROJECT_READ,REPO_WRITE",
            ],
            2,
            &["has no project level"],
        ),
        (
            &["edit", BILLING, id, "--permissions", "WRITE"],
            2,
            &["WRITE is not a permission", "REPO_WRITE"],
        ),
        (
            &["edit", BILLING, "000000000000", "--name", "x"],
            1,
            &["has no token with the id 000000000000"],
        ),
    ] {
        shell
            .run_as("alice", arguments)
            .await
            .refuses(status, words);
    }
    let rename = ["edit", BILLING, id, "--name", "x"];
    shell
        .run_as("bob", &rename)
        .await
        .refuses(5, &["not permitted", "@me"]);
    let requests = shell.simulator.requests();
    let mut changes = requests.iter().filter(|it| it.method == Method::POST);
    assert!(changes.all(|it| !it.path.contains(id)), "{requests:?}");
    assert_eq!(shell.simulator.sessions(), 0);
}

#[tokio::test]
async fn where_the_answer_gets_lost_the_token_is_read() {
    let shell = Shell::new().await;
    let id = &*shell.id(BILLING, "old deploy").await;
    let rename = |name| ["edit", BILLING, id, "--name", name];

    shell.fault(Method::POST, 1, FaultEffect::LoseAnswer);
    let said = shell.run_as("alice", &rename("done")).await;
    assert_eq!(said.status, 0, "{said:?}");

    shell.fault(Method::POST, 1, FaultEffect::Cut);
    let words = ["answer got lost", "\"done\" has not changed"];
    shell
        .run_as("alice", &rename("cut"))
        .await
        .refuses(6, &words);

    let later = FaultEffect::RateLimited {
        retry_after: std::time::Duration::from_secs(7),
    };
    shell.fault(Method::POST, 1, later);
    let words = [
        "\"done\" was not changed: too many requests",
        "Wait 7 seconds",
    ];
    shell
        .run_as("alice", &rename("fast"))
        .await
        .refuses(1, &words);

    let ended = FaultEffect::Status(401, "You are not signed in.".to_owned());
    shell.fault(Method::POST, 1, ended);
    let said = shell.run_as("alice", &rename("ended")).await;
    assert!(matches!(said.status, 4 | 5), "{said:?}");
    shell.id(BILLING, "done").await;
    let sent = shell.simulator.requests();
    let sent = sent
        .iter()
        .filter(|it| it.method == Method::POST && it.path.contains(id));
    assert_eq!(sent.count(), 4, "each of them once");
}

#[tokio::test]
async fn a_server_that_dies_in_the_middle_leaves_it_unknown() {
    let shell = Shell::new().await;
    let id = &*shell.id(BILLING, "old deploy").await;
    let arguments = [
        "edit",
        BILLING,
        id,
        "--name",
        "x",
        "--user",
        "alice",
        "--password-stdin",
    ];
    // The token is read once before, and then not any more.
    let mut child = shell.start(&arguments);
    let mut held = shell.simulator.hold(
        Some(Method::POST),
        id,
        bbtoken::simulator::Stage::BeforeWork,
    );
    shell.types(&mut child, "alice\n").await;
    held.reached().await;
    shell.fault(Method::GET, 9, FaultEffect::Cut);
    held.cut();
    let said = crate::shell::Said::of(child).await;
    said.refuses(6, &["it is not known whether", "bbtoken list"]);
}
