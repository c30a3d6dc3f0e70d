//! `bbtoken rotate --git`: at its end git pushes with the new token and the old one is revoked, also where
//! bbtoken was killed on the way.

use std::process::Output;

use bbtoken::bitbucket::{Scope, Token};
use bbtoken::permission::Level;
use bbtoken::simulator::{Fault, FaultEffect, Stage};
use reqwest::Method;

use crate::computer::{Computer, personal, project, repository, text, types};
use crate::git::takes_bearer;

const BILLING: &str = "/scm/plat/billing-api.git";
const ROTATE: [&str; 4] = ["rotate", "--git", "--yes", "--password-stdin"];
const TOKENS: &str = "/access-tokens/";

/// A clone that git has set up with a token, and that token's id.
struct Clone {
    computer: Computer,
    scope: Scope,
    old: String,
}

impl Clone {
    async fn set_up(scope: Scope, way: &str, address: &str) -> Self {
        let computer = Computer::new().await;
        computer.has_git_store().await;
        let (token, old) = computer.token_with(&scope, Level::Write).await;
        let address = computer.address(address);
        let mut arguments = vec!["--way", way, &address];
        if scope == personal() {
            arguments.extend(["--user", "alice"]);
        }
        computer.sets_up(&arguments, &token).await;
        let billing = computer.address(BILLING);
        computer.clones(&billing, "clone", true).await;
        Self {
            computer,
            scope,
            old,
        }
    }

    async fn of_billing() -> Self {
        Self::set_up(repository("billing-api"), way(), BILLING).await
    }

    async fn rotates(&self) -> Output {
        let arguments = [&ROTATE[..], &["--user", "alice"]].concat();
        self.computer
            .bbtoken_in("clone", &arguments, "alice\n")
            .await
    }

    /// Is killed as soon as a request like this has come so far.
    async fn is_killed_in(&self, method: Method, path: &str, stage: Stage) {
        let mut held = self.computer.simulator.hold(Some(method), path, stage);
        let arguments = [&ROTATE[..], &["--user", "alice"]].concat();
        let mut child = self.computer.starts_bbtoken_in("clone", &arguments);
        types(&mut child, "alice\n").await;
        held.reached().await;
        child.kill().await.unwrap();
        held.release();
    }

    async fn tokens(&self) -> Vec<Token> {
        let all = self.computer.alice().await.tokens(&self.scope).all();
        all.await.unwrap()
    }

    fn journal(&self) -> usize {
        let directory = self.computer.file(".local/state/bbtoken/journal");
        std::fs::read_dir(directory).map_or(0, Iterator::count)
    }

    /// git pushes with a token that is not the old one, and the old one is gone; nothing else was left.
    async fn has_rotated(&self, before: usize, why: &str) {
        self.computer.commits("clone").await;
        self.computer
            .works(&["-C", "clone", "push", "--quiet", "origin", "HEAD"])
            .await;
        let tokens = self.tokens().await;
        assert!(
            tokens.iter().all(|it| it.id != self.old),
            "{why}: {tokens:#?}"
        );
        assert_eq!(tokens.len(), before, "{why}: {tokens:#?}");
        let used = tokens.iter().filter(|it| it.name.starts_with("git 20"));
        assert_eq!(used.count(), 1, "{why}: {tokens:#?}");
    }
}

/// The way that is tried, as far as this git goes.
fn way() -> &'static str {
    if takes_bearer() { "bearer" } else { "header" }
}

#[tokio::test]
async fn git_is_switched_and_the_old_token_revoked_in_one_go() {
    let mut all = vec![
        (repository("billing-api"), "header", BILLING),
        (project(), "header", "/scm/plat"),
        (personal(), "helper", ""),
    ];
    if takes_bearer() {
        all.push((repository("billing-api"), "bearer", BILLING));
    }
    for (scope, way, address) in all {
        let clone = Clone::set_up(scope, way, address).await;
        let before = clone.tokens().await.len();
        let output = clone.rotates().await;
        let said = text(&output);
        assert!(output.status.success(), "{way}: {said}");
        for words in [
            "Old: \"git\" (id ",
            "New: \"git 20",
            "✓ git can clone ",
            "✓ git uses the new token: \"git\" is revoked.",
        ] {
            assert!(said.contains(words), "{way}: {words}: {said}");
        }
        clone.has_rotated(before, way).await;
        assert_eq!(clone.journal(), 0);
        // Once more, from the name with a date.
        let output = clone.rotates().await;
        assert!(output.status.success(), "{way}: {}", text(&output));
        clone.has_rotated(before, way).await;
    }
}

#[tokio::test]
async fn killed_while_the_token_is_made_it_is_undone_and_done_anew() {
    for stage in [Stage::BeforeWork, Stage::AfterWork] {
        let clone = Clone::of_billing().await;
        let before = clone.tokens().await.len();
        clone.is_killed_in(Method::PUT, TOKENS, stage).await;
        let output = clone.rotates().await;
        let said = text(&output);
        assert!(output.status.success(), "{stage:?}: {said}");
        assert!(
            said.contains("An earlier rotation was interrupted"),
            "{stage:?}: {said}"
        );
        clone.has_rotated(before, &said).await;
    }
}

#[tokio::test]
async fn killed_before_git_has_the_new_token_it_is_undone_and_done_anew() {
    let clone = Clone::of_billing().await;
    let before = clone.tokens().await.len();
    clone
        .is_killed_in(Method::GET, "info/refs", Stage::BeforeWork)
        .await;
    assert_eq!(
        (clone.tokens().await.len(), clone.journal()),
        (before + 1, 1)
    );
    // Both work: git uses the old one.
    clone
        .computer
        .works(&["-C", "clone", "fetch", "--quiet"])
        .await;
    let output = clone.rotates().await;
    let said = text(&output);
    assert!(
        said.contains("nobody has its secret, so it is revoked."),
        "{said}"
    );
    clone.has_rotated(before, &said).await;
    assert_eq!(clone.journal(), 0);
}

#[tokio::test]
async fn killed_while_git_is_switched_the_next_run_ends_it() {
    let mut stages = vec!["remote get-url", "ls-remote"];
    if takes_bearer() {
        stages.extend(["credential approve", "credential reject"]);
    }
    for at in stages {
        let mut clone = Clone::of_billing().await;
        let before = clone.tokens().await.len();
        clone
            .computer
            .extra
            .push(("KILLED_AT".to_owned(), at.to_owned()));
        let output = clone.rotates().await;
        assert_eq!(output.status.code(), None, "{at}: {}", text(&output));
        clone.computer.extra.pop();
        let output = clone.rotates().await;
        let said = text(&output);
        assert!(output.status.success(), "{at}: {said}");
        assert!(
            said.contains("An earlier rotation was interrupted"),
            "{at}: {said}"
        );
        clone.has_rotated(before, &format!("{at}: {said}")).await;
        assert_eq!(clone.journal(), 0, "{at}");
    }
}

#[tokio::test]
async fn killed_while_the_old_token_is_revoked_the_next_run_finishes() {
    for (stage, word) in [
        (Stage::BeforeWork, "after git was switched"),
        (Stage::AfterWork, "is finished"),
    ] {
        let clone = Clone::of_billing().await;
        let before = clone.tokens().await.len();
        clone.is_killed_in(Method::DELETE, TOKENS, stage).await;
        let output = clone.rotates().await;
        let said = text(&output);
        assert!(
            output.status.success() && said.contains(word),
            "{stage:?}: {said}"
        );
        assert!(!said.contains("New: "), "no second one: {said}");
        clone.has_rotated(before, &said).await;
        assert_eq!(clone.journal(), 0);
    }
}

#[tokio::test]
async fn what_does_not_get_in_is_revoked_and_the_old_one_stays() {
    let clone = Clone::of_billing().await;
    let before = clone.tokens().await;
    for (method, path, effect, status, words) in [
        (
            Method::PUT,
            TOKENS,
            FaultEffect::RateLimited {
                retry_after: std::time::Duration::from_secs(9),
            },
            1,
            "Wait 9 seconds",
        ),
        (
            Method::PUT,
            TOKENS,
            FaultEffect::LoseAnswer,
            6,
            "most likely the one you asked for. Nobody has its secret.",
        ),
        (
            Method::GET,
            "info/refs",
            FaultEffect::Cut,
            1,
            "git uses the old token as before",
        ),
        (
            Method::DELETE,
            TOKENS,
            FaultEffect::RateLimited {
                retry_after: std::time::Duration::from_secs(9),
            },
            1,
            "both tokens work still",
        ),
    ] {
        clone.computer.simulator.inject(Fault {
            method: Some(method.clone()),
            path_contains: path.to_owned(),
            times: (method != Method::GET).then_some(1),
            effect,
        });
        let output = clone.rotates().await;
        clone.computer.simulator.clear_faults();
        let said = text(&output);
        assert_eq!(output.status.code(), Some(status), "{method}: {said}");
        assert!(said.contains(words), "{method}: {said}");
        // Either token works.
        clone
            .computer
            .works(&["-C", "clone", "fetch", "--quiet"])
            .await;
        assert!(
            clone.tokens().await.iter().any(|it| it.id == clone.old),
            "{said}"
        );
    }
    let output = clone.rotates().await;
    let said = text(&output);
    assert!(output.status.success(), "{said}");
    assert!(
        clone.tokens().await.iter().all(|it| it.id != clone.old),
        "{said}"
    );
    assert!(clone.tokens().await.len() <= before.len() + 1);
}

#[tokio::test]
async fn where_there_is_nothing_to_rotate_it_says_so() {
    let computer = Computer::new().await;
    let said = text(&computer.bbtoken(&ROTATE, "").await);
    assert!(
        said.contains("not a clone of a repository over http"),
        "{said}"
    );
    computer.works(&["init", "--quiet", "clone"]).await;
    let billing = computer.address(BILLING);
    computer
        .works(&["-C", "clone", "remote", "add", "origin", &billing])
        .await;
    let said = text(&computer.bbtoken_in("clone", &ROTATE, "").await);
    assert!(
        said.contains("bbtoken has not set git up") && said.contains("git-setup"),
        "{said}"
    );
}
