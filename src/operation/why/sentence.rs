//! What is the matter, in words for a person or a ticket. No key and no option is named here.

use super::facts::{bare, of, place};
use super::{Cause, Sends, Why};
use crate::when;

impl Why {
    /// What is the matter, in one sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let token = self.token_named();
        match &self.cause {
            Cause::Works => "git works here: it can fetch and push.".to_owned(),
            Cause::Expired(at) => format!("{token} expired {}.", when::relative(*at, self.now)),
            Cause::Revoked => format!(
                "{token} was revoked: it had not expired yet, and the server no longer knows it."
            ),
            Cause::Dead => {
                format!("The server does not know {token} any more: it has expired or was revoked.")
            }
            Cause::ReadOnly { by_token } => format!(
                "{} may fetch here but not push: {}.",
                self.who(),
                match (&self.sends, by_token) {
                    (Sends::Password { .. }, _) => "the account has no write permission",
                    (_, Some(true)) => "it is a read-only token",
                    (_, Some(false)) => "the token may write, but its owner may only read",
                    (_, None) => "either the token or its owner may only read",
                }
            ),
            Cause::NoRight { user: Some(user) } => format!(
                "{} has no access to this repository, or there is none at this address.",
                match &self.sends {
                    Sends::Token { .. } if user.is_empty() => {
                        format!("{token} is valid, but its owner")
                    }
                    Sends::Token { .. } => format!("{token} is valid, but its owner {user}"),
                    _ => format!("The password{} is right, but the account", of(user)),
                }
            ),
            Cause::NoRight { user: None } => format!(
                "{token} is valid, but not here: it is for another project or repository, or there is \
                 no repository at this address."
            ),
            Cause::OtherAccount { user, expected } if user.is_empty() || expected.is_empty() => {
                "git signs in with another account than yours, and that has no access here."
                    .to_owned()
            }
            Cause::OtherAccount { user, expected } => {
                format!("git signs in as {user}, who has no access here, instead of as {expected}.")
            }
            Cause::Archived => {
                "The repository is archived: git may fetch, but nobody may push.".to_owned()
            }
            Cause::BasicOff { is_token: true } => {
                "git sends its token as a password, but this server accepts no passwords (Basic \
                 authentication is switched off); sent as Bearer, the token works."
                    .to_owned()
            }
            Cause::BasicOff { is_token: false } => {
                "git sends a password, but this server accepts no passwords from programs (Basic \
                 authentication is switched off): git needs a token."
                    .to_owned()
            }
            Cause::PasswordInAddress { user, is_refused } => format!(
                "There is a password{} in the address of {}: git sends that instead of a token{}.",
                of(user),
                self.remote.as_deref().unwrap_or("the repository"),
                if *is_refused {
                    ", and the server refuses it"
                } else {
                    "; it was not tried"
                }
            ),
            Cause::Password { user, from } => format!(
                "git sends a password{}, {}; it was not tried, because a wrong one counts as a failed login.",
                of(user),
                place(from)
            ),
            Cause::PasswordRefused { user, from } => format!(
                "The server refuses the password{} that git sends, {}.",
                of(user),
                place(from)
            ),
            Cause::HelperGone(helper) => format!(
                "git cannot start its helper \"{helper}\", so it has nothing to sign in with."
            ),
            Cause::ProgramGone(program) => {
                format!("The program that git asks for the token is gone: {program}.")
            }
            Cause::Forgotten(keeper) => format!("{keeper} no longer has git's token."),
            Cause::NothingToSend => {
                "git has no token and no password for this place, so it asks each time.".to_owned()
            }
            Cause::SeveralHeaders(number, file) => format!(
                "git sends {number} Authorization headers at once, one of them from {file}: the server \
                 accepts none of them."
            ),
            Cause::Certificate { said, authority } => {
                let told = match authority {
                    Some(authority) if authority.is_missing() => format!(
                        ": {} names the certificates to trust, {}, and there is no such file",
                        authority.from,
                        authority.file.display()
                    ),
                    Some(authority) => format!(
                        ": git trusts only {}, as {} says",
                        authority.file.display(),
                        authority.from
                    ),
                    None => String::new(),
                };
                format!(
                    "The server's certificate is not trusted ({}){told}.",
                    bare(said)
                )
            }
            Cause::Elsewhere(address) => {
                format!("From here git goes to {address}, not over HTTP: no token is sent there.")
            }
            Cause::NoRemote => "git has no remote repository here.".to_owned(),
            Cause::PlainHttp => {
                "git goes there over http, where anyone on the network can read what is \
                                 sent; so nothing was tried."
                    .to_owned()
            }
            Cause::Captcha => {
                "The server asks for a captcha in the browser: too many sign-ins have failed."
                    .to_owned()
            }
            Cause::AccountRefused(said) => {
                format!("The server refuses the account: {}.", bare(said))
            }
            Cause::Refused(said) => {
                format!("The server refuses what git sends: {}.", bare(said))
            }
            Cause::NoAnswer(error) => {
                format!(
                    "The server could not be asked: {}.",
                    bare(&error.to_string())
                )
            }
            Cause::GitFails(said) => format!("git itself fails: {}.", bare(said)),
        }
    }

    /// "git's token for this clone".
    fn token_named(&self) -> String {
        match (&self.remote, &self.address) {
            (None, Some(address)) => format!("git's token for {address}"),
            _ => "git's token for this clone".to_owned(),
        }
    }

    /// Who signs in.
    fn who(&self) -> String {
        match &self.sends {
            Sends::Password { user } if !user.is_empty() => user.clone(),
            Sends::Password { .. } => "The account".to_owned(),
            _ => self.token_named(),
        }
    }
}
