//! The rules: each floor may use the floors below it.

use std::fmt;

use super::modules::{House, Names};

/// The floors from the top to the bottom. A module may use those of the floors below, and none beside
/// it but those that [`NEIGHBOURS`] names.
const FLOORS: &[&[&str]] = &[
    &["main", "cli"],
    &["runtime", "app"],
    &["screen"],
    &["ui"],
    &["widget", "doctor"],
    &["operation"],
    &[
        "bitbucket",
        "git",
        "clipboard",
        "config",
        "state",
        "environment",
        "browser",
        "terminal",
        "theme",
        "secret_file",
    ],
    // The base, in two layers: what is said with the words below it.
    &["address", "preset", "tool", "logging", "when"],
    &["secret", "text", "clock", "permission", "private_file"],
];

/// Uses between neighbours that are right, with the reason.
const NEIGHBOURS: &[(&str, &str, &str)] = &[
    ("browser", "environment", SURROUNDINGS),
    ("config", "environment", SURROUNDINGS),
    ("git", "environment", SURROUNDINGS),
    ("secret_file", "environment", SURROUNDINGS),
    ("state", "environment", SURROUNDINGS),
    ("terminal", "environment", SURROUNDINGS),
    ("theme", "environment", SURROUNDINGS),
    (
        "git",
        "bitbucket",
        "git is not started where nobody can read the name of the proxy",
    ),
    ("config", "clipboard", "a setting is read into what it sets"),
    (
        "doctor",
        "widget",
        "a report is drawn as wide as the terminal",
    ),
    ("runtime", "app", "it performs what the model asks for"),
];

/// Variables and directories are told in one place, so that a test has surroundings of its own.
const SURROUNDINGS: &str = "where the surroundings are told";

/// What the simulator may use: it stands beside the house, and shares no rule with the client.
const SIMULATOR: &[&str] = &["secret", "text", "clock", "permission"];

/// And of `permission` nothing but the names of levels.
const LEVELS: &[&str] = &["permission", "Level"];

/// A use that the rules do not allow.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    from: String,
    to: String,
    rule: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} -> {}: {}", self.from, self.to, self.rule)
    }
}

/// Violations that stand for the time being. May only shrink.
pub(crate) struct Known {
    /// A module: what stands below it is meant too.
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    #[allow(dead_code, reason = "for whoever reads the list")]
    to_do: &'static str,
}

impl Known {
    pub(crate) fn is(&self, found: &Violation) -> bool {
        is_in(&found.from, self.from) && is_in(&found.to, self.to)
    }
}

/// Whether a path is that of a module, or of something below it.
fn is_in(path: &str, module: &str) -> bool {
    let below = path.strip_prefix(module);
    below.is_some_and(|below| below.is_empty() || below.starts_with("::"))
}

/// What is left to mend.
pub(crate) const KNOWN: &[Known] = &[];

/// Everything that is against the rules.
pub(crate) fn violations(house: &House) -> Vec<Violation> {
    let mut found = Vec::new();
    for (from, used) in house.uses() {
        for to in used {
            if let Some(rule) = broken(&from, &to) {
                found.push(Violation {
                    from: from.join("::"),
                    to: to.join("::"),
                    rule,
                });
            }
        }
        if from.first().is_some_and(|first| first == "simulator") {
            for path in house.paths(&from) {
                if path[0] == LEVELS[0] && !path.iter().zip(LEVELS).all(|(it, may)| it == may) {
                    found.push(Violation {
                        from: from.join("::"),
                        to: path.join("::"),
                        rule: "the simulator shares the names of levels, and no rule about them",
                    });
                }
            }
        }
        if from.first().is_some_and(|first| first == "operation") {
            for name in ["ratatui", "crossterm"] {
                if house.names_crate(&from, name) {
                    found.push(Violation {
                        from: from.join("::"),
                        to: name.to_owned(),
                        rule: "operations know no terminal",
                    });
                }
            }
        }
    }
    found
}

/// The rule that a use breaks.
fn broken(from: &Names, to: &Names) -> Option<&'static str> {
    let (above, below) = (from.first()?, to.first()?);
    if above == "simulator" {
        let may = below == "simulator" || SIMULATOR.contains(&below.as_str());
        return (!may).then_some("the simulator shares no rule with the client");
    }
    if below == "simulator" {
        let may = matches!(above.as_str(), "cli" | "main");
        return (!may).then_some("the simulator stands beside the house");
    }
    if above == "screen" && below == "screen" {
        // `screen.rs` itself opens them.
        let is_other = from.len() > 1 && to.get(1) != from.get(1);
        return is_other.then_some("screens do not know each other: ask for a Route");
    }
    if matches!(above.as_str(), "app" | "runtime" | "cli") && below == "screen" && to.len() > 1 {
        return Some("single screens are known to screen::open alone");
    }
    if above == below {
        return None;
    }
    let (Some(above_floor), Some(below_floor)) = (floor(above), floor(below)) else {
        return Some("it stands on no floor: name it in FLOORS");
    };
    if above_floor < below_floor {
        return None;
    }
    if above_floor > below_floor {
        return Some("a lower floor may not know a higher one");
    }
    let is_neighbour = NEIGHBOURS
        .iter()
        .any(|(one, other, _)| one == above && other == below);
    (!is_neighbour).then_some("neighbours know each other only where NEIGHBOURS says why")
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&name))
}
