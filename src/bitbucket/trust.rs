//! Whom an encrypted connection trusts: the system's authorities, and those of a file.
//!
//! Nothing here ever trusts more than that. What a server presents is only written down, so that an
//! error can say who issued it.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;

use super::certificate::{self, Certificate, Distrust, DistrustReason};
use super::error::{Error, ErrorKind};
use super::identity::{Asked, Identity};
use crate::address::ClientCertificate;
use crate::text::clean;

/// What the server of the newest handshake presented, its own certificate first.
#[derive(Debug, Clone, Default)]
pub(super) struct Presented(Arc<Mutex<Vec<CertificateDer<'static>>>>);

impl Presented {
    /// Reads it; what is no certificate is left out.
    pub(super) fn read(&self) -> Vec<Certificate> {
        let presented = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let chain = presented.iter();
        chain.filter_map(|der| Certificate::read(der)).collect()
    }

    fn note(&self, own: &CertificateDer<'_>, others: &[CertificateDer<'_>]) {
        let chain = std::iter::once(own).chain(others);
        let chain = chain.map(|der| der.clone().into_owned()).collect();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = chain;
    }
}

/// How a connection is encrypted, whom it trusts and what it shows of itself. `presented` learns what servers
/// present, and `asked` whether one wants a certificate.
///
/// # Errors
///
/// [`ErrorKind::AuthorityFile`], [`ErrorKind::ClientCertificateFile`], or [`ErrorKind::Certificate`] where
/// the system's certificates cannot be read, or there are none.
pub(super) fn configuration(
    authorities: Option<&Path>,
    own: Option<&ClientCertificate>,
    presented: &Presented,
    asked: &Asked,
) -> Result<ClientConfig, Error> {
    let extra = authorities.map_or_else(|| Ok(Vec::new()), read)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let failed = |error: rustls::Error| {
        let reason = DistrustReason::NoStore(clean(&error.to_string()));
        Error::from(ErrorKind::Certificate(Distrust::new(reason, Vec::new())))
    };
    let verifier =
        Verifier::new_with_extra_roots(extra, Arc::clone(&provider)).map_err(|error| {
            match (authorities, &error) {
                (Some(path), rustls::Error::InvalidCertificate(_)) => {
                    unusable(path, &error.to_string())
                }
                _ => failed(error),
            }
        })?;
    let witness = Witness {
        verifier,
        presented: presented.clone(),
    };
    let identity = Identity::read(own, &provider, asked)?;
    let configuration = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(failed)?
        // The verifier is the platform's own; it is only watched.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(witness))
        .with_client_cert_resolver(Arc::new(identity));
    Ok(configuration)
}

/// The certificates of a PEM file.
fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let pem = std::fs::read(path).map_err(|error| unusable(path, &error.to_string()))?;
    certificate::in_pem(&pem).map_err(|reason| unusable(path, &reason))
}

fn unusable(path: &Path, reason: &str) -> Error {
    ErrorKind::AuthorityFile {
        path: clean(&path.display().to_string()),
        reason: clean(reason),
    }
    .into()
}

/// The platform's verifier, watched.
#[derive(Debug)]
struct Witness {
    verifier: Verifier,
    presented: Presented,
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.presented.note(end_entity, intermediates);
        self.verifier
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
