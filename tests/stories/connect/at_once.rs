//! Where somebody has said which address it is, it is asked at once; a guess and an unknown server wait.

use bbtoken::bitbucket::BaseUrl;
use bbtoken::clock::Clock;
use bbtoken::config::{Config, Server};
use bbtoken::simulator::{Options, Simulator};
use tempfile::TempDir;

use super::places::clone_of;
use crate::harness::{Harness, NOW, Setup};

/// A server that is there before the program starts.
async fn server() -> (Simulator, Clock) {
    let clock = Clock::manual(NOW.parse().unwrap());
    let options = Options {
        clock: clock.clone(),
        ..Options::default()
    };
    (Simulator::start(options).await.unwrap(), clock)
}

fn saved(base: &str) -> Config {
    Config {
        servers: vec![Server::at(BaseUrl::parse(base).unwrap())],
        ..Config::default()
    }
}

async fn start(setup: Setup) -> Harness {
    Harness::start(Setup {
        size: (140, 40),
        address: Some(setup.address.clone().unwrap_or_default()),
        ..setup
    })
    .await
}

#[tokio::test]
async fn an_address_that_is_given_is_asked_at_once() {
    for place in ["", "/", "/projects/PLAT/repos/billing-api/browse"] {
        let server = server().await;
        let address = format!("{}{place}", server.0.base_url());
        let mut program = start(Setup {
            address: Some(address),
            server: Some(server),
            ..Setup::default()
        })
        .await;
        program.shows("Who are you?");
        program.keys("alice<enter>alice<enter>").await;
        if place.len() > 1 {
            program.shows("Platform (PLAT) › billing-api › Repository settings › Security");
        }
    }
}

#[tokio::test]
async fn steps_that_an_address_saves_leave_no_gap_in_the_numbers() {
    let server = server().await;
    let address = format!(
        "{}/projects/PLAT/repos/billing-api/browse",
        server.0.base_url()
    );
    let mut program = start(Setup {
        address: Some(address),
        server: Some(server),
        ..Setup::default()
    })
    .await;
    program.shows("→ Step 1 of 5: type your user name and password, then press enter.");
    program.keys("alice<enter>alice").await;
    program.shows("→ Step 1 of 5: press enter to sign in.");
    program.keys("<enter>").await;
    program.shows("→ Step 2 of 4: press enter for its HTTP access tokens.");
    program.keys("<enter>").await;
    program.shows("→ Step 2 of 4: press n for a new token.");
    program.keys("n").await;
    program.shows("→ Step 3 of 4: choose what the token is for, then press enter.");
    program.keys("<enter><enter>").await;
    program.shows("→ Step 4 of 4: press g to set git up");
}

#[tokio::test]
async fn a_place_on_a_saved_server_is_opened_at_once() {
    for (place, crumbs) in [
        (
            "PLAT/billing-api",
            "Platform (PLAT) › billing-api › Repository settings › Security",
        ),
        ("plat", "Platform (PLAT) › Project settings › Security"),
        // A repository alone, which only the server can tell from a project.
        (
            "billing-api",
            "Platform (PLAT) › billing-api › Repository settings › Security",
        ),
    ] {
        let server = server().await;
        let config = saved(&server.0.base_url());
        let mut program = start(Setup {
            address: Some(place.to_owned()),
            server: Some(server),
            config,
            ..Setup::default()
        })
        .await;
        program.shows("Who are you?");
        program.keys("alice<enter>alice<enter>").await;
        program.shows(crumbs);
    }
}

#[tokio::test]
async fn the_address_of_the_environment_is_asked_at_once_unless_the_clone_is_of_another_server() {
    let server = server().await;
    let base = server.0.base_url();
    let elsewhere = clone_of(&[("origin", "https://other.nordwind.example/scm/plat/x.git")]);
    let mut program = start(Setup {
        usual_address: Some(base.clone()),
        directory: Some(elsewhere.path().to_owned()),
        ..Setup::default()
    })
    .await;
    program.shows("Address https://other.nordwind.example");
    program.shows("bbtoken has not used that server before");

    let over_ssh = clone_of(&[("origin", "ssh://git@127.0.0.1:7999/plat/billing-api.git")]);
    let mut program = start(Setup {
        usual_address: Some(base),
        server: Some(server),
        directory: Some(over_ssh.path().to_owned()),
        ..Setup::default()
    })
    .await;
    program.shows("Who are you?");
    program.keys("alice<enter>alice<enter>").await;
    program.shows("PLAT / billing-api is the clone in this directory.");
}

#[tokio::test]
async fn in_a_clone_of_a_known_server_the_password_and_enter_lead_to_its_token() {
    let server = server().await;
    let base = server.0.base_url();
    let clone = clone_of(&[("origin", &format!("{base}/scm/plat/billing-api.git"))]);
    let mut program = start(Setup {
        server: Some(server),
        config: saved(&base),
        directory: Some(clone.path().to_owned()),
        ..Setup::default()
    })
    .await;
    program.shows("Who are you?");
    program.keys("alice<enter>alice<enter>").await;
    program.keys("<enter><enter><enter><enter>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn after_an_error_the_form_has_what_was_given_and_esc_comes_back_to_it() {
    let server = server().await;
    let base = server.0.base_url();
    server.0.inject(bbtoken::simulator::Fault {
        method: None,
        path_contains: "application-properties".to_owned(),
        times: Some(1),
        effect: bbtoken::simulator::FaultEffect::Html(503),
    });
    let mut program = start(Setup {
        address: Some(format!("{base}/projects/DATA")),
        server: Some(server),
        ..Setup::default()
    })
    .await;
    program.shows("✗");
    program.shows(&format!("Address {base}/projects/DATA"));
    program.keys("<enter>").await;
    program.shows("Who are you?");
    program.keys("<esc>").await;
    // Nobody is sent back by itself.
    program.shows("Where is your Bitbucket?");
    program.shows("[ Connect ]");
}

#[tokio::test]
async fn what_is_no_address_is_said_at_once() {
    let mut program = start(Setup {
        address: Some("ftp://host".to_owned()),
        ..Setup::default()
    })
    .await;
    program.shows("✗ Bitbucket does not speak ftp.");
    program.shows("Address ftp://host");
}

#[tokio::test]
async fn a_guess_is_filled_in_and_nobody_is_asked() {
    for (given, remote) in [
        (
            "ssh://git@git.nordwind.example:7999/plat/billing-api.git",
            "",
        ),
        ("git@git.nordwind.example:plat/billing-api.git", ""),
        (
            "",
            "ssh://git@git.nordwind.example:7999/plat/billing-api.git",
        ),
        (
            "",
            "ssh://git@Git.Nordwind.example:2222/bitbucket/plat/billing-api.git",
        ),
        ("", "git@git.nordwind.example:plat/billing-api.git"),
    ] {
        let directory = if remote.is_empty() {
            TempDir::new().unwrap()
        } else {
            clone_of(&[("origin", remote)])
        };
        let mut program = start(Setup {
            address: Some(given.to_owned()),
            directory: Some(directory.path().to_owned()),
            ..Setup::default()
        })
        .await;
        program.shows("Address https://git.nordwind.example");
        program.shows("This is a guess");
        program.shows("It opens PLAT / billing-api.");
        program.shows("[ Connect ]");
        // Corrected by hand: a port or a context path is added.
        program.keys("/b").await;
        program.hides("This is a guess");
        program.shows("Address https://git.nordwind.example/b");
        program.shows("PLAT / billing-api");
    }
    let hosted = clone_of(&[("origin", "git@github.com:a/b.git")]);
    let mut program = start(Setup {
        directory: Some(hosted.path().to_owned()),
        ..Setup::default()
    })
    .await;
    program.hides("github.com");
}

#[tokio::test]
async fn the_demo_waits_for_enter() {
    let mut program = Harness::start(Setup {
        demo: true,
        ..Setup::default()
    })
    .await;
    program.shows("[ Connect ]");
    assert!(program.server().requests().is_empty());
}
