//! What a token may do: levels, the combinations that Bitbucket accepts, and in plain words what
//! each lets a token do. The source is the vendor's table of permissions for HTTP access tokens.

use std::fmt;

/// How far a token reaches into one of the two scales, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Look and fetch.
    Read,
    /// Change content.
    Write,
    /// Change settings and permissions.
    Admin,
}

impl Level {
    /// All levels, lowest first: the order of both scales on the screen.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// Bitbucket's word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    fn api_suffix(self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Write => "WRITE",
            Self::Admin => "ADMIN",
        }
    }
}

/// The three places where Bitbucket makes HTTP access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// Manage account: acts as the user and reaches what the user reaches.
    Personal,
    /// Project settings: every repository of one project.
    Project,
    /// Repository settings: one repository.
    Repository,
}

/// How far a token reaches is not known: it has a permission that this program does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unclear;

/// What a token is given: a level on each scale.
///
/// A repository token has no project level. Servers may hold tokens with other combinations or with
/// levels that this program does not know; those are kept in `other`, as the server names them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permissions {
    /// The level on the project scale.
    pub project: Option<Level>,
    /// The level on the repository scale.
    pub repository: Option<Level>,
    /// Names of permissions that are on neither scale, cleaned.
    pub other: Vec<String>,
}

impl Permissions {
    /// Both scales; `project` is `None` for a repository token.
    #[must_use]
    pub fn new(project: impl Into<Option<Level>>, repository: Level) -> Self {
        Self {
            project: project.into(),
            repository: Some(repository),
            other: Vec::new(),
        }
    }

    /// Reads Bitbucket's list, such as `["PROJECT_READ", "REPO_WRITE"]`. Of several levels on one
    /// scale the highest counts, since each includes those below it.
    #[must_use]
    pub fn from_api<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Self {
        let mut permissions = Self::default();
        for name in names {
            let name = name.as_ref();
            let level = |prefix: &str| {
                let suffix = name.strip_prefix(prefix)?;
                Level::ALL
                    .into_iter()
                    .find(|level| level.api_suffix() == suffix)
            };
            if let Some(level) = level("PROJECT_") {
                permissions.project = permissions.project.max(Some(level));
            } else if let Some(level) = level("REPO_") {
                permissions.repository = permissions.repository.max(Some(level));
            } else {
                permissions.other.push(name.to_owned());
            }
        }
        permissions
    }

    /// The level on the project scale, or nothing; `Err` where there is a permission that may be a higher
    /// one, and nobody here knows.
    ///
    /// # Errors
    ///
    /// [`Unclear`].
    pub fn project_level(&self) -> Result<Option<Level>, Unclear> {
        self.level(self.project, "REPO_")
    }

    /// The same on the repository scale.
    ///
    /// # Errors
    ///
    /// [`Unclear`].
    pub fn repository_level(&self) -> Result<Option<Level>, Unclear> {
        self.level(self.repository, "PROJECT_")
    }

    fn level(&self, known: Option<Level>, elsewhere: &str) -> Result<Option<Level>, Unclear> {
        let mut others = self.other.iter();
        if known < Some(Level::Admin) && !others.all(|name| name.starts_with(elsewhere)) {
            return Err(Unclear);
        }
        Ok(known)
    }

    /// Whether these are the same, in whatever order a server names them.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let named = |permissions: &Self| {
            let mut names = permissions.to_api();
            names.sort();
            names
        };
        named(self) == named(other)
    }

    /// Bitbucket's list, such as `["PROJECT_READ", "REPO_WRITE"]`.
    #[must_use]
    pub fn to_api(&self) -> Vec<String> {
        let scale = |prefix: &str, level: Option<Level>| {
            level.map(|level| format!("{prefix}_{}", level.api_suffix()))
        };
        scale("PROJECT", self.project)
            .into_iter()
            .chain(scale("REPO", self.repository))
            .chain(self.other.iter().cloned())
            .collect()
    }
}

impl fmt::Display for Permissions {
    /// "Project read, Repository write", in Bitbucket's words; what is on neither scale as the
    /// server names it, and that nobody here knows what it means.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let project = self
            .project
            .map(|level| format!("Project {}", level.word()));
        let repository = self
            .repository
            .map(|level| format!("Repository {}", level.word()));
        let unknown = self.other.iter();
        let unknown = unknown.map(|name| format!("{name} (unknown to bbtoken)"));
        let words: Vec<_> = project
            .into_iter()
            .chain(repository)
            .chain(unknown)
            .collect();
        if words.is_empty() {
            f.write_str("none")
        } else {
            f.write_str(&words.join(", "))
        }
    }
}

/// Why Bitbucket refuses a combination, as a sentence; `None` where it accepts it.
#[must_use]
pub fn refusal(kind: ScopeKind, project: Option<Level>, repository: Level) -> Option<String> {
    match (kind, project) {
        (ScopeKind::Repository, Some(_)) => {
            Some("A repository token has no project level.".to_owned())
        }
        (ScopeKind::Repository, None) => None,
        (_, None) => Some("Choose a project level too.".to_owned()),
        (_, Some(project)) if repository < project => Some(format!(
            "Project {} needs at least Repository {}: the repository level may not be below the project level.",
            project.word(),
            project.word(),
        )),
        (_, Some(_)) => None,
    }
}

/// One thing that a token can or cannot do, as the end of "This token can …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ability {
    /// Whether the token can.
    pub can: bool,
    /// The words, such as "clone and pull billing-api".
    pub what: String,
}

/// What a token with these permissions can and cannot do, most useful first.
///
/// `place` names what the token is for ("billing-api", "Platform (PLAT)", "your account").
#[must_use]
pub fn abilities(kind: ScopeKind, permissions: &Permissions, place: &str) -> Vec<Ability> {
    let repository = permissions.repository;
    let project = permissions.project;
    let (reach, push) = match kind {
        ScopeKind::Personal => {
            let may_push = repository >= Some(Level::Write);
            let push = if may_push {
                "push where you may write"
            } else {
                "push to any repository"
            };
            ("where you may read".to_owned(), push.to_owned())
        }
        ScopeKind::Project => {
            let reach = format!("every repository of {place}");
            let push = format!("push to {reach}");
            (reach, push)
        }
        ScopeKind::Repository => (place.to_owned(), format!("push to {place}")),
    };
    let ability = |can: bool, what: String| Ability { can, what };
    let at_least = |wanted: Level| repository >= Some(wanted);

    let mut list = vec![
        ability(at_least(Level::Read), format!("clone and pull {reach}")),
        ability(at_least(Level::Write), push),
        ability(
            at_least(Level::Write),
            "create and change pull requests".to_owned(),
        ),
        ability(
            at_least(Level::Admin),
            "change repository settings and permissions".to_owned(),
        ),
    ];
    if kind != ScopeKind::Repository {
        list.push(ability(
            project >= Some(Level::Admin),
            "change project settings, create repositories".to_owned(),
        ));
    }
    match kind {
        ScopeKind::Personal => {
            list.push(ability(false, "do more than you can".to_owned()));
        }
        ScopeKind::Project => {
            list.push(ability(false, "reach any other project".to_owned()));
            list.push(ability(false, "merge pull requests".to_owned()));
        }
        ScopeKind::Repository => {
            list.push(ability(false, "reach any other repository".to_owned()));
            list.push(ability(false, "merge pull requests".to_owned()));
        }
    }
    list.push(ability(false, "create or change tokens".to_owned()));
    list.push(ability(false, "sign in to the web pages".to_owned()));
    list.push(ability(false, "administer the server".to_owned()));
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_combinations_is_bitbuckets() {
        use Level::{Admin, Read, Write};
        let refused: Vec<_> = Level::ALL
            .into_iter()
            .flat_map(|project| Level::ALL.map(|repository| (project, repository)))
            .filter(|(project, repository)| {
                refusal(ScopeKind::Project, Some(*project), *repository).is_some()
            })
            .collect();
        assert_eq!(refused, [(Write, Read), (Admin, Read), (Admin, Write)]);
        for level in Level::ALL {
            assert_eq!(refusal(ScopeKind::Repository, None, level), None);
            assert!(refusal(ScopeKind::Repository, Some(Read), level).is_some());
            assert!(refusal(ScopeKind::Personal, None, level).is_some());
        }
    }

    #[test]
    fn names_survive_the_way_there_and_back() {
        let names = ["PROJECT_READ", "REPO_WRITE", "PLANET_ADMIN"];
        let permissions = Permissions::from_api(names);
        assert_eq!(permissions.to_api(), names);
        assert_eq!(
            permissions.to_string(),
            "Project read, Repository write, PLANET_ADMIN (unknown to bbtoken)"
        );
        assert_eq!(Permissions::default().to_string(), "none");
    }

    #[test]
    fn a_level_beside_an_unknown_one_is_unclear() {
        let levels = |names: &[&str]| {
            let permissions = Permissions::from_api(names);
            (permissions.project_level(), permissions.repository_level())
        };
        let (read, admin) = (Ok(Some(Level::Read)), Ok(Some(Level::Admin)));
        assert_eq!(levels(&["PROJECT_READ", "REPO_READ"]), (read, read));
        assert_eq!(
            levels(&["PROJECT_READ", "REPO_READ", "REPO_MAINTAIN"]),
            (read, Err(Unclear))
        );
        assert_eq!(levels(&["REPO_MAINTAIN"]), (Ok(None), Err(Unclear)));
        assert_eq!(
            levels(&["PLANET_ADMIN", "REPO_ADMIN"]),
            (Err(Unclear), admin)
        );
    }

    #[test]
    fn of_several_levels_the_highest_counts() {
        let permissions = Permissions::from_api(["REPO_WRITE", "REPO_READ"]);
        assert_eq!(permissions.repository, Some(Level::Write));
    }

    #[test]
    fn each_level_can_do_what_the_one_below_can() {
        for kind in [
            ScopeKind::Personal,
            ScopeKind::Project,
            ScopeKind::Repository,
        ] {
            let can = |level| {
                let project = (kind != ScopeKind::Repository).then_some(Level::Read);
                abilities(kind, &Permissions::new(project, level), "x")
                    .into_iter()
                    .filter(|ability| ability.can)
                    .map(|ability| ability.what)
                    .collect::<Vec<_>>()
            };
            let (read, write, admin) = (can(Level::Read), can(Level::Write), can(Level::Admin));
            assert!(read.len() < write.len() && write.len() < admin.len());
            assert!(read.iter().all(|what| write.contains(what)));
            assert!(write.iter().all(|what| admin.contains(what)));
        }
    }
}
