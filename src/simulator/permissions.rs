//! What a token may do: a level on each of two scales, and which of them go together.
//!
//! The server's own table, from the vendor's page on HTTP access tokens: it shares nothing with what
//! bbtoken believes, so that a wrong belief is refused here.

use crate::permission::Level::{self, Admin, Read, Write};

/// The levels of projects, each with the levels of repositories that go with it.
const TOGETHER: [(Level, &[Level]); 3] = [
    (Read, &[Read, Write, Admin]),
    (Write, &[Write, Admin]),
    (Admin, &[Admin]),
];

/// What a token was given.
#[derive(Debug, Clone, Default)]
pub(super) struct Permissions {
    pub(super) project: Option<Level>,
    pub(super) repository: Option<Level>,
    /// Names that are on neither scale.
    others: Vec<String>,
}

impl Permissions {
    /// Reads names such as `PROJECT_READ`. Of several on one scale the highest counts.
    pub(super) fn read<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let mut permissions = Self::default();
        for name in names {
            let name = name.as_ref();
            let on = |scale| Level::ALL.into_iter().find(|it| named(scale, *it) == name);
            if let Some(level) = on(PROJECT) {
                permissions.project = permissions.project.max(Some(level));
            } else if let Some(level) = on(REPOSITORY) {
                permissions.repository = permissions.repository.max(Some(level));
            } else {
                permissions.others.push(name.to_owned());
            }
        }
        permissions
    }

    /// The names, as they are sent.
    pub(super) fn names(&self) -> Vec<String> {
        let project = self.project.map(|level| named(PROJECT, level));
        let repository = self.repository.map(|level| named(REPOSITORY, level));
        let both = project.into_iter().chain(repository);
        both.chain(self.others.iter().cloned()).collect()
    }

    /// A name that this server does not know.
    pub(super) fn unknown(&self) -> Option<&str> {
        self.others.first().map(String::as_str)
    }

    /// Whether they go together. A scale that is left out is in nobody's way.
    pub(super) fn go_together(&self) -> bool {
        let (Some(project), Some(repository)) = (self.project, self.repository) else {
            return true;
        };
        let mut rows = TOGETHER.iter();
        rows.any(|(level, with)| *level == project && with.contains(&repository))
    }
}

const PROJECT: &str = "PROJECT";
const REPOSITORY: &str = "REPO";

fn named(scale: &str, level: Level) -> String {
    format!("{scale}_{}", level.word().to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_combinations_are_impossible() {
        for (names, wanted) in [
            (&["PROJECT_READ", "REPO_READ"][..], true),
            (&["PROJECT_READ", "REPO_ADMIN"], true),
            (&["PROJECT_WRITE", "REPO_WRITE"], true),
            (&["PROJECT_ADMIN", "REPO_ADMIN"], true),
            (&["PROJECT_ADMIN"], true),
            (&["REPO_WRITE"], true),
            (&["PROJECT_WRITE", "REPO_READ"], false),
            (&["PROJECT_ADMIN", "REPO_READ"], false),
            (&["PROJECT_ADMIN", "REPO_WRITE"], false),
        ] {
            let permissions = Permissions::read(names);
            assert_eq!(permissions.go_together(), wanted, "{names:?}");
            assert_eq!(permissions.names(), names);
        }
    }
}
