//! Where a Bitbucket has no HTTP access tokens at all: its version or its licence lacks them.

use super::Attempt;
use crate::bitbucket::{Error, ErrorKind};
use crate::ui::place::Place;

/// Why there are none here, and what there is instead.
pub(super) fn words(error: &Error, attempt: Attempt<'_>) -> Option<(String, String)> {
    let (place, press) = match attempt {
        Attempt::ListTokens(place) => (place, "Press m"),
        // In the form letters are text: the key works one step back.
        Attempt::CreateToken(place) => (place, "Go back with esc and press m"),
        _ => return None,
    };
    if !is_missing(error) {
        return None;
    }
    Some(match place {
        Place::Account(_) => (
            "This Bitbucket has no HTTP access tokens: they came with version 5.5.".to_owned(),
            "Ask your administrators for an update, or which other way to git there is.".to_owned(),
        ),
        Place::Project(_) | Place::Repository(_) => (
            "This Bitbucket has no HTTP access tokens for projects and repositories: they need version 7.18 or later, and a Data Center licence.".to_owned(),
            format!("{press} for a personal token: it acts as you and reaches what you reach."),
        ),
    })
}

/// The place is there, for it was listed; what is missing is the path of its tokens.
fn is_missing(error: &Error) -> bool {
    let says_licence = || {
        let said = error.server_message().unwrap_or_default().to_lowercase();
        said.contains("licence") || said.contains("license")
    };
    match error.kind {
        ErrorKind::NoSuchPath => true,
        ErrorKind::NotPermitted => says_licence(),
        _ => false,
    }
}
