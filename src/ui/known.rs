//! Whom and which tokens this run knows of, so that share mode can hide them.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use super::keymap::BINDINGS;
use crate::bitbucket::Named;

/// A part of a name that is shorter says nothing.
const SHORTEST_PART: usize = 2;

/// Everybody of whom the server or this computer has told, and the names of tokens in lists.
#[derive(Debug, Default)]
pub struct Known {
    people: BTreeSet<String>,
    /// By which those are called: whole names and their parts.
    called: BTreeSet<String>,
    tokens: BTreeSet<String>,
}

impl Known {
    /// Takes in whom an answer names.
    pub fn take(&mut self, named: Named) {
        for name in named.people {
            self.add_person(&name);
        }
        self.tokens.extend(named.tokens);
    }

    /// Somebody whom this computer knows: who uses it, who has signed in before.
    pub fn add_person(&mut self, name: &str) {
        if self.people.insert(name.to_owned()) {
            self.called.insert(name.to_owned());
            self.called.extend(parts(name));
        }
    }

    /// Everything by which people are called: whole names and their parts.
    pub fn people(&self) -> impl Iterator<Item = &String> {
        self.called.iter()
    }

    /// The names of tokens.
    pub fn tokens(&self) -> impl Iterator<Item = &String> {
        self.tokens.iter()
    }
}

/// First name, last name, the part of a mail address that names somebody. What stands in brackets says
/// what somebody is, and a word that the program itself uses tells nobody's name.
fn parts(name: &str) -> Vec<String> {
    let name = name.split('@').next().unwrap_or(name);
    let mut words = vec![name.to_owned()];
    let remark = name.find(['(', '[', '<']).unwrap_or(name.len());
    let separators = |letter: char| letter.is_whitespace() || ".,_-/".contains(letter);
    words.extend(name[..remark].split(separators).map(str::to_owned));
    words.push(name[..remark].trim().to_owned());
    words.retain(|word| word.chars().count() >= SHORTEST_PART && !is_ours(word));
    words
}

/// The words of the key table.
static OURS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let texts = BINDINGS.iter().flat_map(|it| [it.help, it.label]);
    let words = texts.flat_map(|text| text.split(|letter: char| !letter.is_alphanumeric()));
    words.map(str::to_lowercase).collect()
});

fn is_ours(word: &str) -> bool {
    OURS.contains(&word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_names_are_names_and_remarks_are_not() {
        let mut known = Known::default();
        for name in [
            "maria.lopez@nordwind.example",
            "Build Agent (technical user)",
            "佐藤 健二",
            "x",
            "Token Master",
        ] {
            known.add_person(name);
        }
        let people: Vec<_> = known.people().cloned().collect();
        for name in [
            "maria.lopez@nordwind.example",
            "maria.lopez",
            "maria",
            "lopez",
            "Build Agent",
            "Agent",
            "佐藤",
            "x",
            "Token Master",
            "Master",
        ] {
            assert!(people.iter().any(|it| it == name), "{name}: {people:?}");
        }
        for name in ["nordwind", "example", "technical", "user", "Token"] {
            assert!(!people.iter().any(|it| it == name), "{name}");
        }
    }
}
