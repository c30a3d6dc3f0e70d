//! Taking away what stands in front of a token, where that is ours to do: each change is one that can be
//! put back.

use super::look_at_git::Obstacle;
use crate::environment::Environment;
use crate::git::{self, Mended};

/// Whether git has a setting from its environment, which it calls its command line, and from no file.
#[must_use]
pub fn is_environment(from: &str) -> bool {
    from.starts_with("command line")
}

impl Obstacle {
    /// Whether [`mend`] can take it away.
    #[must_use]
    pub fn can_be_mended(&self) -> bool {
        match self {
            Self::PasswordInRemote { .. }
            | Self::OtherUser { .. }
            | Self::Http { .. }
            | Self::HelperGone(_) => true,
            Self::Header(file) => !is_environment(file),
            Self::BySsh(_) => false,
        }
    }
}

/// Takes away what stands in front of a token for this address.
///
/// # Errors
///
/// [`git::Error::NotThere`] where it does not stand in a file in a line of its own, and what can go wrong
/// with files.
pub async fn mend(
    environment: &Environment,
    address: &str,
    obstacle: &Obstacle,
) -> Result<Mended, git::Error> {
    match obstacle {
        Obstacle::PasswordInRemote { remote, address }
        | Obstacle::OtherUser {
            remote, address, ..
        }
        | Obstacle::Http { remote, address } => {
            git::mend_remote(environment, remote, address).await
        }
        Obstacle::Header(file) => git::mend_header(environment, address, file).await,
        Obstacle::HelperGone(helper) => git::mend_helper(environment, address, helper).await,
        Obstacle::BySsh(address) => Err(git::Error::NotThere(address.clone())),
    }
}
