//! `?`: what the screen below is for, and all its keys, read from the key table.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::config::Config;
use crate::theme::Theme;
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::place::Crumb;
use crate::ui::step::Step;
use crate::widget::{lines, popup};

/// How many rows a page key moves, as in every list.
const PAGE: isize = 10;
const WIDTH: u16 = 72;
/// The keys take so many columns, or a third where the window is narrow.
const KEYS_WIDTH: usize = 20;

/// The help about one screen.
#[derive(Debug)]
pub(super) struct Help {
    purpose: String,
    mode: Mode,
    /// Letters are text on that screen.
    is_typing: bool,
    scroll: usize,
}

impl Help {
    /// The help about a screen with this purpose and these keys; `is_typing`: letters are text there.
    pub(super) fn of(purpose: String, mode: Mode, is_typing: bool) -> Self {
        Self {
            purpose,
            mode,
            is_typing,
            scroll: 0,
        }
    }

    fn scroll_by(&mut self, rows: isize, cx: &Context<'_>) {
        let hidden = self.hidden(cx.room, &cx.session.config);
        self.scroll = self.scroll.saturating_add_signed(rows).min(hidden);
    }

    /// How many lines there are too many for so many columns and rows.
    fn hidden(&self, (columns, rows): (u16, u16), config: &Config) -> usize {
        let width = popup::text_width(WIDTH.min(columns));
        let lines = self.lines(width, config, &Theme::monochrome());
        lines
            .len()
            .saturating_sub(usize::from(rows.saturating_sub(2)))
    }

    fn lines(&self, width: usize, config: &Config, theme: &Theme) -> Vec<Line<'static>> {
        let keys_width = KEYS_WIDTH.min(width / 3);
        let mut lines: Vec<_> = lines::wrapped(&self.purpose, theme.text, width).collect();
        if let Some(help) = config.help_line() {
            lines.push(Line::default());
            lines.extend(lines::wrapped(&help, theme.text, width));
        }
        for mode in self.mode.parts() {
            lines.push(Line::default());
            lines.push(Line::styled(mode.title(), theme.strong));
            for binding in keymap::part(mode) {
                let keys = binding.all_keys(self.is_typing);
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
    fn mode(&self) -> Mode {
        Mode::Help
    }

    fn is_overlay(&self) -> bool {
        true
    }

    fn crumbs(&self) -> Vec<Crumb> {
        Vec::new()
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Up => self.scroll_by(-1, cx),
            Action::Down => self.scroll_by(1, cx),
            Action::PageUp => self.scroll_by(-PAGE, cx),
            Action::PageDown => self.scroll_by(PAGE, cx),
            Action::First => self.scroll = 0,
            Action::Last => self.scroll_by(isize::MAX, cx),
            Action::Back | Action::Done | Action::Help => cx.close(),
            _ => {}
        }
    }

    fn step(&self, _view: View<'_>) -> Step {
        Step::press("Read, then press {} to go back.", &[Action::Back])
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let width = WIDTH.min(area.width);
        let config = &view.session.config;
        let lines = self.lines(popup::text_width(width), config, view.theme);
        popup::scrolled(frame, area, width, "Help", lines, self.scroll, view.theme);
    }
}
