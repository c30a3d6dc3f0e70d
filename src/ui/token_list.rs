//! The list of a place's tokens, as several screens read it, and why no token can be added to one.

use std::ops::Deref;

use jiff::Timestamp;

use super::listing::{Listed, Listing, PageSource};
use super::place::Place;
use super::problem::{Attempt, Problem};
use crate::bitbucket::{Client, Error, ErrorKind, Token, When};
use crate::operation::risk::{Risk, risks};
use crate::permission::Permissions;
use crate::widget::picker::Row;

/// A row of the table.
#[derive(Debug)]
pub enum TokenRow {
    /// The way to a new token: the first row, so that enter is enough.
    New,
    /// A token.
    Token(Box<ListedToken>),
}

/// A token in its list: what the list alone tells of it, and what it is found by.
#[derive(Debug)]
pub struct ListedToken {
    token: Token,
    /// When it was last used, as far as the whole list tells.
    pub last_use: When,
    /// What to look at, the most pressing first.
    pub risks: Vec<Risk>,
    /// All that is shown of it.
    words: String,
}

impl ListedToken {
    fn new(token: Token) -> Self {
        Self {
            last_use: token.last_used,
            risks: Vec::new(),
            words: token.name.clone(),
            token,
        }
    }

    /// Takes in what the list tells of it by now; `git`: what is said where git here uses it.
    pub fn describe(&mut self, last_use: When, now: Timestamp, git: Option<&str>) {
        self.last_use = last_use;
        self.risks = risks(&self.token, last_use, now);
        let permissions = self.token.permissions.as_ref();
        let rights = permissions.map_or_else(String::new, Permissions::to_string);
        let words = self.risks.iter().map(|risk| risk.words());
        let all = [self.name.as_str(), self.id.as_str(), &rights].into_iter();
        self.words = all.chain(words).chain(git).collect::<Vec<_>>().join("  ");
    }
}

impl Deref for ListedToken {
    type Target = Token;

    fn deref(&self) -> &Token {
        &self.token
    }
}

impl Row for TokenRow {
    fn searched(&self) -> Option<String> {
        match self {
            Self::New => None,
            Self::Token(token) => Some(token.words.clone()),
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
        TokenRow::Token(Box::new(ListedToken::new(self)))
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
