//! Revoking the token under the cursor: a question that tells it from its namesakes and names what
//! will break, and what became of it.

use super::Tokens;
use crate::operation::revoke::Revoked;
use crate::ui::context::Context;
use crate::ui::revocation;
use crate::ui::token_list::TokenRow;

impl Tokens {
    pub(super) fn ask_to_revoke(&mut self, cx: &mut Context<'_>) {
        let Some(TokenRow::Token(token)) = self.listing.picker.current() else {
            return;
        };
        self.chosen = Some((token.id.clone(), token.name.clone()));
        let question = revocation::question(token, self.last_use(token, cx.session), cx.now.time);
        cx.ask(question);
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
        cx.notify(revocation::notice(revoked, &name, &cx.session.zone));
    }
}
