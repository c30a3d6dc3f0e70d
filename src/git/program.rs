//! Running git and other programs: input by standard input, a time-out, and no questions asked at the
//! terminal, which is ours.

use std::ffi::OsStr;
use std::fmt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use zeroize::Zeroizing;

use super::Error;
use crate::environment::Environment;
use crate::text::clean;

/// A key chain may ask its user to unlock it, in a window of its own.
const PATIENCE: Duration = Duration::from_secs(60);

/// What makes git tell more than is wanted, perhaps secrets.
const TRACES: [&str; 6] = [
    "GIT_TRACE",
    "GIT_TRACE_CURL",
    "GIT_TRACE_PACKET",
    "GIT_TRACE_REDACT",
    "GIT_TRACE_SETUP",
    "GIT_CURL_VERBOSE",
];

/// What becomes of the programs that a program has started, where it does not end in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// They stay: a helper's daemon is to outlive us.
    Stays,
    /// They are ended with it.
    Leaves,
}

/// A process and those that it has started; ended when dropped before its time.
struct Group(Option<u32>);

impl Group {
    fn of(child: &Child, family: Family) -> Self {
        Self(child.id().filter(|_| family == Family::Leaves))
    }

    fn has_ended(&mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.0.and_then(|leader| i32::try_from(leader).ok())
            && let Some(leader) = rustix::process::Pid::from_raw(leader)
        {
            // They may have ended meanwhile.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

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
    complained: Zeroizing<String>,
}

impl Output {
    /// Standard output as text; what is no UTF-8 counts as nothing.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.printed).unwrap_or_default()
    }

    /// What it wrote to standard error, as it is.
    pub(super) fn complaint(&self) -> &str {
        &self.complained
    }

    /// The output of a success, or what the program complained about.
    pub(super) fn check(self) -> Result<Self, Error> {
        if self.is_success {
            Ok(self)
        } else {
            Err(Error::Git(clean(&self.complained)))
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
    command.args(arguments);
    output_of(command, program, input, PATIENCE, Family::Stays).await
}

/// Runs a program of which everything but standard input and output is decided.
pub(super) async fn output_of(
    mut command: Command,
    program: &str,
    input: &str,
    patience: Duration,
    family: Family,
) -> Result<Output, Error> {
    command
        // Nobody answers questions at the terminal: the interface draws there.
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_ASKPASS", "")
        .env("SSH_ASKPASS", "")
        .env("GCM_INTERACTIVE", "never")
        .env("GCM_GUI_PROMPT", "false")
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    for trace in TRACES {
        command.env_remove(trace);
    }
    #[cfg(unix)]
    if family == Family::Leaves {
        command.process_group(0);
    }
    let exchange = async {
        let mut child = command.spawn()?;
        let mut group = Group::of(&child, family);
        if let Some(mut stdin) = child.stdin.take() {
            // A program that reads nothing has ended already; its status tells more.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        let output = child.wait_with_output().await;
        group.has_ended();
        output
    };
    let output = tokio::time::timeout(patience, exchange)
        .await
        .map_err(|_| Error::TimedOut(program.to_owned()))?
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound if program == "git" => Error::NoGit,
            _ => Error::Git(format!("{program}: {error}")),
        })?;
    Ok(Output {
        is_success: output.status.success(),
        printed: Zeroizing::new(output.stdout),
        complained: Zeroizing::new(String::from_utf8_lossy(&output.stderr).into_owned()),
    })
}

/// Where a program of this name is: on the path, or in these directories.
pub(super) fn find(
    environment: &Environment,
    name: &str,
    elsewhere: Option<PathBuf>,
) -> Option<PathBuf> {
    let elsewhere = elsewhere.map(|directory| with_suffix(directory.join(name)));
    let mut files = all(environment, name).chain(elsewhere);
    files.find(|file| file.is_file())
}

/// Where a program of this name could be on the path.
pub(super) fn all(environment: &Environment, name: &str) -> impl Iterator<Item = PathBuf> + use<> {
    let path = environment.get("PATH").unwrap_or_default();
    let directories: Vec<_> = std::env::split_paths(&path).collect();
    let name = name.to_owned();
    let directories = directories.into_iter();
    directories.map(move |directory| with_suffix(directory.join(&name)))
}

fn with_suffix(mut file: PathBuf) -> PathBuf {
    if !std::env::consts::EXE_SUFFIX.is_empty() {
        file.set_extension("exe");
    }
    file
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
