//! The rows of the two lists.

use ratatui::text::Span;

use crate::bitbucket::{Project, Repository, User};
use crate::theme::Theme;
use crate::ui::listing::Listed;
use crate::widget::fit;
use crate::widget::picker::Row;

/// A narrower column that only shows the way has room for names alone.
const ROOM_FOR_KEYS: usize = 24;

/// A row among the projects.
#[derive(Debug)]
pub enum ProjectRow {
    /// Manage account: where personal tokens are made.
    Account(User),
    /// A project.
    Project {
        /// It.
        project: Box<Project>,
        /// Whether the user administers it.
        administered: bool,
    },
    /// A repository that the search for the filter has found, in whatever project.
    Found(Box<Repository>),
}

/// A row among the repositories of a project.
#[derive(Debug)]
pub enum RepositoryRow {
    /// The way to the project's own Security section.
    ProjectSettings,
    /// A repository.
    Repository {
        /// It.
        repository: Box<Repository>,
        /// Whether the user administers it.
        administered: bool,
    },
}

impl RepositoryRow {
    pub(super) fn repository(&self) -> Option<&Repository> {
        match self {
            Self::ProjectSettings => None,
            Self::Repository { repository, .. } => Some(repository),
        }
    }
}

impl Row for ProjectRow {
    fn searched(&self) -> Option<String> {
        Some(match self {
            Self::Account(user) => format!("Manage account {}", user.name),
            Self::Project { project, .. } => format!("{} {}", project.key, project.name),
            Self::Found(repository) => repository.name.clone(),
        })
    }
}

impl Row for RepositoryRow {
    fn searched(&self) -> Option<String> {
        self.repository()
            .map(|repository| format!("{} {}", repository.name, repository.slug))
    }
}

impl Listed for Project {
    type Row = ProjectRow;

    fn identity(&self) -> String {
        self.key.clone()
    }

    fn row_identity(row: &ProjectRow) -> Option<String> {
        match row {
            ProjectRow::Account(_) | ProjectRow::Found(_) => None,
            ProjectRow::Project { project, .. } => Some(project.identity()),
        }
    }

    fn into_row(self, administered: bool) -> ProjectRow {
        ProjectRow::Project {
            project: Box::new(self),
            administered,
        }
    }
}

impl Listed for Repository {
    type Row = RepositoryRow;

    fn identity(&self) -> String {
        self.slug.clone()
    }

    fn row_identity(row: &RepositoryRow) -> Option<String> {
        row.repository().map(Self::identity)
    }

    fn into_row(self, administered: bool) -> RepositoryRow {
        RepositoryRow::Repository {
            repository: Box::new(self),
            administered,
        }
    }
}

impl ProjectRow {
    /// "PLAT   Platform      admin"; the tag only in the column that has the focus.
    pub(super) fn cells(&self, width: usize, focused: bool, theme: &Theme) -> Vec<Span<'static>> {
        match self {
            Self::Account(_) => named(
                "Manage account",
                if focused { "your tokens" } else { "" },
                width,
                theme,
            ),
            Self::Found(repository) => {
                let room = room_for_key(&repository.name, width.saturating_sub(3));
                let project = fit::end(&repository.project.key, room);
                let tag = format!("in {project}");
                named(&repository.name, &tag, width, theme)
            }
            Self::Project {
                project,
                administered,
            } => {
                let tag = match (project.personal, administered) {
                    _ if !focused => "",
                    (true, _) => "personal",
                    (false, true) => "admin",
                    (false, false) => "",
                };
                if !focused && width < ROOM_FOR_KEYS {
                    return named(&project.name, tag, width, theme);
                }
                // Keys keep their column as far as they are short; a longer one takes what it needs.
                let beside = width.saturating_sub(fit::width(tag) + 1);
                let key = fit::end(&project.key, room_for_key(&project.name, beside));
                let key = fit::column(&key, 6);
                let rest = width.saturating_sub(fit::width(&key) + 1);
                let mut cells = vec![Span::styled(key, theme.dim), Span::raw(" ")];
                cells.extend(named(&project.name, tag, rest, theme));
                cells
            }
        }
    }
}

impl RepositoryRow {
    /// "billing-api      archived"; the tag only in the column that has the focus.
    pub(super) fn cells(&self, width: usize, focused: bool, theme: &Theme) -> Vec<Span<'static>> {
        match self {
            Self::ProjectSettings => named(
                "Project settings",
                if focused { "security" } else { "" },
                width,
                theme,
            ),
            Self::Repository {
                repository,
                administered,
            } => {
                let tag = match (repository.state.words(), repository.archived, administered) {
                    // That is in the way of everything.
                    (Some((state, _)), ..) => state,
                    _ if !focused => "",
                    (None, true, _) => "archived",
                    (None, false, true) => "admin",
                    (None, false, false) => "",
                };
                named(&repository.name, tag, width, theme)
            }
        }
    }
}

/// A key is cut only where a name beside it needs the room, and never below so many columns.
fn room_for_key(name: &str, width: usize) -> usize {
    width.saturating_sub(fit::width(name) + 1).max(12)
}

/// A name at the left and a tag at the right; the name is cut first.
fn named(name: &str, tag: &str, width: usize, theme: &Theme) -> Vec<Span<'static>> {
    if tag.is_empty() {
        return vec![Span::styled(fit::column(name, width), theme.text)];
    }
    let room = width.saturating_sub(fit::width(tag) + 1);
    vec![
        Span::styled(fit::column(name, room), theme.text),
        Span::styled(format!(" {tag}"), theme.dim),
    ]
}
