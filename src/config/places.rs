//! Where the files are, on each platform.

use std::path::PathBuf;

use crate::environment::Environment;

const DIRECTORY: &str = "bbtoken";
const FILE: &str = "config.toml";
const STATE: &str = "state.toml";

/// The organisation's file, where no variable names another: `/etc/bbtoken/config.toml`,
/// `/Library/Application Support/bbtoken/config.toml` on macOS, `%PROGRAMDATA%\bbtoken\config.toml` on
/// Windows.
#[must_use]
pub fn organisation(environment: &Environment) -> Option<PathBuf> {
    let directory = if cfg!(windows) {
        PathBuf::from(environment.get("PROGRAMDATA")?)
    } else if cfg!(target_os = "macos") {
        PathBuf::from("/Library/Application Support")
    } else {
        PathBuf::from("/etc")
    };
    Some(directory.join(DIRECTORY).join(FILE))
}

/// The user's own file, where nothing names another: below `XDG_CONFIG_HOME` or the platform's place,
/// `~/.config/bbtoken/config.toml` on Linux.
#[must_use]
pub fn user(environment: &Environment) -> Option<PathBuf> {
    let directory = directory(environment, "XDG_CONFIG_HOME", "APPDATA", ".config")?;
    Some(directory.join(DIRECTORY).join(FILE))
}

/// What the program itself remembers: below `XDG_STATE_HOME` or the platform's place,
/// `~/.local/state/bbtoken/state.toml` on Linux.
#[must_use]
pub fn state(environment: &Environment) -> Option<PathBuf> {
    let directory = directory(
        environment,
        "XDG_STATE_HOME",
        "LOCALAPPDATA",
        ".local/state",
    )?;
    Some(directory.join(DIRECTORY).join(STATE))
}

fn directory(
    environment: &Environment,
    variable: &str,
    on_windows: &str,
    below_home: &str,
) -> Option<PathBuf> {
    if let Some(directory) = environment.get(variable) {
        return Some(directory.into());
    }
    if cfg!(windows) {
        return Some(environment.get(on_windows)?.into());
    }
    let below = if cfg!(target_os = "macos") {
        "Library/Application Support"
    } else {
        below_home
    };
    Some(environment.home()?.join(below))
}
