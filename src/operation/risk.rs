//! What to look at in a list of tokens: those that are about to end or never do, that nobody uses, or that
//! may do more than git needs.

use jiff::Timestamp;

use super::last_use::LastUse;
use crate::bitbucket::{Token, When};
use crate::permission::{Level, Permissions};
use crate::when::{Expiry, expiry};

/// Something to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Risk {
    /// It works no more.
    Expired,
    /// It works only a short while still.
    Soon,
    /// Nothing ends it but revoking.
    NeverExpires,
    /// Nobody has used it.
    NeverUsed,
    /// It may change settings, which git never does.
    MoreThanGit,
    /// It has a right that bbtoken does not know.
    UnknownRight,
}

impl Risk {
    /// In a word or two.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Soon => "soon",
            Self::NeverExpires => "never expires",
            Self::NeverUsed => "never used",
            Self::MoreThanGit => "more than git needs",
            Self::UnknownRight => "unknown right",
        }
    }
}

/// All of a token's, the most pressing first.
#[must_use]
pub fn risks(token: &Token, last_use: LastUse, now: Timestamp) -> Vec<Risk> {
    let end = match token.expires {
        When::At(time) => match expiry(time, now) {
            Expiry::Expired => Some(Risk::Expired),
            Expiry::Soon => Some(Risk::Soon),
            Expiry::Later => None,
        },
        When::Never | When::Unknown => None,
    };
    let endless = (token.expires == When::Never).then_some(Risk::NeverExpires);
    let permissions = token.permissions.as_ref();
    let unused = (last_use == LastUse::Never).then_some(Risk::NeverUsed);
    let more = permissions.is_some_and(is_more_than_git_needs);
    let unknown = permissions.is_some_and(|it| !it.other.is_empty());
    [
        end,
        more.then_some(Risk::MoreThanGit),
        unknown.then_some(Risk::UnknownRight),
        endless,
        unused,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// git needs Project read and Repository write at most.
fn is_more_than_git_needs(permissions: &Permissions) -> bool {
    permissions.project > Some(Level::Read) || permissions.repository > Some(Level::Write)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn each_risk_is_seen_and_a_good_token_has_none() {
        let now: Timestamp = "2026-11-26T09:00:00Z".parse().unwrap();
        let token = |names: &[&str], expires: When| Token {
            id: "1".to_owned(),
            name: "x".to_owned(),
            permissions: Some(Permissions::from_api(names)),
            created: None,
            last_used: When::Unknown,
            expires,
        };
        let at = |days: i64| When::At(now + jiff::SignedDuration::from_hours(24 * days));
        let git = &["PROJECT_READ", "REPO_WRITE"][..];
        for (token, used, wanted) in [
            (token(git, at(30)), at(-1), &[][..]),
            (token(git, at(3)), at(-1), &[Risk::Soon]),
            (token(git, at(-3)), at(-9), &[Risk::Expired]),
            (
                token(git, When::Never),
                When::Never,
                &[Risk::NeverExpires, Risk::NeverUsed],
            ),
            (token(&["REPO_ADMIN"], at(30)), at(-1), &[Risk::MoreThanGit]),
            (
                token(&["PROJECT_WRITE", "REPO_WRITE"], at(30)),
                at(-1),
                &[Risk::MoreThanGit],
            ),
            (
                token(&["REPO_READ", "PLANET"], at(30)),
                at(-1),
                &[Risk::UnknownRight],
            ),
            (token(git, When::Unknown), When::Unknown, &[]),
        ] {
            assert_eq!(risks(&token, used.into(), now), wanted, "{token:?}");
        }
    }
}
