//! The pattern of the name that a new token is given.

/// What stands in braces, and what it becomes.
const PLACEHOLDERS: [&str; 4] = ["what", "user", "computer", "place"];

/// As long as nobody says otherwise.
pub const DEFAULT: &str = "{what} for {user} on {computer} {place}";

/// What is known about a token when its name is filled in.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// What the preset calls it: "git".
    pub what: &'a str,
    /// Who makes it.
    pub user: &'a str,
    /// On which computer.
    pub computer: &'a str,
    /// The key of the project or the slug of the repository; nothing for an account.
    pub place: Option<&'a str>,
}

/// Fills the pattern in: "git for alice on laptop (billing-api)".
#[must_use]
pub fn fill_in(pattern: &str, parts: Parts<'_>) -> String {
    let place = parts.place.map(|place| format!("({place})"));
    let values = [
        parts.what,
        parts.user,
        parts.computer,
        place.as_deref().unwrap_or_default(),
    ];
    let mut name = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        name.push_str(before);
        let Some((word, after)) = behind.split_once('}') else {
            rest = behind;
            break;
        };
        let index = PLACEHOLDERS.iter().position(|known| *known == word);
        name.push_str(index.map_or("", |index| values[index]));
        rest = after;
    }
    name.push_str(rest);
    // Where there is no place, no blank stands for it.
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether everything in braces is known.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        closed(before)?;
        let (word, after) = behind.split_once('}').ok_or("a { has no } behind it")?;
        if !PLACEHOLDERS.contains(&word) {
            return Err(super::error::unknown("placeholder", word, PLACEHOLDERS));
        }
        rest = after;
    }
    closed(rest)
}

fn closed(text: &str) -> Result<(), String> {
    if text.contains('}') {
        return Err("a } has no { before it".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_filled_in_and_leaves_no_gap_for_what_is_not_there() {
        let mut parts = Parts {
            what: "git",
            user: "alice",
            computer: "laptop",
            place: Some("billing-api"),
        };
        assert_eq!(
            fill_in(DEFAULT, parts),
            "git for alice on laptop (billing-api)"
        );
        parts.place = None;
        assert_eq!(fill_in(DEFAULT, parts), "git for alice on laptop");
        assert_eq!(fill_in("{user}/{what}", parts), "alice/git");
        // A name in braces is no placeholder of ours.
        parts.user = "{what}";
        assert_eq!(fill_in("{user}", parts), "{what}");
    }

    #[test]
    fn what_is_not_known_is_refused_with_a_suggestion() {
        assert_eq!(check(DEFAULT), Ok(()));
        assert_eq!(check("plain"), Ok(()));
        let why = check("{usr} x").err().unwrap_or_default();
        assert!(why.contains("did you mean `user`"), "{why}");
        assert!(check("{user").is_err());
        assert!(check("user}").is_err());
    }
}
