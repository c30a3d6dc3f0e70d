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
        let is_on_top = self.is_on_top(index);
        let Some(screen) = self.layers.get_mut(index) else {
            return;
        };
        let mut cx = Context {
            now: self.now,
            session: &mut self.session,
            effects,
            moves: Vec::new(),
            notice: None,
            is_on_top,
            tickets: &mut self.tickets,
            size: self.size,
        };
        act(screen, &mut cx);
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
        matches!(above, [] | [Screen::Activity(_)])
    }

    /// Does to the stack what the screen on top asked for.
    fn apply_all(&mut self, index: usize, moves: Vec<Move>, effects: &mut Vec<Effect>) {
        let is_watched = !moves.is_empty() && self.layers.len() > index + 1;
        let watching = self.layers.pop_if(|_| is_watched);
        for change in moves {
            self.apply(change, effects);
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
                self.go_home(effects);
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
                self.go_home(effects);
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
        self.waiting.remove(&self.layers.len());
    }

    pub(super) fn answer(&mut self, subject: Subject, choice: Choice, effects: &mut Vec<Effect>) {
        match (subject, choice) {
            (Subject::Quit, Choice::Yes) => self.leave(effects),
            (Subject::Quit, Choice::Revoke) => self.revoke_and_leave(effects),
            (Subject::Quit, Choice::No) => {}
            (Subject::LeftOpen, choice) => self.left_open_answered(choice, effects),
            (Subject::SignOut, Choice::Yes) => self.apply(Move::SignOut, effects),
            (subject, choice) => {
                self.with_top(effects, |screen, cx| screen.answered(subject, choice, cx));
            }
        }
    }
}
