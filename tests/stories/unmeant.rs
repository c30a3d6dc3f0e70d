//! Keys that nobody meant: pressed blind, in a burst, on another keyboard.

use std::time::Duration;

use bbtoken::simulator::FaultEffect;
use reqwest::Method;

use crate::harness::{Harness, Setup, personal};

async fn signed_in() -> Harness {
    let mut program = Harness::new().await;
    program.sign_in("alice").await;
    program
}

/// Each screen and question, with the keys that lead to it from the sign-in on.
const SCREENS: &[(&str, &str, &str)] = &[
    ("browse", "", "PLAT"),
    ("sign out", "<esc>", "Sign alice out"),
    ("which kind", "w", "Which kind"),
    ("tokens", "m", "HTTP access tokens"),
    ("details", "m<down><enter>", "created"),
    ("revoke", "m<down>x", "Revoke"),
    ("new token", "mn", "What is it for?"),
    ("create", "mn<enter>", "enter creates it"),
    ("ready", "mn<enter><enter>", "Token ready"),
    ("leave", "mn<enter><enter><enter>", "Do you have the token?"),
    ("save", "mn<enter><enter>f", "Save the token"),
    ("git", "mn<enter><enter>g", "Set git up"),
    ("help", "?", "Projects, repositories, Security"),
    ("activity", "<f12>", "Activity"),
];

/// What would do something on one of them.
const KEYS: &str = "y<enter>xn<down>vgfct<tab><esc>qm<f2><f12>?/<space>uRsbe ";

#[tokio::test]
async fn in_a_window_that_is_too_small_no_key_does_anything() {
    for (screen, keys, shown) in SCREENS {
        let mut program = signed_in().await;
        program.keys(keys).await;
        program.shows(shown);
        // News goes by itself, and seconds are counted down.
        program.advance(Duration::from_secs(30)).await;
        let seen = |text: String| text.replace(|letter: char| letter.is_ascii_digit(), "");
        let before = seen(program.text());
        let writes = |program: &Harness| {
            [Method::PUT, Method::POST, Method::DELETE]
                .map(|method| program.count_requests(&method, "access-tokens"))
        };
        let written = writes(&program);
        let copied = program.clipboard();
        for (columns, rows) in [(39, 24), (80, 9), (1, 1)] {
            program.resize(columns, rows).await;
            program.keys(KEYS).await;
            program.paste("y").await;
        }
        program.resize(80, 24).await;
        assert!(!program.has_quit(), "{screen}");
        assert_eq!(writes(&program), written, "{screen}");
        assert_eq!(program.clipboard(), copied, "{screen}");
        assert_eq!(seen(program.text()), before, "{screen}");
    }
}

#[tokio::test]
async fn ctrl_c_leaves_from_there_and_asks_only_where_something_would_be_lost() {
    let mut program = signed_in().await;
    program.resize(30, 5).await;
    program.keys("<c-c>").await;
    assert!(program.has_quit());

    let mut program = Harness::start(Setup {
        clipboard: false,
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys("mn<enter><enter>").await;
    program.resize(30, 8).await;
    program.keys("<c-c><c-c>y<enter>").await;
    assert!(!program.has_quit());
    program.shows("A question waits for your answer.");
    program.resize(80, 24).await;
    program.shows("Do you have the token?");
    program.keys("n").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn enter_held_down_creates_nothing() {
    let mut program = signed_in().await;
    program.keys("mn").await;
    program.burst("<enter><enter><enter><enter>").await;
    program.shows("Several keys arrived at once");
    assert!(program.new_tokens(&personal("alice")).await.is_empty());
    program.keys("<enter>").await;
    program.shows("Token ready");
}

#[tokio::test]
async fn a_word_that_falls_in_answers_no_question() {
    for word in ["proxy", "xy", "x\r", "xyxy", "yes", "xn", "x<down><enter>"] {
        let mut program = signed_in().await;
        program.keys("m<down><down>").await;
        let before = program.tokens(&personal("alice")).await.len();
        program.burst(&word.replace('\r', "<enter>")).await;
        assert_eq!(
            program.tokens(&personal("alice")).await.len(),
            before,
            "{word}"
        );
        // Into a question that is open already.
        program.keys("n<esc>x").await;
        program.burst(&word.replace('\r', "<enter>")).await;
        assert_eq!(
            program.tokens(&personal("alice")).await.len(),
            before,
            "{word}"
        );
    }
}

#[tokio::test]
async fn an_experts_two_keys_work_or_are_asked_for_again() {
    let mut program = signed_in().await;
    program.keys("m<down><down>").await;
    let before = program.tokens(&personal("alice")).await.len();
    program.burst("xy").await;
    program.shows("Press the key again, on its own");
    program.keys("y").await;
    assert_eq!(program.tokens(&personal("alice")).await.len(), before - 1);
}

#[tokio::test]
async fn an_experts_two_keys_by_hand_work() {
    let mut program = signed_in().await;
    program.keys("m<down><down>").await;
    let before = program.tokens(&personal("alice")).await.len();
    program.keys("xy").await;
    assert_eq!(program.tokens(&personal("alice")).await.len(), before - 1);
}

/// A key that changes something, on the server or in this computer's files: the screen it is on, the keys that
/// lead there from the sign-in on, and the key. Each other key is refused by the model where it changes
/// something without being in this list: `must_be_meant` of its screen.
const CHANGES: &[(&str, &str, &str)] = &[
    ("create", "mn<enter>", "<enter>"),
    ("change", "m<down>e!<enter>", "<enter>"),
    ("revoke", "m<down><down>x", "y"),
    ("revoke with the arrows", "m<down><down>x<down>", "<enter>"),
    ("revoke a token that is used", "m<down>x1", "<enter>"),
    ("revoke several", "m<down> <down> x2", "<enter>"),
    ("revoke on leaving", "mn<enter><enter><enter>", "x"),
    ("save", "mn<enter><enter>f", "<enter>"),
    ("set git up", "mn<enter><enter>g", "<enter>"),
    ("undo that", "mn<enter><enter>g<enter>", "u"),
];

/// Everything that such a key can change.
async fn state(program: &Harness) -> (Vec<String>, Vec<std::path::PathBuf>) {
    let tokens = program.tokens(&personal("alice")).await;
    let tokens = tokens.into_iter().map(|token| token.name).collect();
    let mut files = vec![program.home.path().to_owned()];
    let mut next = 0;
    while let Some(folder) = files.get(next).cloned() {
        next += 1;
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        let entries = entries.map(|entry| entry.unwrap().path());
        // What bbtoken remembers by itself is nobody's key.
        files.extend(entries.filter(|file| !file.ends_with(".local")));
    }
    (tokens, files)
}

#[tokio::test]
async fn a_key_that_changes_something_counts_only_if_it_was_pressed_alone() {
    for (what, keys, key) in CHANGES {
        let mut program = Harness::start(Setup {
            size: (100, 40),
            ..Setup::default()
        })
        .await;
        program.sign_in("alice").await;
        program.keys(keys).await;
        program.keys("<c-l>").await;
        let before = state(&program).await;
        for burst in [key.repeat(2), key.repeat(9), format!("z{key}")] {
            program.burst(&burst).await;
            assert_eq!(state(&program).await, before, "{what}: {burst}");
            assert!(!program.has_quit(), "{what}");
        }
        if what.contains(" used") || what.contains("several") {
            program.keys("<backspace><backspace><backspace>").await;
            program.keys(&keys[keys.len() - 1..]).await;
        }
        program.keys(key).await;
        assert_ne!(state(&program).await, before, "{what}:\n{}", program.text());
    }
}

#[tokio::test]
async fn a_burst_shows_no_token() {
    let mut program = signed_in().await;
    program.keys("mn<enter><enter>").await;
    let token = program.clipboard().unwrap();
    program.burst("vivid").await;
    program.hides(&token[..8]);
    program.keys("v").await;
    program.shows(&token[..8]);
}

#[tokio::test]
async fn what_was_meant_for_one_screen_does_nothing_on_another() {
    let mut program = signed_in().await;
    program.keys("m<down><down>").await;
    program.fault(Some(Method::DELETE), "access-tokens", 1, FaultEffect::Hang);
    program.keys("x").await;
    program.input_only(bbtoken::terminal::Input::Key(
        crossterm::event::KeyCode::Char('y').into(),
    ));
    // Before its time has come the program is told to end.
    program.end_inputs();
    program.pass(Duration::from_millis(200));
    assert_eq!(program.count_requests(&Method::DELETE, "access-tokens"), 0);
}

#[tokio::test]
async fn caps_lock_and_wide_letters_answer_questions() {
    for (no, yes) in [("N", "Y"), ("ｎ", "ｙ")] {
        let mut program = signed_in().await;
        program.keys("<esc>").await;
        program.shows("Sign alice out");
        program.keys(no).await;
        program.hides("Sign alice out");
        program.keys("<esc>").await;
        program.keys(yes).await;
        program.hides("PLAT");
    }
    let mut program = signed_in().await;
    program.keys("M<down>X").await;
    program.shows("Revoke");
}

#[tokio::test]
async fn another_alphabet_answers_with_arrows_and_enter() {
    let mut program = signed_in().await;
    let before = program.tokens(&personal("alice")).await.len();
    program.keys("m<down><down>x").await;
    program.is_on("n ");
    program.keys("<enter>").await;
    assert_eq!(program.tokens(&personal("alice")).await.len(), before);
    program.keys("x<down>").await;
    program.is_on("y ");
    program.keys("<up>").await;
    program.is_on("n ");
    program.keys("<down><down><down><enter>").await;
    assert_eq!(program.tokens(&personal("alice")).await.len(), before - 1);
    program.keys("н").await;
    program.shows("The keys are Latin letters. The arrows, enter and esc work on every keyboard; F1 lists all keys.");
}
