//! What went wrong below HTTP, told apart by walking the chain of causes.

use std::error::Error as StdError;
use std::io;

use rustls::AlertDescription;

use super::certificate::{Distrust, DistrustReason};
use super::error::{ErrorKind, ProxyProblem};
use crate::text;

/// The kind of a failure to connect, to send or to receive, and the innermost cause in its own words.
pub(super) fn classify(error: &reqwest::Error) -> (ErrorKind, String) {
    let mut kind = None;
    let mut root = String::new();
    for cause in chain(error) {
        root = cause.to_string();
        if kind.is_none() {
            kind = cause_kind(cause);
        }
    }
    let kind = match kind {
        _ if error.is_dns() => ErrorKind::NameNotFound,
        Some(kind) => kind,
        None if error.is_timeout() => ErrorKind::TimedOut,
        // hyper's parser: what answers does not speak HTTP. Often the port for git over SSH.
        None if root.starts_with("invalid HTTP") => ErrorKind::NotBitbucket,
        None if error.is_connect() || error.is_builder() => ErrorKind::Other,
        None => ErrorKind::ConnectionLost,
    };
    (kind, text::clean(&root))
}

/// The error and its causes, outermost first.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| {
        // An I/O error skips the error that it wraps when asked for its source.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        match wrapped {
            Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
}

fn cause_kind(cause: &(dyn StdError + 'static)) -> Option<ErrorKind> {
    if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
        return Some(tls_kind(tls));
    }
    match cause.downcast_ref::<io::Error>()?.kind() {
        io::ErrorKind::ConnectionRefused => Some(ErrorKind::Refused),
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => Some(ErrorKind::Unreachable),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe => Some(ErrorKind::ConnectionLost),
        _ => None,
    }
}

/// What a certificate is refused for; or that what answers is no TLS at all. Of the rest, such as
/// versions without a common one, the cause says what it is.
fn tls_kind(error: &rustls::Error) -> ErrorKind {
    match error {
        rustls::Error::InvalidCertificate(error) => {
            ErrorKind::Certificate(Distrust::new(DistrustReason::of(error), Vec::new()))
        }
        rustls::Error::InvalidMessage(_) => ErrorKind::NoEncryption,
        _ => ErrorKind::Other,
    }
}

/// What the server said when it ended the handshake, where it said anything.
pub(super) fn alert(error: &reqwest::Error) -> Option<AlertDescription> {
    chain(error).find_map(|cause| match cause.downcast_ref()? {
        rustls::Error::AlertReceived(alert) => Some(*alert),
        _ => None,
    })
}

/// Whether a handshake failed because of the certificate of this client. `has_asked`: the server wanted
/// one; `is_answered`: it has answered before.
pub(super) fn wants_certificate(
    alert: Option<AlertDescription>,
    kind: &ErrorKind,
    has_asked: bool,
    is_answered: bool,
) -> bool {
    use AlertDescription as Alert;
    match alert {
        Some(Alert::CertificateRequired) => true,
        Some(
            Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::DecryptError
            | Alert::NoCertificate
            | Alert::HandshakeFailure,
        ) => has_asked,
        Some(_) => false,
        // With TLS 1.3 the connection may be gone before the alert is read.
        None => {
            let is_cut = matches!(kind, ErrorKind::ConnectionLost | ErrorKind::Other);
            is_cut && has_asked && !is_answered
        }
    }
}

/// The same failure where the way goes through a proxy. `cause` is the innermost one; while the
/// connection is `connecting`, it is the proxy that does not answer.
pub(super) fn through_proxy(
    kind: ErrorKind,
    cause: &str,
    address: &str,
    connecting: bool,
) -> ErrorKind {
    let problem = match kind {
        // The words of hyper-util's tunnel, whose error has no public type.
        _ if cause == "tunnel error: proxy authorization required" => ProxyProblem::WantsPassword,
        _ if cause.starts_with("tunnel error: ") => ProxyProblem::NoTunnel,
        ErrorKind::NameNotFound => ProxyProblem::NotFound,
        ErrorKind::Refused | ErrorKind::Unreachable if connecting => ProxyProblem::Unreachable,
        kind => return kind,
    };
    let address = address.to_owned();
    ErrorKind::Proxy { address, problem }
}
