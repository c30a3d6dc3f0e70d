//! The one wait that must not be cancelled: a token is being created.
//!
//! If Bitbucket's answer gets lost, nobody knows whether the token exists. Asking again could make a
//! second one, so the list is read instead: a token of that name, created since, is ours; its secret
//! went with the answer, so nobody can use it and the user is asked to revoke it.

use std::time::Duration;

use jiff::Timestamp;

use crate::bitbucket::{Error, ErrorKind, SignInWay, Token, TokenSpec};
use crate::clock::Moment;
use crate::operation::Desk;
use crate::operation::custody::Key;
use crate::operation::draft::UsedBy;
use crate::operation::granted::Granted;
use crate::operation::journal::{Journal, OldToken};
use crate::operation::origin::Origin;
use crate::operation::place::Place;
use crate::operation::revoke::Revoked;
use crate::operation::settle::{Settled, Sought, settle};
use crate::ui::context::Context;
use crate::ui::event::Ended;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::load::{Load, Wait, Work};
use crate::ui::notice::Notice;
use crate::ui::problem;
use crate::ui::question::{Question, Subject};
use crate::ui::reply::Reply;
use crate::ui::revocation;
use crate::ui::route::Route;
use crate::when;

fn on(action: Action) -> String {
    keymap::key(Mode::NewToken, action)
}

/// Where the creation stands.
#[derive(Debug)]
pub(super) struct Creation {
    /// The list of tokens lies below the form.
    from_list: bool,
    creating: Work<Ended>,
    /// The list is being read, or could not be; and what went wrong the last time, whatever it was.
    checking: Load<Settled>,
    /// The answer got lost: the list is being read, or has to be.
    has_to_check: bool,
    /// A token without a secret is being revoked.
    revoking: Work<Revoked>,
    /// What was asked for, and when.
    asked: Option<(TokenSpec, Timestamp)>,
    /// Who will use it.
    used_by: UsedBy,
    /// The creation whose answer got lost, and then the token that nobody can use.
    lost: Option<Key>,
    /// What came in place of the answer.
    lost_by: Option<Error>,
    /// The answer came, but what it had as a secret is none.
    is_unusable: bool,
}

impl Creation {
    pub(super) fn new(from_list: bool) -> Self {
        Self {
            from_list,
            creating: Work::default(),
            checking: Load::default(),
            has_to_check: false,
            revoking: Work::default(),
            asked: None,
            used_by: UsedBy::Git,
            lost: None,
            lost_by: None,
            is_unusable: false,
        }
    }

    pub(super) fn is_under_way(&self) -> bool {
        self.creating.is_pending() || self.has_to_check || self.revoking.is_pending()
    }

    /// Why nothing else can be done now.
    pub(super) fn holds_on(&self) -> Option<String> {
        let reason = if self.creating.is_pending() {
            "Bitbucket is creating the token. This cannot be stopped: it may exist already."
        } else if self.checking.is_pending() {
            "Bitbucket's answer got lost. Reading the list to see whether the token exists."
        } else if self.has_to_check {
            return Some(format!(
                "It is not known yet whether the token exists. Press {} to check again, or {} to give up.",
                on(Action::Accept),
                on(Action::Back)
            ));
        } else if self.revoking.is_pending() {
            "The token without a secret is being revoked: one moment."
        } else {
            return None;
        };
        Some(reason.to_owned())
    }

    /// What the form says while it waits, and how long it has waited.
    pub(super) fn waiting(&self, now: Moment) -> Option<(&'static str, Duration)> {
        let waits = [
            (self.creating.wait(), "Bitbucket is creating the token …"),
            (
                self.checking.wait(),
                "Bitbucket's answer got lost: looking whether the token exists …",
            ),
            (
                self.revoking.wait(),
                "Revoking the token without a secret …",
            ),
        ];
        waits
            .into_iter()
            .find_map(|(wait, words)| Some((words, wait.waiting(now)?)))
    }

    /// What went wrong the last time.
    pub(super) fn failure(&self) -> Option<&Error> {
        self.checking.failure()
    }

    /// Whether the list could not be read, so that enter reads it again.
    pub(super) fn can_check_again(&self) -> bool {
        self.has_to_check && !self.checking.is_pending()
    }

    /// Forgets an error: the form has changed.
    pub(super) fn forgive(&mut self) {
        if !self.is_under_way() {
            self.checking.forgive();
        }
    }

    pub(super) fn waits(&self) -> Vec<&Wait> {
        vec![
            self.creating.wait(),
            self.checking.wait(),
            self.revoking.wait(),
        ]
    }

    /// Only reading may be given up.
    pub(super) fn wait_mut(&mut self) -> &mut Wait {
        self.checking.wait_mut()
    }

    pub(super) fn start(
        &mut self,
        place: &Place,
        used_by: UsedBy,
        spec: TokenSpec,
        replaces: Option<OldToken>,
        cx: &mut Context<'_>,
    ) {
        let ticket = cx.create_token(place.clone(), used_by.clone(), spec.clone(), replaces);
        if let Some(ticket) = ticket {
            self.used_by = used_by;
            self.asked = Some((spec, cx.now.time));
            self.checking.forgive();
            self.creating.wait_for(ticket, cx.now);
        }
    }

    /// Reads the list to find out what became of the token.
    pub(super) fn check(&mut self, cx: &mut Context<'_>) {
        self.has_to_check = true;
        let lost = self.lost.and_then(|key| cx.session.custody.get(key));
        if let (Some(lost), Some((_, asked)), Some(desk)) = (lost, &self.asked, cx.session.desk()) {
            let sought = Sought {
                scope: lost.scope.clone(),
                name: lost.name.clone(),
                asked: *asked,
                id: lost.id.clone(),
                others: cx.session.custody.ids().clone(),
            };
            let ask = move |client| {
                let sought = sought.clone();
                let desk = Desk {
                    client,
                    ..desk.clone()
                };
                async move {
                    match settle(&desk, &sought).await {
                        // Whoever asks again after the next sign-in may learn it.
                        Settled::NotKnown(error) => Err(error),
                        settled => Ok(settled),
                    }
                }
            };
            self.checking.ask_before_the_end(ask, cx);
        }
    }

    /// The user no longer waits for the list; the next run looks into it.
    pub(super) fn give_up(&mut self, cx: &mut Context<'_>) {
        self.has_to_check = false;
        if let Some(key) = self.lost.take() {
            cx.session.custody.leave_open(key);
        }
    }

    /// Takes in what became of something; tells which field the server complains about.
    pub(super) fn reply(
        &mut self,
        place: &Place,
        reply: &mut Reply,
        cx: &mut Context<'_>,
    ) -> Option<String> {
        if let Some(ended) = self.creating.take(reply) {
            return self.ended(place, ended, cx);
        }
        match self.checking.take(reply) {
            Some(Ok(settled)) => self.settled(settled, cx),
            Some(Err(error)) => self.checking.fail(error),
            None => {}
        }
        if let Some(revoked) = self.revoking.take(reply) {
            self.revoked(&revoked, cx);
        }
        None
    }

    fn ended(&mut self, place: &Place, ended: Ended, cx: &mut Context<'_>) -> Option<String> {
        match ended {
            Ended::Made(key, token) => self.made(place, key, token, cx),
            Ended::NotCreated(error) => {
                let field = error.field().map(str::to_owned);
                if error.kind == ErrorKind::NotPermitted && cx.session.way == Some(SignInWay::OAuth)
                {
                    cx.ask(not_with_oauth());
                } else if error.kind == ErrorKind::NotPermitted
                    && !matches!(place, Place::Account(_))
                {
                    cx.session.rights.told_of_tokens(place.scope(), false);
                }
                self.checking.fail(error);
                return field;
            }
            Ended::NotNoted(error) => {
                cx.session.journal = Journal::none();
                cx.notify(Notice::bad(format!(
                    "Nothing was created yet. bbtoken cannot record that it is creating a token ({error}): \
                     if it is killed before it is done, the next start does not look for the token. Press \
                     {} to create it anyway.",
                    on(Action::Accept)
                )));
            }
            Ended::Lost(key, error) => {
                self.is_unusable = matches!(error.kind, ErrorKind::UnusableSecret { .. });
                self.lost = Some(key);
                self.lost_by = Some(error);
                self.check(cx);
            }
        }
        None
    }

    fn made(&self, place: &Place, key: Key, token: Token, cx: &mut Context<'_>) {
        cx.session.newest = Some(token.id.clone());
        cx.session.is_fulfilled(place.kind());
        let Some((spec, at)) = self.asked.clone() else {
            return;
        };
        let origin = Origin::Here(Granted::new(token, spec, at).into());
        cx.finish_with(Route::TokenReady {
            place: place.clone(),
            used_by: self.used_by.clone(),
            origin,
            key,
            from_list: self.from_list,
        });
        if !cx.is_on_top {
            cx.notify(Notice::good("The token is created. Close this to see it."));
        }
    }

    fn revoked(&mut self, revoked: &Revoked, cx: &mut Context<'_>) {
        let is_gone = revoked.is_gone();
        if let Some(key) = self.lost.take_if(|_| is_gone) {
            cx.session.custody.is_gone(key);
        }
        cx.notify(if is_gone {
            let again = on(Action::Accept);
            Notice::good(format!("Revoked. Press {again} to create the token again."))
        } else {
            revocation::notice(revoked, &self.name(), &cx.session.zone)
        });
    }

    fn settled(&mut self, settled: Settled, cx: &mut Context<'_>) {
        self.has_to_check = false;
        let Some(key) = self.lost else { return };
        let name = self.name();
        let lost_by = self.lost_by.as_ref();
        let lost = lost_by.map_or_else(String::new, problem::lost);
        let through = lost_by.and_then(problem::let_through);
        let again =
            through.unwrap_or_else(|| format!("Press {} to try again.", on(Action::Accept)));
        let what = match settled {
            Settled::Orphan(token) => {
                cx.session.custody.found(key, token.id.clone());
                let created = token.created.map(|time| when::relative(time, cx.now.time));
                let created = created.map_or_else(String::new, |ago| format!(" ({ago})"));
                return cx.ask(orphan(if self.is_unusable {
                    format!("Bitbucket created \"{name}\", but did not send a usable secret, so nobody can \
                             use this token.")
                } else {
                    format!("Bitbucket has a token \"{name}\"{created}. It is most likely the one you just \
                             asked for. The answer with its secret got lost and Bitbucket never shows it \
                             again, so nobody can use this token.")
                }));
            }
            Settled::NotKnown(error) => {
                self.has_to_check = true;
                return self.checking.fail(error);
            }
            Settled::NotShown { older } => {
                self.lost = None;
                cx.session.custody.is_not_shown(key);
                let other = if older {
                    " It shows an older one of this name that nobody has used."
                } else {
                    ""
                };
                return cx.notify(Notice::hint(format!(
                    "{lost}, and the token is not in the list yet.{other} It may still appear: bbtoken \
                     checks again when the list is read, and at the next start. {again}"
                )));
            }
            Settled::Several => format!(
                "{lost}, and the list has several new tokens \"{name}\" that nobody has used: look at them there before you try again."
            ),
            Settled::Nothing { older: true } => format!(
                "{lost}. The list has an older token of this name that nobody has used: look at it there before you try again."
            ),
            Settled::Nothing { older: false } => {
                format!("{lost}, and the list shows no new token: nothing was created. {again}")
            }
        };
        self.lost = None;
        cx.session.custody.is_not_there(key);
        cx.notify(Notice::hint(what));
    }

    /// The name that was asked for.
    pub(super) fn name(&self) -> String {
        let asked = self.asked.as_ref();
        asked.map_or_else(String::new, |(spec, _)| spec.name.clone())
    }

    pub(super) fn revoke_orphan(&mut self, cx: &mut Context<'_>) {
        if let Some(key) = self.lost
            && let Some(ticket) = cx.revoke_new_token(key)
        {
            self.checking.forgive();
            self.revoking.wait_for(ticket, cx.now);
        }
    }

    /// The user leaves the token where it is.
    pub(super) fn keep_orphan(&mut self, cx: &mut Context<'_>) {
        if let Some(key) = self.lost.take() {
            cx.session.custody.release(key);
        }
    }
}

fn orphan(what: String) -> Question {
    Question {
        subject: Subject::Revoke,
        title: "A token without a secret",
        text: vec![what, "Revoke it, and create it again?".to_owned()],
        yes: "revoke it",
        revoke: None,
        no: "leave it in the list",
    }
}

/// Whether OAuth may create tokens is documented nowhere, so nobody is to blame here.
fn not_with_oauth() -> Question {
    Question {
        subject: Subject::InBrowser,
        title: "Not with OAuth",
        text: vec![
            "Bitbucket refused to create the token. Either it never allows that after a sign-in with \
             OAuth, or you may not create tokens here.".to_owned(),
            "You can create it on Bitbucket's own page, which bbtoken opens for you.".to_owned(),
        ],
        yes: "continue in the browser",
        revoke: None,
        no: "stay here",
    }
}
