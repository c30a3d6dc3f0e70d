//! The pages on which people make HTTP access tokens: a list, a form, and the new token, shown once.
//!
//! The addresses are those of Bitbucket. How its pages look is not copied: they are plain forms that
//! any browser, or `curl`, can fill in.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Extension, Form, Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{escape, page, to_login};
use crate::simulator::auth::Caller;
use crate::simulator::rest::{self, PathParameters};
use crate::simulator::shared::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    let mut routes = Router::new();
    for place in [
        "",
        "/users/{user}",
        "/projects/{project}",
        "/projects/{project}/repos/{repository}",
    ] {
        for page in ["manage", "add"] {
            let path = format!("/plugins/servlet/access-tokens{place}/{page}");
            routes = routes.route(&path, get(manage).post(make));
        }
    }
    routes
}

/// Whose tokens a page is about; without a place in the address those of whoever is signed in.
fn place(
    shared: &Shared,
    caller: &Caller,
    mut path: HashMap<String, String>,
) -> Option<PathParameters> {
    let Caller::User { user, .. } = caller else {
        return None;
    };
    if path.is_empty() {
        let slug = shared.world.user(*user).slug.clone();
        path.insert("user".to_owned(), slug);
    }
    Some(PathParameters::from(path))
}

async fn manage(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(path): Path<HashMap<String, String>>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Some(place) = place(&shared, &caller, path) else {
        return to_login(&shared, uri.path());
    };
    let names = match rest::token_names(&shared, &caller, &place) {
        Ok(names) => names,
        Err(error) => {
            return page(
                error.status(),
                "HTTP access tokens",
                &paragraph(error.message()),
            );
        }
    };
    let mut html = String::from("<ul>\n");
    for name in names {
        let _ = writeln!(html, "<li>{}</li>", escape(&name));
    }
    html.push_str("</ul>\n<h2>Create a token</h2>\n");
    html.push_str(&form(&shared, &headers, !place.is_repository()));
    page(StatusCode::OK, "HTTP access tokens", &html)
}

/// The form goes back to the address that it came from.
fn form(shared: &Shared, headers: &HeaderMap, has_project_level: bool) -> String {
    let scale = |label: &str, name: &str, chosen: &str| {
        let mut options = String::new();
        for level in ["read", "write", "admin"] {
            let mark = if level == chosen { " selected" } else { "" };
            let _ = write!(options, "<option{mark}>{level}</option>");
        }
        format!(r#"<p><label>{label} <select name="{name}">{options}</select></label></p>"#)
    };
    let project = if has_project_level {
        scale("Project permissions", "project", "read")
    } else {
        String::new()
    };
    let repository = scale("Repository permissions", "repository", "read");
    let xsrf = shared.sessions.xsrf_token(headers).unwrap_or_default();
    format!(
        r#"<form method="post">
<input type="hidden" name="atl_token" value="{xsrf}">
<p><label>Name <input name="name" autofocus></label></p>
{project}
{repository}
<p><label>Expires after days, or empty for never <input name="days" value="90"></label></p>
<p><input type="submit" value="Create"></p></form>"#
    )
}

#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    atl_token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    project: String,
    #[serde(default)]
    repository: String,
    #[serde(default)]
    days: String,
}

impl Wish {
    /// What the REST API would be asked for.
    fn fields(&self) -> Map<String, Value> {
        let scale = |name: &str, level: &str| {
            let level = level.to_uppercase();
            (!level.is_empty()).then(|| format!("{name}_{level}"))
        };
        let permissions = [
            scale("PROJECT", &self.project),
            scale("REPO", &self.repository),
        ];
        let permissions: Vec<_> = permissions.into_iter().flatten().collect();
        let mut fields = Map::new();
        fields.insert("name".to_owned(), json!(self.name));
        fields.insert("permissions".to_owned(), json!(permissions));
        let days = self.days.trim();
        if !days.is_empty() {
            let days = days.parse::<i64>().map_or(json!(days), Value::from);
            fields.insert("expiryDays".to_owned(), days);
        }
        fields
    }
}

async fn make(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    Path(path): Path<HashMap<String, String>>,
    uri: Uri,
    headers: HeaderMap,
    wish: Result<Form<Wish>, FormRejection>,
) -> Response {
    let title = "HTTP access tokens";
    let Some(place) = place(&shared, &caller, path) else {
        return to_login(&shared, uri.path());
    };
    let Ok(Form(wish)) = wish else {
        return page(
            StatusCode::BAD_REQUEST,
            title,
            &paragraph("This is no form."),
        );
    };
    if shared.sessions.xsrf_token(&headers).as_deref() != Some(&wish.atl_token) {
        return page(
            StatusCode::FORBIDDEN,
            title,
            &paragraph("XSRF check failed"),
        );
    }
    match rest::make_token(&shared, &caller, &place, &wish.fields()) {
        Ok((token, secret)) => {
            let html = format!(
                "<p>{} was created. Copy the token now: it is never shown again.</p>\n\
                 <p><code id=\"token\">{}</code></p>",
                escape(&token.name),
                escape(&secret)
            );
            page(StatusCode::OK, title, &html)
        }
        Err(error) => {
            let project_too = !place.is_repository();
            let html = paragraph(error.message()) + &form(&shared, &headers, project_too);
            page(error.status(), title, &html)
        }
    }
}

fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}
