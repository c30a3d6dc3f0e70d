//! Clone links that name another address than the one that somebody has signed in to.

use bbtoken::simulator::{Options, Profile, Simulator};

use crate::harness::{Harness, Setup};
use crate::proxy::{Manners, Proxy};

const BILLING: &str = "/projects/PLAT/repos/billing-api";

/// Alice, who has given the address of this page of such a server.
async fn alice_on(page: &str, options: Options) -> Harness {
    let mut program = Harness::start(Setup {
        size: (140, 44),
        options,
        ..Setup::default()
    })
    .await;
    program.keys("<c-u>").await;
    let page = format!("{}{page}", program.base_url);
    program.paste(&page).await;
    program.sign_in("alice").await;
    program
}

/// A server whose clone links name `localhost`, where it answers too; and that address.
fn named_localhost() -> (Options, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = listener.local_addr().unwrap();
    drop(listener);
    let base = format!("http://localhost:{}", listen.port());
    let options = Options {
        listen,
        base_url: Some(base.clone()),
        ..Options::default()
    };
    (options, base)
}

async fn ready(profile: Profile, base_url: &str) -> Harness {
    let options = Options {
        base_url: Some(base_url.to_owned()),
        ..Options::of(profile)
    };
    let mut program = alice_on(BILLING, options).await;
    program.keys("n<enter><enter>").await;
    program.shows("Token ready");
    program
}

#[tokio::test]
async fn the_trial_goes_through_the_address_signed_in_to_and_says_so() {
    for (profile, base) in [
        (Profile::Bitbucket9_4, "https://git.nordwind.example"),
        (
            Profile::Bitbucket10_5,
            "https://git.nordwind.example/bitbucket",
        ),
        (Profile::Bitbucket9_4, "http://127.0.0.1:1/scm"),
    ] {
        let mut program = ready(profile, base).await;
        program.shows("✓ can clone");
        program.shows("✓ can push");
        program.hides("not tried");
        let here = program.base_url.clone();
        program.shows(&format!(
            "Bitbucket names {base}/scm/plat/billing-api.git to clone from. From here git does not get there:"
        ));
        let own = format!("{here}/scm/plat/billing-api.git");
        program.shows(&format!("use {own}, where it was tried."));
        program.keys("y").await;
        assert_eq!(program.clipboard().unwrap(), format!("git clone {own}"));
        program.keys("g").await;
        program.shows(&format!("git will use this token automatically for {own}"));
        program.hides(base);
    }
}

#[tokio::test]
async fn a_link_that_answers_stays_the_one_to_clone_from() {
    let (options, base) = named_localhost();
    let listen = options.listen;
    let mut program = alice_on(BILLING, options).await;
    program.keys("n<enter><enter>").await;
    let link = format!("{base}/scm/plat/billing-api.git");
    program.shows("✓ can push");
    program.shows(&format!(
        "tried at http://{listen}/scm/plat/billing-api.git; git will go to {link}, as Bitbucket names it, where something answers."
    ));
    program.keys("y").await;
    assert_eq!(program.clipboard().unwrap(), format!("git clone {link}"));
    // git is asked where it goes, and not where bbtoken has signed in.
    program.keys("g").await;
    program.shows(&format!("git will use this token automatically for {link}"));
    program.keys("<enter>").await;
    program.shows("git works here: it can clone, pull and push with this token");
}

#[tokio::test]
async fn git_gets_in_under_the_name_of_the_links_with_every_kind_of_token() {
    for (page, keys) in [
        ("/projects/PLAT", "n<enter><enter>"),
        ("", "mn<enter><enter>"),
    ] {
        let mut program = alice_on(page, named_localhost().0).await;
        program.keys(keys).await;
        program.shows("Token ready");
        program.keys("g").await;
        program.shows("This will be written");
        program.keys("<enter>").await;
        program.shows("git works here: it can clone");
    }
}

#[tokio::test]
async fn that_git_over_http_is_switched_off_is_said_in_the_lists_and_of_every_kind_of_token() {
    let mut program = Harness::start(Setup {
        size: (140, 44),
        options: Options {
            http_clone: false,
            ..Options::default()
        },
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("mn").await;
    program.hides("no http address");
    program.keys("<esc><esc>/platform<enter>").await;
    program.shows("no http address to clone from: git cannot use a token here");
    // The personal token, from there.
    program.keys("mn").await;
    program.shows("Bitbucket gives no http address to clone");
    program.shows("then git cannot use this token.");
    // The list of the repository's tokens.
    program.keys("<esc><esc>s<enter>").await;
    program.shows("Bitbucket gives no http address to clone this repository from");
    // The project token, from there.
    program.keys("<esc><esc><esc>n").await;
    program.shows("Platform (PLAT)");
    program.shows("then git cannot use this token.");
}

#[tokio::test]
async fn where_git_over_http_is_switched_off_it_is_said_before_a_token_is_made_and_after() {
    for (ssh_clone, profile) in [
        (true, Profile::Bitbucket9_4),
        (false, Profile::Bitbucket10_5),
    ] {
        let options = Options {
            http_clone: false,
            ssh_clone,
            ..Options::of(profile)
        };
        let mut program = alice_on(BILLING, options).await;
        program.keys("n").await;
        program.shows("Bitbucket gives no http address to clone this repository from");
        program.keys("<enter><enter>").await;
        program.shows("Token ready");
        program.shows("not tried: Bitbucket gives no http address to clone from");
        program.keys("g").await;
        program.shows("Bitbucket gives no clone address over HTTP for this repository");
    }
}

#[tokio::test]
async fn a_link_that_falls_to_http_on_another_computer_gets_no_token_before_the_typed_yes() {
    let other = Simulator::start(Options::default()).await.unwrap();
    let there = other.base_url().replace("http://", "").parse().unwrap();
    let proxy = Proxy::among(&[("fallen.test", there)], Manners::Open).await;
    let mut program = Harness::start(Setup {
        size: (140, 44),
        options: Options {
            base_url: Some("http://fallen.test".to_owned()),
            ..Options::default()
        },
        ..Setup::default()
    })
    .await;
    program.set_variable("http_proxy", &proxy.url());
    program.keys("<c-u>").await;
    let page = format!("{}/projects/PLAT/repos/billing-api", program.base_url);
    program.paste(&page).await;
    program.sign_in("alice").await;
    program.keys("n<enter><enter>").await;
    program.shows("Token ready");
    program.shows("git will go to http://fallen.test/scm/plat/billing-api.git");
    let token = program.clipboard().unwrap();
    program.keys("g").await;
    program.shows("git would send the token there without encryption");
    for typed in ["<enter>", "y<enter>", "<c-u>no<enter>"] {
        program.keys(typed).await;
        program.shows("Type the word yes to continue anyway, or press esc.");
    }
    let seen = other.requests_with(&token);
    assert!(seen.is_empty(), "{seen:?}");
    // It is no longer anybody's secret then: this is another server, which refuses it.
    program.keys("<c-u>yes<enter>").await;
    program.shows("Git was not set up, because git ");
    assert!(!other.requests_with(&token).is_empty());
}
