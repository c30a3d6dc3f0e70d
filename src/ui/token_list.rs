//! The list of a place's tokens, as several screens read it, and why no token can be added to one.

use super::listing::{Listed, Listing, PageSource};
use super::place::Place;
use super::problem::{Attempt, Problem};
use crate::bitbucket::{Client, Error, ErrorKind, Token};
use crate::widget::picker::Row;

/// A row of the table.
#[derive(Debug)]
pub enum TokenRow {
    /// The way to a new token: the first row, so that enter is enough.
    New,
    /// A token.
    Token(Token),
}

impl Row for TokenRow {
    fn searched(&self) -> Option<String> {
        match self {
            Self::New => None,
            Self::Token(token) => Some(token.name.clone()),
        }
    }
}

impl Listed for Token {
    type Row = TokenRow;

    fn identity(&self) -> String {
        self.id.clone()
    }

    fn row_identity(row: &TokenRow) -> Option<String> {
        match row {
            TokenRow::New => None,
            TokenRow::Token(token) => Some(token.identity()),
        }
    }

    fn into_row(self, _administered: bool) -> TokenRow {
        TokenRow::Token(self)
    }
}

/// The list of a place's tokens, with nothing loaded yet. `offers_new`: its first row is the way to a
/// new one.
#[must_use]
pub fn token_listing(place: &Place, offers_new: bool) -> Listing<Token> {
    let scope = place.scope();
    let source = PageSource::new(move |client: &Client| client.tokens(&scope));
    let pinned = if offers_new {
        || vec![TokenRow::New]
    } else {
        Vec::new
    };
    Listing::new(None, source, pinned)
}

/// Why somebody without rights can create no token here, and what they can do instead.
#[must_use]
pub fn refusal_at(place: &Place) -> String {
    format!(
        "Bitbucket lets only {}. Press m for a personal token, or ask {}.",
        place.who_may(),
        place.whom_to_ask()
    )
}

/// Why no token can be created where the list of tokens has failed like this; `None`: it may still
/// work.
#[must_use]
pub fn refusal_after(error: &Error, place: &Place) -> Option<String> {
    match error.kind {
        ErrorKind::NotPermitted => Some(refusal_at(place)),
        // The place has no such list.
        ErrorKind::NoSuchPath | ErrorKind::NotFound => {
            Some(Problem::explain(error, Attempt::ListTokens(place)).why)
        }
        _ => None,
    }
}
