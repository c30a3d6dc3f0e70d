//! What is pasted and does not fit is refused as a whole and aloud, in every field; what was there stays.

use bbtoken::simulator::Options;

use crate::harness::{Harness, Setup, signed_in};

const REFUSED: &str = "That is too long for this field: nothing of it was pasted.";

/// Who signs in, the keys that lead to a field from the sign-in on, what is typed there, and how it is seen.
const FIELDS: &[(&str, &str, &str, &str)] = &[
    ("alice", "/", "plat", "/ plat"),
    ("alice", "<enter>/", "gate", "/ gate"),
    ("alice", "m/", "git", "/ git"),
    ("alice", "<f12>/", "rest", "/ rest"),
    ("alice", "mn<tab>", "!", "laptop!"),
    ("alice", "mn<up><right>", "Jenk", "Jenk"),
    ("alice", "m<down>e", "!", "!"),
    ("alice", "mn<enter><enter>f", "x", ".tokenx"),
    ("alice", "c", "x", "•"),
    (
        "bob",
        "/research<enter>n<up><up><up><right><down>",
        "Jenk",
        "Jenk",
    ),
];

/// Longer than any field, and no token: blanks divide it.
fn long(letters: usize) -> String {
    "abcdefghi ".repeat(letters / 10)
}

async fn is_refused(program: &mut Harness, seen: &str) {
    for letters in [1_030, 10_000, 100_000] {
        program.shows(seen);
        program.hides(REFUSED);
        program.paste(&long(letters)).await;
        program.shows(REFUSED);
        program.shows(seen);
        program.hides("abcdefghi");
        program.keys("<right>").await;
    }
}

#[tokio::test]
async fn no_field_takes_a_part_of_what_it_has_no_room_for() {
    for (user, keys, typed, seen) in FIELDS {
        let mut program = signed_in(user).await;
        program.keys(keys).await;
        program.keys(typed).await;
        is_refused(&mut program, seen).await;
    }
}

#[tokio::test]
async fn nor_does_one_of_those_before_somebody_is_signed_in() {
    let mut program = Harness::new().await;
    let address = program.base_url.clone();
    is_refused(&mut program, &address).await;
    program.keys("<enter>ali").await;
    is_refused(&mut program, "ali").await;
    program.keys("<tab>x").await;
    is_refused(&mut program, "Password   ••••••••").await;
    program.keys("<tab><enter>").await;
    program.shows("Create the token in the browser");
    program.keys("PLAT").await;
    is_refused(&mut program, "PLAT").await;
    program.keys("<tab>x").await;
    is_refused(&mut program, "••••••••").await;
}

/// What the program proposes gives way only to what comes in its place.
#[tokio::test]
async fn what_is_proposed_stays_too() {
    let mut program = Harness::start(Setup {
        demo: true,
        ..Setup::default()
    })
    .await;
    program.keys("<enter>").await;
    program.shows("alice");
    for keys in ["", "<tab><tab><tab><tab><tab>"] {
        program.keys(keys).await;
        program.paste(&long(10_000)).await;
        program.shows("alice");
        program.shows("Password   ••••••••");
    }
}

#[tokio::test]
async fn nor_a_code() {
    let mut program = Harness::start(Setup {
        size: (100, 30),
        options: Options {
            version: "10.2.0".to_owned(),
            ..Options::default()
        },
        ..Setup::default()
    })
    .await;
    program.keys("<enter>tess<enter>tess<enter>").await;
    program.keys("12").await;
    program.paste(&long(10_000)).await;
    program.shows("That is not a six-digit code, so it was not pasted.");
    program.shows("Code       ••");
    program.keys("<tab>x").await;
    is_refused(&mut program, "••••••••").await;
}

#[tokio::test]
async fn what_fits_goes_in_whole_also_beside_what_is_there() {
    let mut program = signed_in("alice").await;
    program.keys("mn<tab><c-u>").await;
    program.paste(&"n".repeat(1_000)).await;
    program.hides(REFUSED);
    program.paste(&"m".repeat(30)).await;
    program.shows(REFUSED);
    program.paste(&"m".repeat(23)).await;
    program.hides(REFUSED);
    program.keys("<enter>").await;
    program.shows("The name has 1023 characters; at most 255 are allowed.");
}
