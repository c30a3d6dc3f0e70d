//! What the token is for: the presets with their permissions, and the two scales for whoever chooses
//! them by hand.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType};

use super::view::line;
use super::{Focus, NewToken};
use crate::permission::{Level, Permissions, ScopeKind};
use crate::ui::layer::View;
use crate::ui::scale::scale;
use crate::widget::{field, fit, pane};

/// From this width on, "Project" and "Repository" are written out.
const ROOM_FOR_LONG_NAMES: usize = 55;
/// Beside the permissions of a preset: its mark, two blanks, and two columns for the box.
const AROUND_PERMISSIONS: usize = 6;
/// How far the two scales stand to the right of the presets.
const SCALE_INDENT: usize = 4;

impl NewToken {
    pub(super) fn draw_preset(
        &self,
        frame: &mut Frame<'_>,
        free: &mut Rect,
        index: usize,
        roomy: bool,
        view: View<'_>,
    ) -> Option<Position> {
        let theme = view.theme;
        let preset = &self.presets[index];
        let permissions = preset.permissions(self.place.kind());
        if !(preset.recommended && roomy) {
            let star = if preset.recommended { "★ " } else { "" };
            let warning = if preset.warning.is_some() { "  !" } else { "" };
            let width = usize::from(free.width);
            let words = self.permissions_column(&permissions, width);
            let mut left = format!("{star}{}{warning}", preset.name);
            // All of them say it, or none.
            if width >= self.summaries_width() {
                left = format!(
                    "{}  {}",
                    fit::column(&left, self.names_width()),
                    preset.summary
                );
            }
            let row = self.choice(index, &left, &words, width, view);
            let cursor = self.place_cursor_on_choice(frame, *free, index);
            line(frame, free, row);
            return cursor;
        }
        let chosen = self.chosen == index;
        let height = 4.min(free.height);
        let outside = Rect { height, ..*free };
        let block = Block::bordered()
            .border_type(BorderType::Rounded)
            .border_style(if chosen {
                theme.border_focused
            } else {
                theme.border
            })
            .title(Line::styled(" RECOMMENDED ", theme.accent).right_aligned());
        let mut inside = block.inner(outside);
        frame.render_widget(block, outside);
        let width = usize::from(inside.width);
        let name = format!("★ {}", preset.name);
        let row = self.choice(index, &name, "", width, view);
        let cursor = self.place_cursor_on_choice(frame, inside, index);
        line(frame, &mut inside, row);
        let outside = usize::from(free.width);
        let words = short(&permissions, outside);
        let words = fit::column(&words, self.permissions_width(outside));
        let room = width.saturating_sub(5 + fit::width(&words));
        let row = Line::from(vec![
            Span::styled(
                format!("    {}", fit::column(&preset.summary, room)),
                theme.text,
            ),
            Span::styled(format!("{words} "), theme.dim),
        ]);
        line(frame, &mut inside, row);
        *free = pane::below(*free, height);
        cursor
    }

    pub(super) fn draw_custom(
        &self,
        frame: &mut Frame<'_>,
        free: &mut Rect,
        view: View<'_>,
    ) -> Option<Position> {
        let is_custom = self.preset().is_none();
        let words = if is_custom {
            let width = usize::from(free.width);
            self.permissions_column(&self.permissions(), width)
        } else {
            String::new()
        };
        let row = self.choice(
            self.presets.len(),
            "custom …",
            &words,
            usize::from(free.width),
            view,
        );
        let mut cursor = self.place_cursor_on_choice(frame, *free, self.presets.len());
        line(frame, free, row);
        if !is_custom {
            return cursor;
        }
        if self.place.kind() != ScopeKind::Repository {
            let refused = |level| self.levels.project_refusal(level).is_some();
            let row = scale(
                "    Project     ",
                self.levels.project,
                &refused,
                self.focus == Focus::ProjectScale,
                view.theme,
            );
            cursor = cursor.or(self.place_cursor_on_scale(frame, *free, Focus::ProjectScale));
            line(frame, free, row);
        }
        let refused = |level| self.levels.repository_refusal(level).is_some();
        let row = scale(
            "    Repository  ",
            self.levels.repository,
            &refused,
            self.focus == Focus::RepositoryScale,
            view.theme,
        );
        cursor = cursor.or(self.place_cursor_on_scale(frame, *free, Focus::RepositoryScale));
        line(frame, free, row);
        cursor
    }

    /// How wide the longest name of a preset is.
    fn names_width(&self) -> usize {
        let names = self.presets.iter().map(|preset| {
            // The star in front, or the sign behind.
            let is_marked = preset.recommended || preset.warning.is_some();
            fit::width(&preset.name) + if is_marked { 3 } else { 0 }
        });
        names.max().unwrap_or(0)
    }

    /// How wide the form has to be for every preset to say what one does with it.
    pub(super) fn summaries_width(&self) -> usize {
        let summaries = self.presets.iter().map(|it| fit::width(&it.summary));
        let permissions = self.permissions_width(usize::MAX);
        let texts = self.names_width() + 2 + summaries.max().unwrap_or(0) + permissions;
        texts + AROUND_PERMISSIONS
    }

    fn permissions_width(&self, width: usize) -> usize {
        let kind = self.place.kind();
        let words = self
            .presets
            .iter()
            .map(|preset| short(&preset.permissions(kind), width));
        words.map(|words| fit::width(&words)).max().unwrap_or(0)
    }

    /// Permissions in words, all of them beginning in one column where there is room.
    fn permissions_column(&self, permissions: &Permissions, width: usize) -> String {
        let words = short(permissions, width);
        let longest = self.permissions_width(width);
        if width < self.names_width() + longest + AROUND_PERMISSIONS {
            return words;
        }
        // In line with those in the box.
        fit::column(&words, longest.max(fit::width(&words))) + " "
    }

    fn place_cursor_on_choice(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        index: usize,
    ) -> Option<Position> {
        let is_here = self.focus == Focus::Presets && self.chosen == index;
        is_here.then(|| field::place_cursor(frame, area, 0))
    }

    fn place_cursor_on_scale(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        scale: Focus,
    ) -> Option<Position> {
        let is_here = self.focus == scale;
        is_here.then(|| field::place_cursor(frame, area, SCALE_INDENT))
    }

    /// One preset on a line: reversed while the cursor is on it, bold while it is only chosen.
    fn choice(
        &self,
        index: usize,
        left: &str,
        right: &str,
        width: usize,
        view: View<'_>,
    ) -> Line<'static> {
        let theme = view.theme;
        let chosen = self.chosen == index;
        let mark = match (chosen, self.focus == Focus::Presets) {
            (true, true) => "› ",
            (true, false) => "• ",
            (false, _) => "  ",
        };
        let right = format!("{right} ");
        let room = width.saturating_sub(3 + fit::width(&right));
        let left = fit::column(left, room) + " ";
        if chosen && self.focus == Focus::Presets {
            return Line::styled(format!("{mark}{left}{right}"), theme.cursor);
        }
        let style = if chosen { theme.chosen } else { theme.text };
        Line::from(vec![
            Span::styled(format!("{mark}{left}"), style),
            Span::styled(right, theme.dim),
        ])
    }
}

/// "Project read · Repository write"; the names of the scales shortened where room is short.
fn short(permissions: &Permissions, width: usize) -> String {
    let level = |level: Option<Level>| level.map_or("–", Level::word);
    let repository = level(permissions.repository);
    match permissions.project {
        Some(project) if width < ROOM_FOR_LONG_NAMES => {
            format!("Proj {} · Repo {repository}", project.word())
        }
        Some(project) => format!("Project {} · Repository {repository}", project.word()),
        None => format!("Repository {repository}"),
    }
}
