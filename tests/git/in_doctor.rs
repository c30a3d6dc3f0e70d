//! In a clone the doctor's report says what `bbtoken why` says, without a name and without a secret: it
//! goes into a ticket.

use std::time::Duration;

use bbtoken::clock::Clock;
use bbtoken::permission::Level;
use bbtoken::simulator::Options;
use jiff::Timestamp;
use serde_json::Value;

use crate::computer::{Computer, personal, repository, text};

const BILLING: &str = "/scm/plat/billing-api.git";

struct Report {
    text: String,
    json: Value,
}

impl Report {
    /// Of the clone's server; the text as one line. A name that nobody but alice has is in neither.
    async fn of(computer: &Computer, status: i32) -> Self {
        let said = computer.bbtoken(&["doctor"], "").await;
        assert_eq!(said.status.code(), Some(status), "{}", text(&said));
        let said = text(&said);
        assert!(!said.contains("alice"), "{said}");
        let json = computer.bbtoken(&["doctor", "--json"], "").await;
        assert_eq!(json.status.code(), Some(status), "{}", text(&json));
        let json: Value = serde_json::from_slice(&json.stdout).unwrap();
        assert!(!json.to_string().contains("alice"), "{json:#}");
        let words: Vec<_> = said.split_whitespace().collect();
        Self {
            text: words.join(" "),
            json,
        }
    }

    fn why(&self) -> &Value {
        let mut checks = self.json["checks"].as_array().unwrap().iter();
        checks.find(|it| it["check"] == "why").unwrap()
    }

    fn summary(&self) -> &str {
        self.json["summary"].as_str().unwrap()
    }
}

#[tokio::test]
async fn where_git_gets_in_that_is_one_more_check_that_is_good() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    let token = computer.token(&repository("billing-api")).await;
    computer.sets_up(&["--way", "header"], &token).await;
    let report = Report::of(&computer, 0).await;
    assert_eq!(report.why()["state"], "good", "{:#}", report.json);
    assert_eq!(
        report.why()["text"],
        "git works here: it can fetch and push."
    );
    assert!(report.text.contains("✓ why git works here"));
    assert!(!report.text.contains(token.expose()));
    let elsewhere = computer.bbtoken_in("..", &["doctor", "--json"], "").await;
    assert!(!text(&elsewhere).contains("\"why\""));
}

#[tokio::test]
async fn an_expired_token_is_in_the_sentence_for_the_ticket() {
    let clock = Clock::manual(Timestamp::now());
    let computer = Computer::with(Options {
        clock: clock.clone(),
        ..Options::default()
    })
    .await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    let token = computer
        .expiring_token(&repository("billing-api"), 10)
        .await;
    computer.sets_up(&["--way", "header"], &token).await;
    clock.advance(Duration::from_secs(13 * 24 * 3600));
    let report = Report::of(&computer, 3).await;
    assert_eq!(report.why()["state"], "bad", "{:#}", report.json);
    assert!(
        report.summary().contains(
            "why: The server does not know git's token for this clone any more: it has expired or was revoked"
        ),
        "{}",
        report.summary()
    );
    // The check of all of git's tokens says no more than that: it is one problem.
    assert!(
        report.summary().contains("One problem found"),
        "{}",
        report.summary()
    );
    assert!(report.text.contains("✗ git-tokens "), "{}", report.text);
    assert!(report.text.ends_with(report.summary()), "{}", report.text);
    assert!(report.why()["next"].as_str().unwrap().contains("bbtoken"));
    assert!(!report.json.to_string().contains(token.expose()));
}

#[tokio::test]
async fn a_right_that_is_missing_is_told_from_a_dead_token() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.is_clone_of(&address).await;
    let scope = repository("billing-api");
    let (token, _) = computer.token_with(&scope, Level::Read).await;
    computer.sets_up(&["--way", "header"], &token).await;
    let report = Report::of(&computer, 3).await;
    assert!(
        report.summary().contains(
            "One problem found"
        ) && report.summary().contains(
            "why: git's token for this clone may fetch here but not push: either the token or its owner may only read"
        ),
        "{}",
        report.summary()
    );
    let details = report.why()["details"].to_string();
    assert!(details.contains("fetch: ✓ allowed"), "{details}");
    assert!(details.contains("push: refused with 403"), "{details}");
}

#[tokio::test]
async fn nobodys_password_is_sent_and_nobody_is_named() {
    let computer = Computer::new().await;
    let address = computer.address(BILLING);
    computer.has_git_store().await;
    let host = address.split('/').nth(2).unwrap();
    let kept = format!("protocol=http\nhost={host}\nusername=alice\npassword=pass-of-hers\n\n");
    computer.git_with(&["credential", "approve"], &kept).await;
    computer.is_clone_of(&address).await;
    let report = Report::of(&computer, 0).await;
    assert_eq!(report.why()["state"], "attention", "{:#}", report.json);
    assert_eq!(
        report.why()["text"],
        "git sends a password, from its helper; it was not tried, because a wrong one counts as a failed \
         login."
    );
    assert!(
        report.summary().contains("git, why need attention (!)"),
        "{}",
        report.summary()
    );
    // In the address of the remote it is in the way.
    let with = address.replace("http://", "http://alice:old-pass@");
    computer
        .works(&["remote", "set-url", "origin", &with])
        .await;
    let report = Report::of(&computer, 3).await;
    assert_eq!(
        report.why()["text"],
        "There is a password in the address of origin: git sends that instead of a token; it was not tried."
    );
    assert!(!report.json.to_string().contains("old-pass"));
    let sent = computer.simulator.requests_with("pass-of-hers");
    assert!(sent.is_empty(), "{sent:?}");
    assert!(computer.simulator.requests_with("old-pass").is_empty());
}

#[tokio::test]
async fn a_token_s_name_and_its_owner_stay_out() {
    let computer = Computer::new().await;
    let address = computer.address("/scm/~alice/dotfiles.git");
    computer.is_clone_of(&address).await;
    let token = computer.token(&personal()).await;
    computer
        .sets_up(&["--user", "alice", "--way", "header", &address], &token)
        .await;
    let report = Report::of(&computer, 0).await;
    assert_eq!(report.why()["state"], "good", "{:#}", report.json);
    let details = report.why()["details"].to_string();
    let id = token.token_id().unwrap();
    assert!(
        details.contains(&format!("the token with the id {id}")),
        "{details}"
    );
    assert!(details.contains("/scm/~…/dotfiles.git"), "{details}");
}
