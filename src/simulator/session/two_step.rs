//! The second step of a sign-in: conversations between the right password and the code.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use super::totp;
use crate::simulator::world::{Second, UserId};

/// How long somebody may look for the telephone.
const LIFE: SignedDuration = SignedDuration::from_mins(5);

/// So many wrong codes end a conversation.
const WRONG_CODES: u32 = 5;

/// A second step that came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::simulator) enum SecondStepError {
    /// There is no such conversation, or it is over.
    Over,
    /// The code is wrong; another may be tried.
    WrongCode,
}

/// The open conversations.
#[derive(Debug, Default)]
pub(super) struct Conversations(HashMap<String, Conversation>);

#[derive(Debug)]
struct Conversation {
    user: UserId,
    /// A code is awaited; else the user has to enrol first.
    awaits_code: bool,
    ends: Timestamp,
    wrong: u32,
}

impl Conversations {
    pub(super) fn begin(&mut self, id: String, user: UserId, awaits_code: bool, now: Timestamp) {
        self.0.retain(|_, conversation| now < conversation.ends);
        let conversation = Conversation {
            user,
            awaits_code,
            ends: now + LIFE,
            wrong: 0,
        };
        self.0.insert(id, conversation);
    }

    /// Whose conversation this is, if `is_right` says so; it is over then.
    pub(super) fn finish(
        &mut self,
        id: &str,
        now: Timestamp,
        is_right: impl FnOnce(UserId) -> bool,
    ) -> Result<UserId, SecondStepError> {
        let conversation = self.0.get_mut(id).ok_or(SecondStepError::Over)?;
        if !conversation.awaits_code || conversation.ends <= now {
            return Err(SecondStepError::Over);
        }
        let user = conversation.user;
        if is_right(user) {
            self.0.remove(id);
            return Ok(user);
        }
        conversation.wrong += 1;
        if conversation.wrong >= WRONG_CODES {
            self.0.remove(id);
        }
        Err(SecondStepError::WrongCode)
    }
}

/// The recovery codes that have been used: each counts once.
#[derive(Debug, Default)]
pub(super) struct SpentCodes(HashSet<(UserId, String)>);

impl SpentCodes {
    /// Uses a recovery code up; whether it counted.
    pub(super) fn spend(&mut self, user: UserId, second: &Second, code: &str) -> bool {
        let code = code.trim().to_owned();
        second.recovery_codes.contains(&code) && self.0.insert((user, code))
    }
}

impl Second {
    /// Whether an authenticator shows this code now.
    pub(in crate::simulator) fn is_code(&self, code: &str, now: Timestamp) -> bool {
        totp::is_code(code.trim(), &self.secret, now)
    }
}
