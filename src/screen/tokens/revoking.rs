//! Revoking the marked tokens, or the one under the cursor: a question that says what each may do and what
//! will break, one request after the other, and what became of them.

use super::{Ended, Tokens};
use crate::bitbucket::Token;
use crate::operation::revoke::{Revoked, Several};
use crate::ui::context::Context;
use crate::ui::notice::Notice;
use crate::ui::question::{Question, Subject};
use crate::ui::revocation;
use crate::ui::route::Route;
use crate::ui::token_list::TokenRow;

impl Tokens {
    /// The marked tokens, as they stand in the list.
    pub(super) fn marked_tokens(&self) -> Vec<Token> {
        let shown = self.listing.picker.rows().iter();
        let marked = shown.filter_map(|row| match row {
            TokenRow::Token(token) if self.marked.contains(&token.id) => Some((**token).clone()),
            _ => None,
        });
        marked.collect()
    }

    /// The marked ones, or the one under the cursor.
    pub(super) fn ask_to_revoke_chosen(&mut self, cx: &mut Context<'_>) {
        let marked = self.marked_tokens();
        if marked.is_empty() {
            self.ask_to_revoke_current(cx);
        } else {
            self.ask_to_revoke(marked, cx);
        }
    }

    pub(super) fn ask_to_revoke_current(&mut self, cx: &mut Context<'_>) {
        if let Some(TokenRow::Token(token)) = self.listing.picker.current() {
            let token = (**token).clone();
            self.ask_to_revoke(vec![token], cx);
        }
    }

    fn ask_to_revoke(&mut self, tokens: Vec<Token>, cx: &mut Context<'_>) {
        let now = cx.now.time;
        match tokens.as_slice() {
            [token] => {
                let last_use = self.last_use(token, cx.session);
                revocation::ask(token, last_use, self.is_gits(token), cx);
            }
            tokens => {
                let uses = tokens
                    .iter()
                    .map(|it| (it, self.last_use(it, cx.session), self.is_gits(it)));
                let question = revocation::question_about_all(&uses.collect::<Vec<_>>(), now);
                cx.open(Route::TypedQuestion(question, tokens.len()));
            }
        }
        self.chosen = Several::of(tokens);
    }

    /// Has the next one revoked.
    pub(super) fn revoke(&mut self, cx: &mut Context<'_>) {
        if let Some(token) = self.chosen.next()
            && let Some(ticket) = cx.revoke_token(self.place.scope(), token.id.clone())
        {
            self.revoking.wait_for(ticket, cx.now);
        }
    }

    /// Has those revoked again that were not.
    pub(super) fn revoke_again(&mut self, cx: &mut Context<'_>) {
        self.chosen.again();
        self.revoke(cx);
    }

    pub(super) fn revoked(&mut self, revoked: Revoked, cx: &mut Context<'_>) {
        if let Some(token) = self.chosen.next().filter(|_| revoked.is_gone()) {
            self.marked.remove(&token.id);
        }
        self.chosen.take(revoked);
        if self.chosen.next().is_some() {
            self.revoke(cx);
            return;
        }
        let mut ended = self.chosen.ended().map(|(_, revoked)| revoked);
        if !ended.all(|revoked| matches!(revoked, Revoked::Refused(_))) {
            self.listing.start(cx);
        }
        let gone: Vec<_> = self.chosen.gone().cloned().collect();
        let scope = self.place.scope();
        for token in &gone {
            cx.session.custody.token_is_gone(&scope, &token.id);
            self.ask_whether_git_used(&token.id, &token.name, cx);
        }
        if !gone.is_empty() {
            self.ended = Some(Ended::Revoked);
        }
        if self.chosen.count() == 1 {
            if let Some((token, revoked)) = self.chosen.ended().next() {
                cx.notify(revocation::notice(revoked, &token.name, &cx.session.zone));
            }
        } else {
            self.tell_of_several(gone.len(), cx);
        }
    }

    fn tell_of_several(&self, gone: usize, cx: &mut Context<'_>) {
        let count = self.chosen.count();
        if gone == count {
            cx.notify(Notice::good(format!("Revoked all {count} tokens.")));
            return;
        }
        let mut failed = self.chosen.failed();
        let is_end = failed.any(|(_, revoked)| revocation::is_end(revoked));
        if is_end {
            // The password comes first; what is left is still marked.
            let text =
                format!("{gone} of {count} tokens are revoked. The others are still marked.");
            cx.session.unfinished = Some(text);
            return;
        }
        let mut text = vec![format!("{gone} of {count} tokens are revoked.")];
        text.extend(self.chosen.failed().map(|(token, revoked)| {
            let why = revoked.error().map(|error| error.kind.to_string());
            let what = match revoked {
                Revoked::Refused(_) => "was not revoked",
                _ => "may still be there",
            };
            format!("✗ \"{}\" {what}: {}.", token.name, why.unwrap_or_default())
        }));
        let rest: Vec<_> = self.chosen.not_tried().map(|it| it.name.clone()).collect();
        if !rest.is_empty() {
            text.push(format!("Not tried: {}.", rest.join(", ")));
        }
        if let Some(wait) = self
            .chosen
            .failed()
            .find_map(|(_, it)| revocation::pause(it))
        {
            text.push(format!("Bitbucket wants a pause of {wait}."));
        }
        cx.ask(Question {
            subject: Subject::RevokeAgain,
            title: "Not all were revoked",
            text,
            yes: "try the others again",
            revoke: None,
            no: "leave them, still marked",
        });
    }
}
