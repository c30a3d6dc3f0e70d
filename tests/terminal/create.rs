//! `bbtoken create`: what is made, where the secret goes, and that nothing is left behind.

use std::time::Duration;

use bbtoken::simulator::{Fault, FaultEffect, Options, Simulator, Stage};
use reqwest::Method;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::process::Child;
use tokio::time::timeout;

use crate::program::Program;
use crate::shell::{Said, Shell};

/// Nothing takes so long.
const PATIENCE: Duration = Duration::from_secs(60);
const BILLING: &str = "PLAT/billing-api";
const GIT: [&str; 4] = ["create", BILLING, "--preset", "git"];

/// Every creation meets this.
fn creation(simulator: &Simulator, effect: FaultEffect) {
    simulator.inject(Fault {
        method: Some(Method::PUT),
        path_contains: "/access-tokens/".to_owned(),
        times: Some(1),
        effect,
    });
}

async fn names(shell: &Shell, place: &str) -> Vec<String> {
    let json = shell
        .run_as("alice", &["list", place, "--json"])
        .await
        .json();
    let tokens = json["tokens"].as_array().unwrap().iter();
    tokens
        .map(|it| it["name"].as_str().unwrap().to_owned())
        .collect()
}

/// What is being created according to the journal.
fn journal(shell: &Shell) -> usize {
    let directory = shell.home.path().join(".local/state/bbtoken/journal");
    std::fs::read_dir(directory).map_or(0, Iterator::count)
}

#[tokio::test]
async fn with_print_the_secret_alone_goes_to_standard_output() {
    let shell = Shell::new().await;
    let with = [&GIT[..], &["--print"]].concat();
    let secret = shell.run_as("alice", &with).await.done();
    let token = secret.trim_end();
    assert!(token.len() > 20 && !token.contains(char::is_whitespace));
    let all = names(&shell, BILLING).await;
    let name = all.iter().find(|name| name.starts_with("git for"));
    let name = name.unwrap();
    assert!(name.starts_with("git for alice on "), "{all:?}");
    assert!(name.ends_with("(billing-api)"), "{name}");
    // The second of that name is told apart.
    shell.run_as("alice", &with).await.done();
    let second = names(&shell, BILLING).await;
    assert!(second.contains(&format!("{name} 2")), "{second:?}");
    assert_eq!(journal(&shell), 0);
}

#[tokio::test]
async fn json_is_the_form_and_print_decides_about_the_secret() {
    let shell = Shell::new().await;
    for (user, place, preset, permissions) in [
        ("alice", BILLING, "git", &["REPO_WRITE"][..]),
        ("alice", "PLAT", "git-read", &["PROJECT_READ", "REPO_READ"]),
        (
            "bob",
            "@me",
            "git-pull-requests",
            &["PROJECT_READ", "REPO_WRITE"],
        ),
        (
            "bob",
            "@me",
            "administration",
            &["PROJECT_ADMIN", "REPO_ADMIN"],
        ),
        ("bob", "@me", "read only", &["PROJECT_READ", "REPO_READ"]),
    ] {
        let arguments = [
            "create",
            place,
            "--preset",
            preset,
            "--name",
            "from a script",
            "--days",
            "7",
            "--json",
            "--print",
        ];
        let json = shell.run_as(user, &arguments).await.json();
        assert_eq!(json["token"]["permissions"], serde_json::json!(permissions));
        assert_eq!(json["token"]["name"], "from a script");
        assert!(json["token"]["expires"].as_str().unwrap().starts_with("20"));
        assert!(json["secret"].as_str().unwrap().len() > 20);
        assert_eq!(json["clipboard"], Value::Null);
    }
}

#[tokio::test]
async fn what_cannot_be_is_refused_before_anything_is_created() {
    let mut shell = Shell::new().await;
    let before = names(&shell, BILLING).await;
    shell
        .run_as("alice", &GIT)
        .await
        .refuses(1, &["No clipboard is available here", "--print"]);
    for (arguments, status, words) in [
        (
            &["--preset", "root", "--print"][..],
            2,
            &["--preset", "git-pull-requests"][..],
        ),
        (
            &["--preset", "git", "--name", " ", "--print"],
            2,
            &["--name"],
        ),
        (
            &["--preset", "git", "--days", "0", "--print"],
            2,
            &["--days"],
        ),
        (
            &["--preset", "git", "--print", "--share"],
            2,
            &["--print", "share mode"],
        ),
        (&["--print"], 2, &["--preset"]),
    ] {
        let arguments = [&["create", BILLING], arguments].concat();
        shell
            .run_as("alice", &arguments)
            .await
            .refuses(status, words);
    }
    let printed = [&GIT[..], &["--print"]].concat();
    shell
        .run_as("bob", &printed)
        .await
        .refuses(5, &["not created", "administrators of billing-api", "@me"]);
    shell.set("BBTOKEN_LONGEST_EXPIRY_DAYS", "30");
    let long = [&printed[..], &["--days", "31"]].concat();
    shell
        .run_as("alice", &long)
        .await
        .refuses(2, &["--days", "at most 30 days"]);
    assert_eq!(names(&shell, BILLING).await, before);
}

#[tokio::test]
async fn what_the_server_refuses_names_the_option() {
    let options = Options {
        max_expiry_days: Some(30),
        ..Options::default()
    };
    let shell = Shell::with(options).await;
    let arguments = [&GIT[..], &["--print"]].concat();
    shell
        .run_as("alice", &arguments)
        .await
        .refuses(1, &["Bitbucket says: ", "--days"]);
    let short = [&arguments[..], &["--days", "30"]].concat();
    shell.run_as("alice", &short).await.done();
}

#[tokio::test]
async fn newer_servers_create_in_a_session_that_is_signed_out() {
    for version in ["9.4.0", "10.5.0"] {
        let shell = Shell::with(Options {
            version: version.to_owned(),
            ..Options::default()
        })
        .await;
        let mine = ["create", "@me", "--preset", "git", "--print"];
        shell.run_as("bob", &mine).await.done();
        assert_eq!(shell.simulator.sessions(), 0, "{version}");
    }
}

#[tokio::test]
async fn the_code_of_the_second_step_is_the_line_after_the_password() {
    let shell = Shell::new().await;
    let mine = [
        "create",
        "@me",
        "--preset",
        "git",
        "--print",
        "--user",
        "tess",
        "--password-stdin",
    ];
    shell
        .run(&mine, "tess\n")
        .await
        .refuses(4, &["two-step verification"]);
    let code = shell.simulator.totp_code("tess").unwrap();
    let secret = shell.run(&mine, &format!("tess\n{code}\n")).await.done();
    assert!(secret.len() > 20);
    assert_eq!(shell.simulator.sessions(), 0);
}

#[tokio::test]
async fn a_token_creates_no_token() {
    let shell = Shell::new().await;
    let mine = ["create", "@me", "--preset", "git", "--print"];
    let token = shell.run_as("bob", &mine).await.done();
    let listing = [
        "list",
        "PUB/press-site",
        "--user",
        "bob",
        "--password-stdin",
    ];
    // It is let in.
    assert_eq!(shell.run(&listing, &token).await.status, 5);
    let as_token = [&mine[..], &["--user", "bob", "--password-stdin"]].concat();
    shell
        .run(&as_token, &token)
        .await
        .refuses(4, &["tokens cannot create tokens"]);
}

#[tokio::test]
async fn a_lost_answer_is_settled_by_the_list() {
    let shell = Shell::new().await;
    let before = names(&shell, BILLING).await.len();
    let printed = [&GIT[..], &["--print"]].concat();
    creation(&shell.simulator, FaultEffect::LoseAnswer);
    shell.run_as("alice", &printed).await.refuses(
        6,
        &[
            "got lost",
            "most likely the one you asked for. Nobody has its secret.",
            "Revoke it",
        ],
    );
    assert_eq!(names(&shell, BILLING).await.len(), before + 1);
    creation(&shell.simulator, FaultEffect::Html(502));
    shell.run_as("alice", &printed).await.refuses(
        6,
        &[
            "does not say what happened",
            "is not in the list yet",
            "may still appear",
            "/plugins/servlet/access-tokens/projects/PLAT/repos/billing-api/manage",
        ],
    );
    assert_eq!(names(&shell, BILLING).await.len(), before + 1);
    assert_eq!(journal(&shell), 1);
    // Whoever comes next is told, and it is looked for again.
    let next = shell.run_as("alice", &printed).await;
    assert_eq!(next.status, 0, "{next:?}");
    assert!(next.error.contains("is not in the list yet"), "{next:?}");
}

#[tokio::test]
async fn a_secret_that_cannot_be_printed_is_no_secret_that_is_left_behind() {
    let shell = Shell::new().await;
    let before = names(&shell, BILLING).await;
    let who = ["--print", "--user", "alice", "--password-stdin"];
    let mut child = shell.start(&[&GIT[..], &who].concat());
    drop(child.stdout.take());
    shell.types(&mut child, "alice\n").await;
    Said::of(child)
        .await
        .refuses(1, &["Standard output", "then revoked"]);
    assert_eq!(names(&shell, BILLING).await, before);
    assert_eq!(journal(&shell), 0);
}

fn signal(child: &Child, signal: Signal) {
    let id = i32::try_from(child.id().unwrap()).unwrap();
    kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
}

#[tokio::test]
async fn whoever_ends_it_while_the_token_is_made_leaves_none_behind() {
    for told in [Signal::INT, Signal::TERM, Signal::HUP] {
        let shell = Shell::new().await;
        let before = names(&shell, BILLING).await;
        // The answer comes well after the signal.
        creation(&shell.simulator, FaultEffect::Delay(Duration::from_secs(1)));
        let who = ["--print", "--user", "alice", "--password-stdin"];
        let mut child = shell.start(&[&GIT[..], &who].concat());
        shell.types(&mut child, "alice\n").await;
        let asked = async {
            while journal(&shell) == 0 {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, asked).await.unwrap();
        signal(&child, told);
        let said = Said::of(child).await;
        assert_eq!(names(&shell, BILLING).await, before, "{told:?}: {said:?}");
        said.refuses(1, &["Stopped", "then revoked"]);
    }
}

#[tokio::test]
async fn what_nobody_knows_stands_in_the_journal_and_is_told_the_next_time() {
    let printed = [&GIT[..], &["--print"]].concat();
    let left = [
        "--print",
        "--name",
        "left",
        "--user",
        "alice",
        "--password-stdin",
    ];
    let left = [&GIT[..], &left].concat();
    for (stage, told) in [
        (
            Stage::BeforeWork,
            "it is not in the list yet, but it may still appear",
        ),
        (
            Stage::AfterWork,
            "it may exist, and perhaps nobody has its secret",
        ),
    ] {
        let shell = Shell::new().await;
        let put = Some(Method::PUT);
        let mut held = shell.simulator.hold(put, "/access-tokens/", stage);
        let mut child = shell.start(&left);
        shell.types(&mut child, "alice\n").await;
        held.reached().await;
        // Nobody lets the answer go: it does not wait for it either.
        signal(&child, Signal::TERM);
        Said::of(child)
            .await
            .refuses(6, &["Stopped", "it is not known whether it exists"]);
        assert_eq!(journal(&shell), 1);
        let next = shell.run_as("alice", &printed).await;
        assert_eq!(next.status, 0, "{next:?}");
        let told = format!("An earlier run did not finish with \"left\": {told}");
        assert!(next.error.contains(&told), "{next:?}");
        assert_eq!(journal(&shell), 1);
    }
}

#[tokio::test]
async fn on_a_terminal_it_asks_and_sends_the_secret_to_its_clipboard() {
    let shell = Shell::new().await;
    let base = shell.simulator.base_url();
    let arguments = [&GIT[..], &["--server", &base, "--user", "tess"]].concat();
    let mut program = Program::start(&arguments, &[]);
    program.wait_for("Password of tess").await;
    program.press("tess\r").await;
    program.wait_for("Code of the authenticator app").await;
    let code = shell.simulator.totp_code("tess").unwrap();
    program.press(&format!("{code}\r")).await;
    let ended = program.end().await;
    ended.left_the_line_as_it_was();
    let screen = ended.screen();
    assert_eq!(ended.status.code(), Some(5), "{screen}");

    let arguments = ["create", "@me", "--preset", "git", "--server", &base];
    let mut program = Program::start(&arguments, &[("BBTOKEN_USER", "alice")]);
    program.wait_for("Password of alice").await;
    program.press("alice\r").await;
    // It ends by itself: nothing owns the terminal's clipboard.
    let ended = program.end().await;
    let screen = ended.screen();
    assert_eq!(ended.status.code(), Some(0), "{screen}");
    for said in [
        "✓ Created \"git for alice on",
        "sent to your terminal's clipboard",
    ] {
        assert!(screen.contains(said), "{screen}");
    }
    let copied = ended.copied();
    let [secret] = copied.as_slice() else {
        panic!("{} texts", copied.len());
    };
    assert!(!ended.stream_without_clipboard().contains(secret.as_str()));
}

#[tokio::test]
async fn without_a_journal_that_is_said_before_anything_is_created() {
    let shell = Shell::new().await;
    let state = shell.home.path().join(".local/state/bbtoken");
    std::fs::create_dir_all(&state).unwrap();
    std::fs::write(state.join("journal"), "no directory").unwrap();
    let printed = [&GIT[..], &["--print"]].concat();
    creation(&shell.simulator, FaultEffect::Status(400, "no".to_owned()));
    let said = shell.run_as("alice", &printed).await;
    let lines: Vec<_> = said.error.lines().collect();
    assert!(
        lines[0].starts_with("! bbtoken cannot record that it is creating a token ("),
        "{said:?}"
    );
    assert!(lines[1].contains("was not created"), "{said:?}");
    let said = shell.run_as("alice", &printed).await;
    assert_eq!(said.status, 0, "{said:?}");
    assert!(said.error.contains("cannot record"), "{said:?}");
}
