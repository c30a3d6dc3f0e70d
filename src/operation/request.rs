//! A request to whoever administers a place: the token that they may make and somebody else needs, in plain
//! words, and as the command that fills in their form.

use super::draft::{Proposal, UsedBy};
use super::place::{Place, project_name};
use super::rights::Rights;
use crate::bitbucket::{BaseUrl, Client, Error, Repository, Scope, User};
use crate::permission::{Level, Permissions};
use crate::preset::Preset;

/// More people than this nobody writes to.
const MOST_PEOPLE: usize = 5;
/// Among so many pages of people those are looked for who can be asked.
const MOST_PAGES: usize = 5;
const PAGE_SIZE: u32 = 100;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Where the token is to be made.
    pub place: &'a Place,
    /// On which server.
    pub base: &'a BaseUrl,
    /// What it is to be able to do.
    pub permissions: &'a Permissions,
    /// The preset that gives it that; `None`: the levels were chosen one by one.
    pub preset: Option<&'a Preset>,
    /// For how many days; `None`: without an end.
    pub days: Option<u32>,
    /// What it is to be called.
    pub name: &'a str,
    /// What uses it.
    pub used_by: &'a UsedBy,
    /// Who asks.
    pub user: &'a User,
}

impl Request<'_> {
    /// The message, ready to be sent.
    #[must_use]
    pub fn text(&self) -> String {
        let (kind, place) = match self.place {
            Place::Account(user) => ("personal", user.name.clone()),
            Place::Project(project) => ("project", project_name(project)),
            Place::Repository(repository) => (
                "repository",
                format!(
                    "{} / {}",
                    project_name(&repository.project),
                    repository.name
                ),
            ),
        };
        let rights = in_words(self.permissions);
        let lines = [
            format!("Hello, please create this {kind} token in Bitbucket. I am not allowed to create it \
                     myself."),
            String::new(),
            format!("Place:   {place}"),
            format!("Page:    {}", self.base.tokens_page(Some(&self.place.scope()))),
            format!("Name:    {}", self.name),
            match self.preset {
                Some(preset) => format!("Rights:  {rights} (\"{}\")", preset.name),
                None => format!("Rights:  {rights}"),
            },
            format!("Expires: {}", expiry(self.days)),
            match self.preset {
                Some(preset) => format!("For:     {} ({})", self.uses(), preset.summary),
                None => format!("For:     {}", self.uses()),
            },
            String::new(),
            match self.preset {
                Some(_) => "With bbtoken, this command fills in the form:".to_owned(),
                None => "With bbtoken, this command opens the form. Choose custom there, and these rights:"
                    .to_owned(),
            },
            self.command(),
            String::new(),
            "Bitbucket shows the token only once. Please enter it where it is needed yourself, or give it to me safely: not by mail or chat.".to_owned(),
            String::new(),
            self.user.display_name.clone(),
        ];
        lines.join("\n")
    }

    /// The command that fills in the form. The place is an address, which also says which server.
    #[must_use]
    pub fn command(&self) -> String {
        let page = match self.place.scope() {
            Scope::Personal { .. } => self.base.to_string(),
            Scope::Project { key } => self.base.page(&["projects", &key]),
            Scope::Repository { project, slug } => {
                self.base.page(&["projects", &project, "repos", &slug])
            }
        };
        let proposal = Proposal {
            preset: self.preset.map(|preset| preset.id.clone()),
            tool: match self.used_by {
                UsedBy::Git => None,
                UsedBy::Tool(tool) => Some(tool.clone()),
            },
            name: Some(self.name.to_owned()),
            days: self.days,
        };
        proposal.command(&page)
    }

    fn uses(&self) -> String {
        match self.used_by {
            UsedBy::Git => format!("git on the computer of {}", self.user.display_name),
            UsedBy::Tool(tool) => tool.clone(),
        }
    }
}

/// A request for a permission on a repository: what somebody's own token cannot have either.
#[derive(Debug, Clone, Copy)]
pub struct PermissionRequest<'a> {
    /// Where.
    pub repository: &'a Repository,
    /// On which server.
    pub base: &'a BaseUrl,
    /// What is asked for.
    pub level: Level,
    /// The user may read it already.
    pub may_read: bool,
    /// Who asks.
    pub user: &'a User,
}

impl PermissionRequest<'_> {
    /// The message, ready to be sent.
    #[must_use]
    pub fn text(&self) -> String {
        let Repository {
            project,
            slug,
            name,
            ..
        } = self.repository;
        let so_far = if self.may_read {
            "So far I may only read it."
        } else {
            "So far I cannot see it."
        };
        let level = self.level.word();
        let lines = [
            format!(
                "Hello, please give me {level} permission for this repository in Bitbucket. {so_far}"
            ),
            String::new(),
            format!("Repository:  {} / {name}", project_name(project)),
            format!(
                "Page:        {}",
                self.base.page(&["projects", &project.key, "repos", slug])
            ),
            "Where:       Repository settings › Repository permissions".to_owned(),
            format!("User name:   {}", self.user.name),
            format!("Permission:  {level}"),
            String::new(),
            self.user.display_name.clone(),
        ];
        lines.join("\n")
    }
}

fn expiry(days: Option<u32>) -> String {
    match days {
        None => "never".to_owned(),
        Some(1) => "after 1 day".to_owned(),
        Some(days) => format!("after {days} days"),
    }
}

/// "Project read and Repository write".
fn in_words(permissions: &Permissions) -> String {
    let level =
        |scale: &str, level: Option<Level>| level.map(|level| format!("{scale} {}", level.word()));
    let levels = [
        level("Project", permissions.project),
        level("Repository", permissions.repository),
    ];
    let levels: Vec<_> = levels.into_iter().flatten().collect();
    levels.join(" and ")
}

/// Who may make tokens in this place for somebody who may not: those who administer it. Whoever administers
/// a repository and may make none there all the same asks those of its project.
#[must_use]
pub fn whose_administrators(place: &Place, rights: &Rights) -> Scope {
    match place {
        Place::Repository(repository) if rights.administers(place) == Some(true) => {
            Scope::Project {
                key: repository.project.key.clone(),
            }
        }
        _ => place.scope(),
    }
}

/// The people who administer a place, without the one who asks; those first whom the organisation names.
/// No more than anybody would write to.
///
/// # Errors
/// Those of [`Client::administrators`], among them
/// [`ErrorKind::NotPermitted`](crate::bitbucket::ErrorKind::NotPermitted) where the server does not tell
/// this user.
pub async fn people_to_ask(
    client: &Client,
    place: &Scope,
    asking: &User,
    named_first: &str,
) -> Result<Vec<User>, Error> {
    let mut pages = client.administrators(place).limit(PAGE_SIZE);
    let mut people: Vec<User> = Vec::new();
    for _ in 0..MOST_PAGES {
        let Some(page) = pages.next().await? else {
            break;
        };
        let others = page.values.into_iter();
        people.extend(others.filter(|user| user.slug != asking.slug));
    }
    let named = named_first.to_lowercase();
    let is_named = |user: &User| {
        let mut names = [&user.name, &user.display_name].into_iter();
        names.any(|name| has_word(&named, &name.to_lowercase()))
    };
    people.sort_by_key(|user| !is_named(user));
    people.truncate(MOST_PEOPLE);
    Ok(people)
}

/// Whether the word, or words, stand in the text alone.
fn has_word(text: &str, word: &str) -> bool {
    let is_edge = |next: Option<char>| !next.is_some_and(char::is_alphanumeric);
    text.match_indices(word).any(|(start, found)| {
        let (before, after) = (&text[..start], &text[start + found.len()..]);
        is_edge(before.chars().next_back()) && is_edge(after.chars().next())
    })
}
