//! The floors of the house: who may know whom. `floors.rs` has the rules, `modules.rs` reads the
//! source with the parser of Rust's own macros.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap is a failed test"
)]

mod circles;
mod floors;
mod modules;

use std::fs;
use std::path::Path;

use self::modules::House;

/// A file that is longer holds a second idea.
const MOST_LINES: usize = 450;

fn source() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}

#[test]
fn every_module_uses_only_what_its_floor_may_know() {
    let house = House::read(source());
    let found = floors::violations(&house);
    let unknown: Vec<_> = found
        .iter()
        .filter(|found| !floors::KNOWN.iter().any(|known| known.is(found)))
        .map(ToString::to_string)
        .collect();
    assert!(
        unknown.is_empty(),
        "against the rules of the floors (CONTRIBUTING.md, \"Floors\"):\n{}",
        unknown.join("\n")
    );
    let settled: Vec<_> = floors::KNOWN
        .iter()
        .filter(|known| !found.iter().any(|found| known.is(found)))
        .map(|known| format!("{} -> {}", known.from, known.to))
        .collect();
    assert!(
        settled.is_empty(),
        "mended: take them off the list in floors.rs, which may only shrink:\n{}",
        settled.join("\n")
    );
}

#[test]
fn no_circle_of_files_is_longer_than_three() {
    let house = House::read(source());
    let long: Vec<_> = circles::circles(&house)
        .into_iter()
        .filter(|circle| circle.len() > circles::LONGEST)
        .filter(|circle| !circles::is_known(circle))
        .map(|circle| format!("{} files: {}", circle.len(), circle.join(", ")))
        .collect();
    assert!(long.is_empty(), "files in a circle:\n{}", long.join("\n"));
}

#[test]
fn no_file_holds_two_ideas() {
    let house = House::read(source());
    let long: Vec<_> = house
        .files()
        .filter_map(|path| {
            let lines = fs::read_to_string(path).unwrap().lines().count();
            (lines > MOST_LINES).then(|| format!("{} has {lines} lines", path.display()))
        })
        .collect();
    assert!(
        long.is_empty(),
        "past {MOST_LINES} lines: split at the second idea:\n{}",
        long.join("\n")
    );
}
