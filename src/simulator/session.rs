//! Browser sessions and wrong passwords: what the server remembers of sign-ins.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

use super::world::{SignIn, User, UserId};

/// The name of Bitbucket's session cookie.
pub(super) const COOKIE: &str = "BITBUCKETSESSIONID";

/// So many wrong passwords in a row ask for a captcha; Bitbucket's default.
const ATTEMPTS: u32 = 5;

/// Who is signed in by cookie, and who has failed how often.
#[derive(Debug, Default)]
pub(super) struct Sessions(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    open: HashMap<String, UserId>,
    failures: HashMap<UserId, u32>,
    /// Accounts that begin with a captcha and have solved it.
    solved: HashSet<UserId>,
    /// Passwords that were changed since the start.
    passwords: HashMap<UserId, String>,
}

impl Sessions {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this account has to solve a captcha before any password counts.
    pub(super) fn needs_captcha(&self, id: UserId, user: &User) -> bool {
        let inner = self.lock();
        let failed = inner.failures.get(&id).copied().unwrap_or_default();
        failed >= ATTEMPTS || (user.sign_in == SignIn::Captcha && !inner.solved.contains(&id))
    }

    /// The account's password, if it was changed since the start.
    pub(super) fn changed_password(&self, id: UserId) -> Option<String> {
        self.lock().passwords.get(&id).cloned()
    }

    /// Changes a password.
    pub(super) fn change_password(&self, id: UserId, password: &str) {
        let mut inner = self.lock();
        inner.passwords.insert(id, password.to_owned());
    }

    /// Notes a wrong password.
    pub(super) fn failed(&self, id: UserId) {
        let mut inner = self.lock();
        let count = inner.failures.entry(id).or_default();
        *count = count.saturating_add(1);
    }

    /// Notes a right password, which ends a row of wrong ones.
    pub(super) fn succeeded(&self, id: UserId) {
        self.lock().failures.remove(&id);
    }

    /// Opens a session after a right form, captcha included; its cookie's value, or `None` when
    /// the system has no randomness.
    pub(super) fn open(&self, id: UserId) -> Option<String> {
        let mut bytes = [0_u8; 16];
        SystemRandom::new().fill(&mut bytes).ok()?;
        let mut value = String::with_capacity(32);
        for byte in bytes {
            // Writing to a string does not fail.
            let _ = write!(value, "{byte:02X}");
        }
        let mut inner = self.lock();
        inner.solved.insert(id);
        inner.failures.remove(&id);
        inner.open.insert(value.clone(), id);
        Some(value)
    }

    /// Whose session the request's cookie names.
    pub(super) fn of(&self, headers: &HeaderMap) -> Option<UserId> {
        let inner = self.lock();
        cookies(headers).find_map(|value| inner.open.get(value).copied())
    }

    /// How many are open.
    pub(super) fn count(&self) -> usize {
        self.lock().open.len()
    }

    /// Ends all of them, as a restart does.
    pub(super) fn end(&self) {
        self.lock().open.clear();
    }

    /// What a form of the request's session has to send back, so that no other page can have sent
    /// it.
    pub(super) fn xsrf_token(&self, headers: &HeaderMap) -> Option<String> {
        let inner = self.lock();
        let session = cookies(headers).find(|value| inner.open.contains_key(*value))?;
        let digest = digest(&SHA256, session.as_bytes());
        Some(BASE64_URL_SAFE_NO_PAD.encode(digest))
    }

    /// Ends the request's session.
    pub(super) fn close(&self, headers: &HeaderMap) {
        let mut inner = self.lock();
        for value in cookies(headers) {
            inner.open.remove(value);
        }
    }
}

/// The values of our cookie in a request.
fn cookies(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}
