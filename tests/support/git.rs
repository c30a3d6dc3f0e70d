//! What the git of this computer can do.

use std::process::Command;

use bbtoken::git::Version;

/// Whether it takes Bearer tokens from a credential helper. With an older one the tests of that way
/// see to it that bbtoken says so.
pub(crate) fn takes_bearer() -> bool {
    let output = Command::new("git").arg("--version").output().unwrap();
    let version = Version::read(std::str::from_utf8(&output.stdout).unwrap());
    version.unwrap() >= Version::BEARER
}
