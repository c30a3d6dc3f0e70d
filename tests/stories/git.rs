//! Real git with tokens that were made through the interface: clone, commit, push, and being refused.
//!
//! The token reaches git as a user would hand it over, in a file or from a helper; never as an
//! argument.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use bbtoken::simulator::{Options, Profile};
use tempfile::TempDir;
use tokio::process::Command;

use crate::harness::{Harness, Setup};

/// A computer with nobody's configuration on it.
struct Computer(TempDir);

impl Computer {
    fn new(configuration: &str) -> Self {
        let home = TempDir::new().unwrap();
        let config = format!("[user]\n\tname = Test\n\temail = test@example.com\n{configuration}");
        std::fs::write(home.path().join(".gitconfig"), config).unwrap();
        Self(home)
    }

    /// What "token ready" says of repository and project tokens.
    fn with_header(address: &str, token: &str) -> Self {
        Self::new(&format!(
            "[http \"{address}\"]\n\textraHeader = Authorization: Bearer {token}\n"
        ))
    }

    /// What "token ready" says of personal tokens: the answers to git's two questions.
    fn with_answers(user: &str, token: &str) -> Self {
        let computer = Self::new("");
        let script =
            format!("#!/bin/sh\ncase \"$1\" in Username*) echo {user};; *) echo {token};; esac\n");
        computer.write("answers", &script);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let owner_only = std::fs::Permissions::from_mode(0o700);
            std::fs::set_permissions(computer.path().join("answers"), owner_only).unwrap();
        }
        computer
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path().join(name), content).unwrap();
    }

    async fn git(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("git");
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("HOME", self.path())
            .env("GIT_ASKPASS", self.path().join("answers"))
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
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What git says while it fails.
    async fn fails(&self, arguments: &[&str]) -> String {
        let output = self.git(arguments).await;
        assert!(!output.status.success(), "git {arguments:?} worked");
        String::from_utf8(output.stderr).unwrap()
    }

    async fn clone(&self, address: &str) {
        self.works(&["clone", "--quiet", address, "work"]).await;
    }

    async fn commit(&self, content: &str) {
        self.write("work/new-file", content);
        self.works(&["-C", "work", "add", "new-file"]).await;
        self.works(&["-C", "work", "commit", "--quiet", "--message", "A change"])
            .await;
    }

    async fn head(&self) -> String {
        self.works(&["-C", "work", "rev-parse", "HEAD"]).await
    }
}

const PUSH: &[&str] = &["-C", "work", "push", "--quiet", "origin", "HEAD"];
const FETCH: &[&str] = &["-C", "work", "fetch", "--quiet"];

fn address(program: &Harness, path: &str) -> String {
    format!("{}/scm/{path}.git", program.base_url)
}

/// Makes a token with these keys; its secret is what is on the clipboard then.
async fn token(program: &mut Harness, keys: &str) -> String {
    program.keys(keys).await;
    program.shows("Token ready");
    program.shows("on your clipboard");
    program.clipboard().unwrap()
}

#[tokio::test]
async fn a_personal_token_clones_and_pushes_until_it_is_revoked() {
    let mut program = Harness::new().await;
    program.sign_in("bob").await;
    let secret = token(&mut program, "mn<enter><enter>").await;
    program.keys("<enter>y").await;
    // What happens at once could be our own trial.
    program.advance(Duration::from_secs(60)).await;

    let billing = address(&program, "plat/billing-api");
    let computer = Computer::with_answers("bob", &secret);
    computer.clone(&billing).await;
    computer.commit("made with a personal token").await;
    computer.works(PUSH).await;
    let other = Computer::with_answers("bob", &secret);
    other.clone(&billing).await;
    assert_eq!(other.head().await, computer.head().await);

    // The list knows that it was used.
    program.keys("r/git for bob<enter>").await;
    program.shows("used 24 November 2026");

    program.keys("xy").await;
    program.shows("Revoked \"git for bob on laptop\".");
    let words = computer.fails(FETCH).await;
    assert!(words.contains("Authentication failed"), "{words}");
    computer.commit("after the revocation").await;
    computer.fails(PUSH).await;
}

#[tokio::test]
async fn a_repository_token_reaches_its_repository_and_nothing_else() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    let secret = token(&mut program, "<enter>jn<enter><enter>").await;
    // The clone command, as it stands on the clipboard.
    program.keys("y").await;
    let command = program.clipboard().unwrap();
    let billing = command.strip_prefix("git clone ").unwrap().to_owned();
    assert_eq!(billing, address(&program, "plat/billing-api"));

    let computer = Computer::with_header(&billing, &secret);
    computer.clone(&billing).await;
    computer.commit("made with a repository token").await;
    computer.works(PUSH).await;

    let gateway = address(&program, "plat/api-gateway");
    let elsewhere = Computer::with_header(&gateway, &secret);
    elsewhere
        .fails(&["clone", "--quiet", &gateway, "work"])
        .await;

    // The clone command has taken the token's place on the clipboard: leaving asks.
    program.keys("<enter>y/git for<enter><esc>xy").await;
    program.shows("Revoked \"git for alice on laptop (billing-api)\".");
    computer.fails(FETCH).await;
    computer.commit("after the revocation").await;
    computer.fails(PUSH).await;
}

#[tokio::test]
async fn a_project_token_reaches_every_repository_of_its_project() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    let secret = token(&mut program, "n<enter><enter>").await;
    for path in ["plat/billing-api", "plat/api-gateway"] {
        let address = address(&program, path);
        let computer = Computer::with_header(&address, &secret);
        computer.clone(&address).await;
        computer.commit("made with a project token").await;
        computer.works(PUSH).await;
    }
    let other = address(&program, "data/forecasting");
    let computer = Computer::with_header(&other, &secret);
    computer.fails(&["clone", "--quiet", &other, "work"]).await;
}

#[tokio::test]
async fn a_read_only_token_clones_and_its_push_is_refused() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    let billing = address(&program, "plat/billing-api");
    let before = {
        let secret = token(&mut program, "<enter>jn<down><enter><enter>").await;
        let computer = Computer::with_header(&billing, &secret);
        computer.clone(&billing).await;
        let before = computer.head().await;
        computer.commit("not allowed").await;
        let words = computer.fails(PUSH).await;
        assert!(words.contains("403"), "{words}");
        before
    };

    let secret = token(&mut program, "<enter>y<esc>mn<down><enter><enter>").await;
    let computer = Computer::with_answers("alice", &secret);
    computer.clone(&billing).await;
    assert_eq!(computer.head().await, before, "nothing has arrived");
    computer.commit("not allowed either").await;
    let words = computer.fails(PUSH).await;
    assert!(words.contains("403"), "{words}");
}

/// From the sign-in to a push, as each version comes: 10.x has Basic off for everybody, so every token goes
/// to git as Bearer there.
#[tokio::test]
async fn on_every_version_alice_and_sam_get_from_the_sign_in_to_a_push() {
    for profile in Profile::ALL {
        for (user, keys, path) in [
            (
                "alice",
                "/plat<enter>/billing-api<enter>n<enter><enter>",
                "plat/billing-api",
            ),
            ("alice", "mn<enter><enter>", "data/forecasting"),
            (
                "sam",
                "/android<enter>n<enter><enter>",
                "retail/android-app",
            ),
            ("sam", "mn<enter><enter>", "retail/ios-app"),
        ] {
            let mut program = Harness::start(Setup {
                size: (120, 40),
                options: Options::of(profile),
                ..Setup::default()
            })
            .await;
            program.sign_in(user).await;
            let is_session = user == "sam" || profile >= Profile::Bitbucket10_2;
            let way = if is_session { " (session) ·" } else { " ·" };
            program.shows(&format!("{user}{way}"));
            let secret = token(&mut program, keys).await;
            program.shows("✓ can clone ✓ can push – cannot change settings");
            let address = address(&program, path);
            let computer = Computer::with_header(&address, &secret);
            computer.clone(&address).await;
            computer.commit("made on this version").await;
            computer.works(PUSH).await;
            program.keys("<enter>y").await;
            program.keys("q").await;
            assert_eq!(program.server().sessions(), 0, "{profile:?} {user}");
        }
    }
}

#[tokio::test]
async fn where_basic_is_off_a_password_is_enough_for_a_token_that_pushes() {
    let mut program = Harness::new().await;
    program.sign_in("sam").await;
    program.shows("sam (session)");
    let secret = token(&mut program, "/android<enter>n<enter><enter>").await;
    program.shows("✓ can push");
    let app = address(&program, "retail/android-app");
    let computer = Computer::with_header(&app, &secret);
    computer.clone(&app).await;
    computer.commit("made with the login form's session").await;
    computer.works(PUSH).await;
    // As a password it is refused there, like every password.
    let other = Computer::with_answers("sam", &secret);
    other.fails(&["clone", "--quiet", &app, "work"]).await;
}
