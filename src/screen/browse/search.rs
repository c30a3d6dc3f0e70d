//! The search for repositories that runs beside the filter of the projects.

use super::Browse;
use super::rows::ProjectRow;
use crate::bitbucket::{Client, Error, Page, Repository};
use crate::secret::masked;
use crate::ui::context::Context;
use crate::ui::listing::PageSource;
use crate::ui::notice::Notice;
use crate::ui::problem::{Attempt, Problem};

/// A shorter text would find half of the server.
pub(super) const SHORTEST_SEARCH: usize = 2;

impl Browse {
    /// Whoever types the name of a repository among the projects finds it too. One search at a
    /// time: the server is not asked once for each letter.
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
                let rows = page.values.into_iter().map(Box::new);
                let rows = rows.map(ProjectRow::Found).collect();
                self.projects.picker.set_found(rows);
            }
            Err(error) => {
                let problem = Problem::explain(&error, Attempt::List("the repositories"));
                cx.notify(Notice::bad(format!("{} {}", problem.what, problem.why)));
            }
        }
        // What was typed meanwhile.
        self.search(cx);
    }
}
