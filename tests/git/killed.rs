//! bbtoken is killed while git shows whether it gets in: the setup before, whose token Bitbucket never
//! shows again, is not lost.

use std::collections::BTreeMap;
use std::path::Path;

use bbtoken::bitbucket::Scope;
use bbtoken::permission::Level;
use bbtoken::secret::Secret;

use crate::computer::{Computer, personal, repository, text};
use crate::git::takes_bearer;

const BILLING: &str = "/scm/plat/billing-api.git";

/// Where bbtoken is killed before the new setup is proven: before a store has the token, in the middle of
/// what is looked up for the proof, and in the proof.
const UNPROVEN: [&str; 3] = ["credential approve", "remote get-url", "ls-remote"];

/// Every file below the home, its lines sorted: git's helper `store` has an order of its own.
fn files(computer: &Computer) -> BTreeMap<String, Vec<String>> {
    fn walk(directory: &Path, all: &mut BTreeMap<String, Vec<String>>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            if path.is_dir() && !name.contains("clone-") {
                walk(&path, all);
            } else if path.is_file() && !name.ends_with(".lock") {
                let text = std::fs::read_to_string(&path).unwrap();
                let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
                lines.sort();
                // The helper leaves its file behind when it has forgotten the last one.
                if !lines.is_empty() {
                    all.insert(name, lines);
                }
            }
        }
    }
    let mut all = BTreeMap::new();
    walk(&computer.home(), &mut all);
    all
}

async fn with_helper(helper: &str) -> Computer {
    let computer = Computer::new().await;
    let arguments = ["config", "--global", "credential.helper", helper];
    computer.works(&arguments).await;
    computer
}

/// Sets git up, and is killed by the first git that does this.
async fn is_killed(computer: &mut Computer, at: &str, arguments: &[&str], token: &Secret) {
    computer.extra.push(("KILLED_AT".to_owned(), at.to_owned()));
    let arguments = [&["git-setup", "--yes"], arguments].concat();
    let output = computer.bbtoken(&arguments, token.expose()).await;
    assert_eq!(output.status.code(), None, "{at}: {}", text(&output));
    computer.extra.pop();
}

/// The next run, which sets nothing up: nobody can be asked.
async fn next_run(computer: &Computer) -> String {
    text(&computer.bbtoken(&["git-setup"], "").await)
}

/// A second token is to take the place of the first, which may push; the second may not.
async fn replaced(computer: &Computer, scope: &Scope) -> (Secret, Secret) {
    let (first, _) = computer.token_with(scope, Level::Write).await;
    let (second, _) = computer.token_with(scope, Level::Read).await;
    (first, second)
}

#[tokio::test]
async fn the_set_up_before_is_put_back_by_the_next_run() {
    let scope = repository("billing-api");
    let mut ways = vec![("store", scope.clone(), "header")];
    if takes_bearer() {
        ways.push(("store", scope, "bearer"));
    }
    ways.push(("store", personal(), "helper"));
    for (helper, scope, way) in ways {
        let mut computer = with_helper(helper).await;
        let address = computer.address(BILLING);
        let (first, second) = replaced(&computer, &scope).await;
        let mut arguments = vec!["--way", way, &address];
        if way == "helper" {
            arguments.extend(["--user", "alice"]);
        }
        computer.sets_up(&arguments, &first).await;
        let before = files(&computer);
        for (number, at) in UNPROVEN.into_iter().enumerate() {
            if way == "header" && at == "credential approve" {
                continue;
            }
            is_killed(&mut computer, at, &arguments, &second).await;
            let base = computer.address("");
            let seen = text(&computer.bbtoken(&["doctor", &base], "").await);
            let seen = seen.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                seen.contains("was interrupted before git had"),
                "{way} {at}: {seen}"
            );
            let said = next_run(&computer).await;
            assert!(
                said.contains("The one before it is back"),
                "{way} {at}: {said}"
            );
            assert_eq!(files(&computer), before, "{way} {at}");
            computer
                .clones(&address, &format!("clone-{number}"), true)
                .await;
            assert!(!next_run(&computer).await.contains("interrupted"));
        }
    }
}

#[tokio::test]
async fn git_itself_gets_the_token_of_the_set_up_before() {
    if !takes_bearer() {
        return;
    }
    for helper in ["cache", "store"] {
        let mut computer = with_helper(helper).await;
        let address = computer.address(BILLING);
        let (first, second) = replaced(&computer, &repository("billing-api")).await;
        let arguments = ["--way", "bearer", &address];
        computer.sets_up(&arguments, &first).await;
        is_killed(&mut computer, "ls-remote", &arguments, &second).await;
        let output = computer
            .git(&["clone", "--quiet", &address, "clone-0"])
            .await;
        assert!(output.status.success(), "{helper}: {}", text(&output));
        let said = text(&output);
        assert!(
            said.contains("The one before it is back"),
            "{helper}: {said}"
        );
        computer.clones(&address, "clone-1", true).await;
    }
}

#[tokio::test]
async fn a_first_set_up_is_taken_away_and_a_password_that_was_kept_comes_back() {
    let mut computer = with_helper("store").await;
    let address = computer.address(BILLING);
    let host = address.split('/').nth(2).unwrap();
    let kept = format!("protocol=http\nhost={host}\nusername=alice\npassword=alice\n\n");
    computer.git_with(&["credential", "approve"], &kept).await;
    let before = files(&computer);
    let arguments = ["--user", "alice", "--way", "helper", &address];
    let token = computer.token(&personal()).await;
    for at in UNPROVEN {
        is_killed(&mut computer, at, &arguments, &token).await;
        let said = next_run(&computer).await;
        assert!(said.contains("and was removed"), "{at}: {said}");
        assert_eq!(files(&computer), before, "{at}");
    }
}

#[tokio::test]
async fn once_it_is_proven_the_rest_of_the_old_one_goes() {
    if !takes_bearer() {
        return;
    }
    let mut computer = with_helper("store").await;
    let address = computer.address(BILLING);
    let scope = repository("billing-api");
    let first = computer.token(&scope).await;
    let second = computer.token(&scope).await;
    let arguments = ["--way", "bearer", &address];
    computer.sets_up(&arguments, &first).await;
    is_killed(&mut computer, "credential reject", &arguments, &second).await;
    assert!(!next_run(&computer).await.contains("interrupted"));
    let kept = std::fs::read_to_string(computer.file(".git-credentials")).unwrap();
    assert!(
        !kept.contains(&first.token_id().unwrap()),
        "the old one stayed"
    );
    computer.clones(&address, "clone-0", true).await;
    computer.undoes(&[&address]).await;
    assert!(!computer.file(".config/bbtoken/git").join("config").exists());
}
