//! What stands in front of a token, in words: what it is, how to take it away by hand, and what bbtoken does
//! about it.

use crate::git::{self, Mended};
use crate::operation::look_at_git::Obstacle;
use crate::operation::mend_git::is_environment;

/// What is in the way, and why that matters.
#[must_use]
pub fn what(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::PasswordInRemote { remote, .. } => format!(
            "There is a password in the address of {remote}: git sends that instead of the token."
        ),
        Obstacle::OtherUser { remote, user, .. } => {
            format!("The address of {remote} names {user}, and the token is somebody else's.")
        }
        Obstacle::Http { remote, .. } => {
            format!("{remote} is on http, where nothing is encrypted; the token is for https.")
        }
        Obstacle::BySsh(address) => {
            format!("The clone you are in goes to {address}: there git does not use the token.")
        }
        Obstacle::Header(file) => format!(
            "git sends an Authorization header there already, from {}. Two do not work.",
            source(file)
        ),
        Obstacle::HelperGone(helper) => format!(
            "git cannot start its helper \"{helper}\": it is not installed, or there are blanks in its path."
        ),
    }
}

/// Where git has a setting from, which is not always a file.
fn source(file: &str) -> &str {
    if is_environment(file) {
        "the environment (GIT_CONFIG_COUNT)"
    } else {
        file
    }
}

/// How somebody takes it away without us.
#[must_use]
pub fn by_hand(obstacle: &Obstacle) -> Option<String> {
    match obstacle {
        Obstacle::PasswordInRemote { remote, address } => {
            Some(format!("Take it out: {}", set_url(remote, address)))
        }
        Obstacle::OtherUser {
            remote, address, ..
        } => Some(format!("Take the name out: {}", set_url(remote, address))),
        Obstacle::Http { remote, address } => {
            Some(format!("Change that: {}", set_url(remote, address)))
        }
        Obstacle::Header(_) => Some(
            "Take that one out first (git config --show-origin --get-regexp extraheader)."
                .to_owned(),
        ),
        Obstacle::HelperGone(_) => Some(
            "git config --show-origin --get-all credential.helper tells where it stands."
                .to_owned(),
        ),
        Obstacle::BySsh(_) => None,
    }
}

fn set_url(remote: &str, address: &str) -> String {
    let (remote, address) = (git::shell_word(remote), git::shell_word(address));
    format!("git remote set-url {remote} {address}")
}

/// What mending it does: "have origin lead to https://…, without the password".
#[must_use]
pub fn mend(obstacle: &Obstacle) -> Option<String> {
    let mend = match obstacle {
        Obstacle::PasswordInRemote { remote, address } => {
            format!("point {remote} to {address}, without the password")
        }
        Obstacle::OtherUser {
            remote,
            user,
            address,
        } => format!("point {remote} to {address}, without {user}"),
        Obstacle::Http { remote, address } => format!("point {remote} to {address}"),
        Obstacle::Header(file) => format!("remove that header from {file}"),
        Obstacle::HelperGone(helper) => {
            format!("remove \"{helper}\" from git's configuration")
        }
        Obstacle::BySsh(_) => return None,
    };
    obstacle.can_be_mended().then_some(mend)
}

/// What was done about it.
#[must_use]
pub fn mended(obstacle: &Obstacle, mended: &Mended) -> String {
    let file = &mended.file;
    match obstacle {
        Obstacle::PasswordInRemote { remote, address } => {
            format!("{remote} now points to {address}: the password was removed from {file}")
        }
        Obstacle::OtherUser {
            remote,
            user,
            address,
        } => format!("{remote} now points to {address}, without {user} ({file})"),
        Obstacle::Http { remote, address } => {
            format!("{remote} now points to {address} ({file})")
        }
        Obstacle::Header(_) => format!("the older header was removed from {file}"),
        Obstacle::HelperGone(helper) => format!("\"{helper}\" was removed from {file}"),
        Obstacle::BySsh(address) => format!("git goes to {address}"),
    }
}
