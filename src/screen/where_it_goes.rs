//! Where it goes: what is entered into a tool so that it uses the token, to be copied. The token itself
//! stands nowhere here.
//!
//! ```text
//!  ‹ git in a script ›  curl  Jenkins  GitHub Actions  GitLab CI  Argo CD
//!
//!  Put the token into the environment variable BITBUCKET_TOKEN …
//!
//!    export GIT_CONFIG_COUNT=1
//!    …
//!
//!  It is sent as the header Authorization: Bearer.
//!  Where this comes from:
//!  https://git-scm.com/docs/git-config
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::clipboard::{Copied, CopyError};
use crate::operation::draft::UsedBy;
use crate::operation::where_it_goes;
use crate::theme::Theme;
use crate::tool::{self, Tool, Words};
use crate::ui::context::Context;
use crate::ui::effect::Text;
use crate::ui::keymap::{Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Wait, Work};
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::ui::reply::Reply;
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::widget::{column, field, fit, lines, pane, scroll};

/// In front of what is entered.
const INDENT: usize = 2;

/// The tools, one of them shown.
#[derive(Debug)]
pub(super) struct WhereItGoes {
    place: Place,
    tools: Vec<Tool>,
    words: Option<Words>,
    chosen: usize,
    /// How many lines are scrolled away.
    scroll: usize,
    copying: Work<Result<Copied, CopyError>>,
}

impl WhereItGoes {
    /// For a token of this place; begins with the tool that the token is for, where it is known.
    pub(super) fn of(place: Place, used_by: &UsedBy, session: &Session) -> Self {
        // A test reads the file, so it always has tools.
        let tools = tool::built_in().unwrap_or_default();
        let chosen = match used_by {
            UsedBy::Git => None,
            UsedBy::Tool(name) => tools.iter().position(|tool| is_called(tool, name)),
        };
        let server = session.server.as_ref();
        let words = server.map(|server| where_it_goes::words(&place, server.client.base()));
        Self {
            place,
            tools,
            words,
            chosen: chosen.unwrap_or(0),
            scroll: 0,
            copying: Work::default(),
        }
    }

    fn tool(&self) -> Option<&Tool> {
        self.tools.get(self.chosen)
    }

    /// What is entered for the chosen tool.
    fn enter(&self) -> Option<String> {
        Some(self.tool()?.enter(self.words.as_ref()?))
    }

    fn choose(&mut self, steps: isize) {
        let last = self.tools.len().saturating_sub(1);
        self.chosen = self.chosen.saturating_add_signed(steps).min(last);
        self.scroll = 0;
    }

    /// All tools where they fit on a line, otherwise the chosen one and how many there are.
    fn names(&self, width: usize, theme: &Theme) -> Line<'static> {
        let all: usize = self
            .tools
            .iter()
            .map(|tool| fit::width(&tool.name) + 2)
            .sum();
        if all + 4 <= width {
            let names = self.tools.iter().enumerate().map(|(index, tool)| {
                if index == self.chosen {
                    Span::styled(format!("‹ {} ›", tool.name), theme.cursor)
                } else {
                    Span::styled(format!(" {} ", tool.name), theme.text)
                }
            });
            return Line::from(names.collect::<Vec<_>>());
        }
        let name = self.tool().map_or("", |tool| tool.name.as_str());
        let count = format!("  {} of {}", self.chosen + 1, self.tools.len());
        Line::from(vec![
            Span::styled(format!("‹ {name} ›"), theme.cursor),
            Span::styled(count, theme.dim),
        ])
    }

    fn lines(&self, width: usize, theme: &Theme) -> Vec<Line<'static>> {
        let Some(tool) = self.tool() else {
            return Vec::new();
        };
        let mut all: Vec<_> = lines::wrapped(&tool.keep, theme.text, width).collect();
        all.push(Line::default());
        let enter = self.enter().unwrap_or_default();
        for line in enter.lines() {
            all.extend(
                as_written(line, width.saturating_sub(INDENT))
                    .into_iter()
                    .map(|part| {
                        Line::styled(format!("{}{part}", " ".repeat(INDENT)), theme.strong)
                    }),
            );
        }
        all.push(Line::default());
        let form = "The token is sent in a header: Authorization: Bearer $BITBUCKET_TOKEN";
        all.extend(lines::wrapped(form, theme.dim, width));
        if let Some(not) = &tool.not {
            all.extend(lines::signed(("!", theme.warning), not, theme.text, width));
        }
        all.push(Line::styled("Where this comes from:", theme.dim));
        for source in &tool.sources {
            all.extend(lines::wrapped(source, theme.dim, width));
        }
        all
    }

    fn copied(&mut self, result: Result<Copied, CopyError>, cx: &mut Context<'_>) {
        match result {
            Ok(copied) => {
                cx.something_else_copied();
                cx.notify(Notice::good(format!(
                    "What to enter is {}. The token is not in it.",
                    copied.describe()
                )));
            }
            Err(error) => cx.notify(Notice::bad(format!("{error} {}", error.advice()))),
        }
    }
}

/// Whether somebody who typed this means the tool: "jenkins", "Argo", "gitlab".
fn is_called(tool: &Tool, typed: &str) -> bool {
    let (name, typed) = (tool.name.to_lowercase(), typed.trim().to_lowercase());
    let first = |text: &str| text.split_whitespace().next().map(str::to_owned);
    !typed.is_empty() && (name == typed || (name != GIT && first(&name) == first(&typed)))
}

/// "git" alone is no tool.
const GIT: &str = "git in a script";

/// A line as it is written, cut where the window ends: a shell reads every blank.
fn as_written(line: &str, width: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    for letter in line.chars() {
        let last = parts.last_mut();
        let Some(last) = last else { break };
        let mut longer = last.clone();
        longer.push(letter);
        if fit::width(&longer) > width.max(1) {
            parts.push(letter.to_string());
        } else {
            *last = longer;
        }
    }
    parts
}

impl Layer for WhereItGoes {
    fn mode(&self) -> Mode {
        Mode::WhereItGoes
    }

    fn purpose(&self) -> String {
        "What to enter into a tool so that it uses the token. The token itself belongs in the tool's own secret store, where it is called BITBUCKET_TOKEN; it is not in what you copy here. The addresses at the end say where this comes from.".to_owned()
    }

    fn crumbs(&self) -> Vec<Crumb> {
        self.place.crumbs_to("Where it goes")
    }

    fn step(&self, _view: View<'_>) -> Step {
        Step::press(
            "Step 6 of 6: choose the tool, then press {} to copy what to enter. Or press {} to go back.",
            &[Action::Copy, Action::Back],
        )
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let gap = u16::from(area.height > 12);
        let column = pane::below(column::within(area), gap);
        let width = usize::from(column.width);
        let below = lines::draw(frame, column, [self.names(width, view.theme)]);
        let lines = self.lines(width, view.theme);
        scroll::lines(
            frame,
            pane::below(below, gap),
            lines,
            self.scroll,
            view.theme,
        );
        field::place_cursor(frame, column, self.cursor_column(width));
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Less => self.choose(-1),
            Action::More => self.choose(1),
            Action::Up => self.scroll = self.scroll.saturating_sub(1),
            Action::Down => {
                let (columns, rows) = cx.room;
                let width = usize::from(column::width(columns));
                let lines = self.lines(width, cx.view().theme).len();
                let above = 1 + 2 * u16::from(rows > 12);
                let hidden = scroll::hidden(lines, rows.saturating_sub(above));
                self.scroll = (self.scroll + 1).min(hidden);
            }
            Action::Copy if self.copying.is_pending() => {}
            Action::Copy => {
                if let Some(text) = self.enter() {
                    self.copying.copy(Text::Plain(text), cx);
                }
            }
            Action::Back => cx.close(),
            _ => {}
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        vec![self.copying.wait()]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(result) = self.copying.take(reply) {
            self.copied(result, cx);
        }
    }
}

impl WhereItGoes {
    /// Where the chosen tool stands in the line of all.
    fn cursor_column(&self, width: usize) -> usize {
        let widths = self.tools.iter().map(|tool| fit::width(&tool.name) + 2);
        let all: usize = widths.clone().sum();
        if all + 4 <= width {
            widths.take(self.chosen).sum()
        } else {
            0
        }
    }
}
