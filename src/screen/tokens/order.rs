//! In which order the tokens stand.

use std::cmp::{Ordering, Reverse};

use jiff::Timestamp;

use crate::bitbucket::When;
use crate::operation::last_use::LastUse;
use crate::permission::Level;
use crate::ui::keymap::Column;
use crate::ui::token_list::{ListedToken, TokenRow};

/// The order by a column: what most wants to be looked at comes first.
pub(super) fn by(column: Column) -> fn(&TokenRow, &TokenRow) -> Ordering {
    match column {
        Column::Name => |one, other| compare(one, other, |token| token.name.to_lowercase()),
        Column::Rights => |one, other| compare(one, other, |token| Reverse(rights(token))),
        Column::Created => |one, other| compare(one, other, |token| Reverse(token.created)),
        Column::Used => |one, other| compare(one, other, |token| used(token.last_use)),
        Column::Expires => |one, other| compare(one, other, |token| ends(token.expires)),
    }
}

/// The way to a new token stays above all.
fn compare<K: Ord>(one: &TokenRow, other: &TokenRow, key: impl Fn(&ListedToken) -> K) -> Ordering {
    match (one, other) {
        (TokenRow::Token(one), TokenRow::Token(other)) => key(one).cmp(&key(other)),
        (TokenRow::New, TokenRow::New) => Ordering::Equal,
        (TokenRow::New, TokenRow::Token(_)) => Ordering::Less,
        (TokenRow::Token(_), TokenRow::New) => Ordering::Greater,
    }
}

fn rights(token: &ListedToken) -> (bool, Option<Level>, Option<Level>) {
    let permissions = token.permissions.as_ref();
    let has_unknown = permissions.is_some_and(|it| !it.other.is_empty());
    let level = permissions.map(|it| (it.repository, it.project));
    let (repository, project) = level.unwrap_or_default();
    (has_unknown, repository, project)
}

/// Never, then the longest ago; what is not known last.
fn used(last_use: LastUse) -> (u8, Option<Timestamp>) {
    match last_use {
        LastUse::Never | LastUse::Tried(_) => (0, None),
        LastUse::At(time) => (1, Some(time)),
        LastUse::Unknown => (2, None),
    }
}

/// The next end, then those that have none.
fn ends(when: When) -> (u8, Option<Timestamp>) {
    match when {
        When::At(time) => (0, Some(time)),
        When::Never => (1, None),
        When::Unknown => (2, None),
    }
}
