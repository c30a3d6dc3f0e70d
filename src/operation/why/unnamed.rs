//! The answer without the people in it, for what is shown to others.

use super::{Cause, Sends, Why};
use crate::operation::prove_git::Observed;

/// What stands for a name in the server's own words.
const SOMEBODY: &str = "…";

impl Why {
    /// The people whom it names.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let sent = match &self.sends {
            Sends::Password { user } | Sends::Token { user: Some(user) } => Some(user),
            _ => None,
        };
        let named = match &self.cause {
            Cause::OtherAccount { user, expected } => vec![user, expected],
            Cause::NoRight { user: Some(user) }
            | Cause::PasswordInAddress { user, .. }
            | Cause::Password { user, .. }
            | Cause::PasswordRefused { user, .. } => vec![user],
            _ => Vec::new(),
        };
        let set_up = self.set_up.as_ref().and_then(|it| it.user.as_ref());
        let names = sent.into_iter().chain(named).chain(set_up).cloned();
        names.filter(|name| !name.is_empty()).collect()
    }

    /// The same without the names of people, and without that of the token, which often holds one.
    #[must_use]
    pub fn without_names(mut self) -> Self {
        let names = self.names();
        let hide = |text: &mut String| {
            for name in &names {
                *text = text.replace(name, SOMEBODY);
            }
        };
        match &mut self.cause {
            Cause::OtherAccount { user, expected } => {
                user.clear();
                expected.clear();
            }
            Cause::NoRight { user: Some(user) }
            | Cause::PasswordInAddress { user, .. }
            | Cause::Password { user, .. }
            | Cause::PasswordRefused { user, .. } => user.clear(),
            Cause::AccountRefused(said) | Cause::Refused(said) | Cause::GitFails(said) => {
                hide(said);
            }
            _ => {}
        }
        for observed in [&mut self.fetch, &mut self.push] {
            if let Observed::Refused { said, .. } = observed {
                hide(said);
            }
        }
        if let Sends::Password { user } | Sends::Token { user: Some(user) } = &mut self.sends {
            user.clear();
        }
        let of_set_up = self.set_up.as_mut().map(|set_up| &mut set_up.token);
        for token in self.token.iter_mut().chain(of_set_up) {
            token.name = None;
        }
        self
    }
}
