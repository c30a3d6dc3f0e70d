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

/// A list of what is left may not keep what is mended.
const SHRINK: &str = "mended: take it off the list, which may only shrink,";

fn source() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
}

/// Files that are longer for the time being, with what is to be done. May only shrink.
const LONG_FILES: &[(&str, &str)] = &[("screen/browse.rs", "the part that is the Layer leaves it")];

/// What was found and is on no list, and what is on the list and was not found.
fn compare<'a, F, K>(
    found: &'a [F],
    known: &'a [K],
    is: impl Fn(&K, &F) -> bool,
) -> (Vec<&'a F>, Vec<&'a K>) {
    let new = found
        .iter()
        .filter(|found| !known.iter().any(|known| is(known, found)));
    let mended = known
        .iter()
        .filter(|known| !found.iter().any(|found| is(known, found)));
    (new.collect(), mended.collect())
}

#[test]
fn every_module_uses_only_what_its_floor_may_know() {
    let found = floors::violations(&House::read(source()));
    let (new, mended) = compare(&found, floors::KNOWN, floors::Known::is);
    let new: Vec<_> = new.iter().map(ToString::to_string).collect();
    assert!(
        new.is_empty(),
        "against the rules of the floors (CONTRIBUTING.md, \"Floors\"):\n{}",
        new.join("\n")
    );
    let mended: Vec<_> = mended
        .iter()
        .map(|known| format!("{} -> {}", known.from, known.to))
        .collect();
    assert!(
        mended.is_empty(),
        "{SHRINK} in floors.rs:\n{}",
        mended.join("\n")
    );
}

#[test]
fn no_circle_of_files_is_longer_than_three() {
    let found = circles::long(&House::read(source()));
    let (new, mended) = compare(&found, circles::KNOWN, |known, circle| known.is(circle));
    let new: Vec<_> = new
        .iter()
        .map(|circle| {
            let names: Vec<_> = circle.iter().map(|file| file.join("::")).collect();
            format!("{} files: {}", names.len(), names.join(", "))
        })
        .collect();
    assert!(new.is_empty(), "files in a circle:\n{}", new.join("\n"));
    let mended: Vec<_> = mended
        .iter()
        .map(|known| known.modules.join(", "))
        .collect();
    assert!(
        mended.is_empty(),
        "{SHRINK} in circles.rs:\n{}",
        mended.join("\n")
    );
}

#[test]
fn no_file_holds_two_ideas() {
    let house = House::read(source());
    let long: Vec<_> = house
        .files()
        .filter_map(|path| {
            let lines = fs::read_to_string(path).unwrap().lines().count();
            let name = path.strip_prefix(source()).unwrap();
            (lines > MOST_LINES).then(|| (name.to_str().unwrap().replace('\\', "/"), lines))
        })
        .collect();
    let (new, mended) = compare(&long, LONG_FILES, |(known, _), (file, _)| known == file);
    let new: Vec<_> = new
        .iter()
        .map(|(file, lines)| format!("{file} has {lines} lines"))
        .collect();
    assert!(
        new.is_empty(),
        "past {MOST_LINES} lines: split at the second idea:\n{}",
        new.join("\n")
    );
    let mended: Vec<_> = mended.iter().map(|(file, _)| *file).collect();
    assert!(
        mended.is_empty(),
        "{SHRINK} in main.rs:\n{}",
        mended.join("\n")
    );
}
