//! How a server is spoken to.

use std::path::PathBuf;
use std::time::Duration;

use super::activity::Observer;
use super::proxy::Proxies;
use super::unfinished::Unfinished;
use crate::address::ClientCertificate;

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Until the connection stands, encryption included.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub read: Duration,
    /// From the start to the last byte.
    pub total: Duration,
}

impl Default for Timeouts {
    /// 10 seconds to connect, 30 for an answer: reqwest itself has no limits.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
            total: Duration::from_secs(30),
        }
    }
}

/// How a server is spoken to.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How long a call may take.
    pub timeouts: Timeouts,
    /// A file with certificates (PEM) that are trusted beside the system's.
    pub ca_file: Option<PathBuf>,
    /// The certificate that is shown to servers that ask for one.
    pub client_certificate: Option<ClientCertificate>,
    /// Which servers are reached through a proxy.
    pub proxies: Proxies,
    /// Who is told of each request.
    pub observer: Option<Observer>,
    /// Sign-ins and sign-outs that nobody waits for: whoever ends the program may wait for their end.
    pub unfinished: Unfinished,
}
