//! Real git against the simulator: clone, commit, push, and every way to be refused.
//!
//! Credentials reach git as a user of ours would have them: in a configuration file of their own
//! or from a credential helper, never as an argument.

use std::io::Write as _;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::Command;

use crate::support::{As, Server, TOKENS};

/// A computer with nobody's configuration on it.
struct Computer(TempDir);

impl Computer {
    fn new() -> Self {
        let home = TempDir::new().unwrap();
        let config = "[user]\n\tname = Test\n\temail = test@example.com\n";
        std::fs::write(home.path().join(".gitconfig"), config).unwrap();
        Self(home)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn configure(&self, text: &str) {
        let mut options = std::fs::OpenOptions::new();
        let file = options.append(true).open(self.path().join(".gitconfig"));
        file.unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// A token that goes along as a header.
    fn with_bearer(token: &str) -> Self {
        let computer = Self::new();
        computer.configure(&format!(
            "[http]\n\textraHeader = Authorization: Bearer {token}\n"
        ));
        computer
    }

    /// A name and a password or token from a credential helper.
    fn with_password(name: &str, password: &str) -> Self {
        let computer = Self::new();
        let helper = computer.path().join("helper");
        let script = format!(
            "#!/bin/sh\ntest \"$1\" = get && echo username={name} && echo password={password}\n"
        );
        std::fs::write(&helper, script).unwrap();
        computer.configure(&format!(
            "[credential]\n\thelper = !sh {}\n",
            helper.display()
        ));
        computer
    }

    async fn git(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("git");
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .kill_on_drop(true);
        command.output().await.unwrap()
    }

    async fn works(&self, arguments: &[&str]) -> String {
        let output = self.git(arguments).await;
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What git says while it fails.
    async fn fails(&self, arguments: &[&str]) -> String {
        let output = self.git(arguments).await;
        assert!(!output.status.success(), "git {arguments:?} worked");
        String::from_utf8(output.stderr).unwrap()
    }

    async fn commit(&self, content: &[u8]) {
        std::fs::write(self.path().join("work/new-file"), content).unwrap();
        self.works(&["-C", "work", "add", "new-file"]).await;
        self.works(&["-C", "work", "commit", "--quiet", "--message", "A change"])
            .await;
    }
}

fn scm(server: &Server, path: &str) -> String {
    server.url(&format!("/scm/{path}.git"))
}

#[tokio::test]
async fn a_personal_token_clones_and_pushes() {
    let server = Server::start().await;
    let token = server
        .secret("bob", "/users/bob", &["PROJECT_READ", "REPO_WRITE"])
        .await;
    let url = scm(&server, "plat/billing-api");
    for (number, computer) in [
        Computer::with_bearer(&token),
        Computer::with_password("bob", &token),
    ]
    .iter()
    .enumerate()
    {
        computer.works(&["clone", "--quiet", &url, "work"]).await;
        let readme = std::fs::read_to_string(computer.path().join("work/README.md")).unwrap();
        assert!(readme.starts_with("# billing-api\n"), "{readme}");
        let branch = computer
            .works(&["-C", "work", "branch", "--show-current"])
            .await;
        assert_eq!(branch, "main\n");
        computer.commit(format!("change {number}").as_bytes()).await;
        computer.works(&["-C", "work", "push", "--quiet"]).await;
    }
    let other = Computer::with_password("bob", "bob");
    other.works(&["clone", "--quiet", &url, "work"]).await;
    let log = other
        .works(&["-C", "work", "rev-list", "--count", "HEAD"])
        .await;
    assert_eq!(log, "3\n", "the first commit and two pushes");
}

#[tokio::test]
async fn a_repository_token_is_bearer_only() {
    let server = Server::start().await;
    let place = "/projects/PLAT/repos/billing-api";
    let token = server.secret("alice", place, &["REPO_WRITE"]).await;
    let url = scm(&server, "plat/billing-api");
    let computer = Computer::with_bearer(&token);
    computer.works(&["clone", "--quiet", &url, "work"]).await;
    computer.commit(b"by a token").await;
    computer.works(&["-C", "work", "push", "--quiet"]).await;
    for name in ["alice", "x-token-auth"] {
        let computer = Computer::with_password(name, &token);
        let said = computer.fails(&["ls-remote", &url]).await;
        assert!(said.contains("Authentication failed"), "{said}");
    }
    let elsewhere = computer
        .fails(&["ls-remote", &scm(&server, "plat/api-gateway")])
        .await;
    assert!(!elsewhere.contains("refs/"), "{elsewhere}");
}

#[tokio::test]
async fn a_project_token_reaches_its_project_only() {
    let server = Server::start().await;
    let token = server
        .secret("alice", "/projects/PLAT", &["PROJECT_READ", "REPO_WRITE"])
        .await;
    let computer = Computer::with_bearer(&token);
    for slug in ["api-gateway", "billing-api"] {
        computer
            .works(&["ls-remote", &scm(&server, &format!("plat/{slug}"))])
            .await;
    }
    computer
        .fails(&["ls-remote", &scm(&server, "data/forecasting")])
        .await;
}

#[tokio::test]
async fn a_read_only_token_may_not_push() {
    let server = Server::start().await;
    let token = server
        .secret("alice", "/users/alice", &["PROJECT_READ", "REPO_READ"])
        .await;
    let computer = Computer::with_bearer(&token);
    let url = scm(&server, "plat/billing-api");
    computer.works(&["clone", "--quiet", &url, "work"]).await;
    computer.commit(b"not allowed").await;
    let said = computer.fails(&["-C", "work", "push"]).await;
    assert!(
        said.contains("not permitted to push to billing-api"),
        "{said}"
    );
    assert!(said.contains("403"), "{said}");
    // Nor past the first step.
    let answer = server
        .client
        .post(format!("{url}/git-receive-pack"))
        .bearer_auth(&token);
    assert_eq!(server.send(answer).await.status, 403);
}

#[tokio::test]
async fn a_revoked_or_expired_token_stops_at_once() {
    let server = Server::start().await;
    let url = scm(&server, "plat/billing-api");
    let token = server
        .create("alice", "/users/alice", &["PROJECT_READ", "REPO_WRITE"])
        .await;
    let computer = Computer::with_bearer(token["token"].as_str().unwrap());
    computer.works(&["clone", "--quiet", &url, "work"]).await;
    computer.commit(b"too late").await;
    let path = format!("{TOKENS}/users/alice/{}", token["id"].as_str().unwrap());
    assert_eq!(server.delete(As::User("alice"), &path).await.status, 204);
    computer.fails(&["-C", "work", "push"]).await;
    computer.fails(&["-C", "work", "fetch"]).await;

    let token = server
        .secret("alice", "/users/alice", &["PROJECT_READ", "REPO_WRITE"])
        .await;
    let computer = Computer::with_bearer(&token);
    computer.works(&["ls-remote", &url]).await;
    server.clock.advance(Duration::from_secs(31 * 24 * 3600));
    computer.fails(&["ls-remote", &url]).await;
}

#[tokio::test]
async fn an_archived_repository_refuses_pushes() {
    let server = Server::start().await;
    let computer = Computer::with_password("alice", "alice");
    let url = scm(&server, "plat/checkout-web");
    computer.works(&["clone", "--quiet", &url, "work"]).await;
    computer.commit(b"too late").await;
    let said = computer.fails(&["-C", "work", "push"]).await;
    assert!(
        said.contains("checkout-web is archived and read-only"),
        "{said}"
    );
}

#[tokio::test]
async fn public_repositories_can_be_cloned_by_anybody() {
    let server = Server::start().await;
    let computer = Computer::new();
    computer
        .works(&["clone", "--quiet", &scm(&server, "train/git-kata"), "work"])
        .await;
    computer.commit(b"by nobody").await;
    let said = computer.fails(&["-C", "work", "push"]).await;
    assert!(said.contains("could not read Username"), "{said}");
    for path in ["plat/billing-api", "plat/nope", "nope/nope"] {
        let url = format!("{}/info/refs?service=git-upload-pack", scm(&server, path));
        let answer = server.send(server.client.get(url)).await;
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(
            answer.header("www-authenticate"),
            "Basic realm=\"Atlassian Bitbucket\""
        );
    }
}

#[tokio::test]
async fn passwords_count_where_basic_is_on() {
    let server = Server::start().await;
    let url = scm(&server, "ship/track-and-trace");
    Computer::with_password("bob", "bob")
        .works(&["ls-remote", &url])
        .await;
    let off = Computer::with_password("sam", "sam")
        .fails(&["ls-remote", &url])
        .await;
    assert!(off.contains("403"), "{off}");
    let captcha = Computer::with_password("dora", "dora")
        .fails(&["ls-remote", &url])
        .await;
    assert!(captcha.contains("CAPTCHA"), "{captcha}");
    let wrong = Computer::with_password("bob", "guess")
        .fails(&["ls-remote", &url])
        .await;
    assert!(wrong.contains("Authentication failed"), "{wrong}");
}

#[tokio::test]
async fn large_and_compressed_bodies_go_through() {
    let server = Server::start().await;
    let computer = Computer::with_password("alice", "alice");
    let url = scm(&server, "~alice/scratch");
    computer.works(&["clone", "--quiet", &url, "work"]).await;
    // More than git's post buffer, so that it is sent in chunks; and nothing that can be packed.
    let mut state = 1_u32;
    let noise: Vec<_> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    })
    .take(3 << 20)
    .collect();
    computer.commit(&noise).await;
    computer.works(&["-C", "work", "push", "--quiet"]).await;
    // More than a kilobyte of wishes makes git compress its request to fetch.
    for number in 0..30 {
        let commit = [
            "-C",
            "work",
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            "x",
        ];
        computer.works(&commit).await;
        computer
            .works(&["-C", "work", "tag", &format!("tag-{number}")])
            .await;
    }
    computer
        .works(&["-C", "work", "push", "--quiet", "--tags"])
        .await;
    computer.works(&["clone", "--quiet", &url, "again"]).await;
    let copy = std::fs::read(computer.path().join("again/new-file")).unwrap();
    assert!(copy == noise);
    let tags = computer.works(&["-C", "again", "tag"]).await;
    assert_eq!(tags.lines().count(), 30);
}

#[tokio::test]
async fn a_gzipped_request_is_understood() {
    let server = Server::start().await;
    let url = scm(&server, "train/git-kata");
    // `0014command=ls-refs\n` and a flush packet, compressed by gzip.
    let request = server
        .client
        .post(format!("{url}/git-upload-pack"))
        .header("Content-Type", "application/x-git-upload-pack-request")
        .header("Content-Encoding", "gzip")
        .header("Git-Protocol", "version=2")
        .body(GZIPPED);
    let answer = server.send(request).await;
    assert_eq!(answer.status, 200);
    assert!(answer.text.contains("refs/heads/main"), "{}", answer.text);
    assert_eq!(
        answer.header("content-type"),
        "application/x-git-upload-pack-result"
    );
}

const GZIPPED: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x33, 0x30, 0x30, 0x34, 0x49, 0xce,
    0xcf, 0xcd, 0x4d, 0xcc, 0x4b, 0xb1, 0xcd, 0x29, 0xd6, 0x2d, 0x4a, 0x4d, 0x2b, 0xe6, 0x32, 0x00,
    0x02, 0x00, 0xf7, 0x1d, 0x61, 0x5d, 0x18, 0x00, 0x00, 0x00,
];

#[tokio::test]
async fn only_the_smart_protocol_is_served() {
    let server = Server::start().await;
    let url = scm(&server, "train/git-kata");
    for (path, status) in [
        ("/info/refs", 403),
        ("/HEAD", 403),
        ("/info/refs?service=git-upload-archive", 403),
        ("/%2e%2e%2f1.git%2fconfig", 403),
        ("/git-upload-pack", 405),
    ] {
        let answer = server.send(server.client.get(format!("{url}{path}"))).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
    }
}

#[tokio::test]
async fn two_who_ask_at_once_get_the_same_repository() {
    let server = Server::start().await;
    let url = format!(
        "{}/info/refs?service=git-upload-pack",
        scm(&server, "train/rust-course")
    );
    let ask = || async { server.send(server.client.get(&url)).await };
    let (a, b, c) = tokio::join!(ask(), ask(), ask());
    for answer in [&a, &b, &c] {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.text, a.text);
    }
    assert!(a.text.contains("refs/heads/main"));
}

#[tokio::test]
async fn every_name_makes_a_repository() {
    let server = Server::start().await;
    let computer = Computer::with_password("root", "root");
    for path in [
        "evil/line-break",
        "evil/esc-red",
        "tokyo/haitatsu",
        "~olga/zametki",
    ] {
        let refs = computer.works(&["ls-remote", &scm(&server, path)]).await;
        assert!(refs.contains("refs/heads/main"), "{path}");
    }
}
