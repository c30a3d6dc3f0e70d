//! Reads `assets/demo.toml` and turns it into a [`World`].
//!
//! The file holds what a person would write down (names, who may do what, how many days ago);
//! numbers, dates and cross references come from here.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::{
    Project, ProjectId, Repository, RepositoryId, RepositoryState, Second, SignIn, User, UserId,
    World,
};
use crate::permission::Level;
use crate::simulator::permissions::Permissions;
use crate::simulator::token::{Token, TokenHome, TokenId, Tokens};

const DEMO: &str = include_str!("../../../assets/demo.toml");

/// A mistake in `assets/demo.toml`; the tests keep it from reaching anybody.
#[derive(Debug, thiserror::Error)]
pub(in crate::simulator) enum DemoError {
    /// It is not the TOML that we read.
    #[error("the demo world cannot be read: {0}")]
    Syntax(#[from] toml::de::Error),
    /// Something names a user, project or repository that is not there.
    #[error("the demo world names “{0}”, which it does not describe")]
    Unknown(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Company {
    domain: String,
    pub(super) user: Vec<UserEntry>,
    pub(super) project: Vec<ProjectEntry>,
    pub(super) token: Vec<TokenEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserEntry {
    pub(super) name: String,
    slug: Option<String>,
    display_name: String,
    #[serde(default)]
    sign_in: SignIn,
    totp_secret: Option<String>,
    #[serde(default)]
    recovery_codes: Vec<String>,
    #[serde(default)]
    administrator: bool,
    note: Option<String>,
    #[serde(default)]
    pub(super) recent: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct ProjectEntry {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    #[serde(default)]
    pub(super) public: bool,
    pub(super) owner: Option<String>,
    pub(super) everyone: Option<String>,
    #[serde(flatten)]
    pub(super) grants: Grants,
    #[serde(default)]
    pub(super) repositories: Vec<RepositoryEntry>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Grants {
    #[serde(default)]
    admins: Vec<String>,
    #[serde(default)]
    writers: Vec<String>,
    #[serde(default)]
    readers: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RepositoryEntry {
    /// Only a name, which is also the slug.
    Name(String),
    /// Anything more.
    Full(FullRepository),
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct FullRepository {
    name: String,
    slug: Option<String>,
    description: Option<String>,
    #[serde(default)]
    archived: bool,
    #[serde(default)]
    state: RepositoryState,
    formerly: Option<String>,
    #[serde(default)]
    public: bool,
    #[serde(flatten)]
    grants: Grants,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenEntry {
    pub(super) user: Option<String>,
    pub(super) project: Option<String>,
    /// `KEY/slug`.
    pub(super) repository: Option<String>,
    pub(super) name: String,
    pub(super) permissions: Vec<String>,
    pub(super) created_days_ago: i64,
    pub(super) used_days_ago: Option<i64>,
    /// Negative: expired already.
    pub(super) expires_in_days: Option<i64>,
}

impl RepositoryEntry {
    pub(super) fn slug(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Full(full) => full.slug.as_deref().unwrap_or(&full.name),
        }
    }
}

impl TokenEntry {
    /// The project or `KEY/slug` that the token is for; `None` for a personal one.
    pub(super) fn place(&self) -> Option<&str> {
        self.repository.as_deref().or(self.project.as_deref())
    }
}

pub(super) fn parse() -> Result<Company, DemoError> {
    Ok(toml::from_str(DEMO)?)
}

pub(super) fn build(
    company: Company,
    random: &mut fastrand::Rng,
    now: Timestamp,
) -> Result<(World, Tokens), DemoError> {
    let mut world = World {
        users: Vec::new(),
        projects: Vec::new(),
        repositories: Vec::new(),
        listed: Vec::new(),
    };
    let mut recent = Vec::new();
    for (number, entry) in (0u32..).zip(company.user) {
        recent.push(entry.recent);
        world.users.push(User {
            id: number * 50 + 2,
            slug: entry.slug.unwrap_or_else(|| entry.name.clone()),
            email: if entry.name.contains('@') {
                entry.name.clone()
            } else {
                format!("{}@{}", entry.name, company.domain)
            },
            name: entry.name,
            display_name: entry.display_name,
            sign_in: entry.sign_in,
            second: entry.totp_secret.map(|secret| Second {
                secret,
                recovery_codes: entry.recovery_codes,
            }),
            administrator: entry.administrator,
            note: entry.note,
            recent: Vec::new(),
        });
    }
    for (number, entry) in (1u32..).zip(company.project) {
        world.add_project(number, entry, random, now)?;
    }
    world.sort();
    for (index, places) in recent.into_iter().enumerate() {
        let places: Result<_, _> = places.iter().map(|place| world.place(place)).collect();
        world.users[index].recent = places?;
    }
    let mut tokens = Tokens::default();
    for entry in company.token {
        tokens.insert(world.token(entry, random, now)?);
    }
    Ok((world, tokens))
}

/// `days` before now, at some minute of that day, so that a list does not look stamped.
fn days_ago(now: Timestamp, days: i64, random: &mut fastrand::Rng) -> Timestamp {
    let within = SignedDuration::from_secs(random.i64(60..36_000));
    now - SignedDuration::from_hours(24 * days) - within
}

impl World {
    fn add_project(
        &mut self,
        number: u32,
        entry: ProjectEntry,
        random: &mut fastrand::Rng,
        now: Timestamp,
    ) -> Result<(), DemoError> {
        let id = ProjectId(self.projects.len());
        let owner = entry.owner.as_deref().map(|name| self.named(name));
        self.projects.push(Project {
            id: number,
            key: entry.key,
            name: entry.name,
            description: entry.description,
            public: entry.public,
            owner: owner.transpose()?,
            everyone: entry.everyone.as_deref().map(level).transpose()?,
            grants: self.grants(&entry.grants)?,
            repositories: Vec::new(),
        });
        for entry in entry.repositories {
            let full = match entry {
                RepositoryEntry::Full(full) => full,
                RepositoryEntry::Name(name) => FullRepository {
                    name,
                    ..FullRepository::default()
                },
            };
            let index = self.repositories.len();
            let days = random.i64(30..1500);
            self.repositories.push(Repository {
                id: u32::try_from(index).unwrap_or(u32::MAX - 1) + 1,
                project: id,
                slug: full.slug.unwrap_or_else(|| full.name.clone()),
                name: full.name,
                description: full.description,
                hierarchy: format!("{:020x}", random.u128(..) >> 48),
                public: full.public,
                archived: full.archived,
                state: full.state,
                formerly: full.formerly,
                created: days_ago(now, days, random),
                grants: self.grants(&full.grants)?,
            });
            self.projects[id.0].repositories.push(RepositoryId(index));
        }
        Ok(())
    }

    /// Bitbucket lists projects and repositories by name, without regard to case.
    fn sort(&mut self) {
        let mut listed: Vec<_> = (0..self.projects.len()).map(ProjectId).collect();
        listed.retain(|id| self.project(*id).owner.is_none());
        listed.sort_by_cached_key(|id| self.project(*id).name.to_lowercase());
        self.listed = listed;
        let repositories = self.repositories.iter();
        let names: Vec<_> = repositories.map(|it| it.name.to_lowercase()).collect();
        for project in &mut self.projects {
            let by_name = |a: &RepositoryId, b: &RepositoryId| names[a.0].cmp(&names[b.0]);
            project.repositories.sort_by(by_name);
        }
    }

    fn named(&self, name: &str) -> Result<UserId, DemoError> {
        self.user_by_name(name)
            .ok_or_else(|| DemoError::Unknown(name.to_owned()))
    }

    fn grants(&self, names: &Grants) -> Result<HashMap<UserId, Level>, DemoError> {
        let mut grants = HashMap::new();
        for (level, names) in [
            (Level::Read, &names.readers),
            (Level::Write, &names.writers),
            (Level::Admin, &names.admins),
        ] {
            for name in names {
                grants.insert(self.named(name)?, level);
            }
        }
        Ok(grants)
    }

    /// Finds `KEY/slug`.
    fn place(&self, place: &str) -> Result<RepositoryId, DemoError> {
        place
            .split_once('/')
            .and_then(|(key, slug)| self.repository_by_slug(self.project_by_key(key)?, slug))
            .ok_or_else(|| DemoError::Unknown(place.to_owned()))
    }

    fn token(
        &self,
        entry: TokenEntry,
        random: &mut fastrand::Rng,
        now: Timestamp,
    ) -> Result<Token, DemoError> {
        let scope = if let Some(place) = &entry.repository {
            TokenHome::Repository(self.place(place)?)
        } else if let Some(key) = &entry.project {
            let project = self.project_by_key(key);
            TokenHome::Project(project.ok_or_else(|| DemoError::Unknown(key.clone()))?)
        } else {
            TokenHome::User(self.named(entry.user.as_deref().unwrap_or_default())?)
        };
        let created = days_ago(now, entry.created_days_ago, random);
        let used = entry.used_days_ago.map(|days| days_ago(now, days, random));
        let expiry = entry.expires_in_days;
        Ok(Token {
            id: TokenId(random.u64(100_000_000_000..1_000_000_000_000)),
            name: entry.name,
            permissions: Permissions::read(&entry.permissions),
            scope,
            created,
            expiry: expiry.map(|days| now + SignedDuration::from_hours(24 * days)),
            last_authenticated: used.map(|used| used.max(created)),
            // Nobody knows the secrets of these tokens: a hash of nothing that was ever told.
            hash: std::array::from_fn(|_| random.u8(..)),
        })
    }
}

fn level(word: &str) -> Result<Level, DemoError> {
    Level::ALL
        .into_iter()
        .find(|level| level.word() == word)
        .ok_or_else(|| DemoError::Unknown(word.to_owned()))
}
