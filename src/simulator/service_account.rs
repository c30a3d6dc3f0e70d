//! The technical accounts as which the tokens of projects and repositories act.

use super::token::Scope;
use super::world::{ProjectId, RepositoryId, UserId, World};

/// The account of a project's or repository's tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ServiceAccount {
    place: Place,
    /// The number of the project or repository.
    number: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Project(ProjectId),
    Repository(RepositoryId),
}

impl ServiceAccount {
    /// As whom tokens of this scope act.
    ///
    /// # Errors
    /// The user whose personal tokens they are.
    pub(super) fn of(scope: Scope, world: &World) -> Result<Self, UserId> {
        match scope {
            Scope::User(owner) => Err(owner),
            Scope::Project(id) => Ok(Self {
                place: Place::Project(id),
                number: world.project(id).id,
            }),
            Scope::Repository(id) => Ok(Self {
                place: Place::Repository(id),
                number: world.repository(id).id,
            }),
        }
    }

    /// By the slug that stands in addresses.
    pub(super) fn by_slug(slug: &str, world: &World) -> Option<Self> {
        let projects = (0..world.projects.len()).map(|id| Scope::Project(ProjectId(id)));
        let repositories =
            (0..world.repositories.len()).map(|id| Scope::Repository(RepositoryId(id)));
        projects
            .chain(repositories)
            .filter_map(|scope| Self::of(scope, world).ok())
            .find(|account| account.slug() == slug)
    }

    /// `access-token-user/2/12`, as in `X-AUSERNAME`.
    pub(super) fn name(self) -> String {
        format!("access-token-user/{}/{}", self.kind(), self.number)
    }

    pub(super) fn slug(self) -> String {
        self.name().replace('/', "_")
    }

    pub(super) fn display_name(self, world: &World) -> String {
        let place = match self.place {
            Place::Project(id) => &world.project(id).name,
            Place::Repository(id) => &world.repository(id).name,
        };
        format!("Access Token User - {place}")
    }

    /// As in `X-AUSERID`.
    pub(super) fn id(self) -> u64 {
        u64::from(self.kind()) * 1_000_000 + u64::from(self.number)
    }

    fn kind(self) -> u32 {
        match self.place {
            Place::Project(_) => 1,
            Place::Repository(_) => 2,
        }
    }
}
