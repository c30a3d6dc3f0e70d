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
pub(super) struct Lifetime {
    chosen: Chosen,
    /// The longest that the configuration allows, in days.
    longest: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Chosen {
    /// One of the usual times, in days.
    Days(u32),
    /// Without end.
    Unlimited,
    /// What was typed: digits.
    Typed(String),
}

impl Lifetime {
    /// So many days, or the longest time if that is shorter.
    pub(super) fn days(days: u32, longest: Option<u32>) -> Self {
        let days = longest.map_or(days, |longest| days.min(longest));
        Self {
            chosen: Chosen::Days(days),
            longest,
        }
    }

    /// The days, or nothing for no expiry.
    ///
    /// # Errors
    /// What was typed is no number of days, or too large a one.
    pub(super) fn valid_days(&self) -> Result<Option<u32>, String> {
        let days = match &self.chosen {
            Chosen::Unlimited => return Ok(None),
            Chosen::Days(days) => *days,
            Chosen::Typed(digits) => digits.parse().unwrap_or(0),
        };
        match self.longest {
            _ if days == 0 => Err("Type a number of days, 1 or more.".to_owned()),
            Some(longest) if days > longest => Err(too_long(longest)),
            _ => Ok(Some(days)),
        }
    }

    /// The next usual time below or above; past the longest: none, or the reason why not.
    pub(super) fn change(&mut self, up: bool) -> Option<String> {
        let days = match &self.chosen {
            Chosen::Unlimited => u32::MAX,
            Chosen::Days(days) => *days,
            Chosen::Typed(digits) => digits.parse().unwrap_or(0),
        };
        let mut usual: Vec<u32> = USUAL.into_iter().collect();
        if let Some(longest) = self.longest {
            usual.retain(|usual| *usual < longest);
            usual.push(longest);
        }
        let longer = usual.iter().find(|usual| **usual > days);
        let shorter = usual.iter().rev().find(|usual| **usual < days);
        self.chosen = match (up, longer, self.longest) {
            (true, Some(longer), _) => Chosen::Days(*longer),
            (true, None, None) => Chosen::Unlimited,
            (true, None, Some(longest)) => {
                self.chosen = Chosen::Days(longest);
                return Some(too_long(longest));
            }
            (false, ..) => Chosen::Days(*shorter.unwrap_or(&usual[0])),
        };
        None
    }

    /// Digits make a number; backspace takes the last one away.
    pub(super) fn type_key(&mut self, key: KeyEvent) -> bool {
        if !(key.modifiers - KeyModifiers::SHIFT).is_empty() {
            return false;
        }
        let mut digits = match &self.chosen {
            Chosen::Typed(digits) => digits.clone(),
            Chosen::Days(days) if key.code == KeyCode::Backspace => days.to_string(),
            Chosen::Days(_) | Chosen::Unlimited => String::new(),
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
        self.chosen = Chosen::Typed(digits);
        true
    }

    /// "90 days".
    pub(super) fn words(&self) -> String {
        match &self.chosen {
            Chosen::Unlimited => "none".to_owned(),
            Chosen::Days(1) => "1 day".to_owned(),
            Chosen::Days(days) => format!("{days} days"),
            Chosen::Typed(digits) if digits == "1" => "1 day".to_owned(),
            Chosen::Typed(digits) => format!("{digits} days"),
        }
    }

    /// The day on which the token ends, in words; without the weekday where that does not fit.
    pub(super) fn end(&self, now: Timestamp, zone: &TimeZone, width: usize) -> String {
        let days = match self.valid_days() {
            Err(_) => {
                let longest = self.longest.map(|longest| format!("! 1 to {longest} days"));
                return longest.unwrap_or_else(|| "type a number of days".to_owned());
            }
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

fn too_long(longest: u32) -> String {
    let plural = if longest == 1 { "" } else { "s" };
    format!("Your organisation allows at most {longest} day{plural}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> Lifetime {
        let mut lifetime = Lifetime::days(90, None);
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
        let mut lifetime = Lifetime::days(90, None);
        let mut seen = Vec::new();
        for up in [true, true, true, false, false, false, false] {
            assert_eq!(lifetime.change(up), None);
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
        assert_eq!(lifetime.words(), "90 days");
        let mut lifetime = typed("45");
        lifetime.change(false);
        assert_eq!(lifetime.words(), "30 days");
    }

    #[test]
    fn nothing_longer_than_the_organisation_allows_can_be_chosen() {
        let mut lifetime = Lifetime::days(365, Some(180));
        assert_eq!(lifetime.valid_days(), Ok(Some(180)));
        let why = lifetime.change(true);
        assert_eq!(
            why.as_deref(),
            Some("Your organisation allows at most 180 days.")
        );
        assert_eq!(lifetime.words(), "180 days");
        assert_eq!(lifetime.change(false), None);
        assert_eq!(lifetime.words(), "90 days");
        for digit in "365".chars() {
            lifetime.type_key(KeyCode::Char(digit).into());
        }
        assert!(lifetime.valid_days().is_err());
        // The arrows lead back to what is allowed.
        assert_eq!(lifetime.change(false), None);
        assert_eq!(lifetime.words(), "180 days");
        let mut short = Lifetime::days(90, Some(10));
        assert_eq!(short.change(false), None);
        assert_eq!(short.words(), "10 days");
    }
}
