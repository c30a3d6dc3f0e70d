//! The proxy on the way to a server.
//!
//! Chosen here and not by the HTTP library, so that an error can name it.

use std::fmt;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::HeaderValue;

use super::error::{Error, ErrorKind, ProxyProblem};
use crate::address::BaseUrl;
use crate::text::clean;

/// Which servers are reached through which proxy.
#[derive(Clone, Default)]
pub struct Proxies(Option<Arc<Matcher>>);

/// A proxy that a connection goes through.
pub(super) struct Proxy {
    /// Without user name and password: `http://proxy.example.com:3128`.
    pub(super) address: String,
    authorization: Option<HeaderValue>,
}

impl Proxies {
    /// What the variables of an environment say (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`,
    /// `NO_PROXY`, in small letters too); where none of them names a proxy, what the system says.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let either = |name: &str| variable(name).or_else(|| variable(&name.to_lowercase()));
        let [all, http, https] = ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY"].map(either);
        if all.is_none() && http.is_none() && https.is_none() && !cfg!(target_os = "linux") {
            return Self::default();
        }
        let matcher = Matcher::builder()
            .all(all.unwrap_or_default())
            .http(http.unwrap_or_default())
            .https(https.unwrap_or_default())
            .no(either("NO_PROXY").unwrap_or_default())
            .build();
        Self(Some(Arc::new(matcher)))
    }

    /// The address of the proxy for a server, without user name and password.
    #[must_use]
    pub fn address_for(&self, base: &BaseUrl) -> Option<String> {
        self.for_server(base).map(|proxy| proxy.address)
    }

    /// The proxy for a server; none for this computer, which the variables catch too.
    pub(super) fn for_server(&self, base: &BaseUrl) -> Option<Proxy> {
        if base.is_loopback() {
            return None;
        }
        let server = base.to_string().parse().ok()?;
        let proxy = match &self.0 {
            Some(matcher) => matcher.intercept(&server),
            None => Matcher::from_system().intercept(&server),
        }?;
        Some(Proxy {
            address: clean(proxy.uri().to_string().trim_end_matches('/')),
            authorization: proxy.basic_auth().cloned(),
        })
    }
}

impl Proxy {
    /// Whether the connection to the proxy itself is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.address.starts_with("https:")
    }

    /// For the HTTP library.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Proxy`] for SOCKS, which it is built without.
    pub(super) fn connector(&self) -> Result<reqwest::Proxy, Error> {
        let unsupported = || ErrorKind::Proxy {
            address: self.address.clone(),
            problem: ProxyProblem::Unsupported,
        };
        if self.address.starts_with("socks") {
            return Err(unsupported().into());
        }
        let proxy = reqwest::Proxy::all(&self.address).map_err(|_| unsupported())?;
        Ok(match &self.authorization {
            Some(authorization) => proxy.custom_http_auth(authorization.clone()),
            None => proxy,
        })
    }
}

impl fmt::Debug for Proxies {
    /// Without what may be a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proxies")
    }
}
