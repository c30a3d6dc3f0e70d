//! What the cursor is on, and what the user may do there.

use super::Browse;
use super::rows::{ProjectRow, RepositoryRow};
use crate::app::place::Place;
use crate::screen::tokens::refusal_at;

/// What the cursor is on.
pub(super) struct Target {
    pub(super) place: Place,
    /// Whether the user administers it, where that is known.
    pub(super) administered: Option<bool>,
}

impl Browse {
    pub(super) fn target(&self) -> Option<Target> {
        if let Some(security) = &self.security {
            return Some(Target {
                place: security.place.clone(),
                administered: None,
            });
        }
        let Some(inside) = &self.inside else {
            return match self.projects.picker.current()? {
                ProjectRow::Account(user) => Some(Target {
                    place: Place::Account(user.clone()),
                    administered: Some(true),
                }),
                ProjectRow::Project {
                    project,
                    administered,
                } => Some(Target {
                    place: Place::Project((**project).clone()),
                    administered: (*administered || self.projects.knows_administered())
                        .then_some(*administered),
                }),
            };
        };
        match inside.repositories.picker.current()? {
            RepositoryRow::ProjectSettings => Some(Target {
                place: Place::Project(inside.project.clone()),
                administered: inside.known_administered(&self.projects),
            }),
            RepositoryRow::Repository {
                repository,
                administered,
            } => Some(Target {
                place: Place::Repository((**repository).clone()),
                administered: (*administered || inside.repositories.knows_administered())
                    .then_some(*administered),
            }),
        }
    }

    /// Why no token can be created for what the cursor is on.
    #[must_use]
    pub fn refuses_new(&self) -> Option<String> {
        if let Some(security) = &self.security {
            return security.refuses_new();
        }
        let target = self.target()?;
        (target.administered == Some(false)).then(|| refusal_at(&target.place))
    }

    /// Why there is no Security section for what the cursor is on.
    #[must_use]
    pub fn refuses_security(&self) -> Option<String> {
        match (&self.security, self.target()) {
            (Some(_), _) => Some("This is the Security section: press enter.".to_owned()),
            (None, None) => Some("Put the cursor on a project or a repository first.".to_owned()),
            (None, Some(_)) => None,
        }
    }

    /// Why there is nothing to filter.
    #[must_use]
    pub fn refuses_filter(&self) -> Option<String> {
        let reason = "There is only one row here. Esc leads back to the lists.";
        self.security.as_ref().map(|_| reason.to_owned())
    }
}
