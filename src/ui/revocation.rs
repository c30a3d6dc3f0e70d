//! What became of a revocation, in words that are the same wherever a token is revoked.

use super::notice::Notice;
use super::problem::{self, Attempt, Problem};
use crate::operation::revoke::Revoked;

/// What became of the revocation of the token with this name.
pub(crate) fn notice(revoked: Revoked, name: &str) -> Notice {
    match revoked {
        Revoked::Revoked => Notice::good(format!("Revoked \"{name}\".")),
        Revoked::AlreadyGone => Notice::good(format!("\"{name}\" was already gone.")),
        Revoked::Refused(error) => {
            let problem = Problem::explain(&error, Attempt::Revoke(name));
            let said = problem.said.unwrap_or_default();
            let words = [problem.what, problem.why, problem.next, said];
            Notice::bad(words.join(" ").trim_end())
        }
        Revoked::StillThere(error) => {
            let next = problem::let_through(&error);
            let next = next.unwrap_or_else(|| "Press x there once more.".to_owned());
            Notice::bad(format!(
                "{}, and \"{name}\" is still in the list of tokens. {next}",
                problem::lost(&error)
            ))
        }
        Revoked::NotKnown(error) => Notice::bad(format!(
            "Nobody knows whether \"{name}\" was revoked: Bitbucket's answer got lost, and the list of tokens could not be read ({}). Read the list again with r: if it is still there, press x.",
            error.brief()
        )),
    }
}
