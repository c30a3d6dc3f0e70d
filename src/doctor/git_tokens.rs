//! Whether the server still takes the tokens that git here uses.

use std::time::Duration;

use super::Finding;
use crate::bitbucket::Client;
use crate::environment::Environment;
use crate::git;
use crate::git::sent::Source;
use crate::operation::git_tokens::{ServerSays, Used, git_tokens};

pub(super) const CHECK: &str = "git-tokens";
/// git, its helpers and the server together.
const PATIENCE: Duration = Duration::from_secs(45);

/// Why what git keeps cannot be tried now.
pub(super) fn not_asked(
    check: &'static str,
    environment: &Environment,
    client: &Client,
) -> Option<Finding> {
    let base = client.base();
    let why = if !base.is_encrypted() && !base.is_loopback() {
        "not checked: the connection is not encrypted, so nothing secret was sent"
    } else if !git::half_done(environment).is_empty() {
        // git would ask bbtoken for the token, which puts back what was there before.
        "not checked: a git setup was interrupted"
    } else {
        return None;
    };
    Some(Finding::unchecked(check, why))
}

/// Asks the server about each. Nobody's password is sent.
pub(super) async fn look(environment: &Environment, client: &Client) -> Finding {
    if let Some(finding) = not_asked(CHECK, environment, client) {
        return finding;
    }
    let used = tokio::time::timeout(PATIENCE, git_tokens(environment, client)).await;
    let used = match used {
        Ok(Ok(used)) => used,
        Ok(Err(error)) => return Finding::unchecked(CHECK, format!("not checked: {error}")),
        Err(_) => return Finding::unchecked(CHECK, "not checked: no answer in time"),
    };
    if used.is_empty() {
        return Finding::unchecked(CHECK, "git here uses no token at this server");
    }
    let refused = used
        .iter()
        .find(|used| matches!(used.answer, ServerSays::Refused));
    let finding = match refused {
        Some(used) => Finding::bad(
            CHECK,
            format!(
                "the server refuses the token that git uses for {}: it has expired or was revoked",
                used.address
            ),
            next(environment, used),
        )
        .about(&used.address),
        None if used
            .iter()
            .all(|used| matches!(used.answer, ServerSays::Taken)) =>
        {
            Finding::good(CHECK, "the server accepts what git uses")
        }
        None => Finding::unchecked(CHECK, "the server could not be asked about each"),
    };
    used.iter().fold(finding, |finding, used| {
        let said = match &used.answer {
            ServerSays::Taken => "taken".to_owned(),
            ServerSays::Refused => "refused".to_owned(),
            ServerSays::NotKnown(error) => format!("not known: {error}"),
        };
        finding.detail(format!("{}, {}: {said}", used.address, from(&used.from)))
    })
}

fn next(environment: &Environment, used: &Used) -> String {
    let ours = git::set_up_for(environment, &used.address);
    match (ours, &used.from) {
        (Some(set_up), _) => format!(
            "Create a new one and set git up with it, or remove this one: {}",
            git::undo_command(&set_up.address)
        ),
        (None, Source::Header(file)) => {
            format!(
                "Take the header out of {file}, then set git up with a new token: start bbtoken."
            )
        }
        (None, _) => "Set git up with a new one: start bbtoken.".to_owned(),
    }
}

fn from(source: &Source) -> String {
    match source {
        Source::Nowhere => "from nowhere".to_owned(),
        Source::Header(file) => format!("a header in {file}"),
        Source::Address => "in the address of a remote".to_owned(),
        Source::Helper => "from a credential helper".to_owned(),
    }
}
