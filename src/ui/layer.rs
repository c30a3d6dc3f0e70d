//! What every screen can do, whatever it is: the stack knows no more of it.

use std::fmt;
use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::context::Context;
use super::keymap::{Action, Mode};
use super::load::Wait;
use super::place::Crumb;
use super::reply::Reply;
use super::route::Outcome;
use super::session::Session;
use super::step::Step;
use super::ticket::Ticket;
use crate::clock::Moment;
use crate::secret::Secret;
use crate::theme::Theme;
use crate::widget::field::TooLong;
use crate::widget::spinner;

/// What a screen is drawn with.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// How things look.
    pub theme: &'a Theme,
    /// The moment of the last event.
    pub now: Moment,
    /// The run and the sign-in.
    pub session: &'a Session,
}

/// What every screen can do. The defaults are those of a screen that only shows something.
pub trait Layer: fmt::Debug {
    /// Which keys are in force.
    fn mode(&self) -> Mode;
    /// Why an action cannot be had right now; `None`: it can.
    fn refusal(&self, _action: Action, _session: &Session) -> Option<String> {
        None
    }
    /// Whether an action cannot be taken back, so that its key counts only if it was pressed alone: not
    /// in a burst, as a paste or a key that is held down sends them.
    fn must_be_meant(&self, _action: Action) -> bool {
        false
    }
    /// Whether it lies over the screen below instead of hiding it.
    fn is_overlay(&self) -> bool {
        false
    }
    /// Whether it only watches the requests to Bitbucket: the screens below move on under it.
    fn watches_requests(&self) -> bool {
        false
    }
    /// Whether it only leads to what it opens: once that has done what it was for, nobody comes back here.
    fn only_leads_on(&self) -> bool {
        false
    }
    /// Whether nothing else goes on before it is answered.
    fn is_question(&self) -> bool {
        false
    }
    /// What the screen is for and what to do, in up to three sentences, for `?`.
    fn purpose(&self) -> String {
        String::new()
    }
    /// Where we are, in Bitbucket's own words.
    fn crumbs(&self) -> Vec<Crumb>;
    /// What the user does next on the way to a token, to be read aloud.
    fn step(&self, view: View<'_>) -> Step;
    /// Draws it.
    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>);
    /// Acts on what a key means.
    fn update(&mut self, action: Action, cx: &mut Context<'_>);
    /// Whether a text field has the focus: then letters are text.
    fn is_typing(&self) -> bool {
        false
    }
    /// Takes a key as text, if a text field has the focus; false: it was none for it.
    fn type_key(&mut self, _key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        false
    }
    /// Whether what is typed and pasted now goes into a field that hides it.
    fn hides_text(&self) -> bool {
        false
    }
    /// The line of text that has the focus, unless it is hidden.
    fn line(&self) -> Option<&str> {
        None
    }
    /// Takes a token that was meant for another field than the one that has the focus; false: this screen has
    /// no field for one.
    fn take_token(&mut self, _token: &Secret, _cx: &mut Context<'_>) -> bool {
        false
    }
    /// Takes pasted text, if a text field has the focus.
    ///
    /// # Errors
    ///
    /// Where the field has no room for it; then nothing has changed, and the user is told.
    fn paste(&mut self, _text: &str, _cx: &mut Context<'_>) -> Result<(), TooLong> {
        Ok(())
    }
    /// Everything that it may be waiting for.
    fn waits(&self) -> Vec<&Wait> {
        Vec::new()
    }
    /// What of that may be given up.
    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        Vec::new()
    }
    /// Takes in the answer to one of its questions, or what became of something that it had done.
    fn reply(&mut self, _reply: &mut Reply, _cx: &mut Context<'_>) {}
    /// Learns how something has ended that it had opened.
    fn returned(&mut self, _outcome: Outcome, _cx: &mut Context<'_>) {}
    /// Something has happened: what it shows of the session is to be true now.
    fn refresh(&mut self, _session: &Session) {}
    /// It has just come to the top for the first time.
    fn open(&mut self, _cx: &mut Context<'_>) {}
    /// It was hidden by another screen and is on the top again.
    fn resume(&mut self, _cx: &mut Context<'_>) {}
    /// Time has passed.
    fn time(&mut self, _cx: &mut Context<'_>) {}
    /// When it changes by itself, apart from spinners.
    fn deadline(&self, _session: &Session) -> Option<Duration> {
        None
    }
    /// The window lost the focus: hide what is secret.
    fn focus_lost(&mut self) {}
    /// Why nobody may leave now: something is under way that must not be dropped.
    fn holds_on(&self) -> Option<String> {
        None
    }
    /// Whether somebody has filled something in that would be gone with the screen.
    fn holds_input(&self) -> bool {
        false
    }
    /// Whether going back now would throw away what somebody took pains to fill in: then it is asked first,
    /// here for every form.
    fn asks_before_back(&self) -> bool {
        false
    }
    /// Whether one of its questions has this ticket.
    fn awaits(&self, ticket: Ticket) -> bool {
        self.waits().into_iter().any(|wait| wait.awaits(ticket))
    }

    /// When it changes by itself, in time since the start.
    fn next_change(&self, now: Moment, session: &Session) -> Option<Duration> {
        let waits = self.waits();
        let spinners = waits
            .into_iter()
            .filter_map(|wait| wait.waiting(now))
            .map(|waited| now.uptime + spinner::next_change(waited));
        spinners.chain(self.deadline(session)).min()
    }

    /// Gives up waiting for all its answers.
    fn close(&mut self, cx: &mut Context<'_>) {
        for wait in self.waits_mut() {
            wait.cancel(cx);
        }
    }
}
