//! Activity: every request to Bitbucket is shown, and nothing secret ever is.

use std::time::Duration;

use bbtoken::simulator::FaultEffect;
use bbtoken::simulator::Options;
use reqwest::Method;

use crate::harness::{Harness, Setup, personal};

async fn signed_in(size: (u16, u16)) -> Harness {
    let mut program = Harness::start(Setup {
        size,
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program
}

#[tokio::test]
async fn each_request_says_what_it_was_for_and_what_came_of_it() {
    let mut program = signed_in((120, 40)).await;
    program.fault(None, "/projects/PLAT/repos", 9, FaultEffect::Html(503));
    program.keys("<enter>").await;
    program.keys("<f12>").await;
    program.shows("Activity: requests to Bitbucket");
    program.shows("✓ 200 GET find out what answers there");
    program.shows("✓ 200 GET sign in");
    program.shows("✓ 200 GET list the projects");
    program.shows("sign in /rest/api/latest/projects 0 ms");
    program.shows("✗ 503 GET list the repositories of a project: th");
    // The failed one is among the newest: its details stand below.
    program.keys("/of a project<enter><esc>").await;
    program.shows("answer ✗ 503, after 0 ms: the server is not available at the moment");
    program.shows("technical 503");
    program.shows("sent 09:00:00, with credentials");
    // The screen below is where it was.
    program.keys("<f12>").await;
    program.hides("Activity: requests to Bitbucket");
    program.shows("Bitbucket did not give");
}

#[tokio::test]
async fn it_opens_before_anything_is_asked_and_over_the_help() {
    let mut program = Harness::new().await;
    program.keys("<f12>").await;
    program.shows("bbtoken has sent no requests yet.");
    program.keys("c").await;
    program.shows("There is no request to copy.");
    program.keys("<esc><enter><f1><f12>").await;
    program.shows("find out what answers there");
    program.keys("<f12>").await;
    program.shows("─ Help");
}

#[tokio::test]
async fn what_is_under_way_is_shown_and_ends_while_somebody_watches() {
    let mut program = signed_in((80, 24)).await;
    program.keys("mn<enter>").await;
    let stall = FaultEffect::Delay(Duration::from_millis(20));
    program.fault(Some(Method::PUT), "/access-tokens", 1, stall);
    program.press_only("<enter>");
    program.press_only("<f12>");
    program.until_asked(&Method::PUT, "/access-tokens").await;
    program.pass(Duration::from_millis(1500));
    program.shows("… PUT create a token: under way");
    program.until_shows("✓ 200 PUT create a token").await;
    // The screen below has moved on, and the watcher has stayed.
    program.settle().await;
    program.shows("1.5 s");
    program.shows("try git push with the token");
    program.keys("<f12>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn requests_are_drawn_only_where_somebody_watches() {
    for (watch, frames) in [("", 0), ("<f12>", 1)] {
        let mut program = signed_in((80, 24)).await;
        program.fault(None, "/projects/PLAT/repos", 1, FaultEffect::Hang);
        program.press_only("<enter>");
        program.press_only(watch);
        let before = program.frames();
        program
            .until_asked(&Method::GET, "/projects/PLAT/repos")
            .await;
        // Draws, if there is anything new.
        program.until_shows("alice").await;
        assert_eq!(program.frames() - before, frames, "{}", program.text());
    }
}

#[tokio::test]
async fn a_request_that_nobody_waits_for_is_given_up() {
    let mut program = Harness::new().await;
    program.fault(None, "application-properties", 1, FaultEffect::Hang);
    program.press_only("<enter>");
    program
        .until_asked(&Method::GET, "application-properties")
        .await;
    program.keys("<esc><f12>").await;
    program.shows("– GET find out what answers there: given up");
}

#[tokio::test]
async fn no_password_token_or_typed_text_is_ever_on_it_or_in_what_it_copies() {
    let mut program = Harness::start(Setup {
        size: (200, 60),
        ..Setup::default()
    })
    .await;
    // A wrong password first, then the right one; and a password typed as a search.
    program.keys("<enter>alice<enter>wr0ng-pass<enter>").await;
    program.keys("<c-u>alice<enter>").await;
    program.keys("/hunter2-typed<enter><esc>").await;
    program.keys("mn<enter><enter>").await;
    program.shows("Token ready");
    let token = program.clipboard().unwrap();
    program.keys("t<f12>").await;
    program.shows("create a token");
    program.shows("try git fetch with the token as a password");
    program.shows("✗ 401 GET sign in: wrong user name or password");
    let secrets = [
        "wr0ng-pass",
        "hunter2-typed",
        &token,
        "YWxpY2U6",
        "SESSIONID",
    ];
    let count = program.text().matches("✓").count() + 5;
    // The token is nowhere else than on the clipboard: it stays there.
    program.keys("c").await;
    program.shows("The new token is on your clipboard and nowhere else");
    assert_eq!(program.clipboard().as_deref(), Some(&*token));
    program.keys("<f12>f<enter><f12>").await;
    for _ in 0..count {
        for secret in secrets {
            program.hides(secret);
        }
        program.keys("c").await;
        program.shows("The curl command is on your clipboard. It contains no credentials");
        let line = program.clipboard().unwrap();
        assert!(line.starts_with("curl "), "{line}");
        assert!(
            secrets.iter().all(|secret| !line.contains(secret)),
            "{line}"
        );
        program.keys("<down>").await;
    }
    // What stands below knows that the token is no longer on the clipboard.
    program.keys("<f12>").await;
    program.shows("the clipboard holds something else now: c copies the token again");
}

#[tokio::test]
async fn the_login_form_is_shown_without_what_was_typed_and_without_its_cookie() {
    let mut program = Harness::start(Setup {
        size: (200, 60),
        options: Options {
            version: "8.19.0".to_owned(),
            ..Options::default()
        },
        ..Setup::default()
    })
    .await;
    program.sign_in("sam").await;
    program.keys("<f12>").await;
    program.shows("✗ 403 GET sign in: the server does not accept passwords…");
    program.keys("/sign in<enter><down><down>").await;
    program.shows("answer ✗ 403, after 0 ms: the server does not accept passwords here (Basic authentication is switched off)");
    program.keys("<esc>/login form<enter>").await;
    program.shows("✓ 302 POST sign in through the login form");
    program.hides("SESSIONID");
    program.keys("c").await;
    let line = program.clipboard().unwrap();
    let wanted = format!(
        "curl -X POST -H 'X-Atlassian-Token: no-check' -d 'j_username=…&j_password=…&submit=…' {}/j_atl_security_check",
        program.base_url
    );
    assert_eq!(line, wanted);
}

#[tokio::test]
async fn the_json_login_is_shown_without_what_was_typed() {
    let mut program = Harness::start(Setup {
        size: (200, 60),
        ..Setup::default()
    })
    .await;
    program.sign_in("sam").await;
    program.keys("<f12>/login page does<enter>").await;
    program.shows("✓ 200 POST sign in as the login page does");
    program.keys("c").await;
    let line = program.clipboard().unwrap();
    assert!(line.contains(r#"{"username":"…","password":"…""#), "{line}");
    assert!(line.ends_with("/rest/tsv/latest/authenticate"), "{line}");
    assert!(!line.contains("sam"), "{line}");
}

#[tokio::test]
async fn a_creation_becomes_a_curl_line_without_credentials_and_names() {
    let mut program = signed_in((80, 24)).await;
    program.keys("mn<enter><enter><f12>").await;
    program.keys("/create a token<enter>").await;
    program.hides("alice-laptop");
    // Saved first: then the clipboard is free.
    program
        .keys("<esc><f12>f<enter><f12>/create a token<enter><enter>c")
        .await;
    let line = program.clipboard().unwrap();
    let wanted = format!(
        r#"curl -X PUT -u "$BITBUCKET_USER" -H 'X-Atlassian-Token: no-check' -H 'Content-Type: application/json' -d '{{"expiryDays":90,"name":"…","permissions":["PROJECT_READ","REPO_WRITE"]}}' {}/rest/access-tokens/latest/users/alice"#,
        program.base_url
    );
    assert_eq!(line, wanted);
    assert_eq!(program.new_tokens(&personal("alice")).await.len(), 1);
}

#[tokio::test]
async fn in_share_mode_no_names_are_on_it_not_even_before_the_sign_in_is_over() {
    let mut program = Harness::start(Setup {
        share: true,
        size: (200, 60),
        ..Setup::default()
    })
    .await;
    program.keys("<enter>alice<enter>alice").await;
    let slow = FaultEffect::Delay(Duration::from_millis(20));
    program.fault(None, "/users/", 1, slow);
    program.press_only("<enter>");
    program.press_only("<f12>");
    program.until_shows("/rest/api/latest/users/•••••").await;
    program.hides("alice");
    program.settle().await;
    program.keys("<f12>m<f12>").await;
    program.shows("request GET /rest/access-tokens/latest/users/•");
    program.hides("alice");
}

#[tokio::test]
async fn the_cursor_goes_with_the_newest_or_keeps_its_row() {
    let mut program = signed_in((80, 24)).await;
    program.keys("<f12>").await;
    // The screen below goes on asking.
    program.keys("<f12>").await;
    program.press_only("<enter>");
    program.press_only("<f12>");
    program.settle().await;
    program.is_on("09:00:00  ✓ 200  GET     list the repositories of a project");
    program.keys("<f12><esc><end>").await;
    program.press_only("<enter>");
    program.press_only("<f12>");
    program.keys("/sign in<enter>").await;
    program.shows("› 09:00:00  ✓ 200  GET     sign in");
    // The cursor is in the box, which has the focus.
    program.is_on("sign in");
    program.keys("<esc>").await;
    program.is_on("09:00:00  ✓ 200  GET     sign in");
}
