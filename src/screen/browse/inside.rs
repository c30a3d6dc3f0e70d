//! A project whose repositories are shown.

use super::levels::Levels;
use super::rows::RepositoryRow;
use crate::bitbucket::{Client, Destination, Project, Repository};
use crate::ui::context::Context;
use crate::ui::listing::{Listed, Listing, PageSource};
use crate::ui::load::Wait;
use crate::ui::reply::Reply;
use crate::ui::session::Session;

/// A project whose repositories are shown.
#[derive(Debug)]
pub(super) struct Inside {
    pub(super) project: Project,
    pub(super) repositories: Listing<Repository>,
    /// What the user may do on them.
    pub(super) levels: Levels,
    /// The cursor has not been moved yet: put it on the first repository when that comes.
    pub(super) is_fresh: bool,
}

impl Inside {
    pub(super) fn new(project: Project) -> Self {
        let key = project.key.clone();
        let levels = Levels::in_project(&key);
        let all = PageSource::new(move |client: &Client| client.repositories(&key));
        Self {
            project,
            repositories: Listing::new(None, all, || vec![RepositoryRow::ProjectSettings]),
            levels,
            is_fresh: true,
        }
    }

    /// Asks for everything anew.
    pub(super) fn restart(&mut self, cx: &mut Context<'_>) {
        for wait in self.levels.waits_mut() {
            wait.cancel(cx);
        }
        self.levels = Levels::in_project(&self.project.key);
        for repository in repositories(&self.repositories) {
            cx.session.rights.forget_repository(repository);
        }
        self.repositories.start(cx);
    }

    /// Takes in an answer, if it is one to it.
    pub(super) fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if !self.levels.reply(reply) {
            self.repositories.reply(reply, cx);
            self.settle_cursor();
        }
        if self.repositories.is_current() {
            self.levels.go_on(repositories(&self.repositories), cx);
        }
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

    pub(super) fn waits(&self) -> Vec<&Wait> {
        let mut waits = self.repositories.waits();
        waits.extend(self.levels.waits());
        waits
    }

    pub(super) fn waits_mut(&mut self) -> Vec<&mut Wait> {
        let mut waits = self.repositories.waits_mut();
        waits.extend(self.levels.waits_mut());
        waits
    }
}

fn repositories(listing: &Listing<Repository>) -> impl Iterator<Item = &Repository> {
    let rows = listing.picker.rows().iter();
    rows.filter_map(RepositoryRow::repository)
}
