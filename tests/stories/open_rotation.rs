//! A rotation that an earlier run has left open is told at the next start, and ended there.

use std::process::Stdio;

use bbtoken::bitbucket::Token;
use tokio::io::AsyncWriteExt as _;

use crate::harness::{Harness, environment, repository};

async fn tokens(program: &Harness) -> Vec<Token> {
    program.tokens(&repository("PLAT", "billing-api")).await
}

/// Jenkins' token has been rotated by the command, and its new secret printed.
async fn rotated() -> (Harness, String, String) {
    let program = Harness::new().await;
    let old = tokens(&program).await;
    let old = old.iter().find(|it| it.name.starts_with("Jenkins"));
    let old = old.unwrap().id.clone();
    let base = program.server().base_url();
    let mut command = environment(program.home.path()).command(env!("CARGO_BIN_EXE_bbtoken"));
    command
        .args(["rotate", "PLAT/billing-api", &old, "--print"])
        .args(["--server", &base, "--user", "alice", "--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"alice\n").await.unwrap();
    drop(stdin);
    assert!(child.wait().await.unwrap().success());
    let all = tokens(&program).await;
    let new = all
        .iter()
        .find(|it| it.name.starts_with("Jenkins nightly build 20"));
    let new = new.unwrap().id.clone();
    (program, old, new)
}

#[tokio::test]
async fn it_is_finished_undone_or_kept() {
    for (key, goes, stays) in [
        ("y", Some(0), Some(1)),
        ("x", Some(1), Some(0)),
        ("n", None, None),
    ] {
        let (mut program, old, new) = rotated().await;
        program.sign_in("alice").await;
        program.shows("An unfinished rotation");
        program.shows("Is the new one in place?");
        program.advance(std::time::Duration::from_secs(1)).await;
        program.keys(key).await;
        let ids = [old, new];
        let left = tokens(&program).await;
        let is_there = |index: usize| left.iter().any(|it| it.id == ids[index]);
        assert!(goes.is_none_or(|index| !is_there(index)), "{key}: {left:?}");
        assert!(stays.is_none_or(is_there), "{key}: {left:?}");
        let journal = program.home.path().join(".local/state/bbtoken/journal");
        let open = std::fs::read_dir(journal).unwrap().count();
        assert_eq!(open, usize::from(key == "n"), "{key}");
    }
}
