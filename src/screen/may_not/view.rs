//! What is drawn: why, what for, the two ways, and what the chosen one comes to.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{MayNot, Row, recommended};
use crate::bitbucket::{Repository, User};
use crate::operation::request::whose_administrators;
use crate::permission::Level;
use crate::ui::layer::View;
use crate::ui::place::Place;
use crate::ui::session::Session;
use crate::widget::{fit, lines, spinner};

/// The labels stand in a column of their own.
pub(super) const LABEL: usize = 10;
/// So do the names of the two ways.
const WAY: usize = 23;

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
        let rows = self.rows();
        let focus = rows.iter().position(|row| *row == self.focus).unwrap_or(0);
        let (fields, ways): (Vec<_>, Vec<_>) = rows
            .into_iter()
            .partition(|row| !matches!(row, Row::Ask | Row::Personal));
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
        let choice = |label: &str, chosen: &str, more: &str| {
            let label = fit::column(label, LABEL);
            format!("{label}‹ {chosen} ›  {more}")
        };
        let star = if row == recommended(self.for_tool) {
            "★ "
        } else {
            "  "
        };
        let text = match row {
            Row::UsedBy if self.for_tool => choice("Used by", "a tool", ""),
            Row::UsedBy => choice("Used by", "git on this computer", ""),
            Row::Tool => format!("{}{}", fit::column("Its name", LABEL), self.tool.value()),
            Row::Rights => {
                let preset = self.preset();
                let (name, summary) = preset.map_or(("", ""), |it| (&it.name, &it.summary));
                choice("Rights", name, summary)
            }
            Row::Ask => {
                let way = fit::column("Ask an administrator", WAY);
                format!("{star}{way}the request is written for you")
            }
            Row::Personal => {
                let way = fit::column("A personal token", WAY);
                format!("{star}{way}you make it yourself, now")
            }
        };
        let text = fit::column(&text, width.saturating_sub(2));
        let style = if is_here { theme.cursor } else { theme.text };
        Line::from(vec![Span::raw(mark), Span::raw(text)]).style(style)
    }

    /// What the chosen way comes to; while what it is for is being said, the recommended one.
    fn about(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let way = match self.focus {
            Row::Ask | Row::Personal => self.focus,
            Row::UsedBy | Row::Tool | Row::Rights => recommended(self.for_tool),
        };
        match way {
            Row::Personal => self.about_personal(width, view),
            _ => self.about_asking(width, view),
        }
    }

    fn about_personal(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut all: Vec<_> = lines::wrapped(
            "A personal token acts as you: it reaches every repository that you reach, in all projects, and it ends with your account.",
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
            let text = "Do not give it to a tool if you can help it: whoever gets hold of it there can do everything that it may do for you, everywhere. Ask for a token that reaches this place alone.";
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
        let writes = self.preset().is_some_and(|preset| {
            preset.permissions(self.place.kind()).repository >= Some(Level::Write)
        });
        match session.rights.level(repository)? {
            Level::Read if writes => Some((
                "!",
                format!(
                    "You may only read {name}, so the token can clone and pull there, and not push. Ask for write permission."
                ),
            )),
            Level::Read => Some(("✓", format!("It can clone and pull {name}, as you may."))),
            Level::Write | Level::Admin if writes => Some((
                "✓",
                format!("It can clone, pull and push to {name}, as you may."),
            )),
            Level::Write | Level::Admin => Some(("✓", format!("It can clone and pull {name}."))),
        }
    }

    fn about_asking(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut all = self.whom_to_ask(width, view);
        let text = self.with_request(view.session, |request| request.text());
        all.push(Line::default());
        let heading = "Enter copies this request:";
        all.extend(lines::wrapped(heading, theme.strong, width));
        for line in text.unwrap_or_default().lines() {
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
                "Bitbucket names nobody who administers it. Ask an administrator of this Bitbucket."
                    .to_owned()
            }
            (Some(Some(people)), _) => format!("They administer it: {}", in_a_row(people)),
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

/// A line of the request, set off by a bar.
fn quoted(line: &str, bar: Style, text: Style, width: usize) -> Vec<Line<'static>> {
    if line.is_empty() {
        return vec![Line::styled("│", bar)];
    }
    let parts = fit::wrap(line, width.saturating_sub(2)).into_iter();
    parts
        .map(|part| Line::from(vec![Span::styled("│ ", bar), Span::styled(part, text)]))
        .collect()
}
