//! The stores that keep a token: git's own credential helpers, and the desktop's key ring.
//!
//! A personal token is kept under the server's own name, where git looks for it. The others are kept
//! under a name that no server has, so that no helper ever gives them out for another repository.

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

use super::Error;
use super::program::{self, Output};
use crate::environment::Environment;
use crate::secret::Secret;

/// No server has this name (RFC 2606): what is kept under it is only ever found by bbtoken.
const HOST: &str = "bbtoken.invalid";

/// What keeps a token for [`super::credential`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Store {
    /// `secret-tool`, for the Secret Service of a desktop (GNOME Keyring, KWallet, KeePassXC).
    SecretTool,
    /// A credential helper of git's, as git's configuration names it.
    GitHelper(String),
}

impl fmt::Display for Store {
    /// As `--store` takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SecretTool => f.write_str("secret-tool"),
            Self::GitHelper(helper) => write!(f, "git:{helper}"),
        }
    }
}

impl FromStr for Store {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("git:") {
            Some(helper) => Ok(Self::GitHelper(helper.to_owned())),
            None if text == "secret-tool" => Ok(Self::SecretTool),
            None => Err("it is secret-tool, or git: and the name of a helper".to_owned()),
        }
    }
}

impl Store {
    /// What it is called, without options and paths.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::SecretTool => "secret-tool",
            Self::GitHelper(helper) => {
                let word = helper.split_whitespace().next().unwrap_or(helper);
                let name = word.rsplit(['/', '\\']).next().unwrap_or(word);
                name.strip_prefix("git-credential-").unwrap_or(name)
            }
        }
    }

    /// Whether it writes tokens into a file as they are.
    #[must_use]
    pub fn is_plain_text(&self) -> bool {
        self.name() == "store"
    }

    /// Whether it forgets everything when the computer restarts.
    #[must_use]
    pub fn is_memory(&self) -> bool {
        self.name() == "cache"
    }

    /// Keeps the token under this name, and makes sure that it can be had back.
    pub(super) async fn keep(
        &self,
        environment: &Environment,
        entry: &str,
        token: &Secret,
    ) -> Result<(), Error> {
        match self {
            Self::SecretTool => {
                let label = format!("bbtoken: HTTP access token for {entry}");
                let arguments = [
                    "store", "--label", &label, "service", "bbtoken", "address", entry,
                ];
                secret_tool(environment, &arguments, token.expose())
                    .await?
                    .check()?;
            }
            Self::GitHelper(helper) => {
                let description = Zeroizing::new(format!(
                    "{}password={}\n\n",
                    described(entry),
                    token.expose()
                ));
                ask_git(environment, helper, "approve", &description)
                    .await?
                    .check()?;
            }
        }
        match self.give(environment, entry).await? {
            Some(kept) if kept == *token => Ok(()),
            Some(_) => Err(self.does_not_keep("it gives back something else.")),
            None => Err(self.does_not_keep("it gives nothing back.")),
        }
    }

    /// The token under this name.
    pub(super) async fn give(
        &self,
        environment: &Environment,
        entry: &str,
    ) -> Result<Option<Secret>, Error> {
        match self {
            Self::SecretTool => {
                let arguments = ["lookup", "service", "bbtoken", "address", entry];
                let output = secret_tool(environment, &arguments, "").await?;
                let found = output.is_success && !output.text().is_empty();
                Ok(found.then(|| Secret::new(output.text().trim_end_matches('\n').to_owned())))
            }
            Self::GitHelper(helper) => {
                let description = format!("{}\n", described(entry));
                let output = ask_git(environment, helper, "fill", &description).await?;
                // Without a token git wants to ask somebody, and fails.
                Ok(password(&output).filter(|_| output.is_success))
            }
        }
    }

    /// Forgets the token under this name.
    pub(super) async fn forget(&self, environment: &Environment, entry: &str) -> Result<(), Error> {
        match self {
            Self::SecretTool => {
                let arguments = ["clear", "service", "bbtoken", "address", entry];
                // It fails where there is nothing, which is as good.
                secret_tool(environment, &arguments, "").await?;
            }
            Self::GitHelper(helper) => {
                let description = format!("{}\n", described(entry));
                ask_git(environment, helper, "reject", &description)
                    .await?
                    .check()?;
            }
        }
        Ok(())
    }

    fn does_not_keep(&self, reason: &str) -> Error {
        Error::NotKept {
            store: self.to_string(),
            reason: reason.to_owned(),
        }
    }
}

async fn secret_tool(
    environment: &Environment,
    arguments: &[&str],
    input: &str,
) -> Result<Output, Error> {
    program::run(environment, "secret-tool", arguments, input).await
}

/// Asks this helper alone, whatever else is configured.
pub(super) async fn ask_git(
    environment: &Environment,
    helper: &str,
    what: &str,
    description: &str,
) -> Result<Output, Error> {
    let helper = format!("credential.helper={helper}");
    let arguments = [
        "-c",
        "credential.helper=",
        "-c",
        &helper,
        "credential",
        what,
    ];
    program::git(environment, arguments, description).await
}

fn described(entry: &str) -> String {
    format!("protocol=https\nhost={HOST}\nusername={entry}\n")
}

pub(super) fn line<'a>(output: &'a Output, key: &str) -> Option<&'a str> {
    let mut lines = output.text().lines();
    lines.find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
}

pub(super) fn password(output: &Output) -> Option<Secret> {
    let password = line(output, "password").filter(|password| !password.is_empty());
    password.map(|password| Secret::new(password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_survive_the_way_into_the_configuration_and_back() {
        for text in [
            "secret-tool",
            "git:cache --timeout=3600",
            "git:!f() { x; }; f",
        ] {
            let store: Store = text.parse().unwrap_or(Store::SecretTool);
            assert_eq!(store.to_string(), text);
        }
        assert!("keyring".parse::<Store>().is_err());
    }

    #[test]
    fn plain_text_is_known_for_what_it_is() {
        for (helper, plain) in [
            ("store", true),
            ("store --file ~/x", true),
            ("/usr/lib/git-core/git-credential-store", true),
            ("libsecret", false),
            ("!store", false),
        ] {
            assert_eq!(Store::GitHelper(helper.to_owned()).is_plain_text(), plain);
        }
    }
}
