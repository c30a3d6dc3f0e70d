//! Address in, place out; and started inside a clone.

use std::path::Path;
use std::process::Command;

use bbtoken::bitbucket::BaseUrl;
use bbtoken::config::{Config, Server};
use tempfile::TempDir;

use crate::harness::{Harness, Setup};

/// Pastes an address below the server's own, and signs alice in.
async fn at(path: &str) -> Harness {
    let mut program = wide(Setup::default()).await;
    program.keys("<c-u>").await;
    let address = if path.starts_with('/') {
        format!("{}{path}", program.base_url)
    } else {
        path.to_owned()
    };
    program.paste(&address).await;
    program.sign_in("alice").await;
    program
}

async fn wide(setup: Setup) -> Harness {
    Harness::start(Setup {
        size: (140, 40),
        ..setup
    })
    .await
}

#[tokio::test]
async fn a_page_leads_to_its_repository_with_its_security_open() {
    for path in [
        "/projects/PLAT/repos/billing-api/browse/src/main.rs?at=refs%2Fheads%2Fmain",
        "/projects/PLAT/repos/billing-api/pull-requests/12/overview",
        "/scm/plat/billing-api.git",
    ] {
        let mut program = at(path).await;
        program.shows("Platform (PLAT) › billing-api › Repository settings › Security");
        program.is_on("HTTP access tokens");
        // The lists behind it stand where they would be.
        program.keys("<esc>").await;
        program.is_on("billing-api");
        program.keys("<esc>").await;
        program.is_on("PLAT");
    }
}

#[tokio::test]
async fn a_page_of_a_project_leads_to_its_security() {
    let mut program = at("/projects/DATA/settings").await;
    program.shows("(DATA) › Project settings › Security");
    program.keys("<esc>").await;
    program.is_on("Project settings");
    program.keys("<esc>").await;
    program.is_on("DATA");
    let mut program = at("/users/alice").await;
    program.shows("(~alice) › Project settings › Security");
}

#[tokio::test]
async fn a_page_of_tokens_leads_to_the_tokens() {
    for (path, crumbs) in [
        (
            "/plugins/servlet/access-tokens/manage",
            "Manage account › HTTP access tokens",
        ),
        (
            "/plugins/servlet/access-tokens/projects/PLAT/manage",
            "Platform (PLAT) › Project settings › Security › HTTP access tokens",
        ),
        (
            "/plugins/servlet/access-tokens/projects/PLAT/repos/billing-api/manage",
            "Platform (PLAT) › billing-api › Repository settings › Security › HTTP access tokens",
        ),
    ] {
        let mut program = at(path).await;
        program.shows(crumbs);
        program.is_on("+ New token");
        // Back leads to the lists, not out.
        program.keys("<esc>").await;
        program.shows("Projects");
    }
}

#[tokio::test]
async fn a_place_that_is_not_there_says_so_and_stays_at_the_projects() {
    for path in [
        "/projects/PLAT/repos/nope",
        "/projects/NOPE",
        "/users/nobody/repos/x",
    ] {
        let mut program = at(path).await;
        program.shows("does not exist, or you may not see it. Here is what you may see.");
        program.shows("Platform");
        program.keys("<down><enter>").await;
        program.shows("Repositories");
    }
}

#[tokio::test]
async fn a_place_alone_asks_for_the_server_once() {
    let mut program = wide(Setup {
        address: Some("PLAT/billing-api".to_owned()),
        ..Setup::default()
    })
    .await;
    program.shows("PLAT / billing-api is on which Bitbucket?");
    let base = program.base_url.clone();
    program.paste(&base).await;
    program.shows("Leads to PLAT / billing-api on 127.0.0.1");
    program.sign_in("alice").await;
    program.shows("Platform (PLAT) › billing-api › Repository settings › Security");
}

#[tokio::test]
async fn whoever_has_gone_on_meanwhile_is_not_thrown_back() {
    let mut program = wide(Setup::default()).await;
    program.keys("<c-u>").await;
    let address = format!("{}/projects/DATA", program.base_url);
    program.paste(&address).await;
    program.keys("<enter>alice<enter>alice").await;
    let hang = bbtoken::simulator::FaultEffect::Hang;
    program.fault(None, "/projects/DATA", 1, hang);
    program.press_only("<enter>");
    program.until_shows("Platform").await;
    program.press_only("<enter>");
    program.until_shows("billing-api").await;
    program.hides("DATA) ›");
}

fn git(directory: &Path, arguments: &[&str]) {
    let status = Command::new("git")
        .args(arguments)
        .current_dir(directory)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .status()
        .unwrap();
    assert!(status.success());
}

/// A clone with these remotes.
pub(super) fn clone_of(remotes: &[(&str, &str)]) -> TempDir {
    let directory = TempDir::new().unwrap();
    git(directory.path(), &["init", "--quiet"]);
    for (name, address) in remotes {
        git(directory.path(), &["remote", "add", name, address]);
    }
    directory
}

#[tokio::test]
async fn in_a_clone_its_server_is_proposed_and_its_repository_comes_first() {
    let simulator = bbtoken::simulator::Simulator::start(bbtoken::simulator::Options::default())
        .await
        .unwrap();
    let base = simulator.base_url();
    let address = base.replace("http://", "http://alice:secret@");
    let clone = clone_of(&[
        ("backup", "/srv/backup.git"),
        ("origin", &format!("{address}/scm/plat/billing-api.git")),
    ]);
    let mut program = wide(Setup {
        address: Some(String::new()),
        directory: Some(clone.path().to_owned()),
        ..Setup::default()
    })
    .await;
    program.shows(&base);
    program.shows("The clone in this directory is from there (PLAT / billing-api).");
    program.shows("bbtoken has not been there before: check the address, then press enter.");
    assert!(simulator.requests().is_empty());
    program.hides("secret");
    // The user name comes from the remote.
    program.keys("<enter>alice<enter>").await;
    program.shows("Platform (PLAT) › billing-api › Repository settings › Security");
    program.shows("PLAT / billing-api is the clone in this directory.");
    program.keys("<esc><esc>").await;
    program.is_on("PLAT");
}

#[tokio::test]
async fn in_a_clone_a_personal_token_is_tried_on_its_repository() {
    let options = bbtoken::simulator::Options::default();
    let simulator = bbtoken::simulator::Simulator::start(options).await.unwrap();
    let remote = format!("{}/scm/data/airflow-dags.git", simulator.base_url());
    let clone = clone_of(&[("origin", &remote)]);
    let mut program = wide(Setup {
        address: Some(simulator.base_url()),
        directory: Some(clone.path().to_owned()),
        ..Setup::default()
    })
    .await;
    program.sign_in("bob").await;
    // Wherever he has gone meanwhile.
    program.keys("<esc><esc>mn<enter><enter>").await;
    program.shows("tried on DATA/airflow-dags");
    program.shows("✗ airflow-dags: you may only read it. Ask for write permission.");
}

#[tokio::test]
async fn what_is_typed_or_given_comes_before_the_clone() {
    let clone = clone_of(&[(
        "origin",
        "https://git.nordwind.example/scm/plat/billing-api.git",
    )]);
    let start = |address: &str, config: Config| {
        wide(Setup {
            address: Some(address.to_owned()),
            directory: Some(clone.path().to_owned()),
            config,
            ..Setup::default()
        })
    };
    // Typing takes the place of what is proposed.
    let mut program = start("", Config::default()).await;
    program.shows("https://git.nordwind.example");
    program.keys("x").await;
    program.hides("git.nordwind.example");
    program.hides("The clone in this directory");
    // What was given stays.
    let mut program = start("https://other.example/projects/DATA", Config::default()).await;
    program.shows("Leads to DATA on other.example.");
    program.hides("git.nordwind.example");
    // Without a clone of it, the saved server is proposed.
    let saved = BaseUrl::parse("https://saved.nordwind.example").unwrap();
    let config = Config {
        servers: vec![Server::at(saved)],
        ..Config::default()
    };
    let elsewhere = TempDir::new().unwrap();
    let mut program = wide(Setup {
        address: Some(String::new()),
        directory: Some(elsewhere.path().to_owned()),
        config,
        ..Setup::default()
    })
    .await;
    program.shows("https://saved.nordwind.example");
}

#[tokio::test]
async fn a_clone_over_ssh_belongs_to_the_server_of_the_same_host() {
    let clone = clone_of(&[("origin", "ssh://git@127.0.0.1:7999/data/etl.git")]);
    let mut program = wide(Setup {
        directory: Some(clone.path().to_owned()),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.shows("DATA");
    program.shows("DATA / etl");
}

#[tokio::test]
async fn the_demo_looks_at_no_clone() {
    let clone = clone_of(&[("origin", "ssh://git@127.0.0.1:7999/plat/billing-api.git")]);
    let mut program = wide(Setup {
        demo: true,
        directory: Some(clone.path().to_owned()),
        ..Setup::default()
    })
    .await;
    program.keys("<enter><enter>").await;
    program.hides("is the clone in this directory");
    program.is_on("PLAT");
}

#[tokio::test]
async fn a_context_path_called_scm_is_understood_in_every_address() {
    for context in ["/scm", "/dev/scm", "/scm/dev"] {
        for path in [
            "/projects/PLAT/repos/billing-api/browse",
            "/scm/plat/billing-api.git",
            "/rest/api/1.0/projects/PLAT/repos/billing-api",
            "/login?next=/projects/PLAT/repos/billing-api",
        ] {
            let mut setup = Setup::default();
            setup.options.context_path = context.to_owned();
            let mut program = wide(setup).await;
            if context == "/scm/dev" && path.starts_with("/login") {
                // That could be the repository "login" as well.
                continue;
            }
            let address = format!("{}{path}", program.base_url);
            program.keys("<c-u>").await;
            program.paste(&address).await;
            program.sign_in("alice").await;
            program.shows("Platform (PLAT) › billing-api › Repository settings › Security");
        }
    }
}
