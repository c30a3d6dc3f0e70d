//! What somebody may do on the server; only with a login.

use std::time::Duration;

use super::{Attempt, Explain, Finding, Login};
use crate::bitbucket::{Client, Error, LoginForm, Scope, SignInWay, SignedIn, TokenOwner};
use crate::operation::sign_in::sign_in;

pub(super) const CHECK: &str = "rights";
/// All questions together.
const PATIENCE: Duration = Duration::from_secs(45);

/// Signs in, looks, and signs out again.
pub(super) async fn look(client: &Client, login: Login, explain: Explain) -> Finding {
    let base = client.base();
    if !base.is_encrypted() && !base.is_loopback() && !matches!(login, Login::None) {
        return Finding::attention(
            CHECK,
            "not checked: the connection is not encrypted, so nothing secret was sent",
            "Use an address with https.",
        );
    }
    let is_token = matches!(login, Login::Token(_));
    let signed_in = match login {
        Login::None => {
            return Finding::unchecked(
                CHECK,
                "not checked: --sign-in asks for a password or a token",
            );
        }
        Login::Password {
            user,
            password,
            codes,
        } => match sign_in(client, &user, &password, codes).await.transpose() {
            Some(signed_in) => signed_in,
            None => return Finding::unchecked(
                CHECK,
                "not checked: the password is right, but the two-step verification code is missing",
            )
            .next("Run it in a terminal, or give the code as a second line on standard input."),
        },
        Login::Token(token) => client.sign_in_with_token(&token).await,
    };
    let signed_in = match signed_in {
        Ok(signed_in) => signed_in,
        Err(error) => return refused(&error, client, is_token, explain),
    };
    let finding = tokio::time::timeout(PATIENCE, ask(&signed_in)).await;
    signed_in.client.sign_out().await;
    finding
        .unwrap_or_else(|_| Finding::bad(CHECK, "no answer in time", "Run bbtoken doctor again."))
}

fn refused(error: &Error, client: &Client, is_token: bool, explain: Explain) -> Finding {
    let attempt = if is_token {
        Attempt::UseToken(client.base())
    } else {
        Attempt::SignIn(client.base())
    };
    let problem = explain(error, attempt);
    let said = problem.said.into_iter();
    said.fold(
        Finding::bad(CHECK, problem.why, problem.next),
        Finding::detail,
    )
    .detail(format!("technical: {}", problem.technical))
}

async fn ask(signed_in: &SignedIn) -> Finding {
    let client = &signed_in.client;
    let personal = Scope::Personal {
        user: signed_in.user.slug.clone(),
    };
    let mut projects = client.administered_projects().limit(100);
    let mut tokens = client.tokens(&personal).limit(100);
    let (projects, tokens) = tokio::join!(projects.next(), tokens.next());
    let way = match signed_in.way {
        SignInWay::Password => "signed in with the password, as Basic",
        SignInWay::Session(LoginForm::Json) => {
            "signed in with the password, as the login page does (JSON); Basic is switched off"
        }
        SignInWay::Session(LoginForm::Old) => {
            "signed in with the password, through the login form; Basic is switched off"
        }
        SignInWay::Token(TokenOwner::Person) => {
            "the token is valid; no token can create or revoke tokens"
        }
        SignInWay::Token(TokenOwner::Technical) => {
            "the token of a project or repository is valid: it is nobody's account, and no token can create or revoke tokens"
        }
        SignInWay::OAuth => "signed in with OAuth 2",
    };
    let projects = match projects {
        Ok(page) => {
            let page = page.map(|page| (page.values.len(), page.next.is_some()));
            match page.unwrap_or((0, false)) {
                (0, false) => {
                    "administers no project: tokens of projects are made by others".to_owned()
                }
                (1, false) => "administers one project".to_owned(),
                (count, false) => format!("administers {count} projects"),
                (count, true) => format!("administers {count} projects and more"),
            }
        }
        Err(error) => format!(
            "which projects are administered is unknown: {}",
            error.brief()
        ),
    };
    let finding = Finding::good(CHECK, way).detail(projects);
    let info = signed_in.info.as_ref();
    let finding = info.into_iter().fold(finding, |finding, info| {
        finding.detail(format!(
            "it is {}, which it tells after the sign-in",
            info.title()
        ))
    });
    if matches!(signed_in.way, SignInWay::Token(_)) {
        return finding;
    }
    finding.detail(match tokens {
        Ok(_) => "may have personal tokens".to_owned(),
        Err(error) => format!("personal tokens cannot be read: {}", error.brief()),
    })
}
