//! What is said before a password can be typed: no encryption, single sign-on in front, old versions,
//! licences.

use bbtoken::config::Config;
use bbtoken::simulator::{Gate, Options, Simulator};

use crate::harness::{Harness, Setup};
use crate::proxy::{Manners, Proxy};

async fn with(options: Options) -> Harness {
    Harness::start(Setup {
        size: (120, 40),
        options,
        ..Setup::default()
    })
    .await
}

#[tokio::test]
async fn a_readable_connection_wants_the_word_yes() {
    let server = Simulator::start(Options::default()).await.unwrap();
    let address = server.base_url().replace("http://", "").parse().unwrap();
    let proxy = Proxy::to(address, Manners::Open).await;
    let mut program = Harness::start(Setup {
        size: (120, 40),
        address: Some("http://bitbucket.test".to_owned()),
        config: Config::default(),
        ..Setup::default()
    })
    .await;
    program.set_variable("HTTP_PROXY", &proxy.url());
    program.keys("<enter>").await;
    program.shows(
        "Anyone on the network between here and bitbucket.test can read what is sent over http",
    );
    for typed in ["<enter>", "y<enter>", "<c-u>no<enter>"] {
        program.keys(typed).await;
        program.shows("Type the word yes to continue anyway");
        program.hides("Who are you?");
    }
    program.keys("<esc>").await;
    program.shows("Where is your Bitbucket?");
    program.keys("<enter>yes<enter>").await;
    program.shows("Who are you?");
    program.shows("not encrypted");
}

#[tokio::test]
async fn single_sign_on_in_front_of_everything_still_lets_go_on() {
    for gate in [Gate::Redirect, Gate::Page] {
        let mut program = with(Options {
            gate: Some(gate),
            ..Options::default()
        })
        .await;
        program.keys("<enter>").await;
        program.shows("This server is behind single sign-on");
        if gate == Gate::Redirect {
            program.shows("https://login.nordwind.example/saml");
            program.hides("SAMLRequest");
        }
        program.shows("you create the token there");
        program.keys("<esc>").await;
        program.shows("Where is your Bitbucket?");
        program.keys("<enter><enter>").await;
        program.shows("In the browser");
        program.keys("<esc>").await;
        program.shows("single sign-on in front");
    }
}

#[tokio::test]
async fn old_versions_say_what_they_lack() {
    for (version, lack) in [
        (
            "4.14.3",
            "Bitbucket 4.14.3 has no HTTP access tokens: they need version 5.5 or later. You can only look around.",
        ),
        ("7.6.0", "Bitbucket 7.6.0 has personal tokens only"),
    ] {
        let mut program = with(Options {
            version: version.to_owned(),
            ..Options::default()
        })
        .await;
        program.keys("<enter>").await;
        program.shows(lack);
        program.keys("alice<enter>alice<enter>").await;
        program.keys("<down>n").await;
        program.shows(lack);
        program.hides("What is it for?");
        // Personal tokens are another matter.
        program.keys("mn").await;
        if version == "7.6.0" {
            program.shows("What is it for?");
        } else {
            program.shows("This Bitbucket has no such list. Personal HTTP access tokens need version 5.5 or later.");
            program.hides("What is it for?");
        }
    }
}

#[tokio::test]
async fn a_licence_without_project_tokens_is_told_from_missing_rights() {
    let mut program = with(Options {
        place_tokens: false,
        ..Options::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("<down>s").await;
    program.shows("This Bitbucket has no such list. HTTP access tokens of projects and repositories need version 7.18 or later, and a Data Center licence.");
    program.shows("Press m for a personal token");
    program.keys("n").await;
    program.hides("What is it for?");
    program.keys("mn").await;
    program.shows("What is it for?");
}
