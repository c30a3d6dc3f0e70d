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

pub mod ask;
pub mod credential;
pub mod sent;

mod address;
mod apply;
mod authority;
mod files;
mod kept;
mod line;
mod look;
mod mend;
mod password;
mod plain_store;
mod program;
mod record;
mod remotes;
mod settings;
mod store;
mod under_way;
mod way;
mod ways;

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::PathBuf;

pub use self::address::Location;
pub use self::apply::{Applied, Failed, apply};
pub use self::authority::{
    Authority, OwnCertificate, authority, distrusts, extra_authority, own_certificate,
};
pub use self::files::shown;
pub use self::kept::{Kept, kept_password};
pub use self::look::{Situation, look, version};
pub use self::mend::{Mended, mend_header, mend_helper, mend_remote};
pub use self::program::Version;
pub use self::record::{SetUp, TokenNote};
pub use self::remotes::{Remote, origin, remotes, remotes_of_clone};
pub use self::store::Store;
pub use self::under_way::{bring_to_end, half_done};
pub use self::way::{Way, WayKind};
use crate::address::ClientCertificate;
use crate::environment::{Environment, NoHome};
use crate::permission::ScopeKind;
use crate::secret::{Secret, repeatable};

/// What git shall use a token for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The clone address of a repository, the part that all clone addresses of a project share
    /// (`https://git.example.com/scm/plat`), or for a personal token the address of the server.
    /// Without user information.
    pub address: String,
    /// The same place as others spell it, or under another name of the server: what somebody has
    /// agreed to. Hosts are as they are typed, since git's helpers tell them apart.
    pub also: Vec<String>,
    /// The certificates that git is to trust there, where bbtoken does and git does not.
    pub authority: Option<PathBuf>,
    /// The certificate that git is to show there, where bbtoken does and git does not.
    pub client_certificate: Option<ClientCertificate>,
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
        let no_address = || {
            let shown = repeatable(address).unwrap_or("What was given");
            Error::Address(shown.to_owned())
        };
        Ok(Self {
            address: address::bare(address).ok_or_else(no_address)?,
            also: Vec::new(),
            authority: None,
            client_certificate: None,
            kind,
            user,
        })
    }

    /// Where it leads.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        Location::of(&self.address)
    }

    /// The part of a remote's address that stands for this target, as it is typed there.
    #[must_use]
    pub fn as_spelled_in(&self, remote: &str) -> Option<String> {
        address::first_segments(remote, Location::of(&self.address)?.depth())
    }

    /// Has git use the token for this spelling or name too.
    pub fn name_also(&mut self, address: String) {
        if self.addresses().all(|own| own != address) {
            self.also.push(address);
        }
    }

    /// Where the token would go to another computer over http, so that everybody on the way can read it.
    pub fn plain_http(&self) -> impl Iterator<Item = Location> {
        self.locations().filter(Location::is_plain_http)
    }

    /// Where it leads, under each of its names.
    pub fn locations(&self) -> impl Iterator<Item = Location> {
        self.addresses().filter_map(Location::of)
    }

    /// The address and the others.
    fn addresses(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.address.as_str()).chain(self.also.iter().map(String::as_str))
    }

    /// All that git tells apart and Bitbucket does not.
    fn spellings(&self) -> Vec<String> {
        let addresses = self.addresses().filter_map(address::bare);
        unique(addresses.flat_map(|address| address::spellings(&address, self.kind)))
    }

    /// Scheme, host and port of each server.
    fn servers(&self) -> Vec<String> {
        let locations = self.addresses().filter_map(Location::of);
        unique(locations.map(|location| location.server().to_owned()))
    }

    /// One address for each name of the server.
    fn on_each_server(&self) -> Vec<String> {
        let mut seen = Vec::new();
        let mut addresses = Vec::new();
        for address in self.addresses() {
            let server = Location::of(address).map(|it| it.server().to_owned());
            if !seen.contains(&server) {
                seen.push(server);
                addresses.extend(address::bare(address));
            }
        }
        addresses
    }

    /// Scheme and host with port, as git's credential protocol names them.
    fn protocol_and_host(&self) -> (String, String) {
        let server = self.servers().into_iter().next().unwrap_or_default();
        let (protocol, host) = server.split_once("://").unwrap_or_default();
        (protocol.to_owned(), host.to_owned())
    }
}

/// Each of them once, in this order.
fn unique(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = Vec::new();
    for one in all {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen
}

/// A number that nobody has chosen, for names that nobody else has.
fn any_number() -> u64 {
    RandomState::new().build_hasher().finish()
}

/// Why git could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Only http and https can use a token.
    #[error(
        "{0} is not an address for git over HTTP. It begins with https:// and often ends with .git."
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
        "{0}, so git cannot find your own configuration. Set HOME to the full path of your home directory."
    )]
    NoHome(#[from] NoHome),
    /// git is told to read something else than a file of the user's.
    #[error("GIT_CONFIG_GLOBAL {0}. Unset it, or set it to the full path of a file.")]
    NoConfiguration(String),
    /// What was to keep a token has forgotten it.
    #[error("{0} no longer keeps the token.")]
    Forgotten(String),
    /// Nothing of the kind stands there in a line of its own.
    #[error("bbtoken did not find its own line in {0}. Change it there yourself.")]
    NotThere(String),
    /// A file was changed by somebody else.
    #[error("{0} has changed since, so nothing was put back there. Check it yourself.")]
    ChangedMeanwhile(String),
    /// Another process sets git up for the same address.
    #[error(
        "Another bbtoken is setting git up for {0}, or can still undo that. Leave its screen first."
    )]
    UnderWay(String),
    /// There is nothing to undo.
    #[error("bbtoken has not set git up for {address}.{}", listed(others))]
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
    let Some(server) = Location::of(server) else {
        return Vec::new();
    };
    let mut set_ups = set_ups(environment);
    set_ups.retain(|set_up| {
        let location = Location::of(&set_up.address);
        location.is_some_and(|location| location.is_within(&server))
    });
    set_ups
}

/// What [`apply`] has set up for this very place, however it is spelled.
#[must_use]
pub fn set_up_for(environment: &Environment, address: &str) -> Option<SetUp> {
    let location = Location::of(address)?;
    let mut set_ups = set_ups(environment).into_iter();
    set_ups.find(|set_up| set_up.is_for(&location))
}

/// What git uses for an address: of all that reaches it, what says the most of it.
#[must_use]
pub fn set_up_reaching(environment: &Environment, address: &str) -> Option<SetUp> {
    let location = Location::of(address)?;
    let set_ups = set_ups(environment).into_iter();
    let reaching = set_ups.filter(|set_up| set_up.reaches(&location));
    reaching.max_by_key(|set_up| Location::of(&set_up.address).map(|it| it.depth()))
}

/// The token of a setup, from wherever that keeps it.
///
/// # Errors
///
/// [`Error::Forgotten`], and what can go wrong with files and stores.
pub async fn kept_token(environment: &Environment, set_up: &SetUp) -> Result<Secret, Error> {
    let kept = match (&set_up.store, &set_up.user) {
        (Some(store), _) => store.give(environment, set_up.entry()).await?,
        (None, _) if set_up.is_header() => files::header_token(environment, &set_up.address)?,
        (None, Some(user)) => {
            let mut kept = None;
            for holder in password::Holder::of(set_up.addresses(), user) {
                let found = holder.kept(environment).await?;
                kept = kept.or(found.filter(|it| set_up.token.may_be(it)));
            }
            kept
        }
        (None, None) => None,
    };
    kept.ok_or_else(|| Error::Forgotten(set_up.keeper()))
}

/// What takes away what was set up for this address, to be typed into a shell.
#[must_use]
pub fn undo_command(address: &str) -> String {
    format!("bbtoken git-setup --undo {}", shell_word(address))
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

/// Takes away what [`apply`] wrote for this address, the stored token included, and brings back what
/// git's helper kept before. The token itself stays valid until it is revoked. Answers with what could
/// not be brought back or taken away, one sentence for each.
///
/// # Errors
///
/// [`Error::NothingThere`], and what can go wrong with files and stores.
pub async fn undo(environment: &Environment, address: &str) -> Result<Vec<String>, Error> {
    let mut told = bring_to_end(environment).await;
    let set_up = set_up_for(environment, address).ok_or_else(|| Error::NothingThere {
        address: address.to_owned(),
        others: set_ups(environment)
            .into_iter()
            .map(|set_up| set_up.address)
            .collect(),
    })?;
    told.extend(apply::undo(environment, &set_up).await?);
    Ok(told)
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
