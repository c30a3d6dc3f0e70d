//! What handlers read from a request, with Bitbucket's answers where it is out of order.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde_json::{Map, Value};

use super::error::ApiError;
use crate::permission::Level;
use crate::simulator::auth::Caller;
use crate::simulator::shared::Shared;
use crate::simulator::world::{ProjectId, RepositoryId, UserId, World};

/// The query, of which unknown parts are ignored.
#[derive(Debug)]
pub(super) struct Parameters(HashMap<String, String>);

impl Parameters {
    /// A parameter without blanks around it; an empty one counts as left out.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let text = self.0.get(name)?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// A level on one scale, such as `REPO_ADMIN` for the prefix `REPO_`.
    ///
    /// # Errors
    /// 400: "The permission level is unknown or not related to projects."
    pub(super) fn permission(&self, prefix: &str) -> Result<Option<Level>, ApiError> {
        let Some(name) = self.get("permission") else {
            return Ok(None);
        };
        Level::ALL
            .into_iter()
            .find(|level| name == format!("{prefix}{}", level.word().to_uppercase()))
            .map(Some)
            .ok_or_else(|| {
                ApiError::invalid(
                    "permission",
                    format!("The permission level {name} is unknown or not valid here."),
                )
            })
    }
}

impl FromRequestParts<Arc<Shared>> for Parameters {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Self::Rejection> {
        Query::from_request_parts(parts, shared)
            .await
            .map(|Query(parameters)| Self(parameters))
            .map_err(|error| ApiError::bad_request(error.body_text()))
    }
}

/// Who is calling.
pub(super) struct Signed(pub(super) Caller);

impl FromRequestParts<Arc<Shared>> for Signed {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        _: &Arc<Shared>,
    ) -> Result<Self, Self::Rejection> {
        let caller = parts.extensions.get::<Caller>().cloned();
        Ok(Self(caller.unwrap_or(Caller::Anonymous)))
    }
}

/// The variable parts of the path, decoded.
#[derive(Debug)]
pub(in crate::simulator) struct PathParameters(HashMap<String, String>);

impl FromRequestParts<Arc<Shared>> for PathParameters {
    type Rejection = ApiError;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Self::Rejection> {
        Path::from_request_parts(parts, shared)
            .await
            .map(|Path(variables)| Self(variables))
            .map_err(|error| ApiError::bad_request(error.body_text()))
    }
}

impl From<HashMap<String, String>> for PathParameters {
    fn from(variables: HashMap<String, String>) -> Self {
        Self(variables)
    }
}

impl PathParameters {
    pub(in crate::simulator) fn is_repository(&self) -> bool {
        self.has("repository")
    }

    /// The part as it was written; empty where the path has none of this name.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// # Errors
    /// 404 `NoSuchUserException`.
    pub(super) fn user(&self, world: &World) -> Result<UserId, ApiError> {
        let slug = self.get("user");
        world
            .user_by_slug(slug)
            .ok_or_else(|| ApiError::no_such_user(slug))
    }

    /// # Errors
    /// 404 `NoSuchProjectException`.
    pub(super) fn project(&self, world: &World) -> Result<ProjectId, ApiError> {
        let key = self.get("project");
        world
            .project_by_key(key)
            .ok_or_else(|| ApiError::no_such_project(key))
    }

    /// # Errors
    /// 404 `NoSuchProjectException` or `NoSuchRepositoryException`.
    pub(super) fn repository(&self, world: &World) -> Result<RepositoryId, ApiError> {
        let project = self.project(world)?;
        let slug = self.get("repository");
        world
            .repository_by_slug(project, slug)
            .ok_or_else(|| ApiError::no_such_repository(&world.project(project).key, slug))
    }
}

/// A body that is a JSON object. Fields that nobody knows are ignored, as Bitbucket does.
pub(super) struct Fields(pub(super) Map<String, Value>);

impl Fields {
    /// A text; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Reads a body. Not an extractor, because Bitbucket says first who may do something, and
    /// only then what is wrong with the words.
    ///
    /// # Errors
    /// 415 if it is not said to be JSON, 400 if it is none.
    pub(super) async fn read(request: Request) -> Result<Self, ApiError> {
        let content_type = request.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let media_type = content_type.and_then(|value| value.split(';').next());
        let is_json = media_type.is_some_and(|it| it.trim().eq_ignore_ascii_case(MEDIA_TYPE));
        let bytes = Bytes::from_request(request, &())
            .await
            .map_err(|error| ApiError::bad_request(error.body_text()))?;
        if !is_json {
            return Err(ApiError::unsupported_media_type());
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(ApiError::bad_request("The body must be a JSON object.")),
            Err(error) => Err(ApiError::bad_request(format!(
                "The body is not valid JSON: {error}"
            ))),
        }
    }
}

const MEDIA_TYPE: &str = "application/json";
