//! The one wait that must not be cancelled: a token is being created.
//!
//! If Bitbucket's answer gets lost, nobody knows whether the token exists. Asking again could make a
//! second one, so the list is read instead: a token of that name, created since, is ours; its secret
//! went with the answer, so nobody can use it and the user is asked to revoke it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::bitbucket::{CreatedToken, Error, ErrorKind, Token, TokenSpec, Way};
use crate::operation::granted::Granted;
use crate::screen::question::{Question, Subject};
use crate::screen::ready::{Origin, Ready};
use crate::screen::revocation::Revocation;
use crate::ui::context::{Context, Move};
use crate::ui::effect::Read;
use crate::ui::event::Answer;
use crate::ui::load::{Load, Ticket};
use crate::ui::notice::Notice;
use crate::ui::place::Place;
use crate::when;

/// The clocks of two computers may differ by so much.
const CLOCK_DIFFERENCE: SignedDuration = SignedDuration::from_mins(5);

/// Where the creation stands.
#[derive(Debug)]
pub(super) struct Creation {
    /// The list of tokens lies below the form.
    from_list: bool,
    state: State,
    load: Load,
    /// What was asked for, and when.
    asked: Option<(TokenSpec, Timestamp)>,
    /// The id of a token that exists but that nobody can use.
    orphan: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing is under way.
    Idle,
    /// Bitbucket is creating the token.
    Creating,
    /// The answer got lost: the list is being read, or has to be.
    Checking,
    /// A token without a secret is being revoked.
    Revoking,
}

impl Creation {
    pub(super) fn new(from_list: bool) -> Self {
        Self {
            from_list,
            state: State::Idle,
            load: Load::default(),
            asked: None,
            orphan: None,
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.state != State::Idle
    }

    /// Why nothing else can be done now.
    pub(super) fn holds_on(&self) -> Option<String> {
        let reason = match self.state {
            State::Idle => return None,
            State::Creating => {
                "Bitbucket is creating the token. This cannot be stopped: it may exist already."
            }
            State::Checking if self.load.is_pending() => {
                "Bitbucket's answer got lost. Reading the list to see whether the token exists."
            }
            State::Checking => {
                "Nobody knows yet whether the token exists. Enter looks again; esc gives up."
            }
            State::Revoking => "The token without a secret is being revoked: one moment.",
        };
        Some(reason.to_owned())
    }

    /// What the form says while it waits.
    pub(super) fn words(&self) -> Option<&'static str> {
        self.load.is_pending().then_some(match self.state {
            State::Idle | State::Creating => "Bitbucket is creating the token …",
            State::Checking => "Bitbucket's answer got lost: looking whether the token exists …",
            State::Revoking => "Revoking the token without a secret …",
        })
    }

    pub(super) fn load(&self) -> &Load {
        &self.load
    }

    /// Whether the list could not be read, so that enter reads it again.
    pub(super) fn can_check_again(&self) -> bool {
        self.state == State::Checking && !self.load.is_pending()
    }

    /// Forgets an error: the form has changed.
    pub(super) fn forgive(&mut self) {
        if self.state == State::Idle {
            self.load.forgive();
        }
    }

    pub(super) fn loads(&self) -> Vec<&Load> {
        vec![&self.load]
    }

    /// Only reading may be given up.
    pub(super) fn loads_mut(&mut self) -> Vec<&mut Load> {
        if self.state == State::Checking {
            vec![&mut self.load]
        } else {
            Vec::new()
        }
    }

    pub(super) fn start(&mut self, place: &Place, spec: TokenSpec, cx: &mut Context<'_>) {
        if let Some(ticket) = cx.create_token(place.scope(), spec.clone()) {
            self.state = State::Creating;
            self.asked = Some((spec, cx.now.time));
            self.load.await_command(ticket, cx.now);
        }
    }

    /// Reads the list to find out what became of the token.
    pub(super) fn check(&mut self, place: &Place, cx: &mut Context<'_>) {
        self.state = State::Checking;
        let scope = place.scope();
        if let Some(query) = cx.read(Read::AllTokens { scope }) {
            self.load.ask(query, cx);
        }
    }

    /// Takes in an answer; tells which field the server complains about.
    pub(super) fn reply(
        &mut self,
        place: &Place,
        ticket: Ticket,
        result: Result<Answer, Error>,
        cx: &mut Context<'_>,
    ) -> Option<String> {
        if !self.load.takes(ticket) {
            return None;
        }
        match (self.state, result) {
            (_, Ok(Answer::Created(created))) => {
                cx.session.created.insert(created.token.id.clone());
                cx.session.newest = Some(created.token.id.clone());
                let CreatedToken { token, secret } = created;
                let (spec, at) = self.asked.clone()?;
                let origin = Origin::Here(Granted::new(token, spec, at).into());
                let ready = Ready::new(place.clone(), origin, Arc::new(secret), self.from_list);
                if !cx.is_on_top {
                    cx.notify(Notice::good(
                        "The token is made: it is shown as soon as you close this.",
                    ));
                }
                cx.moves.push(Move::Replace(ready.into()));
            }
            (State::Creating, Err(error)) => return self.failed(place, error, cx),
            (State::Checking, Ok(Answer::AllTokens(tokens))) => self.checked(&tokens, cx),
            (State::Checking, Err(error)) => self.load.fail(error),
            (State::Revoking, result) => {
                self.state = State::Idle;
                self.orphan = None;
                cx.notify(match Revocation::of(result, &self.name()) {
                    Revocation::Gone(_) => {
                        Notice::good("Revoked. Press enter to create the token again.")
                    }
                    other => other.notice(),
                });
            }
            (_, Ok(_)) => self.state = State::Idle,
            (State::Idle, Err(error)) => self.load.fail(error),
        }
        None
    }

    fn failed(&mut self, place: &Place, error: Error, cx: &mut Context<'_>) -> Option<String> {
        let field = error.field().map(str::to_owned);
        if let ErrorKind::UnusableSecret { id } = &error.kind {
            self.state = State::Idle;
            let what = format!(
                "Bitbucket created \"{}\", but what it sent as its secret cannot be one. Nobody can use this token.",
                self.name()
            );
            self.ask_about_orphan(id.clone(), what, cx);
        } else if error.outcome_is_unknown() {
            self.check(place, cx);
        } else {
            self.state = State::Idle;
            if error.kind == ErrorKind::NotPermitted && cx.session.way == Some(Way::OAuth) {
                cx.push(not_with_oauth());
            }
            self.load.fail(error);
        }
        field
    }

    fn checked(&mut self, tokens: &[Token], cx: &mut Context<'_>) {
        self.state = State::Idle;
        let Some((spec, asked)) = &self.asked else {
            return;
        };
        // What has been used has a secret that somebody knows: it is none of ours.
        let mut same_name = tokens
            .iter()
            .filter(|token| !cx.session.created.contains(&token.id))
            .filter(|token| token.name == spec.name && token.last_used.at().is_none());
        let newest = same_name.clone().max_by_key(|token| token.created);
        let is_recent = |token: &&Token| {
            let created = token.created;
            created.is_none_or(|created| created >= *asked - CLOCK_DIFFERENCE)
        };
        match newest.filter(is_recent) {
            Some(token) => {
                let created = token.created.map(|time| when::relative(time, cx.now.time));
                let created = created.map_or_else(String::new, |ago| format!(" ({ago})"));
                let what = format!(
                    "Bitbucket has a token \"{}\"{created}. It is most likely the one that was asked for just now: the answer with its secret got lost, and it is never told again. Nobody can use this token.",
                    spec.name
                );
                self.ask_about_orphan(token.id.clone(), what, cx);
            }
            None if same_name.next().is_some() => cx.notify(Notice::hint(
                "Bitbucket's answer got lost. The list has an older token of this name that nobody has used: look at it there before you try again.",
            )),
            None => cx.notify(Notice::hint(
                "Bitbucket's answer got lost, but the list shows no new token: nothing was created. Press enter to try again.",
            )),
        }
    }

    /// The name that was asked for.
    pub(super) fn name(&self) -> String {
        let asked = self.asked.as_ref();
        asked.map_or_else(String::new, |(spec, _)| spec.name.clone())
    }

    fn ask_about_orphan(&mut self, id: String, what: String, cx: &mut Context<'_>) {
        cx.push(Question {
            subject: Subject::Revoke,
            title: "A token without a secret",
            text: vec![what, "Revoke it, and create it again?".to_owned()],
            yes: "revoke it",
            revoke: None,
            no: "leave it in the list",
        });
        self.orphan = Some(id);
    }

    pub(super) fn revoke_orphan(&mut self, place: &Place, cx: &mut Context<'_>) {
        if let Some(id) = &self.orphan
            && let Some(ticket) = cx.revoke_token(place.scope(), id.clone())
        {
            self.state = State::Revoking;
            self.load.await_command(ticket, cx.now);
        }
    }

    /// The user leaves the token where it is.
    pub(super) fn keep_orphan(&mut self) {
        self.orphan = None;
    }

    /// The process ends: revoke what nobody can use. Done once; there is no time for a second try.
    /// True: an answer is still needed, whether there is such a token or whether it is gone.
    pub(super) fn abandon(&mut self, place: &Place, cx: &mut Context<'_>) -> bool {
        if self.state == State::Idle && self.orphan.is_some() {
            self.revoke_orphan(place, cx);
            self.orphan = None;
        }
        self.is_under_way() && self.load.is_pending()
    }
}

/// Whether OAuth may create tokens is documented nowhere, so nobody is to blame here.
fn not_with_oauth() -> Question {
    Question {
        subject: Subject::InBrowser,
        title: "Not with OAuth",
        text: vec![
            "Bitbucket does not create the token for somebody who has signed in with OAuth. Either it never does that, or you may not make tokens here.".to_owned(),
            "You can make it on Bitbucket's own page: it is opened for you.".to_owned(),
        ],
        yes: "go on in the browser",
        revoke: None,
        no: "stay here",
    }
}
