//! The access-token API: the same five calls for users, projects and repositories.
//!
//! The order of refusals is Bitbucket's: not signed in (401), no such place (404), not permitted
//! (401), no such token (404), and only then what is wrong with the request (400).

mod validate;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use zeroize::Zeroizing;

use self::validate::{Changes, NewFields};
use super::error::{ApiError, send};
use super::page::Paging;
use super::request::{Fields, PathParameters, Signed};
use crate::permission::Level;
use crate::simulator::auth::Caller;
use crate::simulator::profile::Feature;
use crate::simulator::shared::Shared;
use crate::simulator::token::{NewToken, Token, TokenHome, TokenId};

/// What a caller wants with the tokens of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    Read,
    Create,
    /// Change or revoke.
    Change,
}

/// `GET` on the place: a page of its tokens.
pub(super) async fn list(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: PathParameters,
    paging: Paging,
) -> Result<Response, ApiError> {
    let scope = permitted(&shared, &caller, &place, Want::Read)?;
    let tokens = shared.tokens();
    Ok(paging.of(&tokens.of(scope), |token| shared.token_json(token)))
}

/// `GET` on one token.
pub(super) async fn one(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: PathParameters,
) -> Result<Response, ApiError> {
    let scope = permitted(&shared, &caller, &place, Want::Read)?;
    let mut tokens = shared.tokens();
    let token = id(&place).and_then(|id| tokens.get_mut(scope, id));
    let token = token.ok_or_else(ApiError::no_such_token)?;
    Ok(send(StatusCode::OK, &shared.token_json(token)))
}

/// `PUT` on the place: creates. The only answer with the secret, in `token`.
pub(super) async fn create(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: PathParameters,
    request: Request,
) -> Result<Response, ApiError> {
    // Who may do something is said before what is wrong with the words.
    permitted(&shared, &caller, &place, Want::Create)?;
    let fields = Fields::read(request).await?;
    let (token, secret) = make(&shared, &caller, &place, &fields.0)?;
    let mut body = shared.token_json(&token);
    body["token"] = secret.as_str().into();
    Ok(send(StatusCode::OK, &body))
}

/// Makes a token, for the API and for the web page: the token and, this once, its secret.
pub(in crate::simulator) fn make(
    shared: &Shared,
    caller: &Caller,
    place: &PathParameters,
    fields: &Map<String, Value>,
) -> Result<(Token, Zeroizing<String>), ApiError> {
    let scope = permitted(shared, caller, place, Want::Create)?;
    let new = NewFields::read(fields, scope, &shared.options)?;
    let created = shared.options.clock.now().time;
    let mut tokens = shared.tokens();
    if tokens.of(scope).len() >= shared.options.max_tokens {
        return Err(ApiError::bad_request(format!(
            "The maximum number of access tokens ({}) has been reached.",
            shared.options.max_tokens
        )));
    }
    let new = NewToken {
        name: new.name,
        permissions: new.permissions,
        scope,
        created,
        // A field that an old server does not know.
        expiry: new
            .lifetime
            .filter(|_| shared.options.has(Feature::TokenExpiry))
            .map(|lifetime| created + lifetime),
    };
    let is_prefixed = shared.options.has(Feature::PrefixedSecrets);
    let made = tokens.create(new, is_prefixed);
    made.map_err(|_| ApiError::no_randomness())
}

/// The names of a place's tokens, for the web page.
pub(in crate::simulator) fn names(
    shared: &Shared,
    caller: &Caller,
    place: &PathParameters,
) -> Result<Vec<String>, ApiError> {
    let scope = permitted(shared, caller, place, Want::Create)?;
    let tokens = shared.tokens();
    let names = tokens.of(scope).into_iter().map(|token| token.name.clone());
    Ok(names.collect())
}

/// `POST` on one token: changes name and permissions; what is left out stays.
pub(super) async fn change(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: PathParameters,
    request: Request,
) -> Result<Response, ApiError> {
    let scope = permitted(&shared, &caller, &place, Want::Change)?;
    let id = id(&place).ok_or_else(ApiError::no_such_token)?;
    if shared.tokens().get_mut(scope, id).is_none() {
        return Err(ApiError::no_such_token());
    }
    let fields = Fields::read(request).await?;
    let changes = Changes::read(&fields.0, scope)?;
    let mut tokens = shared.tokens();
    // Somebody may have revoked it while the body was on its way.
    let token = tokens
        .get_mut(scope, id)
        .ok_or_else(ApiError::no_such_token)?;
    if let Some(name) = changes.name {
        token.name = name;
    }
    if let Some(permissions) = changes.permissions {
        token.permissions = permissions;
    }
    Ok(send(StatusCode::OK, &shared.token_json(token)))
}

/// `DELETE` on one token: revokes it, 204.
pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
    place: PathParameters,
) -> Result<Response, ApiError> {
    let scope = permitted(&shared, &caller, &place, Want::Change)?;
    let removed = id(&place).is_some_and(|id| shared.tokens().remove(scope, id));
    if !removed {
        return Err(ApiError::no_such_token());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// `GET /rest/access-tokens/latest/admin`: the server's policy, for its administrators.
pub(super) async fn policy(
    State(shared): State<Arc<Shared>>,
    Signed(caller): Signed,
) -> Result<Response, ApiError> {
    if !shared.world.administers(&caller) {
        return Err(ApiError::refused_to(&caller));
    }
    let policy = shared.options.max_expiry_days;
    let policy = policy.map_or_else(|| json!({}), |days| json!({"maxExpiryDays": days}));
    Ok(send(StatusCode::OK, &policy))
}

/// The id in the path; `None` if it is none, so that no token has it.
fn id(place: &PathParameters) -> Option<TokenId> {
    TokenId::parse(place.get("token"))
}

/// The place of the tokens, if the caller may do this with them.
fn permitted(
    shared: &Shared,
    caller: &Caller,
    place: &PathParameters,
    want: Want,
) -> Result<TokenHome, ApiError> {
    let world = &shared.world;
    if matches!(caller, Caller::Anonymous) {
        return Err(ApiError::not_signed_in());
    }
    let (scope, mine) = if place.has("user") {
        let owner = place.user(world)?;
        let mine = match caller {
            Caller::Anonymous => false,
            Caller::User { user, .. } => *user == owner,
            Caller::Application(grant) => grant.user == owner && grant.account,
            Caller::Token(token) => token.owner() == Some(owner),
        };
        // Administrators may see, change and revoke the tokens of others, but not create them.
        let others = want != Want::Create && world.administers(caller);
        (TokenHome::User(owner), mine || others)
    } else if place.has("repository") {
        let id = shared.visible_repository(caller, place)?;
        let mine = world.repository_level(caller, id) >= Some(Level::Admin);
        (TokenHome::Repository(id), mine)
    } else {
        let id = place.project(world)?;
        let mine = world.project_level(caller, id) >= Some(Level::Admin);
        (TokenHome::Project(id), mine)
    };
    if want != Want::Read && matches!(caller, Caller::Token(_)) {
        return Err(ApiError::not_permitted(
            "You can't use a token to perform changes on behalf of a user, for example to create \
             new tokens.",
        ));
    }
    let may_create = shared.options.oauth.creates_tokens;
    if want != Want::Read && matches!(caller, Caller::Application(_)) && !may_create {
        return Err(ApiError::not_permitted_here());
    }
    if !mine {
        return Err(ApiError::not_permitted_here());
    }
    Ok(scope)
}
