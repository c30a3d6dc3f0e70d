//! The only code that speaks to the server.
//!
//! One method of [`Client`] for each REST call, models that tolerate what real servers send, and
//! errors told apart by what a user can do next. It knows no screen and no channel, reads no
//! configuration, retries nothing and follows no redirect.
//!
//! Everything that a server wrote is cleaned where it enters ([`crate::text::clean`]). Keys, slugs and
//! ids are kept exactly, because paths are made of them; an entry whose key would change by cleaning
//! is left out of its list.

mod activity;
mod address;
mod answer;
mod body;
mod browse;
mod certificate;
mod client;
mod cookies;
mod credentials;
mod destination;
mod entrance;
mod error;
mod fields;
mod model;
mod network;
mod oauth;
mod page;
mod probe;
mod proxy;
mod recognise;
mod session;
mod settings;
mod sign_in;
mod token;
mod trial;
mod trust;
mod whoami;

pub use activity::{Observer, Record, State};
pub use address::{AddressError, BaseUrl};
pub use certificate::{Certificate, Distrust, DistrustReason};
pub use client::Client;
pub use destination::{Address, Destination, ServerFrom};
pub use entrance::{BasicAuthentication, LoginForm, LoginOption};
pub use error::{AccountState, Error, ErrorKind, ProxyProblem};
pub use model::{Project, Repository, RepositoryState, ServerInfo, User};
pub use oauth::{Authorization, OAuthProblem, REDIRECT_PORT};
pub use page::{Page, Pages};
pub use probe::SignInPage;
pub use proxy::Proxies;
pub use recognise::{Belongs, Recognised};
pub use session::{Code, SecondStep, Unfinished};
pub use settings::{Settings, Timeouts};
pub use sign_in::{SignIn, SignedIn, TokenOwner, Way};
pub use token::{CreatedToken, Scope, Token, TokenChange, TokenSpec, When};
pub use trial::{GitSignIn, Trial, Verdict};
