//! One line of an entry.

use serde::{Deserialize, Serialize};

use super::{Asked, Because, OldToken, Step};
use crate::bitbucket::Scope;
use crate::text::clean;

/// As it stands in the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    Asked(AskedLine),
    Made { id: String },
    Had,
    NotHad,
    InPlace,
    NotShown,
    Revoked { because: Because },
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AskedLine {
    server: String,
    user: String,
    /// The slug of whoever a personal token belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    project: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repository: Option<String>,
    name: String,
    time: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaces: Option<OldToken>,
}

impl Line {
    pub(super) fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(super) fn asked(asked: &Asked) -> Self {
        let (account, project, repository) = match asked.scope.clone() {
            Scope::Personal { user } => (Some(user), None, None),
            Scope::Project { key } => (None, Some(key), None),
            Scope::Repository { project, slug } => (None, Some(project), Some(slug)),
        };
        Self::Asked(AskedLine {
            server: asked.server.clone(),
            user: asked.user.clone(),
            account,
            project,
            repository,
            name: asked.name.clone(),
            time: asked.time.to_string(),
            replaces: asked.replaces.clone(),
        })
    }

    pub(super) fn step(step: Step) -> Self {
        match step {
            Step::Made(id) => Self::Made { id },
            Step::Had => Self::Had,
            Step::NotHad => Self::NotHad,
            Step::InPlace => Self::InPlace,
            Step::NotShown => Self::NotShown,
            Step::Revoked(because) => Self::Revoked { because },
        }
    }

    pub(super) fn into_step(self) -> Option<Step> {
        match self {
            Self::Asked(_) => None,
            Self::Made { id } => Some(Step::Made(id)),
            Self::Had => Some(Step::Had),
            Self::NotHad => Some(Step::NotHad),
            Self::InPlace => Some(Step::InPlace),
            Self::NotShown => Some(Step::NotShown),
            Self::Revoked { because } => Some(Step::Revoked(because)),
        }
    }

    /// Somebody may have written into the file, so it is cleaned.
    pub(super) fn into_asked(self) -> Option<Asked> {
        let Self::Asked(asked) = self else {
            return None;
        };
        let scope = match (asked.account, asked.project, asked.repository) {
            (Some(user), None, None) => Scope::Personal { user: clean(&user) },
            (None, Some(key), None) => Scope::Project { key: clean(&key) },
            (None, Some(project), Some(slug)) => Scope::Repository {
                project: clean(&project),
                slug: clean(&slug),
            },
            _ => return None,
        };
        Some(Asked {
            server: asked.server,
            user: asked.user,
            scope,
            name: clean(&asked.name),
            time: asked.time.parse().ok()?,
            replaces: asked.replaces.map(|old| OldToken {
                id: clean(&old.id),
                name: clean(&old.name),
            }),
        })
    }
}
