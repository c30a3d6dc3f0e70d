//! What is drawn: why, what for, the ways, and what the chosen one comes to.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::MayNot;
use super::rows::Row;
use crate::bitbucket::{Repository, User};
use crate::operation::request::whose_administrators;
use crate::permission::Level;
use crate::preset;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::ui::place::Place;
use crate::ui::session::Session;
use crate::widget::{fit, lines, spinner};

/// The labels stand in a column of their own.
pub(super) const LABEL: usize = 10;
/// So do the names of the ways.
const WAY: usize = 26;
const WRITTEN: &str = "the request is written for you";

impl MayNot {
    /// Everything, and the row of the cursor. In a low window blank lines go.
    pub(super) fn lines(
        &self,
        width: usize,
        height: usize,
        view: View<'_>,
    ) -> (Vec<Line<'static>>, usize) {
        let theme = view.theme;
        let why = format!("Bitbucket lets only {}.", self.place.who_may());
        let why: Vec<_> = lines::signed(("!", theme.warning), &why, theme.text, width).collect();
        let rows = self.rows(view.session);
        let focus = rows.iter().position(|row| *row == self.focus).unwrap_or(0);
        let (fields, ways): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| !row.is_way());
        let draw = |rows: Vec<Row>| -> Vec<_> {
            let rows = rows.into_iter();
            rows.map(|row| self.row(row, width, view)).collect()
        };
        let (fields, ways) = (draw(fields), draw(ways));
        let about = self.about(width, view);
        let sections = [why, fields, ways, about];
        let roomy = sections.join(&Line::default());
        let above = sections[0].len();
        if roomy.len() <= height {
            let gaps = 1 + usize::from(focus >= sections[1].len());
            (roomy, above + focus + gaps)
        } else {
            (sections.concat(), above + focus)
        }
    }

    fn row(&self, row: Row, width: usize, view: View<'_>) -> Line<'static> {
        let theme = view.theme;
        let is_here = row == self.focus;
        let mark = if is_here { "› " } else { "  " };
        let room = width.saturating_sub(2);
        // What explains a row stands beside it where there is room for all of it.
        let beside = |text: String, more: &str, column: usize| {
            let both = format!("{}{more}", fit::column(&text, column));
            if more.is_empty() || fit::width(&both) > room {
                text
            } else {
                both
            }
        };
        let choice = |label: &str, chosen: &str, more: &str| {
            let text = format!("{}‹ {chosen} ›", fit::column(label, LABEL));
            let column = fit::width(&text) + 2;
            beside(text, more, column)
        };
        let way = |what: &str, more: &str| {
            let is_recommended = row == self.recommended(view.session);
            let star = if is_recommended { "★ " } else { "  " };
            beside(format!("{star}{what}"), more, WAY + 2)
        };
        let text = match row {
            Row::UsedBy if self.for_tool => choice("Used by", "a tool", ""),
            Row::UsedBy => choice("Used by", "git on this computer", ""),
            Row::Tool => format!("{}{}", fit::column("Its name", LABEL), self.tool.value()),
            Row::Rights => {
                let (name, summary) = self.rights_in_words();
                choice("Rights", &name, &summary)
            }
            Row::ProjectLevel => choice("  Project", self.levels.project.word(), ""),
            Row::RepositoryLevel => choice("  Reposit.", self.levels.repository.word(), ""),
            Row::AskForToken => way("Ask an administrator", WRITTEN),
            Row::AskForPermission => {
                let level = self.missing(view.session).unwrap_or(Level::Read);
                way(&format!("Ask for {} permission", level.word()), WRITTEN)
            }
            Row::Personal => way("A personal token", "you create it yourself, now"),
        };
        let text = fit::column(&text, room);
        let style = if is_here { theme.cursor } else { theme.text };
        Line::from(vec![Span::raw(mark), Span::raw(text)]).style(style)
    }

    /// The name of the preset, and what one does with it.
    fn rights_in_words(&self) -> (String, String) {
        let kind = self.place.kind();
        match (
            self.preset(),
            preset::same_rights(&self.presets, self.chosen, kind),
        ) {
            (Some(preset), Some(same)) => {
                (preset.name.clone(), format!("same as \"{}\"", same.name))
            }
            (Some(preset), None) => (preset.name.clone(), preset.summary.clone()),
            (None, _) => ("custom".to_owned(), "the levels below".to_owned()),
        }
    }

    /// What the chosen way comes to; while what it is for is being said, the recommended one.
    fn about(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let way = if self.focus.is_way() {
            self.focus
        } else {
            self.recommended(view.session)
        };
        match way {
            Row::Personal => self.about_personal(width, view),
            way => self.about_asking(way, width, view),
        }
    }

    fn about_personal(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut all: Vec<_> = lines::wrapped(
            "A personal token acts as you: it reaches every repository that you reach, in all projects, \
             and stops working when your account is closed.",
            theme.text,
            width,
        )
        .collect();
        if let Place::Repository(repository) = &self.place
            && let Some((sign, text)) = self.what_one_may_there(repository, view.session)
        {
            let style = if sign == "!" {
                theme.warning
            } else {
                theme.good
            };
            all.extend(lines::signed((sign, style), &text, theme.text, width));
        }
        if self.for_tool {
            let text = "Avoid giving it to a tool: anyone who gets it there can do everything that it may \
                        do for you, everywhere. Ask for a token that reaches only this place.";
            all.extend(lines::signed(("!", theme.warning), text, theme.text, width));
        }
        all
    }

    fn what_one_may_there(
        &self,
        repository: &Repository,
        session: &Session,
    ) -> Option<(&'static str, String)> {
        let name = &repository.name;
        let rights = &session.rights;
        if rights.is_hidden(repository) {
            let text = format!(
                "You may not see {name}, so your token cannot reach it. Ask for permission first."
            );
            return Some(("!", text));
        }
        let writes = self.permissions().repository >= Some(Level::Write);
        Some(match rights.level(repository)? {
            Level::Read if writes => (
                "!",
                format!(
                    "You may only read {name}, so the token can clone and pull there, and not push. Ask for write permission."
                ),
            ),
            Level::Write | Level::Admin if writes => (
                "✓",
                format!("You may clone, pull and push to {name}, and so may the token."),
            ),
            _ => (
                "✓",
                format!("You may clone and pull {name}, and so may the token."),
            ),
        })
    }

    fn about_asking(&self, way: Row, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut all = self.whom_to_ask(width, view);
        let text = self.request(way, view.session).unwrap_or_default();
        all.push(Line::default());
        let heading = if self.is_unnamed() {
            "The request, as soon as the tool has a name:".to_owned()
        } else if self.has_copied(way) {
            "What was copied:".to_owned()
        } else if self.focus == way {
            let copy = keymap::key(Mode::MayNot, Action::Accept);
            format!("Press {copy} to copy this request:")
        } else {
            "The request:".to_owned()
        };
        all.extend(lines::wrapped(&heading, theme.strong, width));
        for line in text.lines() {
            all.extend(quoted(line, theme.dim, theme.text, width));
        }
        all
    }

    /// Who can be asked, or why nobody is named.
    fn whom_to_ask(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let help = view.session.config.help_line();
        let mut all: Vec<_> = help
            .iter()
            .flat_map(|help| lines::wrapped(help, theme.strong, width))
            .collect();
        if let Some(waited) = self.asking.waiting(view.now) {
            let sign = (spinner::sign(waited).unwrap_or(" "), theme.accent);
            let text = "asking Bitbucket who administers it …";
            all.extend(lines::signed(sign, text, theme.dim, width));
            return all;
        }
        let place = whose_administrators(&self.place, &view.session.rights);
        let told = view.session.rights.administrators(&place);
        let text = match (told, self.asking.failure()) {
            (Some(Some([])), _) => {
                "Bitbucket names no administrator of it. Ask an administrator of this Bitbucket."
                    .to_owned()
            }
            (Some(Some(people)), _) => format!("Administrators: {}", in_a_row(people)),
            (Some(None), _) => format!(
                "Bitbucket does not tell you who administers it. Ask {}.",
                self.place.whom_to_ask()
            ),
            (None, Some(error)) => {
                format!("Who administers it is not known: {}.", error.kind)
            }
            (None, None) => format!("Ask {}.", self.place.whom_to_ask()),
        };
        all.extend(lines::wrapped(&text, theme.text, width));
        all
    }

    /// Who administers the place, where Bitbucket has told.
    pub(super) fn people<'a>(&self, session: &'a Session) -> Option<&'a [User]> {
        let place = whose_administrators(&self.place, &session.rights);
        session.rights.administrators(&place).flatten()
    }
}

/// "Alice Ahlgren (alice), Ruth Root (root)".
fn in_a_row(people: &[User]) -> String {
    let names = people
        .iter()
        .map(|user| format!("{} ({})", user.display_name, user.name));
    names.collect::<Vec<_>>().join(", ")
}

/// A line of the request, set off by a bar. An address is never broken: where it has no room, its middle is
/// left out here, and the copy has all of it.
fn quoted(line: &str, bar: Style, text: Style, width: usize) -> Vec<Line<'static>> {
    if line.is_empty() {
        return vec![Line::styled("│", bar)];
    }
    let room = width.saturating_sub(2);
    let part = |part| Line::from(vec![Span::styled("│ ", bar), Span::styled(part, text)]);
    if fit::width(line) <= room {
        return vec![part(line.to_owned())];
    }
    let words: Vec<_> = line
        .split(' ')
        .map(|word| fit::middle(word, room))
        .collect();
    let parts = fit::wrap(&words.join(" "), room).into_iter();
    parts.map(part).collect()
}
