//! The pattern of the name that a new token is given.

/// What can stand in braces in the name of a token that a person uses.
pub const OF_A_PERSON: &[&str] = &["what", "user", "computer", "place"];
/// The same for a tool, whose token outlives the person and the computer that made it.
pub const OF_A_TOOL: &[&str] = &["what", "tool", "place"];

/// As long as nobody says otherwise.
pub const DEFAULT: &str = "{what} for {user} on {computer} ({place})";
/// The same for a tool.
pub const DEFAULT_FOR_TOOL: &str = "{tool} {place}";

/// What is known about a token when its name is filled in.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// What the preset calls it: "git".
    pub what: &'a str,
    /// Who makes it.
    pub user: &'a str,
    /// On which computer.
    pub computer: &'a str,
    /// The tool that will use it; empty for a person's.
    pub tool: &'a str,
    /// The key of the project or the slug of the repository; nothing for an account.
    pub place: Option<&'a str>,
}

/// Fills the pattern in: "git for alice on laptop (billing-api)".
#[must_use]
pub fn fill_in(pattern: &str, parts: Parts<'_>) -> String {
    let value = |word: &str| match word {
        "what" => parts.what,
        "user" => parts.user,
        "computer" => parts.computer,
        "tool" => parts.tool,
        "place" => parts.place.unwrap_or_default(),
        _ => "",
    };
    let mut name = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        name.push_str(before);
        let Some((word, after)) = behind.split_once('}') else {
            rest = behind;
            break;
        };
        name.push_str(value(word));
        rest = after;
    }
    name.push_str(rest);
    // Where there is no place, neither brackets nor a blank stand for it.
    let name = name.replace("()", "");
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether everything in braces is known.
pub(super) fn check(pattern: &str, known: &[&'static str]) -> Result<(), String> {
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('{') {
        closed(before)?;
        let (word, after) = behind.split_once('}').ok_or("a { has no closing }")?;
        if !known.contains(&word) {
            let known = known.iter().copied();
            return Err(super::error::unknown("placeholder", word, known));
        }
        rest = after;
    }
    closed(rest)
}

fn closed(text: &str) -> Result<(), String> {
    if text.contains('}') {
        return Err("a } has no opening {".to_owned());
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
            tool: "Jenkins",
            place: Some("billing-api"),
        };
        assert_eq!(
            fill_in(DEFAULT, parts),
            "git for alice on laptop (billing-api)"
        );
        assert_eq!(fill_in(DEFAULT_FOR_TOOL, parts), "Jenkins billing-api");
        parts.place = None;
        assert_eq!(fill_in(DEFAULT_FOR_TOOL, parts), "Jenkins");
        assert_eq!(fill_in(DEFAULT, parts), "git for alice on laptop");
        assert_eq!(fill_in("{user}/{what}", parts), "alice/git");
        // A name in braces is no placeholder of ours.
        parts.user = "{what}";
        assert_eq!(fill_in("{user}", parts), "{what}");
    }

    #[test]
    fn what_is_not_known_is_refused_with_a_suggestion() {
        assert_eq!(check(DEFAULT, OF_A_PERSON), Ok(()));
        assert_eq!(check("plain", OF_A_PERSON), Ok(()));
        let why = check("{usr} x", OF_A_PERSON).err().unwrap_or_default();
        assert!(why.contains("did you mean `user`"), "{why}");
        assert!(check("{user", OF_A_PERSON).is_err());
        assert!(check("user}", OF_A_PERSON).is_err());
    }

    #[test]
    fn a_tool_s_token_is_never_named_after_a_person_or_a_computer() {
        assert_eq!(check(DEFAULT_FOR_TOOL, OF_A_TOOL), Ok(()));
        for pattern in ["{tool} of {user}", "{tool} on {computer}"] {
            assert!(check(pattern, OF_A_TOOL).is_err(), "{pattern}");
        }
    }
}
