//! A token in a file that only the user can read, because the user asked for that.

use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::environment::{Environment, NoHome};
use crate::private_file;
use crate::secret::Secret;

/// Why a token was not saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No name was given.
    #[error("Type the name of a file.")]
    Empty,
    /// A shell would read the name otherwise.
    #[error(
        "bbtoken does not expand that as a shell does: it would create a file called {typed}. Type {right} instead."
    )]
    Shell {
        /// What was typed.
        typed: String,
        /// What would be right.
        right: String,
    },
    /// The file is there already; nothing of it was changed.
    #[error("{0} already exists, and bbtoken does not overwrite files. Choose another name.")]
    Exists(String),
    /// The directory is not there.
    #[error("There is no directory {0}. Create it first, or choose another.")]
    NoDirectory(String),
    /// `~/` means nothing here.
    #[error("{0}, so ~/ does not work here. Type the full path.")]
    NoHome(#[from] NoHome),
    /// Anything else.
    #[error("{path} could not be written: {error}. Choose another place.")]
    Other {
        /// Which file.
        path: String,
        /// Why.
        error: io::Error,
    },
}

/// Writes the token and a line end into a new file with mode 0600, and answers with its full path.
/// `~/` at the start is the home directory. Nothing is ever overwritten, and no link is followed.
///
/// On Windows the file has the rights that its directory gives it.
///
/// # Errors
///
/// See [`Error`]; then there is no file, or the one that was there before.
pub fn save(environment: &Environment, token: &Secret, path: &str) -> Result<PathBuf, Error> {
    let path = path.trim();
    if path.is_empty() {
        return Err(Error::Empty);
    }
    if let Some(right) = meant_for_a_shell(environment, path) {
        return Err(Error::Shell {
            typed: crate::text::clean(path),
            right: crate::text::clean(&right),
        });
    }
    let path = expand(environment, path)?;
    let file = environment
        .absolute(&path)
        .map_err(|error| refusal(&path, error))?;
    let text = Zeroizing::new(format!("{}\n", token.expose()));
    private_file::create(&file, text.as_bytes()).map_err(|error| refusal(&file, error))?;
    Ok(file)
}

/// What the path would be in a shell, where that is another one.
fn meant_for_a_shell(environment: &Environment, path: &str) -> Option<String> {
    let unquoted = path.trim_matches(['"', '\'']);
    if unquoted != path {
        return Some(
            meant_for_a_shell(environment, unquoted).unwrap_or_else(|| unquoted.to_owned()),
        );
    }
    let home = || {
        environment
            .home()
            .ok()
            .map(|home| home.display().to_string())
    };
    let full = || "the full path".to_owned();
    if path == "~" || path == "~/" {
        return Some(home().map_or_else(full, |home| format!("{home}/bitbucket.token")));
    }
    if path.starts_with('~') && !path.starts_with("~/") {
        return Some(full());
    }
    if let Some(variable) = path.strip_prefix('$') {
        let (name, below) = variable
            .split_once('/')
            .unwrap_or((variable, "bitbucket.token"));
        let name = name.trim_start_matches('{').trim_end_matches('}');
        // Only a directory is shown: a variable may hold a secret.
        let directory = environment.directory(name);
        return Some(directory.map_or_else(full, |directory| {
            directory.join(below).display().to_string()
        }));
    }
    path.contains("/$").then(full)
}

fn expand(environment: &Environment, path: &str) -> Result<PathBuf, NoHome> {
    match path.strip_prefix("~/") {
        Some(below) => Ok(environment.home()?.join(below)),
        None => Ok(PathBuf::from(path)),
    }
}

fn refusal(file: &Path, error: io::Error) -> Error {
    let shown = |path: &Path| crate::text::clean(&path.display().to_string());
    match error.kind() {
        io::ErrorKind::AlreadyExists => Error::Exists(shown(file)),
        io::ErrorKind::NotFound => Error::NoDirectory(shown(file.parent().unwrap_or(file))),
        _ => Error::Other {
            path: shown(file),
            error,
        },
    }
}

#[cfg(all(test, feature = "simulator"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn a_new_file_holds_the_token_and_only_the_user_reads_it() {
        let here = Environment::of_process();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("odd 'name' é.txt");
        let token = Secret::new("geheim".to_owned());
        let file = save(&here, &token, path.to_str().unwrap()).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "geheim\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let other = Secret::new("another".to_owned());
        let again = save(&here, &other, path.to_str().unwrap());
        assert!(matches!(again, Err(Error::Exists(_))));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "geheim\n");
    }

    #[cfg(unix)]
    #[test]
    fn what_a_shell_would_read_otherwise_is_refused_with_the_path_that_is_right() {
        let here = Environment::of_process().with("HOME", "/home/x");
        let token = Secret::new("geheim".to_owned());
        for (typed, right) in [
            ("~", "/home/x/bitbucket.token"),
            ("$HOME/a", "/home/x/a"),
            ("${HOME}/a", "/home/x/a"),
            ("\"/no/such/a\"", "/no/such/a"),
            ("'~/a'", "~/a"),
            ("'$HOME/a'", "/home/x/a"),
            ("~bob/a", "the full path"),
            ("/tmp/$NOT_SET/a", "the full path"),
        ] {
            let said = save(&here, &token, typed).map_err(|error| error.to_string());
            let said = said.unwrap_err();
            assert!(
                said.ends_with(&format!("Type {right} instead.")),
                "{typed}: {said}"
            );
        }
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed_and_a_missing_directory_is_named() {
        let here = Environment::of_process();
        let directory = tempfile::tempdir().unwrap();
        let token = Secret::new("geheim".to_owned());
        let target = directory.path().join("target");
        let link = directory.path().join("link");
        std::os::unix::fs::symlink(&target, &link).unwrap();
        let saved = save(&here, &token, link.to_str().unwrap());
        assert!(matches!(saved, Err(Error::Exists(_))));
        assert!(!target.exists());
        let missing = directory.path().join("no/such/file");
        let saved = save(&here, &token, missing.to_str().unwrap());
        assert!(matches!(saved, Err(Error::NoDirectory(_))));
        assert!(matches!(save(&here, &token, "  "), Err(Error::Empty)));
        for home in ["", "relative"] {
            let here = here.clone().with("HOME", home);
            let saved = save(&here, &token, "~/token").map_err(|error| error.to_string());
            assert!(saved.is_err_and(|said| said.starts_with("HOME is ")));
        }
    }
}
