//! What a token can really do: git's own handshake for fetch and push, and one REST call. Nothing is
//! changed on the server, though it records the use of the token.

use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;

use super::answer::{Answer, reason};
use super::client::Client;
use super::error::{Error, ErrorKind};
use super::model::Repository;
use super::page::Pages;
use crate::address::{BaseUrl, Scope};
use crate::secret::Secret;

/// Why a repository is asked for.
const FIND: &str = "find a repository to try the token on";
/// A reason of the server's is at most so many characters long.
const LONGEST_REASON: usize = 200;

/// Whether something worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The server let it through.
    Yes,
    /// The server refused it, in its own words where it gave any.
    No(String),
    /// Nobody knows: the server could not be asked, or did not answer as a Bitbucket does.
    Unknown(Error),
}

impl Verdict {
    /// What an answer other than the right one means.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        match error.kind {
            ErrorKind::NotPermitted
            | ErrorKind::NotSignedIn
            | ErrorKind::WrongPassword
            | ErrorKind::BasicDisabled
            | ErrorKind::AccountRefused(_)
            | ErrorKind::Denied
            | ErrorKind::NotFound
            | ErrorKind::NoSuchPath => {
                let said = error.server_message().map(str::to_owned);
                Self::No(said.unwrap_or_else(|| error.kind.to_string()))
            }
            _ => Self::Unknown(error.clone()),
        }
    }
}

/// With what git signs in.
#[derive(Debug, Clone, Copy)]
pub enum GitSignIn<'a> {
    /// With nothing, as everybody may.
    Nothing,
    /// With a user name and a password or token.
    Password(&'a str, &'a Secret),
    /// With a token as Bearer.
    Bearer(&'a Secret),
}

/// Bitbucket names another address to clone from than the one that somebody has signed in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The address that it names.
    pub link: String,
    /// The same repository at the address signed in to.
    pub here: String,
    /// Why git does not get to the first one from here; `None`: something answers git there.
    pub unreachable: Option<ErrorKind>,
}

impl Elsewhere {
    /// The address to clone from: the one that Bitbucket names, where that can be reached.
    #[must_use]
    pub fn usable(&self) -> &str {
        match self.unreachable {
            Some(_) => &self.here,
            None => &self.link,
        }
    }
}

/// What a token can really do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// The repository that it was tried on, as "PLAT/billing-api".
    pub repository: String,
    /// When, by the server's clock, where it tells.
    pub at: Option<Timestamp>,
    /// `git fetch`, with the token as Bearer.
    pub fetch: Verdict,
    /// `git push`, with the token as Bearer.
    pub push: Verdict,
    /// Reading what only administrators may read.
    pub settings: Verdict,
    /// `git fetch` with the token as a password, for personal tokens only: servers where Basic is
    /// switched off refuse it.
    pub as_password: Option<Verdict>,
    /// Where Bitbucket's clone link leads, if that is elsewhere.
    pub elsewhere: Option<Elsewhere>,
}

impl Client {
    /// A repository on which a token of this scope can be tried: for a personal token one that the
    /// user may push to, or else read. `None` where there is none.
    ///
    /// # Errors
    ///
    /// What can go wrong with every call.
    pub async fn repository_to_try(&self, scope: &Scope) -> Result<Option<Repository>, Error> {
        let repositories = self.repositories_to_try(scope).await?;
        Ok(repositories.into_iter().next())
    }

    /// The repositories that whoever this client is may push to, or else those that it may read; archived
    /// ones come last. A page of them at most.
    ///
    /// # Errors
    ///
    /// What can go wrong with every call.
    pub async fn repositories_reached(&self) -> Result<Vec<Repository>, Error> {
        let user = String::new();
        self.repositories_to_try(&Scope::Personal { user }).await
    }

    async fn repositories_to_try(&self, scope: &Scope) -> Result<Vec<Repository>, Error> {
        let reachable = |permission| {
            let path = ["rest", "api", "latest", "repos"];
            Pages::new(self, FIND, &path, Repository::read).with("permission", permission)
        };
        match scope {
            Scope::Personal { .. } => {
                let writable = some(reachable("REPO_WRITE")).await?;
                if writable.is_empty() {
                    some(reachable("REPO_READ")).await
                } else {
                    Ok(writable)
                }
            }
            Scope::Project { key } => some(self.repositories(key).to(FIND)).await,
            Scope::Repository { project, slug } => Ok(vec![self.repository(project, slug).await?]),
        }
    }

    /// Tries a token on a repository. `user` is the owner of a personal token, and `None` for the
    /// others, which work as Bearer only.
    ///
    /// The token goes to this server alone.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NoHttpClone`] where the repository has no clone address over http.
    pub async fn try_token(
        &self,
        token: &Secret,
        user: Option<&str>,
        repository: &Repository,
    ) -> Result<Trial, Error> {
        let path = self.clone_path(repository).ok_or(ErrorKind::NoHttpClone)?;
        let bearer = self.with_token(token)?.signed_in();
        let basic = user
            .map(|user| self.with_password(user, token))
            .transpose()?;
        let as_password = async {
            match &basic {
                Some(basic) => Some(
                    basic
                        .handshake(
                            "try git fetch with the token as a password",
                            &path,
                            "git-upload-pack",
                        )
                        .await,
                ),
                None => None,
            }
        };
        let ((fetch, at), push, settings, as_password, elsewhere) = tokio::join!(
            bearer.timed_handshake("try git fetch with the token", &path, "git-upload-pack"),
            bearer.handshake("try git push with the token", &path, "git-receive-pack"),
            bearer.administers(repository),
            as_password,
            self.cloned_elsewhere(repository),
        );
        Ok(Trial {
            repository: format!("{}/{}", repository.project.key, repository.slug),
            at,
            fetch,
            push,
            settings,
            as_password,
            elsewhere,
        })
    }

    /// Where the clone link leads, if it names another address than this client's, and whether anything
    /// answers git there. Nothing is sent there to sign in with.
    pub async fn cloned_elsewhere(&self, repository: &Repository) -> Option<Elsewhere> {
        let link = repository.clone_http.clone()?;
        let below = self.base().segments_below(&link);
        if below.is_some_and(|path| path.len() == 3) {
            return None;
        }
        let here = self.clone_address(repository)?;
        let answer = self.git_answers(GitSignIn::Nothing, &link, "git-upload-pack");
        let unreachable = match answer.await {
            Err(error) if !error.was_answered() => Some(error.kind),
            Err(Error {
                kind: kind @ (ErrorKind::NotBitbucket | ErrorKind::NoSuchPath),
                ..
            }) => Some(kind),
            _ => None,
        };
        Some(Elsewhere {
            link,
            here,
            unreachable,
        })
    }

    /// The path of a repository for git. Its clone link may name the server otherwise than we do, and
    /// the token goes to none but ours.
    fn clone_path(&self, repository: &Repository) -> Option<Vec<String>> {
        let address = repository.clone_http.as_deref()?;
        let below = self.base().segments_below(address);
        // The link may name another context path too.
        let below = below.filter(|path| path.len() == 3 && path[0] == "scm");
        Some(below.unwrap_or_else(|| {
            let key = repository.project.key.to_lowercase();
            vec!["scm".to_owned(), key, format!("{}.git", repository.slug)]
        }))
    }

    /// The clone address of a repository on this server, as this client calls it.
    #[must_use]
    pub fn clone_address(&self, repository: &Repository) -> Option<String> {
        let path = self.clone_path(repository)?;
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        Some(self.base().page(&path))
    }

    /// Addresses for git on which a token of this scope can be tried, found with the token alone, the
    /// best first.
    ///
    /// # Errors
    ///
    /// What can go wrong with every call.
    pub async fn addresses_to_try(
        &self,
        token: &Secret,
        scope: &Scope,
    ) -> Result<Vec<String>, Error> {
        let bearer = self.with_token(token)?.signed_in();
        let repositories = bearer.repositories_to_try(scope).await?.into_iter();
        Ok(repositories
            .filter_map(|repository| self.clone_address(&repository))
            .collect())
    }

    /// The same with nothing but the token: also the repository is found with it.
    ///
    /// # Errors
    ///
    /// What can go wrong with every call.
    pub async fn try_token_alone(
        &self,
        token: &Secret,
        user: Option<&str>,
        scope: &Scope,
    ) -> Result<Option<Trial>, Error> {
        let bearer = self.with_token(token)?.signed_in();
        match bearer.repository_to_try(scope).await? {
            Some(repository) => Ok(Some(self.try_token(token, user, &repository).await?)),
            None => Ok(None),
        }
    }

    /// Whether git gets in at this address with what it would send there. The address may be on another
    /// server than this client's, which is then spoken to in the same way.
    pub async fn git_gets_in(
        &self,
        with: GitSignIn<'_>,
        address: &str,
        service: &'static str,
    ) -> Verdict {
        match self.git_answers(with, address, service).await {
            Ok(()) => Verdict::Yes,
            Err(error) => Verdict::of(&error),
        }
    }

    /// The same, with the server's answer where git does not get in.
    ///
    /// # Errors
    ///
    /// What the server answers, and what can go wrong with every call.
    pub async fn git_answers(
        &self,
        with: GitSignIn<'_>,
        address: &str,
        service: &'static str,
    ) -> Result<(), Error> {
        let no_address = || Error::from(ErrorKind::NotFound).because("this is not an address");
        let base = BaseUrl::parse(address).map_err(|_| no_address())?;
        let path = base.segments_below(address).ok_or_else(no_address)?;
        let there = if base == *self.base() {
            self.signed_out()
        } else {
            self.reopened(base).await?
        };
        let there = match with {
            GitSignIn::Nothing => there,
            GitSignIn::Password(user, password) => there.with_password(user, password)?,
            GitSignIn::Bearer(token) => there.with_token(token)?.signed_in(),
        };
        let purpose = "test what git would send";
        there.advertises(purpose, &path, service).await?;
        Ok(())
    }

    async fn handshake(&self, purpose: &'static str, path: &[String], service: &str) -> Verdict {
        let (verdict, _) = self.timed_handshake(purpose, path, service).await;
        verdict
    }

    /// The same, and when the server let git in, by its own clock.
    async fn timed_handshake(
        &self,
        purpose: &'static str,
        path: &[String],
        service: &str,
    ) -> (Verdict, Option<Timestamp>) {
        match self.advertises(purpose, path, service).await {
            Ok(at) => (Verdict::Yes, at),
            Err(error) => (Verdict::of(&error), None),
        }
    }

    /// The first request of `git fetch` or `git push`; answers with the time by the server's clock, where it
    /// tells.
    async fn advertises(
        &self,
        purpose: &'static str,
        path: &[String],
        service: &str,
    ) -> Result<Option<Timestamp>, Error> {
        let mut path: Vec<_> = path.iter().map(String::as_str).collect();
        path.extend(["info", "refs"]);
        let query = [("service", service.to_owned())];
        let advertisement = format!("application/x-{service}-advertisement");
        let answer = self.peek(purpose, &path, &query).await?;
        if answer.content_type() == Some(&advertisement) {
            Ok(answer.date())
        } else {
            // A sign-in page answers 200 too.
            Err(answer.error(ErrorKind::NotBitbucket))
        }
    }

    /// Whether the list that only administrators may read can be read.
    async fn administers(&self, repository: &Repository) -> Verdict {
        let key = &repository.project.key;
        let path = [
            "rest",
            "api",
            "latest",
            "projects",
            key,
            "repos",
            &repository.slug,
            "permissions",
            "users",
        ];
        let query = [("limit", "1".to_owned())];
        match self
            .send(
                "test whether the token can read settings",
                Method::GET,
                &path,
                &query,
                None,
            )
            .await
        {
            Ok(_) => Verdict::Yes,
            Err(error) => Verdict::of(&error),
        }
    }
}

/// The first of them; archived ones come last, since nobody can push to those.
async fn some(repositories: Pages<Repository>) -> Result<Vec<Repository>, Error> {
    let page = repositories.limit(25).next().await?;
    let mut repositories = page.map(|page| page.values).unwrap_or_default();
    repositories.sort_by_key(|repository| repository.archived);
    Ok(repositories)
}

impl Answer {
    fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE)?.to_str().ok()
    }

    /// What git would show after `remote:`: the server's answer where it is plain text.
    pub(super) fn plain_text(&self) -> Option<String> {
        if !self.content_type()?.starts_with("text/plain") {
            return None;
        }
        let text = reason(&String::from_utf8_lossy(&self.body))?;
        let text: String = text.chars().take(LONGEST_REASON).collect();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}
