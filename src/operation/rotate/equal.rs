//! A token equal to another: the same rights, as long a life, and a name that tells it from the old one.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::bitbucket::{Token, TokenSpec, When};
use crate::operation::draft::LONGEST_NAME;

/// A blank and the highest number that tells namesakes apart.
const NUMBER: usize = 3;
const LAST_NUMBER: usize = 99;
/// A blank and a date: " 2026-11-26".
const DATE: usize = 11;

/// What an equal token is asked for as, and what of it is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equal {
    /// What to ask for.
    pub spec: TokenSpec,
    /// What is another, beside the name.
    pub differs: Option<Differs>,
}

/// Something that cannot be as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Differs {
    /// How long the old one lives is not known: the new one lives as long as is usual.
    UnknownLife,
    /// The configuration does not allow so long a life.
    ShorterLife {
        /// So many days the old one has; `None`: it never expires.
        from: Option<u32>,
    },
}

/// Why there can be no equal token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotEqual {
    /// The server does not tell what the old one may do.
    #[error("Bitbucket does not say what the token may do, so bbtoken cannot make an equal one.")]
    RightsUnknown,
}

/// A token equal to this one. `taken`: the names that are there; `usual` and `longest`: days, as they are
/// configured.
///
/// # Errors
///
/// [`NotEqual`].
pub fn equal(
    old: &Token,
    taken: &[String],
    (usual, longest): (Option<u32>, Option<u32>),
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Equal, NotEqual> {
    let permissions = old.permissions.clone().ok_or(NotEqual::RightsUnknown)?;
    let (days, differs) = match (old.expires, old.created) {
        (When::Never, _) => (None, None),
        (When::At(end), Some(start)) => (Some(days(end.duration_since(start))), None),
        _ => (usual, Some(Differs::UnknownLife)),
    };
    let (expiry_days, differs) = match longest {
        Some(longest) if days.is_none_or(|days| days > longest) => (
            Some(longest),
            differs.or(Some(Differs::ShorterLife { from: days })),
        ),
        _ => (days, differs),
    };
    Ok(Equal {
        spec: TokenSpec {
            name: name(&old.name, now, zone, taken),
            permissions,
            expiry_days,
        },
        differs,
    })
}

/// Whole days, at least one.
fn days(life: SignedDuration) -> u32 {
    let day = 24 * 60 * 60;
    let days = (life.as_secs() + day / 2) / day;
    u32::try_from(days).unwrap_or(1).max(1)
}

/// The old name with the date of today, in place of the date that an earlier rotation has put there.
pub(super) fn name(old: &str, now: Timestamp, zone: &TimeZone, taken: &[String]) -> String {
    let today = now.to_zoned_datetime(zone.clone()).date();
    let kept: String = undated(old)
        .chars()
        .take(LONGEST_NAME - DATE - NUMBER)
        .collect();
    let name = format!("{} {today}", kept.trim_end());
    let numbered = (2..=LAST_NUMBER).map(|number| format!("{name} {number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names
        .find(|name| !taken.contains(name) && name != old)
        .unwrap_or(name)
}

fn undated(name: &str) -> &str {
    let is_number = |word: &str| word.len() < NUMBER && word.parse::<usize>().is_ok();
    let is_date = |word: &str| word.len() + 1 == DATE && word.parse::<Date>().is_ok();
    let without = |name: &str| {
        name.rsplit_once(' ')
            .map(|(rest, last)| (rest.len(), last.to_owned()))
    };
    let end = match without(name) {
        Some((rest, last)) if is_date(&last) => rest,
        Some((rest, last)) if is_number(&last) => match without(&name[..rest]) {
            Some((rest, last)) if is_date(&last) => rest,
            _ => name.len(),
        },
        _ => name.len(),
    };
    &name[..end]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::permission::{Level, Permissions};

    const NOW: &str = "2026-11-26T09:00:00Z";

    fn old(name: &str, expires: When) -> Token {
        Token {
            id: "1".to_owned(),
            name: name.to_owned(),
            permissions: Some(Permissions::new(None, Level::Write)),
            created: "2026-09-01T10:00:00Z".parse().ok(),
            last_used: When::Unknown,
            expires,
        }
    }

    fn at(time: &str) -> When {
        When::At(time.parse().unwrap())
    }

    fn made(
        old: &Token,
        taken: &[&str],
        longest: Option<u32>,
    ) -> (String, Option<u32>, Option<Differs>) {
        let taken: Vec<_> = taken.iter().map(|name| (*name).to_owned()).collect();
        let now = NOW.parse().unwrap();
        let Equal { spec, differs } =
            equal(old, &taken, (Some(90), longest), now, &TimeZone::UTC).unwrap();
        (spec.name, spec.expiry_days, differs)
    }

    #[test]
    fn the_name_has_the_date_and_only_one() {
        for (name, taken, wanted) in [
            ("git on ci", &[][..], "git on ci 2026-11-26"),
            ("git on ci 2026-08-28", &[], "git on ci 2026-11-26"),
            ("git on ci 2026-08-28 2", &[], "git on ci 2026-11-26"),
            (
                "git on ci 2026-11-26",
                &["git on ci 2026-11-26"],
                "git on ci 2026-11-26 2",
            ),
            ("2026-08-28", &[], "2026-08-28 2026-11-26"),
            ("ci 7", &[], "ci 7 2026-11-26"),
        ] {
            assert_eq!(made(&old(name, When::Never), taken, None).0, wanted);
        }
        let long = made(&old(&"ä".repeat(255), When::Never), &[], None).0;
        assert!(long.ends_with(" 2026-11-26") && long.chars().count() <= LONGEST_NAME);
    }

    #[test]
    fn it_lives_as_long_unless_that_is_not_known_or_not_allowed() {
        let ninety = at("2026-11-30T10:00:01Z");
        assert_eq!(made(&old("x", ninety), &[], None).1, Some(90));
        assert_eq!(made(&old("x", When::Never), &[], None).1, None);
        let shorter = Some(Differs::ShorterLife { from: Some(90) });
        let (_, days, differs) = made(&old("x", ninety), &[], Some(30));
        assert_eq!((days, differs), (Some(30), shorter));
        let (_, days, differs) = made(&old("x", When::Never), &[], Some(365));
        assert_eq!(
            (days, differs),
            (Some(365), Some(Differs::ShorterLife { from: None }))
        );
        let (_, days, differs) = made(&old("x", When::Unknown), &[], None);
        assert_eq!((days, differs), (Some(90), Some(Differs::UnknownLife)));
    }
}
