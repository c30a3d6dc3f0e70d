//! What the surroundings tell: environment variables and where this program is. Handed in, so that a
//! test has a home directory of its own.

pub mod places;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

use tokio::process::Command;

use crate::text::clean;

/// The environment of this process, with changes.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    changed: Vec<(OsString, OsString)>,
    program: Option<PathBuf>,
    directory: Option<PathBuf>,
}

impl Environment {
    /// That of this process, as it is.
    #[must_use]
    pub fn of_process() -> Self {
        Self::default()
    }

    /// With another value for a variable, which an empty one takes away; programs that are started
    /// see it too.
    #[must_use]
    pub fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.changed.push((name.into(), value.into()));
        self
    }

    /// With another file for this program than the one that runs.
    #[must_use]
    pub fn with_program(mut self, program: impl Into<PathBuf>) -> Self {
        self.program = Some(program.into());
        self
    }

    /// With another current directory than that of this process: programs are started there, and names of
    /// files count from there.
    #[must_use]
    pub fn in_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// A name of a file as a full path.
    ///
    /// # Errors
    ///
    /// If it is empty, or the current directory is gone.
    pub fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        match &self.directory {
            Some(directory) if !path.as_os_str().is_empty() => Ok(directory.join(path)),
            _ => std::path::absolute(path),
        }
    }

    /// Whether the user sits at another computer.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        self.get("SSH_CONNECTION").is_some() || self.get("SSH_TTY").is_some()
    }

    /// Whether there is a desktop that can show a window. In Windows' Linux it is that of Windows.
    #[must_use]
    pub fn has_desktop(&self) -> bool {
        let desktops = ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"];
        !cfg!(target_os = "linux") || desktops.iter().any(|name| self.get(name).is_some())
    }

    /// A variable as text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        Some(self.get(name)?.to_string_lossy().into_owned())
    }

    /// A variable; an empty one counts as not set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<OsString> {
        let value = match self.changed(name) {
            Some(value) => Some(value.clone()),
            None => std::env::var_os(name),
        };
        value.filter(|value| !value.is_empty())
    }

    /// Whether a variable is there and empty, which means something to git.
    #[must_use]
    pub fn is_empty(&self, name: &str) -> bool {
        let is_ours = self.changed(name).is_some();
        !is_ours && std::env::var_os(name).is_some_and(|value| value.is_empty())
    }

    fn changed(&self, name: &str) -> Option<&OsString> {
        let mut changed = self.changed.iter().rev();
        let changed = changed.find(|(changed, _)| changed == OsStr::new(name));
        changed.map(|(_, value)| value)
    }

    /// A directory that a variable names. A relative one counts as not set, as the XDG specification
    /// says: it would be another in each working directory, and a cloned repository could bring it.
    #[must_use]
    pub fn directory(&self, name: &str) -> Option<PathBuf> {
        let directory = self.get(name).map(PathBuf::from);
        directory.filter(|directory| directory.is_absolute())
    }

    /// The user's home directory.
    ///
    /// # Errors
    ///
    /// If no variable names one.
    pub fn home(&self) -> Result<PathBuf, NoHome> {
        let windows = || self.directory("USERPROFILE").filter(|_| cfg!(windows));
        let home = self.directory("HOME").or_else(windows);
        home.ok_or_else(|| {
            let relative = self.get("HOME");
            relative.map_or(NoHome::NotSet, |home| {
                NoHome::Relative(clean(&home.to_string_lossy()))
            })
        })
    }

    /// The file of this program.
    ///
    /// # Errors
    ///
    /// If the system does not tell.
    pub fn program(&self) -> io::Result<PathBuf> {
        match &self.program {
            Some(program) => Ok(program.clone()),
            None => std::env::current_exe(),
        }
    }

    /// Another program, to be started with these variables.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        self.prepare(Command::new(program))
    }

    /// A command, to be started with these variables.
    #[must_use]
    pub fn prepare(&self, mut command: Command) -> Command {
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        for (name, value) in &self.changed {
            if value.is_empty() {
                command.env_remove(name);
            } else {
                command.env(name, value);
            }
        }
        // What we ignore ourselves is nothing for git and its helpers either: they would keep a token in
        // the working directory.
        for name in XDG {
            if self.get(name).is_some() && self.directory(name).is_none() {
                command.env_remove(name);
            }
        }
        command
    }
}

/// The directories of a user (XDG Base Directory Specification).
const XDG: [&str; 5] = [
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
    "XDG_STATE_HOME",
];

/// Why the user has no home directory, as the beginning of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoHome {
    /// There is no variable.
    #[error("HOME is not set")]
    NotSet,
    /// Its value would be another directory wherever the program is started.
    #[error("HOME is \"{0}\", which is not a full path")]
    Relative(String),
}

/// The name of this computer without its domain: it goes into names of tokens.
#[must_use]
pub fn computer_name() -> String {
    let name = gethostname::gethostname();
    let name = crate::text::clean(&name.to_string_lossy());
    let short = name.split('.').next().unwrap_or_default();
    if short.is_empty() {
        "this computer"
    } else {
        short
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_come_before_what_the_process_has() {
        let here = Environment::of_process();
        assert_eq!(here.get("PATH"), std::env::var_os("PATH"));
        let there = here.with("PATH", "/nowhere").with("HOME", "/home/x");
        assert_eq!(there.get("PATH"), Some("/nowhere".into()));
        assert_eq!(there.home(), Ok("/home/x".into()));
        assert_eq!(there.with("PATH", "").get("PATH"), None);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_full_path_counts_as_not_set_also_for_programs_that_are_started() {
        for relative in ["config", "./config", "../config", "~/config", "."] {
            let here = Environment::of_process();
            let here = XDG
                .into_iter()
                .fold(here, |here, name| here.with(name, relative));
            let here = here.with("HOME", relative);
            let home = here.home().map_err(|error| error.to_string());
            let wanted = format!("HOME is \"{relative}\", which is not a full path");
            assert_eq!(home, Err(wanted));
            let command = here.command("git");
            for name in XDG {
                assert_eq!(here.directory(name), None);
                let mut variables = command.as_std().get_envs();
                assert!(variables.any(|variable| variable == (name.as_ref(), None)));
            }
        }
        let here = Environment::of_process().with("HOME", "");
        assert_eq!(here.home(), Err(NoHome::NotSet));
    }
}
