//! The files that are written: one for each address, a list of them, and one `include` of that list in
//! the user's own configuration of git, of which every other byte stays as it is.
//!
//! ```text
//! ~/.gitconfig                    … [include] path = ~/.config/bbtoken/git/config
//! ~/.config/bbtoken/git/config    [include] path = https%3A%2F%2F….inc
//! ~/.config/bbtoken/git/….inc     the sections for one address; 0600, it may hold a token
//! ```

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::way::{Way, WayKind};
use super::{Error, Target};
use crate::environment::Environment;
use crate::private_file;
use crate::secret::Secret;

/// What may stand in the name of a file everywhere.
const FILE_NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
const EXTENSION: &str = "inc";
const LIST: &str = "config";
/// Stands above our lines in the user's own configuration.
const NOTE: &str =
    "# What bbtoken has set up for git. `bbtoken git-setup --undo` takes it away again.\n";

/// What was set up for an address.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// Whose personal token git's own helper was given.
    pub(super) user: Option<String>,
    /// What keeps the token for bbtoken's own helper.
    pub(super) store: Option<super::Store>,
}

/// A string of git's configuration, in quotes.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{}\"", escaped.replace('\n', r"\n"))
}

/// Has git ask this helper for the password of a server.
pub(super) fn helper_section(address: &str, helper: &str) -> Zeroizing<String> {
    let address = quoted(address);
    let helper = quoted(helper);
    Zeroizing::new(format!("[credential {address}]\n\thelper = {helper}\n"))
}

/// Has git send the token with every request to this address.
pub(super) fn header_section(target: &Target, token: &Secret) -> Zeroizing<String> {
    let header = Zeroizing::new(format!("Authorization: Bearer {}", token.expose()));
    let header = Zeroizing::new(quoted(&header));
    let address = quoted(&target.address);
    Zeroizing::new(format!(
        "[http {address}]\n\textraHeader = {}\n",
        header.as_str()
    ))
}

/// Writes the sections for an address, and makes sure that git reads them.
pub(super) fn write(
    environment: &Environment,
    target: &Target,
    way: &Way,
    sections: &str,
) -> Result<(), Error> {
    let directory = directory(environment)?;
    create_private(&directory)?;
    let mut text = Zeroizing::new(format!(
        "# Written by bbtoken. `bbtoken git-setup --undo {}` takes it away.\n[bbtoken]\n",
        target.address
    ));
    let record = match &way.kind {
        WayKind::Approve { .. } => target.user.as_ref().map(|user| ("user", user.clone())),
        WayKind::Helper { store } => Some(("store", store.to_string())),
        WayKind::Header => None,
    };
    if let Some((key, value)) = record {
        text.push_str(&format!("\t{key} = {}\n", quoted(&value)));
    }
    text.push_str(sections);
    replace(&file_of(&directory, &target.address), &text)?;
    write_list(&directory)?;
    include(environment, &directory.join(LIST))
}

/// What was set up for an address; `None` if nothing was.
pub(super) fn recorded(environment: &Environment, address: &str) -> Result<Option<Record>, Error> {
    let file = file_of(&directory(environment)?, address);
    let text = match fs::read_to_string(&file) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(&file, error)),
    };
    let value = |key: &str| {
        let mut lines = text.lines();
        let quoted = lines.find_map(|line| line.strip_prefix(&format!("\t{key} = \"")))?;
        let inside = quoted.strip_suffix('"')?;
        Some(inside.replace("\\\"", "\"").replace(r"\\", r"\"))
    };
    Ok(Some(Record {
        user: value("user"),
        store: value("store").and_then(|store| store.parse().ok()),
    }))
}

/// Takes the sections for an address away, and with the last of them the `include` too.
pub(super) fn remove(environment: &Environment, address: &str) -> Result<(), Error> {
    let directory = directory(environment)?;
    let file = file_of(&directory, address);
    fs::remove_file(&file).map_err(|error| at(&file, error))?;
    if write_list(&directory)? == 0 {
        let list = directory.join(LIST);
        exclude(environment, &list)?;
        fs::remove_file(&list).map_err(|error| at(&list, error))?;
    }
    Ok(())
}

/// Where the file for an address is, with the home directory as `~`: for people to read.
pub(super) fn shown_file(environment: &Environment, address: &str) -> Result<String, Error> {
    let file = file_of(&directory(environment)?, address);
    Ok(shown(environment, &file))
}

/// Where the user's own configuration of git is, for people to read.
pub(super) fn shown_configuration(environment: &Environment) -> Result<String, Error> {
    Ok(shown(environment, &configuration(environment)?))
}

fn shown(environment: &Environment, path: &Path) -> String {
    let below = environment.home().and_then(|home| {
        let below = path.strip_prefix(home).ok()?;
        Some(Path::new("~").join(below))
    });
    below
        .unwrap_or_else(|| path.to_owned())
        .display()
        .to_string()
}

fn file_of(directory: &Path, address: &str) -> PathBuf {
    let name = utf8_percent_encode(address, FILE_NAME);
    directory.join(format!("{name}.{EXTENSION}"))
}

fn home(environment: &Environment) -> Result<PathBuf, Error> {
    environment.home().ok_or(Error::NoHome)
}

fn xdg(environment: &Environment) -> Result<PathBuf, Error> {
    match environment.get("XDG_CONFIG_HOME") {
        Some(directory) => Ok(directory.into()),
        None => Ok(home(environment)?.join(".config")),
    }
}

fn directory(environment: &Environment) -> Result<PathBuf, Error> {
    Ok(xdg(environment)?.join("bbtoken").join("git"))
}

/// The file that `git config --global` writes.
fn configuration(environment: &Environment) -> Result<PathBuf, Error> {
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

/// Lists all files for addresses, and says how many there are.
fn write_list(directory: &Path) -> Result<usize, Error> {
    let entries = fs::read_dir(directory).map_err(|error| at(directory, error))?;
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.ends_with(&format!(".{EXTENSION}")))
        .collect();
    names.sort();
    let includes = names
        .iter()
        .map(|name| format!("[include]\n\tpath = {}\n", quoted(name)));
    replace(&directory.join(LIST), &includes.collect::<String>())?;
    Ok(names.len())
}

/// Our lines in the user's configuration. Where its last line had no end, ours begin with one.
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

fn include(environment: &Environment, list: &Path) -> Result<(), Error> {
    let file = configuration(environment)?;
    let before = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(at(&file, error)),
    };
    let has_end = before.is_empty() || before.ends_with('\n');
    if [true, false]
        .iter()
        .any(|end| before.contains(&lines(list, *end)))
    {
        return Ok(());
    }
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).map_err(|error| at(parent, error))?;
    }
    let mut options = OpenOptions::new();
    let opened = options.append(true).create(true).open(&file);
    opened
        .and_then(|mut opened| opened.write_all(lines(list, has_end).as_bytes()))
        .map_err(|error| at(&file, error))
}

fn exclude(environment: &Environment, list: &Path) -> Result<(), Error> {
    let file = configuration(environment)?;
    let text = fs::read_to_string(&file).map_err(|error| at(&file, error))?;
    let without = [false, true].iter().find_map(|has_end| {
        let ours = lines(list, *has_end);
        text.contains(&ours).then(|| text.replacen(&ours, "", 1))
    });
    match without {
        // A file that held nothing else was made by us.
        Some(rest) if rest.is_empty() => fs::remove_file(&file).map_err(|error| at(&file, error)),
        Some(rest) => rewrite(&file, &rest),
        // Somebody has changed our lines. What is left includes nothing any more, and harms nobody.
        None => Ok(()),
    }
}

/// Writes a file of the user's in place of the old one: the whole of it or nothing, also behind a
/// link, with the old permissions.
fn rewrite(file: &Path, text: &str) -> Result<(), Error> {
    let file = fs::canonicalize(file).map_err(|error| at(file, error))?;
    let permissions = fs::metadata(&file).map(|data| data.permissions());
    let new = file.with_extension("bbtoken");
    let written = fs::write(&new, text)
        .and_then(|()| fs::set_permissions(&new, permissions?))
        .and_then(|()| fs::rename(&new, &file));
    written.map_err(|error| at(&file, error))
}

/// Writes a file of ours that only the user can read: the whole of it or nothing.
fn replace(file: &Path, text: &str) -> Result<(), Error> {
    private_file::replace(file, text).map_err(|error| at(file, error))
}

fn create_private(directory: &Path) -> Result<(), Error> {
    private_file::create_directory(directory).map_err(|error| at(directory, error))
}

fn at(path: &Path, error: io::Error) -> Error {
    Error::File {
        path: path.display().to_string(),
        error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_of_the_configuration_are_quoted() {
        assert_eq!(quoted(r#"a "b" \c"#), r#""a \"b\" \\c""#);
        assert_eq!(quoted("two\nlines"), r#""two\nlines""#);
    }

    #[test]
    fn each_address_has_a_file_of_its_own_name() {
        let name = file_of(Path::new(""), "https://h:1/scm/~a/b c.git");
        assert_eq!(
            name,
            Path::new("https%3A%2F%2Fh%3A1%2Fscm%2F%7Ea%2Fb%20c.git.inc")
        );
    }
}
