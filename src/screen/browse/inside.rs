//! A project whose repositories are shown.

use super::rows::RepositoryRow;
use crate::bitbucket::{Client, Destination, Project, Repository};
use crate::ui::context::Context;
use crate::ui::listing::{Listed, Listing, PageSource};
use crate::ui::reply::Reply;
use crate::ui::session::Session;

/// A project whose repositories are shown.
#[derive(Debug)]
pub(super) struct Inside {
    pub(super) project: Project,
    pub(super) administered: bool,
    pub(super) repositories: Listing<Repository>,
    /// The cursor has not been moved yet: put it on the first repository when that comes.
    pub(super) is_fresh: bool,
}

impl Inside {
    pub(super) fn new(project: Project, administered: bool) -> Self {
        // Whoever administers a project administers all its repositories: nothing to ask for.
        let key = project.key.clone();
        let first = (!administered).then(|| {
            let key = key.clone();
            PageSource::new(move |client: &Client| client.administered_repositories(&key))
        });
        let all = PageSource::new(move |client: &Client| client.repositories(&key));
        let mut repositories = Listing::new(first, all, || vec![RepositoryRow::ProjectSettings]);
        repositories.others_are_administered = administered;
        Self {
            project,
            administered,
            repositories,
            is_fresh: true,
        }
    }

    /// Takes in an answer, if it is one to it.
    pub(super) fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        self.repositories.reply(reply, cx);
        self.settle_cursor();
    }

    /// Puts the cursor on this repository as soon as it comes.
    pub(super) fn seek(&mut self, repository: &Repository) {
        self.is_fresh = false;
        self.repositories.seek(repository.identity());
    }

    /// Puts the cursor on the repository where the user was the last time, if it is in this project.
    pub(super) fn seek_last(&mut self, session: &Session) {
        if let Some(Destination::Repository { project, slug }) = session.last_place()
            && project == self.project.key
        {
            self.repositories.seek(slug);
        }
    }

    /// Puts the cursor on the first repository as soon as there is one.
    fn settle_cursor(&mut self) {
        if self.is_fresh {
            let is_repository = |row: &RepositoryRow| row.repository().is_some();
            let picker = &mut self.repositories.picker;
            let is_there = picker.current().is_some_and(is_repository);
            self.is_fresh = !is_there && !picker.select(is_repository);
        }
    }

    /// Whether the user administers the project, where that is known.
    pub(super) fn known_administered(&self, projects: &Listing<Project>) -> Option<bool> {
        (self.administered || projects.knows_administered()).then_some(self.administered)
    }
}
