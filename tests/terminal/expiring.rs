//! `bbtoken expiring`: what is found, for whom, and the status that a script goes by.

use serde_json::Value;

use crate::shell::Shell;

const BILLING: &str = "PLAT/billing-api";

#[tokio::test]
async fn a_place_is_looked_at_as_far_ahead_as_one_wants() {
    let shell = Shell::new().await;
    let said = shell.run_as("alice", &["expiring", BILLING]).await;
    assert_eq!((said.status, &*said.error), (3, ""), "{said:?}");
    assert!(said.out.contains("\tJenkins nightly build\t"), "{said:?}");
    assert_eq!(
        said.out.lines().count(),
        1,
        "what expired 45 days ago is old news: {said:?}"
    );
    assert!(said.out.ends_with("\tbilling-api\n"), "{said:?}");

    let said = shell
        .run_as("alice", &["expiring", BILLING, "--days", "2"])
        .await;
    assert_eq!((said.status, &*said.out, &*said.error), (0, "", ""));

    let said = shell
        .run_as("alice", &["expiring", BILLING, "--days", "60", "--json"])
        .await;
    assert_eq!(said.status, 3);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    let names: Vec<_> = json["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["name"])
        .collect();
    assert_eq!(names, ["release-bot", "Jenkins nightly build"]);
    assert_eq!(json["tokens"][0]["expired"], true);
    assert_eq!(json["tokens"][1]["expired"], false);
    assert_eq!(json["tokens"][1]["git"], false);
    assert_eq!(json["days"], 60);
    assert_eq!(shell.simulator.sessions(), 0);
}

#[tokio::test]
async fn without_a_place_it_is_yours_and_gits() {
    let shell = Shell::new().await;
    let base = shell.simulator.base_url();
    let nothing = shell.run_as("bob", &["expiring"]).await;
    assert_eq!((nothing.status, &*nothing.out), (0, ""), "{nothing:?}");

    let make = [
        "create", BILLING, "--preset", "git", "--days", "5", "--print",
    ];
    let secret = shell.run_as("alice", &make).await.done();
    let address = format!("{base}/scm/plat/billing-api.git");
    let set_up = ["git-setup", "--yes", "--way", "header", &address];
    assert_eq!(shell.run(&set_up, &secret).await.status, 0);
    // By paste nobody knows when it expires.
    let offline = shell.run(&["expiring", "--git"], "").await;
    assert_eq!((offline.status, &*offline.out), (0, ""), "{offline:?}");

    write_expiry(&shell, 5);
    let offline = shell.run(&["expiring", "--git"], "").await;
    assert_eq!(
        (offline.status, offline.out.lines().count()),
        (3, 1),
        "{offline:?}"
    );
    assert!(offline.out.contains(&address), "{offline:?}");
    let mine = shell.run_as("bob", &["expiring", "--json"]).await;
    let json: Value = serde_json::from_str(&mine.out).unwrap();
    assert_eq!(json["tokens"][0]["git"], true, "{json}");
    // Its own place tells it once.
    let there = shell
        .run_as("alice", &["expiring", BILLING, "--json"])
        .await;
    let json: Value = serde_json::from_str(&there.out).unwrap();
    let gits: Vec<_> = json["tokens"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["git"])
        .collect();
    assert_eq!(gits, [false, true], "{json}");
}

#[tokio::test]
async fn refusals_are_those_of_the_other_commands() {
    let shell = Shell::new().await;
    shell
        .run_as("bob", &["expiring", BILLING])
        .await
        .refuses(5, &["not permitted"]);
    shell
        .run_as("nobody", &["expiring"])
        .await
        .refuses(4, &["wrong user name or password"]);
    let both = ["expiring", BILLING, "--git"];
    shell.run(&both, "").await.refuses(2, &["--git"]);
}

/// As the interface writes it, which knows the token.
fn write_expiry(shell: &Shell, days: i64) {
    let directory = shell.home.path().join(".config/bbtoken/git");
    let expires = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24 * days);
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        if let Some(at) = text.find("\ttoken = ") {
            let (head, rest) = text.split_at(at);
            std::fs::write(&path, format!("{head}\texpires = \"{expires}\"\n{rest}")).unwrap();
        }
    }
}
