//! What all requests share: the world, its tokens and sessions, the faults to come.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::fault::Faults;
use super::git::Repositories;
use super::oauth::Grants;
use super::options::Options;
use super::profile::Feature;
use super::server::Log;
use super::session::Sessions;
use super::token::Tokens;
use super::world::{DemoError, SignIn, User, UserId, World};

/// What Java's URLEncoder leaves as it is.
const USER_NAME: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'*');

/// What all requests share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) options: Options,
    pub(super) context_path: String,
    /// Where it listens, with the context path; redirects lead there.
    pub(super) address: String,
    /// What its administrators have configured as its address; links name it.
    pub(super) base_url: String,
    pub(super) world: World,
    tokens: Mutex<Tokens>,
    pub(super) sessions: Sessions,
    pub(super) grants: Grants,
    pub(super) faults: Faults,
    pub(super) log: Log,
    pub(super) git: Repositories,
    answers: AtomicU64,
}

impl Shared {
    pub(super) fn new(options: Options, address: SocketAddr) -> Result<Self, DemoError> {
        let now = options.clock.now().time;
        let (mut world, tokens) = World::build(options.seed, options.size, options.tokens, now)?;
        if !options.has(Feature::Archiving) {
            world.archive_nothing();
        }
        let context_path = options.normal_context_path();
        let address = format!("{}://{address}{context_path}", options.scheme());
        let base_url = options.base_url.as_deref().unwrap_or(&address);
        Ok(Self {
            base_url: base_url.trim_end_matches('/').to_owned(),
            address,
            context_path,
            world,
            tokens: Mutex::new(tokens),
            sessions: Sessions::new(&options.session_cookie),
            grants: Grants::default(),
            faults: Faults::default(),
            log: Log::default(),
            git: Repositories::default(),
            answers: AtomicU64::default(),
            options,
        })
    }

    pub(super) fn password_of<'a>(&'a self, user: &'a User) -> &'a str {
        self.options.password.as_deref().unwrap_or(&user.name)
    }

    pub(super) fn sign_in_of(&self, user: &User) -> SignIn {
        if self.options.has_json_login() || self.options.has_legacy_login_form() {
            user.sign_in
        } else {
            SignIn::SingleSignOn
        }
    }

    pub(super) fn is_password_of(&self, id: UserId, password: &str) -> bool {
        match self.sessions.changed_password(id) {
            Some(changed) => changed == password,
            None => self.password_of(self.world.user(id)) == password,
        }
    }

    pub(super) fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The headers that every answer carries, and the two that name the caller.
    pub(super) fn dress(&self, headers: &mut HeaderMap, caller: Option<&(String, u64)>) {
        let mut set = |name: &'static str, value: String| {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        };
        let number = self.answers.fetch_add(1, Ordering::Relaxed);
        set("x-arequestid", format!("@BBTOKENx0x{number}x0"));
        set("x-content-type-options", "nosniff".to_owned());
        if let Some((name, id)) = caller {
            let name = utf8_percent_encode(name, &USER_NAME).to_string();
            set("x-ausername", name);
            set("x-auserid", id.to_string());
        }
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("private, no-cache, no-store"));
    }
}
