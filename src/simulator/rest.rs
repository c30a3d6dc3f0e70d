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
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::options::Options;
use super::server::Shared;
use super::web;
pub(super) use error::{fault, garbage, no_such_path, rate_limited, refused, xsrf_check_failed};
pub(super) use request::Place;
pub(super) use tokens::{make as make_token, names as token_names};

/// Every resource that the version and the licence have, under both names of the API's version.
pub(super) fn routes(options: &Options) -> Router<Arc<Shared>> {
    let mut places = Vec::new();
    if options.is_at_least(5, 5) {
        places.push("users/{user}");
    }
    if options.is_at_least(7, 18) && options.place_tokens {
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
            .route(&format!("{api}/users/{{user}}"), get(user::one))
            .route(&format!("{tokens}/admin"), get(tokens::policy));
        if options.has_json_login() {
            routes = routes.merge(sign_in::routes(version));
        }
        if options.is_at_least(9, 4) {
            let path = format!("/rest/basicauth/{version}/config");
            routes = routes.route(&path, get(server_info::basic_config));
        }
        if options.is_at_least(8, 0) {
            let path = format!("/rest/authconfig/{version}/login-options");
            routes = routes.route(&path, get(server_info::login_options));
        }
        if options.is_at_least(7, 20) {
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
    routes
}

/// A path that exists, with a method that it does not know. `OPTIONS` tells the known ones: the
/// router adds `Allow` to both.
pub(super) async fn wrong_method(method: Method, uri: axum::http::Uri) -> Response {
    if method == Method::OPTIONS {
        return ().into_response();
    }
    if uri.path().starts_with("/rest/") {
        error::wrong_method().into_response()
    } else {
        web::wrong_method()
    }
}
