//! The company's identity provider, as far as a Bitbucket sees it: a form of its own that lets anybody
//! of the company in, and sends the browser back with a session.
//!
//! A real one lives on another server and sends a signed assertion. Here both are the same server, so
//! that a tester needs nothing else.

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::{escape, local, page, redirect, signed_in};
use crate::simulator::shared::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    let path = "/plugins/servlet/external-login";
    Router::new().route(path, get(form).post(log_in))
}

#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    next: String,
}

async fn form(State(shared): State<Arc<Shared>>, Query(wish): Query<Wish>) -> Response {
    asked(&shared, &wish.next, "")
}

/// The form, with a sentence of what was wrong before.
fn asked(shared: &Shared, next: &str, notice: &str) -> Response {
    let html = format!(
        r#"<p>Nordwind's identity provider. {notice}</p>
<form method="post" action="{}/plugins/servlet/external-login">
<input type="hidden" name="next" value="{}">
<p><label>Name <input name="username" autofocus></label></p>
<p><label>Password, which equals the name <input name="password" type="password"></label></p>
<p><input type="submit" value="Sign in"></p></form>"#,
        shared.context_path,
        escape(next),
    );
    page(StatusCode::OK, "Single sign-on", &html)
}

#[derive(Deserialize)]
struct LoginFields {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

async fn log_in(
    State(shared): State<Arc<Shared>>,
    credentials: Result<Form<LoginFields>, FormRejection>,
) -> Response {
    let Ok(Form(credentials)) = credentials else {
        return asked(&shared, "", "");
    };
    let id = shared.world.user_by_name(credentials.username.trim());
    let id = id.filter(|id| shared.is_password_of(*id, &credentials.password));
    match id {
        Some(id) => signed_in(&shared, id, &credentials.next),
        None => asked(&shared, &credentials.next, "That is not right."),
    }
}

impl Shared {
    /// Where single sign-on begins, on the way to a page of ours.
    pub(super) fn identity_provider_for(&self, next: &str) -> Response {
        let provider = self.identity_provider();
        redirect(&match local(next) {
            Some(next) => format!("{provider}&next={}", super::encode(next)),
            None => provider,
        })
    }
}
