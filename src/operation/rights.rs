//! What the signed-in user may do where, as far as the server has told. What it has not told is not known,
//! and never taken for little.

use std::collections::{HashMap, HashSet};

use super::place::Place;
use crate::bitbucket::{Repository, Scope, User};
use crate::permission::Level;

/// What the signed-in user may do where, and who administers it.
#[derive(Debug, Default)]
pub struct Rights {
    /// Whether the user administers a project, by its key.
    projects: HashMap<String, bool>,
    /// The highest level on a repository, by project and slug.
    repositories: HashMap<(String, String), Level>,
    /// Repositories that the server does not show to the user, by project and slug.
    hidden: HashSet<(String, String)>,
    /// Whether the list of a place's tokens was given to the user.
    tokens: HashMap<Scope, bool>,
    /// Who administers a place; `None`: the server does not tell this user.
    administrators: HashMap<Scope, Option<Vec<User>>>,
}

impl Rights {
    /// The server has told whether the user administers a project.
    pub fn told_of_project(&mut self, key: &str, administered: bool) {
        self.projects.insert(key.to_lowercase(), administered);
    }

    /// Nobody knows any more which projects the user administers.
    pub fn forget_projects(&mut self) {
        self.projects.clear();
    }

    /// The server has told what the user may do on a repository.
    pub fn told_of_repository(&mut self, repository: &Repository, level: Level) {
        self.hidden.remove(&name(repository));
        self.repositories.insert(name(repository), level);
    }

    /// The server does not show this repository to the user, or there is none of that name.
    pub fn told_that_hidden(&mut self, repository: &Repository) {
        self.repositories.remove(&name(repository));
        self.hidden.insert(name(repository));
    }

    /// Whether the server has said that it does not show this repository to the user.
    #[must_use]
    pub fn is_hidden(&self, repository: &Repository) -> bool {
        self.hidden.contains(&name(repository))
    }

    /// Nobody knows any more what the user may do on a repository.
    pub fn forget_repository(&mut self, repository: &Repository) {
        self.repositories.remove(&name(repository));
    }

    /// The list of tokens of a place was given to the user, or refused.
    pub fn told_of_tokens(&mut self, place: Scope, is_given: bool) {
        self.tokens.insert(place, is_given);
    }

    /// The server has told who administers a place, or that it tells this user nothing.
    pub fn told_of_administrators(&mut self, place: Scope, persons: Option<Vec<User>>) {
        self.administrators.insert(place, persons);
    }

    /// Whether the user administers a project, where that is known.
    #[must_use]
    pub fn administers_project(&self, key: &str) -> Option<bool> {
        self.projects.get(&key.to_lowercase()).copied()
    }

    /// Whether the user is known to administer a project that others work in too.
    #[must_use]
    pub fn administers_a_project(&self) -> bool {
        let mut projects = self.projects.iter();
        projects.any(|(key, administered)| *administered && !key.starts_with('~'))
    }

    /// What the user may do on a repository, where that is known.
    #[must_use]
    pub fn level(&self, repository: &Repository) -> Option<Level> {
        if self.administers_project(&repository.project.key) == Some(true) {
            return Some(Level::Admin);
        }
        self.repositories.get(&name(repository)).copied()
    }

    /// Whether the user administers a place, where that is known; everybody their own account.
    #[must_use]
    pub fn administers(&self, place: &Place) -> Option<bool> {
        match place {
            Place::Account(_) => Some(true),
            Place::Project(project) => self.administers_project(&project.key),
            Place::Repository(repository) => {
                self.level(repository).map(|level| level == Level::Admin)
            }
        }
    }

    /// Whether the user may make tokens in a place, where that is known. Who is given the list of its
    /// tokens may; who administers a repository may be refused all the same, because its project can keep
    /// tokens to itself.
    #[must_use]
    pub fn may_create(&self, place: &Place) -> Option<bool> {
        let given = self.tokens.get(&place.scope()).copied();
        given.or_else(|| self.administers(place))
    }

    /// Whether the server has refused the list of tokens of a place.
    #[must_use]
    pub fn is_refused(&self, place: &Place) -> bool {
        self.tokens.get(&place.scope()) == Some(&false)
    }

    /// Who administers a place; inside nothing where the server does not tell, and nothing where it has
    /// not been asked.
    #[must_use]
    pub fn administrators(&self, place: &Scope) -> Option<Option<&[User]>> {
        self.administrators.get(place).map(Option::as_deref)
    }
}

/// Keys are the same in capitals and in small letters: servers send those of people in either.
fn name(repository: &Repository) -> (String, String) {
    let key = repository.project.key.to_lowercase();
    (key, repository.slug.clone())
}
