//! `/projects` and `/projects/{key}`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::error::{ApiError, send};
use super::page::Paging;
use super::request::{Parameters, PathParameters, Signed};
use crate::simulator::shared::Shared;
use crate::simulator::world::ProjectId;

/// `GET /projects?name=&permission=`: what the caller may view, by name. Personal projects do not
/// show up. Without sign-in: the public ones.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    paging: Paging,
    parameters: Parameters,
) -> Result<Response, ApiError> {
    let world = &shared.world;
    let level = match parameters.get("permission") {
        Some("PROJECT_VIEW") => None,
        _ => parameters.permission("PROJECT_")?,
    };
    let name = parameters.get("name").map(str::to_lowercase);
    let accepts = |id: &ProjectId| {
        let project = world.project(*id);
        let named = |name: &String| project.name.to_lowercase().contains(name);
        name.as_ref().is_none_or(named)
            && world.may_view(&caller, *id)
            && level.is_none_or(|level| world.project_level(&caller, *id) >= Some(level))
    };
    Ok(paging.filtered(&world.listed, accepts, |id| shared.project_json(*id)))
}

/// `GET /projects/{key}`: 404 unknown, 401 not for the caller.
pub(super) async fn one(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: PathParameters,
) -> Result<Response, ApiError> {
    let id = place.project(&shared.world)?;
    if !shared.world.may_view(&caller, id) {
        return Err(ApiError::refused_to(&caller));
    }
    Ok(send(StatusCode::OK, &shared.project_json(id)))
}
