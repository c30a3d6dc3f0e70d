//! Who may do what: the one place where permissions, scopes and owners are weighed.
//!
//! A token may do what its own levels, the place it was made for, and (for a personal token) its
//! owner allow, all three. Its technical account counts as nobody else.

use super::auth::Caller;
use super::token::{TokenHome, TokenPower};
use super::world::{ProjectId, RepositoryId, UserId, World};
use crate::permission::Level;

impl World {
    /// The caller's level on the project scale; `None` without one.
    pub(super) fn project_level(&self, caller: &Caller, id: ProjectId) -> Option<Level> {
        let public = self.project(id).public.then_some(Level::Read);
        let own = match caller {
            Caller::Anonymous => None,
            Caller::User { user, .. } => self.users_project_level(*user, id),
            Caller::Application(grant) => {
                self.users_project_level(grant.user, id).min(grant.project)
            }
            Caller::Token(token) => match token.scope {
                TokenHome::User(owner) => self.users_project_level(owner, id).min(token.project),
                TokenHome::Project(project) if project == id => token.project,
                TokenHome::Project(_) | TokenHome::Repository(_) => None,
            },
        };
        own.max(public)
    }

    /// The caller's level on the repository scale; `None` means not even reading.
    pub(super) fn repository_level(&self, caller: &Caller, id: RepositoryId) -> Option<Level> {
        let repository = self.repository(id);
        let public = repository.public || self.project(repository.project).public;
        let own = match caller {
            Caller::Anonymous => None,
            Caller::User { user, .. } => self.users_repository_level(*user, id),
            Caller::Application(grant) => self
                .users_repository_level(grant.user, id)
                .min(grant.repository),
            Caller::Token(token) => match token.scope {
                TokenHome::User(owner) => {
                    self.users_repository_level(owner, id).min(token.repository)
                }
                TokenHome::Project(project) if project == repository.project => token.repository,
                TokenHome::Repository(only) if only == id => token.repository,
                TokenHome::Project(_) | TokenHome::Repository(_) => None,
            },
        };
        own.max(public.then_some(Level::Read))
    }

    /// Whether the project shows up for the caller: Bitbucket's `PROJECT_VIEW`, which whoever may
    /// read one of its repositories has too.
    pub(super) fn may_view(&self, caller: &Caller, id: ProjectId) -> bool {
        self.project_level(caller, id).is_some()
            || self
                .project(id)
                .repositories
                .iter()
                .any(|repository| self.repository_level(caller, *repository).is_some())
    }

    /// Whether the caller administers the server. No token does: "Tokens may not have the
    /// following permission: ADMIN".
    pub(super) fn administers(&self, caller: &Caller) -> bool {
        matches!(caller, Caller::User { user, .. } if self.user(*user).administrator)
    }

    fn users_project_level(&self, user: UserId, id: ProjectId) -> Option<Level> {
        let project = self.project(id);
        if self.user(user).administrator || project.owner == Some(user) {
            return Some(Level::Admin);
        }
        project.grants.get(&user).copied().max(project.everyone)
    }

    fn users_repository_level(&self, user: UserId, id: RepositoryId) -> Option<Level> {
        let repository = self.repository(id);
        self.users_project_level(user, repository.project)
            .max(repository.grants.get(&user).copied())
    }
}

impl TokenPower {
    /// The person whom the token speaks for; project and repository tokens speak for nobody.
    pub(super) fn owner(&self) -> Option<UserId> {
        match self.scope {
            TokenHome::User(owner) => Some(owner),
            TokenHome::Project(_) | TokenHome::Repository(_) => None,
        }
    }
}
