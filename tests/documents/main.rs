//! The documents say what is true: pictures are real frames, tables come from the program, links
//! lead somewhere, command lines are understood.
//!
//! `UPDATE_DOCUMENTS=1 cargo test --test documents` writes the generated parts anew.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap is a failed test"
)]
#![cfg(feature = "simulator")]

#[path = "../support/harness.rs"]
mod harness;
mod outcomes;
mod pictures;
mod readme;
mod svg;

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the package.
fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file, with the line ends that we write, whatever git made of them.
fn read(path: &str) -> String {
    let text = fs::read_to_string(file(path)).unwrap_or_default();
    text.replace("\r\n", "\n")
}

/// Fails unless the file has this text; where updates are asked for, writes it instead.
fn check(path: &str, wanted: &str) {
    if read(path) == wanted {
        return;
    }
    assert!(
        std::env::var_os("UPDATE_DOCUMENTS").is_some(),
        "{path} is not what the program shows now. Look at what has changed, then run\n\
         UPDATE_DOCUMENTS=1 cargo test --test documents"
    );
    let file = file(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, wanted).unwrap();
}
