//! The login page: the old form, which any browser can send, or the page of newer servers, whose script
//! sends JSON to [`rest::sign_in`](super::super::rest).

use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::{encode, escape, explain_captcha, local, page, redirect, signed_in, with_session};
use crate::simulator::auth::Refusal;
use crate::simulator::options::Options;
use crate::simulator::shared::Shared;
use crate::simulator::world::SignIn;

/// Where the picture of a captcha is.
pub(in crate::simulator) const CAPTCHA: &str = "/plugins/servlet/captcha";

/// The value of a cookie that is nobody's session yet.
pub(in crate::simulator) const NOBODY: &str = "NOBODY";

const TWO_STEP: &str = "/plugins/servlet/two-step-verification";

pub(super) fn routes(options: &Options) -> Router<Arc<Shared>> {
    let routes = Router::new()
        .route("/login", get(login_page))
        .route(CAPTCHA, get(captcha))
        .route(TWO_STEP, get(two_step_verification));
    if options.has_legacy_login_form() {
        routes.route("/j_atl_security_check", post(log_in))
    } else {
        routes
    }
}

#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    error: String,
    #[serde(default)]
    next: String,
}

async fn login_page(State(shared): State<Arc<Shared>>, Query(wish): Query<Wish>) -> Response {
    let next = local(&wish.next).unwrap_or_default();
    let way = if shared.options.has_legacy_login_form() {
        legacy_form(&shared, &wish.error, next)
    } else if shared.options.has_json_login() {
        json_login(&shared, next)
    } else {
        String::new()
    };
    let html = format!(
        "{way}\n<p><a href=\"{}&amp;next={}\">Log in with Nordwind SSO</a></p>",
        shared.identity_provider(),
        encode(next),
    );
    page(StatusCode::OK, "Log in", &html)
}

fn legacy_form(shared: &Shared, error: &str, next: &str) -> String {
    let notice = if error.is_empty() {
        ""
    } else {
        "<p>That name, password or captcha is not right.</p>"
    };
    format!(
        r#"{notice}<form method="post" action="{}/j_atl_security_check">
<input type="hidden" name="next" value="{}">
<p><label>Username <input name="j_username"></label></p>
<p><label>Password <input name="j_password" type="password"></label></p>
<p><label>Captcha, if you were asked for one (anything will do) <input name="captcha"></label></p>
<p><input type="submit" name="submit" value="Log in"></p></form>"#,
        shared.context_path,
        escape(next),
    )
}

fn json_login(shared: &Shared, next: &str) -> String {
    let context = &shared.context_path;
    let home = if next.is_empty() { "/dashboard" } else { next };
    let data = format!(
        "<form id=\"login\" data-rest=\"{context}/rest/tsv/latest/authenticate\" \
         data-next=\"{}\" data-home=\"{}\">",
        escape(next),
        escape(&format!("{context}{home}")),
    );
    include_str!("login.html").replacen("<form id=\"login\">", &data, 1)
}

#[derive(Deserialize)]
struct LoginForm {
    #[serde(default)]
    j_username: String,
    #[serde(default)]
    j_password: String,
    #[serde(default)]
    captcha: String,
    #[serde(default)]
    next: String,
}

/// `POST /j_atl_security_check`: 302 away with a session's cookie, or 302 back to the login page,
/// or to the identity provider for those whom only it signs in, or to the second step.
async fn log_in(
    State(shared): State<Arc<Shared>>,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Response {
    let base = &shared.address;
    let failed = || redirect(&format!("{base}/login?error=failed"));
    let Ok(Form(form)) = form else {
        return failed();
    };
    let sign_in = |id| shared.sign_in_of(shared.world.user(id));
    let known = shared.world.user_by_name(form.j_username.trim());
    if known.map(sign_in) == Some(SignIn::SingleSignOn) {
        return shared.identity_provider_for(&form.next);
    }
    let is_solved = !form.captcha.trim().is_empty();
    let id = match shared.check_password(&form.j_username, &form.j_password, is_solved) {
        Ok(id) => id,
        Err(Refusal::Captcha) => {
            let mut response = failed();
            explain_captcha(&shared, response.headers_mut());
            return response;
        }
        Err(_) => return failed(),
    };
    match sign_in(id) {
        // The password was right: with a cookie that is nobody's session yet.
        SignIn::TwoStep | SignIn::Enrolment => {
            with_session(redirect(&format!("{base}{TWO_STEP}")), &shared, NOBODY)
        }
        _ => signed_in(&shared, id, &form.next),
    }
}

async fn two_step_verification() -> Response {
    let text = "<p>This is where Bitbucket would ask for the code of your telephone.</p>";
    page(StatusCode::OK, "Two-step verification", text)
}

/// The picture of every captcha.
async fn captcha() -> Response {
    let picture = r#"<svg xmlns="http://www.w3.org/2000/svg" width="160" height="40"><text x="8" y="28" font-size="22">anything</text></svg>"#;
    ([(CONTENT_TYPE, "image/svg+xml")], picture).into_response()
}
