//! The files by which somebody shows a server who he is, before anything is said there (mTLS).

use std::path::{Path, PathBuf};

/// A client certificate and its key, in PEM form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    /// The file with the certificate, and with those between it and its authority.
    pub file: PathBuf,
    /// The file with its private key; that of the certificate where it has none of its own.
    pub key: PathBuf,
}

impl ClientCertificate {
    /// Those files; the key may lie beside the certificate in the same one.
    #[must_use]
    pub fn new(file: PathBuf, key: Option<PathBuf>) -> Self {
        let key = key.unwrap_or_else(|| file.clone());
        Self { file, key }
    }

    /// With full paths, for programs that run elsewhere.
    #[must_use]
    pub fn absolute(&self) -> Self {
        let full = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        Self {
            file: full(&self.file),
            key: full(&self.key),
        }
    }
}
