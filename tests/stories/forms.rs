//! Going back from a form that somebody has filled in is asked about first, on every form, and only then.

use bbtoken::simulator::Options;

use crate::harness::{Harness, Setup, signed_in};

const ASKED: &str = "Throw away what you have filled in?";

/// Who signs in, the keys that lead to a form from there on, what is typed into it, how that is seen, and
/// what is seen once it is thrown away.
const FORMS: &[(&str, &str, &str, &str, &str)] = &[
    ("alice", "mn<tab>", "!", "laptop!", "+ New token"),
    (
        "alice",
        "mn<tab><tab>",
        "<right>",
        "365 days",
        "+ New token",
    ),
    (
        "alice",
        "mn<up><right>",
        "Jenkins",
        "Jenkins",
        "+ New token",
    ),
    (
        "alice",
        "mn<down><down><down><down><enter>",
        "<right>",
        "‹ write ›",
        "+ New token",
    ),
    ("alice", "m<down>e", "!", "laptop!", "+ New token"),
    (
        "alice",
        "m<down>e<tab>",
        "<right>",
        "‹ write ›",
        "+ New token",
    ),
    (
        "bob",
        "/research<enter>n<up><up><up><right><down>",
        "Jenkins",
        "Jenkins",
        "airflow-dags",
    ),
];

async fn asks_before_back(program: &mut Harness, seen: &str, below: &str) {
    program.keys("<esc>").await;
    program.shows(ASKED);
    // Nothing is answered by the same key, held down.
    program.burst("<esc><esc>").await;
    program.shows(ASKED);
    program.keys("n").await;
    program.hides(ASKED);
    program.shows(seen);
    program.keys("<esc><enter>").await;
    program.shows(seen);
    program.keys("<esc>y").await;
    program.hides(ASKED);
    program.shows(below);
}

#[tokio::test]
async fn every_form_in_which_something_is_filled_in_asks() {
    for (user, keys, typed, seen, below) in FORMS {
        let mut program = signed_in(user).await;
        program.keys(keys).await;
        program.keys(typed).await;
        program.shows(seen);
        asks_before_back(&mut program, seen, below).await;
    }
}

#[tokio::test]
async fn none_asks_in_which_nothing_is() {
    for (user, keys, _, _, below) in FORMS {
        let mut program = signed_in(user).await;
        program.keys(keys).await;
        program.keys("<esc>").await;
        program.hides(ASKED);
        program.shows(below);
    }
}

#[tokio::test]
async fn nor_is_a_change_that_was_taken_back_one() {
    let mut program = signed_in("alice").await;
    program.keys("m<down>e!<backspace><esc>").await;
    program.hides(ASKED);
    program.shows("+ New token");
}

#[tokio::test]
async fn a_token_from_the_browser_is_not_thrown_away_unasked() {
    let mut program = Harness::new().await;
    program.keys("<enter>olga<tab><tab><enter>").await;
    program.shows("Create the token in the browser");
    program.keys("<enter>").await;
    program.paste("a token that its page shows only once").await;
    asks_before_back(&mut program, "••••••••", "In the browser").await;
}

/// The keys stop what is under way, and ask nothing.
#[tokio::test]
async fn a_sign_in_that_is_under_way_is_only_stopped() {
    let mut program = Harness::start(Setup {
        options: Options::default(),
        ..Setup::default()
    })
    .await;
    program.keys("<enter>alice<tab>alice").await;
    program.press_only("<enter>");
    program.press_only("<esc>");
    program.settle().await;
    program.hides(ASKED);
    program.shows("Stopped signing in.");
}
