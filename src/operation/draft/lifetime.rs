//! Until when the token works: one of the usual times, none, or any number of days.

/// The times that are offered, the shortest first.
const USUAL: [u32; 3] = [30, 90, 365];
/// As many digits as a date can take: 27 years.
const MOST_DIGITS: usize = 4;

/// Why a token cannot work for so many days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DaysError {
    /// That is no number of days.
    #[error("Type a number of days, 1 or more.")]
    None,
    /// The configuration allows fewer.
    #[error("Your organisation allows at most {longest} day{}.", if *.longest == 1 { "" } else { "s" })]
    TooMany {
        /// So many.
        longest: u32,
    },
}

/// How long the token works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lifetime {
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
    #[must_use]
    pub fn days(days: u32, longest: Option<u32>) -> Self {
        let days = longest.map_or(days, |longest| days.min(longest));
        Self {
            chosen: Chosen::Days(days),
            longest,
        }
    }

    /// So many days, also where fewer are allowed: then they are not valid.
    #[must_use]
    pub fn exactly(days: u32, longest: Option<u32>) -> Self {
        Self {
            chosen: Chosen::Days(days),
            longest,
        }
    }

    /// So many days or no end, whatever is allowed.
    #[must_use]
    pub fn of(days: Option<u32>, longest: Option<u32>) -> Self {
        Self {
            chosen: days.map_or(Chosen::Unlimited, Chosen::Days),
            longest,
        }
    }

    /// The days, or nothing for no expiry.
    ///
    /// # Errors
    /// [`DaysError`].
    pub fn valid_days(&self) -> Result<Option<u32>, DaysError> {
        let days = match &self.chosen {
            Chosen::Unlimited => return Ok(None),
            Chosen::Days(days) => *days,
            Chosen::Typed(digits) => digits.parse().unwrap_or(0),
        };
        match self.longest {
            _ if days == 0 => Err(DaysError::None),
            Some(longest) if days > longest => Err(DaysError::TooMany { longest }),
            _ => Ok(Some(days)),
        }
    }

    /// Chooses the next usual time below or above; past the longest one: no expiry.
    ///
    /// # Errors
    /// Where no expiry is allowed, the reason.
    pub fn change(&mut self, up: bool) -> Result<(), DaysError> {
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
                return Err(DaysError::TooMany { longest });
            }
            (false, ..) => Chosen::Days(*shorter.unwrap_or(&usual[0])),
        };
        Ok(())
    }

    /// Puts a digit behind those that were typed; false: it is none.
    pub fn type_digit(&mut self, digit: char) -> bool {
        if !digit.is_ascii_digit() {
            return false;
        }
        let mut digits = match &self.chosen {
            Chosen::Typed(digits) => digits.clone(),
            Chosen::Days(_) | Chosen::Unlimited => String::new(),
        };
        if digits.len() < MOST_DIGITS {
            digits.push(digit);
        }
        self.chosen = Chosen::Typed(digits);
        true
    }

    /// Takes the last digit away.
    pub fn take_digit(&mut self) {
        let mut digits = match &self.chosen {
            Chosen::Typed(digits) => digits.clone(),
            Chosen::Days(days) => days.to_string(),
            Chosen::Unlimited => String::new(),
        };
        digits.pop();
        self.chosen = Chosen::Typed(digits);
    }

    /// "90 days".
    #[must_use]
    pub fn words(&self) -> String {
        match &self.chosen {
            Chosen::Unlimited => "none".to_owned(),
            Chosen::Days(1) => "1 day".to_owned(),
            Chosen::Days(days) => format!("{days} days"),
            Chosen::Typed(digits) if digits == "1" => "1 day".to_owned(),
            Chosen::Typed(digits) => format!("{digits} days"),
        }
    }

    /// The longest that the configuration allows, in days.
    #[must_use]
    pub fn longest(&self) -> Option<u32> {
        self.longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> Lifetime {
        let mut lifetime = Lifetime::days(90, None);
        for key in keys.chars() {
            if key == '<' {
                lifetime.take_digit();
            } else {
                lifetime.type_digit(key);
            }
        }
        lifetime
    }

    #[test]
    fn the_usual_times_come_one_after_the_other() {
        let mut lifetime = Lifetime::days(90, None);
        let mut seen = Vec::new();
        for up in [true, true, true, false, false, false, false] {
            assert_eq!(lifetime.change(up), Ok(()));
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
    fn from_a_typed_number_one_gets_to_the_next_usual_time() {
        let mut lifetime = typed("45");
        assert_eq!(lifetime.change(true), Ok(()));
        assert_eq!(lifetime.words(), "90 days");
        let mut lifetime = typed("45");
        assert_eq!(lifetime.change(false), Ok(()));
        assert_eq!(lifetime.words(), "30 days");
    }

    #[test]
    fn nothing_longer_than_the_organisation_allows_can_be_chosen() {
        let mut lifetime = Lifetime::days(365, Some(180));
        assert_eq!(lifetime.valid_days(), Ok(Some(180)));
        let why = lifetime.change(true);
        assert_eq!(
            why.map_err(|why| why.to_string()),
            Err("Your organisation allows at most 180 days.".to_owned())
        );
        assert_eq!(lifetime.words(), "180 days");
        assert_eq!(lifetime.change(false), Ok(()));
        assert_eq!(lifetime.words(), "90 days");
        for digit in "365".chars() {
            lifetime.type_digit(digit);
        }
        assert!(lifetime.valid_days().is_err());
        // From there one gets back to what is allowed.
        assert_eq!(lifetime.change(false), Ok(()));
        assert_eq!(lifetime.words(), "180 days");
        let mut short = Lifetime::days(90, Some(10));
        assert_eq!(short.change(false), Ok(()));
        assert_eq!(short.words(), "10 days");
    }
}
