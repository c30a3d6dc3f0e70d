//! What somebody may do on the server; only with credentials.

use std::time::Duration;

use super::{Credentials, Finding};
use crate::bitbucket::{Client, Error, Scope, SignedIn, Way};
use crate::ui::problem::{Attempt, Problem};

pub(super) const CHECK: &str = "rights";
/// Signing in and three questions.
const PATIENCE: Duration = Duration::from_secs(45);

/// Signs in, looks, and signs out again.
pub(super) async fn look(client: &Client, credentials: Credentials) -> Finding {
    let base = client.base();
    if !base.is_encrypted() && !base.is_loopback() && !matches!(credentials, Credentials::None) {
        return Finding::attention(
            CHECK,
            "not checked: the way is not encrypted, so nothing secret was sent",
            "Use an address with https.",
        );
    }
    let is_token = matches!(credentials, Credentials::Token(_));
    let look = async {
        let signed_in = match credentials {
            Credentials::None => return Ok(None),
            Credentials::Password(user, password) => client.sign_in(&user, &password).await?,
            Credentials::Token(token) => client.sign_in_with_token(&token).await?,
        };
        let finding = ask(&signed_in).await;
        signed_in.client.sign_out().await;
        Ok(Some(finding))
    };
    match tokio::time::timeout(PATIENCE, look).await {
        Ok(Ok(Some(finding))) => finding,
        Ok(Ok(None)) => Finding::unchecked(
            CHECK,
            "not checked: --sign-in asks for a password or a token",
        ),
        Ok(Err(error)) => refused(&error, client, is_token),
        Err(_) => Finding::bad(CHECK, "no answer in time", "Run bbtoken doctor again."),
    }
}

fn refused(error: &Error, client: &Client, is_token: bool) -> Finding {
    let attempt = if is_token {
        Attempt::UseToken(client.base())
    } else {
        Attempt::SignIn(client.base())
    };
    let Problem {
        why,
        next,
        technical,
        ..
    } = Problem::explain(error, attempt);
    Finding::bad(CHECK, why, next).detail(format!("technical: {technical}"))
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
        Way::Password => "signed in with the password",
        Way::Session => {
            "signed in with the password, through the login form (programs may send none)"
        }
        Way::Token(_) => "the token is valid; no token can create or revoke tokens",
        Way::OAuth => "signed in with OAuth 2",
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
        Err(error) => format!("which projects are administered is unknown: {}", error.kind),
    };
    let finding = Finding::good(CHECK, way).detail(projects);
    if matches!(signed_in.way, Way::Token(_)) {
        return finding;
    }
    finding.detail(match tokens {
        Ok(_) => "may have personal tokens".to_owned(),
        Err(error) => format!("personal tokens cannot be read: {}", error.kind),
    })
}
