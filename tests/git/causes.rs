//! `bbtoken why` where what lies between git and the server is the matter: a program, a helper, a
//! certificate, a captcha, or a connection that everybody can read.

use serde_json::Value;

use crate::authority::Authority;
use crate::computer::{Computer, personal, repository, text};
use crate::git::takes_bearer;
use crate::proxy::{Manners, Proxy};

const BILLING: &str = "/scm/plat/billing-api.git";

/// What it says for programs, and for people as one line; both end with 3.
async fn why(computer: &Computer, arguments: &[&str]) -> (Value, String) {
    let json = computer
        .bbtoken(&[&["why", "--json"], arguments].concat(), "")
        .await;
    assert_eq!(json.status.code(), Some(3), "{}", text(&json));
    let said = computer.bbtoken(&[&["why"], arguments].concat(), "").await;
    assert_eq!(said.status.code(), Some(3), "{}", text(&said));
    let json = serde_json::from_slice(&json.stdout).unwrap();
    (json, text(&said))
}

#[tokio::test]
async fn the_program_that_git_asks_for_the_token_is_gone() {
    if !takes_bearer() {
        return;
    }
    let mut computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    let token = computer.token(&repository("billing-api")).await;
    let usual = computer.program().to_owned();
    let moved = computer.file("old-place");
    std::fs::create_dir(&moved).unwrap();
    let moved = moved.join("bbtoken");
    std::fs::copy(&usual, &moved).unwrap();
    computer.start_from(&moved);
    computer
        .sets_up(&["--way", "bearer", &address], &token)
        .await;
    computer.start_from(&usual);
    std::fs::remove_file(&moved).unwrap();
    let (json, said) = why(&computer, &[]).await;
    assert_eq!(json["cause"], "program_gone", "{json:#}");
    let wanted = format!(
        "✗ The program that git asks for the token is gone: {}.",
        moved.display()
    );
    assert!(said.starts_with(&wanted), "{said}");
    let advice = format!("bbtoken git-setup {address}");
    assert!(said.contains(&advice), "{said}");
}

#[tokio::test]
async fn what_kept_the_token_has_forgotten_it() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    computer.has_git_store().await;
    let token = computer.token(&personal()).await;
    computer
        .sets_up(&["--user", "alice", "--way", "helper", &address], &token)
        .await;
    std::fs::remove_file(computer.file(".git-credentials")).unwrap();
    let (json, said) = why(&computer, &[]).await;
    assert_eq!(json["cause"], "forgotten", "{json:#}");
    assert!(said.contains(" no longer has git's token."), "{said}");
    assert!(
        said.contains("→ Make a new token and set git up with it: bbtoken"),
        "{said}"
    );
}

#[tokio::test]
async fn a_captcha_is_solved_in_the_browser_and_no_password_makes_it_worse() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    computer.has_git_store().await;
    computer.keeps_wrong_password(&address).await;
    // Until the server has had enough.
    let mut causes = Vec::new();
    while causes.last().is_none_or(|cause| cause != "captcha") {
        assert!(causes.len() < 10, "{causes:?}");
        let arguments = ["why", "--json", "--send-password"];
        let output = computer.bbtoken(&arguments, "").await;
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        causes.push(json["cause"].as_str().unwrap().to_owned());
    }
    assert_eq!(causes[0], "password_refused");
    let (json, said) = why(&computer, &["--send-password"]).await;
    assert_eq!(json["cause"], "captcha", "{json:#}");
    assert!(
        said.starts_with(
            "✗ The server asks for a captcha in the browser: too many sign-ins have failed."
        ),
        "{said}"
    );
    assert!(said.contains("→ Sign in once in the browser"), "{said}");
    let kept = std::fs::read_to_string(computer.file(".git-credentials")).unwrap();
    assert!(kept.contains("alice:wrong@"), "{kept}");
}

#[tokio::test]
async fn a_certificate_that_git_does_not_trust_is_named_with_what_it_trusts() {
    let (mut computer, file) = Computer::of_company().await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    // Neither trusts it.
    let (json, said) = why(&computer, &[]).await;
    assert_eq!(json["cause"], "certificate", "{json:#}");
    assert!(
        said.starts_with("✗ The server's certificate is not trusted ("),
        "{said}"
    );
    assert!(said.contains("git's http.sslCAInfo"), "{said}");
    // bbtoken does, and git is told to trust another alone.
    computer
        .extra
        .push(("SSL_CERT_FILE".to_owned(), file.clone()));
    let token = computer
        .token_trusting(&file, &repository("billing-api"))
        .await;
    computer
        .sets_up(&["--way", "header", &address], &token)
        .await;
    let other = tempfile::tempdir().unwrap();
    let other = Authority::new().file(other.path()).display().to_string();
    for (trusted, wanted) in [
        (other.as_str(), format!("git trusts only {other}, as ")),
        (
            "/no/such/file.pem",
            "names the certificates to trust, /no/such/file.pem, and there is no such file."
                .to_owned(),
        ),
    ] {
        let key = format!("http.{address}.sslCAInfo");
        computer.works(&["config", &key, trusted]).await;
        let (json, said) = why(&computer, &[]).await;
        assert_eq!(json["cause"], "certificate", "{json:#}");
        assert!(said.contains(&wanted), "{wanted} is not in {said}");
        assert!(!said.contains(token.expose()), "{said}");
    }
}

#[tokio::test]
async fn over_http_to_another_computer_nothing_is_tried() {
    let mut computer = Computer::new().await;
    let base = computer.address("");
    let server = base.strip_prefix("http://").unwrap().parse().unwrap();
    let proxy = Proxy::to(server, Manners::Open).await;
    computer.extra.push(("http_proxy".to_owned(), proxy.url()));
    let address = format!("http://bitbucket.test{BILLING}");
    computer.is_clone_of(&address).await;
    let token = computer.token(&repository("billing-api")).await;
    let header = format!("Authorization: Bearer {}", token.expose());
    let key = "http.http://bitbucket.test.extraHeader";
    computer.works(&["config", "--global", key, &header]).await;
    let (json, said) = why(&computer, &[]).await;
    assert_eq!(json["cause"], "plain_http", "{json:#}");
    assert_eq!(
        said.lines().next().unwrap(),
        "✗ git goes there over http, where anyone on the network can read what is sent; so nothing was \
         tried."
    );
    assert!(
        said.contains("→ Ask your administrators for a clone address with https."),
        "{said}"
    );
    let doctor = computer.bbtoken(&["doctor"], "").await;
    let doctor = text(&doctor);
    assert!(doctor.contains("– why"), "{doctor}");
    let sent = computer.simulator.requests_with(token.expose());
    assert!(sent.is_empty(), "{sent:?}");
}
