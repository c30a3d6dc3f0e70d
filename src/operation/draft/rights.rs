//! Permissions as somebody names them, in Bitbucket's words.

use crate::permission::{Level, Permissions, ScopeKind, refusal};

/// Why a token cannot have these permissions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RightsError {
    /// There is no such permission.
    #[error("{name} is not a permission of a token. These are: {}", possible(*.kind).join(", "))]
    Unknown {
        /// What was named.
        name: String,
        /// Which kind of token it is for.
        kind: ScopeKind,
    },
    /// No level on repositories is among them.
    #[error("A repository level is missing: REPO_READ, REPO_WRITE or REPO_ADMIN.")]
    NoRepositoryLevel,
    /// Bitbucket refuses the combination.
    #[error("{0}")]
    Refused(String),
}

/// The permissions with these names, in capitals or not.
///
/// # Errors
///
/// [`RightsError`].
pub fn permissions(kind: ScopeKind, names: &[String]) -> Result<Permissions, RightsError> {
    let names = names.iter().map(|name| name.trim().to_ascii_uppercase());
    let permissions = Permissions::from_api(names);
    if let Some(name) = permissions.other.first() {
        let name = name.clone();
        return Err(RightsError::Unknown { name, kind });
    }
    let repository = permissions
        .repository
        .ok_or(RightsError::NoRepositoryLevel)?;
    match refusal(kind, permissions.project, repository) {
        Some(why) => Err(RightsError::Refused(why)),
        None => Ok(permissions),
    }
}

fn possible(kind: ScopeKind) -> Vec<String> {
    let project = (kind != ScopeKind::Repository).then_some(Level::ALL);
    let project = project.into_iter().flatten().map(|level| Permissions {
        project: Some(level),
        ..Permissions::default()
    });
    let repository = Level::ALL.map(|level| Permissions::new(None, level));
    let all = project.chain(repository);
    all.flat_map(|permissions| permissions.to_api()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bitbucket_would_refuse_is_refused_with_what_there_is() {
        let read = |kind, names: &[&str]| {
            let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            permissions(kind, &names).map_err(|error| error.to_string())
        };
        let git = Permissions::new(Level::Read, Level::Write);
        assert_eq!(
            read(ScopeKind::Project, &["project_read", " REPO_WRITE"]),
            Ok(git)
        );
        for (kind, names, wanted) in [
            (
                ScopeKind::Repository,
                &["REPO_MAINTAIN"][..],
                "These are: REPO_READ, REPO_WRITE, REPO_ADMIN",
            ),
            (
                ScopeKind::Repository,
                &["PROJECT_READ", "REPO_READ"],
                "no project level",
            ),
            (
                ScopeKind::Project,
                &["PROJECT_READ"],
                "A repository level is missing",
            ),
            (
                ScopeKind::Personal,
                &["REPO_WRITE"],
                "Choose a project level too",
            ),
            (
                ScopeKind::Project,
                &["PROJECT_ADMIN", "REPO_READ"],
                "at least Repository admin",
            ),
        ] {
            let error = read(kind, names).unwrap_err();
            assert!(error.contains(wanted), "{names:?}: {error}");
        }
    }
}
