//! What became of a revocation, in words that are the same wherever a token is revoked.

use crate::bitbucket::{Error, ErrorKind};
use crate::ui::event::Answer;
use crate::ui::notice::Notice;
use crate::ui::problem::{Attempt, Problem};

/// What became of a revocation.
#[derive(Debug)]
pub(super) enum Revocation {
    /// The token is gone.
    Gone(Notice),
    /// The answer got lost: only the list can tell.
    Unknown(Notice),
    /// The token is still there.
    Refused(Notice),
}

impl Revocation {
    /// Reads the answer to the revocation of the token with this name.
    pub(super) fn of(result: Result<Answer, Error>, name: &str) -> Self {
        match result {
            Ok(_) => Self::Gone(Notice::good(format!("Revoked \"{name}\"."))),
            Err(error) if error.kind == ErrorKind::NoSuchToken => {
                Self::Gone(Notice::good(format!("\"{name}\" was already gone.")))
            }
            Err(error) if error.outcome_is_unknown() => Self::Unknown(Notice::bad(format!(
                "Bitbucket's answer got lost. If \"{name}\" is still in the list of tokens, press x there once more."
            ))),
            Err(error) => {
                let problem = Problem::explain(&error, Attempt::Revoke(name));
                let said = problem.said.unwrap_or_default();
                Self::Refused(Notice::bad(format!(
                    "{} {} {} {said}",
                    problem.what, problem.why, problem.next
                )))
            }
        }
    }

    /// The news.
    pub(super) fn notice(self) -> Notice {
        match self {
            Self::Gone(notice) | Self::Unknown(notice) | Self::Refused(notice) => notice,
        }
    }
}
