//! The way to a Bitbucket: how a server is spoken to, and what is at an address.

use crate::bitbucket::{BaseUrl, Client, Error, Proxies, ServerInfo, Settings};
use crate::config::Config;
use crate::environment::Environment;

/// How this server is spoken to, as the configuration and the surroundings say.
#[must_use]
pub fn settings(config: &Config, environment: &Environment, base: &BaseUrl) -> Settings {
    Settings {
        ca_file: config.ca_file(base),
        client_certificate: config.client_certificate(base),
        proxies: Proxies::of(|name| environment.text(name)),
        ..Settings::default()
    }
}

/// A client that has not signed in. Reading the system's certificates takes up to 64 ms of computing,
/// which nothing else waits for.
///
/// # Errors
/// Those of [`Client::open`].
pub async fn open(base: BaseUrl, settings: Settings) -> Result<Client, Error> {
    let open = move || Client::open(base, &settings);
    let opened = tokio::task::spawn_blocking(open).await;
    opened.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

/// The same, once a Bitbucket has answered; the client is that of its exact address.
///
/// # Errors
/// Those of [`open()`] and of [`Client::probe`].
pub async fn connect(base: BaseUrl, settings: Settings) -> Result<(Client, ServerInfo), Error> {
    connect_after(&[], base, settings).await
}

/// The same where these addresses have led to this one, and somebody has agreed to each.
///
/// # Errors
/// Those of [`connect()`].
pub async fn connect_after(
    moved_from: &[BaseUrl],
    base: BaseUrl,
    settings: Settings,
) -> Result<(Client, ServerInfo), Error> {
    open(base, settings).await?.probe_after(moved_from).await
}
