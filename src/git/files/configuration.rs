//! The user's own configuration of git: a few lines of ours at its end, and every other byte as it was,
//! whatever its encoding and line ends.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{at, home, quoted, replace, xdg};
use crate::environment::Environment;
use crate::git::Error;

/// Stands above our lines.
const NOTE: &str =
    "# What bbtoken has set up for git. `bbtoken git-setup --undo` takes it away again.\n";

/// The file that `git config --global` writes.
pub(super) fn file(environment: &Environment) -> Result<PathBuf, Error> {
    if let Some(file) = environment.get("GIT_CONFIG_GLOBAL") {
        return Ok(file.into());
    }
    let usual = home(environment)?.join(".gitconfig");
    let other = xdg(environment)?.join("git").join("config");
    Ok(if !usual.exists() && other.exists() {
        other
    } else {
        usual
    })
}

/// Our lines. Where the last line of the user's had no end, they begin with one.
fn lines(list: &Path, has_end: bool) -> String {
    let start = if has_end { "" } else { "\n" };
    let path = list.to_string_lossy().replace('\\', "/");
    let again = if has_end {
        ""
    } else {
        "# (The line above had no end.)\n"
    };
    format!(
        "{start}{NOTE}{again}[include]\n\tpath = {}\n",
        quoted(&path)
    )
}

/// Where our lines are.
fn find(text: &[u8], list: &Path) -> Option<std::ops::Range<usize>> {
    [false, true].into_iter().find_map(|has_end| {
        let ours = lines(list, has_end).into_bytes();
        let start = text.windows(ours.len()).position(|it| it == ours)?;
        Some(start..start + ours.len())
    })
}

/// Has git read this file too.
pub(super) fn include(environment: &Environment, list: &Path) -> Result<(), Error> {
    let file = file(environment)?;
    let before = match fs::read(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(at(&file, error)),
    };
    if find(&before, list).is_some() {
        return Ok(());
    }
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).map_err(|error| at(parent, error))?;
    }
    let has_end = before.last().is_none_or(|last| *last == b'\n');
    let mut options = OpenOptions::new();
    let opened = options.append(true).create(true).open(&file);
    opened
        .and_then(|mut opened| opened.write_all(lines(list, has_end).as_bytes()))
        .map_err(|error| at(&file, error))
}

/// Takes our lines away, also behind a link. A file that held nothing else goes too: we made it.
pub(super) fn exclude(environment: &Environment, list: &Path) -> Result<(), Error> {
    let file = file(environment)?;
    let mut text = match fs::read(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(&file, error)),
    };
    // Somebody may have changed our lines. What is left includes nothing any more, and harms nobody.
    let Some(ours) = find(&text, list) else {
        return Ok(());
    };
    text.drain(ours);
    if text.is_empty() {
        return fs::remove_file(&file).map_err(|error| at(&file, error));
    }
    let real = fs::canonicalize(&file).map_err(|error| at(&file, error))?;
    let data = fs::metadata(&real).map_err(|error| at(&file, error))?;
    replace(&real, &text, Some(data.permissions()))
}
