//! What is drawn: the ways, what is in the way, how safe the chosen one is, and what it writes.

use ratatui::text::{Line, Span};

use super::{GitSetup, agreement, undo};
use crate::git::Way;
use crate::operation::where_it_goes;
use crate::tool::VARIABLE;
use crate::ui::context::Context;
use crate::ui::git_proof;
use crate::ui::layer::View;
use crate::widget::{column, fit, lines, scroll, spinner};

/// In front of a way.
const MARK: usize = 2;
/// Between a way and what is to be known of it, and behind that.
const GAP: usize = 2;

impl GitSetup {
    fn plain_http_lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let typed = self.plain_http.as_ref();
        typed.map_or_else(Vec::new, |typed| agreement::lines(typed, width, view.theme))
    }

    /// What there is room for, and the row of the cursor. In a low window blank lines go, and what can
    /// be read elsewhere comes last.
    pub(super) fn lines(
        &self,
        width: usize,
        height: usize,
        view: View<'_>,
    ) -> (Vec<Line<'static>>, Option<usize>) {
        let about = self.about(width, view);
        let above = about.len() + 1;
        let mut sections = vec![
            about,
            self.plain_http_lines(width, view),
            self.way_lines(width, view),
            self.news(width, view),
            self.safety(width, view),
            self.writes(width, view),
        ];
        sections.retain(|section| !section.is_empty());
        let plain_http = self.plain_http_lines(width, view).len();
        let is_asked = plain_http > 0;
        let row = if is_asked {
            plain_http - 1
        } else {
            let before = self.ways.iter().enumerate().take(self.chosen);
            before
                .map(|(index, way)| self.lines_of(index, way, width, view).len())
                .sum()
        };
        let cursor = (is_asked || !self.ways.is_empty()).then_some(row);
        let mut roomy = sections.join(&Line::default());
        if roomy.len() <= height {
            let by_hand = self.by_hand(width, view);
            if roomy.len() + 1 + by_hand.len() <= height {
                roomy.push(Line::default());
                roomy.extend(by_hand);
            }
            (roomy, cursor.map(|row| above + row))
        } else {
            sections.rotate_left(1);
            (sections.concat(), cursor)
        }
    }

    /// How many lines there are too many for the window, and how many it shows.
    pub(super) fn hidden(&self, cx: &Context<'_>) -> (usize, usize) {
        let (columns, rows) = cx.room;
        let width = usize::from(column::width(columns));
        let (lines, _) = self.lines(width, usize::from(rows), cx.view());
        let page = usize::from(scroll::shown(lines.len(), rows));
        (scroll::hidden(lines.len(), rows), page)
    }

    fn about(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let about = match self.target.user {
            Some(_) => "git will use this token automatically at",
            None => "git will use this token automatically for",
        };
        let about = lines::wrapped(about, theme.text, width);
        about
            .chain(lines::wrapped(&self.target.address, theme.strong, width))
            .collect()
    }

    /// The same for once, without bbtoken: a command that is complete as it stands.
    fn by_hand(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let Some(server) = &view.session.server else {
            return Vec::new();
        };
        let theme = view.theme;
        let words = where_it_goes::words(&self.place, server.client.base());
        let command = where_it_goes::by_hand(&words);
        let about = format!("By hand, for one clone, with the token in ${VARIABLE}:");
        let command = lines::signed(("", theme.dim), &command, theme.text, width);
        lines::wrapped(&about, theme.dim, width)
            .chain(command)
            .collect()
    }

    fn way_lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let ways = self.ways.iter().enumerate();
        ways.flat_map(|(index, way)| self.lines_of(index, way, width, view))
            .collect()
    }

    /// A way, with what is to be known of it beside or, where there is no room, below.
    fn lines_of(
        &self,
        index: usize,
        way: &Way,
        width: usize,
        view: View<'_>,
    ) -> Vec<Line<'static>> {
        let theme = view.theme;
        let is_chosen = index == self.chosen;
        let drawback = way.drawback();
        let best = (index == 0).then(|| match &drawback {
            None => "★ RECOMMENDED".to_owned(),
            Some(_) => "★ best here".to_owned(),
        });
        let tags: Vec<_> = best.into_iter().chain(drawback).collect();
        let tag = tags.join("  ");
        let (row, dim) = if is_chosen {
            (theme.cursor, theme.text)
        } else {
            (theme.text, theme.dim)
        };
        let mark = if is_chosen { "› " } else { "  " };
        let beside = width.saturating_sub(MARK + GAP + fit::width(&tag));
        let fill = |text: &str| fit::column(text, width.saturating_sub(MARK));
        // A blank stands between the two.
        if fit::width(&way.title) < beside {
            let line = Line::from(vec![
                Span::raw(mark),
                Span::raw(fit::column(&way.title, beside)),
                Span::styled(format!("{tag} "), dim),
            ]);
            return vec![line.style(row)];
        }
        let title = fit::wrap(&way.title, width.saturating_sub(MARK));
        let title = title.iter().enumerate().map(|(index, part)| {
            let mark = if index == 0 { mark } else { "  " };
            Line::from(vec![Span::raw(mark), Span::raw(fill(part))]).style(row)
        });
        let tags = fit::wrap(&tag, width.saturating_sub(MARK));
        let tags = tags.iter().filter(|part| !part.is_empty()).map(|part| {
            Line::from(vec![Span::raw("  "), Span::styled(fill(part), dim)]).style(row)
        });
        title.chain(tags).collect()
    }

    /// What is under way, or has gone wrong.
    fn news(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let waits = [
            (self.looking.wait(), "Looking at git and its helpers …"),
            (
                self.writing.wait(),
                "Setting git up and testing it … Is a window asking you to unlock your key ring?",
            ),
        ];
        let mut all = Vec::new();
        for (wait, words) in waits {
            if let Some(waited) = wait.waiting(view.now) {
                let sign = (spinner::sign(waited).unwrap_or(" "), theme.accent);
                all.extend(lines::signed(sign, words, theme.text, width));
            }
        }
        let replaces = self.replaces.iter().map(git_proof::replaces);
        for text in replaces.chain(self.obstacle_lines()) {
            let sign = ("!", theme.warning);
            all.extend(lines::signed(sign, &text, theme.text, width));
        }
        if let Some(text) = &self.failure {
            all.extend(lines::signed(("✗", theme.bad), text, theme.text, width));
        }
        all
    }

    fn safety(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let Some(way) = self.ways.get(self.chosen) else {
            return Vec::new();
        };
        let (sign, safety) = match way.safety.strip_prefix("! ") {
            Some(warning) => (("!", theme.warning), warning),
            None => (("✓", theme.good), way.safety.as_str()),
        };
        let mut all: Vec<_> = lines::signed(sign, safety, theme.text, width).collect();
        if view.session.demo {
            let text = "The demo removes it again when it ends.";
            all.extend(lines::signed(("·", theme.dim), text, theme.text, width));
        }
        all
    }

    fn writes(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let Some(way) = self.ways.get(self.chosen) else {
            return Vec::new();
        };
        let undo = match &self.replaces {
            None => format!("{} removes it again", undo()),
            Some(replaces) => git_proof::comes_back(replaces),
        };
        let heading = format!("This will be written ({undo})");
        let heading = lines::wrapped(&heading, theme.strong, width);
        let entries = way
            .writes
            .iter()
            .flat_map(|line| lines::signed(("·", theme.dim), line, theme.text, width));
        heading.chain(entries).collect()
    }
}
