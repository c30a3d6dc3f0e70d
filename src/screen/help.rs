//! `?`: what the screen below is for, and all its keys, read from the key table.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Layer, Screen, View};
use crate::app::frame;
use crate::config::Config;
use crate::theme::Theme;
use crate::ui::context::{Context, Session};
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::place::Crumb;
use crate::widget::{lines, popup};

/// The modes of the help.
pub const MODES: &[Mode] = &[Mode::Help, Mode::Anywhere];

const WIDTH: u16 = 72;
/// The keys take so many columns, or a third where the window is narrow.
const KEYS_WIDTH: usize = 20;

/// The help about one screen.
#[derive(Debug)]
pub struct Help {
    purpose: &'static str,
    modes: &'static [Mode],
    /// Letters are text on that screen.
    typing: bool,
    scroll: usize,
}

impl Help {
    /// The help about this screen.
    #[must_use]
    pub fn of(screen: &Screen) -> Self {
        Self {
            purpose: screen.purpose(),
            modes: screen.modes(),
            typing: screen.is_typing(),
            scroll: 0,
        }
    }

    /// How many lines have no room in a window of this size.
    fn hidden(&self, size: (u16, u16), session: &Session) -> usize {
        let width = popup::text_width(WIDTH.min(size.0));
        let lines = self.lines(width, &session.config, &Theme::monochrome());
        let around = frame::rows_around(session, size) + 2;
        lines
            .len()
            .saturating_sub(usize::from(size.1.saturating_sub(around)))
    }

    fn lines(&self, width: usize, config: &Config, theme: &Theme) -> Vec<Line<'static>> {
        let keys_width = KEYS_WIDTH.min(width / 3);
        let mut lines: Vec<_> = lines::wrapped(self.purpose, theme.text, width).collect();
        if let Some(help) = config.help_line() {
            lines.push(Line::default());
            lines.extend(lines::wrapped(&help, theme.text, width));
        }
        for mode in self.modes {
            lines.push(Line::default());
            lines.push(Line::styled(mode.title(), theme.strong));
            for binding in keymap::bindings(std::slice::from_ref(mode)) {
                let keys = binding.all_keys(self.typing);
                if keys.is_empty() {
                    continue;
                }
                lines.extend(lines::labelled(
                    (&keys, theme.key),
                    keys_width,
                    binding.help,
                    theme.text,
                    width,
                ));
            }
        }
        lines
    }
}

impl Layer for Help {
    fn modes(&self) -> &'static [Mode] {
        MODES
    }

    fn crumbs(&self) -> Vec<Crumb> {
        Vec::new()
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Up => self.scroll = self.scroll.saturating_sub(1),
            Action::Down => {
                let hidden = self.hidden(cx.size, cx.session);
                self.scroll = (self.scroll + 1).min(hidden);
            }
            Action::Back | Action::Done | Action::Help => cx.pop(),
            _ => {}
        }
    }

    fn step(&self) -> &'static str {
        "Read, then press esc to go back."
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let width = WIDTH.min(area.width);
        let config = &view.session.config;
        let lines = self.lines(popup::text_width(width), config, view.theme);
        popup::scrolled(frame, area, width, "Help", lines, self.scroll, view.theme);
    }
}
