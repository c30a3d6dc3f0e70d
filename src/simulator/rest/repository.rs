//! Repositories: of a project, one, all that match, and the recent ones.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::error::{ApiError, send};
use super::page::Paging;
use super::request::{Parameters, PathParameters, Signed};
use crate::permission::Level;
use crate::simulator::auth::Caller;
use crate::simulator::options::Options;
use crate::simulator::profile::Feature;
use crate::simulator::shared::Shared;
use crate::simulator::world::RepositoryId;

/// `GET /projects/{key}/repos`: those that the caller may read, by name, archived ones included.
pub(super) async fn of_project(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: PathParameters,
    paging: Paging,
) -> Result<Response, ApiError> {
    let world = &shared.world;
    let id = place.project(world)?;
    if !world.may_view(&caller, id) {
        return Err(ApiError::refused_to(&caller));
    }
    let may_read = |id: &RepositoryId| world.repository_level(&caller, *id).is_some();
    let to_json = |id: &RepositoryId| shared.repository_json(&caller, *id);
    Ok(paging.filtered(&world.project(id).repositories, may_read, to_json))
}

/// `GET /projects/{key}/repos/{slug}`: 404 unknown, 401 not for the caller.
pub(super) async fn one(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: PathParameters,
) -> Result<Response, ApiError> {
    let id = shared.visible_repository(&caller, &place)?;
    Ok(send(StatusCode::OK, &shared.repository_json(&caller, id)))
}

/// `GET /repos?name=&projectkey=&projectname=&permission=&archived=&visibility=`: all that the
/// caller may read, personal ones included, by project and name. Archived ones only on demand.
pub(super) async fn search(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    paging: Paging,
    parameters: Parameters,
) -> Result<Response, ApiError> {
    let filter = Filter::read(&parameters, &shared.options)?;
    let world = &shared.world;
    let personal = (0..world.projects.len()).map(crate::simulator::world::ProjectId);
    let personal = personal.filter(|id| world.project(*id).owner.is_some());
    let repositories: Vec<_> = world
        .listed
        .iter()
        .copied()
        .chain(personal)
        .flat_map(|project| world.project(project).repositories.iter().copied())
        .collect();
    let accepts = |id: &RepositoryId| filter.accepts(&shared, &caller, *id);
    let to_json = |id: &RepositoryId| shared.repository_json(&caller, *id);
    Ok(paging.filtered(&repositories, accepts, to_json))
}

/// `GET /profile/recent/repos?permission=`: the caller's, newest first; 401 without sign-in. A
/// project or repository token speaks for nobody, so it has none.
pub(super) async fn recent(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    paging: Paging,
    parameters: Parameters,
) -> Result<Response, ApiError> {
    let user = match &caller {
        Caller::Anonymous => return Err(ApiError::not_signed_in()),
        Caller::User { user, .. } => Some(*user),
        Caller::Application(grant) => Some(grant.user),
        Caller::Token(token) => token.owner(),
    };
    let level = parameters.permission("REPO_")?.unwrap_or(Level::Read);
    let mut repositories = user.map_or_else(Vec::new, |id| shared.world.user(id).recent.clone());
    repositories.retain(|id| shared.world.repository_level(&caller, *id) >= Some(level));
    Ok(paging.of(&repositories, |id| shared.repository_json(&caller, *id)))
}

impl Shared {
    /// The repository of a path, if the caller may read it.
    ///
    /// # Errors
    /// 404 unknown; 401 not for the caller, or as if it were unknown on newer servers.
    pub(super) fn visible_repository(
        &self,
        caller: &Caller,
        place: &PathParameters,
    ) -> Result<RepositoryId, ApiError> {
        let id = place.repository(&self.world)?;
        if self.world.repository_level(caller, id).is_some() {
            return Ok(id);
        }
        if matches!(caller, Caller::Anonymous) || !self.options.has(Feature::HiddenRepositories) {
            return Err(ApiError::refused_to(caller));
        }
        let repository = self.world.repository(id);
        let key = &self.world.project(repository.project).key;
        Err(ApiError::no_such_repository(key, &repository.slug))
    }
}

/// What a search asks for; texts are in lower case.
struct Filter {
    name: Option<String>,
    project_key: Option<String>,
    project_name: Option<String>,
    level: Level,
    archived: Option<bool>,
    public: Option<bool>,
}

impl Filter {
    fn read(parameters: &Parameters, options: &Options) -> Result<Self, ApiError> {
        let text = |name| parameters.get(name).map(str::to_lowercase);
        // Parameters that an old server does not know.
        let new = |name| text(name).filter(|_| options.has(Feature::Archiving));
        let archived = match new("archived").as_deref() {
            None | Some("active") => Some(false),
            Some("archived") => Some(true),
            Some("all") => None,
            Some(_) => {
                let message = "archived must be ACTIVE, ARCHIVED or ALL";
                return Err(ApiError::invalid("archived", message));
            }
        };
        let public = match text("visibility").as_deref() {
            None => None,
            Some("public") => Some(true),
            Some("private") => Some(false),
            Some(_) => {
                let message = "visibility must be public or private";
                return Err(ApiError::invalid("visibility", message));
            }
        };
        Ok(Self {
            name: text("name"),
            project_key: new("projectkey"),
            project_name: text("projectname"),
            level: parameters.permission("REPO_")?.unwrap_or(Level::Read),
            archived,
            public,
        })
    }

    fn accepts(&self, shared: &Shared, caller: &Caller, id: RepositoryId) -> bool {
        let repository = shared.world.repository(id);
        let project = shared.world.project(repository.project);
        let within = |wanted: &Option<String>, text: &str| match wanted {
            Some(wanted) => text.to_lowercase().contains(wanted),
            None => true,
        };
        let key = |key: &String| project.key.to_lowercase() == *key;
        within(&self.name, &repository.name)
            && within(&self.project_name, &project.name)
            && self.project_key.as_ref().is_none_or(key)
            && self.archived.is_none_or(|it| it == repository.archived)
            && self
                .public
                .is_none_or(|it| it == (repository.public || project.public))
            && shared.world.repository_level(caller, id) >= Some(self.level)
    }
}
