//! *Custom*: Bitbucket's two scales. What Bitbucket would refuse cannot be chosen, and says why.

use crate::permission::{Level, Permissions, ScopeKind, refusal};

/// The chosen levels.
#[derive(Debug)]
pub(super) struct Scales {
    kind: ScopeKind,
    pub(super) project: Level,
    pub(super) repository: Level,
}

impl Scales {
    /// Begins with the least that git needs, whatever preset the cursor passed on its way.
    pub(super) fn new(kind: ScopeKind) -> Self {
        Self {
            kind,
            project: Level::Read,
            repository: Level::Write,
        }
    }

    /// Begins with this level on repositories, and with as little as goes with it on projects.
    pub(super) fn set(&mut self, level: Level) {
        self.repository = level;
        self.project = if level == Level::Admin {
            Level::Admin
        } else {
            Level::Read
        };
    }

    pub(super) fn permissions(&self) -> Permissions {
        Permissions::new(self.project_level(self.project), self.repository)
    }

    /// Why a project level cannot be chosen beside the current repository level.
    pub(super) fn project_refusal(&self, project: Level) -> Option<String> {
        refusal(self.kind, self.project_level(project), self.repository)
    }

    /// Why a repository level cannot be chosen beside the current project level.
    pub(super) fn repository_refusal(&self, repository: Level) -> Option<String> {
        refusal(self.kind, self.project_level(self.project), repository)
    }

    /// One level up or down; answers with the reason if Bitbucket would refuse it.
    pub(super) fn change_project(&mut self, up: bool) -> Option<String> {
        let target = neighbour(self.project, up)?;
        let refusal = self.project_refusal(target);
        if refusal.is_none() {
            self.project = target;
        }
        refusal
    }

    /// One level up or down; answers with the reason if Bitbucket would refuse it.
    pub(super) fn change_repository(&mut self, up: bool) -> Option<String> {
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
    fn no_way_through_the_scales_leads_to_a_combination_that_bitbucket_refuses() {
        for kind in [
            ScopeKind::Personal,
            ScopeKind::Project,
            ScopeKind::Repository,
        ] {
            let mut scales = Scales::new(kind);
            // Every sequence of eight steps.
            for sequence in 0..4_u32.pow(8) {
                let step = (sequence / 4_u32.pow(sequence % 8)) % 4;
                let refusal_said = match step {
                    0 => scales.change_project(false),
                    1 => scales.change_project(true),
                    2 => scales.change_repository(false),
                    _ => scales.change_repository(true),
                };
                let permissions = scales.permissions();
                assert_eq!(
                    refusal(kind, permissions.project, scales.repository),
                    None,
                    "after {refusal_said:?}"
                );
            }
        }
    }

    #[test]
    fn a_level_that_cannot_be_chosen_says_why() {
        let mut scales = Scales::new(ScopeKind::Project);
        assert_eq!(scales.change_project(true), None);
        let why = scales.change_project(true);
        assert!(why.is_some_and(|why| why.contains("at least Repository admin")));
        assert_eq!(scales.project, Level::Write);
    }
}
