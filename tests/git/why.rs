//! `bbtoken why`: for scripts and tickets, with real git.

use bbtoken::permission::Level;
use serde_json::Value;

use crate::computer::{Computer, personal, repository, text};

const BILLING: &str = "/scm/plat/billing-api.git";

async fn why(computer: &Computer, arguments: &[&str]) -> (String, Option<i32>) {
    let arguments = [&["why"], arguments].concat();
    let output = computer.bbtoken(&arguments, "").await;
    (text(&output), output.status.code())
}

async fn json(computer: &Computer, arguments: &[&str]) -> Value {
    let arguments = [&["why", "--json"], arguments].concat();
    let output = computer.bbtoken(&arguments, "").await;
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn a_clone_in_which_git_gets_in_ends_with_0() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    let token = computer.token(&repository("billing-api")).await;
    computer.sets_up(&["--way", "header"], &token).await;
    let (said, status) = why(&computer, &[]).await;
    assert_eq!(status, Some(0), "{said}");
    assert!(said.starts_with("✓ git works here"), "{said}");
    assert!(!said.contains(token.expose()), "{said}");
    assert!(
        said.contains("as Bearer, from a header in ~/.config/bbtoken/git/"),
        "{said}"
    );
    let told = json(&computer, &[]).await;
    assert_eq!(told["cause"], "works");
    assert_eq!(told["token"]["id"], token.token_id().unwrap());
    assert_eq!(told["remote"], "origin");
    // The same by its name, and by its address from anywhere.
    for named in ["PLAT/billing-api", &address] {
        let told = json(&computer, &["--", named]).await;
        assert_eq!(told["cause"], "works", "{named}: {told}");
    }
}

#[tokio::test]
async fn outside_a_clone_the_environment_says_which_bitbucket() {
    let mut computer = Computer::new().await;
    let server = ("BBTOKEN_SERVER".to_owned(), computer.address(""));
    computer.extra.push(server);
    let told = json(&computer, &["PLAT/billing-api"]).await;
    assert_eq!(told["address"], computer.address(BILLING));
    assert_eq!(told["cause"], "nothing_to_send");
}

#[tokio::test]
async fn each_cause_has_a_name_and_the_status_3() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    let told = json(&computer, &[]).await;
    assert_eq!(told["cause"], "nothing_to_send");
    let scope = repository("billing-api");
    let (token, id) = computer.token_with(&scope, Level::Read).await;
    computer.sets_up(&["--way", "header"], &token).await;
    let (said, status) = why(&computer, &[]).await;
    assert_eq!(status, Some(3), "{said}");
    assert!(said.contains("may fetch here but not push"), "{said}");
    assert_eq!(json(&computer, &[]).await["cause"], "read_only");
    let client = computer.alice().await;
    client.revoke_token(&scope, &id).await.unwrap();
    let told = json(&computer, &[]).await;
    // git-setup does not know whether it was to expire.
    assert_eq!(told["cause"], "expired_or_revoked");
    assert_eq!(told["fetch"]["ok"], false);
    let answer = told["fetch"]["answer"].as_str().unwrap();
    assert!(
        answer.starts_with("refused with 401 (the server does not recognise the sign-in): "),
        "{answer}"
    );
}

#[tokio::test]
async fn a_password_is_sent_only_where_that_was_said() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    computer.has_git_store().await;
    computer.keeps_wrong_password(&address).await;
    assert_eq!(json(&computer, &[]).await["cause"], "password");
    let told = json(&computer, &["--send-password"]).await;
    assert_eq!(told["cause"], "password_refused");
    assert!(!told.to_string().contains("wrong\""), "{told}");
    // Refused by our own request, so git was not asked, and its helper keeps it.
    let kept = std::fs::read_to_string(computer.file(".git-credentials")).unwrap();
    assert!(kept.contains("wrong"), "{kept}");
}

#[tokio::test]
async fn what_is_in_the_way_is_taken_away_with_mend() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer
        .is_clone_of(&address.replace("http://", "http://alice:old-pass@"))
        .await;
    let token = computer.token(&personal()).await;
    computer
        .sets_up(&["--user", "alice", "--way", "header", &address], &token)
        .await;
    // A header comes before the password in the address, as git has it.
    let (said, status) = why(&computer, &[]).await;
    assert!(!said.contains("old-pass"), "{said}");
    assert_eq!(status, Some(0), "{said}");
    computer.undoes(&["--user", "alice", &address]).await;
    let (said, status) = why(&computer, &[]).await;
    assert_eq!(status, Some(3), "{said}");
    assert!(
        said.contains("There is a password of alice in the address of origin"),
        "{said}"
    );
    assert!(said.contains("bbtoken why --mend does that"), "{said}");
    assert!(!said.contains("old-pass"), "{said}");
    let (said, _) = why(&computer, &["--mend"]).await;
    assert!(
        said.contains("the password was removed from .git/config"),
        "{said}"
    );
    let output = computer.git(&["remote", "get-url", "origin"]).await;
    assert_eq!(text(&output).trim(), address);
}

#[tokio::test]
async fn helpers_headers_ssh_and_no_server_each_have_a_name() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    let set = async |key: &str, value: &str| {
        computer.works(&["config", key, value]).await;
    };
    set("credential.helper", "no-such-helper").await;
    assert_eq!(json(&computer, &[]).await["cause"], "helper_gone");
    computer
        .works(&["config", "--unset", "credential.helper"])
        .await;
    for value in ["Authorization: Bearer a", "Authorization: Bearer b"] {
        computer
            .works(&["config", "--add", "http.extraHeader", value])
            .await;
    }
    assert_eq!(json(&computer, &[]).await["cause"], "several_headers");
    computer
        .works(&["config", "--unset-all", "http.extraHeader"])
        .await;
    computer
        .works(&[
            "remote",
            "set-url",
            "origin",
            "ssh://git@127.0.0.1:1/plat/billing-api.git",
        ])
        .await;
    let told = json(&computer, &["--remote", "origin"]).await;
    assert_eq!(told["cause"], "elsewhere");
    let gone = "http://127.0.0.1:9/scm/plat/x.git";
    computer.works(&["remote", "set-url", "origin", gone]).await;
    let (said, status) = why(&computer, &[]).await;
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("The server could not be asked"), "{said}");
}

#[tokio::test]
async fn outside_of_a_clone_an_address_is_wanted() {
    let computer = Computer::new().await;
    let (said, status) = why(&computer, &[]).await;
    assert_eq!(status, Some(2), "{said}");
    assert!(
        said.contains("You are in no clone of a Bitbucket."),
        "{said}"
    );
    let (said, status) = why(&computer, &["--remote", "x"]).await;
    assert_eq!(status, Some(2), "{said}");
    let (said, status) = why(&computer, &["not an address"]).await;
    assert_eq!(status, Some(2), "{said}");
}

#[tokio::test]
async fn a_password_in_an_address_is_not_repeated() {
    let computer = Computer::new().await;
    let signed = |path: &str| {
        let address = computer.address(path);
        address.replace("http://", "http://alice:old-pass@")
    };
    for address in [signed("/"), signed("/projects/PLAT"), signed(BILLING)] {
        let (said, _) = why(&computer, &[&address]).await;
        assert!(!said.contains("old-pass"), "{said}");
    }
    // ssh does nothing with one, but somebody may have typed it.
    computer.is_clone_of(&computer.address(BILLING)).await;
    let by_ssh = "ssh://git:old-pass@127.0.0.1:7999/";
    let rule = format!("url.{by_ssh}.insteadOf");
    computer
        .works(&["config", &rule, &computer.address("/scm/")])
        .await;
    let address = computer.address("/");
    let token = computer.token(&personal()).await;
    computer
        .sets_up(&["--user", "alice", "--way", "header", &address], &token)
        .await;
    let (said, _) = why(&computer, &["--remote", "origin"]).await;
    assert!(said.contains("not over HTTP"), "{said}");
    assert!(!said.contains("old-pass"), "{said}");
}
