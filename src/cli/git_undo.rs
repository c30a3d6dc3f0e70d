//! `bbtoken git-setup --undo`: takes away what was set up for git.

use std::error::Error;
use std::process::ExitCode;

use super::git_setup::target;
use super::output;
use crate::environment::Environment;
use crate::git::{self, Location, SetUp, Target};
use crate::permission::ScopeKind;

/// Takes away what was set up, and says what that was.
///
/// # Errors
/// What went wrong and what to do about it, as a sentence.
pub(super) async fn run(
    environment: &Environment,
    address: Option<String>,
    user: Option<String>,
) -> Result<ExitCode, Box<dyn Error>> {
    let set_ups = git::set_ups(environment);
    let address = match address {
        Some(address) => recorded_address(&address, user, &set_ups)?,
        None => {
            let origin = git::origin(environment).await;
            unnamed(origin.as_deref(), &set_ups)?
        }
    };
    let set_up = git::set_up_for(environment, &address);
    if let Some(set_up) = set_up {
        output::say(&format!("This is removed: {}", shown(&set_up)))?;
    }
    let left = git::undo(environment, &address).await?;
    for left in &left {
        output::say(&format!("! {left}"))?;
    }
    if left.is_empty() {
        output::say(&format!(
            "✓ git no longer uses this token for {address}. That did not revoke the token."
        ))?;
    } else {
        output::say(&format!(
            "! The setup for {address} is gone, but something is left. That did not revoke the token."
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The address under which a setup is recorded: this very one, or with a user that of the server.
fn recorded_address(
    address: &str,
    user: Option<String>,
    set_ups: &[SetUp],
) -> Result<String, Box<dyn Error>> {
    let exact = Target::new(address, ScopeKind::Personal, None)?;
    let is_it = |set_up: &SetUp| exact.locations().any(|location| set_up.is_for(&location));
    if user.is_none() || set_ups.iter().any(is_it) {
        return Ok(exact.address);
    }
    Ok(target(address, user)?.0.address)
}

/// The address to undo where none was given: that of the clone, or of the only setup.
fn unnamed(origin: Option<&str>, set_ups: &[SetUp]) -> Result<String, String> {
    let of_clone = origin.and_then(Location::of).and_then(|origin| {
        let mut set_ups = set_ups.iter();
        set_ups.find(|set_up| set_up.is_for(&origin))
    });
    match (of_clone, set_ups) {
        (Some(set_up), _) | (None, [set_up]) => Ok(set_up.address.clone()),
        (None, []) => Err("There is nothing to undo: bbtoken has not set git up.".to_owned()),
        (None, set_ups) => {
            let commands = set_ups.iter().map(|set_up| {
                let command = git::undo_command(&set_up.address);
                format!("\n  {command}\n      {}", shown(set_up))
            });
            let commands: String = commands.collect();
            Err(format!(
                "bbtoken has set up several things for git. Say which one to remove:{commands}"
            ))
        }
    }
}

/// A setup in a line.
fn shown(set_up: &SetUp) -> String {
    let token = match &set_up.user {
        Some(user) => format!("a personal token of {user}"),
        None => "a token".to_owned(),
    };
    format!("{token} for {}, {}", set_up.address, set_up.kept())
}
