//! Started in a clone: what stands in front of the token there, and what git there lives on.

use std::path::Path;
use std::process::Command;

use bbtoken::clock::Clock;
use bbtoken::simulator::{Options, Simulator};
use tempfile::TempDir;

use crate::harness::{Harness, NOW, Setup};

pub(crate) const BILLING: &str = "/scm/plat/billing-api.git";

/// A simulated Bitbucket, and a home in which a clone of one of its repositories lies.
pub(crate) struct Cloned {
    pub(crate) server: (Simulator, Clock),
    pub(crate) home: TempDir,
}

impl Cloned {
    /// The remote as it is typed, from the address of the server.
    pub(crate) async fn of(remote: impl FnOnce(&str) -> String) -> Self {
        let clock = Clock::manual(NOW.parse().unwrap());
        let options = Options {
            clock: clock.clone(),
            ..Options::default()
        };
        let simulator = Simulator::start(options).await.unwrap();
        let home = TempDir::new().unwrap();
        let remote = remote(&simulator.base_url());
        let cloned = Self {
            server: (simulator, clock),
            home,
        };
        git(&cloned.home, &["init", "--quiet", "clone"]);
        cloned.git(&["remote", "add", "origin", &remote]);
        cloned
    }

    /// git in the clone.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(&self.home, &[&["-C", "clone"], arguments].concat())
    }

    pub(crate) async fn start(self, size: (u16, u16)) -> Harness {
        let directory = self.home.path().join("clone");
        Harness::start(Setup {
            size,
            address: Some(String::new()),
            server: Some(self.server),
            directory: Some(directory),
            home: Some(self.home),
            ..Setup::default()
        })
        .await
    }
}

/// git, with nothing but this home.
pub(crate) fn git(home: &TempDir, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    let output = command
        .args(arguments)
        .current_dir(home.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("HOME", home.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn config(program: &Harness) -> String {
    read(&program.home.path().join("clone/.git/config"))
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}

#[tokio::test]
async fn a_password_in_the_remote_is_taken_out_with_m_and_put_back_with_u() {
    let cloned = Cloned::of(|base| {
        let base = base.replace("http://", "http://alice:old-pass@");
        format!("{base}/scm/PLAT/billing-api.git")
    })
    .await;
    let mut program = cloned.start((120, 45)).await;
    program.sign_in("alice").await;
    program.keys("n<enter><enter>").await;
    program.shows("Token ready");
    let before = config(&program);
    program.keys("g").await;
    program.shows("There is a password in the address of origin");
    program.shows("Press m to have origin lead to http://127.0.0.1");
    program.shows("m mend");
    program.keys("u").await;
    program.shows("Nothing was taken away on this screen.");
    program.keys("m").await;
    program
        .shows("the password is out of .git/config. Until you leave this screen, u puts it back.");
    program.hides("There is a password");
    assert_eq!(config(&program), before.replace("alice:old-pass@", ""));
    program.keys("m").await;
    program.shows("Nothing stands in front of the token");
    program.keys("u").await;
    program.shows(".git/config is as it was before.");
    program.shows("There is a password in the address of origin");
    assert_eq!(config(&program), before);
    program.keys("m").await;
    program.keys("<enter>").await;
    program.shows("git works here: it can clone, pull and push");
    program.hides("old-pass");
}

#[tokio::test]
async fn what_somebody_else_has_changed_meanwhile_is_left_alone() {
    let cloned = Cloned::of(|base| {
        let base = base.replace("http://", "http://alice:old-pass@");
        format!("{base}{BILLING}")
    })
    .await;
    let mut program = cloned.start((120, 45)).await;
    program.sign_in("alice").await;
    program.keys("n<enter><enter>gm").await;
    let home = &program.home;
    git(home, &["-C", "clone", "config", "alias.co", "checkout"]);
    let changed = config(&program);
    program.keys("u").await;
    program.shows(".git/config was changed meanwhile, so nothing was put back there.");
    assert_eq!(config(&program), changed);
}
