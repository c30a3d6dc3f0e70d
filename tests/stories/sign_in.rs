//! Signing in, and what can go wrong there.

mod ways;

use std::time::Duration;

use bbtoken::bitbucket::{BaseUrl, Client, Scope, TokenSpec};
use bbtoken::config::Config;
use bbtoken::permission::{Level, Permissions};
use bbtoken::secret::Secret;
use bbtoken::simulator::{FaultEffect, Options};
use bbtoken::terminal::Input;
use reqwest::Method;

use crate::harness::{Harness, Setup, personal, repository};

async fn at_sign_in() -> Harness {
    at_sign_in_of("9.4.0").await
}

/// The sign-in of a server of that version.
async fn at_sign_in_of(version: &str) -> Harness {
    at_sign_in_with(Options {
        version: version.to_owned(),
        ..Options::default()
    })
    .await
}

async fn at_sign_in_with(options: Options) -> Harness {
    let mut program = Harness::start(Setup {
        size: (120, 40),
        options,
        ..Setup::default()
    })
    .await;
    program.keys("<enter>").await;
    program.shows("Who are you?");
    program
}

/// The request that carries the password first.
const FIRST: &str = "/projects?limit=1";
/// Where the password goes on older servers that have Basic off.
const FORM: &str = "/j_atl_security_check";
/// Where it goes on newer ones.
const LOGIN: &str = "/rest/tsv/latest/authenticate";

#[tokio::test]
async fn a_wrong_password_is_sent_once_and_can_be_typed_again() {
    let mut program = at_sign_in().await;
    program.keys("alice<enter>wrong<enter>").await;
    program.shows("You are not signed in.");
    program.shows("The user name or the password is not right.");
    program.shows("Check the user name, and type the password again.");
    program.shows("After several wrong ones Bitbucket asks for a captcha.");
    // Enter alone does not send it again: that would bring the captcha nearer.
    program.keys("<enter>").await;
    program.shows("Type your password first.");
    assert_eq!(program.count_requests(&Method::GET, FIRST), 1);
    program.keys("alice<enter>").await;
    program.shows("alice ·");
}

#[tokio::test]
async fn the_password_is_never_on_the_screen() {
    let mut program = at_sign_in().await;
    program.keys("alice<tab>s3cret-pass").await;
    program.hides("s3cret");
    program.keys("<enter>").await;
    program.hides("s3cret");
    program.keys("<f1>").await;
    program.hides("s3cret");
}

#[tokio::test]
async fn what_is_missing_is_asked_for() {
    let mut program = at_sign_in().await;
    program.keys("<enter>").await;
    program.shows("Type your user name first.");
    program.keys("alice<enter><enter>").await;
    program.shows("Type your password first.");
    assert_eq!(program.count_requests(&Method::GET, "/projects"), 0);
}

#[tokio::test]
async fn a_captcha_is_explained_and_no_password_is_tried_again() {
    let mut program = at_sign_in().await;
    program.keys("dora<enter>dora<enter>").await;
    program.shows("After several wrong passwords Bitbucket asks for a captcha in the browser.");
    program.shows("Solve the captcha in the browser, then come back");
    program.shows("/login");
    assert_eq!(program.count_requests(&Method::GET, FIRST), 1);
}

#[tokio::test]
async fn where_basic_is_off_the_password_goes_once_through_the_login_form() {
    let mut program = at_sign_in_of("8.19.0").await;
    program.keys("sam<enter>sam<enter>").await;
    program.shows("Signed in as sam with a session (the login form)");
    program.shows("sam (session) ·");
    assert_eq!(program.count_requests(&Method::POST, FORM), 1);
}

#[tokio::test]
async fn a_wrong_password_goes_to_the_form_once_and_a_refused_one_never() {
    let mut program = at_sign_in_of("8.19.0").await;
    program.keys("alice<enter>wrong<enter>").await;
    program.shows("The user name or the password is not right.");
    assert_eq!(program.count_requests(&Method::POST, FORM), 0);
    program.keys("<s-tab><c-u>sam<enter>wrong<enter>").await;
    program.shows("The user name or the password is not right.");
    program.keys("<enter>").await;
    assert_eq!(program.count_requests(&Method::POST, FORM), 1);
    program.keys("sam<enter>").await;
    program.shows("sam (session) ·");
}

#[tokio::test]
async fn where_the_form_leads_to_a_provider_the_way_through_the_browser_is_explained() {
    let mut program = at_sign_in_of("8.19.0").await;
    program.keys("olga<enter>olga<enter>").await;
    program.shows("Your company signs you in on its own page (single sign-on)");
    program.shows("Press enter to continue in the browser");
    program.is_on("In the browser");
    program.hides("Projects 2");
    assert_eq!(program.count_requests(&Method::POST, FORM), 1);
}

#[tokio::test]
async fn single_sign_on_in_front_of_the_server_is_named_as_such() {
    let mut program = at_sign_in().await;
    let to = "https://sso.example.com/login?x=1".to_owned();
    program.fault(None, FIRST, 1, FaultEffect::Redirect(to));
    program.keys("alice<enter>alice<enter>").await;
    program.shows("single sign-on");
}

#[tokio::test]
async fn a_page_instead_of_an_answer_is_no_sign_in() {
    for effect in [FaultEffect::Html(200), FaultEffect::Garbage] {
        let mut program = at_sign_in().await;
        program.fault(None, FIRST, 1, effect);
        program.keys("alice<enter>alice<enter>").await;
        program.shows("You are not signed in.");
        program.keys("<enter>").await;
        program.shows("alice ·");
    }
}

#[tokio::test]
async fn maintenance_and_too_many_requests_say_to_wait() {
    let mut program = at_sign_in().await;
    program.fault(None, FIRST, 1, FaultEffect::Status(503, String::new()));
    program.keys("alice<enter>alice<enter>").await;
    program.shows("Bitbucket is starting, in maintenance, or overloaded.");
    let retry_after = Duration::from_secs(700);
    program.fault(None, FIRST, 1, FaultEffect::RateLimited { retry_after });
    program.keys("<enter>").await;
    program.shows("Wait 12 minutes. Press enter to try again then.");
    program.keys("<enter>").await;
    program.shows("alice ·");
}

#[tokio::test]
async fn the_server_dies_and_what_was_typed_stays() {
    let mut program = at_sign_in().await;
    program.keys("alice<enter>").await;
    program.stop_server().await;
    program.keys("alice<enter>").await;
    program.shows("You are not signed in.");
    // The first time a connection may still be open, and be cut.
    program.keys("<enter>").await;
    program.shows("You are not signed in.");
    program.shows("Bitbucket no longer answers at its address");
    program.shows("User name  alice");
    program.shows("Password   •••••");
    program.keys("<esc>").await;
    program.shows("Where is your Bitbucket?");
    assert!(!program.has_quit());
}

#[tokio::test]
async fn the_server_dies_while_it_is_asked() {
    let mut program = at_sign_in().await;
    program.fault(None, FIRST, 1, FaultEffect::Hang);
    program.keys("alice<enter>").await;
    program.keys("alice").await;
    program.press_only("<enter>");
    program.until_asked(&Method::GET, FIRST).await;
    program.shows("Signing in …");
    program.stop_server().await;
    program.settle().await;
    program.shows("The connection broke before the answer came.");
}

#[tokio::test]
async fn a_slow_server_can_be_left_and_its_late_answer_changes_nothing() {
    let mut program = at_sign_in().await;
    let late = FaultEffect::Delay(Duration::from_millis(20));
    program.fault(None, FIRST, 1, late);
    program.keys("alice<enter>alice").await;
    program.press_only("<enter>");
    program.until_asked(&Method::GET, FIRST).await;
    program.shows("Signing in …");
    program.press_only("<esc>");
    program.shows("Stopped signing in.");
    program.settle().await;
    // A request of our own comes after the late answer.
    program.root().await;
    program.settle().await;
    program.shows("Who are you?");
    program.hides("alice ·");
    program.keys("<enter>").await;
    program.shows("alice ·");
}

#[tokio::test]
async fn a_user_name_with_a_colon_is_refused() {
    let mut program = at_sign_in().await;
    program.keys("a:b<enter>x<enter>").await;
    program.shows("You are not signed in.");
    program.shows("a user name with a colon cannot be sent with a password");
    assert_eq!(program.count_requests(&Method::GET, "/projects"), 0);
}

#[tokio::test]
async fn in_the_demo_another_name_is_typed_over_the_proposed_one() {
    let mut program = Harness::start(Setup {
        demo: true,
        ..Setup::default()
    })
    .await;
    program.keys("<enter>bob<tab>bob<enter>").await;
    program.shows("bob ·");
}

#[tokio::test]
async fn while_the_server_is_asked_letters_command_nothing() {
    let mut program = at_sign_in().await;
    program.fault(None, FIRST, 1, FaultEffect::Hang);
    program.keys("alice<enter>alice").await;
    program.press_only("<enter>");
    program.until_asked(&Method::GET, FIRST).await;
    program.press_only("q?");
    assert!(!program.has_quit());
    program.shows("Signing in …");
    program.keys("<esc>").await;
    program.shows("Stopped signing in.");
}

/// A token of the user's own, made through the API.
async fn token_of(program: &Harness, user: &str, scope: Scope) -> Secret {
    let base = BaseUrl::parse(&program.base_url).unwrap();
    let client = Client::anonymous(base).unwrap();
    let password = Secret::new(user.to_owned());
    let client = client
        .sign_in(user, &password)
        .await
        .unwrap()
        .done()
        .unwrap()
        .client;
    let spec = TokenSpec {
        name: "to look around".to_owned(),
        permissions: match scope {
            Scope::Repository { .. } => Permissions {
                project: None,
                repository: Some(Level::Read),
                ..Permissions::default()
            },
            _ => Permissions {
                project: Some(Level::Read),
                repository: Some(Level::Read),
                ..Permissions::default()
            },
        },
        expiry_days: None,
    };
    client.create_token(&scope, &spec).await.unwrap().secret
}

#[tokio::test]
async fn a_token_is_one_of_the_other_ways_and_looks_around() {
    let mut program = at_sign_in().await;
    program.shows("Other ways");
    program.keys("<tab><tab><tab>").await;
    program.is_on("An existing token");
    program.keys("<enter>").await;
    program.shows("Tokens cannot create, change or revoke tokens");
    program.keys("<enter>").await;
    program.shows("Paste the token first.");
    let token = token_of(&program, "alice", personal("alice")).await;
    program.paste(&format!(" {}\n", token.expose())).await;
    program.hides(token.expose());
    program.keys("<enter>").await;
    program.shows("Signed in as alice with a token, to look around.");
    program.shows("alice (token) ·");
    // What would fail is not offered, and says why.
    program.hides("n new token");
    program.keys("n").await;
    program.shows("You are signed in with a token, and tokens cannot create tokens.");
    program.shows("sign in with a password or in the browser");
    program.keys("m").await;
    program.shows("to look around");
    program.hides("+ New token");
    program.hides("x revoke");
    program.keys("x").await;
    program.shows("tokens cannot revoke tokens");
    program.keys("n").await;
    program.shows("tokens cannot create tokens");
    assert_eq!(program.count_requests(&Method::PUT, ""), 1, "our own");
    assert_eq!(program.count_requests(&Method::DELETE, ""), 0);
}

#[tokio::test]
async fn the_token_of_a_repository_has_no_account() {
    let mut program = at_sign_in().await;
    program.keys("<tab><tab><tab><enter>").await;
    let scope = repository("PLAT", "billing-api");
    let token = token_of(&program, "alice", scope).await;
    program.paste(token.expose()).await;
    program.keys("<enter>").await;
    program.shows("Signed in with the token of a project or repository, to look around.");
    program.hides("Manage account");
    program.keys("m").await;
    program.shows("it has no account of its own");
    program.keys("/billing<enter>").await;
    program.shows("billing-api");
    program.hides("n new token");
}

#[tokio::test]
async fn a_token_that_the_server_does_not_know_is_pasted_again() {
    let mut program = at_sign_in().await;
    program.keys("<tab><tab><tab><enter>").await;
    program.paste("MjUyOTcz").await;
    program.keys("<enter>").await;
    program.shows("Bitbucket does not know this token");
    program.keys("<enter>").await;
    program.shows("Paste the token first.");
    program.paste("two words").await;
    program.keys("<enter>").await;
    program.shows("This is not a token");
    assert_eq!(program.count_requests(&Method::GET, FIRST), 1);
    program.keys("<esc>").await;
    program.shows("Who are you?");
}

const LOG_OUT: &str = "/j_atl_security_logout";

#[tokio::test]
async fn a_session_is_signed_out_when_the_user_leaves_signs_out_or_is_terminated() {
    for keys in ["q", "<esc>y", ""] {
        let mut program = at_sign_in().await;
        program.keys("sam<enter>sam<enter>").await;
        assert_eq!(program.server().sessions(), 1);
        if keys.is_empty() {
            program.input(Input::Terminate).await;
        } else {
            program.keys(keys).await;
        }
        assert_eq!(program.count_requests(&Method::GET, LOG_OUT), 1, "{keys}");
        assert_eq!(program.server().sessions(), 0, "{keys}");
    }
    // A password has nothing to sign out.
    let mut program = at_sign_in().await;
    program.keys("alice<enter>alice<enter>q").await;
    assert_eq!(program.count_requests(&Method::GET, LOG_OUT), 0);
}

/// What git keeps for the server, in a file as its helper `store` has it.
fn git_keeps(program: &Harness, user: &str, password: &str) {
    let home = program.home.path();
    std::fs::write(home.join(".gitconfig"), "[credential]\n\thelper = store\n").unwrap();
    let host = program.base_url.trim_start_matches("http://");
    let password = password.replace('=', "%3d").replace('/', "%2f");
    let line = format!("http://{user}:{password}@{host}\n");
    std::fs::write(home.join(".git-credentials"), line).unwrap();
}

#[tokio::test]
async fn git_is_asked_for_its_password_which_is_sent_only_at_the_next_enter() {
    let mut program = at_sign_in().await;
    git_keeps(&program, "alice", "alice");
    program.keys("<s-tab>").await;
    program.is_on("Ask git");
    program.keys("<enter>").await;
    program.shows("User name  alice");
    program.shows("Password   •••••");
    program.shows("which may be an old password or a token");
    assert_eq!(program.count_requests(&Method::GET, FIRST), 0);
    program.keys("<enter>").await;
    program.shows("Signed in as alice with the password.");
}

#[tokio::test]
async fn where_git_keeps_nothing_it_says_so_and_asks_nobody() {
    let mut program = at_sign_in().await;
    program.keys("<s-tab><enter>").await;
    program.shows("Git has no password stored for 127.0.0.1");
    git_keeps(&program, "alice", "alice");
    program.keys("<tab>bob<s-tab><enter>").await;
    program.shows("Git has no password of bob stored for 127.0.0.1");
    program.shows("User name  bob");
    assert_eq!(program.count_requests(&Method::GET, FIRST), 0);
}

#[tokio::test]
async fn a_token_that_git_keeps_as_a_password_only_looks_around() {
    let mut program = at_sign_in().await;
    let token = token_of(&program, "alice", personal("alice")).await;
    git_keeps(&program, "alice", token.expose());
    program.keys("<s-tab><enter>").await;
    program.hides(token.expose());
    program.keys("<enter>").await;
    program.shows("Signed in as alice with a token, to look around.");
    program.keys("n").await;
    program.shows("tokens cannot create tokens");
}

#[tokio::test]
async fn the_configured_user_is_filled_in_and_can_be_typed_over() {
    let config = Config {
        user: Some("alice".to_owned()),
        ..Config::default()
    };
    let setup = Setup {
        config,
        ..Setup::default()
    };
    let mut program = Harness::start(setup).await;
    program.keys("<enter>").await;
    program.shows("User name  alice");
    program.keys("alice<enter>").await;
    program.shows("alice ·");
    program
        .keys("<esc>y<enter><s-tab>bob<enter>bob<enter>")
        .await;
    program.shows("bob ·");
}
