//! Files of ours that only the user can read, written as a whole or not at all, and locks that keep two
//! bbtokens from changing the same ones at once.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fs4::TryLockError;
use tempfile::NamedTempFile;

/// How the name of a file begins that is still being written.
const NEW: &str = ".bbtoken-new-";
/// A lock is held for milliseconds. Whoever holds it longer has been stopped.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(10);
/// As many links as Linux follows.
const MOST_LINKS: usize = 40;

/// Writes a file in place of an old one, with mode 0600. Where the name is a link, the file behind it is
/// replaced and the link stays. On Windows it has the rights that its directory gives it.
///
/// # Errors
/// If it cannot be written; then the old one is still there.
pub fn replace(file: &Path, text: &[u8]) -> io::Result<()> {
    let file = behind_links(file);
    let new = write_beside(&file, text)?;
    new.persist(file).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a file that is not there yet, with mode 0600. A link with that name is not followed.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], or why it cannot be written; then there is no file.
pub fn create(file: &Path, text: &[u8]) -> io::Result<()> {
    let new = write_beside(file, text)?;
    new.persist_noclobber(file).map_err(|error| error.error)?;
    Ok(())
}

/// A file with a name of its own, which goes away again unless it gets the one that it is meant for.
fn write_beside(file: &Path, text: &[u8]) -> io::Result<NamedTempFile> {
    let directory = parent(file);
    let new = tempfile::Builder::new().prefix(NEW).tempfile_in(directory);
    let mut new = new.map_err(without_path)?;
    new.write_all(text)?;
    new.as_file().sync_all()?;
    Ok(new)
}

/// Deletes what was left half-written when a process was killed. Only under a [`lock`] that everybody
/// takes who writes into this directory.
pub fn sweep(directory: &Path) {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with(NEW) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The file that a name leads to, which need not be there.
#[must_use]
pub fn behind_links(file: &Path) -> PathBuf {
    let mut file = file.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&file) else {
            break;
        };
        file = parent(&file).join(target);
    }
    file
}

/// The directory of a file; the current one where only a name was given.
#[must_use]
pub fn parent(file: &Path) -> &Path {
    let parent = file.parent().filter(|parent| *parent != Path::new(""));
    parent.unwrap_or(Path::new("."))
}

/// Makes a directory, and those above it, with mode 0700; one that is there stays as it is.
///
/// # Errors
/// If it cannot be made.
pub fn create_directory(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

/// Held while files are read, changed and written; dropping it lets the next one in, and so does the end
/// of the process, however it comes.
#[derive(Debug)]
pub struct Lock(#[allow(dead_code, reason = "closing the file unlocks it")] File);

/// Waits for a lock. Its file stays, since deleting it would let two in at once. Where the file system
/// knows no locks, it goes without.
///
/// # Errors
/// If somebody holds it for longer than two seconds, or its file cannot be made.
pub fn lock(file: &Path) -> io::Result<Lock> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let opened = options.open(file)?;
    wait_for(|| match fs4::FileExt::try_lock(&opened) {
        Ok(()) | Err(TryLockError::Error(_)) => Some(()),
        Err(TryLockError::WouldBlock) => None,
    })
    .ok_or_else(|| {
        let what = format!("another bbtoken has locked {}", file.display());
        io::Error::new(io::ErrorKind::TimedOut, what)
    })?;
    Ok(Lock(opened))
}

/// The lock of a file that is there, unless somebody holds it, or the file system knows no locks.
#[must_use]
pub fn try_lock(file: &Path) -> Option<Lock> {
    let opened = OpenOptions::new().write(true).open(file).ok()?;
    fs4::FileExt::try_lock(&opened).ok()?;
    Some(Lock(opened))
}

/// Tries until there is an answer, for as long as locks are waited for.
pub fn wait_for<T>(mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        let answer = attempt();
        if answer.is_some() || start.elapsed() > PATIENCE {
            return answer;
        }
        std::thread::sleep(PAUSE);
    }
}

/// The system's reason alone: tempfile puts a name before it that nobody has chosen.
#[must_use]
pub fn without_path(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|outer| outer.source());
    let inner = inner.and_then(|inner| inner.downcast_ref::<io::Error>());
    match inner.and_then(io::Error::raw_os_error) {
        Some(code) => io::Error::from_raw_os_error(code),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn nothing_else_in_the_directory_is_touched_and_nothing_left_behind() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("state.toml");
        let theirs = ["state.toml.new", "state.toml.lock", "state.toml~"];
        for name in theirs {
            fs::write(directory.path().join(name), "mine").unwrap();
        }
        replace(&file, b"one").unwrap();
        replace(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        assert!(create(&file, b"three").is_err());
        assert!(replace(&directory.path().join("no/such"), b"x").is_err());
        for name in theirs {
            let text = fs::read(directory.path().join(name)).unwrap();
            assert_eq!(text, b"mine", "{name}");
        }
        assert_eq!(names(directory.path()).len(), theirs.len() + 1);
    }

    #[test]
    fn what_a_killed_process_left_is_swept_away() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("x.inc");
        let (_, _left) = write_beside(&file, b"geheim").unwrap().keep().unwrap();
        fs::write(&file, "mine").unwrap();
        sweep(directory.path());
        assert_eq!(names(directory.path()), ["x.inc"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_and_the_file_behind_it_is_replaced() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::create_dir(at("elsewhere")).unwrap();
        symlink("second", at("first")).unwrap();
        symlink("elsewhere/file", at("second")).unwrap();
        // Once where there is nothing yet, then in place of what is there.
        for text in [b"one", b"two"] {
            replace(&at("first"), text).unwrap();
            assert_eq!(fs::read(at("elsewhere/file")).unwrap(), text);
            assert!(at("first").is_symlink() && at("second").is_symlink());
        }
        let mode = fs::metadata(at("elsewhere/file")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
        // In a circle there is no file: that is an error, not an endless search.
        symlink("circle", at("circle")).unwrap();
        assert_eq!(behind_links(&at("circle")), at("circle"));
    }

    #[test]
    fn one_waits_for_the_other() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("count");
        let count = |file: &Path| {
            let text = fs::read_to_string(file).unwrap_or_default();
            text.parse::<u32>().unwrap_or(0)
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        let _lock = lock(&directory.path().join("lock")).unwrap();
                        let next = count(&file) + 1;
                        replace(&file, next.to_string().as_bytes()).unwrap();
                    }
                });
            }
        });
        assert_eq!(count(&file), 100);
    }
}
