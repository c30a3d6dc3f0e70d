//! A lock on a file that goes with the process, however that ends.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// A new file, locked before another process can see it under this name.
#[cfg(unix)]
pub(super) fn create(options: &OpenOptions, path: &Path) -> io::Result<File> {
    if path.exists() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let hidden = path.with_extension("new");
    let file = options.open(&hidden)?;
    if !take(&file) {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    std::fs::rename(&hidden, path)?;
    Ok(file)
}

/// A file that is there.
#[cfg(unix)]
pub(super) fn open(options: &OpenOptions, path: &Path) -> io::Result<File> {
    if path.extension().is_some() {
        // Not ready yet.
        return Err(io::ErrorKind::NotFound.into());
    }
    options.open(path)
}

/// Whether it is ours now, and nobody else's.
#[cfg(unix)]
pub(super) fn take(file: &File) -> bool {
    rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive).is_ok()
}

/// Windows opens a file for one process alone where it is asked to; others may take it away.
#[cfg(windows)]
fn alone(options: &OpenOptions, path: &Path) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt as _;
    const FILE_SHARE_DELETE: u32 = 4;
    options.clone().share_mode(FILE_SHARE_DELETE).open(path)
}

/// A new file, locked.
#[cfg(windows)]
pub(super) fn create(options: &OpenOptions, path: &Path) -> io::Result<File> {
    alone(options, path)
}

/// A file that is there, locked.
#[cfg(windows)]
pub(super) fn open(options: &OpenOptions, path: &Path) -> io::Result<File> {
    alone(options, path)
}

/// Whoever could open it has it.
#[cfg(windows)]
pub(super) fn take(_file: &File) -> bool {
    true
}
