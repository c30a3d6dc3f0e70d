//! Started in a clone: what stands in front of the token there, and what git there lives on.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use bbtoken::bitbucket::{BaseUrl, Client};
use bbtoken::clock::Clock;
use bbtoken::secret::Secret;
use bbtoken::simulator::{Options, Profile, Simulator};
use tempfile::TempDir;

use crate::harness::{Harness, NOW, Setup, environment, repository};

pub(crate) const BILLING: &str = "/scm/plat/billing-api.git";

/// A simulated Bitbucket, and a home in which a clone of one of its repositories lies.
pub(crate) struct Cloned {
    pub(crate) server: (Simulator, Clock),
    pub(crate) home: TempDir,
}

impl Cloned {
    /// The remote as it is typed, from the address of the server.
    pub(crate) async fn of(remote: impl FnOnce(&str) -> String) -> Self {
        Self::with(Options::default(), remote).await
    }

    /// The same, with a server like this.
    pub(crate) async fn with(options: Options, remote: impl FnOnce(&str) -> String) -> Self {
        let clock = Clock::manual(NOW.parse().unwrap());
        let options = Options {
            clock: clock.clone(),
            ..options
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

    pub(crate) async fn alice(&self) -> Client {
        self.signed_in("alice").await
    }

    /// The password is the name.
    pub(crate) async fn signed_in(&self, name: &str) -> Client {
        let base = BaseUrl::parse(&self.server.0.base_url()).unwrap();
        let password = Secret::new(name.to_owned());
        let client = Client::anonymous(base).unwrap();
        let (client, _) = client.probe().await.unwrap();
        let signed_in = client.sign_in(name, &password).await.unwrap();
        signed_in.done().unwrap().client
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
    // The remote names the user, so only the password is typed.
    program.keys("<enter>").await;
    program.shows("There is a password of alice in the address of origin");
    program.hides("old-pass");
    program.keys("alice<enter>n<enter><enter>").await;
    program.shows("Token ready");
    let before = config(&program);
    program.keys("g").await;
    program.shows("There is a password in the address of origin");
    program.shows("Press m to point origin to http://127.0.0.1");
    program.shows("m mend");
    program.keys("u").await;
    program.shows("Nothing was removed on this screen.");
    program.keys("m").await;
    program.shows(
        "the password was removed from .git/config. Until you leave this screen, u puts it back.",
    );
    program.hides("There is a password");
    assert_eq!(config(&program), before.replace("alice:old-pass@", ""));
    program.keys("m").await;
    program.shows("Nothing is in the way of the token");
    program.keys("u").await;
    program.shows(".git/config was put back as it was.");
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
    program.keys("<enter>alice<enter>n<enter><enter>gm").await;
    let home = &program.home;
    git(home, &["-C", "clone", "config", "alias.co", "checkout"]);
    let changed = config(&program);
    program.keys("u").await;
    program.shows(".git/config has changed since, so nothing was put back there.");
    assert_eq!(config(&program), changed);
}

/// A program in a clone in which git is set up with a repository token for so many days.
async fn set_up_for_days(keys: &str) -> Harness {
    let cloned = Cloned::of(|base| format!("{base}{BILLING}")).await;
    let mut program = cloned.start((100, 40)).await;
    program.sign_in("alice").await;
    program.keys(keys).await;
    program.shows("Token ready");
    program.keys("g<enter>").await;
    program.shows("git works here");
    program
}

/// The next run in the same clone, so many days later.
async fn days_later(program: Harness, days: u64) -> Harness {
    let directory = program.home.path().join("clone");
    let (home, server) = program.kill();
    server.1.advance(Duration::from_secs(days * 24 * 3600));
    Harness::start(Setup {
        size: (100, 40),
        address: Some(String::new()),
        server: Some(server),
        directory: Some(directory),
        home: Some(home),
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn an_expired_token_is_told_before_the_sign_in_which_leads_to_its_replacement() {
    let program = set_up_for_days("n<enter><enter>").await;
    let address = format!("{}{BILLING}", program.base_url);
    let mut program = days_later(program, 93).await;
    program.shows("✗ git's token for this clone expired 3 days ago. Sign in to");
    let asked = program.server().requests();
    assert!(
        asked
            .iter()
            .all(|it| it.path != "/rest/tsv/latest/authenticate")
    );
    program.keys("alice<enter>").await;
    program.shows("HTTP access tokens");
    program.shows("✗ git here uses an expired token");
    program.keys("<enter><enter><enter>").await;
    program.shows("Token ready");
    program.keys("g<enter>").await;
    program.shows("git works here: it can clone, pull and push");
    let fetch = environment(program.home.path())
        .command("git")
        .args(["ls-remote", "--quiet", &address])
        .output()
        .await
        .unwrap();
    assert!(fetch.status.success(), "{fetch:?}");
}

#[tokio::test]
async fn a_revoked_token_is_told_before_the_sign_in() {
    let program = set_up_for_days("n<enter><enter>").await;
    let scope = bbtoken::bitbucket::Scope::Repository {
        project: "PLAT".to_owned(),
        slug: "billing-api".to_owned(),
    };
    let token = program.new_token(&scope).await;
    program
        .root()
        .await
        .revoke_token(&scope, &token.id)
        .await
        .unwrap();
    let mut program = days_later(program, 1).await;
    program.shows("✗ git's token for this clone was revoked");
    program.keys("alice<enter>").await;
    program.shows("✗ git here uses a revoked token");
}

#[tokio::test]
async fn a_wider_token_takes_the_place_of_a_dead_one_in_the_clone() {
    for profile in [Profile::Bitbucket9_4, Profile::Bitbucket10_5] {
        let options = Options::of(profile);
        let cloned = Cloned::with(options, |base| format!("{base}{BILLING}")).await;
        let mut program = cloned.start((100, 40)).await;
        program.sign_in("alice").await;
        program.keys("n<enter><enter>").await;
        program.keys("g<enter>").await;
        program.shows("git works here");
        let scope = repository("PLAT", "billing-api");
        let token = program.new_token(&scope).await;
        let root = program.root().await;
        root.revoke_token(&scope, &token.id).await.unwrap();
        let address = format!("{}{BILLING}", program.base_url);
        let mut program = days_later(program, 1).await;
        program.keys("<s-tab>bob<enter>bob<enter>").await;
        // He may create no token for the repository: a personal one, which is for the whole server.
        program.keys("mn<enter><enter>").await;
        program.shows("Token ready");
        program.keys("g").await;
        program.shows("the server refuses it: it has expired or was revoked. This replaces it.");
        program.shows(&address);
        program.keys("<enter>").await;
        program.shows("git works here: it can clone, pull and push");
        program.keys("<enter>").await;
        program.shows("← git here");
        program.shows("All done: git here uses the token that is marked.");
        let clone = program.home.path().join("clone");
        let fetch = environment(program.home.path())
            .command("git")
            .current_dir(clone)
            .args(["ls-remote", "--quiet", "origin"])
            .output()
            .await
            .unwrap();
        assert!(fetch.status.success(), "{fetch:?}");
    }
}

#[tokio::test]
async fn where_git_gets_in_nothing_is_said_and_nothing_is_spent() {
    let program = set_up_for_days("n<enter><enter>").await;
    let mut program = days_later(program, 1).await;
    program.shows("Who are you?");
    program.hides("✗");
    program.keys("alice<enter>").await;
    program.shows("is the clone in this directory");
}

#[tokio::test]
async fn a_persons_password_is_named_and_not_sent() {
    let cloned = Cloned::of(|base| format!("{}{BILLING}", base.replace("//", "//bob@"))).await;
    let home = cloned.home.path();
    let address = cloned.server.0.base_url();
    let host = address.trim_start_matches("http://");
    std::fs::write(home.join(".gitconfig"), "[credential]\n\thelper = store\n").unwrap();
    std::fs::write(
        home.join(".git-credentials"),
        format!("http://bob:wrong@{host}\n"),
    )
    .unwrap();
    let mut program = cloned.start((100, 40)).await;
    program.keys("<enter>").await;
    program.shows("git sends a password of bob, from its helper; it was not tried");
    let asked = program.server().requests();
    assert!(asked.iter().all(|it| !it.path.contains("info/refs")));
    // The name comes from the remote.
    program.keys("bob<enter>").await;
    program.shows("PLAT / billing-api is the clone in this directory.");
}

#[tokio::test]
async fn in_share_mode_the_name_in_the_remote_stays_hidden() {
    let cloned = Cloned::of(|base| {
        let base = base.replace("http://", "http://alice:old-pass@");
        format!("{base}{BILLING}")
    })
    .await;
    let mut program = cloned.start((100, 40)).await;
    program.keys("<f2><enter>").await;
    program.shows("There is a password of ••• in the address of origin");
    program.hides("alice");
}

/// Right after the sign-in, where somebody may only read: that is nothing that went wrong.
#[tokio::test]
async fn where_one_may_only_read_it_is_said_calmly_and_the_lists_stand_on_the_way_there() {
    let cloned = Cloned::of(|base| format!("{base}/scm/data/airflow-dags.git")).await;
    let mut program = cloned.start((120, 40)).await;
    program.keys("<enter>bob<enter>bob<enter>").await;
    program.shows("Security of airflow-dags");
    program.hides("✗");
    program.shows("✓ read: you may clone and pull, not push.");
    program.shows("– Bitbucket lets only administrators of airflow-dags or of Research Data (DATA) create tokens here.");
    program.shows("› DATA");
    program.hides("› Manage account");
    program.shows("→ You cannot create tokens here: press enter to see what you can do.");
    // What is looked for is looked for in the list beside it.
    program.keys("/model").await;
    program.shows("› dbt-models");
}

/// What was said of the place is not said of a server that is gone.
#[tokio::test]
async fn a_server_that_is_gone_is_not_called_a_missing_right() {
    let cloned = Cloned::of(|base| format!("{base}/scm/data/airflow-dags.git")).await;
    let mut program = cloned.start((80, 24)).await;
    program.keys("<enter>bob<enter>bob<enter>").await;
    program.shows("→ You cannot create tokens here: press enter to see what you can do.");
    program.stop_server().await;
    program.keys("rr").await;
    program.shows("✗ The HTTP access tokens of airflow-dags could not be read.");
    program.shows("→ Press r to read the list of tokens again.");
    program.hides("You cannot create");
    program.shows("Wait a minute, then press r to try again.");
    // The rows of a list that could not be read again have no question marks: the list itself says it.
    program.keys("<esc><esc>r").await;
    program.shows("Bitbucket did not give the projects.");
    let rows = program.text();
    assert!(!rows.lines().any(|row| row.contains(" ? │")), "{rows}");
}
