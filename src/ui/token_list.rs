//! The list of a place's tokens, as several screens read it, and the way to a new one.

use std::ops::Deref;

use jiff::Timestamp;

use super::listing::{Listed, Listing, PageSource};
use super::place::Place;
use super::problem::{Attempt, Problem};
use super::route::Route;
use super::session::Session;
use crate::bitbucket::{Client, Error, ErrorKind, Token};
use crate::operation::last_use::LastUse;
use crate::operation::risk::{Risk, risks};
use crate::permission::Permissions;
use crate::widget::picker::Row;

/// Fewer figures are more likely meant for a name or a date.
const LEAST_OF_ID: usize = 4;

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
    pub last_use: LastUse,
    /// What to look at, the most pressing first.
    pub risks: Vec<Risk>,
    /// That it is part of a rotation, in words.
    pub rotation: Option<&'static str>,
    /// All that is shown of it, but its id.
    words: String,
}

impl ListedToken {
    fn new(token: Token) -> Self {
        Self {
            last_use: token.last_used.into(),
            risks: Vec::new(),
            rotation: None,
            words: token.name.clone(),
            token,
        }
    }

    /// Takes in what the list tells of it by now; `git`: what is said where git here uses it; `rotation`:
    /// what is said where it is part of one.
    pub fn describe(
        &mut self,
        last_use: LastUse,
        now: Timestamp,
        git: Option<&str>,
        rotation: Option<&'static str>,
    ) {
        self.rotation = rotation;
        self.last_use = last_use;
        self.risks = risks(&self.token, last_use, now);
        let permissions = self.token.permissions.as_ref();
        let rights = permissions.map_or_else(String::new, Permissions::to_string);
        let words: Vec<&str> = self.looked_at().collect();
        let all = [self.name.as_str(), &rights].into_iter();
        self.words = all.chain(words).chain(git).collect::<Vec<_>>().join("  ");
    }

    /// What to look at, in words.
    pub fn looked_at(&self) -> impl Iterator<Item = &'static str> {
        let risks = self.risks.iter().map(|risk| risk.words());
        self.rotation.into_iter().chain(risks)
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

    fn is_numbered(&self, typed: &str) -> bool {
        match self {
            Self::New => false,
            Self::Token(token) => typed.len() >= LEAST_OF_ID && token.id.starts_with(typed),
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

/// The form for a new token, or what somebody can do who may make none in this place.
#[must_use]
pub fn way_to_new(place: Place, from_list: bool, session: &Session) -> Route {
    let work = session.wished(place.kind());
    if session.rights.may_create(&place) == Some(false) {
        Route::MayNot {
            place,
            work,
            lacks_permission: false,
        }
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
