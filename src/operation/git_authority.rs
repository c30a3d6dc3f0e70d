//! Whether git here is told of what is missing where bbtoken does not get through the encryption: an authority
//! with which the server is trusted, or a certificate to show there.

use crate::bitbucket::{BaseUrl, DistrustReason, Error, ErrorKind, Settings};
use crate::environment::Environment;
use crate::git::{self, Authority, OwnCertificate};
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

/// What git shows at a server that wants a certificate of its clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitShows {
    /// With this one the server lets bbtoken in too.
    Enough(OwnCertificate),
    /// The server does not accept this one from bbtoken, or it cannot be read.
    Other(OwnCertificate),
    /// A file of it is not there.
    Missing(OwnCertificate),
}

/// Whether an authority is what is missing.
#[must_use]
pub fn lacks_authority(error: &Error) -> bool {
    matches!(&error.kind, ErrorKind::Certificate(distrust)
        if matches!(distrust.reason, DistrustReason::UnknownIssuer | DistrustReason::SelfSigned))
}

/// What keeps bbtoken from the server with these settings, if anything does.
async fn in_the_way(base: &BaseUrl, settings: Settings) -> Option<ErrorKind> {
    let tried = connect::connect(base.clone(), settings).await;
    tried.err().map(|error| error.kind)
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
    Some(match in_the_way(base, settings).await {
        Some(ErrorKind::Certificate(_) | ErrorKind::AuthorityFile { .. }) => {
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

/// Looks what git shows there, and whether that is enough; nothing where it shows nothing, or what bbtoken
/// shows already.
pub async fn git_shows(
    environment: &Environment,
    base: &BaseUrl,
    settings: Settings,
) -> Option<GitShows> {
    let own = git::own_certificate(environment, &base.to_string()).await?;
    if own.is_missing() {
        return Some(GitShows::Missing(own));
    }
    let files = Some(own.files());
    if settings.client_certificate == files {
        return None;
    }
    let settings = Settings {
        client_certificate: files,
        ..settings
    };
    Some(match in_the_way(base, settings).await {
        Some(ErrorKind::ClientCertificate(_) | ErrorKind::ClientCertificateFile { .. }) => {
            GitShows::Other(own)
        }
        _ => GitShows::Enough(own),
    })
}

impl GitShows {
    /// What was seen, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (Self::Enough(own) | Self::Other(own) | Self::Missing(own)) = self;
        let Authority { file, from } = &own.certificate;
        let file = file.display();
        let key = own.key.as_ref().map_or_else(String::new, |key| {
            format!(" with the key {}", key.file.display())
        });
        match self {
            Self::Enough(_) => format!(
                "git shows {file}{key} there, as {from} says, and with that the server lets bbtoken in."
            ),
            Self::Other(_) => format!(
                "git shows {file}{key} there, as {from} says, but with that the server does not let bbtoken in."
            ),
            Self::Missing(_) => {
                format!("git is told by {from} to show {file}{key} there, and that is not there.")
            }
        }
    }
}
