//! What stands between here and a Bitbucket, as the commands say it.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use bbtoken::simulator::{Fault, FaultEffect, Gate, Options, Profile};

use crate::front::{Front, Turn};
use crate::shell::Shell;

const PROFILES: [Profile; 2] = [Profile::Bitbucket9_4, Profile::Bitbucket10_5];
const CREATE: [&str; 5] = ["create", "PLAT/billing-api", "--preset", "git", "--print"];

fn firewall(status: u16) -> Response {
    let page =
        "<html><body>The requested URL was rejected.<br>Your support ID is: 4711-08</body></html>";
    (StatusCode::from_u16(status).unwrap(), Html(page)).into_response()
}

#[tokio::test]
async fn a_firewall_is_named_with_its_number_by_create_list_and_doctor() {
    for profile in PROFILES {
        let mut shell = Shell::with(Options::of(profile)).await;
        let base = shell.simulator.base_url();
        for (method, status) in [(Method::PUT, 403), (Method::PUT, 405), (Method::GET, 403)] {
            let stops = method.clone();
            let front = Front::of(&base, move |asked, path, _| {
                if *asked == stops && path.contains("/access-tokens/") {
                    Turn::Instead(firewall(status))
                } else {
                    Turn::Pass
                }
            })
            .await;
            shell.set("BBTOKEN_SERVER", &front.address);
            let said = shell.run_as("alice", &CREATE).await;
            let what = format!("{profile:?} {method} {status}: {said:?}");
            // What reads the list may be let through or not: nothing is known before it was asked.
            if method == Method::PUT {
                assert!(
                    said.error
                        .contains("Something between here and Bitbucket refused"),
                    "{what}"
                );
                assert!(said.error.contains("4711-08"), "{what}");
                assert_eq!(front.count("PUT"), 1, "{what}");
            } else {
                let said = shell.run_as("alice", &["list", "PLAT/billing-api"]).await;
                let what = format!("{what} {said:?}");
                assert!(
                    said.error
                        .contains("something between here and Bitbucket refused"),
                    "{what}"
                );
                assert!(
                    said.error.contains("give them the number 4711-08"),
                    "{what}"
                );
            }
            assert!(!said.error.contains("administrators of"), "{what}");
        }
        let front = Front::of(&base, |_, _, _| Turn::Instead(firewall(403))).await;
        let said = shell.run(&["doctor", &front.address], "").await;
        let out = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            out.contains("Something between here and Bitbucket refused"),
            "{out}"
        );
        assert!(out.contains("4711-08"), "{out}");
    }
}

#[tokio::test]
async fn a_server_that_answers_nobody_before_the_sign_in_is_signed_in_to() {
    for profile in PROFILES {
        for gate in [Gate::SignInFirst, Gate::Filter, Gate::LoginPage] {
            let shell = Shell::with(Options {
                gate: Some(gate),
                ..Options::of(profile)
            })
            .await;
            shell.run_as("alice", &CREATE).await.done();
            shell
                .run_as("alice", &["list", "PLAT/billing-api"])
                .await
                .done();
            let base = shell.simulator.base_url();
            let doctor = ["doctor", &base, "--sign-in", "--user", "alice"];
            let said = shell.run(&doctor, "alice").await;
            let out = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
            let version = Options::of(profile).version;
            assert!(
                out.contains("it shows its version only after the sign-in"),
                "{out}"
            );
            assert!(out.contains(&format!("it is Bitbucket {version}")), "{out}");
        }
    }
}

#[tokio::test]
async fn a_name_that_a_proxy_takes_away_is_asked_of_whoami() {
    for profile in PROFILES {
        let mut shell = Shell::with(Options::of(profile)).await;
        let front = Front::of(&shell.simulator.base_url(), |_, _, _| Turn::Unnamed).await;
        shell.set("BBTOKEN_SERVER", &front.address);
        for user in ["alice", "sam"] {
            let create = ["create", "@me", "--preset", "git", "--print"];
            shell.run_as(user, &create).await.done();
        }
        assert_eq!(front.count("GET /plugins/servlet/applinks/whoami"), 2);
    }
}

#[tokio::test]
async fn commands_say_how_long_they_wait_and_never_send_a_change_again() {
    for profile in PROFILES {
        let shell = Shell::with(Options::of(profile)).await;
        let limit = |method: Method, path: &str| {
            shell.simulator.inject(Fault {
                method: Some(method),
                path_contains: path.to_owned(),
                times: Some(1),
                effect: FaultEffect::RateLimited {
                    retry_after: Duration::from_secs(1),
                },
            });
        };
        limit(Method::GET, "/access-tokens/");
        let said = shell.run_as("alice", &["list", "PLAT/billing-api"]).await;
        assert_eq!(said.status, 0, "{said:?}");
        assert!(
            said.error
                .contains("too many requests and asks for a pause. bbtoken waits until "),
            "{said:?}"
        );
        limit(Method::PUT, "/access-tokens/");
        let said = shell.run_as("alice", &CREATE).await;
        said.refuses(
            1,
            &[
                "too many requests",
                "Wait a second, then run it again.",
                "The pause ends at ",
            ],
        );
        let puts = shell.simulator.requests();
        let puts = puts.iter().filter(|it| it.method == Method::PUT);
        assert_eq!(puts.count(), 1);
    }
}

#[tokio::test]
async fn git_is_set_up_where_nobody_is_answered_before_a_sign_in() {
    for gate in [Gate::SignInFirst, Gate::Filter, Gate::LoginPage] {
        let shell = Shell::with(Options {
            gate: Some(gate),
            ..Options::default()
        })
        .await;
        let token = shell.run_as("alice", &CREATE).await.done();
        let address = format!("{}/scm/plat/billing-api.git", shell.simulator.base_url());
        let set_up = ["git-setup", &address, "--way", "header", "--yes"];
        let said = shell.run(&set_up, &token).await;
        assert_eq!(said.status, 0, "{gate:?} {said:?}");
        assert!(said.out.contains("✓ can clone   ✓ can push"), "{said:?}");
        shell
            .git(&["clone", "--quiet", &address, "clone"], "")
            .await;
    }
}
