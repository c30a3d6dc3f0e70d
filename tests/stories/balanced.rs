//! A load balancer in front: a session, and a login in two steps, stay with the node that knows them.

use bbtoken::clock::Clock;
use bbtoken::simulator::{Options, Profile, Simulator};

use crate::balancer::Balancer;
use crate::harness::{Harness, NOW, Setup, personal};

/// The program at the sign-in, with a balancer before its server.
async fn behind_a_balancer(options: Options) -> (Harness, Balancer) {
    let clock = Clock::manual(NOW.parse().unwrap());
    let simulator = Simulator::start(Options {
        clock: clock.clone(),
        ..options
    });
    let simulator = simulator.await.unwrap();
    let balancer = Balancer::of(&simulator.base_url()).await;
    let mut program = Harness::start(Setup {
        size: (110, 34),
        address: Some(balancer.address.clone()),
        server: Some((simulator, clock)),
        ..Setup::default()
    })
    .await;
    program.keys("<enter>").await;
    (program, balancer)
}

#[tokio::test]
async fn sam_signs_in_and_creates_a_token_behind_a_balancer() {
    for profile in [Profile::Bitbucket9_4, Profile::Bitbucket10_5] {
        // Its redirect names the address of the server, which is not the one that is used.
        let old_form = Options {
            json_login: Some(false),
            legacy_login_form: Some(true),
            session_cookie: "X-Any".to_owned(),
            ..Options::of(profile)
        };
        for options in [Options::of(profile), old_form] {
            let (mut program, balancer) = behind_a_balancer(options).await;
            program.keys("sam<enter>sam<enter>").await;
            program.shows("sam (session) ·");
            program.hides("two-step");
            program.keys("mn<enter><enter>").await;
            program.shows("Created:");
            assert_eq!(program.new_tokens(&personal("sam")).await.len(), 1);
            // A token travels alone.
            program.keys("t").await;
            program.shows("✓ can push");
            assert_eq!(balancer.beside_authorization(), 0);
            program.keys("<enter>yq").await;
            assert!(program.has_quit());
            assert_eq!(balancer.astray(), 0);
            assert_eq!(program.server().sessions(), 0);
        }
    }
}

#[tokio::test]
async fn the_second_step_meets_the_node_of_the_first() {
    for profile in [Profile::Bitbucket9_4, Profile::Bitbucket10_5] {
        let (mut program, balancer) = behind_a_balancer(Options::of(profile)).await;
        program.keys("tess<enter>tess<enter>").await;
        program.shows("Two-step verification");
        let code = program.server().totp_code("tess").unwrap();
        program.keys(&format!("{code}<enter>")).await;
        program.shows("tess (session) ·");
        assert_eq!(balancer.astray(), 0);
    }
}
