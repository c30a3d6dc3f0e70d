//! What the surroundings tell: environment variables and where this program is. Handed in, so that a
//! test has a home directory of its own.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::PathBuf;

use tokio::process::Command;

use crate::bitbucket::Proxies;
use crate::browser::Browser;

/// The environment of this process, with changes.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    changed: Vec<(OsString, OsString)>,
    program: Option<PathBuf>,
    directory: Option<PathBuf>,
    browser: Browser,
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

    /// With another current directory than that of this process, for programs that are started.
    #[must_use]
    pub fn in_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// With another browser than that of the desktop.
    #[must_use]
    pub fn with_browser(mut self, browser: Browser) -> Self {
        self.browser = browser;
        self
    }

    /// Where pages are opened.
    #[must_use]
    pub fn browser(&self) -> &Browser {
        &self.browser
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

    /// A variable; an empty one counts as not set.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<OsString> {
        let mut changed = self.changed.iter().rev();
        let changed = changed.find(|(changed, _)| changed == OsStr::new(name));
        let value = match changed {
            Some((_, value)) => Some(value.clone()),
            None => std::env::var_os(name),
        };
        value.filter(|value| !value.is_empty())
    }

    /// The proxies that these variables name.
    #[must_use]
    pub fn proxies(&self) -> Proxies {
        Proxies::of(|name| Some(self.get(name)?.to_string_lossy().into_owned()))
    }

    /// The user's home directory.
    #[must_use]
    pub fn home(&self) -> Option<PathBuf> {
        let windows = || self.get("USERPROFILE").filter(|_| cfg!(windows));
        self.get("HOME").or_else(windows).map(PathBuf::from)
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
        command
    }
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
        assert_eq!(there.home(), Some("/home/x".into()));
        assert_eq!(there.with("PATH", "").get("PATH"), None);
    }
}
