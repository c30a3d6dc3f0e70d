//! Setting git up with a token, so that it uses it by itself: what will work here, what each way
//! writes and where, how safe that is; doing it, and undoing it.
//!
//! Personal tokens are passwords to git, so they go to its credential helper. Project and repository
//! tokens work as a Bearer header only, of which no helper that we found knows: there bbtoken itself
//! is the helper ([`credential`]), and a store that the user has already ([`Store`]) keeps the token.
//! Where that is not possible, a file that only the user can read holds the header.
//!
//! Everything that is written lies in files of bbtoken's own (`files`); the user's configuration of
//! git gets one `include.path`, once. No token is ever in an argument or in the environment of a
//! process.

pub mod credential;
mod files;
mod kept;
mod look;
mod program;
mod reach;
mod store;
mod way;

use reqwest::Url;

pub use self::files::SetUp;
pub use self::kept::{Kept, kept_password};
pub use self::look::{Situation, look, version};
pub use self::program::Version;
pub use self::reach::reaches;
pub use self::store::Store;
pub use self::way::{Way, WayKind};
use crate::environment::{Environment, NoHome};
use crate::permission::ScopeKind;
use crate::secret::Secret;

/// What git shall use a token for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The clone address of a repository, the part that all clone addresses of a project share
    /// (`https://git.example.com/scm/plat`), or for a personal token the address of the server.
    /// Without user information.
    pub address: String,
    /// The kind of token.
    pub kind: ScopeKind,
    /// Whose token it is: git's user name. Only a personal one has it.
    pub user: Option<String>,
}

impl Target {
    /// The address cleaned of user information, query and trailing slashes.
    ///
    /// # Errors
    ///
    /// [`Error::Address`] for anything but http and https.
    pub fn new(address: &str, kind: ScopeKind, user: Option<String>) -> Result<Self, Error> {
        let wrong = || Error::Address(address.to_owned());
        let mut url = Url::parse(address.trim()).map_err(|_| wrong())?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(wrong());
        }
        url.set_username("").map_err(|()| wrong())?;
        url.set_password(None).map_err(|()| wrong())?;
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self {
            address: url.as_str().trim_end_matches('/').to_owned(),
            kind,
            user,
        })
    }

    /// Scheme and host with port, as git's credential protocol names them.
    fn protocol_and_host(&self) -> (String, String) {
        match Url::parse(&self.address) {
            Ok(url) => (url.scheme().to_owned(), url.authority().to_owned()),
            Err(_) => (String::new(), String::new()),
        }
    }
}

/// Why git could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Only http and https can use a token.
    #[error(
        "{0} is no address for git over HTTP. It begins with https:// and often ends with .git."
    )]
    Address(String),
    /// There is no git.
    #[error("git is not installed here, or not on the path. Install it.")]
    NoGit,
    /// This git cannot use a token by itself.
    #[error(
        "git {0} cannot use a token by itself: that needs {header} or newer, better {bearer}. Install a newer one.",
        header = Version::HEADER,
        bearer = Version::BEARER
    )]
    TooOld(Version),
    /// git said something that was not expected.
    #[error("git refused: {0}")]
    Git(String),
    /// A program did not end in time.
    #[error("{0} did not answer within a minute. Is a window waiting for you behind this one?")]
    TimedOut(String),
    /// The store took the token but does not give it back.
    #[error("{store} does not keep the token: {reason}")]
    NotKept {
        /// Its name.
        store: String,
        /// What was seen.
        reason: String,
    },
    /// A file could not be written or read.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// The user has no home directory.
    #[error(
        "{0}, so git has no configuration of yours. Set HOME to the full path of your home directory."
    )]
    NoHome(#[from] NoHome),
    /// git is told to read something else than a file of the user's.
    #[error("GIT_CONFIG_GLOBAL {0}. Unset it, or set it to the full path of a file.")]
    NoConfiguration(String),
    /// There is nothing to undo.
    #[error("bbtoken has set nothing up for {address}.{}", listed(others))]
    NothingThere {
        /// For which address.
        address: String,
        /// For which there is something.
        others: Vec<String>,
    },
}

fn listed(addresses: &[String]) -> String {
    if addresses.is_empty() {
        return String::new();
    }
    format!(" It has for: {}.", addresses.join(", "))
}

/// Everything that [`apply`] has set up.
#[must_use]
pub fn set_ups(environment: &Environment) -> Vec<SetUp> {
    files::set_ups(environment)
}

/// What [`apply`] has set up for a server, or for anything below it.
#[must_use]
pub fn set_ups_at(environment: &Environment, server: &str) -> Vec<SetUp> {
    let mut set_ups = set_ups(environment);
    set_ups.retain(|set_up| reaches(server, &set_up.address));
    set_ups
}

/// What takes away what was set up for this address, to be typed into a shell.
#[must_use]
pub fn undo_command(address: &str) -> String {
    format!("bbtoken git-setup --undo {}", shell_word(address))
}

/// The address over HTTP that the clone in the current directory came from, if there is one.
///
/// # Errors
///
/// [`Error::NoGit`].
pub async fn origin(environment: &Environment) -> Result<Option<String>, Error> {
    let output = program::git(environment, ["remote", "get-url", "origin"], "").await?;
    let address = output.text().trim().to_owned();
    Ok((output.is_success && address.starts_with("http")).then_some(address))
}

/// The addresses of the remotes of the clone in the current directory, `origin` first and without
/// user information; none where there is no clone, or no git.
pub async fn remotes(environment: &Environment) -> Vec<String> {
    let Ok(output) = program::git(environment, ["remote", "-v"], "").await else {
        return Vec::new();
    };
    let mut remotes: Vec<_> = output
        .text()
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    // Stable: the others keep git's order.
    remotes.sort_by_key(|(name, _)| *name != "origin");
    let mut addresses = Vec::new();
    for (_, rest) in remotes {
        let address = rest.rsplit_once(" (").map_or(rest, |(address, _)| address);
        let address = without_user(address);
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    addresses
}

/// An address over HTTP may hold a password.
fn without_user(address: &str) -> String {
    match Url::parse(address) {
        Ok(mut url) if matches!(url.scheme(), "http" | "https") => {
            // Both fail only for addresses without a host, which these have.
            let _ = url.set_username("");
            let _ = url.set_password(None);
            url.into()
        }
        _ => address.to_owned(),
    }
}

/// Whether git knows by which name and address it commits, outside of any repository. Where that
/// cannot be found out, nobody is bothered with it.
pub async fn knows_author(environment: &Environment) -> bool {
    let Ok(home) = environment.home() else {
        return true;
    };
    let arguments = [
        "-C".as_ref(),
        home.as_os_str(),
        "-c".as_ref(),
        "user.useConfigOnly=true".as_ref(),
        "var".as_ref(),
        "GIT_AUTHOR_IDENT".as_ref(),
    ];
    let output = program::git(environment, arguments, "").await;
    output.map_or(true, |output| output.is_success)
}

/// Sets git up. What an earlier set-up for the same address wrote is taken away first.
///
/// # Errors
///
/// See [`Error`]; then nothing of it stays.
pub async fn apply(
    environment: &Environment,
    target: &Target,
    way: &Way,
    token: &Secret,
) -> Result<(), Error> {
    if files::recorded(environment, &target.address)?.is_some() {
        undo(environment, &target.address).await?;
    }
    let done = match &way.kind {
        WayKind::Approve { helper, is_new } => {
            let config = is_new.then(|| files::helper_section(target, helper));
            files::write(environment, target, way, &config.unwrap_or_default())?;
            store::approve(environment, target, helper, token).await
        }
        WayKind::Helper { store } => {
            store.keep(environment, &target.address, token).await?;
            files::write(
                environment,
                target,
                way,
                &credential::section(environment, &target.address, store)?,
            )
        }
        WayKind::Header => files::write(
            environment,
            target,
            way,
            &files::header_section(target, token),
        ),
    };
    if let Err(error) = done {
        // What failed half-way leaves nothing behind; the first error is the one to tell.
        let _ = undo(environment, &target.address).await;
        return Err(error);
    }
    Ok(())
}

/// Takes away what [`apply`] wrote for this address, the stored token included. The token itself
/// stays valid until it is revoked.
///
/// # Errors
///
/// [`Error::NothingThere`], and what can go wrong with files and stores.
pub async fn undo(environment: &Environment, address: &str) -> Result<(), Error> {
    let set_up = files::recorded(environment, address)?.ok_or_else(|| Error::NothingThere {
        address: address.to_owned(),
        others: set_ups(environment)
            .into_iter()
            .map(|set_up| set_up.address)
            .collect(),
    })?;
    match (&set_up.store, &set_up.user) {
        (Some(store), _) => store.forget(environment, address).await?,
        (None, Some(user)) if !set_up.is_header => {
            store::reject(environment, address, user).await?;
        }
        (None, _) => {}
    }
    files::remove(environment, address)
}

/// Takes away everything that was set up for a server, at whatever address below it.
///
/// # Errors
///
/// As [`undo`]; then the rest stays.
pub async fn undo_all(environment: &Environment, server: &str) -> Result<(), Error> {
    for set_up in set_ups_at(environment, server) {
        undo(environment, &set_up.address).await?;
    }
    Ok(())
}

/// The text as one word of a POSIX shell.
#[must_use]
pub fn shell_word(text: &str) -> String {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "-._~:/%@+,".contains(character);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_shell_stay_words() {
        let plain = "https://git.example.com/scm/~alice/notes.git";
        assert_eq!(shell_word(plain), plain);
        assert_eq!(shell_word("http://h/a b;c'd"), r"'http://h/a b;c'\''d'");
        assert_eq!(shell_word(""), "''");
    }
}
