//! What a new token is to be, before anybody is asked to create it: its name, its levels, its days.

mod levels;
mod lifetime;
mod proposal;
mod rights;

pub use self::levels::Levels;
pub use self::lifetime::{DaysError, Lifetime};
pub use self::proposal::Proposal;
pub use self::rights::{RightsError, permissions};
use crate::config::Config;
use crate::config::token_name::{self, Parts};
use crate::preset::Preset;

/// The longest name. How many characters real servers take is not documented; the database column
/// of other names has 255.
pub const LONGEST_NAME: usize = 255;

/// A blank and the highest number that tells namesakes apart.
const NUMBER: usize = 3;
const LAST_NUMBER: usize = 99;

/// What a token is called for that no preset is chosen.
const USUAL_WORD: &str = "token";
/// How long a token works where no preset says otherwise.
pub const USUAL_DAYS: u32 = 90;

/// Why a token cannot be called this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameError {
    /// There is no name.
    Missing,
    /// It has so many characters.
    TooLong(usize),
}

/// The name as Bitbucket is asked for it, without blanks around it.
///
/// # Errors
/// [`NameError`].
pub fn check_name(name: &str) -> Result<&str, NameError> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err(NameError::Missing),
        length if length > LONGEST_NAME => Err(NameError::TooLong(length)),
        _ => Ok(name),
    }
}

/// Who will use a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UsedBy {
    /// Git on this computer.
    Git,
    /// A tool, by its name.
    Tool(String),
}

impl UsedBy {
    /// Whether a tool will use it.
    #[must_use]
    pub fn is_tool(&self) -> bool {
        matches!(self, Self::Tool(_))
    }
}

/// Who makes a token, and where.
#[derive(Debug, Clone, Copy)]
pub struct Maker<'a> {
    /// The user name.
    pub user: &'a str,
    /// The name of this computer.
    pub computer: &'a str,
    /// What [`token_suffix`](super::place::Place::token_suffix) says of the place.
    pub place: Option<&'a str>,
}

/// Who, where and what for: "git for alice on laptop (billing-api)", or "Jenkins billing-api" for a tool;
/// with a number behind it where one of that name is there already.
#[must_use]
pub fn name(
    config: &Config,
    preset: Option<&Preset>,
    used_by: &UsedBy,
    maker: Maker<'_>,
    taken: &[String],
) -> String {
    let Maker {
        user,
        computer,
        place,
    } = maker;
    let (pattern, tool) = match used_by {
        UsedBy::Git => (&config.token_name, ""),
        UsedBy::Tool(tool) => (&config.tool_token_name, tool.as_str()),
    };
    let parts = Parts {
        what: preset.map_or(USUAL_WORD, |preset| preset.token_name.as_str()),
        user,
        computer,
        tool,
        place,
    };
    let name = token_name::fill_in(pattern, parts);
    let name: String = name.chars().take(LONGEST_NAME - NUMBER).collect();
    let numbered = (2..=LAST_NUMBER).map(|number| format!("{name} {number}"));
    let mut names = std::iter::once(name.clone()).chain(numbered);
    names.find(|name| !taken.contains(name)).unwrap_or(name)
}

/// How long the token is to work unless somebody says otherwise.
#[must_use]
pub fn lifetime(config: &Config, preset: Option<&Preset>) -> Lifetime {
    let of_preset = preset.map(|preset| preset.expiry_days);
    let days = config.expiry_days.or(of_preset).unwrap_or(USUAL_DAYS);
    Lifetime::days(days, config.longest_expiry_days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namesakes_are_numbered_and_the_number_fits() {
        let maker = Maker {
            user: "alice",
            computer: "laptop",
            place: Some("x"),
        };
        let mut config = Config::default();
        let mut taken = Vec::new();
        for wanted in [
            "token for alice on laptop (x)",
            "token for alice on laptop (x) 2",
            "token for alice on laptop (x) 3",
        ] {
            let name = name(&config, None, &UsedBy::Git, maker, &taken);
            assert_eq!(name, wanted);
            taken.push(name);
        }
        config.token_name = "n".repeat(400);
        let first = name(&config, None, &UsedBy::Git, maker, &taken);
        let second = name(
            &config,
            None,
            &UsedBy::Git,
            maker,
            std::slice::from_ref(&first),
        );
        assert_ne!(first, second);
        assert_eq!(check_name(&second), Ok(&*second));
    }

    #[test]
    fn a_name_that_is_none_or_too_long_is_refused() {
        assert_eq!(check_name(" \t"), Err(NameError::Missing));
        assert_eq!(check_name(" a b "), Ok("a b"));
        assert_eq!(check_name(&"ä".repeat(256)), Err(NameError::TooLong(256)));
    }
}
