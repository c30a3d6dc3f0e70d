//! The HTTP access tokens: kept as hashes, found by their secret, told once.

use std::collections::HashMap;
use std::fmt;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::digest;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::permissions::Permissions;
use super::world::{ProjectId, RepositoryId, UserId};
use crate::permission::Level;

/// What a token is for, and where it is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenHome {
    User(UserId),
    Project(ProjectId),
    Repository(RepositoryId),
}

type Hash = [u8; digest::SHA256_OUTPUT_LEN];

/// A token's number. It is written with twelve digits, of which the first may be a zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct TokenId(pub(super) u64);

impl TokenId {
    /// From a path: the digits, all of them.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let is_whole = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_whole).map(Self)
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

/// One token, without its secret.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) id: TokenId,
    pub(super) name: String,
    pub(super) permissions: Permissions,
    pub(super) scope: TokenHome,
    pub(super) created: Timestamp,
    /// From this moment on it is worth nothing.
    pub(super) expiry: Option<Timestamp>,
    pub(super) last_authenticated: Option<Timestamp>,
    /// SHA-256 of the secret.
    pub(super) hash: Hash,
}

/// What a token that was just presented may do.
#[derive(Debug, Clone)]
pub(super) struct TokenPower {
    pub(super) scope: TokenHome,
    pub(super) project: Option<Level>,
    pub(super) repository: Option<Level>,
}

/// All tokens of the server.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    by_id: HashMap<TokenId, Token>,
    by_hash: HashMap<Hash, TokenId>,
}

/// What to make, already found to be in order.
#[derive(Debug)]
pub(super) struct NewToken {
    pub(super) name: String,
    pub(super) permissions: Permissions,
    pub(super) scope: TokenHome,
    pub(super) created: Timestamp,
    pub(super) expiry: Option<Timestamp>,
}

impl Tokens {
    pub(super) fn insert(&mut self, token: Token) {
        self.by_hash.insert(token.hash, token.id);
        self.by_id.insert(token.id, token);
    }

    /// Makes a token and tells its secret, this once.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(super) fn create(
        &mut self,
        new: NewToken,
        is_prefixed: bool,
    ) -> Result<(Token, Zeroizing<String>), ring::error::Unspecified> {
        let random = SystemRandom::new();
        let id = loop {
            let mut bytes = [0; 8];
            random.fill(&mut bytes)?;
            let id = TokenId(u64::from_le_bytes(bytes) % 1_000_000_000_000);
            if !self.by_id.contains_key(&id) {
                break id;
            }
        };
        let secret = secret(id, is_prefixed, &random)?;
        let token = Token {
            id,
            name: new.name,
            permissions: new.permissions,
            scope: new.scope,
            created: new.created,
            expiry: new.expiry,
            last_authenticated: None,
            hash: hash(&secret),
        };
        self.insert(token.clone());
        Ok((token, secret))
    }

    /// The tokens of one place, newest first.
    pub(super) fn of(&self, scope: TokenHome) -> Vec<&Token> {
        let mut tokens: Vec<_> = self.by_id.values().collect();
        tokens.retain(|token| token.scope == scope);
        tokens.sort_by_key(|token| (std::cmp::Reverse(token.created), token.id));
        tokens
    }

    /// A token of this place; another place's token is not found here.
    pub(super) fn get_mut(&mut self, scope: TokenHome, id: TokenId) -> Option<&mut Token> {
        self.by_id.get_mut(&id).filter(|token| token.scope == scope)
    }

    /// Revokes it; whether it was there.
    pub(super) fn remove(&mut self, scope: TokenHome, id: TokenId) -> bool {
        if self.get_mut(scope, id).is_none() {
            return false;
        }
        if let Some(token) = self.by_id.remove(&id) {
            self.by_hash.remove(&token.hash);
        }
        true
    }

    /// What the token with this secret may do, and notes that it was used. `None` for a secret
    /// that is wrong, revoked or expired, and where `accept` does not agree.
    pub(super) fn authenticate(
        &mut self,
        secret: &str,
        now: Timestamp,
        accept: impl Fn(&TokenPower) -> bool,
    ) -> Option<TokenPower> {
        let id = self.by_hash.get(&hash(secret))?;
        let token = self.by_id.get_mut(id)?;
        if token.expiry.is_some_and(|expiry| expiry <= now) {
            return None;
        }
        let permissions = &token.permissions;
        let power = TokenPower {
            scope: token.scope,
            project: permissions.project,
            // Who may do something in a project may do it in its repositories.
            repository: permissions.repository.max(permissions.project),
        };
        if !accept(&power) {
            return None;
        }
        token.last_authenticated = Some(now);
        Some(power)
    }
}

fn hash(secret: &str) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(digest::digest(&digest::SHA256, secret.as_bytes()).as_ref());
    hash
}

/// In the form of the real ones: base64 of the id, a colon and twenty random bytes, 44 characters; on
/// newer servers `BBDC-` in front of them, and base64's other alphabet.
fn secret(
    id: TokenId,
    is_prefixed: bool,
    random: &SystemRandom,
) -> Result<Zeroizing<String>, ring::error::Unspecified> {
    let mut bytes = Zeroizing::new([0; 20]);
    random.fill(bytes.as_mut())?;
    let mut plain = Zeroizing::new(format!("{id}:").into_bytes());
    plain.extend_from_slice(bytes.as_ref());
    let plain = plain.as_slice();
    Ok(Zeroizing::new(if is_prefixed {
        format!("BBDC-{}", BASE64_URL_SAFE_NO_PAD.encode(plain))
    } else {
        BASE64_STANDARD.encode(plain)
    }))
}
