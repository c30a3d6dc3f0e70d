//! The trial of a new token: about the place one works on, and no use of the token that counts.

use std::time::Duration;

use bbtoken::bitbucket::{BaseUrl, Client};
use bbtoken::config::Config;
use bbtoken::secret::Secret;
use bbtoken::simulator::{Options, Profile};
use reqwest::Method;

use crate::harness::{Harness, Setup, personal};
use crate::in_clone::{BILLING, Cloned};

async fn start(user: &str, setup: Setup) -> Harness {
    let mut program = Harness::start(setup).await;
    program.sign_in(user).await;
    program
}

fn wide() -> Setup {
    Setup {
        size: (120, 40),
        ..Setup::default()
    }
}

#[tokio::test]
async fn what_only_our_own_trial_did_is_shown_as_that_and_a_use_as_one() {
    for profile in [
        Profile::Bitbucket7_21,
        Profile::Bitbucket9_4,
        Profile::Bitbucket10_5,
    ] {
        let options = Options::of(profile);
        let setup = Setup { options, ..wide() };
        let mut program = start("alice", setup).await;
        program.keys("mn<enter><enter>").await;
        program.shows("✓ can push");
        let secret = program.clipboard().unwrap();
        program.advance(Duration::from_secs(50)).await;
        program.keys("<enter>y").await;
        program.shows("only tested");
        program.keys("<enter>").await;
        program.shows("not since bbtoken tested it:");
        program.keys("<esc>x").await;
        program.shows("Nobody has used it since bbtoken tested it");
        program.keys("n").await;
        // Somebody uses it a minute later.
        let base = BaseUrl::parse(&program.base_url).unwrap();
        let somebody = Client::anonymous(base).unwrap();
        let signed_in = somebody.sign_in_with_token(&Secret::new(secret)).await;
        signed_in.unwrap();
        program.keys("r").await;
        program.hides("only tested");
        program.shows("just now");
    }
}

#[tokio::test]
async fn the_next_run_remembers_it_too() {
    let mut program = start("alice", wide()).await;
    program.keys("mn<enter><enter><enter>y").await;
    program.shows("only tested");
    let (home, server) = program.kill();
    let setup = Setup {
        home: Some(home),
        server: Some(server),
        ..wide()
    };
    // Server and user are remembered: only the password is wanted.
    let mut program = Harness::start(setup).await;
    program.keys("<enter>alice<enter>m").await;
    program.shows("only tested");
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let config = Config {
        trial: false,
        ..Config::default()
    };
    let mut program = start("alice", Setup { config, ..wide() }).await;
    program.keys("mn<enter><enter>").await;
    program.shows("– not tried: the configuration switches that off");
    program.hides("test it again");
    program.keys("t").await;
    program.shows("! The configuration switches the test off: trial = \"never\".");
    assert_eq!(program.count_requests(&Method::GET, "info/refs"), 0);
    program.keys("<enter>y<enter>").await;
    program.hides("tested");
    let token = program.new_token(&personal("alice")).await;
    assert_eq!(token.last_used.at(), None);
}

#[tokio::test]
async fn personal_and_project_tokens_name_what_was_tried() {
    let mut program = start("alice", wide()).await;
    // From a repository: that one.
    program.keys("<enter>jmn<enter><enter>").await;
    program.shows("tried on PLAT/billing-api");
    program.keys("<enter>y<esc>").await;
    program.is_on("billing-api");
    // The project of a repository that one comes from, by way of the questions.
    program
        .keys("wj<enter>jj<enter><enter><enter>CI<enter><enter>")
        .await;
    program.shows("Platform (PLAT)");
    program.shows("tried on PLAT/billing-api");
    program.keys("y").await;
    let address = format!("{}/scm/plat/billing-api.git", program.base_url);
    assert_eq!(program.clipboard().unwrap(), format!("git clone {address}"));
}

#[tokio::test]
async fn an_archived_repository_is_no_missing_right() {
    let mut program = start("alice", wide()).await;
    program.keys("/research<enter>/survey<enter><esc>").await;
    program.is_on("survey-2021");
    program.keys("mn<enter><enter>").await;
    program.shows("tried on DATA/survey-2021");
    program.shows("✗ cannot push");
    program.hides("you may only read it");
}

/// Whoever stands in a clone works there, whatever they have looked at since.
#[tokio::test]
async fn in_a_clone_a_personal_token_is_about_its_repository() {
    let cloned = Cloned::of(|base| format!("{base}{BILLING}")).await;
    let mut program = cloned.start((120, 40)).await;
    program.keys("<enter>alice<enter>alice<enter>").await;
    program.keys("<esc><esc>/research<enter>").await;
    program.is_on("airflow-dags");
    program.keys("mn<enter><enter>").await;
    program.shows("tried on PLAT/billing-api");
    let address = format!("{}/scm/plat/billing-api.git", program.base_url);
    program.shows(&format!("y copies: git clone {address}"));
    // But not whoever has opened another one.
    program.keys("<enter>y<esc><enter>").await;
    program.shows("Security of airflow-dags");
    program.keys("mn<enter><enter>").await;
    program.shows("tried on DATA/airflow-dags");
}
