//! Which kind of token? A few plain questions that end on the right form, filled in.
//!
//! ```text
//!  Who will use the token?
//!
//!  › I myself, with git on my own computers
//!    A tool or a build server
//!
//!  It takes the place of your password: git asks for one, and you give it the token.
//! ```

mod answer;
mod view;

use ratatui::Frame;
use ratatui::layout::Rect;

use self::answer::{Advice, Ask};
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::place::{Crumb, Place};
use crate::ui::route::{Here, Outcome, Route};
use crate::ui::step::Step;
use crate::ui::wish::Wish;

/// The questions and, after the last one, what they lead to.
#[derive(Debug)]
pub(super) struct WhichKind {
    here: Here,
    /// The place of each answer among those that were offered.
    answers: Vec<usize>,
    /// The answer under the cursor.
    cursor: usize,
    /// What was wanted before, until the form that was opened has made its token.
    wanted_before: Option<Wish>,
}

impl WhichKind {
    /// The first question.
    pub(super) fn asked(here: Here) -> Self {
        Self {
            here,
            answers: Vec::new(),
            cursor: 0,
            wanted_before: None,
        }
    }

    fn move_cursor(&mut self, steps: isize) {
        let last = Ask::after(&self.answers).map_or(0, |ask| ask.options.len() - 1);
        self.cursor = self.cursor.saturating_add_signed(steps).min(last);
    }

    fn accept(&mut self, cx: &mut Context<'_>) {
        if Ask::after(&self.answers).is_some() {
            self.answers.push(self.cursor);
            self.cursor = 0;
            return;
        }
        match self.ending(cx.session) {
            Advice::Form { place, wish } => self.fill_in(place, wish, cx),
            Advice::MayNot { right, work } => cx.open(Route::MayNot {
                place: right,
                work: Some(work),
                lacks_permission: false,
            }),
            Advice::Choose { wish, .. } => {
                cx.session.wish = Some(wish);
                cx.close_with(Outcome::PlaceToBeChosen);
            }
            Advice::TechnicalUser { .. } => cx.close(),
        }
    }

    fn fill_in(&mut self, place: Place, wish: Wish, cx: &mut Context<'_>) {
        let lies_below = |below: &Place| self.here.from_list && below.scope() == place.scope();
        let from_list = self.here.place.as_ref().is_some_and(lies_below);
        self.wanted_before = cx.session.wish.replace(wish);
        cx.open(Route::NewToken {
            place,
            from_list,
            work: Some(wish.work),
        });
    }
}

impl Layer for WhichKind {
    fn mode(&self) -> Mode {
        Mode::WhichKind
    }

    fn only_leads_on(&self) -> bool {
        true
    }

    fn purpose(&self) -> String {
        let back = keymap::key(Mode::Anywhere, Action::Back);
        format!(
            "Bitbucket has three kinds of token, and which one is right depends on who uses it and how much \
             it has to reach. Answer up to four questions, and the right form opens, filled in. Press {back} \
             to go back one question."
        )
    }

    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::keep("Which kind of token?")]
    }

    fn step(&self, _view: View<'_>) -> Step {
        match Ask::after(&self.answers) {
            Some(_) => Step::press(
                "Choose the answer with the arrows, then press {}.",
                &[Action::Accept],
            ),
            None => Step::press("Read which token it is, then press {}.", &[Action::Accept]),
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        self.draw(frame, area, view);
    }

    /// Nothing was made with the form: what it was to be filled in with is forgotten with it.
    fn resume(&mut self, cx: &mut Context<'_>) {
        cx.session.wish = self.wanted_before.take();
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Up => self.move_cursor(-1),
            Action::Down => self.move_cursor(1),
            Action::Accept => self.accept(cx),
            Action::Back => match self.answers.pop() {
                Some(answer) => self.cursor = answer,
                None => cx.close(),
            },
            _ => {}
        }
    }
}
