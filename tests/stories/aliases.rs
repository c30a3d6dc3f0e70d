//! Clone links that name another address than the one that somebody has signed in to.

use bbtoken::simulator::{Options, Profile};

use crate::harness::{Harness, Setup};

async fn ready(profile: Profile, base_url: &str) -> Harness {
    let mut program = Harness::start(Setup {
        size: (140, 44),
        options: Options {
            base_url: Some(base_url.to_owned()),
            ..Options::of(profile)
        },
        ..Setup::default()
    })
    .await;
    program.keys("<c-u>").await;
    let page = format!("{}/projects/PLAT/repos/billing-api", program.base_url);
    program.paste(&page).await;
    program.sign_in("alice").await;
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
            "tried at {here}; git will go to {base}/scm/plat/billing-api.git"
        ));
    }
}

#[tokio::test]
async fn where_git_over_http_is_switched_off_it_is_said_before_a_token_is_made_and_after() {
    for (ssh_clone, profile) in [
        (true, Profile::Bitbucket9_4),
        (false, Profile::Bitbucket10_5),
    ] {
        let mut program = Harness::start(Setup {
            size: (140, 44),
            options: Options {
                http_clone: false,
                ssh_clone,
                ..Options::of(profile)
            },
            ..Setup::default()
        })
        .await;
        program.keys("<c-u>").await;
        let page = format!("{}/projects/PLAT/repos/billing-api", program.base_url);
        program.paste(&page).await;
        program.sign_in("alice").await;
        program.keys("n").await;
        program.shows("Bitbucket gives no http address to clone this repository from");
        program.keys("<enter><enter>").await;
        program.shows("Token ready");
        program.shows("not tried: Bitbucket gives no http address to clone from");
        program.keys("g").await;
        program.shows("Bitbucket gives no clone address over HTTP for this repository");
    }
}
