//! The REST API: which path and method leads where.

mod error;
mod model;
mod page;
mod permissions;
mod project;
mod repository;
mod request;
mod server_info;
mod sign_in;
mod tokens;
mod user;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::options::Options;
use super::profile::Feature;
use super::shared::Shared;
use super::web;
pub(super) use error::{
    fault, filtered, garbage, no_such_path, not_signed_in, rate_limited, refused, xsrf_check_failed,
};
pub(super) use request::PathParameters;
pub(super) use tokens::{make as make_token, names as token_names};

/// Every resource that the version and the licence have, under both names of the API's version.
pub(super) fn routes(options: &Options) -> Router<Arc<Shared>> {
    let mut places = Vec::new();
    if options.has(Feature::PersonalTokens) {
        places.push("users/{user}");
    }
    if options.has(Feature::PlaceTokens) && options.place_tokens {
        places.push("projects/{project}");
        places.push("projects/{project}/repos/{repository}");
    }
    let mut routes = Router::new();
    for version in ["1.0", "latest"] {
        let api = format!("/rest/api/{version}");
        let tokens = format!("/rest/access-tokens/{version}");
        routes = routes
            .route(
                &format!("{api}/application-properties"),
                get(server_info::application_properties),
            )
            .route(&format!("{api}/projects"), get(project::list))
            .route(&format!("{api}/projects/{{project}}"), get(project::one))
            .route(
                &format!("{api}/projects/{{project}}/repos"),
                get(repository::of_project),
            )
            .route(
                &format!("{api}/projects/{{project}}/repos/{{repository}}"),
                get(repository::one),
            )
            .route(
                &format!("{api}/projects/{{project}}/permissions/users"),
                get(permissions::of_project),
            )
            .route(
                &format!("{api}/projects/{{project}}/repos/{{repository}}/permissions/users"),
                get(permissions::of_repository),
            )
            .route(&format!("{api}/repos"), get(repository::search))
            .route(
                &format!("{api}/profile/recent/repos"),
                get(repository::recent),
            )
            .route(&format!("{api}/users"), get(user::list))
            .route(&format!("{api}/users/{{user}}"), get(user::one));
        if options.has(Feature::TokenPolicy) {
            routes = routes.route(&format!("{tokens}/admin"), get(tokens::policy));
        }
        if options.has_json_login() {
            routes = routes.merge(sign_in::routes(version));
        }
        if options.has(Feature::BasicConfig) {
            let path = format!("/rest/basicauth/{version}/config");
            routes = routes.route(&path, get(server_info::basic_config));
        }
        if options.has(Feature::LoginOptions) {
            let path = format!("/rest/authconfig/{version}/login-options");
            routes = routes.route(&path, get(server_info::login_options));
        }
        if options.has(Feature::OAuth) {
            let path = format!("/rest/oauth2/{version}/client");
            routes = routes.route(&path, get(server_info::oauth_client));
        }
        for place in &places {
            routes = routes
                .route(
                    &format!("{tokens}/{place}"),
                    get(tokens::list).put(tokens::create),
                )
                .route(
                    &format!("{tokens}/{place}/{{token}}"),
                    get(tokens::one).post(tokens::change).delete(tokens::revoke),
                );
        }
    }
    routes.route_layer(from_fn(acceptable))
}

/// Lets those pass who take JSON.
async fn acceptable(request: Request, next: Next) -> Response {
    let mut accept = request.headers().get_all(header::ACCEPT).iter().peekable();
    let takes_json = accept.peek().is_none()
        || accept
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|range| range.split(';').next())
            .any(|range| ["*/*", "application/*", "application/json"].contains(&range.trim()));
    if takes_json {
        next.run(request).await
    } else {
        error::not_acceptable()
    }
}

/// A path that exists, with a method that it does not know. `OPTIONS` tells the known ones: the
/// router adds `Allow` to both.
pub(super) async fn wrong_method(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    if method == Method::OPTIONS {
        return ().into_response();
    }
    if uri.path().starts_with("/rest/") {
        error::wrong_method(&headers)
    } else {
        web::wrong_method()
    }
}
