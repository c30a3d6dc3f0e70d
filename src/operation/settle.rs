//! Settle what became of a creation whose answer got lost.
//!
//! Asking again could make a second token, so the list is read: a token of that name, created about
//! then and never used, is the one. Its secret went with the answer, so nobody can use it.

use std::collections::HashSet;

use jiff::{SignedDuration, Timestamp};

use super::{Desk, PATIENCE};
use crate::bitbucket::{Error, ErrorKind, Scope, Token};

/// The clocks of two computers may differ by so much.
const CLOCK_DIFFERENCE: SignedDuration = SignedDuration::from_mins(5);
/// A request is worked on for so long at most. Until then a token may still come that the list does not
/// show: proxies give up before the server behind them does.
const LONGEST_REQUEST: SignedDuration = SignedDuration::from_mins(2);

/// The token that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// Where it was asked for.
    pub scope: Scope,
    /// Under which name.
    pub name: String,
    /// When.
    pub asked: Timestamp,
    /// Its id, where that is known.
    pub id: Option<String>,
    /// The tokens whose secrets arrived: none of them is it.
    pub others: HashSet<String>,
}

/// What became of it.
#[derive(Debug)]
pub enum Settled {
    /// The list does not show it now, and the server may still be creating it.
    NotShown {
        /// It shows one of that name from another time that nobody has used.
        older: bool,
    },
    /// The list shows no such token, and none will come any more.
    Nothing {
        /// It shows one of that name from another time that nobody has used.
        older: bool,
    },
    /// It exists, and nobody has its secret.
    Orphan(Box<Token>),
    /// Several could be it.
    Several,
    /// The list could not be read, or not in time.
    NotKnown(Error),
}

/// Looks into the list.
pub async fn settle(desk: &Desk, sought: &Sought) -> Settled {
    let asked = desk.clock.now().time;
    match tokens(desk, &sought.scope).await {
        Ok(tokens) => sought.among(tokens, asked),
        Err(error) => Settled::NotKnown(error),
    }
}

/// All tokens of a place, read within the time that anybody waits for that.
pub(super) async fn tokens(desk: &Desk, scope: &Scope) -> Result<Vec<Token>, Error> {
    let client = desk.client.within(PATIENCE / 2);
    let reading = client.tokens(scope).all();
    let read = desk.clock.limit(PATIENCE, reading).await;
    read.unwrap_or_else(|| Err(ErrorKind::TimedOut.into()))
}

impl Sought {
    /// What a list says that was asked for at this time.
    fn among(&self, tokens: Vec<Token>, now: Timestamp) -> Settled {
        let nothing = |older| {
            // Before the request left: this computer's clock was set back.
            if (self.asked..self.asked + LONGEST_REQUEST).contains(&now) {
                Settled::NotShown { older }
            } else {
                Settled::Nothing { older }
            }
        };
        if let Some(id) = &self.id {
            let found = tokens.into_iter().find(|token| token.id == *id);
            return found.map_or_else(|| nothing(false), |token| Settled::Orphan(Box::new(token)));
        }
        // What has been used has a secret that somebody knows.
        let same_name = tokens.into_iter().filter(|token| {
            token.name == self.name
                && token.last_used.at().is_none()
                && !self.others.contains(&token.id)
        });
        let (mut fitting, others): (Vec<_>, Vec<_>) =
            same_name.partition(|token| token.created.is_none_or(|time| self.is_about_then(time)));
        match (fitting.pop(), fitting.is_empty()) {
            (Some(token), true) => Settled::Orphan(Box::new(token)),
            (Some(_), false) => Settled::Several,
            (None, _) => nothing(!others.is_empty()),
        }
    }

    fn is_about_then(&self, time: Timestamp) -> bool {
        let latest = self.asked + CLOCK_DIFFERENCE + LONGEST_REQUEST;
        (self.asked - CLOCK_DIFFERENCE..=latest).contains(&time)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use proptest::prelude::*;

    use super::*;
    use crate::bitbucket::When;

    const ASKED: &str = "2026-11-24T09:00:00Z";

    fn sought() -> Sought {
        Sought {
            scope: Scope::Project {
                key: "PLAT".to_owned(),
            },
            name: "git".to_owned(),
            asked: ASKED.parse().unwrap(),
            id: None,
            others: HashSet::from(["made".to_owned()]),
        }
    }

    fn token(id: &str, name: &str, minutes: i64) -> Token {
        let asked: Timestamp = ASKED.parse().unwrap();
        Token {
            id: id.to_owned(),
            name: name.to_owned(),
            permissions: None,
            created: Some(asked + SignedDuration::from_mins(minutes)),
            last_used: When::Never,
            expires: When::Never,
        }
    }

    fn later(minutes: i64) -> Timestamp {
        let asked: Timestamp = ASKED.parse().unwrap();
        asked + SignedDuration::from_mins(minutes)
    }

    fn settled(tokens: Vec<Token>) -> String {
        match sought().among(tokens, later(2)) {
            Settled::Orphan(token) => token.id,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn one_unused_token_of_the_name_from_about_then_is_it() {
        for minutes in [-5, 0, 7] {
            assert_eq!(settled(vec![token("1", "git", minutes)]), "1");
        }
        let unknown_time = Token {
            created: None,
            ..token("1", "git", 0)
        };
        assert_eq!(settled(vec![unknown_time]), "1");
        let many = vec![token("2", "other", 0), token("1", "git", 0)];
        assert_eq!(settled(many), "1");
    }

    #[test]
    fn what_is_somebodys_is_not_it() {
        let used = Token {
            last_used: When::At(ASKED.parse().unwrap()),
            ..token("1", "git", 0)
        };
        for tokens in [
            vec![],
            vec![used],
            vec![token("made", "git", 0)],
            vec![token("1", "Git", 0)],
        ] {
            assert_eq!(settled(tokens), "Nothing { older: false }");
        }
        for minutes in [-6, 8, 60] {
            let older = settled(vec![token("1", "git", minutes)]);
            assert_eq!(older, "Nothing { older: true }", "{minutes}");
        }
    }

    #[test]
    fn what_a_list_does_not_show_may_come_as_long_as_a_request_is_worked_on() {
        let soon = later(2) - SignedDuration::from_millis(1);
        for (now, wanted) in [
            (later(0), "NotShown { older: false }"),
            (soon, "NotShown { older: false }"),
            (later(2), "Nothing { older: false }"),
        ] {
            let settled = sought().among(Vec::new(), now);
            assert_eq!(format!("{settled:?}"), wanted, "{now}");
        }
        let older = sought().among(vec![token("1", "git", -60)], soon);
        assert!(matches!(older, Settled::NotShown { older: true }));
    }

    #[test]
    fn of_several_none_is_chosen() {
        let two = vec![token("1", "git", 0), token("2", "git", 1)];
        assert_eq!(settled(two), "Several");
    }

    #[test]
    fn a_known_id_decides_whatever_else_there_is() {
        let sought = Sought {
            id: Some("7".to_owned()),
            ..sought()
        };
        let tokens = vec![token("1", "git", 0), token("7", "renamed", 90)];
        let Settled::Orphan(found) = sought.among(tokens, later(2)) else {
            panic!("not found");
        };
        assert_eq!(found.id, "7");
        let gone = sought.among(vec![token("1", "git", 0)], later(2));
        assert!(matches!(gone, Settled::Nothing { older: false }));
    }

    /// Any list that a place may have: other names, other times, used ones, and ours.
    fn any_list() -> impl Strategy<Value = Vec<Token>> {
        let names = prop_oneof![Just("git"), Just("Git"), Just("other")];
        let times = prop_oneof![Just(None), (-30..30_i64).prop_map(Some)];
        let ids = prop_oneof![Just("made".to_owned()), "[0-9]{1,2}"];
        let any = (ids, names, times, any::<bool>()).prop_map(|(id, name, minutes, is_used)| {
            let listed = token(&id, name, minutes.unwrap_or_default());
            Token {
                created: minutes.and(listed.created),
                last_used: if is_used {
                    When::At(ASKED.parse().unwrap())
                } else {
                    When::Unknown
                },
                ..listed
            }
        });
        proptest::collection::vec(any, 0..8)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nobodys_token_is_ever_taken_for_the_lost_one(tokens in any_list(), minutes in 0..90_i64) {
            let could_be_it = |token: &Token| {
                token.name == "git" && token.last_used.at().is_none() && token.id != "made"
            };
            let candidates = tokens.iter().filter(|token| could_be_it(token)).count();
            match sought().among(tokens, later(minutes)) {
                Settled::Orphan(found) => prop_assert!(could_be_it(&found)),
                Settled::Several => prop_assert!(candidates > 1),
                Settled::Nothing { older } | Settled::NotShown { older } => {
                    prop_assert_eq!(older, candidates > 0);
                }
                Settled::NotKnown(_) => prop_assert!(false, "the list was read"),
            }
        }
    }
}
