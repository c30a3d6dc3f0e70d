//! Where the files are, on each platform. Never in the working directory: a variable that is no full path
//! counts as not set.

use std::path::PathBuf;

use super::{Environment, NoHome};

const DIRECTORY: &str = "bbtoken";
const FILE: &str = "config.toml";
const STATE: &str = "state.toml";

/// The organisation's file, where no variable names another: `/etc/bbtoken/config.toml`,
/// `/Library/Application Support/bbtoken/config.toml` on macOS, `%PROGRAMDATA%\bbtoken\config.toml` on
/// Windows.
#[must_use]
pub fn organisation(environment: &Environment) -> Option<PathBuf> {
    let directory = if cfg!(windows) {
        environment.directory("PROGRAMDATA")?
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
    let directory = directory(environment, "XDG_CONFIG_HOME", "APPDATA", ".config").ok()?;
    Some(directory.join(DIRECTORY).join(FILE))
}

/// What the program itself remembers: below `XDG_STATE_HOME` or the platform's place,
/// `~/.local/state/bbtoken/state.toml` on Linux.
///
/// # Errors
/// If no variable names a directory for it.
pub fn state(environment: &Environment) -> Result<PathBuf, NoHome> {
    let directory = directory(
        environment,
        "XDG_STATE_HOME",
        "LOCALAPPDATA",
        ".local/state",
    )?;
    Ok(directory.join(DIRECTORY).join(STATE))
}

fn directory(
    environment: &Environment,
    variable: &str,
    on_windows: &str,
    below_home: &str,
) -> Result<PathBuf, NoHome> {
    if let Some(directory) = environment.directory(variable) {
        return Ok(directory);
    }
    if cfg!(windows)
        && let Some(directory) = environment.directory(on_windows)
    {
        return Ok(directory);
    }
    let below = if cfg!(target_os = "macos") {
        "Library/Application Support"
    } else {
        below_home
    };
    Ok(environment.home()?.join(below))
}
