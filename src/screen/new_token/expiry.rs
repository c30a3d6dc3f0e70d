//! Until when the token works: one of the usual times, none, or any number of days.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::when;
use crate::widget::fit;

/// The times that the arrows go through, the shortest first.
const USUAL: [u32; 3] = [30, 90, 365];
/// As many digits as a date can take: 27 years.
const MOST_DIGITS: usize = 4;

/// How long the token works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// One of the usual times, in days.
    Days(u32),
    /// Without end.
    Unlimited,
    /// What was typed: digits.
    Typed(String),
}

impl Lifetime {
    pub(super) fn days(days: u32) -> Self {
        Self::Days(days)
    }

    /// The days, or nothing for no expiry.
    ///
    /// # Errors
    /// What was typed is no number of days.
    pub(super) fn valid_days(&self) -> Result<Option<u32>, String> {
        match self {
            Self::Unlimited => Ok(None),
            Self::Days(days) => Ok(Some(*days)),
            Self::Typed(digits) => match digits.parse() {
                Ok(days) if days > 0 => Ok(Some(days)),
                _ => Err("Type a number of days, 1 or more.".to_owned()),
            },
        }
    }

    /// The next usual time below or above; past the longest: none.
    pub(super) fn change(&mut self, up: bool) {
        let days = match self.valid_days() {
            Ok(Some(days)) => days,
            Ok(None) => u32::MAX,
            Err(_) => 0,
        };
        *self = if up {
            let longer = USUAL.into_iter().find(|usual| *usual > days);
            longer.map_or(Self::Unlimited, Self::Days)
        } else {
            let shorter = USUAL.into_iter().rev().find(|usual| *usual < days);
            Self::Days(shorter.unwrap_or(USUAL[0]))
        };
    }

    /// Digits make a number; backspace takes the last one away.
    pub(super) fn type_key(&mut self, key: KeyEvent) -> bool {
        if !(key.modifiers - KeyModifiers::SHIFT).is_empty() {
            return false;
        }
        let mut digits = match self {
            Self::Typed(digits) => digits.clone(),
            Self::Days(days) if key.code == KeyCode::Backspace => days.to_string(),
            Self::Days(_) | Self::Unlimited => String::new(),
        };
        match key.code {
            KeyCode::Char(digit) if digit.is_ascii_digit() => {
                if digits.len() < MOST_DIGITS {
                    digits.push(digit);
                }
            }
            KeyCode::Backspace => {
                digits.pop();
            }
            _ => return false,
        }
        *self = Self::Typed(digits);
        true
    }

    /// "90 days".
    pub(super) fn words(&self) -> String {
        match self {
            Self::Unlimited => "none".to_owned(),
            Self::Days(days) => format!("{days} days"),
            Self::Typed(digits) if digits == "1" => "1 day".to_owned(),
            Self::Typed(digits) => format!("{digits} days"),
        }
    }

    /// The day on which the token ends, in words; without the weekday where that does not fit.
    pub(super) fn end(&self, now: Timestamp, zone: &TimeZone, width: usize) -> String {
        let days = match self.valid_days() {
            Err(_) => return "type a number of days".to_owned(),
            Ok(None) => return "! until it is revoked".to_owned(),
            Ok(Some(days)) => days,
        };
        let Some(end) = when::after_days(now, days, zone) else {
            return "beyond the calendar".to_owned();
        };
        let long = when::weekday_date(end, zone);
        if fit::width(&long) <= width {
            long
        } else {
            when::date(end, zone)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> Lifetime {
        let mut lifetime = Lifetime::days(90);
        for key in keys.chars() {
            let code = if key == '<' {
                KeyCode::Backspace
            } else {
                KeyCode::Char(key)
            };
            lifetime.type_key(code.into());
        }
        lifetime
    }

    #[test]
    fn the_arrows_go_through_the_usual_times() {
        let mut lifetime = Lifetime::days(90);
        let mut seen = Vec::new();
        for up in [true, true, true, false, false, false, false] {
            lifetime.change(up);
            seen.push(lifetime.words());
        }
        let words = [
            "365 days", "none", "none", "365 days", "90 days", "30 days", "30 days",
        ];
        assert_eq!(seen, words);
    }

    #[test]
    fn digits_make_a_number_and_nothing_else_does() {
        assert_eq!(typed("45").valid_days(), Ok(Some(45)));
        assert_eq!(typed("12x3").valid_days(), Ok(Some(123)));
        assert_eq!(typed("123456").valid_days(), Ok(Some(1234)));
        assert_eq!(typed("<").valid_days(), Ok(Some(9)));
        assert!(typed("0").valid_days().is_err());
        assert!(typed("7<").valid_days().is_err());
    }

    #[test]
    fn from_a_typed_number_the_arrows_find_the_next_usual_time() {
        let mut lifetime = typed("45");
        lifetime.change(true);
        assert_eq!(lifetime, Lifetime::Days(90));
        let mut lifetime = typed("45");
        lifetime.change(false);
        assert_eq!(lifetime, Lifetime::Days(30));
    }
}
