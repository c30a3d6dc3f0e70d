//! The proxy on the way to a server.
//!
//! Chosen here and not by the HTTP library, so that an error can name it, and so that a value nobody can
//! read is never used in part.

mod exceptions;
mod tunnel;
mod value;

use std::fmt;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::header::HeaderValue;

use self::value::Value;
use super::error::{Error, ErrorKind, ProxyProblem};
use crate::address::BaseUrl;
use crate::text::clean;

/// Which servers are reached through which proxy.
#[derive(Clone, Default)]
pub struct Proxies(Arc<Variables>);

#[derive(Default)]
struct Variables {
    http: Option<Named>,
    https: Option<Named>,
    exceptions: Option<(String, String)>,
    /// Where no variable names one, the system may.
    asks_system: bool,
}

/// What a variable says.
#[derive(Clone)]
struct Named {
    variable: String,
    /// `None`: nobody can read it.
    proxy: Option<Proxy>,
}

/// Whether a server is reached through a proxy, and who says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxyUse {
    /// Directly: nothing names a proxy.
    Direct,
    /// Directly, although this variable names a proxy: the server is this computer.
    ThisComputer(String),
    /// Directly, although the first variable names a proxy: the second one names this server.
    Excepted(String, String),
    /// Through a proxy.
    Through {
        /// Without user name and password: `http://proxy.example.com:3128`.
        address: String,
        /// Which variable says so; `None`: the system's settings.
        variable: Option<String>,
    },
    /// Not at all: nobody can read the value of this variable.
    Unreadable(String),
}

/// A proxy that a connection goes through.
#[derive(Debug, Clone)]
pub(super) struct Proxy {
    /// Without user name and password: `http://proxy.example.com:3128`.
    pub(super) address: String,
    authorization: Option<HeaderValue>,
}

impl Proxies {
    /// What the variables of an environment say (`https_proxy`, `http_proxy`, `all_proxy`, `no_proxy`,
    /// in capitals too, which count second, as for git); where none of them names a proxy, what the
    /// system says.
    #[must_use]
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Self {
        let either = |name: &str| {
            let names = [name.to_owned(), name.to_uppercase()];
            names
                .into_iter()
                .find_map(|name| Some((variable(&name)?, name)))
        };
        let named = |name: &str| {
            let (value, variable) = either(name)?;
            let proxy = Value::read(&value).map(Proxy::from);
            Some(Named { variable, proxy })
        };
        let [all, http, https] = ["all_proxy", "http_proxy", "https_proxy"].map(named);
        Self(Arc::new(Variables {
            asks_system: all.is_none()
                && http.is_none()
                && https.is_none()
                && !cfg!(target_os = "linux"),
            http: http.or_else(|| all.clone()),
            https: https.or(all),
            exceptions: either("no_proxy"),
        }))
    }

    /// Whether a server is reached through a proxy, and who says so.
    #[must_use]
    pub fn use_for(&self, server: &BaseUrl) -> ProxyUse {
        let Some(named) = self.named_for(server) else {
            return match self.for_server(server) {
                Ok(Some(proxy)) => ProxyUse::Through {
                    address: proxy.address,
                    variable: None,
                },
                _ => ProxyUse::Direct,
            };
        };
        let variable = named.variable.clone();
        match (self.exception_for(server), &named.proxy) {
            _ if server.is_loopback() => ProxyUse::ThisComputer(variable),
            (Some(exception), _) => ProxyUse::Excepted(variable, exception.to_owned()),
            (None, Some(proxy)) => ProxyUse::Through {
                address: proxy.address.clone(),
                variable: Some(variable),
            },
            (None, None) => ProxyUse::Unreadable(variable),
        }
    }

    /// The variable, if there is one, whose value nobody can read: others may take a piece of it for a
    /// name, and say it aloud.
    #[must_use]
    pub fn unreadable(&self) -> Option<&str> {
        let named = [&self.0.https, &self.0.http].into_iter().flatten();
        let mut unreadable = named.filter(|named| named.proxy.is_none());
        unreadable.next().map(|named| named.variable.as_str())
    }

    /// The proxy for a server; none for this computer, which the variables catch too.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ProxyVariable`] where nobody can read the value of the variable.
    pub(super) fn for_server(&self, server: &BaseUrl) -> Result<Option<Proxy>, Error> {
        if server.is_loopback() || self.exception_for(server).is_some() {
            return Ok(None);
        }
        match self.named_for(server) {
            Some(named) => named.proxy.clone().map(Some).ok_or_else(|| {
                let variable = named.variable.clone();
                ErrorKind::ProxyVariable { variable }.into()
            }),
            None if self.0.asks_system => Ok(of_system(server)),
            None => Ok(None),
        }
    }

    fn named_for(&self, server: &BaseUrl) -> Option<&Named> {
        let variables = &self.0;
        if server.is_encrypted() {
            variables.https.as_ref()
        } else {
            variables.http.as_ref()
        }
    }

    /// The variable that says that this server is reached directly.
    fn exception_for(&self, server: &BaseUrl) -> Option<&str> {
        let (value, variable) = self.0.exceptions.as_ref()?;
        exceptions::cover(value, server).then_some(variable)
    }
}

/// The proxy that the settings of macOS or Windows name.
fn of_system(server: &BaseUrl) -> Option<Proxy> {
    let server = server.to_string().parse().ok()?;
    let proxy = Matcher::from_system().intercept(&server)?;
    Some(Proxy {
        address: clean(proxy.uri().to_string().trim_end_matches('/')),
        authorization: proxy.basic_auth().cloned(),
    })
}

impl From<Value> for Proxy {
    fn from(value: Value) -> Self {
        Self {
            address: value.address,
            authorization: value.authorization,
        }
    }
}

impl Proxy {
    /// Whether the connection to the proxy itself is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.address.starts_with("https:")
    }

    /// What it wants that answers 407 with these values of `Proxy-Authenticate`.
    pub(super) fn wants<'a>(&self, challenges: impl Iterator<Item = &'a str>) -> ProxyProblem {
        // One value may hold several; their parameters have a sign `=` in them.
        let schemes: Vec<_> = challenges
            .flat_map(|value| value.split(','))
            .filter_map(|part| part.split_whitespace().next())
            .filter(|word| !word.contains('='))
            .collect();
        let has_basic = schemes.iter().any(|it| it.eq_ignore_ascii_case("basic"));
        if !schemes.is_empty() && !has_basic {
            ProxyProblem::WantsOther
        } else if self.authorization.is_some() {
            ProxyProblem::RefusesPassword
        } else {
            ProxyProblem::WantsPassword
        }
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
