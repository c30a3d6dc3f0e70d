//! What can be done about it.

use super::{Cause, Why};
use crate::git;
use crate::operation::look_at_git::Obstacle;

/// What somebody can do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// A new token in place of the old one, for what that was for.
    NewToken,
    /// Take away what stands in front of the token.
    Mend(Obstacle),
    /// Set git up once more with a token.
    SetUpAgain,
    /// Ask an administrator for a right.
    AskForRight,
    /// Solve the captcha in the browser.
    Captcha,
    /// Let what git keeps be tried.
    TryPassword,
    /// Name the company's certificate to git.
    Certificate,
    /// Nothing is to be done, or nothing that can be named.
    None,
}

impl Why {
    /// What can be done about it.
    #[must_use]
    pub fn remedy(&self) -> Remedy {
        match &self.cause {
            Cause::Expired(_)
            | Cause::Revoked
            | Cause::Dead
            | Cause::NothingToSend
            | Cause::Forgotten(_)
            | Cause::OtherAccount { .. }
            | Cause::BasicOff { .. }
            | Cause::PasswordRefused { .. } => Remedy::NewToken,
            Cause::ProgramGone(_) => Remedy::SetUpAgain,
            Cause::PasswordInAddress { .. } => match (&self.remote, &self.address) {
                (Some(remote), Some(address)) => Remedy::Mend(Obstacle::PasswordInRemote {
                    remote: remote.clone(),
                    address: address.clone(),
                }),
                _ => Remedy::None,
            },
            Cause::SeveralHeaders(_, file) => Remedy::Mend(Obstacle::Header(file.clone())),
            Cause::HelperGone(helper) => Remedy::Mend(Obstacle::HelperGone(helper.clone())),
            Cause::ReadOnly | Cause::NoRight { .. } => Remedy::AskForRight,
            Cause::Captcha => Remedy::Captcha,
            Cause::Password { .. } => Remedy::TryPassword,
            Cause::Certificate { .. } => Remedy::Certificate,
            _ => Remedy::None,
        }
    }

    /// Whether git gets in.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.cause == Cause::Works
    }

    /// The command that does away with the record, where there is one.
    #[must_use]
    pub fn undo(&self) -> Option<String> {
        Some(git::undo_command(&self.set_up.as_ref()?.address))
    }
}
