//! Esc goes back exactly one screen, wherever one is: what was there before is there again.

use crate::harness::{Harness, signed_in};
use crate::in_clone::{BILLING, Cloned};

/// Presses the keys of each step, of which the last one opens something, then esc once for each: every screen
/// comes again.
async fn goes_back(program: &mut Harness, steps: &[&str]) {
    let mut before = Vec::new();
    for keys in steps {
        let last = keys.rfind('<').filter(|_| keys.ends_with('>'));
        let (moves, opens) = keys.split_at(last.unwrap_or(keys.len() - 1));
        program.keys(moves).await;
        before.push(seen(program));
        program.keys(opens).await;
        assert_ne!(before.last(), Some(&seen(program)), "{keys} does nothing");
    }
    for (keys, wanted) in steps.iter().zip(before).rev() {
        program.keys("<esc>").await;
        let seen = seen(program);
        assert!(
            seen == wanted,
            "esc after {keys} of {steps:?} leads to\n{seen}\ninstead of\n{wanted}"
        );
    }
}

/// All rows that say something, but the news.
fn seen(program: &mut Harness) -> String {
    let text = program.text();
    let lines = text.lines().filter(|line| {
        let is_news = [" ✓ ", " ! ", " ✗ "];
        line.contains(char::is_alphanumeric) && !is_news.iter().any(|sign| line.starts_with(sign))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn esc_goes_back_one_screen_at_a_time() {
    for (user, start, steps) in [
        // The form, opened in each way.
        (
            "alice",
            "",
            &["<enter>", "<enter>", "<enter>", "n", "?"][..],
        ),
        ("alice", "", &["m", "n", "<f12>"]),
        ("alice", "", &["w", "<enter>", "<enter>", "<enter>"]),
        (
            "alice",
            "",
            &["<enter>", "jw", "j<enter>", "<enter>", "<enter>", "<enter>"],
        ),
        ("alice", "m", &["w", "<enter>", "j<enter>", "<enter>"]),
        // Who may not.
        (
            "bob",
            "/research<enter>",
            &["<enter>", "<enter>", "<enter>"],
        ),
        ("bob", "/research<enter>", &["n", "<enter>"]),
        (
            "bob",
            "/platform<enter>",
            &["w", "j<enter>", "<enter>", "<enter>", "<enter>"],
        ),
        // What lies over a list, or beside it.
        ("alice", "m", &["c", "<f1>"]),
        ("alice", "<enter><enter>", &["<enter>", "j<enter>"]),
        ("alice", "<enter><enter>", &["<enter>", "je"]),
        ("alice", "<enter>", &["c"]),
    ] {
        let mut program = signed_in(user).await;
        program.keys(start).await;
        goes_back(&mut program, steps).await;
    }
}

#[tokio::test]
async fn after_a_token_esc_goes_back_to_where_its_form_was_opened() {
    // The questions led to it, and have done what they were for.
    let mut program = signed_in("alice").await;
    program.keys("w<enter><enter><enter>").await;
    program.keys("<enter><enter>").await;
    program.shows("Token ready");
    program.keys("<enter>y").await;
    program.shows("Manage account › HTTP access tokens");
    program.keys("<esc>").await;
    program.is_on("PLAT");
}

#[tokio::test]
async fn esc_leads_back_to_why_git_is_refused() {
    let cloned = Cloned::of(|base| format!("{base}{BILLING}")).await;
    let mut program = cloned.start((120, 40)).await;
    program.keys("<enter>alice<enter>alice<enter>").await;
    goes_back(&mut program, &["g", "<enter>"]).await;
    goes_back(&mut program, &["g", "<enter>", "n"]).await;
}
