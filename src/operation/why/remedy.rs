//! What can be done about it.

use super::{Cause, From, Why};
use crate::bitbucket::Destination;
use crate::git;
use crate::operation::look_at_git::Obstacle;

/// What can be done about it, as far as a program can do it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// A new token in place of the old one, for what that was for.
    NewToken,
    /// The account lacks the permission, whichever token it uses: somebody has to give it.
    AskForPermission,
    /// Take away what stands in front of the token.
    Mend(Obstacle),
    /// Let the password that git keeps be tried.
    TryPassword,
    /// A person has to do it, or nothing is to be done: [`Why::advice`] says what.
    None,
}

impl Why {
    /// Whether git gets in.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.cause == Cause::Works
    }

    /// What a program can do about it.
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
            | Cause::PasswordRefused { .. }
            | Cause::ReadOnly {
                by_token: Some(true),
            }
            | Cause::NoRight { user: None } => Remedy::NewToken,
            Cause::NoRight { user: Some(_) } | Cause::ReadOnly { .. } => Remedy::AskForPermission,
            Cause::PasswordInAddress { .. } => match (&self.remote, &self.address) {
                (Some(remote), Some(address)) => Remedy::Mend(Obstacle::PasswordInRemote {
                    remote: remote.clone(),
                    address: address.clone(),
                }),
                _ => Remedy::None,
            },
            Cause::SeveralHeaders(_, file) => {
                let header = Obstacle::Header(file.clone());
                if header.can_be_mended() {
                    Remedy::Mend(header)
                } else {
                    Remedy::None
                }
            }
            Cause::HelperGone(helper) => Remedy::Mend(Obstacle::HelperGone(helper.clone())),
            Cause::Password { .. } => Remedy::TryPassword,
            _ => Remedy::None,
        }
    }

    /// What somebody can do about it in a shell, or has to ask for.
    #[must_use]
    pub fn advice(&self) -> Option<String> {
        let address = self.address.as_deref().unwrap_or_default();
        let place = git::shell_word(address);
        let start = match &self.remote {
            Some(_) => "bbtoken".to_owned(),
            None => format!("bbtoken {place}"),
        };
        let repository = self.repository();
        Some(match &self.cause {
            Cause::Works => return None,
            Cause::BasicOff { is_token: true } => format!(
                "Set git up with it as Bearer: bbtoken git-setup {place}. Or make a new one: {start}"
            ),
            Cause::Expired(_)
            | Cause::Revoked
            | Cause::Dead
            | Cause::NothingToSend
            | Cause::Forgotten(_)
            | Cause::OtherAccount { .. }
            | Cause::BasicOff { .. }
            | Cause::PasswordRefused { .. } => {
                format!("Make a new token and set git up with it: {start}")
            }
            Cause::ProgramGone(_) => format!(
                "Set git up again, from where bbtoken is now: bbtoken git-setup {place}"
            ),
            Cause::PasswordInAddress { .. } => match &self.remote {
                Some(remote) => format!(
                    "Take it out: git remote set-url {} {place} (bbtoken why --mend does that). Then, if git asks for a password: {start}",
                    git::shell_word(remote)
                ),
                None => format!("Give git the address without it: {place}"),
            },
            Cause::SeveralHeaders(..) => "Take the older one out (bbtoken why --mend does that); git config --show-origin --get-regexp extraheader lists them.".to_owned(),
            Cause::HelperGone(_) => "Install it, or take it out of git's configuration (bbtoken why --mend does that).".to_owned(),
            Cause::ReadOnly { by_token: Some(true) } => format!(
                "Make one that may write, if your account may: {start}. If it may not, ask an administrator of {repository}."
            ),
            Cause::ReadOnly { .. } => format!(
                "If your account may write to {repository}, make a token that may too: {start}. If not, ask an administrator of it for write permission."
            ),
            Cause::NoRight { user: Some(_) } => format!(
                "Check the address. If it is right, ask an administrator of {repository} for read or write permission."
            ),
            Cause::NoRight { user: None } => format!(
                "Check the address. If it is right, git needs a token for {repository}: {start}"
            ),
            Cause::Archived => format!(
                "Ask an administrator of {repository} to take it out of the archive, or push elsewhere."
            ),
            Cause::Password { .. } => format!(
                "Let git use a token in its place: {start}. Or have it tried: bbtoken why --send-password"
            ),
            Cause::Certificate { .. } => "Name the file of your company's authority in git's http.sslCAInfo; bbtoken doctor tells more.".to_owned(),
            Cause::Elsewhere(_) => "Over ssh git signs in with a key, not with a token. For a token, give the remote the repository's clone address over HTTP.".to_owned(),
            Cause::NoRemote => "git remote -v lists the remotes of a clone.".to_owned(),
            Cause::PlainHttp => "Ask your administrators for a clone address with https.".to_owned(),
            Cause::Captcha => "Sign in once in the browser, on the pages of this Bitbucket; then look again.".to_owned(),
            Cause::AccountRefused(_) | Cause::Refused(_) => {
                "Show this to the administrators of the server.".to_owned()
            }
            Cause::NoAnswer(_) => "bbtoken doctor looks at the way to the server.".to_owned(),
            Cause::GitFails(_) => "Those are git's own words; bbtoken doctor looks at the rest.".to_owned(),
        })
    }

    /// `PLAT/billing-api`, or the address.
    fn repository(&self) -> String {
        match self.place() {
            Some(Destination::Repository { project, slug }) => format!("{project}/{slug}"),
            _ => self.address.clone().unwrap_or_else(|| "it".to_owned()),
        }
    }
}

impl From {
    /// The remote, if it is one.
    #[must_use]
    pub fn remote(&self) -> Option<&str> {
        match self {
            Self::Remote(name) => Some(name),
            Self::Address(_) => None,
        }
    }
}
