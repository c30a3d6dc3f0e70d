//! What somebody may do on a repository, in words that are the same wherever it is said.

use ratatui::text::Line;

use super::layer::View;
use super::place::Place;
use crate::permission::Level;
use crate::widget::lines;

/// "you may clone, pull and push", for somebody who has this level.
#[must_use]
pub(crate) fn words(level: Level, is_archived: bool) -> &'static str {
    match level {
        Level::Read => "you may clone and pull, not push",
        Level::Write | Level::Admin if is_archived => "you may clone and pull",
        Level::Write => "you may clone, pull and push",
        Level::Admin => "you administer it",
    }
}

/// What the signed-in user may do on the repository of this place, and a blank line below; nothing where that
/// is not known, or the place is another one.
#[must_use]
pub(crate) fn lines(place: &Place, width: usize, view: View<'_>) -> Vec<Line<'static>> {
    let Place::Repository(repository) = place else {
        return Vec::new();
    };
    let Some(level) = view.session.rights.level(repository) else {
        return Vec::new();
    };
    let theme = view.theme;
    let text = format!("{}: {}.", level.word(), words(level, repository.archived));
    let said = lines::signed(("✓", theme.good), &text, theme.text, width);
    said.chain([Line::default()]).collect()
}
