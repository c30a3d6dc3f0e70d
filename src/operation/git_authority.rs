//! Whether git here is told of an authority with which a server is trusted that bbtoken does not trust.

use crate::bitbucket::{BaseUrl, DistrustReason, Error, ErrorKind, Settings};
use crate::environment::Environment;
use crate::git::{self, Authority};
use crate::operation::connect;

/// What git trusts at a server in place of the system's authorities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitTrusts {
    /// With this file the server is trusted.
    Enough(Authority),
    /// This file is of another authority, or holds none.
    Other(Authority),
    /// There is no such file.
    Missing(Authority),
}

/// Whether an authority is what is missing.
#[must_use]
pub fn lacks_authority(error: &Error) -> bool {
    matches!(&error.kind, ErrorKind::Certificate(distrust)
        if matches!(distrust.reason, DistrustReason::UnknownIssuer | DistrustReason::SelfSigned))
}

/// Looks what git trusts there, and whether that is enough; nothing where it trusts the system's.
pub async fn git_trusts(
    environment: &Environment,
    base: &BaseUrl,
    settings: Settings,
) -> Option<GitTrusts> {
    let authority = git::authority(environment, &base.to_string()).await?;
    if authority.is_missing() {
        return Some(GitTrusts::Missing(authority));
    }
    let settings = Settings {
        ca_file: Some(authority.file.clone()),
        ..settings
    };
    let tried = connect::connect(base.clone(), settings).await;
    Some(match tried.map_err(|error| error.kind) {
        Err(ErrorKind::Certificate(_) | ErrorKind::AuthorityFile { .. }) => {
            GitTrusts::Other(authority)
        }
        _ => GitTrusts::Enough(authority),
    })
}

impl GitTrusts {
    /// What was seen, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Enough(Authority { file, from }) => format!(
                "git trusts {} there, as {from} says, and with that this server is trusted.",
                file.display()
            ),
            Self::Other(Authority { file, from }) => format!(
                "git trusts {} there, as {from} says, but that is of another authority.",
                file.display()
            ),
            Self::Missing(Authority { file, from }) => format!(
                "git is told by {from} to trust {} there, and there is no such file.",
                file.display()
            ),
        }
    }
}
