//! Where the token comes from, and what is known of it.

use super::Kept;
use crate::operation::granted::Granted;
use crate::permission::Permissions;

/// Where a token comes from.
#[derive(Debug)]
pub enum Origin {
    /// bbtoken had it created.
    Here(Box<Granted>),
    /// Somebody made it in the browser, with these permissions if the advice was followed. Its id,
    /// name and expiry stand there alone.
    Browser(Permissions),
}

impl Origin {
    /// What it was asked to be able to do.
    pub(super) fn permissions(&self) -> &Permissions {
        match self {
            Self::Here(granted) => &granted.asked().permissions,
            Self::Browser(permissions) => permissions,
        }
    }

    /// With it the token can be revoked.
    pub(super) fn id(&self) -> Option<&str> {
        match self {
            Self::Here(granted) => Some(&granted.token().id),
            Self::Browser(_) => None,
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Here(granted) => granted.name(),
            Self::Browser(_) => "the token from the browser",
        }
    }

    /// Whether somebody has it already: the page on which it was made may still be open.
    pub(super) fn kept(&self) -> Kept {
        match self {
            Self::Here(_) => Kept::No,
            Self::Browser(_) => Kept::Perhaps,
        }
    }
}
