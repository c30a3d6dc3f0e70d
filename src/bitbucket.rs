//! The only code that speaks to the server.
//!
//! One method of [`Client`] for each REST call, models that tolerate what real servers send, and
//! errors told apart by what a user can do next. It knows no screen and no channel, reads no
//! configuration and changes nothing twice. A question is repeated only where the server has wanted a pause
//! before it, and led on only from one REST path to another.
//!
//! Everything that a server wrote is cleaned where it enters ([`crate::text::clean`]). Keys, slugs and
//! ids are kept exactly, because paths are made of them; an entry whose key would change by cleaning
//! is left out of its list.

mod activity;
mod answer;
mod body;
mod browse;
mod certificate;
mod client;
mod cookies;
mod credentials;
mod entrance;
mod error;
mod fields;
mod grant;
mod identity;
mod login;
mod login_page;
mod model;
mod named;
mod network;
mod oauth;
mod page;
mod patience;
mod probe;
mod proxy;
mod recognise;
mod server_info;
mod session;
mod settings;
mod sign_in;
mod signed_in;
mod token;
mod trial;
mod trust;
mod unfinished;
mod whoami;

pub use activity::{Observer, Progress, Record};
pub use certificate::{Certificate, Distrust, DistrustReason};
pub use client::Client;
pub use entrance::LoginForm;
pub use error::{AccountState, CertificateProblem, Error, ErrorKind, OAuthProblem, ProxyProblem};
pub use login::{Code, SecondStep, SignIn};
pub use model::{Project, Repository, RepositoryState, User};
pub use named::Named;
pub use oauth::{Authorization, REDIRECT_PORT};
pub use page::{Page, Pages};
pub use proxy::{Proxies, ProxyUse};
pub use recognise::{Belongs, Recognised};
pub use server_info::{BasicAuthentication, LoginOption, ServerInfo, SignInPage};
pub use settings::{Settings, Timeouts};
pub use signed_in::{SignInWay, SignedIn, TokenOwner};
pub use token::{CreatedToken, Token, TokenChange, TokenSpec, When};
pub use trial::{Elsewhere, GitSignIn, Trial, Verdict};
pub use unfinished::Unfinished;

// Names of places stand below all floors.
pub use crate::address::{Address, AddressError, BaseUrl, Destination, Scope, ServerFrom};
