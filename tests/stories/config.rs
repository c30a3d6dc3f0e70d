//! What people and organisations have set, where it shows; and what is remembered from run to run.

use bbtoken::bitbucket::BaseUrl;
use bbtoken::config::{Config, Server};
use bbtoken::preset;
use bbtoken::simulator::FaultEffect;

use crate::harness::{Harness, Setup, in_days, repository};

async fn with(config: Config) -> Harness {
    Harness::start(Setup {
        size: (120, 40),
        config,
        ..Setup::default()
    })
    .await
}

fn server(address: &str, name: &str) -> Server {
    Server {
        name: Some(name.to_owned()),
        ..Server::at(BaseUrl::parse(address).unwrap())
    }
}

#[tokio::test]
async fn the_organisation_fills_in_name_and_expiry_and_sets_their_limits() {
    let mut program = with(Config {
        token_name: "{user}: {what} ({place})".to_owned(),
        expiry_days: Some(365),
        longest_expiry_days: Some(180),
        ..Config::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("<enter>jn").await;
    program.shows("alice: git (billing-api)");
    program.shows("‹ 180 days ›");
    program.keys("<tab><tab><right>").await;
    program.shows("! Your organisation allows at most 180 days.");
    program.shows("‹ 180 days ›");
    program.keys("200<enter><enter>").await;
    program.shows("! Your organisation allows at most 180 days.");
    program.keys("<backspace><backspace><enter><enter>").await;
    program.shows("Token ready");
    let token = program.new_token(&repository("PLAT", "billing-api")).await;
    assert_eq!(token.name, "alice: git (billing-api)");
    assert_eq!(token.expires.at(), Some(in_days(2)));
}

#[tokio::test]
async fn the_organisation_s_presets_take_the_place_of_ours() {
    let presets = "[[preset]]\nname = 'mirror'\nsummary = 'fetch'\nproject = 'read'\nrepository = 'read'\ntoken_name = 'mirror'\nexpiry_days = 7\n";
    let mut program = with(Config {
        presets: preset::parse(presets).unwrap(),
        recommended_preset: Some("mirror".to_owned()),
        ..Config::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("n").await;
    program.shows("★ mirror");
    program.shows("‹ 7 days ›");
    program.hides("git, read and write");
}

#[tokio::test]
async fn whom_to_ask_is_said_where_an_administrator_is_needed_and_in_the_help() {
    let mut program = with(Config {
        help: Some("Service desk, extension 4711".to_owned()),
        ..Config::default()
    })
    .await;
    program.fault(None, "/application-properties", 1, FaultEffect::Html(503));
    program.keys("<enter>").await;
    program.shows("ask your administrators. Whom to ask: Service desk, extension 4711");
    program.keys("<f1>").await;
    program.shows("Whom to ask: Service desk, extension 4711");
}

#[tokio::test]
async fn known_servers_are_offered_and_the_arrows_choose() {
    let config = Config {
        servers: vec![
            server("https://git.example.com/bitbucket", "Company"),
            server("https://old.example.com", "Old one"),
        ],
        ..Config::default()
    };
    let setup = |address: Option<&str>| Setup {
        config: config.clone(),
        address: address.map(str::to_owned),
        ..Setup::default()
    };
    let mut program = Harness::start(setup(Some(""))).await;
    program.shows("Address https://git.example.com/bitbucket");
    program.shows("› Company");
    program.keys("<down>").await;
    program.shows("Address https://old.example.com");
    program.shows("› Old one");
    program.keys("<down><up>").await;
    program.shows("› Company");
    // What is typed is another server.
    program.keys("x").await;
    program.hides("› Company");
    program.keys("<tab>").await;
    program.shows("› Company");

    // Whoever names an address wants that one.
    let mut program = Harness::start(setup(Some("third.example.com"))).await;
    program.hides("Company");
    program.keys("<down>").await;
    program.shows("Address third.example.com");
}

#[tokio::test]
async fn the_last_server_and_the_last_place_there_are_first_the_next_time() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    // data-lake in the project DATA, which is neither the first project nor the first repository.
    program.keys("/data<enter>").await;
    program.keys("jjn").await;
    program.shows("What is it for?");
    let place = program.text().lines().nth(1).unwrap().to_owned();
    let address = program.base_url.clone();
    let home = program.home;
    let state =
        std::fs::read_to_string(home.path().join(".local/state/bbtoken/state.toml")).unwrap();
    assert!(
        state.contains(&address) && state.contains("alice"),
        "{state}"
    );

    let simulator = program.simulator;
    let mut again = Harness::start(Setup {
        address: Some(String::new()),
        home: Some(home),
        ..Setup::default()
    })
    .await;
    again.shows(&format!("› {address}"));
    again.keys("<enter>").await;
    again.shows("User name  alice");
    again.keys("alice<enter>").await;
    again.is_on("DATA");
    again.keys("<enter>n").await;
    assert_eq!(again.text().lines().nth(1).unwrap(), place);
    drop(simulator);
}

#[tokio::test]
async fn the_demo_remembers_nothing_on_disk() {
    let mut program = Harness::start(Setup {
        demo: true,
        ..Setup::default()
    })
    .await;
    program.keys("<enter><enter>").await;
    program.shows("PLAT");
    assert_eq!(std::fs::read_dir(program.home.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_home_that_cannot_be_written_is_said_once_and_nothing_else_fails() {
    let home = tempfile::TempDir::new().unwrap();
    std::fs::write(home.path().join(".local"), "a file in the way").unwrap();
    let mut program = Harness::start(Setup {
        home: Some(home),
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.shows("! Servers and places could not be remembered:");
    program.keys("<enter>").await;
    program.hides("could not be remembered");
    program.shows("api-gateway");
}

#[tokio::test]
async fn guidance_goes_for_good_with_one_key_and_comes_back_with_another() {
    let first = "→ Step 1 of 6: check the address, then press enter.";
    let third = "→ Step 3 of 6: choose the project with the arrows, then press enter.";
    let mut program = Harness::new().await;
    program.shows(first);
    program.sign_in("alice").await;
    program.shows(third);
    program.keys("<f3>").await;
    program.hides("Step 3 of 6");
    program.shows("F4 turns it on again.");
    let mut again = Harness::start(Setup {
        home: Some(program.home),
        ..Setup::default()
    })
    .await;
    again.hides("Step 1 of 6");
    again.keys("<f4>").await;
    again.shows(first);
    // Share mode says it at the bottom, and once.
    again.keys("<f2>").await;
    assert_eq!(again.text().matches("Step 1 of 6").count(), 1);
    // In a small window the screen needs the room.
    again.keys("<f2>y").await;
    again.resize(50, 15).await;
    again.hides("Step 1 of 6");
}

#[tokio::test]
async fn guidance_can_be_configured_away() {
    let mut program = with(Config {
        guidance: false,
        ..Config::default()
    })
    .await;
    program.hides("Step 1 of 6");
}

#[tokio::test]
async fn the_help_scrolls_to_its_end_whatever_stands_around_it() {
    for keys in ["", "<f2>", "<f3>"] {
        let mut program = Harness::new().await;
        program.keys(keys).await;
        program.keys("<f1>").await;
        program.shows("more ");
        program.keys(&"<down>".repeat(40)).await;
        program.shows("Suspend bbtoken; fg brings it back.");
        program.hides("more ");
        // No key goes nowhere.
        let end = program.text();
        program.keys("<up>").await;
        assert_ne!(program.text(), end, "after {keys:?}");
    }
}
