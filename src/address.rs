//! Names of places, which the whole program shares: a server's base address, a place on it that an
//! address leads to, and whose tokens are made there.
//!
//! People copy what the browser shows: a repository's page, a sign-in page, a clone address. The base
//! address and the place are in there, so they are cut out rather than asked for again.

mod base_url;
mod client_certificate;
mod destination;
mod scope;
mod typed;

pub use base_url::BaseUrl;
pub(crate) use base_url::path;
pub use client_certificate::ClientCertificate;
pub use destination::{Address, Destination, ServerFrom};
pub use scope::Scope;
pub use typed::AddressError;
