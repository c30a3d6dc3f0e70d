//! The breadcrumb of a place.

pub use crate::operation::place::{Place, can_do, project_name};

/// One step of the breadcrumb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Bitbucket's own word for it.
    pub text: String,
    /// Whether it stays where room is short: names of places do, headings of menus do not.
    pub keep: bool,
}

impl Crumb {
    /// A step that stays.
    pub fn keep(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            keep: true,
        }
    }

    /// A step that goes first where room is short.
    pub fn drop(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            keep: false,
        }
    }
}

impl Place {
    /// The way to the HTTP access tokens in Bitbucket's own words.
    #[must_use]
    pub fn crumbs(&self) -> Vec<Crumb> {
        let mut crumbs = match self {
            Self::Account(_) => vec![Crumb::keep("Manage account")],
            Self::Project(project) => vec![
                Crumb::keep(project_name(project)),
                Crumb::drop("Project settings"),
                Crumb::drop("Security"),
            ],
            Self::Repository(repository) => vec![
                Crumb::keep(project_name(&repository.project)),
                Crumb::keep(repository.name.clone()),
                Crumb::drop("Repository settings"),
                Crumb::drop("Security"),
            ],
        };
        crumbs.push(Crumb::keep("HTTP access tokens"));
        crumbs
    }

    /// The way to something below the HTTP access tokens, such as "New token".
    #[must_use]
    pub fn crumbs_to(&self, last: &str) -> Vec<Crumb> {
        let mut crumbs = self.crumbs();
        if let Some(heading) = crumbs.last_mut() {
            heading.keep = false;
        }
        crumbs.push(Crumb::keep(last));
        crumbs
    }
}
