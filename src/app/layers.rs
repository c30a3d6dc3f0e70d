//! The stack of screens: letting one act, and doing to the stack what it asked for.

use super::opened::Opened;
use super::{App, frame};
use crate::screen;
use crate::ui::asking::Asking;
use crate::ui::context::Context;
use crate::ui::effect::Effect;
use crate::ui::layer::Layer;
use crate::ui::question::{Choice, Subject};
use crate::ui::route::{Move, Outcome, Route};
use crate::ui::ticket::Ticket;

impl App {
    pub(super) fn awaiting(&self, ticket: Ticket) -> Option<usize> {
        self.layers
            .iter()
            .rposition(|opened| opened.screen.awaits(ticket))
    }

    pub(super) fn with_top(
        &mut self,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut dyn Layer, &mut Context<'_>),
    ) {
        self.with(self.layers.len().saturating_sub(1), effects, act);
    }

    /// Lets a screen act, then does to the stack what it asked for.
    pub(super) fn with(
        &mut self,
        index: usize,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut dyn Layer, &mut Context<'_>),
    ) {
        let is_on_top = self.is_on_top(index);
        let (columns, rows) = self.size;
        let around = frame::rows_around(&self.session, self.size);
        let Some(Opened { screen, .. }) = self.layers.get_mut(index) else {
            return;
        };
        let mut cx = Context {
            asking: Asking {
                now: self.now,
                session: &mut self.session,
                effects,
                tickets: &mut self.tickets,
            },
            moves: Vec::new(),
            notice: None,
            is_on_top,
            room: (columns, rows.saturating_sub(around)),
        };
        act(screen.as_mut(), &mut cx);
        let Context { moves, notice, .. } = cx;
        if is_on_top {
            self.apply_all(index, moves, effects);
        } else if !moves.is_empty() {
            self.waiting.entry(index).or_default().extend(moves);
        }
        if let Some(notice) = notice {
            self.show(notice);
        }
    }

    /// Whether nothing lies above a screen. Activity only watches, and goes on watching while the
    /// screens below move on.
    fn is_on_top(&self, index: usize) -> bool {
        let above = self.layers.get(index + 1..).unwrap_or_default();
        match above {
            [] => true,
            [only] => only.screen.watches_requests(),
            _ => false,
        }
    }

    /// Does to the stack what the screen on top asked for.
    fn apply_all(&mut self, index: usize, moves: Vec<Move>, effects: &mut Vec<Effect>) {
        let is_watched = !moves.is_empty() && self.layers.len() > index + 1;
        let watching = self.layers.pop_if(|_| is_watched);
        let mut by = Some(index);
        for change in moves {
            // Whoever has left gets nothing back.
            let stays = matches!(change, Move::Open(_));
            self.apply(change, by, effects);
            by = by.filter(|_| stays);
        }
        self.layers.extend(watching);
    }

    /// Does what a screen asked for while others lay above it, as soon as it is on top again.
    pub(super) fn catch_up(&mut self, effects: &mut Vec<Effect>) {
        while let Some((index, moves)) = self.waiting.pop_last() {
            if !self.is_on_top(index) {
                self.waiting.insert(index, moves);
                break;
            }
            self.apply_all(index, moves, effects);
        }
    }

    /// Takes everything away above the first screen.
    pub(super) fn go_home(&mut self, effects: &mut Vec<Effect>) {
        while self.layers.len() > 1 {
            self.close_top(effects);
        }
    }

    /// Opens a screen on top.
    pub(super) fn open(&mut self, route: Route, by: Option<usize>, effects: &mut Vec<Effect>) {
        // What was meant was meant for what lies below.
        self.meant = None;
        let screen = screen::open(route, &self.session);
        let is_question = screen.is_question();
        self.layers.push(Opened { screen, by });
        if is_question {
            self.is_asking();
        }
        self.with_top(effects, |screen, cx| screen.open(cx));
    }

    /// Does to the stack what the screen at `by` asked for.
    pub(super) fn apply(&mut self, change: Move, by: Option<usize>, effects: &mut Vec<Effect>) {
        match change {
            Move::Open(route) => {
                // News about the screen below would only puzzle here.
                self.notice = None;
                self.open(route, by, effects);
            }
            Move::Close(outcome) => self.close(outcome, effects),
            Move::Replace(route) => {
                let by = self.close_top(effects);
                self.apply(Move::Open(route), by, effects);
            }
            Move::Finish(route) => {
                let mut by = self.close_top(effects);
                while self.top_only_leads_on() {
                    by = self.close_top(effects);
                }
                self.apply(Move::Open(route), by, effects);
            }
            Move::Home(route) => {
                self.go_home(effects);
                self.apply(Move::Open(route), None, effects);
            }
            Move::SignOut => {
                self.go_home(effects);
                self.forget_user(effects);
                self.session.server = None;
                self.with_top(effects, |screen, cx| screen.resume(cx));
            }
        }
    }

    fn top_only_leads_on(&self) -> bool {
        let top = self.layers.last();
        top.is_some_and(|opened| opened.screen.only_leads_on())
    }

    /// Takes the top screen away; whoever opened it learns what it ends with.
    fn close(&mut self, outcome: Option<Outcome>, effects: &mut Vec<Effect>) {
        if self.layers.len() < 2 {
            return;
        }
        let was_hidden = self
            .layers
            .last()
            .is_some_and(|top| !top.screen.is_overlay());
        let by = self.close_top(effects);
        if was_hidden {
            self.with_top(effects, |screen, cx| screen.resume(cx));
        }
        match (outcome, by) {
            (Some(outcome), Some(by)) => {
                self.with(by, effects, |screen, cx| screen.returned(outcome, cx));
            }
            (Some(outcome), None) => self.returned(outcome, effects),
            (None, _) => {}
        }
    }

    /// Takes the top screen away; tells who had opened it.
    pub(super) fn close_top(&mut self, effects: &mut Vec<Effect>) -> Option<usize> {
        self.meant = None;
        self.with_top(effects, |screen, cx| screen.close(cx));
        let closed = self.layers.pop();
        self.waiting.remove(&self.layers.len());
        closed?.by
    }

    /// Something has ended that the program itself had opened.
    fn returned(&mut self, outcome: Outcome, effects: &mut Vec<Effect>) {
        match outcome {
            Outcome::Answered(Subject::Quit, Choice::Yes) => self.leave(effects),
            Outcome::Answered(Subject::Quit, Choice::Revoke) => self.revoke_and_leave(effects),
            Outcome::Answered(Subject::Discard, Choice::Yes) => self.close(None, effects),
            Outcome::Answered(Subject::EndShare, Choice::Yes) => self.session.share = false,
            Outcome::Answered(Subject::LeftOpen, choice) => {
                self.left_open_answered(choice, effects);
            }
            Outcome::SignedInAgain(signed_in) => self.resume(signed_in, effects),
            Outcome::NotSignedInAgain => self.give_up_session(effects),
            _ => {}
        }
    }
}
