//! What a new token was given, compared with what was asked for.
//!
//! Servers answer a creation in more or fewer words, and old ones leave out of the token what they do not
//! know. Nothing counts as given that the server has not said.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::bitbucket::{Token, TokenSpec, When};
use crate::permission::Permissions;
use crate::when;

/// Servers count days from midnight, from now, or in their own time zone.
const ROUNDING: SignedDuration = SignedDuration::from_hours(36);

/// A token that was made just now, and what was asked for.
#[derive(Debug, Clone)]
pub struct Granted {
    token: Token,
    asked: TokenSpec,
    at: Timestamp,
}

/// Something that is not as it was asked for, or not known to be so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The server has not said what it is called.
    NameUnknown,
    /// It is called something else.
    Name,
    /// The server has not said what it may do.
    RightsUnknown,
    /// It may do something that nobody asked for; perhaps it may not do all that was asked for either.
    MoreRights,
    /// It may do less than was asked for.
    FewerRights,
    /// The server has not said when it expires, or not in a way that can be read.
    ExpiryUnknown,
    /// It expires at another time than was asked for, or at all.
    Expires(Timestamp),
    /// Its expiry is over already.
    Expired(Timestamp),
    /// It never expires, although that was asked for.
    NeverExpires,
}

impl Difference {
    /// Which field of the token it is about, as programs read it.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::NameUnknown | Self::Name => "name",
            Self::RightsUnknown | Self::MoreRights | Self::FewerRights => "permissions",
            Self::ExpiryUnknown | Self::Expires(_) | Self::Expired(_) | Self::NeverExpires => {
                "expires"
            }
        }
    }
}

impl Granted {
    /// A token as the answer to its creation tells of it, and what was asked for at that time.
    #[must_use]
    pub fn new(token: Token, asked: TokenSpec, at: Timestamp) -> Self {
        Self { token, asked, at }
    }

    /// The token, as far as the server has told.
    #[must_use]
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// What it is called: as the server says, or else as it was asked to be.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.name_difference() {
            Some(Difference::NameUnknown) => &self.asked.name,
            _ => &self.token.name,
        }
    }

    /// What was asked for.
    #[must_use]
    pub fn asked(&self) -> &TokenSpec {
        &self.asked
    }

    /// Takes over what the server says of the token when it is asked for it.
    pub fn read(&mut self, token: Token) {
        self.token = token;
    }

    /// What is not as it was asked for. Empty: the server has confirmed all of it.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        [self.name_difference(), self.rights(), self.expiry()]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Says what is not as it was asked for, with what it is instead.
    #[must_use]
    pub fn describe(&self, difference: &Difference, zone: &TimeZone) -> String {
        let Token {
            name, permissions, ..
        } = &self.token;
        let asked = &self.asked;
        let rights = |much: &str| {
            let given = permissions.as_ref().map(Permissions::to_string);
            format!(
                "{much} than you asked for: it has {}, not {}.",
                given.unwrap_or_default(),
                asked.permissions
            )
        };
        let wanted = match asked.expiry_days {
            None => "no expiry was asked for".to_owned(),
            Some(1) => "1 day was asked for".to_owned(),
            Some(days) => format!("{days} days were asked for"),
        };
        let date = |time| when::date(time, zone);
        match difference {
            Difference::NameUnknown => {
                "Its name is not confirmed: Bitbucket does not say what it is called.".to_owned()
            }
            Difference::Name => format!("Bitbucket calls it \"{name}\", not \"{}\".", asked.name),
            Difference::RightsUnknown => {
                "Its rights are not confirmed: Bitbucket does not say which it has.".to_owned()
            }
            Difference::MoreRights => rights("Other or more rights"),
            Difference::FewerRights => rights("Fewer rights"),
            Difference::ExpiryUnknown => {
                "Its expiry is not confirmed: Bitbucket does not say when it expires.".to_owned()
            }
            Difference::Expires(time) => format!("It expires on {}; {wanted}.", date(*time)),
            Difference::Expired(time) => format!(
                "It has expired already ({}), so it does not work; {wanted}.",
                date(*time)
            ),
            Difference::NeverExpires => format!("It never expires; {wanted}."),
        }
    }

    fn name_difference(&self) -> Option<Difference> {
        let Token { id, name, .. } = &self.token;
        if *name == self.asked.name {
            None
        } else if name == id {
            Some(Difference::NameUnknown)
        } else {
            Some(Difference::Name)
        }
    }

    fn rights(&self) -> Option<Difference> {
        let Some(granted) = &self.token.permissions else {
            return Some(Difference::RightsUnknown);
        };
        let asked = &self.asked.permissions;
        let exceeds = |one: &Permissions, other: &Permissions| {
            let has_more = one.other.iter().any(|name| !other.other.contains(name));
            one.project > other.project || one.repository > other.repository || has_more
        };
        if exceeds(granted, asked) {
            Some(Difference::MoreRights)
        } else if exceeds(asked, granted) {
            Some(Difference::FewerRights)
        } else {
            None
        }
    }

    fn expiry(&self) -> Option<Difference> {
        let made = self.token.created.unwrap_or(self.at);
        let wanted = self.asked.expiry_days.map(|days| {
            let after = SignedDuration::from_hours(24 * i64::from(days));
            made.saturating_add(after).unwrap_or(Timestamp::MAX)
        });
        match (self.token.expires, wanted) {
            (When::Unknown, _) => Some(Difference::ExpiryUnknown),
            (When::Never, None) => None,
            (When::Never, Some(_)) => Some(Difference::NeverExpires),
            (When::At(time), _) if time <= made => Some(Difference::Expired(time)),
            (When::At(time), Some(wanted)) if time.duration_since(wanted).abs() <= ROUNDING => None,
            (When::At(time), _) => Some(Difference::Expires(time)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::Level::{Admin, Read, Write};

    const ASKED: Timestamp = Timestamp::constant(1_800_000_000, 0);

    fn days(days: i64) -> When {
        let after = SignedDuration::from_hours(24 * days);
        When::At(ASKED.checked_add(after).unwrap_or(Timestamp::MAX))
    }

    fn compared(expiry_days: Option<u32>, change: impl FnOnce(&mut Token)) -> Vec<Difference> {
        let asked = TokenSpec {
            name: "git".to_owned(),
            permissions: Permissions::new(Read, Write),
            expiry_days,
        };
        let mut token = Token {
            id: "012345678901".to_owned(),
            name: asked.name.clone(),
            permissions: Some(asked.permissions.clone()),
            created: Some(ASKED),
            last_used: When::Unknown,
            expires: expiry_days.map_or(When::Never, |it| days(it.into())),
        };
        change(&mut token);
        Granted::new(token, asked, ASKED).differences()
    }

    #[test]
    fn what_was_asked_for_is_no_difference() {
        assert_eq!(compared(Some(90), |_| {}), []);
        assert_eq!(compared(None, |_| {}), []);
        assert_eq!(compared(Some(u32::MAX), |_| {}), []);
        let later = |token: &mut Token| {
            token.created = None;
            token.expires = When::At(ASKED + SignedDuration::from_hours(90 * 24 + 30));
        };
        assert_eq!(compared(Some(90), later), []);
    }

    #[test]
    fn rights_are_compared_on_both_scales() {
        for (granted, difference) in [
            (Permissions::new(Admin, Write), Difference::MoreRights),
            (Permissions::new(Read, Admin), Difference::MoreRights),
            (
                Permissions::from_api(["REPO_ADMIN"]),
                Difference::MoreRights,
            ),
            (
                Permissions::from_api(["PROJECT_READ", "REPO_WRITE", "REPO_DANCE"]),
                Difference::MoreRights,
            ),
            (Permissions::new(Read, Read), Difference::FewerRights),
            (Permissions::new(None, Write), Difference::FewerRights),
            (Permissions::default(), Difference::FewerRights),
        ] {
            let found = compared(None, |token| token.permissions = Some(granted.clone()));
            assert_eq!(found, [difference], "{granted}");
        }
        assert_eq!(
            compared(None, |token| token.permissions = None),
            [Difference::RightsUnknown]
        );
    }

    #[test]
    fn expiries_and_names_are_compared() {
        let expires = |asked, expires| compared(asked, |token| token.expires = expires);
        let at = |when: When| when.at().into_iter();
        assert_eq!(expires(Some(90), When::Never), [Difference::NeverExpires]);
        assert_eq!(
            expires(Some(90), When::Unknown),
            [Difference::ExpiryUnknown]
        );
        assert_eq!(expires(None, When::Unknown), [Difference::ExpiryUnknown]);
        for (asked, given) in [
            (Some(90), days(30)),
            (Some(90), days(365)),
            (None, days(90)),
        ] {
            let different: Vec<_> = at(given).map(Difference::Expires).collect();
            assert_eq!(expires(asked, given), different);
        }
        let over: Vec<_> = at(days(-1)).map(Difference::Expired).collect();
        assert_eq!(expires(Some(90), days(-1)), over);
        assert_eq!(
            compared(None, |token| token.name = "gi".to_owned()),
            [Difference::Name]
        );
        assert_eq!(
            compared(None, |token| token.name = token.id.clone()),
            [Difference::NameUnknown]
        );
    }
}
