//! The way that a password takes, chosen by what the server tells beforehand, and what each server says
//! of whom it does not let in.

use std::time::Duration;

use bbtoken::simulator::{FaultEffect, Options};
use reqwest::Method;

use super::{FIRST, FORM, LOGIN, at_sign_in_of, at_sign_in_with};
use crate::harness::{Harness, Setup};

#[tokio::test]
async fn where_basic_is_off_newer_servers_are_asked_as_their_login_page_does() {
    for (version, user, basic) in [
        ("9.4.0", "sam", 1),
        ("10.2.0", "alice", 0),
        ("10.5.0", "sam", 0),
    ] {
        let mut program = at_sign_in_of(version).await;
        program.keys(&format!("{user}<enter>wrong<enter>")).await;
        program.shows("The user name or the password is not right.");
        program
            .shows("Do you sign in with \"Log in with Nordwind SSO\"? Then choose In the browser.");
        program.keys("<enter>").await;
        program.shows("Type your password first.");
        program.keys(&format!("{user}<enter>")).await;
        program.shows(&format!(
            "Signed in as {user} with a session (as the login page does)"
        ));
        program.shows(&format!("{user} (session) ·"));
        assert_eq!(program.count_requests(&Method::POST, LOGIN), 2, "{version}");
        assert_eq!(program.count_requests(&Method::POST, FORM), 0, "{version}");
        // Basic is not tried where the server has said before that it is off.
        let proofs = 1;
        let asked = program.count_requests(&Method::GET, FIRST);
        assert_eq!(asked, 2 * basic + proofs, "{version}");
        assert_eq!(program.server().sessions(), 1, "{version}");
    }
}

#[tokio::test]
async fn the_way_is_found_where_the_server_tells_little() {
    // Nobody may read the state of Basic; the session's cookie has another name; the JSON login is not
    // where its name stands.
    for options in [
        Options {
            version: "10.2.0".to_owned(),
            basic_config_is_public: false,
            session_cookie: "SOMETHING".to_owned(),
            ..Options::default()
        },
        Options {
            version: "10.2.0".to_owned(),
            json_login: Some(false),
            legacy_login_form: Some(true),
            ..Options::default()
        },
        Options {
            version: "7.21.0".to_owned(),
            ..Options::default()
        },
    ] {
        let mut program = at_sign_in_with(options).await;
        program.keys("sam<enter>sam<enter>").await;
        program.shows("sam (session) ·");
        program.keys("mn<enter><enter>").await;
        program.shows("Created:");
        program.keys("<enter>n<esc>").await;
        assert_eq!(program.count_requests(&Method::POST, ""), 1);
    }
}

#[tokio::test]
async fn an_answer_that_nobody_has_described_is_told_and_leads_to_the_browser() {
    let strange = [
        (LOGIN, FaultEffect::Status(418, "I am a teapot".to_owned())),
        (
            LOGIN,
            FaultEffect::Status(412, "Something first".to_owned()),
        ),
        (LOGIN, FaultEffect::Status(401, "No.".to_owned())),
        (LOGIN, FaultEffect::Garbage),
        (FORM, FaultEffect::Html(200)),
        (FORM, FaultEffect::Status(401, "No.".to_owned())),
        (FORM, FaultEffect::Redirect("/elsewhere?x=1".to_owned())),
    ];
    for (path, effect) in strange {
        let version = if path == LOGIN { "10.2.0" } else { "8.19.0" };
        let mut program = at_sign_in_of(version).await;
        let about = format!("{effect:?}");
        program.fault(Some(Method::POST), path, 1, effect);
        program.keys("sam<enter>sam<enter>").await;
        program.shows("The sign-in failed, and bbtoken does not understand Bitbucket's answer.");
        program.hides("two-step");
        program.hides("password is not right");
        if about.contains("teapot") {
            program.shows("Bitbucket says: I am a teapot");
        }
        program.is_on("In the browser");
        assert_eq!(program.count_requests(&Method::POST, path), 1, "{about}");
        assert_eq!(program.server().sessions(), 0, "{about}");
        program.keys("<enter>").await;
        program.shows("Sign in › In the browser");
        program.shows("there with \"Log in with Nordwind SSO\" at");
    }
}

#[tokio::test]
async fn an_elevated_session_is_asked_for_in_words() {
    let mut program = at_sign_in_with(Options {
        version: "10.2.0".to_owned(),
        tokens_need_elevation: true,
        ..Options::default()
    })
    .await;
    program.keys("alice<enter>alice<enter>").await;
    program.keys("mn<enter><enter>").await;
    program.shows("Bitbucket asks you to confirm who you are once more (an elevated session)");
    program.hides("Sign in again");
}

#[tokio::test]
async fn each_account_that_is_not_let_in_has_its_own_reason_and_next_step() {
    for (user, why, next) in [
        (
            "dora",
            "Bitbucket asks for a captcha in the browser",
            "Solve the captcha in the browser, then come back",
        ),
        (
            "emil",
            "Your password has expired",
            "Change the password in the browser",
        ),
        (
            "lotte",
            "The account is locked",
            "Wait some minutes, then type the password again",
        ),
        (
            "ines",
            "The account is switched off",
            "Ask an administrator of this Bitbucket",
        ),
        (
            "nils",
            "it has no licence to use Bitbucket",
            "Ask an administrator of this Bitbucket",
        ),
    ] {
        // As Basic, and where that is off as the login page does.
        for (version, basic, logins) in [("9.4.0", 1, 0), ("10.2.0", 0, 1)] {
            let mut program = at_sign_in_of(version).await;
            program.keys(&format!("{user}<enter>{user}<enter>")).await;
            program.shows(why);
            program.shows(next);
            // Enter does not send the same password again.
            program.keys("<enter>").await;
            program.shows("Type your password first.");
            let about = format!("{user} on {version}");
            assert_eq!(
                program.count_requests(&Method::GET, FIRST),
                basic,
                "{about}"
            );
            assert_eq!(program.count_requests(&Method::POST, ""), logins, "{about}");
            assert_eq!(program.server().sessions(), 0, "{about}");
        }
    }
}

#[tokio::test]
async fn what_the_other_ways_are_good_for_is_cut_in_no_window() {
    for size in [(40, 10), (80, 24), (200, 60)] {
        let mut program = Harness::start(Setup {
            size,
            ..Setup::default()
        })
        .await;
        program.keys("<enter>").await;
        for explanation in [
            "with Nordwind SSO: create the token there",
            "to look around: it cannot create any tokens",
            "for the password stored for this server",
        ] {
            while !program.text().contains('›') {
                program.keys("<tab>").await;
            }
            program.shows(explanation);
            program.keys("<tab>").await;
        }
    }
}

#[tokio::test]
async fn where_only_a_provider_lets_people_in_the_browser_is_the_first_choice() {
    let mut program = Harness::start(Setup {
        options: Options {
            json_login: Some(false),
            legacy_login_form: Some(false),
            ..Options::default()
        },
        ..Setup::default()
    })
    .await;
    program.keys("<enter>").await;
    program.shows("You can sign in to this Bitbucket only on your company's page (single sign-on)");
    program.is_on("In the browser");
    program.keys("<enter>").await;
    program.shows("Sign in › In the browser");
}

#[tokio::test]
async fn where_the_form_leads_to_a_provider_enter_goes_on_in_the_browser() {
    let mut program = at_sign_in_of("8.19.0").await;
    program.keys("olga<enter>olga<enter>").await;
    program.is_on("In the browser");
    program.keys("<enter>").await;
    program.hides("Who are you?");
}

#[tokio::test]
async fn in_the_box_an_unknown_answer_leads_back_to_the_sign_in() {
    let mut program = at_sign_in_of("10.2.0").await;
    program.keys("sam<enter>sam<enter>").await;
    program.server().end_sessions();
    program.keys("r").await;
    program.shows("Sign in again");
    program.pass(Duration::from_secs(1));
    let strange = FaultEffect::Status(418, "I am a teapot".to_owned());
    program.fault(Some(Method::POST), LOGIN, 1, strange);
    program.keys("sam<enter>").await;
    program.shows("bbtoken does not understand");
    program.shows("Press esc, then choose In the browser.");
    program.keys("<esc>").await;
    program.shows("Who are you?");
}
