//! The three columns: all of them where there is room, else those nearest to the focus.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::Browse;
use super::rows::{ProjectRow, RepositoryRow, Right};
use super::search::SHORTEST_SEARCH;
use crate::permission::Level;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::listing::{Listed, Listing};
use crate::ui::problem::{Attempt, Problem};
use crate::widget::pane::{self, Pane, Rows};
use crate::widget::{lines, spinner};

/// From this width on, three columns.
const THREE: u16 = 76;
/// From this width on, two.
const TWO: u16 = 48;

/// A name needs no more.
const WIDEST: u16 = 84;

/// A column of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Projects,
    Repositories,
    Security,
    Details,
}

impl Browse {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let mut columns = vec![Column::Projects];
        if self.inside.is_some() {
            columns.push(Column::Repositories);
        }
        columns.push(if self.security.is_some() {
            Column::Security
        } else {
            Column::Details
        });
        let focused = match columns.last() {
            Some(Column::Details) => columns[columns.len() - 2],
            _ => Column::Security,
        };
        let count = match area.width {
            THREE.. => 3,
            TWO.. => 2,
            _ => 1,
        };
        if count == 1 {
            columns = vec![focused];
        }
        let first = columns.len().saturating_sub(count);
        let columns = &columns[first..];
        for (column, area) in columns.iter().zip(split(area, columns, focused).iter()) {
            let focused = *column == focused;
            match column {
                Column::Projects => self.draw_projects(frame, *area, focused, view),
                Column::Repositories => self.draw_repositories(frame, *area, focused, view),
                Column::Security => self.draw_security(frame, *area, view),
                Column::Details => self.draw_details(frame, *area, view),
            }
        }
    }

    fn draw_projects(&self, frame: &mut Frame<'_>, area: Rect, focused: bool, view: View<'_>) {
        // Repositories are no projects: what is found is counted together.
        let picker = &self.projects.picker;
        let note = match picker.found() {
            0 => self.projects.count(),
            _ => format!("{} found", picker.shown().len()),
        };
        let pane = Pane {
            title: "Projects",
            note: &note,
            focused,
        };
        let inside = pane.draw(frame, area, view.theme);
        let rows = Rows {
            picker: &self.projects.picker,
            focused,
            draw_row: &|row, width| {
                let right = match row {
                    ProjectRow::Account(_) => Right::Known(Level::Admin),
                    ProjectRow::Project(project) => self.right_in_project(project, view.session),
                    ProjectRow::Found(repository) => self.right_on(repository, view.session),
                };
                row.cells(width, focused, right, view.theme)
            },
        };
        let listing = &self.projects;
        let loading = listing
            .waiting(view.now)
            .or(self.personal.waiting(view.now));
        let waiting = match (loading, self.search.waiting(view.now)) {
            (Some(waited), _) => Some((waited, "Loading the projects …")),
            (None, Some(waited)) => Some((waited, "Searching all repositories …")),
            (None, None) => None,
        };
        let what = "the projects";
        // They are searched too, once enough is typed.
        let searched = if self.searched.chars().count() < SHORTEST_SEARCH {
            "the projects; two letters search all repositories too"
        } else {
            "the projects and repositories"
        };
        let names = (what, searched);
        draw_listing(frame, inside, &rows, listing, names, waiting, view);
    }

    fn draw_repositories(&self, frame: &mut Frame<'_>, area: Rect, focused: bool, view: View<'_>) {
        let Some(project) = &self.inside else {
            return;
        };
        let pane = Pane {
            title: "Repositories",
            note: &project.repositories.count(),
            focused,
        };
        let inside = pane.draw(frame, area, view.theme);
        let rows = Rows {
            picker: &project.repositories.picker,
            focused,
            draw_row: &|row, width| {
                let right = match row {
                    RepositoryRow::ProjectSettings => {
                        self.right_in_project(&project.project, view.session)
                    }
                    RepositoryRow::Repository(repository) => {
                        self.right_on(repository, view.session)
                    }
                };
                row.cells(width, focused, right, view.theme)
            },
        };
        let waited = project.repositories.waiting(view.now);
        let waiting = waited.map(|waited| (waited, "Loading the repositories …"));
        let free = draw_listing(
            frame,
            inside,
            &rows,
            &project.repositories,
            ("the repositories", "the repositories"),
            waiting,
            view,
        );
        let repositories = project.repositories.count();
        if repositories == "0" {
            let text = "This project has no repositories yet.";
            let text = lines::wrapped(text, view.theme.dim, usize::from(free.width));
            lines::draw(frame, pane::below(free, 1), text);
        }
    }

    fn draw_security(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        if let Some(security) = &self.security {
            let pane = Pane {
                title: &format!("Security of {}", security.place.name()),
                note: "",
                focused: true,
            };
            let inside = pane.draw(frame, area, view.theme);
            security.draw(frame, inside, view);
        }
    }

    fn draw_details(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let pane = Pane {
            title: "Details",
            note: "",
            focused: false,
        };
        let inside = pane.draw(frame, area, view.theme);
        if let Some(target) = self.target() {
            let right = self.right(&target.place, view.session);
            target.draw_details(frame, inside, self.is_typing(), right, view);
        }
    }
}

/// Rows, and below them what the list waits for or what went wrong. `what` is in the list, and
/// `searched` is where a filter looks.
fn draw_listing<T: Listed>(
    frame: &mut Frame<'_>,
    area: Rect,
    rows: &Rows<'_, T::Row>,
    listing: &Listing<T>,
    (what, searched): (&str, &str),
    waiting: Option<(Duration, &str)>,
    view: View<'_>,
) -> Rect {
    let theme = view.theme;
    let failure = listing
        .failure()
        .map(|error| Problem::explain(error, Attempt::List(what)));
    // Room for what went wrong is kept free, or a long list would hide it.
    let height = area.height;
    let kept = if failure.is_some() {
        (height / 2).min(8)
    } else {
        0
    };
    let upper = Rect {
        height: height - kept,
        ..area
    };
    let mut free = rows.draw(frame, upper, theme);
    free.height += kept;
    if let Some(problem) = failure {
        problem.draw(frame, pane::below(free, 1), view);
    } else if let Some((waited, words)) = waiting {
        if let Some(sign) = spinner::sign(waited) {
            let line = Line::from(vec![
                Span::styled(format!("{sign} "), theme.accent),
                Span::styled(words.to_owned(), theme.dim),
            ]);
            frame.render_widget(
                line,
                Rect {
                    height: free.height.min(1),
                    ..free
                },
            );
        }
    } else if listing.picker.nothing_fits() {
        let text = format!(
            "No matches in {searched}. Press {} to show all.",
            keymap::key(Mode::Anywhere, Action::Back)
        );
        let text = lines::wrapped(&text, theme.dim, usize::from(free.width));
        lines::draw(frame, free, text);
    }
    free
}

/// The column in focus gets the room that its names need; those that the user came through keep
/// enough to be recognised.
fn split(area: Rect, columns: &[Column], focused: Column) -> Vec<Rect> {
    let width = area.width;
    let widths = columns.iter().map(|column| match (columns.len(), *column) {
        (1, _) => Constraint::Fill(1),
        (2, column) if column == focused => Constraint::Length((width / 2).min(WIDEST)),
        (3, Column::Projects) => Constraint::Length((width / 4).max(20)),
        (3, Column::Repositories) => Constraint::Length((width * 2 / 5).clamp(26, WIDEST)),
        _ => Constraint::Fill(1),
    });
    Layout::horizontal(widths).split(area).to_vec()
}
