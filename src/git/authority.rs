//! Which certificates git trusts at an address, and whether that is enough.

use std::path::PathBuf;

use reqwest::Url;

use super::ask::{Said, Service, Workplace};
use super::{Error, settings};
use crate::address::ClientCertificate;
use crate::environment::Environment;

/// Names git's authorities to git, before its configuration does (git(1)).
const VARIABLE: &str = "GIT_SSL_CAINFO";
/// Names git's client certificate to git, before its configuration does (git(1)).
const OWN: &str = "GIT_SSL_CERT";
/// Names the system's authorities to bbtoken; git does not read it.
const SYSTEMS: &str = "SSL_CERT_FILE";

/// A file that git is told of: of certificates that it trusts in place of the system's, or with its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    /// Which.
    pub file: PathBuf,
    /// What names it: a file of configuration, or a variable.
    pub from: String,
}

impl Authority {
    /// Whether it is not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        !self.file.is_file()
    }
}

/// The file that git is told to trust at an address; none where it trusts the system's.
pub async fn authority(environment: &Environment, address: &str) -> Option<Authority> {
    if let Some(file) = environment.get(VARIABLE) {
        return Some(Authority {
            file: file.into(),
            from: VARIABLE.to_owned(),
        });
    }
    file_of(environment, address, "sslcainfo").await
}

/// The file that a setting of git's names for an address.
async fn file_of(environment: &Environment, address: &str, name: &str) -> Option<Authority> {
    let url = Url::parse(address).ok()?;
    let pattern = settings::pattern("http", name);
    let all = settings::list(environment, &pattern).await.ok()?;
    let setting = settings::for_url(all, "http", name, &url).pop()?;
    let file = match setting.value.strip_prefix("~/") {
        Some(rest) => environment.home().ok()?.join(rest),
        None => PathBuf::from(setting.value.as_str()),
    };
    Some(Authority {
        file,
        from: setting.from,
    })
}

/// The file with the certificate that git itself shows at an address, and what names it.
pub async fn own_certificate(environment: &Environment, address: &str) -> Option<Authority> {
    if let Some(file) = environment.get(OWN) {
        return Some(Authority {
            file: file.into(),
            from: OWN.to_owned(),
        });
    }
    file_of(environment, address, "sslcert").await
}

/// What bbtoken trusts beside, or in place of, what every program here does: a file of its configuration,
/// or that of `SSL_CERT_FILE`.
#[must_use]
pub fn extra_authority(environment: &Environment, configured: Option<PathBuf>) -> Option<PathBuf> {
    let file = configured.or_else(|| environment.get(SYSTEMS).map(PathBuf::from))?;
    std::path::absolute(file).ok()
}

/// Whether git does not trust the certificate of the server at an address. Nothing is sent there to sign
/// in with; where the server wants a certificate of its clients, this one is shown.
///
/// # Errors
///
/// [`Error::NoGit`], and where git makes no repository.
pub async fn distrusts(
    environment: &Environment,
    address: &str,
    shown: Option<&ClientCertificate>,
) -> Result<bool, Error> {
    let place = Workplace::empty(environment, address).await?;
    let shown = shown.into_iter().flat_map(|own| {
        let (file, key) = (own.file.display(), own.key.display());
        [format!("http.sslCert={file}"), format!("http.sslKey={key}")]
    });
    let shown: Vec<_> = shown.collect();
    let said = place.ask_as_nobody(environment, address, Service::Fetch, &shown);
    Ok(matches!(said.await?, Said::Distrusts(_)))
}
