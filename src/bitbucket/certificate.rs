//! The certificates that a server presents, and why one is not trusted.
//!
//! They are shown to the user; whether they are trusted is decided by the platform's verifier alone.

use std::fmt;
use std::net::IpAddr;

use jiff::Timestamp;
use rustls::CertificateError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::name::Name;
use x509_cert::time::Time;

use crate::text::clean;

/// What a certificate says, cleaned. Nobody vouches for it where it is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whom it is for: the common name, or all of the name where there is none; may be empty.
    pub subject: String,
    /// Who signed it, in the same form.
    pub issuer: String,
    /// The host names and addresses that it is for.
    pub names: Vec<String>,
    /// From when on it is valid.
    pub not_before: Timestamp,
    /// Until when it is valid.
    pub not_after: Timestamp,
}

impl Certificate {
    /// `None` for something that is no certificate.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let certificate = x509_cert::Certificate::from_der(der).ok()?;
        let certificate = certificate.tbs_certificate();
        let names = certificate.get_extension::<SubjectAltName>().ok().flatten();
        let names = names.map(|(_, names)| names.0).unwrap_or_default();
        Some(Self {
            subject: common_name(certificate.subject()),
            issuer: common_name(certificate.issuer()),
            names: names.iter().filter_map(host_name).collect(),
            not_before: timestamp(certificate.validity().not_before)?,
            not_after: timestamp(certificate.validity().not_after)?,
        })
    }

    /// Whether it names itself as its issuer.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.subject == self.issuer
    }
}

/// The certificates of a PEM file, at least one; or why there is none.
pub(super) fn in_pem(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match certificates {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err("there is no \"-----BEGIN CERTIFICATE-----\" in it".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn common_name(name: &Name) -> String {
    let common = name.common_name().ok().flatten();
    clean(&common.map_or_else(|| name.to_string(), |name| name.value().into_owned()))
}

fn host_name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(clean(name.as_str())),
        GeneralName::IpAddress(bytes) => {
            let v4 = <[u8; 4]>::try_from(bytes.as_bytes()).map(IpAddr::from);
            let v6 = <[u8; 16]>::try_from(bytes.as_bytes()).map(IpAddr::from);
            v4.or(v6).ok().map(|address| address.to_string())
        }
        _ => None,
    }
}

fn timestamp(time: Time) -> Option<Timestamp> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
    Timestamp::from_second(seconds).ok()
}

/// A server's certificate that is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distrust {
    /// Why.
    pub reason: DistrustReason,
    /// What the server presented, its own certificate first. Empty where nothing was read.
    pub chain: Vec<Certificate>,
}

/// Why a certificate is not trusted. Displayed as the end of "The certificate is not trusted: …".
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DistrustReason {
    /// It was valid once.
    Expired,
    /// It will be valid one day.
    NotYetValid,
    /// It is for other names.
    OtherName,
    /// No authority that this computer knows has signed it.
    UnknownIssuer,
    /// It is its own authority.
    SelfSigned,
    /// It is that of an authority (CA:TRUE), which no server may use: what `openssl req -x509` makes.
    AuthorityAsServer,
    /// Its authority has taken it back.
    Revoked,
    /// The certificates that this computer trusts cannot be read, or there are none.
    NoStore(String),
    /// In the verifier's own words.
    Other(String),
}

impl DistrustReason {
    pub(super) fn of(error: &CertificateError) -> Self {
        use CertificateError as Bad;
        match error {
            Bad::Expired | Bad::ExpiredContext { .. } => Self::Expired,
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => Self::NotYetValid,
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => Self::OtherName,
            Bad::UnknownIssuer => Self::UnknownIssuer,
            Bad::Revoked => Self::Revoked,
            other => {
                let words = clean(&other.to_string());
                if words.contains("CaUsedAsEndEntity") {
                    // The verifier's own type is not ours to name.
                    Self::AuthorityAsServer
                } else {
                    Self::Other(words)
                }
            }
        }
    }
}

impl Distrust {
    /// With what the server presented, which tells a self-signed certificate from one of an unknown
    /// authority.
    pub(super) fn new(reason: DistrustReason, chain: Vec<Certificate>) -> Self {
        let is_alone = chain.len() == 1 && chain[0].is_self_signed();
        let reason = match reason {
            DistrustReason::UnknownIssuer if is_alone => DistrustReason::SelfSigned,
            reason => reason,
        };
        Self { reason, chain }
    }

    /// The authority at the end of what the server presented: the one to trust, where it is the
    /// company's own.
    #[must_use]
    pub fn authority(&self) -> Option<&str> {
        let issuer = &self.chain.last()?.issuer;
        (!issuer.is_empty()).then_some(issuer)
    }
}

impl fmt::Display for DistrustReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "it has expired",
            Self::NotYetValid => "it is not valid yet",
            Self::OtherName => "it was issued for another server",
            Self::UnknownIssuer => "this computer does not know who issued it",
            Self::SelfSigned => "the server issued it to itself",
            Self::AuthorityAsServer => {
                "it is the certificate of an authority, not that of a server"
            }
            Self::Revoked => "it has been revoked",
            Self::NoStore(why) => {
                return write!(
                    f,
                    "the certificates that this computer trusts cannot be read ({why})"
                );
            }
            Self::Other(words) => words,
        })
    }
}
