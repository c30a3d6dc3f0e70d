//! The Security section of a project or repository.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::details::{COPY_CLONE, draw_keys};
use crate::bitbucket::{ErrorKind, Token};
use crate::permission::ScopeKind;
use crate::ui::context::Context;
use crate::ui::layer::View;
use crate::ui::level_in_words;
use crate::ui::listing::Listing;
use crate::ui::load::Wait;
use crate::ui::place::Place;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::reply::Reply;
use crate::ui::route::Route;
use crate::ui::token_list::{note_answer, refusal_after, token_listing};
use crate::widget::{field, fit, lines, pane, spinner};

/// The section, and the tokens of the place: their number stands here, and the next screen takes
/// the list over, so that it is fetched once.
#[derive(Debug)]
pub(super) struct Security {
    pub(super) place: Place,
    tokens: Option<Listing<Token>>,
}

impl Security {
    pub(super) fn open(place: Place, cx: &mut Context<'_>) -> Self {
        let mut security = Self {
            place,
            tokens: None,
        };
        security.restart(cx);
        security
    }

    pub(super) fn restart(&mut self, cx: &mut Context<'_>) {
        self.tokens
            .get_or_insert_with(|| token_listing(&self.place, !cx.session.only_looks()))
            .start(cx);
    }

    pub(super) fn close(&mut self, cx: &mut Context<'_>) {
        for wait in self.waits_mut() {
            wait.cancel(cx);
        }
    }

    /// The next screen, with the list.
    pub(super) fn tokens_screen(&mut self) -> Route {
        Route::Tokens {
            place: self.place.clone(),
            listing: self.tokens.take().map(Box::new),
        }
    }

    pub(super) fn refuses_new(&self) -> Option<String> {
        refusal_after(self.tokens.as_ref()?.failure()?, &self.place)
    }

    /// Whether the list could not be read.
    pub(super) fn is_unread(&self) -> bool {
        let tokens = self.tokens.as_ref();
        tokens.is_some_and(|tokens| tokens.failure().is_some())
    }

    /// Whether the server has just refused it.
    pub(super) fn is_refused(&self) -> bool {
        let failure = self.tokens.as_ref().and_then(Listing::failure);
        failure.is_some_and(|error| error.kind == ErrorKind::NotPermitted)
    }

    pub(super) fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(tokens) = &mut self.tokens {
            tokens.reply(reply, cx);
            note_answer(&self.place, tokens, cx.session);
        }
    }

    pub(super) fn waits(&self) -> Vec<&Wait> {
        self.tokens.as_ref().map(Listing::waits).unwrap_or_default()
    }

    pub(super) fn waits_mut(&mut self) -> Vec<&mut Wait> {
        self.tokens
            .as_mut()
            .map(Listing::waits_mut)
            .unwrap_or_default()
    }

    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let width = usize::from(area.width);
        let tokens = self.tokens.as_ref();
        let waited = tokens.and_then(|tokens| tokens.waiting(view.now));
        let failure = tokens.and_then(Listing::failure);
        let count = match (waited, failure) {
            (Some(waited), _) => spinner::sign(waited).unwrap_or("").to_owned(),
            (None, Some(_)) if self.is_refused() => "–".to_owned(),
            (None, Some(_)) => "✗".to_owned(),
            (None, None) => tokens.map(Listing::count).unwrap_or_default(),
        };
        let row = Rect { height: 1, ..area };
        // The number takes what it needs: in the narrowest column every blank counts.
        let count = format!(" {count} ");
        let label = fit::column(
            "› HTTP access tokens",
            width.saturating_sub(fit::width(&count)),
        );
        frame.render_widget(
            Line::from(vec![Span::raw(label), Span::raw(count)]).style(theme.cursor),
            row,
        );
        field::place_cursor(frame, row, 0);

        let below = pane::below(area, 2);
        if let Some(error) = failure {
            let problem = Problem::explain(error, Attempt::ListTokens(&self.place));
            let may = level_in_words::lines(&self.place, width, view);
            let below = lines::draw(frame, below, may);
            let free = problem.draw(frame, below, view);
            draw_keys(frame, pane::below(free, 1), &self.clone_key(), theme);
            return;
        }
        let about = match self.place.kind() {
            ScopeKind::Repository => "A token made here reaches this repository and nothing else.",
            ScopeKind::Project => "A token made here reaches every repository of the project.",
            ScopeKind::Personal => "A personal token acts as you.",
        };
        let free = lines::draw(frame, below, lines::wrapped(about, theme.text, width));
        let new = (!view.session.only_looks()).then_some(("n", "new token"));
        let keys = [("enter", "its tokens")].into_iter().chain(new);
        let keys: Vec<_> = keys.chain(self.clone_key()).collect();
        draw_keys(frame, pane::below(free, 1), &keys, theme);
    }

    fn clone_key(&self) -> Vec<(&'static str, &'static str)> {
        let has_command = self.place.clone_command().is_some();
        has_command.then_some(COPY_CLONE).into_iter().collect()
    }
}
