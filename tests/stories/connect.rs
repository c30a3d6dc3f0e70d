//! What can go wrong before anybody is signed in.

mod at_once;
mod certificates;
mod client_certificates;
mod gate;
mod places;
mod products;
mod proxies;
mod redirects;

use std::time::Duration;

use bbtoken::bitbucket::BaseUrl;
use bbtoken::config::{Config, Server};
use bbtoken::simulator::{FaultEffect, Options, Simulator};
use reqwest::Method;
use tempfile::TempDir;

use crate::authority::Authority;
use crate::harness::{Harness, Setup};

/// At the address of something else than the simulator.
async fn at(address: &str) -> Harness {
    Harness::start(Setup {
        size: (120, 40),
        address: Some(address.to_owned()),
        ..Setup::default()
    })
    .await
}

async fn wide() -> Harness {
    Harness::start(Setup {
        size: (120, 40),
        ..Setup::default()
    })
    .await
}

const PROBE: &str = "/application-properties";

#[tokio::test]
async fn what_is_no_address_is_refused_before_anything_is_sent() {
    for (typed, answer) in [
        ("", "address"),
        ("   ", "address"),
        ("ftp://host", "http"),
        ("git@bitbucket.org:plat/x.git", "This is Bitbucket Cloud"),
        ("http://", ""),
    ] {
        let mut program = at(typed).await;
        program.keys("<enter>").await;
        program.shows("✗ ");
        program.shows(answer);
        program.shows("Where is your Bitbucket?");
        program.hides("Who are you?");
        assert!(program.server().requests().is_empty());
    }
}

#[tokio::test]
async fn any_address_of_a_page_leads_to_the_server() {
    let mut program = wide().await;
    let page = format!(
        "{}/projects/PLAT/repos/billing-api/browse",
        program.base_url
    );
    program.keys("<c-u>").await;
    program.paste(&page).await;
    program.keys("<enter>").await;
    program.shows("Who are you?");
}

#[tokio::test]
async fn nothing_listens_there() {
    let mut program = wide().await;
    program.stop_server().await;
    program.keys("<enter>").await;
    program.shows("No Bitbucket could be reached at");
    program.shows("The computer is there, but nothing is listening on that port.");
    program.shows("Check the port in the address");
}

#[tokio::test]
async fn https_at_a_port_that_speaks_http() {
    let mut program = wide().await;
    let address = program.base_url.replace("http:", "https:");
    program.keys(&format!("<c-u>{address}<enter>")).await;
    program.shows("Something answers there, but it does not speak https.");
    program.shows("Or begin it with http://");
}

#[tokio::test]
async fn something_else_answers_there() {
    for effect in [
        FaultEffect::Html(200),
        FaultEffect::Html(404),
        FaultEffect::Garbage,
        FaultEffect::Status(404, "nothing here".into()),
    ] {
        let mut program = wide().await;
        program.fault(None, PROBE, 1, effect);
        program.keys("<enter>").await;
        program.shows("Something else answers there.");
        program.shows("Copy the address from the browser while you look at Bitbucket.");
        // What was typed is still there: enter tries again.
        program.keys("<enter>").await;
        program.shows("Who are you?");
    }
}

#[tokio::test]
async fn the_context_path_was_forgotten() {
    for (context, is_usual) in [("/bitbucket", true), ("/code/review", false)] {
        let mut setup = Setup {
            size: (120, 40),
            ..Setup::default()
        };
        setup.options.context_path = context.to_owned();
        let mut program = Harness::start(setup).await;
        program.keys(&"<backspace>".repeat(context.len())).await;
        program.keys("<enter>").await;
        if !is_usual {
            program.shows("A path such as /bitbucket belongs to it.");
            program.keys(&format!("{context}<enter>")).await;
        }
        program.shows("Who are you?");
        program.keys("alice<enter>alice<enter>").await;
        program.shows("Platform");
    }
}

#[tokio::test]
async fn a_move_to_another_port_is_followed_after_a_yes() {
    let authority = Authority::new();
    let directory = TempDir::new().unwrap();
    let encrypted = Simulator::start(Options {
        tls: Some(authority.issue(&["127.0.0.1"])),
        ..Options::default()
    });
    let encrypted = encrypted.await.unwrap();
    let to = encrypted.base_url();
    let mut server = Server::at(BaseUrl::parse(&to).unwrap());
    server.ca_file = Some(authority.file(directory.path()));
    let mut program = Harness::start(Setup {
        size: (120, 40),
        config: Config {
            servers: vec![server],
            ..Config::default()
        },
        ..Setup::default()
    })
    .await;
    let redirect = FaultEffect::Redirect(format!("{to}/rest/api/latest{PROBE}"));
    program.fault(None, PROBE, 1, redirect);
    program.keys("<enter>").await;
    program.shows(&format!("Bitbucket has moved to {to}."));
    assert!(encrypted.requests().is_empty());
    program.keys("<enter>").await;
    program.shows("Who are you?");
    program.shows("certificate trusted");
}

#[tokio::test]
async fn a_move_to_another_computer_is_asked_about() {
    let mut program = wide().await;
    let to = "https://other.nordwind.example";
    let redirect = FaultEffect::Redirect(format!("{to}/rest/api/latest{PROBE}"));
    program.fault(None, PROBE, 1, redirect);
    program.keys("<enter>").await;
    program.shows(&format!("Bitbucket has moved to {to}."));
    program.shows("press enter: it is filled in.");
    program.shows(&format!("Address {to}"));
    program.hides("Who are you?");
}

#[tokio::test]
async fn maintenance_and_too_many_requests_say_to_wait() {
    let mut program = wide().await;
    program.fault(None, PROBE, 1, FaultEffect::Html(503));
    program.keys("<enter>").await;
    program.shows("Bitbucket is starting, in maintenance, or overloaded.");
    program.shows("Wait a minute, then press enter to try again.");
    let retry_after = Duration::from_secs(121);
    program.fault(None, PROBE, 1, FaultEffect::RateLimited { retry_after });
    program.keys("<enter>").await;
    program.shows("Bitbucket has had too many requests and asks for a pause.");
    program.shows("Wait 3 minutes. Press enter to try again then.");
    program.keys("<enter>").await;
    program.shows("Who are you?");
}

#[tokio::test]
async fn a_slow_server_shows_what_is_awaited_and_esc_stops_it() {
    let mut program = wide().await;
    program.fault(None, PROBE, 1, FaultEffect::Hang);
    program.press_only("<enter>");
    program.until_asked(&Method::GET, PROBE).await;
    program.shows("Looking for a Bitbucket there …");
    program.shows("esc stops");
    program.pass(Duration::from_secs(3));
    program.shows("Looking for a Bitbucket there …");
    program.keys("<esc>").await;
    program.shows("Stopped looking.");
    assert!(!program.is_busy());
    program.keys("<enter>").await;
    program.shows("Who are you?");
}

#[tokio::test]
async fn a_spinner_turns_only_after_a_moment() {
    let mut program = wide().await;
    program.fault(None, PROBE, 1, FaultEffect::Hang);
    program.press_only("<enter>");
    let line = |program: &mut Harness| {
        let screen = program.text();
        let line = screen.lines().find(|line| line.contains("Looking for"));
        line.unwrap().trim_start().to_owned()
    };
    program.pass(Duration::from_millis(40));
    assert!(line(&mut program).starts_with("Looking"));
    program.pass(Duration::from_millis(100));
    let first = line(&mut program);
    assert!(!first.starts_with("Looking"), "{first}");
    program.pass(Duration::from_millis(100));
    assert_ne!(line(&mut program), first);
    program.keys("<esc>").await;
}

#[tokio::test]
async fn what_was_wrong_with_an_address_is_forgotten_when_it_changes() {
    let mut program = Harness::new().await;
    for address in ["not an address", "127.0.0.1:1"] {
        program.keys(&format!("<c-u>{address}<enter>")).await;
        program.hides("[ Connect ]");
        program.keys("<backspace>").await;
        program.shows("[ Connect ]");
    }
}
