//! Revoking the token under the cursor: a question that tells it from its namesakes and names what
//! will break, and what became of it.

use super::{TokenRow, Tokens};
use crate::bitbucket::Token;
use crate::clock::Moment;
use crate::operation::revoke::Revoked;
use crate::screen::question::{Question, Subject};
use crate::screen::revocation;
use crate::ui::context::Context;
use crate::when::{self, Expiry};

impl Tokens {
    pub(super) fn ask_to_revoke(&mut self, cx: &mut Context<'_>) {
        let Some(TokenRow::Token(token)) = self.listing.picker.current() else {
            return;
        };
        let created = token.created.map_or_else(String::new, |created| {
            format!(", created {}", when::relative(created, cx.now.time))
        });
        self.chosen = Some((token.id.clone(), token.name.clone()));
        cx.push(Question {
            subject: Subject::Revoke,
            title: "Revoke token",
            text: vec![
                format!("Revoke \"{}\"? {}{created}.", token.name, token.permissions),
                what_breaks(token, cx.now),
                "A revoked token never comes back.".to_owned(),
            ],
            yes: "revoke it",
            revoke: None,
            no: "keep it",
        });
    }

    pub(super) fn revoke(&mut self, cx: &mut Context<'_>) {
        if let Some((id, _)) = &self.chosen
            && let Some(ticket) = cx.revoke_token(self.place.scope(), id.clone())
        {
            self.revoking.await_command(ticket, cx.now);
        }
    }

    pub(super) fn revoked(&mut self, revoked: Revoked, cx: &mut Context<'_>) {
        let name = self.chosen.take().map(|(_, name)| name).unwrap_or_default();
        if !matches!(revoked, Revoked::Refused(_)) {
            self.listing.start(cx);
        }
        if revoked.is_gone() {
            self.ask_whether_git_used(&name, cx);
        }
        cx.notify(revocation::notice(revoked, &name));
    }
}

/// What stops working with this token.
fn what_breaks(token: &Token, now: Moment) -> String {
    let relative = |time| when::relative(time, now.time);
    match (when::expiry(token.expires, now.time), token.last_used) {
        (Expiry::Expired, _) => {
            let expired = token.expires.map_or_else(String::new, relative);
            format!("It expired {expired}: nothing works with it any more.")
        }
        (_, None) => "It has never been used.".to_owned(),
        (_, Some(used)) => format!(
            "It was last used {}: whatever uses it stops working at once.",
            relative(used)
        ),
    }
}
