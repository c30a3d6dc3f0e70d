//! How a server lets people in, as far as it tells before anybody has signed in: so the way of a password
//! is chosen without spending it.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use super::answer::Answer;
use super::client::Client;
use super::entrance::{Entrance, LoginForm};
use super::fields::{flag, list, text};
use super::server_info::{BasicAuthentication, LoginOption, ServerInfo};

/// How long is waited for what is good to know but not needed.
const PATIENCE: Duration = Duration::from_secs(5);

impl Client {
    /// Whether a password of this user may be worth sending as Basic. Where nothing tells it may: a
    /// server that has switched Basic off says so (403) before it looks at the password.
    pub(super) fn may_take_basic(&self, user: &str) -> bool {
        let entrance = self.entrance();
        entrance.is_none_or(|entrance| entrance.may_take_basic(user))
    }

    /// The forms that take a password here, the one to try first in front. A later one is for a server
    /// that turns out not to have the earlier.
    pub(super) async fn login_forms(&self) -> Vec<LoginForm> {
        let anonymous = self.signed_out();
        let entrance = match self.entrance() {
            Some(entrance) => entrance.clone(),
            None => Entrance::of_login_page(anonymous.login_options().await),
        };
        match entrance.named() {
            Some(forms) => forms,
            None => match anonymous.login_page().await {
                Some(form) => vec![form],
                // Nothing tells. A path that is not there looks at no password, so the order is free;
                // the old form comes last, since servers without it may lead to their login page, and
                // that would look like a wrong password.
                None if entrance.is_old() => vec![LoginForm::Old],
                None => vec![LoginForm::Json, LoginForm::Old],
            },
        }
    }

    /// What the server tells of how it lets people in, into what is known of it.
    pub(super) async fn look_at_entrance(&self, info: &mut ServerInfo) {
        let look = async {
            tokio::join!(
                self.login_options(),
                self.basic_authentication(),
                self.has_oauth()
            )
        };
        if let Ok((options, basic, oauth)) = tokio::time::timeout(PATIENCE, look).await {
            info.login_options = options;
            info.basic = basic;
            info.oauth = oauth;
        }
        self.remember_entrance(Entrance::of(info));
    }

    /// What the login page offers; `None` on servers that do not tell (before 7.0 or so).
    async fn login_options(&self) -> Option<Vec<LoginOption>> {
        let path = ["rest", "authconfig", "latest", "login-options"];
        let purpose = "check which ways to sign in there are";
        let answer = self.send(purpose, Method::GET, &path, &[], None).await;
        let answer = answer.ok()?;
        let value = answer.json().ok()?;
        value.get("results")?;
        let options = list(&value, "results").iter();
        Some(options.filter_map(|it| answer.login_option(it)).collect())
    }

    /// Whether Basic is on, where somebody who has not signed in may read that.
    async fn basic_authentication(&self) -> Option<BasicAuthentication> {
        let path = ["rest", "basicauth", "latest", "config"];
        let purpose = "check whether programs may send passwords";
        let answer = self.send(purpose, Method::GET, &path, &[], None).await;
        let value = answer.ok()?.json().ok()?;
        value.get("block-requests")?.as_bool()?;
        if !flag(&value, "block-requests") {
            return Some(BasicAuthentication::On);
        }
        let users = list(&value, "allowed-users").iter();
        let except = users.filter_map(Value::as_str).map(str::to_owned).collect();
        Some(BasicAuthentication::Off { except })
    }

    /// What the login page holds, where it is one of Bitbucket's.
    pub(super) async fn login_page(&self) -> Option<LoginForm> {
        let page = self.look("read the login page", &["login"]).await;
        let page = page.ok().filter(|page| page.status.is_success())?;
        if has_old_form(&page.body) {
            return Some(LoginForm::Old);
        }
        // Newer pages build their fields in the browser.
        page.is_html().then_some(LoginForm::Json)
    }

    /// Whether the page at Bitbucket's own address of it is Bitbucket's. Where the server does not lead
    /// there by itself, anybody's page may stand there.
    pub(super) async fn has_own_login_page(&self, is_led_there: bool) -> bool {
        let page = self
            .look("check which product the login page belongs to", &["login"])
            .await;
        let Ok(page) = page else {
            return false;
        };
        let names = [if is_led_there {
            "bitbucket"
        } else {
            "com.atlassian.bitbucket"
        }];
        let is_named = page.is_html() && page.says(&names) && !page.says(&["samlrequest"]);
        page.status.is_success() && (has_old_form(&page.body) || is_named)
    }

    /// Whether the server can be an OAuth 2 provider (7.20 and later): it then knows this path, and
    /// shows it to nobody who has not signed in.
    async fn has_oauth(&self) -> bool {
        let path = ["rest", "oauth2", "1.0", "client"];
        let answer = self.look("check whether OAuth 2 is available", &path).await;
        answer.is_ok_and(|answer| answer.status == reqwest::StatusCode::UNAUTHORIZED)
    }
}

impl Answer {
    fn login_option(&self, value: &Value) -> Option<LoginOption> {
        match text(value, "type")?.as_str() {
            "LOGIN_FORM" => Some(LoginOption::Form),
            "LEGACY_LOGIN_FORM" => Some(LoginOption::OldForm),
            "IDP" => {
                let link = value.get("loginLink").and_then(Value::as_str);
                Some(LoginOption::IdentityProvider {
                    label: text(value, "buttonText"),
                    page: link.and_then(|it| self.call.base.offered_page("/login", it)),
                })
            }
            _ => None,
        }
    }
}

/// Whether a page holds the form of older servers.
pub(super) fn has_old_form(page: &[u8]) -> bool {
    let start = &page[..page.len().min(64 * 1024)];
    let start = String::from_utf8_lossy(start).to_lowercase();
    ["j_atl_security_check", "j_password"]
        .iter()
        .any(|sign| start.contains(sign))
}
