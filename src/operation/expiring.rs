//! Which tokens run out: in a list that was read, and among those that git on this computer was set up
//! with, as that was written down.

use jiff::{SignedDuration, Timestamp};

use crate::bitbucket::{Token, When};
use crate::git::SetUp;

/// A token that is about to expire, or has expired a short while ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunsOut {
    /// Its id, where that is known.
    pub id: Option<String>,
    /// What it is called, where that is known.
    pub name: Option<String>,
    /// Where it is: the place's name, or the address that git uses it for.
    pub place: String,
    /// When it expires.
    pub expires: Timestamp,
    /// git on this computer is set up with it.
    pub is_gits: bool,
}

/// The time about which is asked.
#[derive(Debug, Clone, Copy)]
pub struct Within {
    from: Timestamp,
    until: Timestamp,
}

impl Within {
    /// So many days ahead; what has expired within as many days before is told too.
    #[must_use]
    pub fn days(days: u32, now: Timestamp) -> Self {
        let days = SignedDuration::from_hours(24 * i64::from(days));
        Self {
            from: now.saturating_sub(days).unwrap_or(Timestamp::MIN),
            until: now.saturating_add(days).unwrap_or(Timestamp::MAX),
        }
    }

    fn holds(&self, time: Timestamp) -> bool {
        (self.from..=self.until).contains(&time)
    }
}

/// Those of a place, and of git; each once, the next to expire first.
#[must_use]
pub fn runs_out(tokens: &[Token], place: &str, set_ups: &[SetUp], within: Within) -> Vec<RunsOut> {
    let is_gits = |id: &String| set_ups.iter().any(|it| it.token.id.as_ref() == Some(id));
    let listed = tokens.iter().filter_map(|token| {
        Some(RunsOut {
            id: Some(token.id.clone()),
            name: Some(token.name.clone()),
            place: place.to_owned(),
            expires: token.expires.at().filter(|time| within.holds(*time))?,
            is_gits: is_gits(&token.id),
        })
    });
    // What a list has is told as it is there, and what is not in it any more does not expire.
    let is_listed = |set_up: &SetUp| {
        tokens
            .iter()
            .any(|it| Some(&it.id) == set_up.token.id.as_ref())
    };
    let kept = set_ups.iter().filter(|set_up| !is_listed(set_up));
    let kept = kept.filter_map(|set_up| {
        Some(RunsOut {
            id: set_up.token.id.clone(),
            name: set_up.token.name.clone(),
            place: set_up.address.clone(),
            expires: set_up.token.expires.filter(|time| within.holds(*time))?,
            is_gits: true,
        })
    });
    let mut all: Vec<_> = listed.chain(kept).collect();
    all.sort_by_key(|it| it.expires);
    all
}

/// How many of them have an end that the server does not tell.
#[must_use]
pub fn not_told(tokens: &[Token]) -> usize {
    let unknown = tokens.iter().filter(|token| token.expires == When::Unknown);
    unknown.count()
}

/// For which addresses git was set up with a token of which nobody knows when it expires: it is in none of
/// these lists, and it was not written down.
#[must_use]
pub fn not_written_down(set_ups: &[SetUp], tokens: &[Token]) -> Vec<String> {
    let is_listed = |id: &String| tokens.iter().any(|token| token.id == *id);
    let unknown = set_ups.iter().filter(|set_up| {
        let note = &set_up.token;
        !note.tells_expiry() && !note.id.as_ref().is_some_and(is_listed)
    });
    unknown.map(|set_up| set_up.address.clone()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
    #![allow(
        clippy::field_reassign_with_default,
        reason = "the other fields are git's"
    )]

    use super::*;
    use crate::git::TokenNote;

    const NOW: &str = "2026-11-24T09:00:00Z";

    fn at(days: i64) -> Timestamp {
        NOW.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(24 * days)
    }

    fn token(id: &str, expires: When) -> Token {
        Token {
            id: id.to_owned(),
            name: format!("token {id}"),
            permissions: None,
            created: None,
            last_used: When::Unknown,
            expires,
        }
    }

    fn set_up(id: &str, days: i64) -> SetUp {
        let mut set_up = SetUp::default();
        set_up.address = format!("https://h/scm/plat/{id}.git");
        set_up.token = TokenNote {
            id: Some(id.to_owned()),
            name: None,
            expires: Some(at(days)),
        };
        set_up
    }

    #[test]
    fn each_is_told_once_and_the_next_comes_first() {
        let tokens = [
            token("1", When::At(at(20))),
            token("2", When::At(at(9))),
            token("3", When::Never),
            token("4", When::Unknown),
            token("5", When::At(at(-3))),
            token("6", When::At(at(-30))),
        ];
        let gits = [set_up("2", 9), set_up("7", 1), set_up("8", 90)];
        let all = runs_out(&tokens, "your account", &gits, Within::days(14, at(0)));
        let told: Vec<_> = all
            .iter()
            .map(|it| (it.id.as_deref().unwrap(), it.is_gits))
            .collect();
        assert_eq!(told, [("5", false), ("7", true), ("2", true)]);
        assert_eq!(all[2].place, "your account");
        assert_eq!(not_told(&tokens), 1);
    }

    #[test]
    fn the_last_day_counts() {
        let tokens = [token("1", When::At(at(14))), token("2", When::At(at(15)))];
        let all = runs_out(&tokens, "x", &[], Within::days(14, at(0)));
        assert_eq!(all.len(), 1);
    }
}
