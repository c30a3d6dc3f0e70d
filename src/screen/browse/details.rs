//! What is known of the row under the cursor, and what can be done with it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::target::{SECURITY, UnderCursor};
use crate::theme::Theme;
use crate::ui::layer::View;
use crate::ui::place::{Place, project_name};
use crate::widget::{lines, pane};

const KEY_WIDTH: usize = 7;
const NO_HTTP: &str = "! no http address to clone from: git cannot use a token here";

impl UnderCursor {
    /// Draws it from top to bottom, as far as there is room. While a filter is typed, letters
    /// are text: then only enter does something here.
    pub(super) fn draw_details(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        is_typing: bool,
        view: View<'_>,
    ) {
        let theme = view.theme;
        let paragraphs = self.paragraphs(usize::from(area.width), view);
        let free = lines::draw(frame, area, paragraphs);
        let may_create = self.administered != Some(false) && !view.session.only_looks();
        let leads_elsewhere = !matches!(self.place, Place::Account(_)) && self.opens != SECURITY;
        let security = leads_elsewhere.then_some(("s", SECURITY));
        let new = may_create.then_some(("n", "new token"));
        let kind = (!view.session.only_looks()).then_some(("w", "which kind of token?"));
        let letters = [security, new, kind].into_iter().flatten();
        let letters = letters.filter(|_| !is_typing);
        let keys: Vec<_> = [("enter", self.opens)].into_iter().chain(letters).collect();
        draw_keys(frame, pane::below(free, 1), &keys, theme);
    }

    fn paragraphs(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut paragraphs = Vec::new();
        let mut add = |text: &str, style| paragraphs.extend(lines::wrapped(text, style, width));
        let is_public = match &self.place {
            Place::Account(user) => {
                add(&user.display_name, theme.strong);
                add("", theme.text);
                add(
                    "Personal tokens: they act as you and reach every repository that you reach. The right kind for your own work with git.",
                    theme.text,
                );
                return paragraphs;
            }
            Place::Project(project) => {
                add(&project_name(project), theme.strong);
                if let Some(description) = &project.description {
                    add(description, theme.text);
                }
                project.public
            }
            Place::Repository(repository) => {
                add(&repository.name, theme.strong);
                if let Some(description) = &repository.description {
                    add(description, theme.text);
                }
                if let Some((state, meaning)) = repository.state.words() {
                    add(&format!("! {state}: {meaning}"), theme.warning);
                }
                if self.place.has_no_http() {
                    add(NO_HTTP, theme.warning);
                }
                if repository.archived {
                    add("! archived: nobody can push to it", theme.warning);
                }
                repository.public
            }
        };
        if is_public {
            add("public: everybody can see it", theme.dim);
        }
        add("", theme.text);
        match self.administered {
            _ if view.session.only_looks() => add(
                "– You look around with a token: no token may create tokens.",
                theme.text,
            ),
            Some(true) => add(
                "✓ You administer it, so you may create tokens here.",
                theme.text,
            ),
            Some(false) => add(
                "– You do not administer it: only its administrators create tokens here. Press m for a personal token: with it you may do here what you may do yourself.",
                theme.text,
            ),
            None => {}
        }
        paragraphs
    }
}

/// What can be done, key by key.
pub(super) fn draw_keys(frame: &mut Frame<'_>, area: Rect, keys: &[(&str, &str)], theme: &Theme) {
    let width = usize::from(area.width);
    let rows = keys.iter().flat_map(|(key, what)| {
        lines::labelled((key, theme.key), KEY_WIDTH, what, theme.dim, width)
    });
    lines::draw(frame, area, rows);
}
