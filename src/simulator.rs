//! A stateful Bitbucket Data Center on loopback: real HTTP, real rules, real git.
//!
//! It is behind `bbtoken demo` and `bbtoken simulator`, and what the tests run against. It follows
//! Bitbucket's published API description (9.x) and what public clients found on real servers, not
//! what our own client happens to ask.
//!
//! A request goes through `server` (faults, context path, latency, headers), `auth` (who is calling)
//! and then to `rest`, `git` or `web`; `rights` says who may do what in `world`.
//!
//! # What is assumed
//!
//! Not documented, or only reported by users. A client should not depend on any of it:
//!
//! - What came with which version is one table, [`Profile`] and `profile.rs`. Known are: tokens (5.5), their
//!   expiry (7.9), those of projects and repositories (7.18), OAuth 2 (7.20), archived repositories (8.0),
//!   the policy (8.3), tokens below `/rest` and `/scm` only (8.19.12; 8.9.22 is taken for older), the JSON
//!   login and the state of Basic (9.4 has them), Basic off (10.0). Assumed: that they were not there
//!   before, that tokens tell their last use since they expire, and that with 10.0 the old form is gone,
//!   `BBDC-` begins, repositories that somebody may not see are 404 instead of 401, personal keys come in
//!   capitals, SSH is the first clone link, `buildNumber` is a number and the last page ends with null.
//! - The recorded errors are answered by every version, also by those before 9.3.
//! - A project or repository token acts as the technical account of its place, recorded as
//!   `access-token-user/2/12`: here 1 stands for projects, 2 for repositories, then comes the place's
//!   number. `/users` shows it ([`Options::service_accounts`]).
//! - After `BBDC-` comes base64 in its other alphabet, with the id inside.
//! - Repositories that are initialising, failed or offline refuse git with 403, as all do where git over
//!   HTTP is off. One that has moved leads REST requests to its new path, whatever the method.
//! - `/users?permission=…` counts everybody who has the right, administrators of the server too, and those
//!   whose accounts are switched off (`active` is false), but no token's own account; a filter that names
//!   no place is 400. Whoever is signed in may ask it.
//! - `Date` is the simulator's own clock, as `lastAuthenticated` is.
//! - A token that tries to create, change or revoke tokens gets 401 with `AuthorisationException`.
//!   It may list tokens where its levels reach.
//! - Names of tokens have at most 255 characters; each place holds at most [`Options::max_tokens`].
//! - Personal and project tokens may leave one scale out: without a repository level they have the
//!   one of the project scale.
//! - Tokens are listed newest first. `expiryDays` is ignored when a token is changed.
//! - The bodies and `exceptionName`s of 400, 405, 415, the words of 404 for a token; the refusal of a `start` or
//!   `limit` that is no number, negative, or (`limit`) zero with 400; the policy's messages.
//! - A wrong method answers 405 in the form that is recorded for an unknown path (404): `message`,
//!   `status-code` and `sub-code`, no list of errors.
//! - A repository that somebody may not see answers over git 401, also one that does not exist.
//! - Push without the right, or to an archived repository: 403 with the reason as text, already at
//!   `info/refs`.
//! - Where Basic is off, it is off for tokens as Basic too, and over git.
//! - A captcha is solved on the login page by typing anything; five wrong passwords ask for one.
//! - Without the licence, and before 7.18, the tokens of projects and repositories are a resource that
//!   does not exist (404). Login options do not exist before 8.0; from then to 9.3 they call the old form
//!   `LEGACY_LOGIN_FORM`, as 9.4 does.
//! - Locked, inactive and expired accounts and those without a licence say so to the right password
//!   only, with 401: over REST, and in the `message` of the JSON login. The old form does not say why it
//!   refuses them. `LockedAccountAuthenticationException` is no documented name.
//! - `LOGIN_FORM` is the JSON login, from 9.4 on; `LEGACY_LOGIN_FORM` the old form, before 10.0. The
//!   state of Basic can be read from 9.4 on, by everybody ([`Options::basic_config_is_public`]).
//! - All of `/rest/tsv` that is not a GET wants `X-Atlassian-Token`. The `message` of a 401 there is
//!   Bitbucket's own only in form. Somebody whom only the identity provider signs in has no password.
//! - Two-step verification: a conversation lasts five minutes and five wrong codes, whichever cookie comes
//!   with it; a code counts half a minute before and after its time, and again; a recovery code once. The
//!   412 sets a cookie that is nobody's yet. An account that still has to enrol has Basic off, too. The
//!   old form leads to a page of its own.
//! - Which requests want an elevated session is not known: none, or with
//!   [`Options::tokens_need_elevation`] every change of tokens. The 401 says so in `message` too.
//!
//! Where real servers and the published description disagree, this follows the servers: dates of
//! tokens are numbers of milliseconds (described as texts), `context` and `exceptionName` may be
//! null, changing a token that is not there answers 404 (not described).
//!
//! - OAuth 2: access tokens may create HTTP access tokens as far as the user may, `ACCOUNT_WRITE` for
//!   personal ones ([`OAuth::creates_tokens`] switches that off: 401 with `AuthorisationException`); the
//!   port of a loopback redirect may be any; `REPO_*` scopes let their bearer see projects;
//!   `PROJECT_ADMIN` includes `REPO_ADMIN`; refresh tokens count once. One application is registered,
//!   `bbtoken`. The page of consent is at an address of our own.
//!
//! # Known differences from a real server
//!
//! - Only these parts: application properties, login options, the JSON login, users, projects, repositories, recent
//!   repositories, permissions of users, access tokens, login form, git over HTTP. What the API would create or change
//!   elsewhere (projects, repositories, pull requests, keys, permissions) answers 404 or 405.
//! - Whether Basic is off, and who needs single sign-on, is a matter of the account, so that one
//!   server can show every way; really it is a matter of the whole server.
//! - What stands in front of everything ([`Options::gate`]) lets tokens through and asks nobody else
//!   anything; a company's gateway has rules of its own. How a server refuses everybody who has not signed
//!   in is known from reports only: with its errors, a filter's sentence, or its login page.
//! - SSH is named in the clone links, but nobody listens there. Nobody can enrol in two-step
//!   verification. No LFS, no rate limits other than injected ones, no groups, no forks.
//! - Recent repositories are fixed. Sessions live until log-out,
//!   [`Simulator::end_sessions`] or the end of the simulator.
//! - The web pages are one sentence each, except for the login page, the identity provider and the
//!   pages of access tokens. Those are at Bitbucket's addresses, but plain forms of our own; `add` and
//!   `manage` are the same page. The identity provider is on the same server and lets every account in.
//! - `archived`, `public`, `state` and the descriptions cannot change; links name the address that
//!   the simulator listens on or [`Options::base_url`], whatever the `Host` header says.
//! - `GET /users` does not know groups; `/repos` ignores `state`.

mod auth;
mod fault;
mod git;
mod oauth;
mod options;
mod permissions;
mod profile;
mod rest;
mod rights;
mod server;
mod service_account;
mod session;
mod shared;
mod tls;
mod token;
mod web;
mod world;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::http::Method;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use fault::{Delivery, Fault, FaultEffect, Held, Reply, Stage};
pub use options::{Gate, OAuth, Options, ServiceAccounts, Size};
pub use profile::Profile;
pub use server::RequestRecord;
use shared::Shared;
pub use tls::{Identity, IdentityError, TlsVersion};

/// Why a simulator could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on, mostly because another program already does.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// The embedded demo world is broken: a mistake in this program.
    #[error("{0}")]
    World(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// An account of the simulator. Its password is no secret: it equals the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user name.
    pub name: String,
    /// The password.
    pub password: String,
    /// The name that people read.
    pub display_name: String,
    /// What is special about it, as one sentence.
    pub note: String,
}

/// A running server. Dropping it stops it: connections are closed, git is killed, and the
/// directory with the repositories goes away.
#[derive(Debug)]
pub struct Simulator {
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
    /// Tells `serving` to stop; `None` once told.
    stop: Option<oneshot::Sender<()>>,
}

impl Simulator {
    /// Builds the world and listens.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        let failed = |source| StartError::Listen {
            address: options.listen,
            source,
        };
        let listener = TcpListener::bind(options.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let shared =
            Shared::new(options, address).map_err(|error| StartError::World(error.into()))?;
        let shared = Arc::new(shared);
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(server::serve(listener, Arc::clone(&shared), stopped));
        Ok(Self {
            shared,
            serving,
            stop: Some(stop),
        })
    }

    /// The address that clients connect to, with the context path and without a slash at the end:
    /// `http://127.0.0.1:43211/bitbucket`, or with `https` under a certificate.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.shared.address.clone()
    }

    /// The accounts that show something special, the demo's own first.
    #[must_use]
    pub fn accounts(&self) -> Vec<Account> {
        let users = self.shared.world.users.iter();
        users
            .filter_map(|user| {
                Some(Account {
                    name: user.name.clone(),
                    password: self.shared.password_of(user).to_owned(),
                    display_name: user.display_name.clone(),
                    note: user.note_with_second_step()?,
                })
            })
            .collect()
    }

    /// Makes something go wrong from now on.
    pub fn inject(&self, fault: Fault) {
        self.shared.faults.inject(fault);
    }

    /// Holds the next request with this method (`None`: any) whose path and query contain this, at that
    /// stage, until the test lets it go. Faults and holds strike in the order in which they were made,
    /// one for each request.
    #[must_use]
    pub fn hold(&self, method: Option<Method>, path_contains: &str, stage: Stage) -> Held {
        self.shared.faults.hold(method, path_contains, stage)
    }

    /// Everything goes right again; what already hangs keeps hanging, what is held stays held.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// How many sessions of the login form are open.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.shared.sessions.count()
    }

    /// Changes somebody's password; without effect where there is no such account.
    pub fn change_password(&self, user: &str, password: &str) {
        if let Some(id) = self.shared.world.user_by_name(user) {
            self.shared.sessions.change_password(id, password);
        }
    }

    /// What the authenticator of somebody with two-step verification shows now, by the simulator's
    /// clock.
    #[must_use]
    pub fn totp_code(&self, user: &str) -> Option<String> {
        let world = &self.shared.world;
        let second = world.user(world.user_by_name(user)?).second.as_ref()?;
        let now = self.shared.options.clock.now().time;
        Some(session::totp::code(&second.secret, now))
    }

    /// Ends all sessions, as a restart of the server does.
    pub fn end_sessions(&self) {
        self.shared.sessions.end();
    }

    /// The requests so far, oldest first; of very many only the newest.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.shared.log.all()
    }

    /// The requests that carried this password, code, token or cookie, in whichever way, oldest first.
    #[must_use]
    pub fn requests_with(&self, secret: &str) -> Vec<RequestRecord> {
        self.shared.log.with(secret)
    }

    /// Serves on; comes back only if the server dies.
    pub async fn serve_until_stopped(mut self) {
        if let Err(error) = (&mut self.serving).await {
            tracing::error!(%error, "the simulator died");
        }
    }

    /// Stops at once, as a killed server does: open connections are cut, new ones refused.
    ///
    /// Comes back when nothing listens any more and nothing is being worked on.
    pub async fn stop(mut self) {
        self.stop = None;
        if let Err(error) = (&mut self.serving).await {
            tracing::error!(%error, "the simulator had died before");
        }
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.serving.abort();
        self.shared.git.remove();
    }
}
