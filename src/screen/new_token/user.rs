//! Who will use the token: git on this computer, or a tool, by its name.
//!
//! ```text
//!  Who will use it?
//!      git on this computer  ‹ a tool ›
//!    Which tool?  Jenkins
//! ```

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::{Focus, NewToken};
use crate::operation::draft::UsedBy;
use crate::ui::layer::View;
use crate::widget::{field, fit, lines};

const GIT: &str = "git on this computer";
const TOOL: &str = "a tool";
const EXAMPLE: &str = "such as Jenkins";
/// In front of the answers: below the question, and beside it in a low window.
const INDENT: usize = 2;
const SHORT_QUESTION: &str = "Who?  ";
/// In front of the tool's name.
const TOOL_LABEL: &str = "  Which tool?  ";
const SHORT_TOOL_LABEL: &str = "Tool  ";

/// The answer, and the tool's name, which stays while somebody tries the other answer.
#[derive(Debug, Default)]
pub(super) struct User {
    pub(super) is_tool: bool,
    pub(super) tool: Input,
    /// Somebody has typed the tool's name here.
    pub(super) is_typed: bool,
}

impl User {
    /// Who it is, as far as that is known.
    pub(super) fn used_by(&self) -> UsedBy {
        if self.is_tool {
            UsedBy::Tool(self.tool.value().trim().to_owned())
        } else {
            UsedBy::Git
        }
    }

    /// A tool uses it, and nobody has said which.
    pub(super) fn is_unnamed(&self) -> bool {
        self.is_tool && self.tool.value().trim().is_empty()
    }
}

impl NewToken {
    pub(super) fn draw_user(
        &self,
        frame: &mut Frame<'_>,
        free: &mut Rect,
        roomy: bool,
        view: View<'_>,
    ) -> Option<Position> {
        let theme = view.theme;
        let before = if roomy {
            *free = lines::draw(
                frame,
                *free,
                [Line::styled("Who will use it?", theme.strong)],
            );
            Span::raw(" ".repeat(INDENT))
        } else {
            Span::styled(SHORT_QUESTION, theme.strong)
        };
        let row = *free;
        let focused = self.focus == Focus::User;
        let mut column = before.width();
        if self.user.is_tool {
            column += fit::width(GIT) + 4;
        }
        let mut spans = vec![before];
        for (words, is_tool) in [(GIT, false), (TOOL, true)] {
            spans.push(if is_tool == self.user.is_tool {
                let style = if focused { theme.cursor } else { theme.chosen };
                Span::styled(format!("‹ {words} ›"), style)
            } else {
                Span::styled(format!("  {words}  "), theme.text)
            });
        }
        *free = lines::draw(frame, *free, [Line::from(spans)]);
        let cursor = focused.then(|| field::place_cursor(frame, row, column));
        if !self.user.is_tool {
            return cursor;
        }
        let label = if roomy { TOOL_LABEL } else { SHORT_TOOL_LABEL };
        cursor.or(self.draw_tool(label, (frame, free), view))
    }

    fn draw_tool(
        &self,
        label: &'static str,
        (frame, free): (&mut Frame<'_>, &mut Rect),
        view: View<'_>,
    ) -> Option<Position> {
        let theme = view.theme;
        let focused = self.focus == Focus::Tool;
        let style = if focused { theme.accent } else { theme.dim };
        let row = *free;
        *free = lines::draw(frame, *free, [Line::styled(label, style)]);
        let indent = u16::try_from(label.len()).unwrap_or(0).min(row.width);
        let area = Rect {
            x: row.x + indent,
            width: row.width - indent,
            height: row.height.min(1),
            ..row
        };
        let cursor = field::draw(frame, area, &self.user.tool, focused, theme);
        if self.user.tool.value().is_empty() {
            frame.render_widget(Line::styled(EXAMPLE, theme.dim), area);
        }
        cursor
    }
}
