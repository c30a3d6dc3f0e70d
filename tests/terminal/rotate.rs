//! `bbtoken rotate PLACE ID`: an equal token is made and handed over; the old one goes when somebody says
//! so, or the new one does.

use bbtoken::simulator::FaultEffect;
use reqwest::Method;

use crate::shell::Shell;

const BILLING: &str = "PLAT/billing-api";

fn journal(shell: &Shell) -> usize {
    let directory = shell.home.path().join(".local/state/bbtoken/journal");
    std::fs::read_dir(directory).map_or(0, Iterator::count)
}

/// Jenkins' token is rotated and printed; the ids of the old and the new one.
async fn rotated(shell: &Shell) -> (String, String) {
    let old = shell.id(BILLING, "Jenkins").await;
    let said = shell
        .run_as("alice", &["rotate", BILLING, &old, "--print"])
        .await;
    assert_eq!(said.status, 0, "{said:?}");
    assert!(
        said.out.trim_end().len() > 20 && said.out.lines().count() == 1,
        "{said:?}"
    );
    for words in [
        "Old: \"Jenkins nightly build\" (id ",
        "last used ",
        "New: \"Jenkins nightly build 20",
        "for 365 days",
        "Both: Repository read",
        "Both tokens work.",
        &format!("bbtoken rotate {BILLING} {old} --finish"),
    ] {
        assert!(said.error.contains(words), "{words}: {said:?}");
    }
    let new = shell.id(BILLING, "Jenkins nightly build 20").await;
    assert_eq!((shell.tokens(BILLING).await.len(), journal(shell)), (4, 1));
    (old, new)
}

#[tokio::test]
async fn finished_the_old_one_is_gone() {
    let shell = Shell::new().await;
    let (old, new) = rotated(&shell).await;
    let again = shell
        .run_as("alice", &["rotate", BILLING, &old, "--print"])
        .await;
    again.refuses(1, &["is being rotated already", "--finish", "--undo"]);
    let finish = ["rotate", BILLING, &new, "--finish", "--yes"];
    let said = shell.run_as("alice", &finish).await;
    assert_eq!(said.status, 0, "{said:?}");
    assert!(
        said.error
            .contains("✓ The new one is in place: \"Jenkins nightly build\" is revoked."),
        "{said:?}"
    );
    let left: Vec<_> = shell.tokens(BILLING).await;
    assert!(left.iter().all(|it| it["id"] != *old) && left.iter().any(|it| it["id"] == *new));
    assert_eq!(journal(&shell), 0);
    shell
        .run_as("alice", &finish)
        .await
        .refuses(1, &["No rotation"]);
}

#[tokio::test]
async fn undone_the_new_one_is_gone() {
    let shell = Shell::new().await;
    let (old, new) = rotated(&shell).await;
    let said = shell
        .run_as("alice", &["rotate", BILLING, &old, "--undo", "--yes"])
        .await;
    assert_eq!(said.status, 0, "{said:?}");
    let left: Vec<_> = shell.tokens(BILLING).await;
    assert!(left.iter().all(|it| it["id"] != *new) && left.iter().any(|it| it["id"] == *old));
    assert_eq!(journal(&shell), 0);
}

#[tokio::test]
async fn what_fails_at_the_end_is_finished_by_the_next_run() {
    let shell = Shell::new().await;
    let (old, _) = rotated(&shell).await;
    let finish = ["rotate", BILLING, &old, "--finish", "--yes"];
    for (effect, status, words) in [
        (
            FaultEffect::RateLimited {
                retry_after: std::time::Duration::from_secs(5),
            },
            1,
            "both tokens work still: too many requests",
        ),
        (FaultEffect::Cut, 6, "the list still has"),
        (
            FaultEffect::Status(
                401,
                "You are not permitted to access this resource".to_owned(),
            ),
            5,
            "both tokens work still",
        ),
    ] {
        shell.fault(Method::DELETE, 1, effect);
        let said = shell.run_as("alice", &finish).await;
        assert!(
            said.error.contains(words) && said.error.contains("--finish"),
            "{said:?}"
        );
        assert_eq!((said.status, journal(&shell)), (status, 1), "{said:?}");
    }
    shell.fault(Method::DELETE, 1, FaultEffect::LoseAnswer);
    assert_eq!(shell.run_as("alice", &finish).await.status, 0);
    assert_eq!((shell.tokens(BILLING).await.len(), journal(&shell)), (3, 0));
}

#[tokio::test]
async fn somebody_else_who_revokes_one_of_them_ends_the_rotation_too() {
    for which in [0, 1] {
        let shell = Shell::new().await;
        let (old, new) = rotated(&shell).await;
        let gone = [&old, &new][which];
        let revoke = ["revoke", BILLING, gone, "--yes"];
        assert_eq!(shell.run_as("alice", &revoke).await.status, 0);
        let finish = ["rotate", BILLING, &old, "--finish", "--yes"];
        shell
            .run_as("alice", &finish)
            .await
            .refuses(1, &["one of its tokens is gone"]);
        assert_eq!(journal(&shell), 0);
    }
}

#[tokio::test]
async fn what_cannot_be_equal_is_said_before_it_is_made() {
    let shell = Shell::new().await;
    let forever = shell.id(BILLING, "old deploy").await;
    let named = [
        "rotate", BILLING, &forever, "--print", "--name", "deploy", "--days", "7",
    ];
    let said = shell.run_as("alice", &named).await;
    assert_eq!(said.status, 0, "{said:?}");
    let made = shell.tokens(BILLING).await;
    let made = made.iter().find(|it| it["name"] == "deploy").unwrap();
    assert!(
        made["expires"].as_str().unwrap().starts_with("20"),
        "{made}"
    );
    shell
        .run_as("alice", &["rotate", BILLING, "000000000000", "--print"])
        .await
        .refuses(1, &["no token with the id"]);
    shell
        .run_as("alice", &["rotate", BILLING, &forever])
        .await
        .refuses(2, &["--yes"]);
    shell
        .run_as("alice", &["rotate", "--git", &forever, "--yes"])
        .await
        .refuses(2, &["--git"]);
    shell
        .run_as("bob", &["rotate", BILLING, &forever, "--print"])
        .await
        .refuses(5, &["not permitted"]);
}

#[tokio::test]
async fn what_fails_while_the_new_one_is_created_leaves_the_old_one_alone() {
    for (effect, status, words) in [
        (
            FaultEffect::RateLimited {
                retry_after: std::time::Duration::from_secs(5),
            },
            1,
            "Wait 5 seconds",
        ),
        (FaultEffect::Cut, 6, "may still appear"),
        (
            FaultEffect::Status(
                401,
                "You are not permitted to access this resource".to_owned(),
            ),
            5,
            "not permitted",
        ),
        (FaultEffect::Html(503), 6, "may still appear"),
    ] {
        let shell = Shell::new().await;
        let old = shell.id(BILLING, "Jenkins").await;
        shell.fault(Method::PUT, 1, effect);
        let said = shell
            .run_as("alice", &["rotate", BILLING, &old, "--print"])
            .await;
        assert!(
            said.status == status && said.error.contains(words) && said.out.is_empty(),
            "{words}: {said:?}"
        );
        let left = shell.tokens(BILLING).await;
        assert!(left.len() == 3 && left.iter().any(|it| it["id"] == *old));
    }
}

#[tokio::test]
async fn a_lost_new_token_is_told_of_and_the_old_one_stays() {
    let shell = Shell::new().await;
    let old = shell.id(BILLING, "Jenkins").await;
    shell.fault(Method::PUT, 1, FaultEffect::LoseAnswer);
    let said = shell
        .run_as("alice", &["rotate", BILLING, &old, "--print"])
        .await;
    assert_eq!(said.status, 6, "{said:?}");
    assert!(said.error.contains("its secret"), "{said:?}");
    assert_eq!((shell.tokens(BILLING).await.len(), journal(&shell)), (4, 0));
}

#[tokio::test]
async fn an_expired_token_is_not_said_to_work() {
    let shell = Shell::new().await;
    let old = shell.id(BILLING, "release-bot").await;
    let said = shell
        .run_as("alice", &["rotate", BILLING, &old, "--print"])
        .await;
    assert_eq!(said.status, 0, "{said:?}");
    assert!(
        said.error
            .contains("Only the new token works: the old one has expired."),
        "{said:?}"
    );
    assert!(!said.error.contains("Both tokens work"), "{said:?}");
}
