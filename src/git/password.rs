//! The passwords that git's own helpers keep: under the host as it is typed, and the name of a user.

use zeroize::Zeroizing;

use super::record::TokenNote;
use super::store::{ask_git, line, password};
use super::{Error, program};
use crate::environment::Environment;
use crate::secret::Secret;

/// A server as somebody typed it, and a user there: under this git's helpers keep a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) protocol: String,
    pub(super) host: String,
    pub(super) user: String,
}

impl Holder {
    /// The servers in these addresses, each spelling once.
    pub(super) fn of<'a>(addresses: impl IntoIterator<Item = &'a str>, user: &str) -> Vec<Self> {
        let mut holders = Vec::new();
        for address in addresses {
            let Some((protocol, rest)) = address.split_once("://") else {
                continue;
            };
            let holder = Self {
                protocol: protocol.to_owned(),
                host: rest.split('/').next().unwrap_or_default().to_owned(),
                user: user.to_owned(),
            };
            if !holders.contains(&holder) {
                holders.push(holder);
            }
        }
        holders
    }

    fn place(&self) -> String {
        format!("protocol={}\nhost={}\n", self.protocol, self.host)
    }

    fn described(&self, secret: &Secret) -> Zeroizing<String> {
        Zeroizing::new(format!(
            "{}username={}\npassword={}\n\n",
            self.place(),
            self.user,
            secret.expose()
        ))
    }

    /// What the helpers give for this user.
    pub(super) async fn kept(&self, environment: &Environment) -> Result<Option<Secret>, Error> {
        let asked = format!("{}username={}\n\n", self.place(), self.user);
        let output = program::git(environment, ["credential", "fill"], &asked).await?;
        Ok(password(&output).filter(|_| output.is_success))
    }

    /// Has the helpers keep it, in place of what they kept for this user.
    pub(super) async fn keep(
        &self,
        environment: &Environment,
        secret: &Secret,
    ) -> Result<(), Error> {
        let described = self.described(secret);
        program::git(environment, ["credential", "approve"], &described)
            .await?
            .check()?;
        Ok(())
    }

    /// Makes sure that git gets it, where it names no user either.
    pub(super) async fn gives(
        &self,
        environment: &Environment,
        helper: &str,
        secret: &Secret,
    ) -> Result<(), Error> {
        let asked = format!("{}\n", self.place());
        let output = program::git(environment, ["credential", "fill"], &asked).await?;
        let is_kept = password(&output).is_some_and(|kept| kept == *secret);
        if output.is_success && is_kept {
            return Ok(());
        }
        let other = line(&output, "username").filter(|other| *other != self.user);
        let reason = match other {
            Some(other) => format!(
                "for {} it gives git the password of {other}. Have it forget that one first: git credential reject.",
                self.host
            ),
            None => "git gets nothing, or something else, back from it.".to_owned(),
        };
        Err(Error::NotKept {
            store: helper.to_owned(),
            reason,
        })
    }

    /// Has the helpers forget this password, and no other that they may keep by now.
    pub(super) async fn forget(
        &self,
        environment: &Environment,
        secret: &Secret,
    ) -> Result<(), Error> {
        let described = self.described(secret);
        program::git(environment, ["credential", "reject"], &described)
            .await?
            .check()?;
        Ok(())
    }

    /// Has this helper alone forget the token, whatever git uses by now.
    pub(super) async fn forget_in(
        &self,
        environment: &Environment,
        helper: &str,
        token: &TokenNote,
    ) -> Result<(), Error> {
        let asked = format!("{}username={}\n\n", self.place(), self.user);
        let output = ask_git(environment, helper, "fill", &asked).await?;
        let kept = password(&output).filter(|kept| output.is_success && token.may_be(kept));
        if let Some(kept) = kept {
            let described = self.described(&kept);
            ask_git(environment, helper, "reject", &described)
                .await?
                .check()?;
        }
        Ok(())
    }

    /// Under which name a store keeps what a new setup takes the place of: the token of the old one until
    /// the new one is proven, what was there before us until that is undone.
    pub(super) fn copy(&self, was_ours: bool) -> String {
        if was_ours {
            format!("earlier: {}://{} {}", self.protocol, self.host, self.user)
        } else {
            self.before()
        }
    }

    /// Under which name a store keeps what was there before us.
    pub(super) fn before(&self) -> String {
        format!("before: {}://{} {}", self.protocol, self.host, self.user)
    }
}
