//! The floors of the house: who may know whom. `floors.rs` has the rules, `modules.rs` reads the
//! source with the parser of Rust's own macros. And the words: `texts.rs` finds every text that a user
//! sees.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap is a failed test"
)]

mod circles;
mod floors;
mod modules;
mod texts;
mod words;

use std::fs;
use std::path::Path;

use self::floors::{Known, Violation};
use self::modules::House;

/// A file that is longer holds a second idea.
const MOST_LINES: usize = 450;

fn source() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}

#[test]
fn every_module_uses_only_what_its_floor_may_know() {
    let found = floors::violations(&House::read(source()));
    let is_known = |found: &&Violation| floors::KNOWN.iter().any(|known| known.is(found));
    let new = found.iter().filter(|found| !is_known(found));
    let new: Vec<_> = new.map(ToString::to_string).collect();
    assert!(
        new.is_empty(),
        "against the rules of the floors (CONTRIBUTING.md, \"Floors\"):\n{}",
        new.join("\n")
    );
    let is_mended = |known: &&Known| !found.iter().any(|found| known.is(found));
    let mended: Vec<_> = floors::KNOWN
        .iter()
        .filter(is_mended)
        .map(|known| format!("{} -> {}", known.from, known.to))
        .collect();
    assert!(
        mended.is_empty(),
        "mended: take it off the list in floors.rs, which may only shrink:\n{}",
        mended.join("\n")
    );
}

#[test]
fn no_circle_of_files_is_longer_than_three() {
    let found = circles::long(&House::read(source()));
    let found: Vec<_> = found
        .iter()
        .map(|circle| {
            let names: Vec<_> = circle.iter().map(|file| file.join("::")).collect();
            format!("{} files: {}", names.len(), names.join(", "))
        })
        .collect();
    assert!(found.is_empty(), "files in a circle:\n{}", found.join("\n"));
}

#[test]
fn no_file_holds_two_ideas() {
    let house = House::read(source());
    let long: Vec<_> = house
        .files()
        .filter_map(|path| {
            let lines = fs::read_to_string(path).unwrap().lines().count();
            let name = path.strip_prefix(source()).unwrap();
            (lines > MOST_LINES).then(|| format!("{} has {lines} lines", name.display()))
        })
        .collect();
    assert!(
        long.is_empty(),
        "past {MOST_LINES} lines: split at the second idea:\n{}",
        long.join("\n")
    );
}

/// Prints every text that a user sees: `cargo test --test house texts -- --nocapture`.
#[test]
#[allow(clippy::print_stdout, reason = "printing them is what it is for")]
fn texts() {
    let texts = texts::all();
    assert!(texts.len() > 1000, "only {} texts were found", texts.len());
    println!("{}", texts::printed(&texts));
}

#[test]
fn no_text_sounds_translated() {
    let found = words::refused(&texts::all());
    assert!(
        found.is_empty(),
        "CONTRIBUTING.md, \"How we write\":\n{}",
        found.join("\n")
    );
}

#[test]
fn texts_take_the_names_of_keys_from_the_table() {
    let texts = texts::all();
    let found = words::files_that_spell_keys(&texts);
    assert!(
        found.is_empty(),
        "texts here spell a key out: take it from the table with keymap::key: {found:#?}"
    );
}
