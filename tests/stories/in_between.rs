//! What stands between here and a Bitbucket: firewalls that refuse with pages of their own, servers that
//! answer nobody before a sign-in, proxies that take the user's name off the answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::http::{Method, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use bbtoken::clock::Clock;
use bbtoken::simulator::{FaultEffect, Gate, Options, Profile, Reply, Simulator};
use serde_json::Value;

use crate::front::{Front, Turn};
use crate::harness::{Harness, NOW, Setup, personal, repository};

const PROFILES: [Profile; 2] = [Profile::Bitbucket9_4, Profile::Bitbucket10_5];
const TOKENS: &str = "/rest/access-tokens/";

/// The program at its first screen, with somebody in front of its server.
async fn behind(
    options: Options,
    decide: impl Fn(&Method, &str, &Value) -> Turn + Send + Sync + 'static,
) -> (Harness, Front) {
    let clock = Clock::manual(NOW.parse().unwrap());
    let simulator = Simulator::start(Options {
        clock: clock.clone(),
        ..options
    });
    let simulator = simulator.await.unwrap();
    let front = Front::of(&simulator.base_url(), decide).await;
    let program = Harness::start(Setup {
        size: (120, 40),
        address: Some(front.address.clone()),
        server: Some((simulator, clock)),
        ..Setup::default()
    })
    .await;
    (program, front)
}

async fn with(options: Options) -> Harness {
    Harness::start(Setup {
        size: (120, 40),
        options,
        ..Setup::default()
    })
    .await
}

/// A page that a firewall answers, with the number of the incident or without.
fn page(status: u16, number: &str) -> Response {
    let body = format!(
        "<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. \
         Please consult with your administrator.<br><br>{number}<br></body></html>"
    );
    (StatusCode::from_u16(status).unwrap(), Html(body)).into_response()
}

const SUPPORT_ID: &str = "Your support ID is: &lt;4711\u{1b}]0;x\u{7}&gt;";

#[tokio::test]
async fn a_firewall_that_stops_the_creation_is_named_with_its_number_and_nothing_was_created() {
    for profile in PROFILES {
        for (status, number) in [(403, SUPPORT_ID), (405, ""), (200, SUPPORT_ID), (501, "")] {
            let (mut program, front) =
                behind(Options::of(profile), move |method, _, _| match *method {
                    Method::PUT => Turn::Instead(page(status, number)),
                    _ => Turn::Pass,
                })
                .await;
            program.sign_in("alice").await;
            program.keys("mn<enter>").await;
            program.keys("<enter>").await;
            program.shows(&format!(
                "Something between here and Bitbucket refused the request with its own page ({status}), as firewalls do"
            ));
            program.shows("the token is not in the list yet.");
            if number.is_empty() {
                program.hides("its number for this");
            } else {
                program.shows("its number for this is 4711, and");
                program.shows("give them the number 4711.");
            }
            program.hides("administrators may");
            program.hides("lets only");
            assert_eq!(front.count("PUT"), 1);
            assert_eq!(program.new_tokens(&personal("alice")).await.len(), 0);
        }
    }
}

#[tokio::test]
async fn what_a_firewall_let_through_before_it_refused_is_found() {
    for profile in PROFILES {
        let (mut program, _) = behind(Options::of(profile), |method, _, _| match *method {
            Method::PUT => Turn::After(page(403, "Incident ID: 12-34")),
            _ => Turn::Pass,
        })
        .await;
        program.sign_in("alice").await;
        program.keys("mn<enter><enter>").await;
        program.shows("A token without a secret");
        program.keys("y").await;
        program.shows("Revoked.");
        assert!(program.new_tokens(&personal("alice")).await.is_empty());
    }
}

#[tokio::test]
async fn a_firewall_that_stops_the_revocation_is_named_and_the_token_is_still_there() {
    for profile in PROFILES {
        for (status, number) in [(403, ""), (405, SUPPORT_ID)] {
            let (mut program, front) =
                behind(Options::of(profile), move |method, _, _| match *method {
                    Method::DELETE => Turn::Instead(page(status, number)),
                    _ => Turn::Pass,
                })
                .await;
            program.sign_in("alice").await;
            program.keys("m").await;
            let before = program.tokens(&personal("alice")).await.len();
            program.keys("<down>").await;
            program.revoke().await;
            program.shows(&format!("refused the request with its own page ({status})"));
            program.shows("is still in the list of tokens.");
            program.hides("administrators may");
            assert_eq!(front.count("DELETE"), 1);
            assert_eq!(program.tokens(&personal("alice")).await.len(), before);
        }
    }
}

#[tokio::test]
async fn a_firewall_before_reading_signing_in_and_trying_is_named() {
    for profile in PROFILES {
        for (stopped, keys) in [
            ("/rest/api/latest/application-properties", "<enter>"),
            ("/projects?", "<enter>alice<enter>alice<enter>"),
            (TOKENS, "<enter>alice<enter>alice<enter>m<enter>"),
            // With its number it is known wherever it stands.
            (
                "/info/refs",
                "<enter>alice<enter>alice<enter>mn<enter><enter>t",
            ),
        ] {
            let is_read = stopped == TOKENS;
            let (mut program, _) = behind(Options::of(profile), move |method, path, _| {
                if path.contains(stopped) && (!is_read || method == Method::GET) {
                    Turn::Instead(page(403, SUPPORT_ID))
                } else {
                    Turn::Pass
                }
            })
            .await;
            program.keys(keys).await;
            let screen = program.text().to_lowercase();
            let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(
                flat.contains("something between here and bitbucket refused"),
                "{stopped}\n{screen}"
            );
            assert!(flat.contains("4711"), "{stopped}\n{screen}");
            program.hides("administrators may");
            program.hides("lets only");
        }
    }
}

#[tokio::test]
async fn a_firewall_before_the_login_is_not_taken_for_a_login_that_is_not_there() {
    for profile in PROFILES {
        let options = Options {
            basic: Some(false),
            ..Options::of(profile)
        };
        let (mut program, _) = behind(options, |method, _, _| match *method {
            Method::POST => Turn::Instead(page(405, SUPPORT_ID)),
            _ => Turn::Pass,
        })
        .await;
        program.sign_in("alice").await;
        program.shows("Something between here and Bitbucket refused the request");
        program.hides("no login form");
    }
}

#[tokio::test]
async fn a_server_that_answers_nobody_before_the_sign_in_is_signed_in_to_and_then_tells_its_version()
 {
    for profile in PROFILES {
        for gate in [Gate::SignInFirst, Gate::Filter, Gate::LoginPage] {
            let mut program = with(Options {
                gate: Some(gate),
                ..Options::of(profile)
            })
            .await;
            let version = Options::of(profile).version;
            program.keys("<enter>").await;
            program.shows("Who are you?");
            program.hides(&version);
            program.hides("single sign-on in front");
            program.keys("alice<enter>alice<enter>").await;
            program.shows("alice");
            program.shows(&format!("Bitbucket {version}"));
            program.keys("mn<enter><enter>").await;
            program.shows("Created:");
            assert_eq!(program.new_tokens(&personal("alice")).await.len(), 1);
        }
    }
}

#[tokio::test]
async fn where_a_wrong_password_meets_such_a_server_it_is_called_wrong() {
    for profile in PROFILES {
        for gate in [Gate::SignInFirst, Gate::Filter, Gate::LoginPage] {
            let mut program = with(Options {
                gate: Some(gate),
                ..Options::of(profile)
            })
            .await;
            program.keys("<enter>alice<enter>wrong<enter>").await;
            program.shows("The user name or the password is not right.");
        }
    }
}

#[tokio::test]
async fn where_a_proxy_takes_the_name_away_whoami_tells_it_to_passwords_and_sessions() {
    for profile in PROFILES {
        for user in ["alice", "sam"] {
            let (mut program, front) = behind(Options::of(profile), |_, _, _| Turn::Unnamed).await;
            program.keys("<enter>").await;
            program.keys(&format!("{user}<enter>wrong<enter>")).await;
            program.shows("The user name or the password is not right.");
            assert_eq!(front.count("GET /plugins/servlet/applinks/whoami"), 0);
            program.keys(&format!("{user}<enter>")).await;
            program.shows("Signed in as");
            assert_eq!(front.count("GET /plugins/servlet/applinks/whoami"), 1);
            program.keys("mn<enter><enter>").await;
            program.shows("Created:");
            assert_eq!(program.new_tokens(&personal(user)).await.len(), 1);
            // A token is never shown there.
            program.keys("t").await;
            program.shows("can push");
            assert_eq!(front.count("GET /plugins/servlet/applinks/whoami"), 1);
        }
    }
}

#[tokio::test]
async fn whoami_signs_nobody_in_by_what_is_no_name_and_is_not_asked_after_an_odd_answer() {
    let answers: [fn() -> Response; 5] = [
        || page(200, ""),
        || (StatusCode::OK, "").into_response(),
        || (StatusCode::OK, "a\nb").into_response(),
        || (StatusCode::OK, "al\u{202e}ice\u{1b}[31m").into_response(),
        || (StatusCode::OK, "x".repeat(300)).into_response(),
    ];
    for answer in answers {
        let (mut program, _) = behind(Options::default(), move |_, path, _| {
            if path.contains("whoami") {
                let text = [(header::CONTENT_TYPE, "text/plain;charset=UTF-8")];
                Turn::Instead((text, answer()).into_response())
            } else {
                Turn::Unnamed
            }
        })
        .await;
        program.sign_in("alice").await;
        program.shows("does not say who you are");
        program.hides("Signed in");
    }
    let odd: [fn() -> Response; 4] = [
        || page(200, ""),
        || (StatusCode::OK, "").into_response(),
        || (StatusCode::OK, "{}").into_response(),
        || page(200, "<input type=\"password\">"),
    ];
    for answer in odd {
        for path in ["/api/latest/projects?", "/profile/recent/repos?"] {
            let (mut program, front) = behind(Options::default(), move |_, asked, _| {
                if asked.contains(path) {
                    Turn::Instead(answer())
                } else {
                    Turn::Unnamed
                }
            })
            .await;
            program.sign_in("alice").await;
            program.hides("Signed in as");
            assert_eq!(front.count("GET /plugins/servlet/applinks/whoami"), 0);
        }
    }
}

#[tokio::test]
async fn of_a_token_without_a_name_is_said_what_is_known() {
    for profile in PROFILES {
        let is_unnamed = Arc::new(AtomicBool::new(false));
        let strips = Arc::clone(&is_unnamed);
        let (mut program, front) = behind(Options::of(profile), move |_, _, _| {
            if strips.load(Ordering::Relaxed) {
                Turn::Unnamed
            } else {
                Turn::Pass
            }
        })
        .await;
        program.sign_in("alice").await;
        program
            .keys("/platform<enter>/billing<enter>n<enter><enter>")
            .await;
        program.shows("Created:");
        assert_eq!(
            program
                .new_tokens(&repository("PLAT", "billing-api"))
                .await
                .len(),
            1
        );
        let token = program.clipboard().unwrap();
        is_unnamed.store(true, Ordering::Relaxed);
        let (mut other, _) = {
            let base = front.address.clone();
            let other = Harness::start(Setup {
                size: (120, 40),
                address: Some(base),
                ..Setup::default()
            })
            .await;
            (other, ())
        };
        other.keys("<enter>").await;
        other.keys("<up><up><enter>").await;
        other.paste(&token).await;
        other.keys("<enter>").await;
        other.shows("Bitbucket accepts this token, but does not say whose it is");
        assert_eq!(front.count("GET /plugins/servlet/applinks/whoami"), 0);
    }
}

#[tokio::test]
async fn a_wrong_password_at_another_name_of_the_server_is_no_single_sign_on() {
    for (base_url, context_path) in [
        (Some("https://git.nordwind.example"), ""),
        (Some("https://git.nordwind.example/bitbucket"), ""),
        (None, "/bitbucket"),
    ] {
        let mut program = with(Options {
            basic: Some(false),
            json_login: Some(false),
            legacy_login_form: Some(true),
            base_url: base_url.map(str::to_owned),
            context_path: context_path.to_owned(),
            ..Options::default()
        })
        .await;
        program.keys("<enter>alice<enter>wrong<enter>").await;
        program.shows("The user name or the password is not right.");
        program.hides("single sign-on)");
    }
}

const WAITS: &str = "Bitbucket has had too many requests and asks for a pause. bbtoken waits until";

#[tokio::test]
async fn what_reads_waits_visibly_for_the_pause_that_the_server_wants_and_goes_on_by_itself() {
    for profile in PROFILES {
        let mut program = with(Options::of(profile)).await;
        for (path, keys, then) in [
            ("/application-properties", "<enter>", "Who are you?"),
            ("/projects?", "alice<enter>alice<enter>", "alice"),
            ("/users/alice", "m", "New token"),
        ] {
            let limited = |seconds| FaultEffect::RateLimited {
                retry_after: Duration::from_secs(seconds),
            };
            // Where Basic is off, the first question of somebody is that of a session.
            if path == "/projects?" && profile == Profile::Bitbucket10_5 {
                program.keys(keys).await;
                continue;
            }
            let before = program.count_requests(&Method::GET, path);
            program.fault(Some(Method::GET), path, 1, limited(30));
            program.fault(Some(Method::GET), path, 1, limited(5));
            let start = program.clock.now().time;
            program.press_only(keys);
            let at = |seconds: u64| {
                let time = start + Duration::from_secs(seconds);
                time.strftime("%H:%M:%S").to_string()
            };
            program
                .until_shows(&format!("{WAITS} {} and then continues", at(30)))
                .await;
            program.pass(Duration::from_secs(29));
            assert_eq!(program.count_requests(&Method::GET, path), before + 1);
            program.pass(Duration::from_secs(1));
            program.until_shows(&at(35)).await;
            program.advance(Duration::from_secs(5)).await;
            program.hides(WAITS);
            program.shows(then);
            assert!(program.count_requests(&Method::GET, path) >= before + 3);
        }
    }
}

#[tokio::test]
async fn a_pause_is_waited_for_by_the_date_or_a_default_and_esc_stops_it() {
    let reply = |header: Option<(&str, &str)>| {
        let headers = header.into_iter();
        Reply {
            status: 429,
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
            ..Reply::empty(429)
        }
    };
    for (header, seconds) in [
        (Some(("Retry-After", "Tue, 24 Nov 2026 09:00:42 GMT")), 42),
        (Some(("Retry-After", "soon")), 10),
        (None, 10),
        (Some(("Retry-After", "0")), 1),
    ] {
        let mut program = with(Options::default()).await;
        let mut reply = reply(header);
        // By the server's clock, whatever this computer's says.
        reply.headers.push((
            "Date".to_owned(),
            "Tue, 24 Nov 2026 09:00:00 GMT".to_owned(),
        ));
        let path = "/application-properties";
        program.fault(None, path, 1, FaultEffect::Refuse(reply));
        program.press_only("<enter>");
        program
            .until_shows(&format!("{WAITS} 09:00:{seconds:02}"))
            .await;
        let asked = program.count_requests(&Method::GET, path);
        program.keys("<esc>").await;
        program.hides(WAITS);
        program.shows("Stopped looking.");
        program.advance(Duration::from_secs(60)).await;
        assert_eq!(program.count_requests(&Method::GET, path), asked);
    }
}

#[tokio::test]
async fn what_changes_something_is_never_sent_again_and_says_when_to_try() {
    for profile in PROFILES {
        let mut program = with(Options::of(profile)).await;
        program.sign_in("alice").await;
        let limited = || FaultEffect::RateLimited {
            retry_after: Duration::from_secs(30),
        };
        program.keys("mn<enter>").await;
        program.fault(Some(Method::PUT), "", 1, limited());
        program.keys("<enter>").await;
        program.shows("Nothing was created.");
        program.shows("Wait 30 seconds. Press enter to try again then.");
        program.advance(Duration::from_secs(120)).await;
        assert_eq!(program.count_requests(&Method::PUT, TOKENS), 1);
        program.keys("<esc><down>").await;
        program.fault(Some(Method::DELETE), "", 1, limited());
        program.revoke().await;
        program.shows("Nothing was revoked.");
        program.advance(Duration::from_secs(120)).await;
        assert_eq!(program.count_requests(&Method::DELETE, ""), 1);
    }
}
