//! The ways to sign in beside user name and password, and what is said of each.
//!
//! A new way is one variant here and one arm in [`super::SignIn::take`].

use crate::app::context::Session;
use crate::bitbucket::{ErrorKind, TokenOwner, User, Way};

/// A way to sign in that is offered below the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OtherWay {
    /// The token is made on Bitbucket's own page.
    Browser,
    /// The token that somebody has already.
    Token,
}

impl OtherWay {
    /// Those that lead somewhere on this server, in the order in which they stand.
    pub(super) fn offered(_session: &Session) -> Vec<Self> {
        vec![Self::Browser, Self::Token]
    }

    /// A few words, as the choice between several.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Browser => "In the browser",
            Self::Token => "An existing token",
        }
    }

    /// What it is good for, in one line.
    pub(super) fn explanation(self) -> &'static str {
        match self {
            Self::Browser => "make the token on Bitbucket's own page",
            Self::Token => "to look around: it cannot create or revoke any",
        }
    }

    /// Whether it leads on where a password has failed like this: then it is the next choice.
    pub(super) fn helps_after(self, failure: &ErrorKind) -> bool {
        match self {
            Self::Browser => matches!(
                failure,
                ErrorKind::SingleSignOn { .. }
                    | ErrorKind::SecondStep { .. }
                    | ErrorKind::BasicDisabled
            ),
            Self::Token => false,
        }
    }
}

/// Who is signed in now, and how that came about.
pub(super) fn greeting(user: &User, way: Way) -> String {
    let name = &user.name;
    match way {
        Way::Password => format!("Signed in as {name} with the password."),
        Way::Session => format!(
            "Signed in as {name} with a session (the login form): passwords from programs are switched off here. Leaving signs it out."
        ),
        Way::Token(TokenOwner::Person) => format!(
            "Signed in as {name} with a token, to look around. No token may create, change or revoke tokens."
        ),
        Way::Token(TokenOwner::Technical) => "Signed in with the token of a project or repository, to look around. No token may create, change or revoke tokens.".to_owned(),
        Way::OAuth => format!("Signed in as {name} through the browser (OAuth)."),
    }
}
