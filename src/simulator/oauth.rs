//! OAuth 2: what has been granted to the one application that is registered here.
//!
//! Codes count once and for ten minutes, refresh tokens once, access tokens for a while. All are kept
//! in memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

use super::world::UserId;
use crate::permission::Level;

/// How long a code counts.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// The scopes that are known here, and the levels that they give on the scales of projects and of
/// repositories.
const SCOPES: [(&str, Option<Level>, Option<Level>); 6] = [
    ("PUBLIC_REPOS", None, None),
    ("ACCOUNT_WRITE", None, None),
    ("REPO_READ", Some(Level::Read), Some(Level::Read)),
    ("REPO_WRITE", Some(Level::Read), Some(Level::Write)),
    ("REPO_ADMIN", Some(Level::Read), Some(Level::Admin)),
    ("PROJECT_ADMIN", Some(Level::Admin), Some(Level::Admin)),
];

/// Who lets the application act, and how far.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) user: UserId,
    /// As they stand in requests, separated by blanks.
    pub(super) scopes: String,
    pub(super) project: Option<Level>,
    pub(super) repository: Option<Level>,
    /// The account may be changed: its tokens too.
    pub(super) account: bool,
}

impl Grant {
    /// `None` where a scope is not known.
    pub(super) fn new(user: UserId, scopes: &str) -> Option<Self> {
        let (mut project, mut repository) = (None, None);
        for scope in scopes.split_whitespace() {
            let known = SCOPES.iter().find(|(name, ..)| *name == scope)?;
            project = project.max(known.1);
            repository = repository.max(known.2);
        }
        Some(Self {
            user,
            scopes: scopes.to_owned(),
            project,
            repository,
            account: scopes
                .split_whitespace()
                .any(|scope| scope == "ACCOUNT_WRITE"),
        })
    }
}

/// A code that nobody has redeemed yet.
#[derive(Debug)]
struct Code {
    grant: Grant,
    redirect_uri: String,
    challenge: String,
    expires: Timestamp,
}

/// What the token endpoint gives.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) access: String,
    pub(super) refresh: String,
    pub(super) scopes: String,
}

/// Everything that has been granted.
#[derive(Debug, Default)]
pub(super) struct Grants(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    codes: HashMap<String, Code>,
    access: HashMap<String, (Grant, Timestamp)>,
    refresh: HashMap<String, Grant>,
}

impl Grants {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A code for what the user has agreed to.
    pub(super) fn agree(
        &self,
        grant: Grant,
        redirect_uri: &str,
        challenge: &str,
        now: Timestamp,
    ) -> Option<String> {
        let code = random()?;
        let agreed = Code {
            grant,
            redirect_uri: redirect_uri.to_owned(),
            challenge: challenge.to_owned(),
            expires: now + CODE_LIFE,
        };
        self.lock().codes.insert(code.clone(), agreed);
        Some(code)
    }

    /// Tokens for a code: once, for whoever has the verifier.
    pub(super) fn redeem(
        &self,
        code: &str,
        redirect_uri: &str,
        verifier: &str,
        now: Timestamp,
        expires: Timestamp,
    ) -> Option<Issued> {
        let code = self.lock().codes.remove(code)?;
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        let fits = code.challenge == challenge && code.redirect_uri == redirect_uri;
        self.issue(
            Some(code.grant).filter(|_| fits && now < code.expires)?,
            expires,
        )
    }

    /// Tokens for a refresh token, once.
    pub(super) fn refresh(&self, token: &str, expires: Timestamp) -> Option<Issued> {
        let grant = self.lock().refresh.remove(token)?;
        self.issue(grant, expires)
    }

    fn issue(&self, grant: Grant, expires: Timestamp) -> Option<Issued> {
        let (access, refresh) = (random()?, random()?);
        let scopes = grant.scopes.clone();
        let mut inner = self.lock();
        inner
            .access
            .insert(access.clone(), (grant.clone(), expires));
        inner.refresh.insert(refresh.clone(), grant);
        Some(Issued {
            access,
            refresh,
            scopes,
        })
    }

    /// What an access token lets its bearer do.
    pub(super) fn of(&self, access: &str, now: Timestamp) -> Option<Grant> {
        let inner = self.lock();
        let (grant, expires) = inner.access.get(access)?;
        (now < *expires).then(|| grant.clone())
    }
}

fn random() -> Option<String> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).ok()?;
    Some(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}
