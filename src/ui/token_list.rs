//! The list of a place's tokens, as several screens read it, and the way to a new one.

use super::listing::{Listed, Listing, PageSource};
use super::place::Place;
use super::problem::{Attempt, Problem};
use super::route::Route;
use super::session::Session;
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

    fn into_row(self) -> TokenRow {
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

/// The form for a new token, or what somebody can do who may make none in this place.
#[must_use]
pub fn way_to_new(place: Place, from_list: bool, session: &Session) -> Route {
    let work = session.wished(place.kind());
    if session.rights.may_create(&place) == Some(false) {
        Route::MayNot { place, work }
    } else {
        Route::NewToken {
            place,
            from_list,
            work,
        }
    }
}

/// Takes note of whether the list of a place's tokens was given to the user.
pub fn note_answer(place: &Place, listing: &Listing<Token>, session: &mut Session) {
    let is_given = match listing.failure() {
        Some(error) if error.kind == ErrorKind::NotPermitted => false,
        None if listing.is_current() => true,
        _ => return,
    };
    // Nobody is told whom to ask for a token of their own account.
    if !matches!(place, Place::Account(_)) {
        session.rights.told_of_tokens(place.scope(), is_given);
    }
}

/// Why no token can be created here, whoever asks for it, where the list of tokens has failed like this;
/// `None`: it may still work.
#[must_use]
pub fn refusal_after(error: &Error, place: &Place) -> Option<String> {
    match (&error.kind, place) {
        (ErrorKind::NotPermitted, Place::Account(_)) => {
            let problem = Problem::explain(error, Attempt::ListTokens(place));
            Some(format!("{} {}", problem.why, problem.next))
        }
        // The place has no such list.
        (ErrorKind::NoSuchPath | ErrorKind::NotFound, _) => {
            Some(Problem::explain(error, Attempt::ListTokens(place)).why)
        }
        _ => None,
    }
}
