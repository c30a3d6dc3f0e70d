//! What the user may do on the repositories that are shown. It is asked beside their list, once there are
//! rows, and only as far as the rows go: nothing waits for it.

use std::collections::HashSet;

use crate::bitbucket::{Client, Page, Repository};
use crate::permission::Level;
use crate::ui::asking::Asking;
use crate::ui::listing::PageSource;
use crate::ui::load::{Load, Wait};
use crate::ui::reply::Reply;

/// The questions for what the user administers, and for where they may push. What is in neither answer
/// they may read.
#[derive(Debug)]
pub(super) struct Levels {
    admin: Answers,
    write: Answers,
}

/// The answers to one of the two questions, as far as they have come.
#[derive(Debug)]
struct Answers {
    source: PageSource<Repository>,
    load: Load<Page<Repository>>,
    next: Option<u64>,
    found: HashSet<(String, String)>,
}

impl Levels {
    /// For the repositories of a project.
    pub(super) fn in_project(key: &str) -> Self {
        let answers = |level| {
            let key = key.to_owned();
            Answers::to(move |client: &Client| client.repositories_with(&key, level))
        };
        Self {
            admin: answers(Level::Admin),
            write: answers(Level::Write),
        }
    }

    /// For the repositories that a search has found.
    pub(super) fn of_search(name: &str) -> Self {
        let answers = |level| {
            let name = name.to_owned();
            Answers::to(move |client: &Client| client.found_with(&name, level))
        };
        Self {
            admin: answers(Level::Admin),
            write: answers(Level::Write),
        }
    }

    /// Takes in an answer; false: it was none to these questions.
    pub(super) fn reply(&mut self, reply: &mut Reply) -> bool {
        self.admin.reply(reply) || self.write.reply(reply)
    }

    /// Takes note of what is known of the shown repositories, and asks on where something is not.
    pub(super) fn go_on<'a>(
        &mut self,
        shown: impl Iterator<Item = &'a Repository>,
        cx: &mut Asking<'_>,
    ) {
        let (mut admin_is_open, mut write_is_open) = (false, false);
        for repository in shown {
            let rights = &mut cx.session.rights;
            if rights.administers_project(&repository.project.key) == Some(true) {
                continue;
            }
            match self.level(repository) {
                Some(level) => rights.told_of_repository(repository, level),
                // What was said earlier may no longer be so.
                None if self.has_failed() => rights.forget_repository(repository),
                None => {}
            }
            let administered = self.admin.has(repository);
            admin_is_open |= !administered;
            write_is_open |= !administered && !self.write.has(repository);
        }
        if admin_is_open {
            self.admin.ask_next(cx);
        }
        if write_is_open {
            self.write.ask_next(cx);
        }
    }

    fn level(&self, repository: &Repository) -> Option<Level> {
        if self.admin.has(repository) {
            return Some(Level::Admin);
        }
        match (self.write.has(repository), self.write.next) {
            _ if self.admin.next.is_some() => None,
            (true, _) => Some(Level::Write),
            (false, None) => Some(Level::Read),
            (false, Some(_)) => None,
        }
    }

    fn has_failed(&self) -> bool {
        self.admin.load.failure().is_some() || self.write.load.failure().is_some()
    }

    /// Whether an answer is still to come.
    pub(super) fn is_asking(&self) -> bool {
        self.admin.load.is_pending() || self.write.load.is_pending()
    }

    pub(super) fn waits(&self) -> [&Wait; 2] {
        [self.admin.load.wait(), self.write.load.wait()]
    }

    pub(super) fn waits_mut(&mut self) -> [&mut Wait; 2] {
        [self.admin.load.wait_mut(), self.write.load.wait_mut()]
    }
}

impl Answers {
    fn to(
        pages: impl Fn(&Client) -> crate::bitbucket::Pages<Repository> + Send + Sync + 'static,
    ) -> Self {
        Self {
            source: PageSource::new(pages),
            load: Load::default(),
            next: Some(0),
            found: HashSet::new(),
        }
    }

    fn has(&self, repository: &Repository) -> bool {
        self.found.contains(&name(repository))
    }

    fn ask_next(&mut self, cx: &mut Asking<'_>) {
        if let Some(from) = self.next
            && !self.load.is_pending()
            && self.load.failure().is_none()
        {
            self.source.ask_page(from, &mut self.load, cx);
        }
    }

    fn reply(&mut self, reply: &mut Reply) -> bool {
        match self.load.take(reply) {
            None => return false,
            Some(Ok(page)) => {
                self.next = page.next;
                self.found.extend(page.values.iter().map(name));
            }
            Some(Err(error)) => self.load.fail(error),
        }
        true
    }
}

fn name(repository: &Repository) -> (String, String) {
    let key = repository.project.key.to_lowercase();
    (key, repository.slug.clone())
}
