//! What the cursor is on, and what the user may do there.

use super::Browse;
use super::levels::Levels;
use super::rows::{ProjectRow, RepositoryRow, Right};
use super::target::{SECURITY, UnderCursor};
use crate::bitbucket::{Project, Repository};
use crate::permission::Level;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::listing::Listed as _;
use crate::ui::place::Place;
use crate::ui::plain_copy::refuses_clone_command;
use crate::ui::route::Here;
use crate::ui::session::Session;

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
        let on = |place, opens| Some(UnderCursor { place, opens });
        if let Some(security) = &self.security {
            return on(security.place.clone(), "its tokens");
        }
        let Some(inside) = &self.inside else {
            return match self.projects.picker.current()? {
                ProjectRow::Account(user) => on(Place::Account(user.clone()), "your tokens"),
                ProjectRow::Found(repository) => {
                    on(Place::Repository((**repository).clone()), SECURITY)
                }
                ProjectRow::Project(project) => {
                    on(Place::Project((**project).clone()), "repositories")
                }
            };
        };
        match inside.repositories.picker.current()? {
            RepositoryRow::ProjectSettings => on(Place::Project(inside.project.clone()), SECURITY),
            RepositoryRow::Repository(repository) => {
                on(Place::Repository((**repository).clone()), SECURITY)
            }
        }
    }

    /// From where somebody asks which kind of token is right.
    pub(super) fn here(&self) -> Here {
        Here {
            place: self.target().map(|target| target.place),
            from_list: false,
        }
    }

    /// What the user may do in a place.
    pub(super) fn right(&self, place: &Place, session: &Session) -> Right {
        match place {
            Place::Account(_) => Right::Known(Level::Admin),
            Place::Project(project) => self.right_in_project(project, session),
            Place::Repository(repository) => self.right_on(repository, session),
        }
    }

    pub(super) fn right_in_project(&self, project: &Project, session: &Session) -> Right {
        let administered = session.rights.administers_project(&project.key);
        let level = administered.map(|it| if it { Level::Admin } else { Level::Read });
        if administered.is_none() && self.projects.failure().is_some() {
            return Right::NotAsked;
        }
        let is_awaited = self.projects.administers(&project.identity()).is_none()
            && self.projects.waits().iter().any(|wait| wait.is_pending());
        Right::of(level, is_awaited)
    }

    pub(super) fn right_on(&self, repository: &Repository, session: &Session) -> Right {
        let is_asking = match &self.inside {
            Some(inside) => inside.levels.is_asking(),
            None => {
                let levels = self.found_levels.as_ref();
                self.levels_due.is_some() || levels.is_some_and(Levels::is_asking)
            }
        };
        Right::of(session.rights.level(repository), is_asking)
    }

    /// Why no token can be created for what the cursor is on, whoever asks for it.
    pub(super) fn refuses_new(&self, session: &Session) -> Option<String> {
        let target = self.target()?;
        let server = session.server.as_ref();
        if let Some(reason) = server.and_then(|server| server.refuses_tokens(&target.place)) {
            return Some(reason);
        }
        self.security.as_ref()?.refuses_new()
    }

    /// Why there is no Security section for what the cursor is on.
    pub(super) fn refuses_security(&self) -> Option<String> {
        match (&self.security, self.target()) {
            (Some(_), _) => Some(format!(
                "This is the Security section: press {} for its tokens.",
                keymap::key(Mode::Browse, Action::Open)
            )),
            (None, None) => Some("Put the cursor on a project or a repository first.".to_owned()),
            (None, Some(_)) => None,
        }
    }

    /// Why there is no clone command for what the cursor is on.
    pub(super) fn refuses_clone_command(&self) -> Option<String> {
        match self.target() {
            Some(UnderCursor { place, .. }) => refuses_clone_command(&place),
            None => Some("Put the cursor on a repository first.".to_owned()),
        }
    }
}
