//! `bbtoken list`: which place is meant, as whom, and what is printed.

use bbtoken::simulator::{Gate, Options};

use crate::program::Program;
use crate::shell::Shell;

const BILLING: &str = "PLAT/billing-api";

#[tokio::test]
async fn every_form_of_a_place_leads_to_its_tokens() {
    let shell = Shell::new().await;
    let base = shell.simulator.base_url();
    let of_billing = shell.run_as("alice", &["list", BILLING]).await.done();
    assert!(
        of_billing.contains("\tJenkins nightly build\tREPO_READ\t"),
        "{of_billing}"
    );
    let page = format!("{base}/projects/PLAT/repos/billing-api/browse");
    let clone = format!("{base}/scm/plat/billing-api.git");
    for place in [
        &["plat/billing-api"][..],
        &["-R", BILLING],
        &["--repo", BILLING],
        &[&page],
        &[&clone],
        &["--server", &base, BILLING],
    ] {
        let listed = shell.run_as("alice", &[&["list"], place].concat()).await;
        assert_eq!(listed.done(), of_billing, "{place:?}");
    }
    let project = shell.run_as("alice", &["list", "PLAT"]).await.done();
    assert!(project.contains("Renovate"), "{project}");
    for mine in ["@me", &format!("{base}/account")] {
        let mine = shell.run_as("alice", &["list", mine]).await.done();
        assert!(mine.contains("git on alice-laptop"), "{mine}");
    }
}

#[tokio::test]
async fn without_a_place_it_is_the_clone_that_one_stands_in() {
    let mut shell = Shell::new().await;
    shell.set("BBTOKEN_SERVER", "");
    let base = shell.simulator.base_url();
    shell
        .run_as("alice", &["list"])
        .await
        .refuses(2, &["No Bitbucket was given", "--server"]);
    shell
        .run_as("alice", &["list", "--server", &base])
        .await
        .refuses(2, &["No place was given", "@me"]);
    shell.git(&["init", "-q", "."], "").await;
    let clone = format!("{base}/scm/plat/billing-api.git");
    shell.git(&["remote", "add", "origin", &clone], "").await;
    let listed = shell.run_as("alice", &["list"]).await.done();
    assert!(listed.contains("Jenkins nightly build"), "{listed}");
    // The clone tells the server of other places too.
    let mine = shell.run_as("alice", &["list", "@me"]).await.done();
    assert!(mine.contains("git on alice-laptop"), "{mine}");
}

#[tokio::test]
async fn json_has_the_documented_keys_and_no_secret() {
    let shell = Shell::new().await;
    let json = shell
        .run_as("alice", &["list", BILLING, "--json"])
        .await
        .json();
    assert_eq!(json["server"], shell.simulator.base_url());
    let place =
        serde_json::json!({"kind": "repository", "project": "PLAT", "repository": "billing-api"});
    assert_eq!(json["place"], place);
    let tokens = json["tokens"].as_array().unwrap();
    let forgotten = tokens
        .iter()
        .find(|it| it["name"] == "old deploy script, do not touch");
    let forgotten = forgotten.unwrap();
    assert_eq!(forgotten["permissions"], serde_json::json!(["REPO_ADMIN"]));
    assert_eq!(forgotten["expires"], "never");
    let keys: Vec<_> = forgotten.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "created",
            "expires",
            "id",
            "last_used",
            "name",
            "permissions"
        ]
    );
    let json = shell.run_as("bob", &["list", "@me", "--json"]).await.json();
    assert_eq!(
        json["place"],
        serde_json::json!({"kind": "personal", "user": "bob"})
    );
}

#[tokio::test]
async fn refusals_have_their_status_and_name_options_not_keys() {
    let shell = Shell::new().await;
    let base = shell.simulator.base_url();
    shell.run_as("bob", &["list", BILLING]).await.refuses(
        5,
        &["not permitted", "administrators of billing-api", "@me"],
    );
    shell
        .run_as("alice", &["list", "PLAT/nothing"])
        .await
        .refuses(1, &["PLAT / nothing does not exist"]);
    shell
        .run_as("nobody", &["list", "@me"])
        .await
        .refuses(4, &["wrong user name or password", "--user"]);
    shell
        .run_as("dora", &["list", "@me"])
        .await
        .refuses(4, &["captcha", "/login"]);
    let gate = Some(Gate::Redirect);
    let options = Options {
        gate,
        ..Options::default()
    };
    let behind = Shell::with(options).await;
    behind
        .run_as("olga", &["list", "@me"])
        .await
        .refuses(4, &["single sign-on", "in the browser instead"]);
    shell
        .run(&["list", "@me", "--user", "alice"], "")
        .await
        .refuses(4, &["--password-stdin"]);
    shell
        .run(&["list", "@me", "--password-stdin"], "alice")
        .await
        .refuses(2, &["--user"]);
    let elsewhere = [
        "list",
        "https://git.example.com/projects/A",
        "--server",
        &base,
    ];
    shell
        .run_as("alice", &elsewhere)
        .await
        .refuses(2, &["--server", "git.example.com"]);
    shell
        .run_as("alice", &["list", "bitbucket.org/a/b"])
        .await
        .refuses(2, &["Bitbucket Cloud"]);
    shell
        .run_as("alice", &["list", "@me", "--server", "127.0.0.1:1"])
        .await
        .refuses(
            1,
            &[
                "refuses the connection",
                "bbtoken doctor http://127.0.0.1:1",
            ],
        );
}

#[tokio::test]
async fn the_user_is_the_one_of_the_variable_and_the_password_may_be_gits() {
    let mut shell = Shell::new().await;
    let base = shell.simulator.base_url();
    shell
        .git(&["config", "--global", "credential.helper", "store"], "")
        .await;
    let kept = |password: &str| format!("url={base}\nusername=alice\npassword={password}\n\n");
    shell.git(&["credential", "approve"], &kept("alice")).await;
    let listed = shell.run(&["list", "@me"], "").await.done();
    assert!(listed.contains("git on alice-laptop"), "{listed}");
    shell.set("BBTOKEN_USER", "bob");
    shell
        .run(&["list", "@me"], "")
        .await
        .refuses(4, &["git has none stored"]);
    shell.set("BBTOKEN_USER", "alice");
    // A token that git keeps is no password.
    let token = "MjUyOTczMDY3NTU2OmFiY2RlZmdoaWprbG1ub3BxcnN0";
    shell.git(&["credential", "approve"], &kept(token)).await;
    shell
        .run(&["list", "@me"], "")
        .await
        .refuses(4, &["git has none stored"]);
}

#[tokio::test]
async fn a_session_is_signed_out_whether_it_worked_or_not() {
    let shell = Shell::new().await;
    for (place, status) in [("@me", 0), ("PLAT", 5), ("NOWHERE", 1)] {
        let said = shell.run_as("sam", &["list", place]).await;
        assert_eq!(said.status, status, "{said:?}");
        assert_eq!(shell.simulator.sessions(), 0, "{place}");
    }
}

#[tokio::test]
async fn newer_servers_are_signed_in_to_with_their_own_login() {
    for version in ["9.4.0", "10.5.0"] {
        let shell = Shell::with(Options {
            version: version.to_owned(),
            ..Options::default()
        })
        .await;
        let mine = shell.run_as("bob", &["list", "@me"]).await;
        assert_eq!(mine.status, 0, "{version}: {mine:?}");
        assert_eq!(shell.simulator.sessions(), 0, "{version}");
    }
}

#[tokio::test]
async fn on_a_terminal_it_asks_and_prints_a_table() {
    let shell = Shell::new().await;
    let base = shell.simulator.base_url();
    let mut program = Program::start(&["list", BILLING, "--server", &base], &[]);
    program.wait_for("User name on 127.0.0.1").await;
    program.press("alice\r").await;
    program.wait_for("Password of alice").await;
    program.press("alice\r").await;
    let ended = program.end().await;
    assert_eq!(ended.status.code(), Some(0));
    ended.left_the_line_as_it_was();
    let screen = ended.screen();
    for cell in ["NAME ", "REPOSITORY", "Jenkins nightly build", "in 3 days"] {
        assert!(screen.contains(cell), "{screen}");
    }
    let rows: Vec<_> = screen
        .lines()
        .skip_while(|row| !row.starts_with("NAME"))
        .collect();
    let ids = rows
        .iter()
        .skip(1)
        .filter_map(|row| row.split_whitespace().last());
    assert!(
        ids.take(2)
            .all(|id| id.len() == 12 && id.bytes().all(|digit| digit.is_ascii_digit())),
        "a token has one line, with its whole id at the end:\n{screen}"
    );
    assert!(
        !screen.contains("Password of alice on 127.0.0.1: alice"),
        "{screen}"
    );
}

#[tokio::test]
async fn a_question_that_is_broken_off_leaves_a_terminal_that_shows_what_is_typed() {
    let shell = Shell::new().await;
    let base = shell.simulator.base_url();
    let arguments = ["list", "@me", "--server", &base, "--user", "alice"];
    let mut program = Program::start(&arguments, &[]);
    program.wait_for("Password of alice").await;
    program.press("\x03").await;
    let ended = program.end().await;
    assert_eq!(ended.status.code(), Some(1));
    ended.left_the_line_as_it_was();
}

#[tokio::test]
async fn a_guess_is_said_and_nobody_is_asked_there() {
    let mut shell = Shell::new().await;
    let ssh = "ssh://git@127.0.0.1:7999/plat/billing-api.git";
    let elsewhere = "ssh://git@git.nordwind.example:7999/plat/billing-api.git";
    // The server is known: nothing has to be guessed.
    shell.run_as("alice", &["list", ssh]).await.done();
    let guess = [
        "Perhaps at https://git.nordwind.example, which is a guess: nothing was sent there.",
        "PLAT/billing-api --server https://git.nordwind.example",
    ];
    let commands: [&[&str]; 3] = [
        &["list"],
        &["expiring"],
        &["create", "--preset", "git", "--print"],
    ];
    for command in commands {
        let arguments = [command, &[elsewhere]].concat();
        let said = shell.run_as("alice", &arguments).await;
        said.refuses(2, &guess);
    }
    shell.set("BBTOKEN_SERVER", elsewhere);
    let said = shell.run_as("alice", &["list", "PLAT/billing-api"]).await;
    said.refuses(2, &guess);
    let base = shell.simulator.base_url();
    let named = ["list", "PLAT/billing-api", "--server", &base];
    shell.run_as("alice", &named).await.done();
}

#[tokio::test]
async fn the_trial_of_git_setup_is_nobody_s_use_of_a_token() {
    let shell = Shell::new().await;
    let base = shell.simulator.base_url();
    let address = format!("{base}/scm/plat/billing-api.git");
    let create = [
        "create",
        BILLING,
        "--preset",
        "git",
        "--print",
        "--name",
        "tried alone",
    ];
    let token = shell.run_as("alice", &create).await.done();
    let said = shell
        .run(&["git-setup", "--yes", "--way", "header", &address], &token)
        .await;
    assert_eq!(said.status, 0, "{said:?}");
    let listed = ["list", BILLING, "--user", "alice"];
    let variables = [("BBTOKEN_SERVER", base.as_str())];
    let Shell {
        simulator, home, ..
    } = shell;
    let bbtoken = env!("CARGO_BIN_EXE_bbtoken");
    let mut program = Program::start_in(home, bbtoken, &listed, &variables);
    program.walk(&[("Password", "alice\r")]).await;
    program.wait_for("tried alone").await;
    let ended = program.end().await;
    let said = String::from_utf8(ended.stream).unwrap();
    let line = said.lines().find(|line| line.contains("tried alone"));
    assert!(line.is_some_and(|it| it.contains("only tested")), "{said}");
    simulator.stop().await;
}

#[tokio::test]
async fn a_wrong_password_may_be_a_wrong_name() {
    let shell = Shell::new().await;
    let arguments = ["list", BILLING, "--user", "alcie", "--password-stdin"];
    let said = shell.run(&arguments, "alice\n").await;
    said.refuses(
        4,
        &[
            "wrong user name or password.",
            "Check the user name (--user) and the password. After several wrong ones Bitbucket asks for a captcha.",
        ],
    );
}
