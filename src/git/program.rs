//! Running git and other programs: input by standard input, a time-out, and no questions asked at the
//! terminal, which is ours.

use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use zeroize::Zeroizing;

use super::Error;
use crate::environment::Environment;
use crate::text::clean;

/// A key chain may ask its user to unlock it, in a window of its own.
const PATIENCE: Duration = Duration::from_secs(60);

/// git's version, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl Version {
    /// From here on git sends headers that its configuration names, for one address
    /// (`http.<url>.extraHeader`).
    pub const HEADER: Self = Self(2, 9);
    /// From here on a credential helper may answer with a Bearer token.
    pub const BEARER: Self = Self(2, 46);

    /// Reads `git version 2.39.5 (Apple Git-154)`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let numbers = text.trim().strip_prefix("git version ")?;
        let mut numbers = numbers.split(['.', ' ', '-']).map(str::parse);
        match (numbers.next()?, numbers.next()?) {
            (Ok(major), Ok(minor)) => Some(Self(major, minor)),
            _ => None,
        }
    }
}

/// What a program printed, wiped when dropped: it may be a token.
pub(super) struct Output {
    pub(super) is_success: bool,
    printed: Zeroizing<Vec<u8>>,
    complained: String,
}

impl Output {
    /// Standard output as text; what is no UTF-8 counts as nothing.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.printed).unwrap_or_default()
    }

    /// The output of a success, or what the program complained about.
    pub(super) fn check(self) -> Result<Self, Error> {
        if self.is_success {
            Ok(self)
        } else {
            Err(Error::Git(self.complained))
        }
    }
}

/// Runs git.
pub(super) async fn git<S: AsRef<OsStr>>(
    environment: &Environment,
    arguments: impl IntoIterator<Item = S>,
    input: &str,
) -> Result<Output, Error> {
    run(environment, "git", arguments, input).await
}

/// Runs a program with this standard input.
pub(super) async fn run<S: AsRef<OsStr>>(
    environment: &Environment,
    program: &str,
    arguments: impl IntoIterator<Item = S>,
    input: &str,
) -> Result<Output, Error> {
    let mut command = environment.command(program);
    command
        .args(arguments)
        // Nobody answers questions at the terminal: the interface draws there.
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "")
        .env("GCM_INTERACTIVE", "never")
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let exchange = async {
        let mut child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that reads nothing has ended already; its status tells more.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        child.wait_with_output().await
    };
    let output = tokio::time::timeout(PATIENCE, exchange)
        .await
        .map_err(|_| Error::TimedOut(program.to_owned()))?
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound if program == "git" => Error::NoGit,
            _ => Error::Git(format!("{program}: {error}")),
        })?;
    Ok(Output {
        is_success: output.status.success(),
        printed: Zeroizing::new(output.stdout),
        complained: clean(&String::from_utf8_lossy(&output.stderr)),
    })
}

/// Where a program of this name is: on the path, or in these directories.
pub(super) fn find(
    environment: &Environment,
    name: &str,
    elsewhere: Option<PathBuf>,
) -> Option<PathBuf> {
    let path = environment.get("PATH").unwrap_or_default();
    let directories = std::env::split_paths(&path).chain(elsewhere);
    let files = directories.map(|directory| {
        let mut file = directory.join(name);
        if !std::env::consts::EXE_SUFFIX.is_empty() {
            file.set_extension("exe");
        }
        file
    });
    files.into_iter().find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_all_kinds_of_git_are_read() {
        for (text, wanted) in [
            ("git version 2.47.3\n", Some(Version(2, 47))),
            ("git version 2.39.5 (Apple Git-154)", Some(Version(2, 39))),
            ("git version 2.46.0.windows.1", Some(Version(2, 46))),
            ("git version 2.50-rc1", Some(Version(2, 50))),
            ("git version 3", None),
            ("hub version 2.14", None),
            ("", None),
        ] {
            assert_eq!(Version::read(text), wanted, "{text}");
        }
        assert!(Version(2, 45) < Version::BEARER && Version(3, 0) > Version::BEARER);
    }
}
