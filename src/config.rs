//! What people and organisations set: servers, presets, preferences.
//!
//! Defaults < organisation file < user file < environment < options. `assets/config.toml` documents
//! every key; what the program remembers by itself is in [`crate::state`].

mod error;
mod file;
mod key;
mod load;
pub mod token_name;

use std::path::PathBuf;
use std::time::Duration;

pub use self::error::ConfigError;
pub use self::file::SERVER_KEYS;
pub use self::key::{KEYS, Key, Value};
pub use self::load::{Loaded, Options, Source, load};
use crate::address::ClientCertificate;
use crate::bitbucket::BaseUrl;
use crate::clipboard;
use crate::preset::{self, Preset, PresetError};

/// Every key, explained; as a file it changes nothing.
pub const SAMPLE: &str = include_str!("../assets/config.toml");

/// The effective configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The servers that are offered, the most likely first.
    pub servers: Vec<Server>,
    /// The presets; empty: those that come with the program.
    pub presets: Vec<Preset>,
    /// The name of the preset that is recommended, where it is another than the marked one.
    pub recommended_preset: Option<String>,
    /// The user name that is filled in at the sign-in.
    pub user: Option<String>,
    /// Which clipboard a token goes to.
    pub clipboard: clipboard::Choice,
    /// How long a token stays on the clipboard; `None`: until somebody copies something else.
    pub clear_clipboard: Option<Duration>,
    /// Begin in share mode.
    pub share: bool,
    /// In share mode, hide the names of tokens that were not made in this run.
    pub share_hides_token_names: bool,
    /// Show one sentence of guidance on each screen.
    pub guidance: bool,
    /// The expiry that is filled in, in days, where it is another than the preset's.
    pub expiry_days: Option<u32>,
    /// The longest expiry that is offered, in days.
    pub longest_expiry_days: Option<u32>,
    /// How the name of a token is filled in, with `{what}`, `{user}`, `{computer}`, `{place}`.
    pub token_name: String,
    /// The same for a token that a tool uses, with `{tool}`, `{what}`, `{place}`.
    pub tool_token_name: String,
    /// Try a new token as soon as it is made.
    pub trial: bool,
    /// Whom to ask for help, as a text.
    pub help: Option<String>,
    /// Draw in colour, unless `NO_COLOR` is set.
    pub colour: bool,
    /// The certificate (PEM) for every server that wants one and has none of its own here.
    pub client_certificate: Option<PathBuf>,
    /// The file with its private key; none: it is in the same one.
    pub client_key: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            servers: Vec::new(),
            presets: Vec::new(),
            recommended_preset: None,
            user: None,
            clipboard: clipboard::Choice::Auto,
            clear_clipboard: Some(Duration::from_secs(60)),
            share: false,
            share_hides_token_names: false,
            guidance: true,
            expiry_days: None,
            longest_expiry_days: None,
            token_name: token_name::DEFAULT.to_owned(),
            tool_token_name: token_name::DEFAULT_FOR_TOOL.to_owned(),
            trial: true,
            help: None,
            colour: true,
            client_certificate: None,
            client_key: None,
        }
    }
}

/// A Bitbucket that somebody has named beforehand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its address.
    pub address: BaseUrl,
    /// How people call it.
    pub name: Option<String>,
    /// A file with the certificates (PEM) of the authority that signed the server's.
    pub ca_file: Option<PathBuf>,
    /// A file with the certificate (PEM) that the server wants of its clients (mTLS).
    pub client_certificate: Option<PathBuf>,
    /// The file with its private key; none: it is in the same one.
    pub client_key: Option<PathBuf>,
    /// The client id under which bbtoken is registered there as an OAuth 2 application.
    pub oauth_client_id: Option<String>,
    /// The port of this computer to which that application is sent back; 0: any free one.
    pub oauth_redirect_port: Option<u16>,
    /// The organisation's own page about tokens, which comes before Bitbucket's.
    pub portal: Option<String>,
}

impl Server {
    /// Nothing but an address.
    #[must_use]
    pub fn at(address: BaseUrl) -> Self {
        Self {
            address,
            name: None,
            ca_file: None,
            client_certificate: None,
            client_key: None,
            oauth_client_id: None,
            oauth_redirect_port: None,
            portal: None,
        }
    }

    /// Takes over what is not said here.
    fn complete(&mut self, other: Self) {
        self.name = self.name.take().or(other.name);
        self.ca_file = self.ca_file.take().or(other.ca_file);
        if self.client_certificate.is_none() {
            // The two belong together.
            self.client_certificate = other.client_certificate;
            self.client_key = self.client_key.take().or(other.client_key);
        }
        self.oauth_client_id = self.oauth_client_id.take().or(other.oauth_client_id);
        self.oauth_redirect_port = self.oauth_redirect_port.or(other.oauth_redirect_port);
        self.portal = self.portal.take().or(other.portal);
    }
}

impl Config {
    /// The presets of the "New token" screen, the recommended one first.
    ///
    /// # Errors
    /// If none has the name of the one that is to be recommended. [`load`] has made sure of that.
    pub fn presets(&self) -> Result<Vec<Preset>, PresetError> {
        let mut presets = if self.presets.is_empty() {
            preset::built_in()?
        } else {
            self.presets.clone()
        };
        if let Some(name) = &self.recommended_preset {
            preset::recommend(&mut presets, name)?;
        }
        Ok(presets)
    }

    /// Whom to ask, as a line of its own.
    #[must_use]
    pub fn help_line(&self) -> Option<String> {
        let help = self.help.as_ref()?;
        Some(format!("Whom to ask: {help}"))
    }

    /// The file with the authority that signed the certificate of this computer. A redirect to https or
    /// to a context path stays with the same one, so the rest of the address does not matter.
    #[must_use]
    pub fn ca_file(&self, address: &BaseUrl) -> Option<PathBuf> {
        let servers = self.servers.iter();
        let mut there = servers.filter(|it| it.address.host_name() == address.host_name());
        there.find_map(|server| server.ca_file.clone())
    }

    /// The certificate that the server on this computer wants of its clients: its own, or else the one for
    /// every server.
    #[must_use]
    pub fn client_certificate(&self, address: &BaseUrl) -> Option<ClientCertificate> {
        let servers = self.servers.iter();
        let mut there = servers.filter(|it| it.address.host_name() == address.host_name());
        let own = there.find_map(|server| {
            let file = server.client_certificate.clone()?;
            Some(ClientCertificate::new(file, server.client_key.clone()))
        });
        own.or_else(|| {
            let file = self.client_certificate.clone()?;
            Some(ClientCertificate::new(file, self.client_key.clone()))
        })
    }

    /// Has the server at this address trusted by this file, as long as the program runs.
    pub fn trust(&mut self, address: &BaseUrl, file: PathBuf) {
        self.server_mut(address).ca_file = Some(file);
    }

    /// Has this certificate shown to the server at this address, as long as the program runs.
    pub fn show(&mut self, address: &BaseUrl, own: ClientCertificate) {
        let server = self.server_mut(address);
        server.client_certificate = Some(own.file);
        server.client_key = Some(own.key);
    }

    fn server_mut(&mut self, address: &BaseUrl) -> &mut Server {
        let is_it = |server: &Server| server.address.host_name() == address.host_name();
        let known = self.servers.iter().position(is_it);
        let index = known.unwrap_or_else(|| {
            self.servers.push(Server::at(address.clone()));
            self.servers.len() - 1
        });
        &mut self.servers[index]
    }

    /// What is set for the server at this address.
    #[must_use]
    pub fn server(&self, address: &BaseUrl) -> Option<&Server> {
        self.servers
            .iter()
            .find(|server| server.address == *address)
    }
}
