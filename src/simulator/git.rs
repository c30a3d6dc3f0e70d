//! git over HTTP, below `/scm`: real git on real repositories, behind Bitbucket's rules.

mod backend;
mod repositories;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Extension, Path, Request, State};
use axum::http::header::{HeaderValue, WWW_AUTHENTICATE};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use super::auth::{Caller, Refusal};
use super::rest;
use super::shared::Shared;
use super::world::{RepositoryId, RepositoryState};
use crate::permission::Level;
pub(super) use repositories::Repositories;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/scm/{project}/{repository}/{*service}", any(serve))
}

/// What git wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Fetch,
    Push,
}

/// A step of the smart protocol.
#[derive(Debug)]
struct Step {
    /// The path within the repository, as `git http-backend` expects it.
    path: &'static str,
    method: Method,
    service: Service,
}

impl Step {
    /// `None` for what is not of the smart protocol; Bitbucket serves no other.
    fn of(path: &str, query: &str) -> Option<Self> {
        let asks_for = |name: &str| {
            let pair = format!("service={name}");
            query.split('&').any(|it| it == pair)
        };
        let (path, method, service) = match path {
            "info/refs" if asks_for("git-upload-pack") => {
                ("info/refs", Method::GET, Service::Fetch)
            }
            "info/refs" if asks_for("git-receive-pack") => {
                ("info/refs", Method::GET, Service::Push)
            }
            "git-upload-pack" => ("git-upload-pack", Method::POST, Service::Fetch),
            "git-receive-pack" => ("git-receive-pack", Method::POST, Service::Push),
            _ => return None,
        };
        Some(Self {
            path,
            method,
            service,
        })
    }
}

async fn serve(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path((key, slug, service)): Path<(String, String, String)>,
    request: Request,
) -> Response {
    let world = &shared.world;
    let slug = slug.strip_suffix(".git").unwrap_or(&slug);
    let found = world
        .project_by_key(&key)
        .and_then(|project| world.repository_by_slug(project, slug));
    // Unknown looks like forbidden, so that nobody can find out names by trying.
    let id = match found {
        Some(id) if world.repository_level(&caller, id).is_some() => id,
        _ => {
            return challenge("You are not permitted to access this repository, or there is none.");
        }
    };
    if !shared.options.http_clone {
        return say(StatusCode::FORBIDDEN, "HTTP(S) access has been disabled.");
    }
    if world.repository(id).state != RepositoryState::Available {
        let place = format!("{slug} is not available.");
        return say(StatusCode::FORBIDDEN, &place);
    }
    let query = request.uri().query().unwrap_or_default();
    let Some(step) = Step::of(&service, query) else {
        return say(
            StatusCode::FORBIDDEN,
            "Only git's smart protocol is served.",
        );
    };
    if step.method != *request.method() {
        return say(StatusCode::METHOD_NOT_ALLOWED, "Wrong method.");
    }
    if step.service == Service::Push
        && let Some(refused) = refuse_push(&shared, &caller, id)
    {
        return refused;
    }
    let repository = match shared.git.repository(world, id).await {
        Ok(repository) => repository,
        Err(error) => return failed(&error),
    };
    let name = shared.name_of(&caller).map(|(name, _)| name);
    backend::run(&repository, step.path, name.as_deref(), request)
        .await
        .unwrap_or_else(|error| failed(&error))
}

fn refuse_push(shared: &Shared, caller: &Caller, id: RepositoryId) -> Option<Response> {
    let repository = shared.world.repository(id);
    if repository.archived {
        let place = format!("{} is archived and read-only.", repository.slug);
        return Some(say(StatusCode::FORBIDDEN, &place));
    }
    if shared.world.repository_level(caller, id) >= Some(Level::Write) {
        return None;
    }
    Some(match caller {
        // Somebody else might: git is to ask who.
        Caller::Anonymous => challenge("Sign in to push."),
        Caller::User { .. } | Caller::Token(_) | Caller::Application(_) => {
            let place = format!("You are not permitted to push to {}.", repository.slug);
            say(StatusCode::FORBIDDEN, &place)
        }
    })
}

/// Credentials that do not count, over git.
pub(super) fn refused(refusal: Refusal) -> Response {
    match refusal {
        Refusal::WrongCredentials
        | Refusal::Expired
        | Refusal::Locked
        | Refusal::Inactive
        | Refusal::NoLicence => challenge("Authentication failed."),
        Refusal::Captcha => say(
            StatusCode::FORBIDDEN,
            "CAPTCHA required: log in through the web interface to continue.",
        ),
        // The filter that says it stands before git as it stands before the REST API.
        Refusal::BasicOff => rest::refused(refusal),
    }
}

/// 401 that makes git ask for credentials.
fn challenge(message: &str) -> Response {
    let mut response = say(StatusCode::UNAUTHORIZED, message);
    response.headers_mut().insert(
        WWW_AUTHENTICATE,
        HeaderValue::from_static("Basic realm=\"Atlassian Bitbucket\""),
    );
    response
}

/// Text, which git shows to its user after `remote:`.
fn say(status: StatusCode, message: &str) -> Response {
    (status, format!("{message}\n")).into_response()
}

/// Git itself does not work here: said in full in the log, and shortly to the client.
fn failed(error: &repositories::GitError) -> Response {
    tracing::error!(%error, "the simulator's git failed");
    say(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())
}
