//! What people and organisations set: servers, presets, preferences.

use std::path::PathBuf;
use std::time::Duration;

use crate::bitbucket::BaseUrl;
use crate::clipboard;

/// The effective configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The servers that are offered, the most likely first.
    pub servers: Vec<Server>,
    /// Which clipboard a token goes to.
    pub clipboard: clipboard::Choice,
    /// How long a token stays on the clipboard; `None`: until somebody copies something else.
    pub clear_clipboard: Option<Duration>,
    /// Begin in share mode.
    pub share: bool,
    /// Show one sentence of guidance on each screen.
    pub guidance: bool,
    /// The expiry that is filled in, in days, where it is another than the preset's.
    pub expiry_days: Option<u32>,
    /// The longest expiry that is offered, in days.
    pub longest_expiry_days: Option<u32>,
    /// How the name of a token is filled in, with `{what}`, `{user}`, `{computer}`, `{place}`.
    pub token_name: Option<String>,
    /// Whom to ask for help, as a text.
    pub help: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            servers: Vec::new(),
            clipboard: clipboard::Choice::Auto,
            clear_clipboard: Some(Duration::from_secs(60)),
            share: false,
            guidance: true,
            expiry_days: None,
            longest_expiry_days: None,
            token_name: None,
            help: None,
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
    /// The client id under which bbtoken is registered there as an OAuth 2 application.
    pub oauth_client_id: Option<String>,
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
            oauth_client_id: None,
            portal: None,
        }
    }
}

impl Config {
    /// What is set for the server at this address.
    #[must_use]
    pub fn server(&self, address: &BaseUrl) -> Option<&Server> {
        self.servers
            .iter()
            .find(|server| server.address == *address)
    }
}
