//! What the cursor is on, and what the user may do there.

use super::Browse;
use super::rows::{ProjectRow, RepositoryRow};
use super::target::{SECURITY, UnderCursor};
use crate::bitbucket::Project;
use crate::ui::place::Place;
use crate::ui::route::Here;
use crate::ui::session::Session;
use crate::ui::token_list::refusal_at;

impl Browse {
    /// Whether git over HTTP is switched off is known from repositories alone, and matters for every token.
    pub(super) fn note_http(&self, session: &mut Session) {
        if let Some(UnderCursor { place, .. }) = self.target()
            && let Place::Repository(repository) = &place
        {
            session.no_http = place.has_no_http().then(|| repository.name.clone());
        }
    }

    pub(super) fn target(&self) -> Option<UnderCursor> {
        if let Some(security) = &self.security {
            return Some(UnderCursor {
                place: security.place.clone(),
                administered: None,
                opens: "its tokens",
            });
        }
        let Some(inside) = &self.inside else {
            return match self.projects.picker.current()? {
                ProjectRow::Account(user) => Some(UnderCursor {
                    place: Place::Account(user.clone()),
                    administered: Some(true),
                    opens: "your tokens",
                }),
                ProjectRow::Found(repository) => Some(UnderCursor {
                    place: Place::Repository((**repository).clone()),
                    administered: self.administers(&repository.project).then_some(true),
                    opens: SECURITY,
                }),
                ProjectRow::Project {
                    project,
                    administered,
                } => Some(UnderCursor {
                    place: Place::Project((**project).clone()),
                    administered: (*administered || self.projects.knows_administered())
                        .then_some(*administered),
                    opens: "repositories",
                }),
            };
        };
        match inside.repositories.picker.current()? {
            RepositoryRow::ProjectSettings => Some(UnderCursor {
                place: Place::Project(inside.project.clone()),
                administered: inside.known_administered(&self.projects),
                opens: SECURITY,
            }),
            RepositoryRow::Repository {
                repository,
                administered,
            } => Some(UnderCursor {
                place: Place::Repository((**repository).clone()),
                administered: (*administered || inside.repositories.knows_administered())
                    .then_some(*administered),
                opens: SECURITY,
            }),
        }
    }

    /// From where somebody asks which kind of token is right.
    pub(super) fn here(&self, session: &Session) -> Here {
        let target = self.target();
        let (place, known) = match target {
            Some(target) => (Some(target.place), target.administered),
            None => (None, None),
        };
        let is_refused = self.refuses_new(session).is_some();
        let administered = if is_refused { Some(false) } else { known };
        let project_administered = match (&place, &self.inside) {
            (Some(Place::Project(_)), _) => administered,
            (Some(Place::Repository(_)), Some(inside)) => inside.known_administered(&self.projects),
            (Some(Place::Repository(repository)), None) => {
                self.administers(&repository.project).then_some(true)
            }
            _ => None,
        };
        Here {
            place,
            administered,
            project_administered,
            from_list: false,
        }
    }

    /// Whether the project is known to be one that the user administers.
    pub(super) fn administers(&self, wanted: &Project) -> bool {
        self.projects.picker.rows().iter().any(|row| match row {
            ProjectRow::Project {
                project,
                administered,
            } => *administered && project.key == wanted.key,
            _ => false,
        })
    }

    /// Why no token can be created for what the cursor is on.
    pub(super) fn refuses_new(&self, session: &Session) -> Option<String> {
        let target = self.target()?;
        let server = session.server.as_ref();
        if let Some(reason) = server.and_then(|server| server.refuses_tokens(&target.place)) {
            return Some(reason);
        }
        if let Some(security) = &self.security {
            return security.refuses_new();
        }
        (target.administered == Some(false)).then(|| refusal_at(&target.place))
    }

    /// Why there is no Security section for what the cursor is on.
    pub(super) fn refuses_security(&self) -> Option<String> {
        match (&self.security, self.target()) {
            (Some(_), _) => Some("This is the Security section: press enter.".to_owned()),
            (None, None) => Some("Put the cursor on a project or a repository first.".to_owned()),
            (None, Some(_)) => None,
        }
    }

    /// Why there is nothing to filter.
    pub(super) fn refuses_filter(&self) -> Option<String> {
        let reason = "There is only one row here. Esc leads back to the lists.";
        self.security.as_ref().map(|_| reason.to_owned())
    }
}
