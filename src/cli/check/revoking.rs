//! Revoking a token that was found, where a list that somebody may see holds it.

use super::super::exit::{Exit, Failure};
use super::super::interrupt::Interrupt;
use super::super::prompt::{self, Enter};
use super::super::{revoke as revoking, words};
use crate::bitbucket::{Client, ErrorKind, Token};
use crate::clock::Clock;
use crate::operation::Desk;
use crate::operation::check::{Checked, Listed};
use crate::operation::journal::Journal;
use crate::operation::last_use::LastUse;
use crate::operation::place::Place;
use crate::operation::revoke::{Revoked, revoke};

/// A token that can be revoked: in which list it is, and when it was last used by anybody but the check.
pub(super) struct Found<'a> {
    place: &'a Place,
    token: &'a Token,
    last_use: LastUse,
}

impl<'a> Found<'a> {
    /// Where the list of this check holds it.
    ///
    /// # Errors
    /// Why it cannot be revoked, and who can.
    pub(super) fn in_list(checked: &'a Checked) -> Result<Self, Failure> {
        const WHO: &str = "Only its owner or an administrator of its place can revoke it.";
        let failure =
            |exit, what: &str| Failure::new(exit, format!("Nothing was revoked: {what}."));
        match &checked.listed {
            Listed::In {
                place,
                token,
                last_used,
                used_by_check,
                is_seen: true,
            } => Ok(Self {
                place,
                token,
                last_use: match LastUse::from(*last_used) {
                    LastUse::At(time) if *used_by_check => LastUse::Tried(time),
                    last_use => last_use,
                },
            }),
            Listed::In { .. } => {
                let what = "the token itself may read the list that it is in, but you may not";
                Err(failure(Exit::NotPermitted, what).next(WHO))
            }
            Listed::Nowhere { .. } => {
                let what = "it is in none of the lists that you may see";
                let failure = failure(Exit::NotPermitted, what);
                Err(failure
                    .next(WHO)
                    .next("If you know its place, name it: --at PLACE"))
            }
            Listed::NoId => {
                let what = "its id cannot be read in it, so no list tells which one it is";
                Err(failure(Exit::Failed, what).next("bbtoken list shows the tokens of a place."))
            }
        }
    }

    /// Whether somebody agrees, who was told what stops working.
    pub(super) async fn is_agreed(&self, gits: bool, yes: bool) -> Result<bool, Failure> {
        let now = Clock::system().now().time;
        words::hint(&revoking::about(self.token, self.last_use, now));
        if gits {
            words::hint("  git on this computer uses it, and will be refused from then on.");
        }
        Ok(yes || prompt::agrees("Revoking cannot be undone. Revoke it?", Enter::No).await?)
    }

    /// Revokes it, and says what became of it.
    pub(super) async fn revoke(&self, client: &Client, interrupt: &mut Interrupt) -> Revoked {
        let desk = Desk {
            client: client.clone(),
            journal: Journal::none(),
            clock: Clock::system(),
        };
        let scope = self.place.scope();
        let finished = interrupt
            .finish(revoke(&desk, &scope, &self.token.id, None))
            .await;
        let unknown = || Revoked::NotKnown(ErrorKind::TimedOut.into());
        let revoked = finished.outcome.unwrap_or_else(unknown);
        revoking::say(self.token, &revoked);
        revoked
    }
}
