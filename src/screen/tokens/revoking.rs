//! Revoking the token under the cursor: a question that tells it from its namesakes and names what
//! will break, and what became of it.

use super::Tokens;
use crate::operation::revoke::Revoked;
use crate::permission::Permissions;
use crate::ui::context::Context;
use crate::ui::question::{Question, Subject};
use crate::ui::revocation;
use crate::ui::token_list::TokenRow;
use crate::when;

impl Tokens {
    pub(super) fn ask_to_revoke(&mut self, cx: &mut Context<'_>) {
        let Some(TokenRow::Token(token)) = self.listing.picker.current() else {
            return;
        };
        let created = token.created.map_or_else(String::new, |created| {
            format!(", created {}", when::relative(created, cx.now.time))
        });
        self.chosen = Some((token.id.clone(), token.name.clone()));
        let may = token.permissions.as_ref().map_or_else(
            || "What it may do is unknown".to_owned(),
            Permissions::to_string,
        );
        let breaks = revocation::what_breaks(token, self.last_use(token, cx.session), cx.now.time);
        cx.ask(Question {
            subject: Subject::Revoke,
            title: "Revoke token",
            text: vec![
                format!("Revoke \"{}\"? {may}{created}.", token.name),
                breaks,
                "A revoked token never comes back.".to_owned(),
            ],
            yes: "revoke it",
            revoke: None,
            no: "keep it",
            scroll: 0,
        });
    }

    pub(super) fn revoke(&mut self, cx: &mut Context<'_>) {
        if let Some((id, _)) = &self.chosen
            && let Some(ticket) = cx.revoke_token(self.place.scope(), id.clone())
        {
            self.revoking.wait_for(ticket, cx.now);
        }
    }

    pub(super) fn revoked(&mut self, revoked: Revoked, cx: &mut Context<'_>) {
        let (id, name) = self.chosen.take().unwrap_or_default();
        if !matches!(revoked, Revoked::Refused(_)) {
            self.listing.start(cx);
        }
        if revoked.is_gone() {
            self.ask_whether_git_used(&id, &name, cx);
        }
        cx.notify(revocation::notice(revoked, &name));
    }
}
