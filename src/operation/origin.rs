//! Where the token comes from, and what is known of it.

use super::granted::Granted;
use crate::git::TokenNote;
use crate::permission::Permissions;
use crate::secret::Secret;

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
    #[must_use]
    pub fn permissions(&self) -> &Permissions {
        match self {
            Self::Here(granted) => &granted.asked().permissions,
            Self::Browser(permissions) => permissions,
        }
    }

    /// Which token it is: that of the browser tells its id itself, if anything does.
    #[must_use]
    pub fn note(&self, secret: &Secret) -> TokenNote {
        match self {
            Self::Here(granted) => TokenNote {
                id: Some(granted.token().id.clone()),
                name: Some(granted.name().to_owned()),
                expires: granted.token().expires.at(),
            },
            Self::Browser(_) => TokenNote::of(secret),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Here(granted) => granted.name(),
            Self::Browser(_) => "the token from the browser",
        }
    }
}
