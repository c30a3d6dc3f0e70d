//! What is known of the row under the cursor, and what can be done with it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::rows::Right;
use super::target::{SECURITY, UnderCursor};
use crate::permission::Level;
use crate::theme::Theme;
use crate::ui::layer::View;
use crate::ui::level_in_words;
use crate::ui::place::{Place, project_name};
use crate::widget::{fit, lines, pane};

const KEY_WIDTH: usize = 7;
const NO_HTTP: &str = "! no http address to clone from: git cannot use a token here";
/// The key that copies the clone command.
pub(super) const COPY_CLONE: (&str, &str) = ("y", "copy the clone command");

impl UnderCursor {
    /// Draws it from top to bottom, as far as there is room. While a filter is typed, letters
    /// are text: then only enter does something here.
    pub(super) fn draw_details(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        is_typing: bool,
        right: Right,
        view: View<'_>,
    ) {
        let theme = view.theme;
        let paragraphs = self.paragraphs(usize::from(area.width), right, view);
        let free = lines::draw(frame, area, paragraphs);
        let only_looks = view.session.only_looks();
        let new = match view.session.rights.may_create(&self.place) {
            Some(false) => "you cannot create tokens here: what you can do",
            _ => "new token",
        };
        let leads_elsewhere = !matches!(self.place, Place::Account(_)) && self.opens != SECURITY;
        let security = leads_elsewhere.then_some(("s", SECURITY));
        let new = (!only_looks).then_some(("n", new));
        let clone = self.place.clone_command().map(|_| COPY_CLONE);
        let kind = (!only_looks).then_some(("w", "which kind of token?"));
        let letters = [security, new, clone, kind].into_iter().flatten();
        let letters = letters.filter(|_| !is_typing);
        let keys: Vec<_> = [("enter", self.opens)].into_iter().chain(letters).collect();
        draw_keys(frame, pane::below(free, 1), &keys, theme);
    }

    fn paragraphs(&self, width: usize, right: Right, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut paragraphs = Vec::new();
        let mut add = |text: &str, style| paragraphs.extend(lines::wrapped(text, style, width));
        let is_public = match &self.place {
            Place::Account(user) => {
                add(&user.display_name, theme.strong);
                add("", theme.text);
                add(
                    "Personal tokens act as you and reach every repository that you can reach. Use one for \
                     your own work with git.",
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
        let (sign, text) = self.may(right, view);
        let style = match sign {
            "✓" => theme.good,
            _ => theme.dim,
        };
        paragraphs.extend(lines::signed((sign, style), &text, theme.text, width));
        if view.session.only_looks() {
            let text = "You are signed in with a token, and tokens cannot create tokens.";
            paragraphs.extend(lines::signed(("–", theme.dim), text, theme.text, width));
        }
        if let Some(address) = self.place.clone_address() {
            paragraphs.push(Line::styled("clone from", theme.dim));
            paragraphs.extend(address_lines(address, width, theme));
        }
        paragraphs
    }

    /// What the user may do here, with its sign.
    fn may(&self, right: Right, view: View<'_>) -> (&'static str, String) {
        let (level, is_archived) = match (right, &self.place) {
            (Right::Asked, _) => {
                let text = "Bitbucket is being asked what you may do here.";
                return ("…", text.to_owned());
            }
            (Right::Unknown | Right::NotAsked, _) => {
                let text = "Bitbucket has not said what you may do here.";
                return ("?", text.to_owned());
            }
            (Right::Known(level), Place::Repository(repository)) => (level, repository.archived),
            (Right::Known(Level::Admin), _) => (Level::Admin, false),
            (Right::Known(_), _) => {
                let text = "You do not administer it: only its administrators create project tokens. Each repository's row says what you may do there.";
                return ("–", text.to_owned());
            }
        };
        let is_repository = matches!(self.place, Place::Repository(_));
        let can = match level {
            Level::Admin if !is_repository => "you administer it and its repositories",
            level => level_in_words::words(level, is_archived),
        };
        let creates = match (level, view.session.rights.is_refused(&self.place)) {
            _ if view.session.only_looks() => "",
            (Level::Admin, false) => " So you may create tokens here.",
            (Level::Admin, true) => " But Bitbucket does not let you create tokens here.",
            (Level::Read | Level::Write, _) => " Only its administrators create tokens here.",
        };
        let sign = if level == Level::Read { "–" } else { "✓" };
        (sign, format!("{}: {can}.{creates}", level.word()))
    }
}

/// An address, whole: on one line, or broken where its path begins and behind a `/`.
fn address_lines(address: &str, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let host = address.find("://").map_or(0, |scheme| scheme + 3);
    let path = address[host..]
        .find('/')
        .map_or(address.len(), |at| host + at);
    let (host, path) = address.split_at(path);
    let lines = if fit::width(address) <= width {
        vec![address.to_owned()]
    } else if fit::width(host) <= width {
        [vec![host.to_owned()], path_lines(path, width)].concat()
    } else {
        path_lines(address, width)
    };
    lines
        .into_iter()
        .map(|line| Line::styled(line, theme.text))
        .collect()
}

/// A path in lines that end at a `/`, where there is room for its parts.
fn path_lines(path: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for part in path.split_inclusive('/') {
        match lines.last_mut() {
            Some(line) if fit::width(line) + fit::width(part) <= width => line.push_str(part),
            _ => lines.extend(fit::wrap(part, width)),
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// What can be done, key by key.
pub(super) fn draw_keys(frame: &mut Frame<'_>, area: Rect, keys: &[(&str, &str)], theme: &Theme) {
    let width = usize::from(area.width);
    let rows = keys.iter().flat_map(|(key, what)| {
        lines::labelled((key, theme.key), KEY_WIDTH, what, theme.dim, width)
    });
    lines::draw(frame, area, rows);
}
