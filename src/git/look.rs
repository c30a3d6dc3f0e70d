//! What there is on this computer: git, its helpers, a key ring.

use std::path::{Path, PathBuf};

use super::password::Holder;
use super::program::{self, Version};
use super::{Error, SetUp, Target};
use crate::environment::Environment;

/// Helpers that keep passwords in a store of the system's, the best known first.
const SYSTEM_HELPERS: [&str; 4] = ["osxkeychain", "manager", "libsecret", "wincred"];

/// What decides how git can be set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// git's version.
    pub version: Version,
    /// The credential helper that git uses for other passwords of this server.
    pub configured: Option<String>,
    /// A helper that git's configuration names and that git cannot start.
    pub gone: Option<String>,
    /// Helpers that are installed and keep passwords in a store of the system's.
    pub installed: Vec<String>,
    /// Whether `secret-tool` and the desktop's bus are there.
    pub secret_tool: bool,
    /// It keeps something for this user already.
    pub keeps_password: bool,
    /// The user wants a password of its own for each path, so a personal token would be kept for
    /// one repository only.
    pub use_http_path: bool,
}

/// Looks at git and at what is installed.
///
/// # Errors
///
/// [`Error::NoGit`], [`Error::TooOld`], and where git refuses to read its configuration.
pub async fn look(environment: &Environment, target: &Target) -> Result<Situation, Error> {
    let version = version(environment).await?;
    if version < Version::HEADER {
        return Err(Error::TooOld(version));
    }
    let (protocol, host) = target.protocol_and_host();
    let server = format!("{protocol}://{host}");
    let mut set_ups = super::set_ups(environment).into_iter();
    let ours = set_ups.find(|it| it.is_password_of(target));
    // A helper that an earlier setup has configured goes with it.
    let is_ours = |ours: &SetUp| super::files::names_helper(environment, &ours.address);
    let mut configured = match &ours {
        Some(ours) if is_ours(ours)? => None,
        _ => value(environment, &["credential.helper"], &server).await?,
    };
    // git reads many spellings of yes, and takes the scope that is closest to the path.
    let use_http_path = ["--type=bool", "credential.useHttpPath"];
    let use_http_path = value(environment, &use_http_path, &target.address).await?;
    let directory = program::git(environment, ["--exec-path"], "")
        .await?
        .check()?;
    let directory = PathBuf::from(directory.text().trim());
    let is_there = |helper: &&str| {
        let name = format!("git-credential-{helper}");
        program::find(environment, &name, Some(directory.clone())).is_some()
    };
    let installed = SYSTEM_HELPERS
        .iter()
        .copied()
        .filter(|helper| is_there(helper));
    let gone = configured.take_if(|helper| !can_start(environment, helper, &directory));
    let mut keeps_password = false;
    if let (Some(_), Some(user)) = (&configured, &target.user)
        && ours.is_none()
    {
        for holder in Holder::of(target.addresses(), user) {
            keeps_password |= holder.kept(environment).await?.is_some();
        }
    }
    let bus = environment.get("DBUS_SESSION_BUS_ADDRESS").is_some();
    Ok(Situation {
        version,
        configured,
        gone,
        installed: installed.map(str::to_owned).collect(),
        secret_tool: bus && program::find(environment, "secret-tool", None).is_some(),
        keeps_password,
        use_http_path: use_http_path.as_deref() == Some("true"),
    })
}

/// The version of git.
///
/// # Errors
///
/// [`Error::NoGit`], and where git does not say.
pub async fn version(environment: &Environment) -> Result<Version, Error> {
    let version = program::git(environment, ["--version"], "")
        .await?
        .check()?;
    Version::read(version.text())
        .ok_or_else(|| Error::Git(format!("no version in {:?}", version.text().trim())))
}

/// Whether git can start a helper as it is configured: a name, a path or a line of shell
/// (gitcredentials(7)). A path with blanks falls apart, since the shell reads it.
fn can_start(environment: &Environment, helper: &str, directory: &Path) -> bool {
    if helper.starts_with('!') {
        return true;
    }
    let word = helper.split_whitespace().next().unwrap_or_default();
    // Somebody has quoted it for the shell, or the shell fills something in.
    if word.contains(['\'', '"', '\\', '$', '~']) {
        return true;
    }
    if Path::new(word).is_absolute() {
        return Path::new(word).is_file();
    }
    let name = format!("git-credential-{word}");
    program::find(environment, &name, Some(directory.to_owned())).is_some()
}

/// What git's configuration says for this address; the last entry counts.
async fn value(
    environment: &Environment,
    what: &[&str],
    address: &str,
) -> Result<Option<String>, Error> {
    let (key, options) = what.split_last().unwrap_or((&"", &[]));
    let arguments = [&["config"], options, &["--get-urlmatch", key, address]].concat();
    let output = program::git(environment, arguments, "").await?;
    let value = output.text().trim_end_matches('\n').to_owned();
    Ok((output.is_success && !value.is_empty()).then_some(value))
}
