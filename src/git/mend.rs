//! Taking away what stands in front of a token in git's configuration: in the file in which it stands,
//! with git's own lock, and so that it can be put back byte for byte.

use std::path::{Path, PathBuf};

use reqwest::Url;
use zeroize::Zeroizing;

use super::files::configuration::Change;
use super::remotes::Remote;
use super::settings::{self, Setting};
use super::{Error, files, line, program};
use crate::environment::Environment;
use crate::private_file;

/// Something was taken away, and can be put back. It holds what was there, which may be a secret, in memory
/// only.
#[derive(Debug)]
#[must_use]
pub struct Mended {
    /// The file in which it stood, for people to read.
    pub file: String,
    changed: Changed,
}

/// The bytes of a file before and after.
struct Changed {
    file: PathBuf,
    before: Zeroizing<Vec<u8>>,
    after: Zeroizing<Vec<u8>>,
}

/// It may hold a secret.
impl std::fmt::Debug for Changed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Changed({})", self.file.display())
    }
}

/// An entry of git's configuration, and what it is to become: another value, or nothing.
struct Edit {
    key: String,
    value: Zeroizing<String>,
    /// Where it stands, as git says it.
    from: String,
    becomes: Option<String>,
}

impl Mended {
    /// Puts back what was there.
    ///
    /// # Errors
    ///
    /// [`Error::ChangedMeanwhile`] where the file was changed meanwhile, and what can go wrong with files.
    pub fn put_back(self) -> Result<(), Error> {
        let Changed {
            file,
            before,
            after,
        } = &self.changed;
        let failed = |error| files::at(file, error);
        let change = Change::begin(file).map_err(failed)?;
        if *change.before != **after {
            return Err(Error::ChangedMeanwhile(self.file.clone()));
        }
        change.end(before).map_err(failed)
    }
}

/// Has a remote of the clone in the current directory lead to an address without what somebody signs in
/// with, or on https, wherever that remote has another one for the same place.
///
/// # Errors
///
/// [`Error::NotThere`] where no file says it in a line of its own, and what can go wrong with files.
pub async fn mend_remote(
    environment: &Environment,
    remote: &str,
    address: &str,
) -> Result<Mended, Error> {
    let pattern = r"^remote\..*\.(push)?url$";
    let list = settings::list(environment, pattern).await?;
    let keys = [
        format!("remote.{remote}.url"),
        format!("remote.{remote}.pushurl"),
    ];
    let is_of = |setting: &Setting| keys.contains(&setting.key);
    let mut edits: Vec<_> = list
        .into_iter()
        .filter(is_of)
        .filter(|setting| is_for(&setting.value, address))
        .map(|setting| edit(setting, Some(address.to_owned())))
        .collect();
    edits.retain(|edit| edit.value.as_str() != address);
    changed(environment, &edits).await
}

/// Whether a remote is typed with an address for the same place.
fn is_for(typed: &str, address: &str) -> bool {
    let path = |address: &str| {
        let url = Url::parse(address).ok()?;
        Some((url.host_str()?.to_owned(), url.path().to_owned()))
    };
    let typed = Remote::new("", typed).address;
    path(&typed).is_some_and(|typed| Some(typed) == path(address))
}

/// Takes the `Authorization` headers for an address out of a file.
///
/// # Errors
///
/// As [`mend_remote`].
pub async fn mend_header(
    environment: &Environment,
    address: &str,
    file: &str,
) -> Result<Mended, Error> {
    let url = web_address(address)?;
    let headers = settings::at(environment, ("http", "extraheader"), &url).await?;
    let headers = headers
        .into_iter()
        .filter(|setting| setting.from == file && setting.is_authorization());
    let edits: Vec<_> = headers.map(|setting| edit(setting, None)).collect();
    changed(environment, &edits).await
}

/// Takes a helper that cannot be started out of the file that names it.
///
/// # Errors
///
/// As [`mend_remote`].
pub async fn mend_helper(
    environment: &Environment,
    address: &str,
    helper: &str,
) -> Result<Mended, Error> {
    let url = web_address(address)?;
    let helpers = settings::at(environment, ("credential", "helper"), &url).await?;
    let helpers = helpers
        .into_iter()
        .filter(|setting| setting.value.as_str() == helper);
    let edits: Vec<_> = helpers.map(|setting| edit(setting, None)).collect();
    changed(environment, &edits).await
}

fn web_address(address: &str) -> Result<Url, Error> {
    Url::parse(address).map_err(|_| Error::Address(address.to_owned()))
}

fn edit(setting: Setting, becomes: Option<String>) -> Edit {
    Edit {
        key: setting.key,
        value: setting.value,
        from: setting.from,
        becomes,
    }
}

/// Makes the changes to the file in which the first of them stands; all of one kind stand in one.
async fn changed(environment: &Environment, edits: &[Edit]) -> Result<Mended, Error> {
    let not_there = |file: &str| Error::NotThere(file.to_owned());
    let Some(first) = edits.first() else {
        return Err(not_there("git's configuration"));
    };
    let named = file(environment, &first.from).await?;
    let file = private_file::behind_links(&named);
    let failed = |error| files::at(&file, error);
    let change = Change::begin(&file).map_err(failed)?;
    let before = Zeroizing::new(change.before.clone());
    let mut after = before.clone();
    for edit in edits.iter().filter(|edit| edit.from == first.from) {
        let range = line::find(&after, &edit.key, &edit.value);
        let range = range.ok_or_else(|| not_there(&first.from))?;
        let line = match &edit.becomes {
            Some(value) => line::with_value(&after[range.clone()], value),
            None => Some(Zeroizing::default()),
        };
        let line = line.ok_or_else(|| not_there(&first.from))?;
        after = Zeroizing::new([&after[..range.start], &line, &after[range.end..]].concat());
    }
    change.end(&after).map_err(failed)?;
    Ok(Mended {
        file: first.from.clone(),
        changed: Changed {
            file,
            before,
            after,
        },
    })
}

/// The file that git names; that of a clone is named from the top of the clone.
async fn file(environment: &Environment, from: &str) -> Result<PathBuf, Error> {
    let file = Path::new(from);
    if file.is_absolute() {
        return Ok(file.to_owned());
    }
    if let Some(below) = from.strip_prefix("~/") {
        return Ok(environment.home()?.join(below));
    }
    let top = program::git(environment, ["rev-parse", "--show-toplevel"], "").await?;
    let top = top.text().trim_end_matches('\n');
    let file = Path::new(top).join(file);
    if file.is_file() {
        Ok(file)
    } else {
        Err(Error::NotThere(from.to_owned()))
    }
}
