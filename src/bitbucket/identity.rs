//! The certificate by which this client shows who it is, where a server wants one (mTLS).

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;

use super::certificate::{self, Certificate};
use super::error::{Error, ErrorKind};
use crate::address::ClientCertificate;
use crate::secret::Secret;
use crate::text::clean;

/// What is shown to a server that asks for a certificate; and whether one has asked.
#[derive(Debug)]
pub(super) struct Identity {
    shown: Option<Arc<CertifiedKey>>,
    asked: Asked,
}

/// Whether the server has asked for a certificate.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked(Arc<AtomicBool>);

impl Asked {
    pub(super) fn has(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Identity {
    /// The certificate of these files, or none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ClientCertificateFile`].
    pub(super) fn read(
        files: Option<&ClientCertificate>,
        provider: &CryptoProvider,
        asked: &Asked,
    ) -> Result<Self, Error> {
        let shown = files.map(|files| certified(files, provider)).transpose()?;
        Ok(Self {
            shown: shown.map(Arc::new),
            asked: asked.clone(),
        })
    }
}

impl ResolvesClientCert for Identity {
    fn resolve(
        &self,
        _root_hint_subjects: &[&[u8]],
        _schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.asked.0.store(true, Ordering::Relaxed);
        self.shown.clone()
    }

    fn has_certs(&self) -> bool {
        // Even without one, so that a server that asks is noted.
        true
    }
}

/// The certificate in a file, for people to read.
///
/// # Errors
///
/// [`ErrorKind::ClientCertificateFile`].
pub(super) fn described(files: &ClientCertificate) -> Result<Option<Certificate>, Error> {
    let chain = chain(&files.file)?;
    Ok(chain.first().and_then(|own| Certificate::read(own)))
}

fn certified(files: &ClientCertificate, provider: &CryptoProvider) -> Result<CertifiedKey, Error> {
    let chain = chain(&files.file)?;
    let key = key(&files.key)?;
    CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
        rustls::Error::InconsistentKeys(_) => {
            let file = files.file.display();
            unusable(
                &files.key,
                &format!("its private key is not that of the certificate in {file}"),
            )
        }
        error => unusable(&files.key, &error.to_string()),
    })
}

fn chain(file: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = read(file)?;
    certificate::in_pem(pem.expose().as_bytes()).map_err(|reason| unusable(file, &reason))
}

fn key(file: &Path) -> Result<PrivateKeyDer<'static>, Error> {
    let pem = read(file)?;
    let text = pem.expose();
    if text.contains("ENCRYPTED PRIVATE KEY-----") || text.contains("Proc-Type: 4,ENCRYPTED") {
        return Err(unusable(
            file,
            "its private key is encrypted, and bbtoken does not ask for its passphrase: \"openssl pkey -in KEY -out NEW\" writes one without, which only you should be able to read",
        ));
    }
    PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|error| match error {
        rustls::pki_types::pem::Error::NoItemsFound => unusable(
            file,
            "there is no private key (\"-----BEGIN PRIVATE KEY-----\") in it",
        ),
        error => unusable(file, &error.to_string()),
    })
}

/// The text of a file, which may be a private key.
fn read(file: &Path) -> Result<Secret, Error> {
    let bytes = std::fs::read(file).map_err(|error| unusable(file, &error.to_string()))?;
    let bytes = zeroize::Zeroizing::new(bytes);
    let text = std::str::from_utf8(&bytes).map_err(|_| {
        unusable(
            file,
            "it is not in PEM form; a .p12 or .pfx file becomes PEM with \"openssl pkcs12 -in FILE -out NEW -nodes\"",
        )
    })?;
    Ok(Secret::new(text.to_owned()))
}

fn unusable(file: &Path, reason: &str) -> Error {
    ErrorKind::ClientCertificateFile {
        path: clean(&file.display().to_string()),
        reason: clean(reason),
    }
    .into()
}
