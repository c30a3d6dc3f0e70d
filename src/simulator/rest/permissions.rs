//! Who may do what in a project or repository: for its administrators only, and only the users (the
//! simulated company has no groups).

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::error::ApiError;
use super::page::Paging;
use super::request::{PathParameters, Signed};
use crate::permission::Level;
use crate::simulator::shared::Shared;
use crate::simulator::world::UserId;

/// `GET /projects/{key}/permissions/users`: 401 without project administration.
pub(super) async fn of_project(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: PathParameters,
    paging: Paging,
) -> Result<Response, ApiError> {
    let id = place.project(&shared.world)?;
    if shared.world.project_level(&caller, id) < Some(Level::Admin) {
        return Err(ApiError::refused_to(&caller));
    }
    let grants = &shared.world.project(id).grants;
    Ok(page(&shared, grants, "PROJECT", paging))
}

/// `GET /projects/{key}/repos/{slug}/permissions/users`: 401 without repository administration.
pub(super) async fn of_repository(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: PathParameters,
    paging: Paging,
) -> Result<Response, ApiError> {
    let id = place.repository(&shared.world)?;
    if shared.world.repository_level(&caller, id) < Some(Level::Admin) {
        return Err(ApiError::refused_to(&caller));
    }
    let grants = &shared.world.repository(id).grants;
    Ok(page(&shared, grants, "REPO", paging))
}

fn page(shared: &Shared, grants: &HashMap<UserId, Level>, scale: &str, paging: Paging) -> Response {
    let mut grants: Vec<_> = grants.iter().map(|(user, level)| (*user, *level)).collect();
    grants.sort_by_key(|(user, _)| user.0);
    paging.of(&grants, |(user, level)| {
        json!({
            "user": shared.user_json(*user),
            "permission": format!("{scale}_{}", level.word().to_uppercase()),
        })
    })
}
