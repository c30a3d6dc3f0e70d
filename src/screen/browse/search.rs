//! The search for repositories that runs beside the filter of the projects.

use std::time::Duration;

use super::Browse;
use super::levels::Levels;
use super::rows::ProjectRow;
use crate::bitbucket::{Client, Error, Page, Repository};
use crate::secret::masked;
use crate::ui::context::Context;
use crate::ui::listing::PageSource;
use crate::ui::notice::Notice;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::reply::Reply;

/// A shorter text would find half of the server.
pub(super) const SHORTEST_SEARCH: usize = 2;

/// Everything that the server has found for a text: what a longer one finds is among it.
#[derive(Debug)]
pub(super) struct AllFound {
    text: String,
    repositories: Vec<Repository>,
}

impl AllFound {
    /// What of it a longer text finds; `None` where only the server can tell, which may find by more than
    /// the name.
    fn narrowed(&self, text: &str) -> Option<Vec<Repository>> {
        let text = text.to_lowercase();
        if !text.starts_with(&self.text.to_lowercase()) {
            return None;
        }
        let fits = |it: &&Repository| {
            let mut names = [&it.name, &it.slug].into_iter();
            names.any(|name| name.to_lowercase().contains(&text))
        };
        let fitting: Vec<_> = self.repositories.iter().filter(fits).cloned().collect();
        let is_answer = !fitting.is_empty() || self.repositories.is_empty();
        is_answer.then_some(fitting)
    }
}
/// Whoever types no letter for so long looks at what was found.
const PAUSE: Duration = Duration::from_millis(400);

impl Browse {
    /// Whoever types the name of a repository among the projects finds it too. One search at a
    /// time, and none for what a shorter text has found: the server is not asked once for each letter.
    pub(super) fn search(&mut self, cx: &mut Context<'_>) {
        let filter = self.projects.picker.filter();
        let name = filter.map_or("", |(text, _)| text.trim());
        if masked(name) != name {
            // Part of a token, it seems: nobody is asked for that.
            return;
        }
        if self.inside.is_some() || self.search.is_pending() || name == self.searched {
            return;
        }
        self.searched = name.to_owned();
        self.forget_levels(cx);
        let known = self.all_found.as_ref();
        if let Some(known) = known.and_then(|it| it.narrowed(&self.searched)) {
            self.show_found(known);
            self.levels_due = Some(cx.now.uptime + PAUSE);
            return;
        }
        self.projects.picker.set_found(Vec::new());
        if self.searched.chars().count() >= SHORTEST_SEARCH {
            let name = self.searched.clone();
            let found = PageSource::new(move |client: &Client| client.search_repositories(&name));
            found.ask_page(0, &mut self.search, cx);
        }
    }

    pub(super) fn found(&mut self, result: Result<Page<Repository>, Error>, cx: &mut Context<'_>) {
        match result {
            Ok(page) => {
                self.all_found = page.next.is_none().then(|| AllFound {
                    text: self.searched.clone(),
                    repositories: page.values.clone(),
                });
                self.show_found(page.values);
            }
            Err(error) => {
                let problem = Problem::explain(&error, Attempt::List("the repositories"));
                cx.notify(Notice::bad(format!("{} {}", problem.what, problem.why)));
            }
        }
        // What was typed meanwhile.
        self.search(cx);
        if !self.search.is_pending() {
            self.levels_due = Some(cx.now.uptime + PAUSE);
        }
    }

    /// Asks what the user may do on what was found, once nothing more is typed.
    pub(super) fn ask_in_a_pause(&mut self, cx: &mut Context<'_>) {
        if self
            .levels_due
            .take_if(|due| *due <= cx.now.uptime)
            .is_some()
        {
            self.found_levels = Some(Levels::of_search(&self.searched));
            self.ask_for_levels(cx);
        }
    }

    /// Takes in an answer about what was found.
    pub(super) fn found_levels_reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        let levels = self.found_levels.as_mut();
        if levels.is_some_and(|levels| levels.reply(reply)) {
            self.ask_for_levels(cx);
        }
    }

    fn ask_for_levels(&mut self, cx: &mut Context<'_>) {
        let found = self.projects.picker.rows().iter();
        let found = found.filter_map(|row| match row {
            ProjectRow::Found(repository) => Some(&**repository),
            ProjectRow::Account(_) | ProjectRow::Project(_) => None,
        });
        if let Some(levels) = &mut self.found_levels {
            levels.go_on(found, cx);
        }
    }

    /// What was found is no longer shown.
    pub(super) fn forget_levels(&mut self, cx: &mut Context<'_>) {
        for wait in self.found_levels.iter_mut().flat_map(Levels::waits_mut) {
            wait.cancel(cx);
        }
        self.found_levels = None;
        self.levels_due = None;
    }

    fn show_found(&mut self, repositories: Vec<Repository>) {
        let rows = repositories.into_iter().map(Box::new);
        let rows = rows.map(ProjectRow::Found).collect();
        self.projects.picker.set_found(rows);
    }
}
