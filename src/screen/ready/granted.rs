//! What of the token is not as it was asked for. What the answer to the creation left open is asked once
//! more, and until then it is not confirmed.

use ratatui::text::Line;

use super::Ready;
use crate::bitbucket::{Error, Token};
use crate::operation::granted::{Difference, Granted};
use crate::operation::origin::Origin;
use crate::permission::Permissions;
use crate::ui::context::Context;
use crate::ui::effect::Read;
use crate::ui::event::Answer;
use crate::ui::layer::View;
use crate::when;
use crate::widget::{lines, spinner};

impl Ready {
    /// Asks for the token, unless the server has confirmed all of it already.
    pub(super) fn confirm(&mut self, cx: &mut Context<'_>) {
        let Origin::Here(granted) = &self.origin else {
            return;
        };
        let id = granted.token().id.clone();
        let scope = self.place.scope();
        if !granted.differences().is_empty()
            && let Some(query) = cx.read(Read::Token { scope, id })
        {
            self.confirming.ask(query, cx);
        }
    }

    pub(super) fn confirmed(&mut self, result: Result<Answer, Error>) {
        match (result, &mut self.origin) {
            (Ok(Answer::Token(token)), Origin::Here(granted)) => granted.read(*token),
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
            let text = "reading from Bitbucket what the token was given …";
            return lines::signed(sign, text, theme.text, width).collect();
        }
        let differences = granted.differences();
        let mut told: Vec<_> = differences
            .iter()
            .map(|difference| words(difference, granted, view))
            .collect();
        if let Some(error) = self.confirming.failure() {
            told.push(format!(
                "The token could not be read once more: {}.",
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

fn words(difference: &Difference, granted: &Granted, view: View<'_>) -> String {
    let Token {
        name, permissions, ..
    } = granted.token();
    let asked = granted.asked();
    let rights = |much: &str| {
        let given = permissions.as_ref().map(Permissions::to_string);
        format!(
            "{much} than was asked for: it has {}, not {}.",
            given.unwrap_or_default(),
            asked.permissions
        )
    };
    let wanted = match asked.expiry_days {
        None => "no expiry was asked for".to_owned(),
        Some(1) => "1 day was asked for".to_owned(),
        Some(days) => format!("{days} days were asked for"),
    };
    let date = |time| when::date(time, &view.session.zone);
    match difference {
        Difference::NameUnknown => {
            "Its name is not confirmed: Bitbucket does not say how it is called.".to_owned()
        }
        Difference::Name => format!("Bitbucket calls it \"{name}\", not \"{}\".", asked.name),
        Difference::RightsUnknown => {
            "Its rights are not confirmed: Bitbucket does not say which it has.".to_owned()
        }
        Difference::MoreRights => rights("Other or more rights"),
        Difference::FewerRights => rights("Fewer rights"),
        Difference::ExpiryUnknown => {
            "Its expiry is not confirmed: Bitbucket does not say when it expires.".to_owned()
        }
        Difference::Expires(time) => format!("It expires on {}; {wanted}.", date(*time)),
        Difference::Expired(time) => format!(
            "It has expired already ({}), so it does not work; {wanted}.",
            date(*time)
        ),
        Difference::NeverExpires => format!("It never expires; {wanted}."),
    }
}
