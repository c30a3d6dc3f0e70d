//! Browser sessions, second steps and wrong passwords: what the server remembers of sign-ins.

pub(super) mod totp;
mod two_step;

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

use super::world::{Second, SignIn, User, UserId};
pub(super) use two_step::SecondStepError;
use two_step::{Conversations, SpentCodes};

/// So many wrong passwords in a row ask for a captcha; Bitbucket's default.
const ATTEMPTS: u32 = 5;

/// Who is signed in by cookie, and who has failed how often.
#[derive(Debug)]
pub(super) struct Sessions {
    /// The name of the cookie.
    cookie: String,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    open: HashMap<String, CookieSession>,
    conversations: Conversations,
    spent: SpentCodes,
    failures: HashMap<UserId, u32>,
    /// Accounts that begin with a captcha and have solved it.
    solved: HashSet<UserId>,
    /// Passwords that were changed since the start.
    passwords: HashMap<UserId, String>,
}

/// Somebody who is signed in by cookie.
#[derive(Debug, Clone, Copy)]
struct CookieSession {
    user: UserId,
    /// The user has proved anew who is there, for what only that allows.
    elevated: bool,
}

impl Sessions {
    pub(super) fn new(cookie: &str) -> Self {
        Self {
            cookie: cookie.to_owned(),
            inner: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
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
        let value = random()?;
        let mut inner = self.lock();
        inner.solved.insert(id);
        inner.failures.remove(&id);
        let session = CookieSession {
            user: id,
            elevated: false,
        };
        inner.open.insert(value.clone(), session);
        Some(value)
    }

    /// Begins the conversation after a right password whose account wants a second step; its id, or
    /// `None` when the system has no randomness.
    pub(super) fn begin_second_step(
        &self,
        id: UserId,
        awaits_code: bool,
        now: Timestamp,
    ) -> Option<String> {
        let value = random()?;
        let mut inner = self.lock();
        inner.solved.insert(id);
        inner.failures.remove(&id);
        let conversations = &mut inner.conversations;
        conversations.begin(value.clone(), id, awaits_code, now);
        Some(value)
    }

    /// Whose conversation it is, where `is_right` accepts the code.
    pub(super) fn finish_by_code(
        &self,
        conversation: &str,
        now: Timestamp,
        is_right: impl FnOnce(UserId) -> bool,
    ) -> Result<UserId, SecondStepError> {
        let conversations = &mut self.lock().conversations;
        conversations.finish(conversation, now, is_right)
    }

    /// As [`Sessions::finish_by_code`], with a recovery code, which is used up by it.
    pub(super) fn finish_by_recovery_code<'a>(
        &self,
        conversation: &str,
        code: &str,
        now: Timestamp,
        second: impl FnOnce(UserId) -> Option<&'a Second>,
    ) -> Result<UserId, SecondStepError> {
        let Inner {
            conversations,
            spent,
            ..
        } = &mut *self.lock();
        conversations.finish(conversation, now, |user| {
            second(user).is_some_and(|second| spent.spend(user, second, code))
        })
    }

    /// Uses up a recovery code outside of a conversation; whether it counted.
    pub(super) fn spend_recovery_code(&self, user: UserId, second: &Second, code: &str) -> bool {
        self.lock().spent.spend(user, second, code)
    }

    /// Whether the request's session is an elevated one.
    pub(super) fn is_elevated(&self, headers: &HeaderMap) -> bool {
        let inner = self.lock();
        self.cookies(headers).any(|value| {
            inner
                .open
                .get(value)
                .is_some_and(|session| session.elevated)
        })
    }

    /// Elevates the request's session.
    pub(super) fn elevate(&self, headers: &HeaderMap) {
        let mut inner = self.lock();
        for value in self.cookies(headers) {
            if let Some(session) = inner.open.get_mut(value) {
                session.elevated = true;
            }
        }
    }

    /// Whose session the request's cookie names.
    pub(super) fn of(&self, headers: &HeaderMap) -> Option<UserId> {
        let inner = self.lock();
        self.cookies(headers)
            .find_map(|value| Some(inner.open.get(value)?.user))
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
        let session = self
            .cookies(headers)
            .find(|value| inner.open.contains_key(*value))?;
        let digest = digest(&SHA256, session.as_bytes());
        Some(BASE64_URL_SAFE_NO_PAD.encode(digest))
    }

    /// Ends the request's session.
    pub(super) fn close(&self, headers: &HeaderMap) {
        let mut inner = self.lock();
        for value in self.cookies(headers) {
            inner.open.remove(value);
        }
    }

    /// The cookie that carries this value.
    pub(super) fn set_cookie(&self, value: &str, context_path: &str) -> String {
        let name = &self.cookie;
        format!("{name}={value}; Path={context_path}/; HttpOnly; SameSite=Lax")
    }

    /// The values of our cookie in a request.
    fn cookies<'a>(&'a self, headers: &'a HeaderMap) -> impl Iterator<Item = &'a str> {
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.cookie)
            .map(|(_, value)| value)
    }
}

/// A value that nobody guesses.
fn random() -> Option<String> {
    let mut bytes = [0_u8; 16];
    SystemRandom::new().fill(&mut bytes).ok()?;
    let mut value = String::with_capacity(32);
    for byte in bytes {
        // Writing to a string does not fail.
        let _ = write!(value, "{byte:02X}");
    }
    Some(value)
}
