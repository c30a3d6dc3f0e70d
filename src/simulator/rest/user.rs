//! `/users` and `/users/{slug}`, for those who are signed in.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::error::{ApiError, send};
use super::page::Paging;
use super::request::{Parameters, Place, Signed};
use crate::simulator::auth::Caller;
use crate::simulator::server::Shared;
use crate::simulator::world::UserId;

/// `GET /users?filter=`: whose name, display name or e-mail address contains it; 401 without
/// sign-in.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    paging: Paging,
    parameters: Parameters,
) -> Result<Response, ApiError> {
    if matches!(caller, Caller::Anonymous) {
        return Err(ApiError::unauthorised());
    }
    let filter = parameters.get("filter").unwrap_or_default().to_lowercase();
    let mut users: Vec<_> = (0..shared.world.users.len()).map(UserId).collect();
    users.retain(|id| {
        let user = shared.world.user(*id);
        [&user.name, &user.display_name, &user.email]
            .into_iter()
            .any(|text| text.to_lowercase().contains(&filter))
    });
    users.sort_by_cached_key(|id| shared.world.user(*id).display_name.to_lowercase());
    Ok(paging.of(&users, |id| shared.user_json(*id)))
}

/// `GET /users/{slug}`: 401 without sign-in, 404 unknown.
pub(super) async fn one(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: Place,
) -> Result<Response, ApiError> {
    if matches!(caller, Caller::Anonymous) {
        return Err(ApiError::unauthorised());
    }
    let id = place.user(&shared.world)?;
    Ok(send(StatusCode::OK, &shared.user_json(id)))
}
