//! Encryption: the server's certificate and key.

use std::fmt;
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use tokio_rustls::TlsAcceptor;

/// A certificate with its key, under which the simulator is served over https.
#[derive(Clone)]
pub struct Identity(Arc<rustls::ServerConfig>);

/// A version of TLS: the two say differently that a certificate is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsVersion {
    /// 1.2: while the connection is made.
    V1_2,
    /// 1.3: after it.
    V1_3,
}

/// Why something is no certificate with its key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdentityError {
    /// The certificates cannot be read.
    #[error("there is no certificate in PEM form: {0}")]
    Certificate(String),
    /// The key cannot be read.
    #[error("there is no private key in PEM form: {0}")]
    Key(String),
    /// They do not belong together, or are of a kind that cannot be used.
    #[error("certificate and key cannot be used: {0}")]
    Pair(String),
}

impl Identity {
    /// From PEM texts: the server's certificate with the ones between it and its authority, and its
    /// private key (PKCS#8, PKCS#1 or SEC1).
    ///
    /// # Errors
    ///
    /// See [`IdentityError`].
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, IdentityError> {
        let (chain, key) = read(certificates, key)?;
        let pair = |error: rustls::Error| IdentityError::Pair(error.to_string());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(pair)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(pair)?;
        Ok(Self(Arc::new(config)))
    }

    /// The same, which lets in only who shows a certificate of this authority (PEM), by this version of TLS
    /// alone.
    ///
    /// # Errors
    ///
    /// See [`IdentityError`].
    pub fn from_pem_demanding(
        certificates: &[u8],
        key: &[u8],
        authority: &[u8],
        version: TlsVersion,
    ) -> Result<Self, IdentityError> {
        let pair = |error: rustls::Error| IdentityError::Pair(error.to_string());
        let trusted = |error: String| IdentityError::Certificate(error);
        let (chain, key) = read(certificates, key)?;
        let mut roots = RootCertStore::empty();
        for root in CertificateDer::pem_slice_iter(authority) {
            let root = root.map_err(|error| trusted(error.to_string()))?;
            roots
                .add(root)
                .map_err(|error| trusted(error.to_string()))?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let verifier = verifier
            .build()
            .map_err(|error| trusted(error.to_string()))?;
        let version = match version {
            TlsVersion::V1_2 => &rustls::version::TLS12,
            TlsVersion::V1_3 => &rustls::version::TLS13,
        };
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .map_err(pair)?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, key)
            .map_err(pair)?;
        Ok(Self(Arc::new(config)))
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.0))
    }
}

/// A chain of certificates, the server's own first, and its key.
type Pair = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn read(certificates: &[u8], key: &[u8]) -> Result<Pair, IdentityError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
    let chain = chain.map_err(|error| IdentityError::Certificate(error.to_string()))?;
    if chain.is_empty() {
        return Err(IdentityError::Certificate("it is empty".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_slice(key)
        .map_err(|error| IdentityError::Key(error.to_string()))?;
    Ok((chain, key))
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}
