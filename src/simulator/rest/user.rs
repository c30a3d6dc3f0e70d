//! `/users` and `/users/{slug}`, for those who are signed in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::error::{ApiError, send};
use super::page::Paging;
use super::request::{Parameters, PathParameters, Signed};
use crate::permission::Level;
use crate::simulator::ServiceAccounts;
use crate::simulator::auth::Caller;
use crate::simulator::service_account::ServiceAccount;
use crate::simulator::shared::Shared;
use crate::simulator::world::{ProjectId, RepositoryId, UserId, World};

/// `GET /users?filter=&permission=&permission.projectKey=&permission.repositorySlug=`: whose name,
/// display name or e-mail address contains the filter, and who has the permissions, however they came
/// by them; 401 without sign-in.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    paging: Paging,
    parameters: Parameters,
) -> Result<Response, ApiError> {
    if matches!(caller, Caller::Anonymous) {
        return Err(ApiError::not_signed_in());
    }
    let filter = parameters.get("filter").unwrap_or_default().to_lowercase();
    let permissions = PermissionFilter::read_all(&parameters, &shared.world)?;
    let mut users: Vec<_> = (0..shared.world.users.len()).map(UserId).collect();
    users.sort_by_cached_key(|id| shared.world.user(*id).display_name.to_lowercase());
    let accepts = |id: &UserId| {
        let user = shared.world.user(*id);
        let named = [&user.name, &user.display_name, &user.email]
            .into_iter()
            .any(|text| text.to_lowercase().contains(&filter));
        named && permissions.iter().all(|it| it.accepts(&shared.world, *id))
    };
    Ok(paging.filtered(&users, accepts, |id| shared.user_json(*id)))
}

/// `GET /users/{slug}`: 401 without sign-in, 404 unknown.
pub(super) async fn one(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: PathParameters,
) -> Result<Response, ApiError> {
    if matches!(caller, Caller::Anonymous) {
        return Err(ApiError::not_signed_in());
    }
    let slug = place.get("user");
    if let Some(account) = ServiceAccount::by_slug(slug, &shared.world) {
        return match shared.options.service_accounts {
            ServiceAccounts::Missing => Err(ApiError::no_such_user(slug)),
            ServiceAccounts::Refused => Err(ApiError::not_permitted_here()),
            ServiceAccounts::Shown => {
                Ok(send(StatusCode::OK, &shared.service_account_json(account)))
            }
        };
    }
    let id = place.user(&shared.world)?;
    Ok(send(StatusCode::OK, &shared.user_json(id)))
}

/// What users have to be allowed: `permission`, or `permission.1` and so on, with the place that it is
/// about.
enum PermissionFilter {
    /// Anywhere: every account, or the administrators of the server.
    Global {
        administrator: bool,
    },
    Project(ProjectId, Level),
    Repository(RepositoryId, Level),
}

impl PermissionFilter {
    fn read_all(parameters: &Parameters, world: &World) -> Result<Vec<Self>, ApiError> {
        let numbered = (1..=MOST_FILTERS).map(|number| format!("permission.{number}"));
        let mut filters = Vec::new();
        if let Some(permission) = parameters.get("permission") {
            filters.push(Self::read("permission", permission, parameters, world)?);
        }
        for root in numbered {
            let Some(permission) = parameters.get(&root) else {
                break;
            };
            filters.push(Self::read(&root, permission, parameters, world)?);
        }
        Ok(filters)
    }

    fn read(
        root: &str,
        permission: &str,
        parameters: &Parameters,
        world: &World,
    ) -> Result<Self, ApiError> {
        let of = |name: &str| parameters.get(&format!("{root}.{name}"));
        let level = |scale: &str| {
            Level::ALL
                .into_iter()
                .find(|level| permission == format!("{scale}_{}", level.word().to_uppercase()))
        };
        let unknown = || {
            let message = format!("The permission filter {permission} is not valid.");
            ApiError::invalid("permission", message)
        };
        let key = of("projectKey");
        let project = key.and_then(|key| world.project_by_key(key));
        if let Some(level) = level("PROJECT") {
            return Ok(Self::Project(project.ok_or_else(unknown)?, level));
        }
        if let Some(level) = level("REPO") {
            let slug = of("repositorySlug");
            let id = project
                .zip(slug)
                .and_then(|(project, slug)| world.repository_by_slug(project, slug));
            return Ok(Self::Repository(id.ok_or_else(unknown)?, level));
        }
        match permission {
            "LICENSED_USER" | "PROJECT_CREATE" => Ok(Self::Global {
                administrator: false,
            }),
            "ADMIN" | "SYS_ADMIN" => Ok(Self::Global {
                administrator: true,
            }),
            _ => Err(unknown()),
        }
    }

    fn accepts(&self, world: &World, user: UserId) -> bool {
        let caller = Caller::User {
            user,
            session: false,
        };
        match self {
            Self::Global { administrator } => !administrator || world.user(user).administrator,
            Self::Project(id, level) => world.project_level(&caller, *id) >= Some(*level),
            Self::Repository(id, level) => world.repository_level(&caller, *id) >= Some(*level),
        }
    }
}

/// So many filters are read, the others dropped.
const MOST_FILTERS: usize = 50;
