//! Whether git gets in from the clone in the current directory, and if not, why: what `bbtoken why` says.

use std::time::Duration;

use jiff::Timestamp;

use super::{Finding, git_tokens};
use crate::bitbucket::Client;
use crate::environment::Environment;
use crate::git;
use crate::operation::whereabouts;
use crate::operation::why::{Cause, Why, in_clone};

pub(super) const CHECK: &str = "why";
/// git, its helpers and the server together.
const PATIENCE: Duration = Duration::from_secs(90);

/// Has git show it; nothing where there is no clone of this server here. Nobody's password is sent.
pub(super) async fn look(
    environment: &Environment,
    client: &Client,
    now: Timestamp,
) -> Option<Finding> {
    let remotes = git::remotes_of_clone(environment).await;
    whereabouts::remote_to(&remotes, client.base())?;
    if let Some(finding) = git_tokens::not_asked(CHECK, environment, client) {
        return Some(finding);
    }
    let why = tokio::time::timeout(PATIENCE, in_clone(environment, client, now)).await;
    Some(match why {
        Ok(None) => return None,
        Ok(Some(Ok(why))) => found(&why.without_names()),
        Ok(Some(Err(error))) => Finding::unchecked(CHECK, format!("not checked: {error}")),
        Err(_) => Finding::unchecked(CHECK, "not checked: no answer in time"),
    })
}

fn found(why: &Why) -> Finding {
    let sentence = why.sentence();
    let finding = match (&why.cause, why.advice()) {
        (Cause::Works, _) | (_, None) => Finding::good(CHECK, sentence),
        (Cause::Elsewhere(_) | Cause::NoAnswer(_) | Cause::PlainHttp, Some(advice)) => {
            Finding::unchecked(CHECK, sentence).next(advice)
        }
        (Cause::NothingToSend | Cause::Password { .. }, Some(advice)) => {
            Finding::attention(CHECK, sentence, advice)
        }
        (_, Some(advice)) => Finding::bad(CHECK, sentence, advice),
    };
    let finding = match (&why.cause, &why.address) {
        (Cause::Expired(_) | Cause::Revoked | Cause::Dead, Some(address)) => finding.about(address),
        _ => finding,
    };
    let facts = why.facts().into_iter();
    facts.fold(finding, |finding, (label, value)| {
        finding.detail(format!("{label}: {value}"))
    })
}
