//! A server's users, projects and repositories, as far as this program needs them.

use reqwest::Url;
use serde_json::Value;

use super::fields::{exact, flag, list, text};
use crate::text::clean;

/// A person, or a technical account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// What they sign in with, and what git sends as the user name.
    pub name: String,
    /// What stands in paths. Often the name, but `a@b` becomes `a_b`.
    pub slug: String,
    /// What people call them.
    pub display_name: String,
}

/// A project: a place for repositories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Such as `PLAT`, or `~alice` for a personal project. Exactly as the server sends it.
    pub key: String,
    /// Such as "Platform"; the key where the server sends none.
    pub name: String,
    /// One line.
    pub description: Option<String>,
    /// Whether everybody can see it, signed in or not.
    pub public: bool,
    /// Whether it belongs to one user.
    pub personal: bool,
    /// That user, where the server tells.
    pub owner: Option<User>,
}

/// A repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// What stands in paths, such as `billing-api`. Exactly as the server sends it.
    pub slug: String,
    /// What people call it; the slug where the server sends no name.
    pub name: String,
    /// Where it lives.
    pub project: Project,
    /// One line.
    pub description: Option<String>,
    /// Whether nobody can push to it any more.
    pub archived: bool,
    /// Whether it can be used at all.
    pub state: RepositoryState,
    /// Whether everybody can see it, signed in or not.
    pub public: bool,
    /// The address for `git clone` over HTTP, without user information.
    pub clone_http: Option<String>,
    /// The address for `git clone` over SSH.
    pub clone_ssh: Option<String>,
}

/// Whether a repository can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepositoryState {
    /// It can, or the server does not tell.
    Available,
    /// It is being made.
    Initialising,
    /// Making it has failed.
    InitialisationFailed,
    /// It is not within the server's reach.
    Offline,
    /// A state that this program does not know, in the server's word.
    Other(String),
}

impl RepositoryState {
    fn read(repository: &Value) -> Self {
        match text(repository, "state") {
            None => Self::Available,
            Some(word) => match word.as_str() {
                "AVAILABLE" => Self::Available,
                "INITIALISING" => Self::Initialising,
                "INITIALISATION_FAILED" => Self::InitialisationFailed,
                "OFFLINE" => Self::Offline,
                _ => Self::Other(word),
            },
        }
    }

    /// In a word or two, and what that means; `None` where nothing is wrong.
    #[must_use]
    pub fn words(&self) -> Option<(&str, &'static str)> {
        match self {
            Self::Available => None,
            Self::Initialising => Some(("initialising", "Bitbucket is still creating it")),
            Self::InitialisationFailed => Some((
                "failed",
                "Bitbucket could not create it: ask an administrator of the project",
            )),
            Self::Offline => Some(("offline", "nobody can clone it or push to it")),
            Self::Other(word) => Some((word, "bbtoken does not know what that means")),
        }
    }
}

impl User {
    /// `None` without a slug that can stand in a path.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let slug = exact(value, "slug")?;
        let name = text(value, "name").unwrap_or_else(|| slug.clone());
        Some(Self {
            display_name: text(value, "displayName").unwrap_or_else(|| name.clone()),
            name,
            slug,
        })
    }
}

impl Project {
    /// `None` without a key that can stand in a path.
    pub(super) fn read(value: &Value) -> Option<Self> {
        let key = exact(value, "key")?;
        Some(Self {
            name: text(value, "name").unwrap_or_else(|| key.clone()),
            description: text(value, "description"),
            public: flag(value, "public"),
            personal: value["type"] == "PERSONAL" || key.starts_with('~'),
            owner: User::read(&value["owner"]),
            key,
        })
    }

    /// A project of which only the key is known.
    fn of_key(key: &str) -> Option<Self> {
        Self::read(&serde_json::json!({ "key": key }))
    }
}

impl Repository {
    /// A repository of which only the names in its address are known.
    #[must_use]
    pub fn named(project: &str, slug: &str) -> Option<Self> {
        Self::read(&serde_json::json!({ "slug": slug }), project)
    }

    /// `None` without a slug and a project that can stand in a path. `project_key` counts where the
    /// answer names no project.
    pub(super) fn read(value: &Value, project_key: &str) -> Option<Self> {
        let slug = exact(value, "slug")?;
        Some(Self {
            name: text(value, "name").unwrap_or_else(|| slug.clone()),
            project: Project::read(&value["project"]).or_else(|| Project::of_key(project_key))?,
            description: text(value, "description"),
            archived: flag(value, "archived"),
            state: RepositoryState::read(value),
            public: flag(value, "public"),
            clone_http: clone_address(value, "http"),
            clone_ssh: clone_address(value, "ssh"),
            slug,
        })
    }
}

/// One of `links.clone[]`. The http address may carry the name of whoever asked: it is removed, and
/// so is every password.
fn clone_address(value: &Value, kind: &str) -> Option<String> {
    let link = list(&value["links"], "clone")
        .iter()
        .find(|link| link["name"] == kind)?;
    let mut url = Url::parse(&text(link, "href")?).ok()?;
    let fits = match kind {
        "http" => matches!(url.scheme(), "http" | "https"),
        _ => url.scheme() == kind,
    };
    if !fits {
        return None;
    }
    url.set_password(None).ok()?;
    if kind == "http" {
        url.set_username("").ok()?;
    }
    Some(clean(url.as_str()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_repository() {
        let value = json!({
            "slug": "billing-api", "id": 7, "name": "Billing\u{1b}[31m API", "archived": true,
            "description": "two\nlines", "state": "AVAILABLE", "public": false, "surprise": {},
            "project": { "key": "PLAT", "id": "3", "name": "Platform", "public": true,
                         "type": "NORMAL", "links": { "self": [null] } },
            "links": { "self": null, "clone": [
                { "name": "ssh", "href": "ssh://git@host:7999/plat/billing-api.git" },
                { "name": "http", "href": "https://alice:pw@host/b/scm/plat/billing-api.git" },
            ] },
        });
        let repository = Repository::read(&value, "").unwrap();
        assert_eq!(repository.name, "Billing API");
        assert_eq!(repository.description.unwrap(), "two lines");
        assert!(repository.archived && !repository.public);
        assert!(repository.project.public && !repository.project.personal);
        assert_eq!(
            repository.clone_http.unwrap(),
            "https://host/b/scm/plat/billing-api.git"
        );
        assert_eq!(
            repository.clone_ssh.unwrap(),
            "ssh://git@host:7999/plat/billing-api.git"
        );
    }

    #[test]
    fn the_least_that_is_a_repository() {
        let repository = Repository::read(&json!({ "slug": "a" }), "~alice").unwrap();
        assert_eq!(repository.name, "a");
        assert_eq!(repository.project.key, "~alice");
        assert!(repository.project.personal);
        assert_eq!(repository.clone_http, None);
        assert_eq!(Repository::read(&json!({ "slug": "a" }), ""), None);
        assert_eq!(Repository::read(&json!({ "name": "a" }), "PLAT"), None);
        assert_eq!(Repository::read(&json!(null), "PLAT"), None);
    }

    #[test]
    fn clone_addresses_are_what_they_say() {
        for href in [
            "file:///etc/passwd",
            "ext::sh -c x",
            "--upload-pack=x",
            "javascript:1",
        ] {
            let value = json!({ "slug": "a", "links": { "clone": [
                { "name": "http", "href": href }, { "name": "ssh", "href": href } ] } });
            let repository = Repository::read(&value, "PLAT").unwrap();
            assert_eq!(repository.clone_http, None);
            assert_eq!(repository.clone_ssh, None);
        }
    }

    #[test]
    fn owners_and_users_tolerate_gaps() {
        let value = json!({ "key": "~alice", "owner": { "slug": "alice", "name": null } });
        let owner = Project::read(&value).unwrap().owner.unwrap();
        assert_eq!(owner.name, "alice");
        assert_eq!(owner.display_name, "alice");
        assert_eq!(User::read(&json!({ "name": "alice" })), None);
    }
}
