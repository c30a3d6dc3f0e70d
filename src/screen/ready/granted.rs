//! What of the token is not as it was asked for. What the answer to the creation left open is asked once
//! more, and until then it is not confirmed.

use ratatui::text::Line;

use super::Ready;
use crate::bitbucket::{Client, Error, Token};
use crate::operation::origin::Origin;
use crate::ui::context::Context;
use crate::ui::layer::View;
use crate::widget::{lines, spinner};

impl Ready {
    /// Asks for the token, unless the server has confirmed all of it already.
    pub(super) fn confirm(&mut self, cx: &mut Context<'_>) {
        let Origin::Here(granted) = &self.origin else {
            return;
        };
        let id = granted.token().id.clone();
        let scope = self.place.scope();
        if !granted.differences().is_empty() {
            let ask = move |client: Client| {
                let (scope, id) = (scope.clone(), id.clone());
                async move { client.token(&scope, &id).await }
            };
            self.confirming.ask(ask, cx);
        }
    }

    pub(super) fn confirmed(&mut self, result: Result<Token, Error>) {
        match (result, &mut self.origin) {
            (Ok(token), Origin::Here(granted)) => granted.read(token),
            (Err(error), _) => self.confirming.fail(error),
            _ => {}
        }
    }

    pub(super) fn difference_lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let Origin::Here(granted) = &self.origin else {
            return Vec::new();
        };
        if let Some(waited) = self.confirming.waiting(view.now) {
            let sign = (spinner::sign(waited).unwrap_or(" "), theme.accent);
            let text = "checking what Bitbucket gave the token …";
            return lines::signed(sign, text, theme.text, width).collect();
        }
        let differences = granted.differences();
        let mut told: Vec<_> = differences
            .iter()
            .map(|difference| granted.describe(difference, &view.session.zone))
            .collect();
        if let Some(error) = self.confirming.failure() {
            told.push(format!(
                "The token could not be read again: {}.",
                error.kind
            ));
        }
        if !told.is_empty() {
            told.push("If that is not what you want, revoke it in the list of tokens.".to_owned());
        }
        told.iter()
            .flat_map(|text| lines::signed(("!", theme.warning), text, theme.text, width))
            .collect()
    }
}
