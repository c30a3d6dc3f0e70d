//! Whose an HTTP access token is.

use super::base_url::BaseUrl;
use crate::permission::ScopeKind;

/// What a token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// A user, by slug.
    Personal {
        /// The slug, see [`crate::bitbucket::User::slug`].
        user: String,
    },
    /// A project.
    Project {
        /// Such as `PLAT`.
        key: String,
    },
    /// A repository.
    Repository {
        /// The key of its project, such as `PLAT` or `~alice`.
        project: String,
        /// Its slug.
        slug: String,
    },
}

impl Scope {
    /// Which of the three it is.
    #[must_use]
    pub fn kind(&self) -> ScopeKind {
        match self {
            Self::Personal { .. } => ScopeKind::Personal,
            Self::Project { .. } => ScopeKind::Project,
            Self::Repository { .. } => ScopeKind::Repository,
        }
    }

    /// What goes into the name of a token: nothing for a user, the key of a project, the slug of a
    /// repository.
    #[must_use]
    pub fn suffix(&self) -> Option<&str> {
        match self {
            Self::Personal { .. } => None,
            Self::Project { key } => Some(key),
            Self::Repository { slug, .. } => Some(slug),
        }
    }
}

impl BaseUrl {
    /// The web page on which tokens are made; without a scope the personal ones of whoever is signed
    /// in there. (The addresses are those that Bitbucket's own pages link to; since version 5.5.)
    #[must_use]
    pub fn tokens_page(&self, scope: Option<&Scope>) -> String {
        let mut path = vec!["plugins", "servlet", "access-tokens"];
        match scope {
            None => {}
            Some(Scope::Personal { user }) => path.extend(["users", user]),
            Some(Scope::Project { key }) => path.extend(["projects", key]),
            Some(Scope::Repository { project, slug }) => {
                path.extend(["projects", project, "repos", slug]);
            }
        }
        path.push("manage");
        self.page(&path)
    }
}
