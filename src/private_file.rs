//! Files that only the user can read, written as a whole or not at all.

use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a file in place of an old one, with mode 0600 unless it is to have other permissions. On
/// Windows it has the rights that its directory gives it.
///
/// # Errors
/// If it cannot be written; then the old one is still there.
pub fn replace(file: &Path, text: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let mut new = file.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut opened = options.open(&new)?;
    opened.write_all(text)?;
    opened.sync_all()?;
    if let Some(permissions) = permissions {
        fs::set_permissions(&new, permissions)?;
    }
    fs::rename(&new, file)
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
