//! The user's own configuration of git: a few lines of ours at its end, and every other byte as it was,
//! whatever its encoding and line ends. It is changed as git itself changes it: the new file is
//! `.gitconfig.lock` until it takes the old one's place, so that neither git nor another bbtoken writes
//! meanwhile.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{at, quoted, xdg};
use crate::environment::Environment;
use crate::git::Error;
use crate::private_file;
use crate::text::clean;

/// Names another file than the usual one to git (git(1)).
const VARIABLE: &str = "GIT_CONFIG_GLOBAL";

/// Stands above our lines.
const NOTE: &str =
    "# What bbtoken has set up for git. `bbtoken git-setup --undo` removes it again.\n";

/// The file that `git config --global` writes, and that every git of this user reads.
pub(super) fn file(environment: &Environment) -> Result<PathBuf, Error> {
    let no_file = |what: String| Err(Error::NoConfiguration(what));
    if environment.is_empty(VARIABLE) {
        return no_file("is empty, so git does not read your own configuration".to_owned());
    }
    if let Some(file) = environment.get(VARIABLE).map(PathBuf::from) {
        let shown = clean(&file.display().to_string());
        if !file.is_absolute() {
            return no_file(format!(
                "is \"{shown}\", which is a different file in each directory"
            ));
        }
        if fs::metadata(&file).is_ok_and(|found| !found.is_file()) {
            return no_file(format!("is {shown}, which is not a file"));
        }
        return Ok(file);
    }
    let usual = environment.home()?.join(".gitconfig");
    let other = xdg(environment)?.join("git").join("config");
    // Where the variable is relative, git looks for the other one elsewhere.
    let is_read = environment.get("XDG_CONFIG_HOME").is_none()
        || environment.directory("XDG_CONFIG_HOME").is_some();
    Ok(if is_read && !usual.exists() && other.exists() {
        other
    } else {
        usual
    })
}

/// Our lines. Where the last line of the user's had no end, they begin with one.
fn lines(list: &Path, has_end: bool) -> String {
    let start = if has_end { "" } else { "\n" };
    let path = list.to_string_lossy().replace('\\', "/");
    let again = if has_end {
        ""
    } else {
        "# (The line above had no end.)\n"
    };
    format!(
        "{start}{NOTE}{again}[include]\n\tpath = {}\n",
        quoted(&path)
    )
}

/// Where our lines are.
fn find(text: &[u8], list: &Path) -> Option<std::ops::Range<usize>> {
    [false, true].into_iter().find_map(|has_end| {
        let ours = lines(list, has_end).into_bytes();
        let start = text.windows(ours.len()).position(|it| it == ours)?;
        Some(start..start + ours.len())
    })
}

/// Has git read this file too.
pub(super) fn include(environment: &Environment, list: &Path) -> Result<(), Error> {
    let file = private_file::behind_links(&file(environment)?);
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).map_err(|error| at(parent, error))?;
    }
    let change = Change::begin(&file).map_err(|error| at(&file, error))?;
    if find(&change.before, list).is_some() {
        return Ok(());
    }
    let has_end = change.before.last().is_none_or(|last| *last == b'\n');
    let text = [&change.before, lines(list, has_end).as_bytes()].concat();
    change.end(&text).map_err(|error| at(&file, error))
}

/// Takes our lines away, also behind a link. A file that held nothing else goes too: we made it.
pub(super) fn exclude(environment: &Environment, list: &Path) -> Result<(), Error> {
    let named = file(environment)?;
    let file = private_file::behind_links(&named);
    if !file.exists() {
        return Ok(());
    }
    let change = Change::begin(&file).map_err(|error| at(&file, error))?;
    // Somebody may have changed our lines. What is left includes nothing any more, and harms nobody.
    let Some(ours) = find(&change.before, list) else {
        return Ok(());
    };
    let text = [&change.before[..ours.start], &change.before[ours.end..]].concat();
    let changed = if text.is_empty() && named == file {
        fs::remove_file(&file)
    } else {
        change.end(&text)
    };
    changed.map_err(|error| at(&file, error))
}

/// A configuration while it is changed. Nobody else changes it meanwhile.
pub(in crate::git) struct Change {
    file: PathBuf,
    pub(in crate::git) before: Vec<u8>,
    /// git's own lock, and the new file. It goes away again where it does not take the old one's place.
    lock: NamedTempFile,
}

impl Change {
    /// Locks it and reads it. Of one that is not there yet nothing is read.
    pub(in crate::git) fn begin(file: &Path) -> io::Result<Self> {
        let directory = private_file::parent(file);
        let name = file.file_name().map(OsString::from).unwrap_or_default();
        let mut builder = tempfile::Builder::new();
        builder.prefix(&name).suffix(".lock").rand_bytes(0);
        // As git makes a new one; an old one keeps what it has.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let locked = private_file::wait_for(|| match builder.tempfile_in(directory) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
            made => Some(made),
        });
        let lock = locked.unwrap_or_else(|| {
            let name = name.display();
            Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                format!(
                    "git is changing it, or was stopped while it did: then delete {name}.lock beside it"
                ),
            ))
        });
        let before = lock.and_then(|lock| match fs::read(file) {
            Ok(text) => Ok((text, lock)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((Vec::new(), lock)),
            Err(error) => Err(error),
        });
        let (before, lock) = before.map_err(private_file::without_path)?;
        Ok(Self {
            file: file.to_owned(),
            before,
            lock,
        })
    }

    /// Puts the new text in place of the old one, with the mode and the owner of the old one.
    pub(in crate::git) fn end(mut self, text: &[u8]) -> io::Result<()> {
        // First, so that nobody reads it meanwhile who may not.
        match fs::metadata(&self.file) {
            Ok(old) => keep(self.lock.as_file(), &old)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        self.lock.write_all(text)?;
        self.lock.as_file().sync_all()?;
        self.lock.persist(&self.file).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Gives the new file the owner and the mode of the old one.
fn keep(new: &File, old: &fs::Metadata) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt as _, fchown};
        let made = new.metadata()?;
        if (made.uid(), made.gid()) != (old.uid(), old.gid()) {
            fchown(new, Some(old.uid()), Some(old.gid()))?;
        }
    }
    new.set_permissions(old.permissions())
}
