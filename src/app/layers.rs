//! The stack of screens: letting one act, and doing to the stack what it asked for.

use super::App;
use crate::screen::question::{Choice, Subject};
use crate::screen::{Layer as _, Screen};
use crate::ui::context::{Context, Move};
use crate::ui::effect::Effect;
use crate::ui::load::Ticket;

impl App {
    pub(super) fn awaiting(&self, ticket: Ticket) -> Option<usize> {
        self.layers.iter().rposition(|screen| screen.awaits(ticket))
    }

    pub(super) fn with_top(
        &mut self,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut Screen, &mut Context<'_>),
    ) {
        self.with(self.layers.len().saturating_sub(1), effects, act);
    }

    /// Lets a screen act, then does to the stack what it asked for.
    pub(super) fn with(
        &mut self,
        index: usize,
        effects: &mut Vec<Effect>,
        act: impl FnOnce(&mut Screen, &mut Context<'_>),
    ) {
        let Some(screen) = self.layers.get_mut(index) else {
            return;
        };
        let held = self.session.held.is_some();
        let mut cx = Context {
            now: self.now,
            session: &mut self.session,
            effects,
            moves: Vec::new(),
            notice: None,
            tickets: &mut self.tickets,
            size: self.size,
        };
        act(screen, &mut cx);
        let Context { moves, notice, .. } = cx;
        if held && self.session.held.is_none() {
            // Something else has taken the token's place on the clipboard.
            self.is_off_the_clipboard();
        }
        if !moves.is_empty() {
            // Whoever watches the requests goes on watching while the screens below move on.
            let is_below = self.layers.len() > index + 1;
            let watching = self
                .layers
                .pop_if(|top| is_below && matches!(top, Screen::Activity(_)));
            // A screen that changes the stack does so from its own place in it.
            self.uncover(index, effects);
            for change in moves {
                self.apply(change, effects);
            }
            self.layers.extend(watching);
        }
        if let Some(notice) = notice {
            self.show(notice);
        }
    }

    /// Takes everything away that lies above a screen.
    pub(super) fn uncover(&mut self, index: usize, effects: &mut Vec<Effect>) {
        while self.layers.len() > index + 1 {
            self.close_top(effects);
        }
    }

    pub(super) fn apply(&mut self, change: Move, effects: &mut Vec<Effect>) {
        match change {
            Move::Push(screen) => {
                // News about the screen below would only puzzle here.
                self.notice = None;
                self.layers.push(screen);
                self.with_top(effects, Screen::open);
            }
            Move::Pop => {
                if self.layers.len() > 1 {
                    let was_hidden = self.layers.last().is_some_and(|top| !top.is_overlay());
                    self.close_top(effects);
                    if was_hidden {
                        self.with_top(effects, Screen::resume);
                    }
                }
            }
            Move::Replace(screen) => {
                self.close_top(effects);
                self.apply(Move::Push(screen), effects);
            }
            Move::Home(screen) => {
                self.uncover(0, effects);
                self.apply(Move::Push(screen), effects);
            }
            Move::Resume(signed_in) => {
                self.close_top(effects);
                self.resume(signed_in, effects);
            }
            Move::GiveUpSession => {
                self.close_top(effects);
                self.give_up_session(effects);
            }
            Move::Answer(subject, choice) => {
                self.close_top(effects);
                self.answer(subject, choice, effects);
            }
            Move::SignOut => {
                self.uncover(0, effects);
                self.forget_user(effects);
                self.session.server = None;
                self.with_top(effects, Screen::resume);
            }
            Move::QuitNow => self.leave(effects),
        }
    }

    pub(super) fn close_top(&mut self, effects: &mut Vec<Effect>) {
        self.with_top(effects, Screen::close);
        self.layers.pop();
    }

    pub(super) fn answer(&mut self, subject: Subject, choice: Choice, effects: &mut Vec<Effect>) {
        match (subject, choice) {
            (Subject::Quit, Choice::Yes) => self.leave(effects),
            (Subject::SignOut, Choice::Yes) => self.apply(Move::SignOut, effects),
            (subject, choice) => {
                self.with_top(effects, |screen, cx| screen.answered(subject, choice, cx));
            }
        }
    }
}
