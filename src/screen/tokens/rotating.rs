//! Rotating the token under the cursor: the form for an equal one in its place; where a rotation of it is
//! open, the question that brings that to its end.

use ratatui::text::Line;

use super::{Ended, Tokens};
use crate::bitbucket::Token;
use crate::operation::Desk;
use crate::operation::revoke::Revoked;
use crate::operation::rotate::{About, End, Replacement, Rotation, about};
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::ui::load::{Load, Work};
use crate::ui::notice::Notice;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::question::{Choice, Subject};
use crate::ui::reply::Reply;
use crate::ui::route::Route;
use crate::ui::session::Session;
use crate::ui::token_list::{TokenRow, way_to_new};
use crate::ui::{revocation, rotation};
use crate::widget::lines;

/// How far that is.
#[derive(Debug, Default)]
pub(super) struct Rotating {
    /// It is being found out whether a rotation of it is open, and where that stands.
    pub(super) looking: Load<About>,
    /// What is to be rotated where none is.
    token: Option<Token>,
    /// The open one that is asked about.
    asked: Option<Rotation>,
    /// It is being brought to this end.
    end: Option<End>,
    pub(super) ending: Work<Revoked>,
}

impl Tokens {
    /// Why the token under the cursor cannot be rotated.
    pub(super) fn refuses_rotate(&self, session: &Session) -> Option<String> {
        if self.is_revoking() || self.rotating.looking.is_pending() {
            return Some("One moment: the last action is still under way.".to_owned());
        }
        let Some(TokenRow::Token(token)) = self.listing.picker.current() else {
            return Some("Put the cursor on the token to rotate first.".to_owned());
        };
        if session
            .custody
            .rotation_of(&self.place.scope(), &token.id)
            .is_some()
        {
            return None;
        }
        if token.permissions.is_none() {
            let new = keymap::key(Mode::Tokens, Action::New);
            return Some(format!(
                "Bitbucket does not say what this token may do, so bbtoken cannot create an equal one. \
                 {new} creates a new one."
            ));
        }
        self.refuses_new(session)
    }

    /// The rotation that a token of this list is part of.
    pub(super) fn rotation_of(&self, token: &Token, session: &Session) -> Option<Rotation> {
        session.custody.rotation_of(&self.place.scope(), &token.id)
    }

    /// Which tokens of the list are part of an open rotation, in a window too narrow for a column that says so.
    pub(super) fn rotation_note(
        &self,
        width: usize,
        view: View<'_>,
    ) -> impl Iterator<Item = Line<'static>> {
        let theme = view.theme;
        let scope = self.place.scope();
        let rotations = view.session.custody.rotations();
        let here = rotations.filter(|rotation| rotation.entry.asked.scope == scope);
        let key = keymap::key(Mode::Tokens, Action::Rotate);
        let lines: Vec<_> = here
            .flat_map(|rotation| {
                let old = &rotation.old.name;
                let text = format!("{key} finishes or undoes the rotation of \"{old}\".");
                lines::signed(("!", theme.warning), &text, theme.text, width).collect::<Vec<_>>()
            })
            .collect();
        lines.into_iter()
    }

    pub(super) fn rotate(&mut self, cx: &mut Context<'_>) {
        if let Some(TokenRow::Token(token)) = self.listing.picker.current() {
            let token = (**token).clone();
            let known = self.rotation_of(&token, cx.session);
            let id = token.id.clone();
            self.rotating.token = Some(token);
            self.find_out_about(id, known, cx);
        }
    }

    /// The token of a rotation was handed over a moment ago: now it may be in place.
    pub(super) fn ask_whether_handed_over_is_in_place(&mut self, cx: &mut Context<'_>) {
        if let Some(rotation) = cx.session.custody.take_handed_over(&self.place.scope()) {
            self.find_out_about(rotation.new.clone(), Some(rotation), cx);
        }
    }

    /// When both were last used is read anew.
    fn find_out_about(&mut self, id: String, known: Option<Rotation>, cx: &mut Context<'_>) {
        let (Some(desk), Some(user)) = (cx.session.desk(), &cx.session.user) else {
            return;
        };
        let (user, scope) = (user.name.clone(), self.place.scope());
        let ask = move |client, environment| {
            let desk = Desk {
                client,
                ..desk.clone()
            };
            let (user, scope, id, known) = (user.clone(), scope.clone(), id.clone(), known.clone());
            async move { about(&desk, &environment, &user, known, (&scope, &id)).await }
        };
        self.rotating.looking.ask_here(ask, cx);
    }

    /// Takes in what was waited for; false: it was something else.
    pub(super) fn rotating_replied(&mut self, reply: &mut Reply, cx: &mut Context<'_>) -> bool {
        if let Some(found) = self.rotating.looking.take(reply) {
            match found {
                Ok(About::Nothing) => self.open_form(cx),
                Ok(About::Open(standing)) => {
                    cx.session.custody.stands_open(standing.rotation.clone());
                    let now = cx.now.time;
                    cx.ask(rotation::question(
                        Subject::Rotation,
                        &standing,
                        cx.session,
                        now,
                    ));
                    self.rotating.asked = Some(standing.rotation);
                }
                Ok(About::Over(over)) => {
                    cx.session.custody.rotation_is_over(&over);
                    cx.notify(Notice::hint(format!(
                        "The rotation of \"{}\" is over: one of its two tokens is gone.",
                        over.old.name
                    )));
                    self.listing.start(cx);
                }
                Err(error) => {
                    let attempt = Attempt::List("the tokens of this place");
                    let problem = Problem::explain(&error, attempt);
                    let again = keymap::key(Mode::Tokens, Action::Rotate);
                    cx.notify(Notice::bad(format!(
                        "{} {} Both tokens of the rotation stay. {again} asks again.",
                        problem.what, problem.why
                    )));
                }
            }
            return true;
        }
        if let Some(revoked) = self.rotating.ending.take(reply) {
            self.rotation_ended(&revoked, cx);
            return true;
        }
        false
    }

    /// The form, filled in with an equal token; or what somebody can do who may create none here.
    fn open_form(&mut self, cx: &mut Context<'_>) {
        let Some(old) = self.rotating.token.take() else {
            return;
        };
        if cx.session.rights.may_create(&self.place) == Some(false) {
            return cx.open(way_to_new(self.place.clone(), true, cx.session));
        }
        let taken: Vec<_> = self.tokens().map(|token| token.name.clone()).collect();
        let is_gits = self.is_gits(&old);
        let here = (cx.now.time, &cx.session.zone);
        match Replacement::of(old, is_gits, &taken, &cx.session.config, here) {
            Ok(replacement) => cx.open(Route::Rotate {
                place: self.place.clone(),
                replacement: Box::new(replacement),
            }),
            Err(error) => cx.notify(Notice::hint(error.to_string())),
        }
    }

    pub(super) fn rotation_answered(&mut self, choice: Choice, cx: &mut Context<'_>) {
        let Some(rotation) = self.rotating.asked.clone() else {
            return;
        };
        let Some(end) = rotation::end(&rotation, choice) else {
            self.ended = Some(Ended::BothKept);
            return;
        };
        if let Some(ticket) = cx.end_rotation(rotation, end) {
            self.rotating.end = Some(end);
            self.rotating.ending.wait_for(ticket, cx.now);
        }
    }

    fn rotation_ended(&mut self, revoked: &Revoked, cx: &mut Context<'_>) {
        let (Some(rotation), Some(end)) = (self.rotating.asked.take(), self.rotating.end.take())
        else {
            return;
        };
        let old = &rotation.old;
        let new = &rotation.entry.asked.name;
        let (id, name) = match end {
            End::Finish => (&old.id, &old.name),
            End::Undo => (&rotation.new, new),
        };
        if !matches!(revoked, Revoked::Refused(_)) {
            self.listing.start(cx);
        }
        if !revoked.is_gone() {
            return cx.notify(revocation::notice(revoked, name, &cx.session.zone));
        }
        cx.session.custody.rotation_is_over(&rotation);
        self.marked.remove(id);
        self.ask_whether_git_used(id, name, cx);
        let (ended, done) = match end {
            End::Finish => (
                Ended::Rotated,
                format!("Rotated: \"{new}\" is in place, and \"{name}\" is revoked."),
            ),
            End::Undo => (
                Ended::Undone,
                format!("The rotation is undone: \"{new}\" is revoked."),
            ),
        };
        self.ended = Some(ended);
        cx.notify(Notice::good(done));
    }
}
