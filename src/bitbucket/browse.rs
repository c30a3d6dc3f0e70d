//! Looking around: the server, projects, repositories.

use reqwest::Method;

use super::client::Client;
use super::error::{Error, ErrorKind};
use super::model::{Project, Repository};
use super::page::Pages;
use super::server_info::ServerInfo;

impl Client {
    /// What answers at the address. Needs no sign-in.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotBitbucket`] for anything that does not answer as a Bitbucket does,
    /// [`ErrorKind::SingleSignOn`] where a sign-in page is in front of it, [`ErrorKind::Moved`]
    /// where it is elsewhere; [`ErrorKind::Unavailable`] and all failures of the network.
    pub async fn server_info(&self) -> Result<ServerInfo, Error> {
        let path = ["rest", "api", "latest", "application-properties"];
        let answer = self
            .send("find out what answers there", Method::GET, &path, &[], None)
            .await;
        let answer = answer.map_err(|mut error| {
            // On a Bitbucket this path exists, and everybody may see it.
            let elsewhere = match error.kind {
                ErrorKind::NotFound
                | ErrorKind::NoSuchPath
                | ErrorKind::Invalid
                | ErrorKind::NotJson => true,
                // Jira has the same path, and refuses it too.
                ErrorKind::NotSignedIn => !error.wants_sign_in(),
                _ => false,
            };
            if elsewhere {
                error.kind = ErrorKind::NotBitbucket;
            }
            error
        })?;
        let value = answer.json().map_err(|mut error| {
            if error.kind == ErrorKind::NotJson {
                error.kind = ErrorKind::NotBitbucket;
            }
            error
        })?;
        let mut info =
            ServerInfo::read(&value).ok_or_else(|| answer.error(ErrorKind::NotBitbucket))?;
        info.date = answer.date();
        Ok(info)
    }

    /// The projects that the user may see, without personal ones: Bitbucket does not list those.
    #[must_use]
    pub fn projects(&self) -> Pages<Project> {
        Pages::new(
            self,
            "list the projects",
            &["rest", "api", "latest", "projects"],
            |value, _| Project::read(value),
        )
    }

    /// The projects that the user administers.
    #[must_use]
    pub fn administered_projects(&self) -> Pages<Project> {
        self.projects()
            .to("list the projects that you administer")
            .with("permission", "PROJECT_ADMIN")
    }

    /// One project; `~slug` is the personal one of a user.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`], [`ErrorKind::NotPermitted`], and what can go wrong with every call.
    pub async fn project(&self, key: &str) -> Result<Project, Error> {
        let path = ["rest", "api", "latest", "projects", key];
        let answer = self
            .send("read a project", Method::GET, &path, &[], None)
            .await?;
        Project::read(&answer.json()?).ok_or_else(|| answer.unreadable())
    }

    /// One repository.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`], [`ErrorKind::NotPermitted`], and what can go wrong with every call.
    pub async fn repository(&self, project: &str, slug: &str) -> Result<Repository, Error> {
        let path = ["rest", "api", "latest", "projects", project, "repos", slug];
        let answer = self
            .send("read a repository", Method::GET, &path, &[], None)
            .await?;
        Repository::read(&answer.json()?, project).ok_or_else(|| answer.unreadable())
    }

    /// The repositories of a project that the user may see.
    #[must_use]
    pub fn repositories(&self, project_key: &str) -> Pages<Repository> {
        let path = ["rest", "api", "latest", "projects", project_key, "repos"];
        Pages::new(
            self,
            "list the repositories of a project",
            &path,
            Repository::read,
        )
        .of_project(project_key)
    }

    /// The repositories of a project that the user administers.
    ///
    /// Servers that do not know the filter by project send those of other projects too; they are
    /// left out here, so pages may be short or empty.
    #[must_use]
    pub fn administered_repositories(&self, project_key: &str) -> Pages<Repository> {
        Pages::new(
            self,
            "list the repositories that you administer",
            &["rest", "api", "latest", "repos"],
            |value, key| {
                Repository::read(value, "")
                    .filter(|repository| repository.project.key.eq_ignore_ascii_case(key))
            },
        )
        .with("permission", "REPO_ADMIN")
        .with("projectkey", project_key)
        .of_project(project_key)
    }

    /// The repositories of all projects whose names contain this text, whatever its case.
    #[must_use]
    pub fn search_repositories(&self, name: &str) -> Pages<Repository> {
        let path = ["rest", "api", "latest", "repos"];
        Pages::new(self, "search the repositories", &path, Repository::read).with("name", name)
    }
}
