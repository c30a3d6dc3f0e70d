//! The two levels of a token that follows no preset. What Bitbucket would refuse cannot be chosen, and
//! says why.

use crate::permission::{Level, Permissions, ScopeKind, refusal};

/// The chosen levels.
#[derive(Debug)]
pub struct Levels {
    kind: ScopeKind,
    /// The project level, which a repository token does not have.
    pub project: Level,
    /// The repository level.
    pub repository: Level,
}

impl Levels {
    /// The least that git needs.
    #[must_use]
    pub fn new(kind: ScopeKind) -> Self {
        Self {
            kind,
            project: Level::Read,
            repository: Level::Write,
        }
    }

    /// Those of a token, as far as they are known; the least where they are not.
    #[must_use]
    pub fn of(kind: ScopeKind, permissions: &Permissions) -> Self {
        Self {
            kind,
            project: permissions.project.unwrap_or(Level::Read),
            repository: permissions.repository.unwrap_or(Level::Read),
        }
    }

    /// This level on repositories, and as little as goes with it on projects.
    pub fn set(&mut self, level: Level) {
        self.repository = level;
        self.project = if level == Level::Admin {
            Level::Admin
        } else {
            Level::Read
        };
    }

    /// What these levels let a token do.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        Permissions::new(self.project_level(self.project), self.repository)
    }

    /// Why a project level cannot be chosen beside the current repository level.
    #[must_use]
    pub fn project_refusal(&self, project: Level) -> Option<String> {
        refusal(self.kind, self.project_level(project), self.repository)
    }

    /// Why a repository level cannot be chosen beside the current project level.
    #[must_use]
    pub fn repository_refusal(&self, repository: Level) -> Option<String> {
        refusal(self.kind, self.project_level(self.project), repository)
    }

    /// One level up or down; answers with the reason if Bitbucket would refuse it.
    pub fn change_project(&mut self, up: bool) -> Option<String> {
        let target = neighbour(self.project, up)?;
        let refusal = self.project_refusal(target);
        if refusal.is_none() {
            self.project = target;
        }
        refusal
    }

    /// One level up or down; answers with the reason if Bitbucket would refuse it.
    pub fn change_repository(&mut self, up: bool) -> Option<String> {
        let target = neighbour(self.repository, up)?;
        let refusal = self.repository_refusal(target);
        if refusal.is_none() {
            self.repository = target;
        }
        refusal
    }

    fn project_level(&self, level: Level) -> Option<Level> {
        (self.kind != ScopeKind::Repository).then_some(level)
    }
}

fn neighbour(level: Level, up: bool) -> Option<Level> {
    let place = Level::ALL.iter().position(|other| *other == level)?;
    let target = place.checked_add_signed(if up { 1 } else { -1 })?;
    Level::ALL.get(target).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_way_through_the_levels_leads_to_a_combination_that_bitbucket_refuses() {
        for kind in [
            ScopeKind::Personal,
            ScopeKind::Project,
            ScopeKind::Repository,
        ] {
            let mut levels = Levels::new(kind);
            // Every sequence of eight steps.
            for sequence in 0..4_u32.pow(8) {
                let step = (sequence / 4_u32.pow(sequence % 8)) % 4;
                let refusal_said = match step {
                    0 => levels.change_project(false),
                    1 => levels.change_project(true),
                    2 => levels.change_repository(false),
                    _ => levels.change_repository(true),
                };
                let permissions = levels.permissions();
                assert_eq!(
                    refusal(kind, permissions.project, levels.repository),
                    None,
                    "after {refusal_said:?}"
                );
            }
        }
    }

    #[test]
    fn a_level_that_cannot_be_chosen_says_why() {
        let mut levels = Levels::new(ScopeKind::Project);
        assert_eq!(levels.change_project(true), None);
        let why = levels.change_project(true);
        assert!(why.is_some_and(|why| why.contains("at least Repository admin")));
        assert_eq!(levels.project, Level::Write);
    }
}
