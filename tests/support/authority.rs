//! An authority of our own that issues certificates for tests: good ones, expired ones, wrong ones.

#![allow(
    dead_code,
    reason = "each test binary uses its own part of the authority"
)]
#![allow(
    clippy::unwrap_used,
    reason = "a failed unwrap in a support module is a failed test"
)]

use std::path::{Path, PathBuf};

use bbtoken::simulator::{Identity, TlsVersion};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// Its name, as certificates show it.
pub(crate) const NAME: &str = "Nordwind Test Authority";

pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, NAME);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        let issuer = Issuer::new(params, key);
        Self { issuer, pem }
    }

    /// Its own certificate in a new file of this directory.
    pub(crate) fn file(&self, directory: &Path) -> PathBuf {
        let path = directory.join("authority.pem");
        std::fs::write(&path, &self.pem).unwrap();
        path
    }

    /// Such a certificate and its key, as PEM texts.
    pub(crate) fn issue_pem(&self, names: &[&str]) -> (String, String) {
        let (params, key) = params(names, 2020, 2090);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    /// The certificate of a server for these names that lets in only who shows one of this authority.
    pub(crate) fn demanding(&self, names: &[&str], version: TlsVersion) -> Identity {
        let (certificate, key) = self.issue_pem(names);
        let pem = self.pem.as_bytes();
        let (certificate, key) = (certificate.as_bytes(), key.as_bytes());
        Identity::from_pem_demanding(certificate, key, pem, version).unwrap()
    }

    /// A client's certificate and its key, in new files of this directory.
    pub(crate) fn client(&self, directory: &Path, name: &str) -> (PathBuf, PathBuf) {
        let (mut params, key) = params(&[name], 2020, 2090);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let (file, key_file) = (
            directory.join(format!("{name}.pem")),
            directory.join(format!("{name}.key")),
        );
        std::fs::write(&file, certificate.pem()).unwrap();
        std::fs::write(&key_file, key.serialize_pem()).unwrap();
        (file, key_file)
    }

    /// A certificate that is valid now, for these names and addresses.
    pub(crate) fn issue(&self, names: &[&str]) -> Identity {
        self.issue_for_years(names, 2020, 2090)
    }

    /// Valid from the first day of one year to that of another.
    pub(crate) fn issue_for_years(&self, names: &[&str], from: i32, until: i32) -> Identity {
        let (params, key) = params(names, from, until);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity::from_pem(certificate.pem().as_bytes(), key.serialize_pem().as_bytes()).unwrap()
    }
}

/// A certificate that the server has issued to itself.
pub(crate) fn self_signed(names: &[&str]) -> Identity {
    let (params, key) = params(names, 2020, 2090);
    let certificate = params.self_signed(&key).unwrap();
    Identity::from_pem(certificate.pem().as_bytes(), key.serialize_pem().as_bytes()).unwrap()
}

/// What `openssl req -x509` makes: the server uses the certificate of an authority.
pub(crate) fn authority_as_server(names: &[&str]) -> Identity {
    let (mut params, key) = params(names, 2020, 2090);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = params.self_signed(&key).unwrap();
    Identity::from_pem(certificate.pem().as_bytes(), key.serialize_pem().as_bytes()).unwrap()
}

fn params(names: &[&str], from: i32, until: i32) -> (CertificateParams, KeyPair) {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let common_name = names[0].clone();
    let mut params = CertificateParams::new(names).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    (params, KeyPair::generate().unwrap())
}
