//! The line that says what comes next: true on every screen, and every key that it names works there.

use bbtoken::bitbucket::Destination;
use bbtoken::simulator::FaultEffect;
use reqwest::Method;

use crate::harness::{Harness, Setup, named, project};

/// The way to a screen, and what the line says there.
struct State {
    user: &'static str,
    keys: &'static str,
    step: &'static str,
    /// What goes wrong after the sign-in, at paths that end so.
    failing: &'static str,
}

const fn at(user: &'static str, keys: &'static str, step: &'static str) -> State {
    State {
        user,
        keys,
        step,
        failing: "",
    }
}

impl State {
    async fn reach(&self) -> Harness {
        let mut program = Harness::start(Setup {
            size: (160, 50),
            ..Setup::default()
        })
        .await;
        if !self.user.is_empty() {
            program.sign_in(self.user).await;
        }
        if !self.failing.is_empty() {
            let failure = FaultEffect::Status(500, "Not now.".into());
            program.fault(Some(Method::GET), self.failing, 1, failure);
        }
        program.keys(self.keys).await;
        program
    }
}

fn step(program: &mut Harness) -> String {
    let text = program.text();
    let line = text.lines().find_map(|line| line.trim().strip_prefix("→ "));
    let line = line.unwrap_or_else(|| panic!("no step in\n{text}"));
    line.trim_end_matches("F3 hides").trim().to_owned()
}

const STATES: &[State] = &[
    at(
        "",
        "<c-u>",
        "Step 1 of 6: type the address, then press enter.",
    ),
    at(
        "",
        "<c-u>x<backspace>git.example.com",
        "Step 1 of 6: check the address, then press enter.",
    ),
    at(
        "",
        "<enter>",
        "Step 2 of 6: type your user name and password, then press enter.",
    ),
    at(
        "",
        "<enter>alice<tab>",
        "Step 2 of 6: type the password, then press enter.",
    ),
    at(
        "",
        "<enter>alice<tab>alice",
        "Step 2 of 6: press enter to sign in.",
    ),
    at(
        "",
        "<enter><down><down>",
        "Step 2 of 6: press enter to create the token in the browser.",
    ),
    at(
        "",
        "<enter><down><down><down>",
        "Press enter to look around with a token that you have.",
    ),
    at(
        "alice",
        "",
        "Step 3 of 6: choose the project with the arrows, then press enter.",
    ),
    at(
        "alice",
        "<down><down>",
        "Step 3 of 6: press enter for your own tokens, or choose a project.",
    ),
    at(
        "alice",
        "<enter>",
        "Step 3 of 6: choose the repository with the arrows, then press enter.",
    ),
    at(
        "alice",
        "<enter><home>",
        "Step 3 of 6: press enter for its tokens, or choose a repository.",
    ),
    at(
        "alice",
        "<enter><enter>",
        "Step 4 of 6: press enter for its HTTP access tokens.",
    ),
    at(
        "bob",
        "/platform<enter>/billing<enter>",
        "You cannot create tokens here: press enter to see what you can do.",
    ),
    at(
        "bob",
        "/platform<enter>/billing<enter><enter>",
        "Press enter to create a personal token.",
    ),
    State {
        failing: "api-gateway",
        ..at(
            "alice",
            "<enter><enter><enter>",
            "Press r to read the list again.",
        )
    },
    at("alice", "m", "Step 4 of 6: press n for a new token."),
    at(
        "alice",
        "m/git",
        "Type a few letters of anything that is shown. Press esc for all of them again.",
    ),
    at(
        "alice",
        "mn<enter>",
        "Step 5 of 6: press enter to create the token.",
    ),
    at(
        "alice",
        "mn<enter><enter>",
        "Step 6 of 6: press g to set git up, or paste the token",
    ),
    at(
        "alice",
        "mn<enter><enter>f",
        "Check the file name, then press enter. Or press esc to go back.",
    ),
    at(
        "alice",
        "<enter>n<enter><enter>g<enter><enter>",
        "All done: git here uses the token that is marked. Press q to leave.",
    ),
];

#[tokio::test]
async fn the_line_says_what_comes_next_and_names_no_key_that_is_refused() {
    assert_eq!(
        named("Press m for yours, or esc to go back. Or press / and type."),
        ["m", "<esc>", "/"]
    );
    for state in STATES {
        let mut program = state.reach().await;
        let step = step(&mut program);
        assert!(step.starts_with(state.step), "{}: {step}", state.keys);
        // What waits for something to be typed does nothing before that.
        let waits = ["type", "Type", "paste", "Paste"];
        let sentences = step.split_inclusive(". ");
        let ready = sentences.filter(|it| !waits.iter().any(|word| it.contains(word)));
        for key in ready.flat_map(named) {
            let mut program = state.reach().await;
            let before = program.text();
            program.keys(&key).await;
            if program.has_quit() {
                continue;
            }
            let after = program.text();
            assert_ne!(before, after, "{step}: {key} does nothing");
            let is_refused = after.lines().any(|line| line.starts_with(" ! "));
            assert!(!is_refused, "{step}: {key} is refused\n{after}");
        }
    }
}

/// What cannot be had is not offered at the bottom either.
#[tokio::test]
async fn a_list_that_cannot_be_shown_offers_nothing_to_filter() {
    let mut program = Harness::start(Setup {
        size: (160, 50),
        place: Some(Destination::Tokens(project("PLAT"))),
        ..Setup::default()
    })
    .await;
    program.sign_in("bob").await;
    program.shows("– Bitbucket lets only administrators of Platform (PLAT) create project tokens.");
    program.hides("/ filter");
    program.shows("n new token");
    program.shows("m account");
    // In the section itself the key leads back to the list, where there is something to look for.
    program.keys("<esc>").await;
    program.shows("Security of Platform (PLAT)");
    program.shows("/ filter");
    program.keys("/billing").await;
    program.shows("› billing-api");
}
