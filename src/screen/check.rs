//! Check a token: whose is one that somebody has found, what can it do, and can it be revoked?
//!
//! ```text
//!  ✓ It is valid: Bitbucket takes it
//!  · A personal token: it acts as bob
//!  name     git on laptop
//!  may      Project read, Repository write
//!  ✓ It can clone and pull billing-api
//! ```

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::environment::Environment;
use crate::git;
use crate::operation::check::{Asked, Checked, Listed, check, used_by_git};
use crate::operation::revoke::Revoked;
use crate::secret::Secret;
use crate::ui::checked::{self, Told};
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait, Work};
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::ui::problem::{Attempt, Problem};
use crate::ui::query::Surroundings;
use crate::ui::question::{Choice, Question, Subject};
use crate::ui::reply::Reply;
use crate::ui::revocation;
use crate::ui::route::Outcome;
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::widget::field::TooLong;
use crate::widget::form::Form;
use crate::widget::secret_field::SecretField;
use crate::widget::{column, field, lines, pane};

const LABEL: usize = 9;

/// A token that is checked, and then what is known of it.
#[derive(Debug)]
pub(super) struct Check {
    /// The place where one was, on which the token is tried.
    place: Option<Place>,
    token: SecretField,
    checking: Load<Known>,
    known: Option<Known>,
    /// So many lines are scrolled away.
    scroll: usize,
    revoking: Work<Revoked>,
    undoing: Work<Result<Vec<String>, git::Error>>,
    /// It was revoked from here.
    is_revoked: bool,
}

/// What is known of a token.
#[derive(Debug)]
struct Known {
    checked: Checked,
    /// For which address git on this computer is set up with it.
    gits: Option<String>,
}

impl Check {
    /// With nothing pasted yet.
    pub(super) fn at(place: Option<Place>) -> Self {
        Self {
            place,
            token: SecretField::default(),
            checking: Load::default(),
            known: None,
            scroll: 0,
            revoking: Work::default(),
            undoing: Work::default(),
            is_revoked: false,
        }
    }

    fn accept(&mut self, cx: &mut Context<'_>) {
        if self.known.take().is_some() {
            *self = Self::at(self.place.take());
            return;
        }
        let token = self.token.secret();
        let token = token.expose().trim();
        let Some(server) = cx.session.server.as_ref().filter(|_| !token.is_empty()) else {
            return cx.notify(Notice::hint("Paste the token first."));
        };
        let client = server.client.clone();
        let token = Arc::new(Secret::new(token.to_owned()));
        let person = cx.session.user.clone();
        let asked = Asked {
            // A token's own account has no list.
            person: person.filter(|_| !cx.session.has_no_account()),
            place: self.place.clone(),
            destination: None,
        };
        let now = cx.now.time;
        let ask = async move |with: Surroundings| {
            let checked = check(&client, asked, &token, now).await?;
            let set_ups = git::set_ups_at(&with.environment, &client.base().to_string());
            let gits = used_by_git(&checked, &set_ups).map(|it| it.address.clone());
            Ok(Known { checked, gits })
        };
        self.checking.ask_once(ask, cx);
    }

    /// Why it cannot be revoked from here.
    fn refuses_revoke(&self, session: &Session) -> Option<String> {
        let known = self.known.as_ref();
        let reason = match known.map(|known| &known.checked.listed) {
            None => "Check a token first: then it can be revoked, if you may.",
            Some(_) if self.is_revoked => "It is revoked already.",
            Some(_) if self.revoking.is_pending() => "It is being revoked: one moment.",
            Some(Listed::In { is_seen: true, .. }) => return session.refuses_to("revoke"),
            Some(Listed::In { .. }) => {
                "It is in none of your lists: only its owner or an administrator can revoke it."
            }
            Some(Listed::NoId | Listed::Nowhere { .. }) => {
                "It is in none of the lists that you may see: only somebody who can see its list can \
                 revoke it."
            }
        };
        Some(reason.to_owned())
    }

    fn ask_to_revoke(&self, cx: &mut Context<'_>) {
        if let Some(Known { checked, gits }) = &self.known
            && let Listed::In {
                token, last_used, ..
            } = &checked.listed
        {
            revocation::ask(token, (*last_used).into(), gits.is_some(), cx);
        }
    }

    fn revoke(&mut self, cx: &mut Context<'_>) {
        if let Some(Known { checked, .. }) = &self.known
            && let Listed::In { place, token, .. } = &checked.listed
            && let Some(ticket) = cx.revoke_token(place.scope(), token.id.clone())
        {
            self.revoking.wait_for(ticket, cx.now);
        }
    }

    fn revoked(&mut self, revoked: &Revoked, cx: &mut Context<'_>) {
        let Some(Known { checked, gits }) = &self.known else {
            return;
        };
        let Listed::In { token, .. } = &checked.listed else {
            return;
        };
        if revoked.is_gone() {
            self.is_revoked = true;
            self.scroll = 0;
            if gits.is_some() {
                cx.ask(Question::undo_git(format!(
                    "git on this computer is set up with \"{}\", which Bitbucket now refuses. Remove the \
                     setup, so that git asks again?",
                    token.name
                )));
            }
        }
        cx.notify(revocation::notice(revoked, &token.name, &cx.session.zone));
    }

    fn undo_git(&mut self, cx: &mut Context<'_>) {
        if let Some(address) = self.known.as_ref().and_then(|known| known.gits.clone()) {
            let undo =
                async move |environment: Environment| git::undo(&environment, &address).await;
            self.undoing.start_writing(undo, cx);
        }
    }

    /// What is known, from top to bottom.
    fn lines(&self, known: &Known, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let signed = |(sign, text): (&'static str, String)| {
            let style = match sign {
                "✓" => theme.good,
                "✗" => theme.bad,
                "!" => theme.warning,
                _ => theme.dim,
            };
            lines::signed((sign, style), &format!("{text}."), theme.text, width)
        };
        let Known { checked, gits } = known;
        let zone = &view.session.zone;
        let told = checked::told(checked, gits.is_some(), view.now.time, zone);
        let Told { first, rows, then } = told;
        let mut all = Vec::new();
        if self.is_revoked {
            let text = "It is revoked. What follows is from before";
            all.extend(signed(("✓", text.to_owned())));
        }
        all.extend(first.into_iter().flat_map(signed));
        all.push(Line::default());
        for (label, value) in rows {
            let label = (label, theme.dim);
            all.extend(lines::labelled(label, LABEL, &value, theme.text, width));
        }
        all.push(Line::default());
        all.extend(then.into_iter().flat_map(signed));
        all
    }

    /// How many lines there are too many for the window.
    fn hidden(&self, cx: &Context<'_>) -> usize {
        let (columns, rows) = cx.room;
        let width = usize::from(column::width(columns));
        let known = self.known.as_ref();
        let lines = known.map_or(0, |known| self.lines(known, width, cx.view()).len());
        lines.saturating_sub(usize::from(rows))
    }

    fn draw_form(&self, form: &mut Form<'_, '_>, view: View<'_>) {
        form.save_room();
        form.heading("Whose token is it?");
        form.text(
            "Paste a token that you have found to see whether it is valid, whose it is and what it \
                   can do, as far as you are allowed to see.",
        );
        form.text(
            "It stays masked, is sent only to this Bitbucket, and is then forgotten. Checking a \
                   token counts as using it.",
        );
        form.gap();
        form.secret_field("Token", &self.token, !self.checking.is_pending());
        form.gap();
        if let Some(waited) = self.checking.waiting(view.now) {
            form.waiting(waited, "Checking the token");
        } else if let (Some(error), Some(server)) = (self.checking.failure(), &view.session.server)
        {
            let problem = Problem::explain(error, Attempt::Check(server.client.base()));
            form.rest(|frame, area| problem.draw(frame, area, view));
        } else {
            let is_ready = !self.token.is_empty();
            let hint = if is_ready {
                format!("press {}", keymap::key(Mode::Check, Action::Accept))
            } else {
                "paste it first".to_owned()
            };
            form.button("Check", &hint, is_ready);
        }
    }
}

impl Layer for Check {
    fn mode(&self) -> Mode {
        Mode::Check
    }

    fn refusal(&self, action: Action, session: &Session) -> Option<String> {
        match action {
            Action::Revoke => self.refuses_revoke(session),
            _ => None,
        }
    }

    fn purpose(&self) -> String {
        "Paste a token that you have found, in a script or a ticket. Bitbucket is asked whether it is \
         valid, whose it is and what it can do. If you may see the list that it is in, you also see its \
         name, permissions and expiry, and can revoke it.".to_owned()
    }

    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::keep("Check a token")]
    }

    fn step(&self, view: View<'_>) -> Step {
        if self.checking.is_pending() {
            Step::press("Wait for the answer, or press {} to stop.", &[Action::Back])
        } else if self.known.is_none() {
            Step::press("Paste the token, then press {}.", &[Action::Accept])
        } else if self.refuses_revoke(view.session).is_none() {
            Step::press(
                "Read what is known. Press {} to revoke it, or {} to go back.",
                &[Action::Revoke, Action::Back],
            )
        } else {
            Step::press(
                "Read what is known. Press {} to go back, or {} to check another one.",
                &[Action::Back, Action::Accept],
            )
        }
    }

    fn is_typing(&self) -> bool {
        self.known.is_none()
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        let taken = self.known.is_none() && !self.checking.is_pending() && self.token.handle(key);
        if taken {
            self.checking.forgive();
        }
        taken
    }

    fn hides_text(&self) -> bool {
        true
    }

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) -> Result<(), TooLong> {
        if self.known.is_some() || self.checking.is_pending() {
            return Ok(());
        }
        self.token.paste(text)?;
        self.checking.forgive();
        Ok(())
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Back if self.checking.is_pending() => {
                self.checking.cancel(cx);
                cx.notify(Notice::hint("Stopped. The token is still in its field."));
            }
            Action::Back if self.revoking.is_pending() => cx.notify(Notice::hint(
                "Bitbucket is revoking the token: one moment, until it has answered.",
            )),
            Action::Back => cx.close(),
            Action::Accept if !self.checking.is_pending() && !self.revoking.is_pending() => {
                self.accept(cx);
            }
            Action::Revoke => self.ask_to_revoke(cx),
            Action::Up => self.scroll = self.scroll.saturating_sub(1),
            Action::Down => {
                self.scroll = self.hidden(cx).min(self.scroll + 1);
            }
            _ => {}
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        vec![
            self.checking.wait(),
            self.revoking.wait(),
            self.undoing.wait(),
        ]
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        vec![self.checking.wait_mut()]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        match self.checking.take(reply) {
            Some(Ok(known)) => {
                self.token.clear();
                self.known = Some(known);
            }
            Some(Err(error)) => self.checking.fail(error),
            None => {}
        }
        if let Some(revoked) = self.revoking.take(reply) {
            self.revoked(&revoked, cx);
        }
        match self.undoing.take(reply) {
            Some(Ok(left)) if left.is_empty() => {
                cx.notify(Notice::good("bbtoken's git setup was removed."));
            }
            Some(Ok(left)) => cx.notify(Notice::bad(left.join(" "))),
            Some(Err(error)) => cx.notify(Notice::bad(error.to_string())),
            None => {}
        }
    }

    fn returned(&mut self, outcome: Outcome, cx: &mut Context<'_>) {
        match outcome {
            Outcome::Answered(Subject::Revoke, Choice::Yes) => self.revoke(cx),
            Outcome::Answered(Subject::UndoGit, Choice::Yes) => self.undo_git(cx),
            _ => {}
        }
    }

    fn holds_on(&self) -> Option<String> {
        let reason = "A token is being revoked: one moment, then you can leave.";
        self.revoking.is_pending().then(|| reason.to_owned())
    }

    fn holds_input(&self) -> bool {
        !self.token.is_empty()
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let Some(known) = &self.known else {
            return Form::show(frame, area, view.theme, |form| self.draw_form(form, view));
        };
        let column = column::within(area);
        let lines = self.lines(known, usize::from(column.width), view);
        let rows = usize::from(column.height);
        let hidden = lines.len().saturating_sub(rows);
        let scroll = self.scroll.min(hidden);
        let column = column::for_lines(column, lines.len());
        lines::draw(frame, column, lines.into_iter().skip(scroll).take(rows));
        field::place_cursor(frame, column, 0);
        if scroll < hidden {
            let last = Rect {
                y: area.bottom().saturating_sub(1),
                height: 1,
                ..area
            };
            pane::draw_more(frame, last, hidden - scroll, view.theme);
        }
    }
}
