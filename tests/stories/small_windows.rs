//! The smallest windows: what has the focus is seen, and what does not fit can be scrolled to.

use crate::harness::{Harness, Setup, personal};

async fn in_a_window_of(columns: u16, rows: u16) -> Harness {
    Harness::start(Setup {
        size: (columns, rows),
        ..Setup::default()
    })
    .await
}

/// The first word of the row in which the cursor stands.
fn cursor_line(program: &mut Harness) -> String {
    let row = usize::from(program.cursor().y);
    let text = program.text();
    let words = text.lines().nth(row).unwrap_or_default();
    words
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn nothing_is_typed_blind_at_the_sign_in() {
    let mut program = in_a_window_of(40, 10).await;
    program.keys("<enter>").await;
    program.keys("alice<tab>").await;
    assert_eq!(cursor_line(&mut program), "Password");
    program.shows("enter continue");
    program.keys("wrong<enter>").await;
    assert_eq!(cursor_line(&mut program), "Password");
    program.shows("✗ You are not signed in.");
    program.shows("more");
}

#[tokio::test]
async fn after_a_wrong_password_every_way_in_can_be_gone_to() {
    for (columns, rows) in [(40, 10), (80, 24)] {
        let mut program = in_a_window_of(columns, rows).await;
        program.keys("<enter>alice<tab>wrong<enter><tab>").await;
        for way in ["› In the browser", "› An existing token"] {
            program.shows(way);
            program.is_on(way.trim_start_matches("› "));
            program.keys("<tab>").await;
        }
    }
}

#[tokio::test]
async fn a_question_that_does_not_fit_is_read_before_it_is_agreed_to() {
    let mut program = in_a_window_of(40, 10).await;
    program.sign_in("alice").await;
    program.keys("mn<enter><enter>").await;
    program.shows("Created:");
    let token = program.new_token(&personal("alice")).await;
    // Back in the list, on the new token.
    program.keys("<enter>y<down><down><down><down>y").await;
    program.keys("x").await;
    program.shows("y  read on first");
    let before = program.tokens(&personal("alice")).await.len();
    program.keys("y").await;
    assert_eq!(program.tokens(&personal("alice")).await.len(), before);
    program.keys("<down><down><down><down><down><down>").await;
    program.hides("read on first");
    program.keys("y").await;
    let left = program.tokens(&personal("alice")).await;
    assert!(left.iter().all(|it| it.name != token.name));
}

/// Everything that is seen while this key is pressed so many times.
async fn read_on(program: &mut Harness, key: &str, times: usize) -> String {
    let mut seen = program.text();
    for _ in 0..times {
        program.keys(key).await;
        seen.push('\n');
        seen.push_str(&program.text());
    }
    seen
}

#[tokio::test]
async fn token_ready_shows_what_can_be_done_first_and_the_rest_can_be_scrolled_to() {
    for name in [
        "",
        "with a name that is so long that it takes the whole window for itself, twice over, and that nobody would ever think of giving to a token of theirs unless they had to try how it looks",
    ] {
        let mut program = in_a_window_of(40, 10).await;
        program.sign_in("alice").await;
        program.keys("mn<tab>").await;
        program.paste(name).await;
        program.keys("<enter><enter>").await;
        assert_eq!(cursor_line(&mut program), "★");
        program.shows("★ g  set git up");
        let seen =
            read_on(&mut program, "<up>", 20).await + &read_on(&mut program, "<down>", 40).await;
        for wanted in [
            "✓ Created: git for alice",
            "expires 22 February",
            "on your clipboard for",
            "c  copy it again",
            "e  as a variable",
            "can clone",
            "can push",
            "cannot change settings",
        ] {
            assert!(seen.contains(wanted), "{wanted}:\n{seen}");
        }
    }
}

#[tokio::test]
async fn set_git_up_shows_the_chosen_way_and_the_rest_can_be_scrolled_to() {
    let mut program = in_a_window_of(40, 10).await;
    program.sign_in("alice").await;
    program.keys("mn<enter><enter>g").await;
    for _ in 0..4 {
        assert_eq!(cursor_line(&mut program), "›");
        program.keys("<down>").await;
    }
    program.keys("<up><up><up><up>").await;
    program.is_on("a file that only you can read");
    program.shows("★ best here ! plain text");
    let seen = read_on(&mut program, "<pagedown>", 9).await;
    for wanted in [
        "! The file holds the token",
        "This will be written",
        "~/.gitconfig",
        "git will use this token",
    ] {
        assert!(seen.contains(wanted), "{wanted}:\n{seen}");
    }
}

#[tokio::test]
async fn the_first_screen_shows_its_button() {
    let mut program = in_a_window_of(40, 10).await;
    assert_eq!(cursor_line(&mut program), "Address");
    program.shows("[ Connect ]  press enter");
}

#[tokio::test]
async fn a_request_is_read_to_its_end() {
    let mut program = in_a_window_of(40, 10).await;
    program.keys("<enter>alice<tab>wrong<enter>").await;
    program.keys("<f12><enter>").await;
    program.shows("sign in");
    program.shows("↓");
    program.hides("with credentials");
    program.keys(&"<down>".repeat(12)).await;
    program.shows("with credentials");
    program.hides("↓");
}
