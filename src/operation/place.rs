//! A place that has a Security section: an account, a project or a repository.

use crate::bitbucket::{BaseUrl, Client, Destination, Error, Project, Repository, Scope, User};
use crate::git::{Target, shell_word};
use crate::permission::{Permissions, ScopeKind, abilities};

/// So many repositories are looked at for the one of a name.
const MOST_ALIKE: u32 = 100;

/// Where tokens are made.
#[derive(Debug, Clone)]
pub enum Place {
    /// Manage account: the signed-in user's personal tokens.
    Account(User),
    /// Project settings.
    Project(Project),
    /// Repository settings.
    Repository(Repository),
}

impl Place {
    /// Whose tokens, in the terms of the REST API.
    #[must_use]
    pub fn scope(&self) -> Scope {
        match self {
            Self::Account(user) => Scope::Personal {
                user: user.slug.clone(),
            },
            Self::Project(project) => Scope::Project {
                key: project.key.clone(),
            },
            Self::Repository(repository) => Scope::Repository {
                project: repository.project.key.clone(),
                slug: repository.slug.clone(),
            },
        }
    }

    /// Which of the three kinds of token is made here.
    #[must_use]
    pub fn kind(&self) -> ScopeKind {
        match self {
            Self::Account(_) => ScopeKind::Personal,
            Self::Project(_) => ScopeKind::Project,
            Self::Repository(_) => ScopeKind::Repository,
        }
    }

    /// A short name: "your account", "Platform (PLAT)", "billing-api".
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Account(_) => "your account".to_owned(),
            Self::Project(project) => project_name(project),
            Self::Repository(repository) => repository.name.clone(),
        }
    }

    /// What goes into the name of a token: nothing for an account, the key of a project, the slug
    /// of a repository.
    #[must_use]
    pub fn token_suffix(&self) -> Option<&str> {
        match self {
            Self::Account(_) => None,
            Self::Project(project) => Some(&project.key),
            Self::Repository(repository) => Some(&repository.slug),
        }
    }

    /// What a token of this place is called where nobody knows its name: "personal token of alice".
    #[must_use]
    pub fn token_name(&self) -> String {
        match self {
            Self::Account(user) => format!("personal token of {}", user.name),
            Self::Project(project) => format!("project token of {}", project_name(project)),
            Self::Repository(repository) => format!("repository token of {}", repository.name),
        }
    }

    /// Who may make tokens here, as the end of "… lets only".
    #[must_use]
    pub fn who_may(&self) -> String {
        match self {
            Self::Account(user) => format!("{} create tokens here", user.name),
            Self::Project(project) => format!(
                "administrators of {} create project tokens",
                project_name(project)
            ),
            Self::Repository(repository) => format!(
                "administrators of {} or of {} create tokens here",
                repository.name,
                project_name(&repository.project)
            ),
        }
    }

    /// Whom to ask for rights here.
    #[must_use]
    pub fn whom_to_ask(&self) -> String {
        match self {
            Self::Account(_) => "an administrator of this Bitbucket".to_owned(),
            Self::Project(project) => format!("an administrator of {}", project_name(project)),
            Self::Repository(repository) => {
                format!("an administrator of {}", project_name(&repository.project))
            }
        }
    }

    /// The clone address over HTTP, without a user name; only a repository has one.
    #[must_use]
    pub fn clone_address(&self) -> Option<&str> {
        match self {
            Self::Repository(repository) => repository.clone_http.as_deref(),
            Self::Account(_) | Self::Project(_) => None,
        }
    }

    /// The command that clones the repository, without a token in it.
    #[must_use]
    pub fn clone_command(&self) -> Option<String> {
        let address = self.clone_address()?;
        Some(format!("git clone {}", shell_word(address)))
    }
}

impl Place {
    /// The repository is cloned from this address.
    pub fn is_cloned_from(&mut self, address: &str) {
        if let Self::Repository(repository) = self {
            repository.clone_http = Some(address.to_owned());
        }
    }

    /// Whether it is a repository that Bitbucket names no address over HTTP for.
    #[must_use]
    pub fn has_no_http(&self) -> bool {
        matches!(self, Self::Repository(repository) if repository.clone_http.is_none())
    }

    /// What is in the way of using a token with git here.
    #[must_use]
    pub fn in_the_way(&self) -> Option<String> {
        let Self::Repository(repository) = self else {
            return None;
        };
        if let Some((state, meaning)) = repository.state.words() {
            return Some(format!("{} is {state}: {meaning}.", repository.name));
        }
        let reason = "Bitbucket gives no http address to clone this repository from, so git cannot use a token here. Perhaps http is switched off and ssh is used instead.";
        self.has_no_http().then(|| reason.to_owned())
    }

    /// What git can be set up for with a token of this place; `None` for a repository without a
    /// clone address over HTTP.
    #[must_use]
    pub fn git_target(&self, base: &BaseUrl) -> Option<Target> {
        let (address, user) = match self {
            Self::Account(user) => (base.to_string(), Some(user.name.clone())),
            Self::Project(project) => {
                // Bitbucket writes keys in small letters into clone addresses.
                let key = project.key.to_lowercase();
                (base.page(&["scm", &key]), None)
            }
            Self::Repository(repository) => (repository.clone_http.clone()?, None),
        };
        Target::new(&address, self.kind(), user).ok()
    }
}

/// Asks the server for the place that somebody wants to go to. The account is that of the user.
///
/// # Errors
/// [`ErrorKind::NotFound`](crate::bitbucket::ErrorKind::NotFound),
/// [`ErrorKind::NotPermitted`](crate::bitbucket::ErrorKind::NotPermitted), and what can go wrong with
/// every call.
pub async fn find(client: &Client, user: &User, to: &Destination) -> Result<Place, Error> {
    Ok(match to {
        Destination::Account | Destination::Tokens(Scope::Personal { .. }) => {
            Place::Account(user.clone())
        }
        Destination::Project { key } | Destination::Tokens(Scope::Project { key }) => {
            Place::Project(client.project(key).await?)
        }
        Destination::Repository { project, slug }
        | Destination::Tokens(Scope::Repository { project, slug }) => {
            Place::Repository(client.repository(project, slug).await?)
        }
    })
}

/// The one repository of this name in whatever project; `None` where there is none, or several.
///
/// # Errors
/// What can go wrong with every call.
pub async fn repository_called(client: &Client, name: &str) -> Result<Option<Repository>, Error> {
    let mut pages = client.search_repositories(name).limit(MOST_ALIKE);
    let page = pages.next().await?;
    let mut named = page.map(|page| page.values).unwrap_or_default();
    named.retain(|repository| repository.slug.eq_ignore_ascii_case(name));
    let only = named.pop();
    Ok(only.filter(|_| named.is_empty()))
}

/// "It can clone and pull billing-api; push to billing-api."
#[must_use]
pub fn can_do(place: &Place, permissions: &Permissions) -> String {
    let abilities = abilities(place.kind(), permissions, &place.name());
    let can: Vec<_> = abilities
        .into_iter()
        .filter(|ability| ability.can)
        .map(|ability| ability.what)
        .collect();
    let known = if can.is_empty() && permissions.other.is_empty() {
        "It has no rights.".to_owned()
    } else if can.is_empty() {
        "It can do nothing that bbtoken knows of.".to_owned()
    } else {
        format!("It can {}.", can.join("; "))
    };
    known + &unknown(permissions)
}

/// What nobody here can explain.
fn unknown(permissions: &Permissions) -> String {
    match permissions.other.as_slice() {
        [] => String::new(),
        [one] => format!(" It also has {one}, and bbtoken does not know what that is."),
        several => format!(
            " It also has {}, and bbtoken does not know what these are.",
            several.join(", ")
        ),
    }
}

/// "Platform (PLAT)".
#[must_use]
pub fn project_name(project: &Project) -> String {
    format!("{} ({})", project.name, project.key)
}
