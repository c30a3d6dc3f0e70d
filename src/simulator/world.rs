//! The company that the simulator serves: people, projects, repositories and who may do what.
//!
//! Nothing here changes after the start (the simulated API creates no projects), so every request
//! reads it without a lock. What does change (tokens, sessions, wrong passwords) lives elsewhere.

mod demo;
mod generate;

use std::collections::HashMap;

use jiff::Timestamp;

use super::Size;
use super::token::Tokens;
use crate::permission::Level;

pub(super) use demo::DemoError;

/// Position in [`World::users`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct UserId(pub(super) usize);

/// Position in [`World::projects`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ProjectId(pub(super) usize);

/// Position in [`World::repositories`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct RepositoryId(pub(super) usize);

/// How an account may sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SignIn {
    /// Basic and the login form.
    #[default]
    Password,
    /// As `Password`, but a captcha has to be solved in the browser first.
    Captcha,
    /// Basic is switched off; the login form works.
    FormOnly,
    /// Basic is switched off, and the form leads to the identity provider.
    SingleSignOn,
    /// Basic is switched off, and after the password comes a second step.
    TwoStep,
    /// As `TwoStep`, but the user has not enrolled yet: only a browser can.
    Enrolment,
    /// The password has to be changed first.
    Expired,
    /// Locked by an administrator.
    Locked,
    /// Switched off.
    Inactive,
    /// Without a licence for Bitbucket.
    NoLicence,
}

/// The second step of an account.
#[derive(Debug)]
pub(super) struct Second {
    /// For an authenticator: in base32.
    pub(super) secret: String,
    /// Each counts once, in a code's place.
    pub(super) recovery_codes: Vec<String>,
}

/// A person with an account. The password equals the name, until it is changed.
#[derive(Debug)]
pub(super) struct User {
    /// Bitbucket's numeric id, as in `X-AUSERID`.
    pub(super) id: u32,
    /// The user name.
    pub(super) name: String,
    /// The name as it stands in addresses.
    pub(super) slug: String,
    pub(super) display_name: String,
    pub(super) email: String,
    pub(super) sign_in: SignIn,
    /// For those who sign in with a second step.
    pub(super) second: Option<Second>,
    /// System administrator.
    pub(super) administrator: bool,
    /// What is special about the account; `None` for those that only fill the company.
    pub(super) note: Option<String>,
    /// Recently used repositories, newest first.
    pub(super) recent: Vec<RepositoryId>,
}

/// A project, or somebody's personal one.
#[derive(Debug)]
pub(super) struct Project {
    pub(super) id: u32,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) public: bool,
    /// Set for a personal project.
    pub(super) owner: Option<UserId>,
    /// What every signed-in user may do here.
    pub(super) everyone: Option<Level>,
    pub(super) grants: HashMap<UserId, Level>,
    /// Sorted by name.
    pub(super) repositories: Vec<RepositoryId>,
}

/// How a repository is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RepositoryState {
    #[default]
    Available,
    Initialising,
    InitialisationFailed,
    Offline,
}

/// A git repository.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) id: u32,
    pub(super) project: ProjectId,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    /// Twenty hexadecimal digits that forks would share.
    pub(super) hierarchy: String,
    pub(super) public: bool,
    pub(super) archived: bool,
    pub(super) state: RepositoryState,
    /// Its project and slug in days gone by, such as `PLAT/shop`; requests for them are led here.
    pub(super) formerly: Option<String>,
    /// The date of its first commit.
    pub(super) created: Timestamp,
    pub(super) grants: HashMap<UserId, Level>,
}

/// Everything that stands still.
#[derive(Debug)]
pub(super) struct World {
    pub(super) users: Vec<User>,
    pub(super) projects: Vec<Project>,
    pub(super) repositories: Vec<Repository>,
    /// The projects that are not personal, sorted by name as Bitbucket lists them.
    pub(super) listed: Vec<ProjectId>,
}

impl User {
    /// What is special about the account, with what its second step needs.
    pub(super) fn note_with_second_step(&self) -> Option<String> {
        let note = self.note.as_deref()?;
        Some(match &self.second {
            None => note.to_owned(),
            Some(second) => format!(
                "{note} Its secret: {}. Recovery codes, each for once: {}.",
                second.secret,
                second.recovery_codes.join(", "),
            ),
        })
    }
}

impl World {
    /// The demo company and the tokens that exist already, with dates relative to `now`.
    pub(super) fn build(
        seed: u64,
        size: Option<Size>,
        tokens: usize,
        now: Timestamp,
    ) -> Result<(Self, Tokens), DemoError> {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut company = demo::parse()?;
        if let Some(size) = size {
            generate::resize(&mut company, size, &mut random);
        }
        generate::add_tokens(&mut company, tokens, &mut random);
        demo::build(company, &mut random, now)
    }

    /// As before there were archived repositories.
    pub(super) fn archive_nothing(&mut self) {
        for repository in &mut self.repositories {
            repository.archived = false;
        }
    }

    pub(super) fn user(&self, id: UserId) -> &User {
        &self.users[id.0]
    }

    pub(super) fn project(&self, id: ProjectId) -> &Project {
        &self.projects[id.0]
    }

    pub(super) fn repository(&self, id: RepositoryId) -> &Repository {
        &self.repositories[id.0]
    }

    /// By user name, as typed at a sign-in; Bitbucket ignores its case.
    pub(super) fn user_by_name(&self, name: &str) -> Option<UserId> {
        let same = |user: &User| user.name.eq_ignore_ascii_case(name);
        self.users.iter().position(same).map(UserId)
    }

    /// By the slug that stands in addresses.
    pub(super) fn user_by_slug(&self, slug: &str) -> Option<UserId> {
        let same = |user: &User| user.slug.eq_ignore_ascii_case(slug);
        self.users.iter().position(same).map(UserId)
    }

    /// By key, of which Bitbucket ignores the case: `plat`, `PLAT`, `~alice`.
    pub(super) fn project_by_key(&self, key: &str) -> Option<ProjectId> {
        let same = |project: &Project| project.key.eq_ignore_ascii_case(key);
        self.projects.iter().position(same).map(ProjectId)
    }

    /// The repository that once had this key and slug.
    pub(super) fn repository_formerly(&self, key: &str, slug: &str) -> Option<RepositoryId> {
        let place = format!("{key}/{slug}");
        let moved = |repository: &Repository| {
            let formerly = repository.formerly.as_deref();
            formerly.is_some_and(|formerly| formerly.eq_ignore_ascii_case(&place))
        };
        self.repositories.iter().position(moved).map(RepositoryId)
    }

    /// By slug within its project.
    pub(super) fn repository_by_slug(
        &self,
        project: ProjectId,
        slug: &str,
    ) -> Option<RepositoryId> {
        let repositories = self.project(project).repositories.iter().copied();
        repositories
            .into_iter()
            .find(|id| self.repository(*id).slug.eq_ignore_ascii_case(slug))
    }
}
