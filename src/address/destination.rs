//! Where an address leads: which Bitbucket, and which place on it.
//!
//! People paste what they have at hand: the browser's address of a repository, a pull request or a
//! token page, what `git clone` was given, or just `PLAT/billing-api`. Each of them names a place.

use reqwest::Url;

use super::base_url::BaseUrl;
use super::scope::Scope;
use super::typed::{AddressError, web_address};

/// A place on a Bitbucket that an address leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// The user's own account, where personal tokens are.
    Account,
    /// A project.
    Project {
        /// Its key, `~alice` for a personal one.
        key: String,
    },
    /// A repository.
    Repository {
        /// The project's key.
        project: String,
        /// Its slug.
        slug: String,
    },
    /// The HTTP access tokens of a project or repository; personal ones are [`Self::Account`].
    Tokens(Scope),
}

/// How the server of an [`Address`] is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerFrom {
    /// The text names it.
    Text,
    /// It is one of the known servers, which the text only hints at.
    Known,
    /// Guessed: the web pages may be on the host that the text names for git over SSH.
    SshHost,
}

/// What a text leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The Bitbucket, and how it is known; `None`: the text names a place only.
    pub server: Option<(BaseUrl, ServerFrom)>,
    /// The place on it; `None`: its first page.
    pub destination: Option<Destination>,
}

impl Address {
    /// Reads what somebody typed or pasted: everything that [`BaseUrl::parse`] reads, addresses of
    /// git over SSH, `PROJECT` and `PROJECT/repository`. `known` are the servers that those can
    /// mean, the most likely first.
    ///
    /// One word in small letters is a project where a server is known, else the name of a host.
    ///
    /// # Errors
    ///
    /// See [`AddressError`].
    pub fn parse(text: &str, known: &[BaseUrl]) -> Result<Self, AddressError> {
        let text = text.trim();
        if let Some((host, path)) = ssh(text) {
            return Self::over_ssh(host, path, known);
        }
        if let Some(destination) = Destination::typed(text, !known.is_empty()) {
            let server = known.first();
            return Ok(Self {
                server: server.map(|base| (base.clone(), ServerFrom::Known)),
                destination: Some(destination),
            });
        }
        let url = web_address(text)?;
        if let Some(below_known) = Self::below(&url, known) {
            return Ok(below_known);
        }
        let base = BaseUrl::of(&url);
        let destination = Destination::on_page(&url, &base);
        // A bare host of a known server: its context path is known too.
        let lies_below = |known: &&BaseUrl| base.segments_below(&known.to_string()).is_some();
        if destination.is_none()
            && !known.contains(&base)
            && let Some(known) = known.iter().find(lies_below)
        {
            return Ok(Self {
                server: Some((known.clone(), ServerFrom::Known)),
                destination: None,
            });
        }
        Ok(Self {
            server: Some((base, ServerFrom::Text)),
            destination,
        })
    }

    /// A place on one of the known servers: its context path is no guess.
    fn below(url: &Url, known: &[BaseUrl]) -> Option<Self> {
        let place = |base: &BaseUrl| Some((base.clone(), Destination::on_page(url, base)?));
        let places = known.iter().filter_map(place);
        let (base, destination) = places.max_by_key(|(base, _)| base.to_string().len())?;
        Some(Self {
            server: Some((base, ServerFrom::Text)),
            destination: Some(destination),
        })
    }

    /// `ssh://git@host:7999/plat/x.git` does not tell where the web pages are.
    fn over_ssh(host: &str, path: &str, known: &[BaseUrl]) -> Result<Self, AddressError> {
        let guess = BaseUrl::parse(&format!("https://{host}"))?;
        let same_host = |known: &&BaseUrl| known.host_name() == guess.host_name();
        let server = match known.iter().find(same_host) {
            Some(known) => (known.clone(), ServerFrom::Known),
            None => (guess, ServerFrom::SshHost),
        };
        let mut parts = path.split('/').filter(|part| !part.is_empty()).rev();
        let destination = match (parts.next(), parts.next()) {
            (Some(slug), Some(project)) => Destination::clone_of(project, slug),
            _ => None,
        };
        Ok(Self {
            server: Some(server),
            destination,
        })
    }
}

impl Destination {
    /// The place in words that need no server: "PLAT / billing-api".
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Account => "your account".to_owned(),
            Self::Project { key } | Self::Tokens(Scope::Project { key }) => key.clone(),
            Self::Repository { project, slug }
            | Self::Tokens(Scope::Repository { project, slug }) => format!("{project} / {slug}"),
            Self::Tokens(Scope::Personal { user }) => user.clone(),
        }
    }

    /// The repository of a clone address over HTTP, or the project whose clone addresses all begin like
    /// this (`https://git.example.com/scm/plat`).
    #[must_use]
    pub fn of_clone_address(text: &str) -> Option<Self> {
        let url = web_address(text).ok()?;
        let below = BaseUrl::of(&url).segments_below(url.as_str())?;
        match below.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["scm", project] | ["scm", project, ""] => Self::project(project),
            ["scm", project, slug] | ["scm", project, slug, ""] => Self::clone_of(project, slug),
            _ => None,
        }
    }

    /// Whose tokens are made there; `None` for an account, of which this does not say whose it is.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        match self.clone() {
            Self::Account => None,
            Self::Project { key } => Some(Scope::Project { key }),
            Self::Repository { project, slug } => Some(Scope::Repository { project, slug }),
            Self::Tokens(scope) => Some(scope),
        }
    }

    /// The place that a page of the Bitbucket at this base is about.
    fn on_page(url: &Url, base: &BaseUrl) -> Option<Self> {
        let mut below = base.segments_below(url.as_str())?;
        below.retain(|segment| !segment.is_empty());
        let path: Vec<_> = below.iter().map(String::as_str).collect();
        Self::at(&path).or_else(|| {
            // The login page names the page that was asked for.
            let (_, next) = url.query_pairs().find(|(name, _)| name == "next")?;
            let next = url.join(&next).ok()?;
            // It may be named below the context path or from the root.
            (next.query() != url.query())
                .then(|| Self::on_page(&next, base).or_else(|| Self::on_page(&next, &base.root())))
                .flatten()
        })
    }

    /// The place of a path that begins with one of Bitbucket's own segments.
    fn at(path: &[&str]) -> Option<Self> {
        match path {
            ["plugins", "servlet", "access-tokens", place @ ..]
            | ["rest", "access-tokens", _, place @ ..] => Self::tokens_at(place),
            ["plugins", "servlet", _, place @ ..] | ["rest", _, _, place @ ..] => Self::at(place),
            ["scm", project, slug, ..] => Self::clone_of(project, slug),
            ["scm", project] => Self::project(project),
            ["projects", project, "repos", slug, ..] => Self::repository(project, slug),
            ["projects", project, ..] => Self::project(project),
            ["users", user, "repos", slug, ..] => Self::repository(&format!("~{user}"), slug),
            ["users", user, ..] => Self::project(&format!("~{user}")),
            ["account" | "profile", ..] => Some(Self::Account),
            _ => None,
        }
    }

    fn tokens_at(path: &[&str]) -> Option<Self> {
        let place = match path {
            ["projects", _, ..] => Self::at(path)?,
            _ => Self::Account,
        };
        Some(match place {
            Self::Repository { project, slug } => Self::Tokens(Scope::Repository { project, slug }),
            Self::Project { key } => Self::Tokens(Scope::Project { key }),
            other => other,
        })
    }

    /// `plat/billing-api.git`, as clone addresses write it: keys in small letters.
    fn clone_of(project: &str, slug: &str) -> Option<Self> {
        Self::repository(project, slug.strip_suffix(".git").unwrap_or(slug))
    }

    fn repository(project: &str, slug: &str) -> Option<Self> {
        (is_key(project) && is_name(slug)).then(|| Self::Repository {
            project: key(project),
            slug: slug.to_owned(),
        })
    }

    fn project(name: &str) -> Option<Self> {
        is_key(name).then(|| Self::Project { key: key(name) })
    }

    /// `PLAT`, `PLAT/billing-api` or `~alice/notes`, as people say it. In small letters it could be a
    /// host as well, unless a server is known already.
    fn typed(text: &str, knows_server: bool) -> Option<Self> {
        let mut parts = text.trim_end_matches('/').split('/');
        let (project, slug) = (parts.next()?, parts.next());
        let is_personal = project
            .strip_prefix('~')
            .is_some_and(|user| !user.is_empty());
        let mut characters = project.chars();
        let fits = characters.next()?.is_ascii_alphabetic()
            && characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let is_certain = is_personal || !project.contains(|c: char| c.is_ascii_lowercase());
        let is_place = (is_personal || fits)
            && (is_certain || knows_server)
            && !project.eq_ignore_ascii_case("localhost")
            && parts.next().is_none()
            && slug.is_none_or(is_slug);
        match slug {
            _ if !is_place => None,
            Some(slug) => Self::clone_of(project, slug),
            None => Self::project(project),
        }
    }
}

/// Bitbucket writes keys in capitals, and those of people's own projects as their users are written.
fn key(text: &str) -> String {
    if text.starts_with('~') {
        text.to_owned()
    } else {
        text.to_uppercase()
    }
}

/// Whether it can be a name in a path: dots alone lead to another page of the server.
fn is_name(text: &str) -> bool {
    !matches!(text, "" | "." | "..")
}

/// The same for a project; `~` stands before a user.
fn is_key(text: &str) -> bool {
    is_name(text) && text != "~"
}

fn is_slug(text: &str) -> bool {
    let is_fit = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    !text.is_empty() && text.chars().all(is_fit)
}

/// Host and path of an address for git over SSH: `ssh://git@host:7999/key/slug.git`, or git's short
/// form `git@host:key/slug.git`.
fn ssh(text: &str) -> Option<(&str, &str)> {
    if let Some((scheme, rest)) = text.split_once("://") {
        let is_ssh = ["ssh", "git+ssh", "ssh+git"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let host = authority.rsplit('@').next()?;
        let host = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        return (is_ssh && !host.is_empty()).then_some((host, path));
    }
    // An IPv6 address has colons of its own, and stands in brackets.
    let start = text.find("]:").map_or(0, |end| end + 1);
    let colon = start + text[start..].find(':')?;
    let (server, path) = (&text[..colon], &text[colon + 1..]);
    let first = path.split('/').next().unwrap_or_default();
    let is_port = !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit());
    let host = server.rsplit('@').next()?;
    let is_short_form = (server.contains('@') || path.ends_with(".git"))
        && !server.contains('/')
        && !host.is_empty()
        // A password before the @ would come behind the colon.
        && !path.contains('@')
        && !path.starts_with("//")
        && !is_port;
    is_short_form.then_some((host, path))
}
