//! How a simulator is set up.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::profile::{Feature, Profile};
use super::tls::Identity;
use crate::clock::Clock;

/// How many projects and repositories to serve, personal ones not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// At least one: the first of the demo company.
    pub projects: usize,
    /// In all of these projects together.
    pub repositories: usize,
}

/// The application that is registered for OAuth 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuth {
    /// Its client id.
    pub client_id: String,
    /// Whether it may create HTTP access tokens, which is not documented of real servers.
    pub creates_tokens: bool,
    /// How long its access tokens count.
    pub lifetime: Duration,
}

impl Default for OAuth {
    fn default() -> Self {
        Self {
            client_id: "bbtoken".to_owned(),
            creates_tokens: true,
            lifetime: Duration::from_secs(7200),
        }
    }
}

/// How a simulator is set up; the defaults are those of `bbtoken demo`.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 (the default, on loopback) picks a free one.
    pub listen: SocketAddr,
    /// The address that links name; `None`: the one that it listens on.
    pub base_url: Option<String>,
    /// Whether git over HTTP is on; without it the links of repositories have none over HTTP.
    pub http_clone: bool,
    /// Whether the links of repositories have one over SSH.
    pub ssh_clone: bool,
    /// Where Bitbucket lives below the host: empty, or such as `/bitbucket`.
    pub context_path: String,
    /// The same seed makes the same world: ids, dates relative to now, generated names.
    pub seed: u64,
    /// Other numbers than those of the demo company.
    pub size: Option<Size>,
    /// So many tokens more than the demo company's: half of them alice's own, the others spread over all
    /// projects and repositories.
    pub tokens: usize,
    /// One password for everybody, instead of each one's name.
    pub password: Option<String>,
    /// Whether Basic authentication counts, over REST and git; `None`: as the version comes, on before
    /// 10.0.
    pub basic: Option<bool>,
    /// Who may read whether Basic is off, which is not documented: everybody, or administrators only.
    pub basic_config_is_public: bool,
    /// Whether there is the JSON login (`LOGIN_FORM`); `None`: as the version comes, from 9.4 on.
    pub json_login: Option<bool>,
    /// Whether there is the old login form (`LEGACY_LOGIN_FORM`); `None`: as the version comes, before
    /// 10.0. With neither of the two everybody needs the identity provider.
    pub legacy_login_form: Option<bool>,
    /// Whether a session has to be elevated before it may create, change or revoke tokens.
    pub tokens_need_elevation: bool,
    /// The name of the session's cookie.
    pub session_cookie: String,
    /// How long every REST answer takes, at least.
    pub latency: Duration,
    /// When it is: tokens expire by this clock.
    pub clock: Clock,
    /// The largest page; a greater `limit` is cut down to it.
    pub max_page_size: u32,
    /// The longest that a token may live, in days.
    pub max_expiry_days: Option<u32>,
    /// Whether every token needs an expiry.
    pub expiry_required: bool,
    /// How many tokens a user, project or repository may have.
    pub max_tokens: usize,
    /// OAuth 2, from version 7.20 on.
    pub oauth: OAuth,
    /// Served over https under this certificate; `None`: over http.
    pub tls: Option<Identity>,
    /// Such as `9.4.0`, mostly that of a [`Profile`]. Older ones lack what came later.
    pub version: String,
    /// Whether the licence has tokens of projects and repositories (Data Center).
    pub place_tokens: bool,
    /// What is told of the technical accounts of tokens.
    pub service_accounts: ServiceAccounts,
    /// What stands in front of everything, for whoever brings neither a session nor a token.
    pub gate: Option<Gate>,
}

/// What `/users/{slug}` answers for the technical account of a token, which is not documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ServiceAccounts {
    /// 404: it is not among the users.
    Missing,
    /// 401: nobody may see it.
    Refused,
    /// 200: a user of the type `SERVICE`, in the form that is recorded from 9.4.
    #[default]
    Shown,
}

/// What stands in front of the whole server: single sign-on, as a company's gateway does it, or the server's
/// own refusal of everybody who has not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// A 302 to the identity provider.
    Redirect,
    /// The identity provider's page itself, with status 200.
    Page,
    /// 401 with Bitbucket's errors.
    SignInFirst,
    /// 403 with a sentence in JSON, as a filter answers.
    Filter,
    /// A 302 to the server's own login page.
    LoginPage,
}

impl Gate {
    /// Whether it is the server itself that refuses: then a sign-in gets past it.
    pub(super) fn is_own(self) -> bool {
        matches!(self, Self::SignInFirst | Self::Filter | Self::LoginPage)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            context_path: String::new(),
            seed: 1,
            size: None,
            tokens: 0,
            password: None,
            basic: None,
            basic_config_is_public: true,
            json_login: None,
            legacy_login_form: None,
            tokens_need_elevation: false,
            session_cookie: "BITBUCKETSESSIONID".to_owned(),
            latency: Duration::ZERO,
            clock: Clock::system(),
            max_page_size: 1000,
            max_expiry_days: None,
            expiry_required: false,
            max_tokens: 1000,
            oauth: OAuth::default(),
            tls: None,
            version: Profile::default().version().to_owned(),
            base_url: None,
            http_clone: true,
            ssh_clone: true,
            place_tokens: true,
            service_accounts: ServiceAccounts::default(),
            gate: None,
        }
    }
}

impl Options {
    /// Whether Basic counts.
    pub(super) fn has_basic(&self) -> bool {
        self.basic.unwrap_or(!self.has(Feature::BasicOff))
    }

    /// Whether the login page sends JSON.
    pub(super) fn has_json_login(&self) -> bool {
        self.json_login.unwrap_or(self.has(Feature::JsonLogin))
    }

    /// Whether the login page has the old form.
    pub(super) fn has_legacy_login_form(&self) -> bool {
        let is_gone = self.has(Feature::JsonLoginOnly);
        self.legacy_login_form.unwrap_or(!is_gone)
    }

    /// `https` or `http`.
    pub(super) fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    /// The context path as it stands in addresses: empty, or with one slash in front and none at
    /// the end.
    pub(super) fn normal_context_path(&self) -> String {
        match self.context_path.trim_matches('/') {
            "" => String::new(),
            path => format!("/{path}"),
        }
    }
}
