//! Token ready: masked, shown for ten seconds on demand, copied, and never lost unasked.

use std::time::Duration;

use bbtoken::config::Config;
use bbtoken::simulator::FaultEffect;
use bbtoken::terminal::Input;
use reqwest::Method;

use crate::harness::{Harness, Setup, personal, repository};

/// At the token that was made with these keys after the sign-in.
async fn ready(clipboard: bool, keys: &str) -> Harness {
    let mut program = Harness::start(Setup {
        clipboard,
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys(keys).await;
    program.shows("Token ready");
    program
}

const PERSONAL: &str = "mn<enter><enter>";
const REPOSITORY: &str = "<enter>n<enter><enter>";

#[tokio::test]
async fn the_token_is_shown_for_ten_seconds_and_hides_again() {
    let mut program = ready(true, PERSONAL).await;
    let secret = program.clipboard().unwrap();
    assert!(secret.len() >= 20);
    program.hides(&secret);
    program.keys("v").await;
    program.shows(&secret);
    program.shows("hides in 10 s");
    program.advance(Duration::from_millis(9_999)).await;
    program.shows(&secret);
    program.shows("hides in 1 s");
    program.advance(Duration::from_millis(1)).await;
    program.hides(&secret);
    program.shows("••••••••");
}

#[tokio::test]
async fn a_second_press_hides_the_token_at_once() {
    let mut program = ready(true, PERSONAL).await;
    let secret = program.clipboard().unwrap();
    program.keys("v").await;
    program.shows(&secret);
    program.keys("v").await;
    program.hides(&secret);
}

#[tokio::test]
async fn a_window_that_loses_the_focus_hides_the_token() {
    let mut program = ready(true, PERSONAL).await;
    let secret = program.clipboard().unwrap();
    program.keys("v").await;
    program.input(Input::FocusLost).await;
    program.hides(&secret);
}

#[tokio::test]
async fn a_help_over_a_shown_token_does_not_keep_it_on_the_screen() {
    let mut program = ready(true, PERSONAL).await;
    let secret = program.clipboard().unwrap();
    program.keys("v?").await;
    program.advance(Duration::from_secs(10)).await;
    program.keys("<esc>").await;
    program.hides(&secret);
}

#[tokio::test]
async fn the_clone_command_is_copied_without_the_token() {
    let mut program = ready(true, REPOSITORY).await;
    let secret = program.clipboard().unwrap();
    program.keys("y").await;
    let command = program.clipboard().unwrap();
    let address = format!("{}/scm/plat/api-gateway.git", program.base_url);
    assert_eq!(command, format!("git clone {address}"));
    program.shows("the clipboard holds something else now: c copies the token again");
    program.keys("c").await;
    assert_eq!(program.clipboard().unwrap(), secret);
    program.shows("The token is on your clipboard.");
    program.hides(&secret);
}

#[tokio::test]
async fn the_clone_command_takes_the_tokens_place_so_leaving_asks() {
    let mut program = ready(true, REPOSITORY).await;
    let secret = program.clipboard().unwrap();
    program.keys("y<enter>").await;
    program.shows("Something else has taken its place on the clipboard.");
    program.keys("nq").await;
    assert!(!program.has_quit());
    program.shows("Do you have the token?");
    program.hides("Have you pasted");
    program.keys("nc").await;
    assert_eq!(program.clipboard().unwrap(), secret);
    program.keys("<enter>y").await;
    program.is_on("git for alice");

    let mut program = ready(true, REPOSITORY).await;
    program.keys("yqx").await;
    assert!(program.has_quit());
    let place = repository("PLAT", "api-gateway");
    assert!(program.new_tokens(&place).await.is_empty());
}

#[tokio::test]
async fn a_token_for_many_repositories_has_the_clone_command_of_the_one_that_one_came_from() {
    let mut program = ready(true, "<enter>jmn<enter><enter>").await;
    program.keys("y").await;
    let address = format!("{}/scm/plat/billing-api.git", program.base_url);
    assert_eq!(program.clipboard().unwrap(), format!("git clone {address}"));
    // Otherwise of the one that it was tried on.
    for (keys, tried, path) in [
        (
            PERSONAL,
            "tried on PLAT/api-gateway",
            "/scm/plat/api-gateway.git",
        ),
        (
            "n<enter><enter>",
            "tried on PLAT/api-gateway",
            "/scm/plat/api-gateway.git",
        ),
    ] {
        let mut program = ready(true, keys).await;
        program.shows(tried);
        program.keys("y").await;
        let address = format!("{}{path}", program.base_url);
        assert_eq!(program.clipboard().unwrap(), format!("git clone {address}"));
    }
}

/// Where nothing is tried a blank stands in it, and is said to be one.
#[tokio::test]
async fn a_clone_command_for_any_repository_says_what_to_put_into_it() {
    for (keys, path, blank) in [
        (
            PERSONAL,
            "/scm/PROJECT/REPOSITORY.git",
            "PROJECT/REPOSITORY",
        ),
        ("n<enter><enter>", "/scm/plat/REPOSITORY.git", "REPOSITORY"),
    ] {
        let mut program = Harness::start(Setup {
            config: Config {
                trial: false,
                ..Config::default()
            },
            ..Setup::default()
        })
        .await;
        program.sign_in("alice").await;
        program.keys(keys).await;
        program.keys("y").await;
        let address = format!("{}{path}", program.base_url);
        assert_eq!(program.clipboard().unwrap(), format!("git clone {address}"));
        program.shows(&format!("Replace {blank} with your own repository."));
    }
}

const ONLY_COPY: &str = "It is on your clipboard and nowhere else, and bbtoken soon clears it";

#[tokio::test]
async fn leaving_the_only_copy_on_the_clipboard_is_a_question_wherever_one_leaves_to() {
    for key in ["<enter>", "<esc>", "q", "<c-c>"] {
        let mut program = ready(true, PERSONAL).await;
        program.keys(key).await;
        assert!(!program.has_quit());
        program.shows("Do you have the token?");
        program.shows(ONLY_COPY);
        program.keys("n").await;
        program.shows("on your clipboard");
        // Whoever has it says so once, and is not asked again.
        program.keys("<enter>y").await;
        program.is_on("git for alice");
        program.new_token(&personal("alice")).await;
        program.keys("q").await;
        assert!(program.has_quit());

        let mut program = ready(true, PERSONAL).await;
        program.keys(key).await;
        program.keys("x").await;
        assert!(program.new_tokens(&personal("alice")).await.is_empty());
        assert_eq!(program.has_quit(), matches!(key, "q" | "<c-c>"));
    }
}

const GLANCED_AT: &str = "It was shown here, which keeps no copy.";

/// A glance is no proof that somebody has written it down.
#[tokio::test]
async fn a_token_that_was_only_looked_at_is_not_lost_unasked() {
    for key in ["<enter>", "<esc>", "q", "<c-c>"] {
        let mut program = ready(true, PERSONAL).await;
        program.keys("v").await;
        program.pass(Duration::from_millis(600));
        program.keys("v").await;
        program.keys(key).await;
        assert!(!program.has_quit(), "{key}");
        program.shows(GLANCED_AT);
        program.shows(ONLY_COPY);
        program.advance(Duration::from_secs(60)).await;
        program.shows(GLANCED_AT);
        program.shows("It was on your clipboard, and has been cleared.");
        program.keys("n").await;
        program.shows("Token ready");
        program.keys(key).await;
        program.keys("x").await;
        assert!(program.new_tokens(&personal("alice")).await.is_empty());
    }
    // Whoever has saved it is not asked.
    let mut program = ready(true, PERSONAL).await;
    program.keys("vf<enter>").await;
    program.shows("Saved to");
    program.keys("q").await;
    assert!(program.has_quit());
    program.new_token(&personal("alice")).await;
}

#[tokio::test]
async fn a_question_that_is_open_while_the_clipboard_is_cleared_says_so() {
    for key in ["<enter>", "q"] {
        let mut program = ready(true, PERSONAL).await;
        program.keys(key).await;
        program.shows(ONLY_COPY);
        program.advance(Duration::from_secs(60)).await;
        assert_eq!(program.clipboard(), None);
        program.hides(ONLY_COPY);
        program.shows("It was on your clipboard, and has been cleared.");
        program.keys("nc").await;
        assert!(program.clipboard().is_some(), "it can still be had");
    }
}

/// On X11 and Wayland a clipboard goes with the program that filled it.
#[tokio::test]
async fn where_the_clipboard_is_never_cleared_it_is_asked_about_if_it_goes_with_the_program() {
    let mut program = Harness::start(Setup {
        config: Config {
            clear_clipboard: None,
            ..Config::default()
        },
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys(PERSONAL).await;
    program.keys("q").await;
    if cfg!(any(windows, target_os = "macos")) {
        assert!(program.has_quit());
    } else {
        program.shows("it disappears when bbtoken ends");
        program.keys("n<enter>y").await;
        program.is_on("git for alice");
        program.keys("q").await;
        assert!(program.has_quit());
    }
    assert!(program.clipboard().is_some());
}

#[tokio::test]
async fn without_a_clipboard_the_screen_says_so_and_what_to_do() {
    let mut program = ready(false, PERSONAL).await;
    program.shows("Not copied: no clipboard is available here. Show it and select it");
    program.keys("y").await;
    program.keys("c").await;
    program.hides("The token is on your clipboard");
}

#[tokio::test]
async fn leaving_a_token_that_nobody_has_is_a_question() {
    for key in ["<enter>", "<esc>", "q", "<c-c>"] {
        let mut program = ready(false, PERSONAL).await;
        program.keys(key).await;
        assert!(!program.has_quit());
        program.shows("Do you have the token?");
        program.shows("It was neither copied nor shown, and Bitbucket never shows it again.");
        program.keys("n").await;
        program.shows("show it for ten seconds");
        program.new_token(&personal("alice")).await;
        program.keys("v").await;
        program.keys("<enter>").await;
        program.shows("It was shown here, and never copied by bbtoken.");
        program.hides("It was neither copied nor shown");
        program.keys("y").await;
        program.is_on("git for alice");
    }
}

#[tokio::test]
async fn a_token_that_nobody_has_can_be_revoked_on_the_way_out() {
    let mut program = ready(false, PERSONAL).await;
    program.keys("<enter>x").await;
    program.shows("Revoked \"git for alice on laptop\".");
    program.is_on("+ New token");
    assert!(program.new_tokens(&personal("alice")).await.is_empty());
    assert!(!program.has_quit());
}

#[tokio::test]
async fn a_token_that_nobody_has_can_be_left_behind_knowingly() {
    let mut program = ready(false, PERSONAL).await;
    program.keys("<enter>y").await;
    program.is_on("git for alice");
    program.shows("git for alice o");
    program.new_token(&personal("alice")).await;
}

#[tokio::test]
async fn q_revokes_and_leaves_or_only_leaves_or_stays() {
    let mut program = ready(false, PERSONAL).await;
    program.keys("q").await;
    program.keys("n").await;
    assert!(!program.has_quit());
    program.keys("qx").await;
    assert!(program.has_quit());
    assert!(program.new_tokens(&personal("alice")).await.is_empty());

    let mut program = ready(false, PERSONAL).await;
    program.keys("qy").await;
    assert!(program.has_quit());
    program.new_token(&personal("alice")).await;
}

#[tokio::test]
async fn q_in_the_help_over_an_unkept_token_asks_too() {
    let mut program = ready(false, PERSONAL).await;
    program.keys("?q").await;
    assert!(!program.has_quit());
    program.shows("Do you have the token?");
}

#[tokio::test]
async fn if_the_revoking_fails_on_the_way_out_the_token_is_still_there_to_keep() {
    let mut program = ready(false, REPOSITORY).await;
    program.fault(
        Some(Method::DELETE),
        "",
        1,
        FaultEffect::Status(409, "Not now.".into()),
    );
    program.keys("qx").await;
    assert!(!program.has_quit());
    program.shows("was not revoked.");
    program.keys("v").await;
    program.shows("hides in 10 s");
    program.new_token(&repository("PLAT", "api-gateway")).await;
}

#[tokio::test]
async fn while_an_unkept_token_is_being_revoked_nobody_leaves() {
    let mut program = ready(false, PERSONAL).await;
    program.keys("<enter>").await;
    program.press_only("x");
    assert!(program.is_busy());
    program.press_only("q");
    assert!(!program.has_quit());
    program.shows("The token is being revoked: one moment, then you can leave.");
    program.settle().await;
    program.is_on("+ New token");
}

#[tokio::test]
async fn a_process_that_has_to_end_leaves_no_token_that_nobody_has() {
    // Nobody has kept it.
    let mut program = ready(false, PERSONAL).await;
    program.input(Input::Terminate).await;
    assert!(program.has_quit());
    assert!(program.new_tokens(&personal("alice")).await.is_empty());

    // It was on the clipboard alone, which is cleared at the end.
    let mut program = ready(true, PERSONAL).await;
    program.input(Input::Terminate).await;
    assert!(program.has_quit());
    assert!(program.new_tokens(&personal("alice")).await.is_empty());

    // Somebody has seen it, and may have written it down.
    for clipboard in [true, false] {
        let mut program = ready(clipboard, PERSONAL).await;
        program.keys("v").await;
        program.input(Input::Terminate).await;
        assert!(program.has_quit());
        program.new_token(&personal("alice")).await;
    }
}

#[tokio::test]
async fn a_process_that_has_to_end_waits_for_a_creation_that_is_under_way() {
    let mut program = Harness::start(Setup {
        clipboard: false,
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("mn<enter>").await;
    program.fault(
        Some(Method::PUT),
        "",
        1,
        FaultEffect::Delay(Duration::from_millis(30)),
    );
    program.press_only("<enter>");
    program.shows("Bitbucket is creating the token …");
    program.input_only(Input::Terminate);
    assert!(!program.has_quit(), "before the outcome is known");
    program.settle().await;
    assert!(program.has_quit());
    assert_eq!(program.count_requests(&Method::PUT, ""), 1);
    assert_eq!(program.count_requests(&Method::DELETE, ""), 1);
    assert!(program.new_tokens(&personal("alice")).await.is_empty());
}

#[tokio::test]
async fn a_process_that_has_to_end_while_the_answer_is_lost_revokes_the_orphan() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("mn<enter>").await;
    program.fault(Some(Method::PUT), "", 1, FaultEffect::LoseAnswer);
    program.press_only("<enter>");
    program.input_only(Input::Terminate);
    assert!(!program.has_quit());
    program.settle().await;
    assert!(program.has_quit());
    assert!(program.new_tokens(&personal("alice")).await.is_empty());
}

#[tokio::test]
async fn a_process_that_has_to_end_during_the_question_about_an_orphan_revokes_it() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("mn<enter>").await;
    program.fault(Some(Method::PUT), "", 1, FaultEffect::LoseAnswer);
    program.keys("<enter>").await;
    program.shows("A token without a secret");
    program.input(Input::Terminate).await;
    assert!(program.has_quit());
    assert!(program.new_tokens(&personal("alice")).await.is_empty());
}

#[tokio::test]
async fn a_creation_cannot_be_stopped_and_says_why() {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program.keys("mn<enter>").await;
    program.press_only("<enter>");
    for key in ["<esc>", "<enter>", "q", "<c-c>", "<tab>", "x"] {
        program.press_only(key);
        assert!(!program.has_quit());
        program.shows("Bitbucket is creating the token …");
    }
    program.press_only("<esc>");
    program.shows("This cannot be stopped: it may exist already.");
    program.settle().await;
    program.shows("Token ready");
    program.new_token(&personal("alice")).await;
}

/// Whoever holds enter down arrives here with it still down.
#[tokio::test]
async fn enter_that_is_held_down_does_not_leave_the_token() {
    let mut program = ready(true, PERSONAL).await;
    for _ in 0..30 {
        program.press_only("<enter>");
        program.pass(Duration::from_millis(33));
    }
    program.shows("Token ready");
    program.pass(Duration::from_millis(500));
    program.press_only("<enter>");
    program.shows("Do you have the token?");
}

#[tokio::test]
async fn ctrl_z_takes_the_token_off_the_clipboard_and_says_so() {
    let mut program = ready(true, PERSONAL).await;
    let secret = program.clipboard().unwrap();
    program.keys("<c-z>").await;
    assert_eq!(program.clipboard(), None);
    program.shows("bbtoken took the token off the clipboard before it was suspended");
    program.shows("no longer on your clipboard: c copies it again");
    program.keys("c").await;
    assert_eq!(program.clipboard().unwrap(), secret);
    // Somebody else's is left alone.
    program.clipboard_handle().put("somebody else's");
    program.keys("<c-z>").await;
    assert_eq!(program.clipboard().unwrap(), "somebody else's");
}
