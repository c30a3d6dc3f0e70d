//! The rows of the two lists.

use ratatui::text::Span;

use crate::bitbucket::{Project, Repository, User};
use crate::permission::Level;
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
    Project(Box<Project>),
    /// A repository that the search for the filter has found, in whatever project.
    Found(Box<Repository>),
}

/// A row among the repositories of a project.
#[derive(Debug)]
pub enum RepositoryRow {
    /// The way to the project's own Security section.
    ProjectSettings,
    /// A repository.
    Repository(Box<Repository>),
}

impl RepositoryRow {
    pub(super) fn repository(&self) -> Option<&Repository> {
        match self {
            Self::ProjectSettings => None,
            Self::Repository(repository) => Some(repository),
        }
    }
}

impl Row for ProjectRow {
    fn searched(&self) -> Option<String> {
        Some(match self {
            Self::Account(user) => format!("Manage account {}", user.name),
            Self::Project(project) => format!("{} {}", project.key, project.name),
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
            ProjectRow::Project(project) => Some(project.identity()),
        }
    }

    fn into_row(self) -> ProjectRow {
        ProjectRow::Project(Box::new(self))
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

    fn into_row(self) -> RepositoryRow {
        RepositoryRow::Repository(Box::new(self))
    }
}

/// What the user may do on the thing of a row, as its column says it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Right {
    /// This much.
    Known(Level),
    /// The server is being asked.
    Asked,
    /// The server has not said.
    Unknown,
    /// The server could not be asked, which is said of the whole list.
    NotAsked,
}

impl Right {
    pub(super) fn of(level: Option<Level>, is_asking: bool) -> Self {
        match level {
            Some(level) => Self::Known(level),
            None if is_asking => Self::Asked,
            None => Self::Unknown,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Known(level) => level.word(),
            Self::Asked => "…",
            Self::Unknown => "?",
            Self::NotAsked => "",
        }
    }
}

/// "write", "admin" and what stands in their place.
const RIGHT: usize = 5;

impl ProjectRow {
    /// "PLAT   Platform      admin", "billing-api   in PLAT  write"; what the user may do only in the
    /// column that has the focus.
    pub(super) fn cells(
        &self,
        width: usize,
        focused: bool,
        right: Right,
        theme: &Theme,
    ) -> Vec<Span<'static>> {
        match self {
            Self::Account(_) => named(
                "Manage account",
                if focused { "your tokens" } else { "" },
                width,
                theme,
            ),
            Self::Found(repository) => {
                let beside = if focused { RIGHT + 1 } else { 0 };
                let room = width.saturating_sub(3 + beside);
                let project = fit::end(
                    &repository.project.key,
                    room_for_key(&repository.name, room),
                );
                let tag = format!("in {project}");
                let right = focused.then_some(right);
                with_right(&repository.name, &tag, right, width, theme)
            }
            Self::Project(project) => {
                let tag = match (project.personal, right) {
                    _ if !focused => "",
                    (true, _) => "personal",
                    // What else may be done there is said of each repository.
                    (false, Right::Known(level)) if level < Level::Admin => "",
                    (false, right) => right.word(),
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
    /// "billing-api      archived  write"; in a column without the focus only what is in the way of
    /// everything.
    pub(super) fn cells(
        &self,
        width: usize,
        focused: bool,
        right: Right,
        theme: &Theme,
    ) -> Vec<Span<'static>> {
        match self {
            Self::ProjectSettings => named(
                "Project settings",
                if focused { "security" } else { "" },
                width,
                theme,
            ),
            Self::Repository(repository) => {
                let tag = match repository.state.words() {
                    Some((state, _)) => state,
                    None if focused && repository.archived => "archived",
                    None => "",
                };
                let right = focused.then_some(right);
                with_right(&repository.name, tag, right, width, theme)
            }
        }
    }
}

/// A name, a tag behind it, and in the last columns, whether the answer is there or not, what the user
/// may do.
fn with_right(
    name: &str,
    tag: &str,
    right: Option<Right>,
    width: usize,
    theme: &Theme,
) -> Vec<Span<'static>> {
    let Some(right) = right else {
        return named(name, tag, width, theme);
    };
    let mut cells = named(name, tag, width.saturating_sub(RIGHT + 1), theme);
    let right = format!(" {}", fit::column(right.word(), RIGHT));
    cells.push(Span::styled(right, theme.dim));
    cells
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
