//! Which certificates git trusts at an address, and whether that is enough.

use std::path::PathBuf;

use reqwest::Url;

use super::ask::{Said, Service, Workplace};
use super::{Error, settings};
use crate::address::ClientCertificate;
use crate::environment::Environment;

/// Names git's authorities to git, before its configuration does (git(1)).
const VARIABLE: &str = "GIT_SSL_CAINFO";
/// Name git's client certificate and its key to git, before its configuration does (git(1)).
const OWN: &str = "GIT_SSL_CERT";
const OWN_KEY: &str = "GIT_SSL_KEY";
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

/// What git itself shows at an address that wants a certificate of its clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCertificate {
    /// The certificate.
    pub certificate: Authority,
    /// Its key, where that has a file of its own.
    pub key: Option<Authority>,
}

impl OwnCertificate {
    /// Whether one of the files is not there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        let mut files = std::iter::once(&self.certificate).chain(&self.key);
        files.any(Authority::is_missing)
    }

    /// The files.
    #[must_use]
    pub fn files(&self) -> ClientCertificate {
        let key = self.key.as_ref().map(|key| key.file.clone());
        ClientCertificate::new(self.certificate.file.clone(), key)
    }
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
    file_of(environment, address, (VARIABLE, "sslcainfo")).await
}

/// The certificate that git itself shows at an address.
pub async fn own_certificate(environment: &Environment, address: &str) -> Option<OwnCertificate> {
    let certificate = file_of(environment, address, (OWN, "sslcert")).await?;
    let key = file_of(environment, address, (OWN_KEY, "sslkey")).await;
    Some(OwnCertificate { certificate, key })
}

/// The file that a variable or a setting of git's names for an address.
async fn file_of(
    environment: &Environment,
    address: &str,
    (variable, name): (&str, &str),
) -> Option<Authority> {
    if let Some(file) = environment.get(variable) {
        return Some(Authority {
            file: file.into(),
            from: variable.to_owned(),
        });
    }
    let url = Url::parse(address).ok()?;
    let settings = settings::at(environment, ("http", name), &url).await;
    let setting = settings.ok()?.pop()?;
    let file = match setting.value.strip_prefix("~/") {
        Some(rest) => environment.home().ok()?.join(rest),
        None => PathBuf::from(setting.value.as_str()),
    };
    Some(Authority {
        file,
        from: setting.from,
    })
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
