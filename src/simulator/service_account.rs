//! The technical accounts as which the tokens of projects and repositories act.

use super::token::TokenHome;
use super::world::{ProjectId, RepositoryId, UserId, World};

/// The account of a project's or repository's tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ServiceAccount {
    place: Home,
    /// The number of the project or repository.
    number: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Home {
    Project(ProjectId),
    Repository(RepositoryId),
}

impl ServiceAccount {
    /// As whom tokens of this scope act.
    ///
    /// # Errors
    /// The user whose personal tokens they are.
    pub(super) fn of(scope: TokenHome, world: &World) -> Result<Self, UserId> {
        match scope {
            TokenHome::User(owner) => Err(owner),
            TokenHome::Project(id) => Ok(Self {
                place: Home::Project(id),
                number: world.project(id).id,
            }),
            TokenHome::Repository(id) => Ok(Self {
                place: Home::Repository(id),
                number: world.repository(id).id,
            }),
        }
    }

    /// By the slug that stands in addresses.
    pub(super) fn by_slug(slug: &str, world: &World) -> Option<Self> {
        let projects = (0..world.projects.len()).map(|id| TokenHome::Project(ProjectId(id)));
        let repositories =
            (0..world.repositories.len()).map(|id| TokenHome::Repository(RepositoryId(id)));
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
            Home::Project(id) => &world.project(id).name,
            Home::Repository(id) => &world.repository(id).name,
        };
        format!("Access Token User - {place}")
    }

    /// As in `X-AUSERID`.
    pub(super) fn id(self) -> u64 {
        u64::from(self.kind()) * 1_000_000 + u64::from(self.number)
    }

    fn kind(self) -> u32 {
        match self.place {
            Home::Project(_) => 1,
            Home::Repository(_) => 2,
        }
    }
}
