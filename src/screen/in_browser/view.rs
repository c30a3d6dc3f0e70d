//! How it looks: at the left where to go and where the token comes in, at the right what to choose.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::text::Line;

use super::{Focus, InBrowser, portal, recommended, typed};
use crate::app::context::Session;
use crate::app::problem::{Attempt, Problem};
use crate::config::token_name::{self, Parts};
use crate::bitbucket::Destination;
use crate::permission::{Level, ScopeKind};
use crate::screen::View;
use crate::widget::form::Form;
use crate::when;
use crate::widget::{lines, pane};

/// From this width on, both stand side by side.
const TWO_COLUMNS: u16 = 76;
/// Both together are no wider.
const WIDTH: u16 = 112;
/// The right column.
const ASIDE: u16 = 32;
/// Labels of the right column, where it stands below.
const LABEL_WIDTH: usize = 24;

impl InBrowser {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let top = area.height.saturating_sub(16) / 4;
        if area.width < TWO_COLUMNS {
            self.draw_steps(Form::below(frame, area, view.theme, top), view, true);
            return;
        }
        let both = area.centered_horizontally(Constraint::Length(area.width.min(WIDTH)));
        let left = Rect {
            width: both.width - ASIDE,
            ..both
        };
        let right = Rect {
            x: left.right(),
            width: ASIDE - 2,
            ..both
        };
        self.draw_steps(Form::below(frame, left, view.theme, top), view, false);
        let right = pane::below(right, top);
        lines::draw(frame, right, self.choices(usize::from(right.width), view, true));
    }

    /// The page and the token. In one column what to choose stands between them.
    fn draw_steps(&self, mut form: Form<'_, '_>, view: View<'_>, is_only_column: bool) {
        let theme = view.theme;
        let session = view.session;
        let is_free = !self.checking.is_pending();
        form.expect_problem();
        form.heading("Make the token in the browser");
        form.field("For", &self.place, is_free && self.focus == Focus::Place);
        form.remark(&self.for_whom(session));
        form.gap();
        let portal = portal(session);
        if let Some(portal) = &portal {
            form.labelled("First", &format!("your company's own page: {portal}"));
        }
        let page = self.bitbuckets_page(session);
        let label = if portal.is_some() { "Then" } else { "Page" };
        form.labelled(label, page.as_deref().unwrap_or("–"));
        form.lines(self.page.status(form.width(), view));
        form.gap();
        if is_only_column {
            form.lines(self.choices(form.width(), view, false));
            form.gap();
        }
        let is_focused = is_free && self.focus == Focus::Token;
        form.secret_field("Token", &self.token, is_focused);
        form.gap();
        if let Some(waited) = self.checking.waiting(view.now) {
            form.waiting(waited, "Asking Bitbucket whose token this is");
        } else if let Some(reason) = &self.invalid {
            form.sign("✗", theme.bad, reason);
        } else if let (Some(error), Some(server)) = (self.checking.failure(), &session.server) {
            let problem = Problem::explain(error, Attempt::TakeOver(server.client.base()));
            form.rest(|frame, area| problem.draw(frame, area, theme));
        } else if self.focus == Focus::Place {
            form.button("Open the page", "press enter", true);
        } else if self.token.is_empty() {
            form.button("Go on", "paste the token first", false);
        } else {
            form.button("Go on", "press enter", true);
        }
    }

    /// What the token is for, and what else it could be for.
    fn for_whom(&self, session: &Session) -> String {
        let words = match self.kind(session) {
            ScopeKind::Project => "a project token: every repository of that project. You have to administer it.",
            ScopeKind::Repository => "a repository token: that repository alone. You have to administer it or its project.",
            ScopeKind::Personal => {
                let known = session.destination.as_ref();
                let known = known.filter(|place| **place != Destination::Account);
                let other = known.map_or_else(|| "PROJECT or PROJECT/repository".to_owned(), typed);
                return format!("empty: a personal token, for your own work. {other}: one for that alone, which its administrators can make.");
            }
        };
        words.to_owned()
    }

    /// What to choose on the page, in its own words. Stacked: each value below its label.
    fn choices(&self, width: usize, view: View<'_>, stacked: bool) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut all = vec![Line::styled("Choose there", theme.strong)];
        for (label, value) in self.values(view) {
            if stacked {
                all.push(Line::default());
                all.push(Line::styled(label, theme.dim));
                all.extend(lines::signed(("", theme.dim), &value, theme.text, width));
            } else {
                let label = (label, theme.dim);
                all.extend(lines::labelled(label, LABEL_WIDTH, &value, theme.text, width));
            }
        }
        all
    }

    fn values(&self, view: View<'_>) -> Vec<(&'static str, String)> {
        let session = view.session;
        let Some(preset) = recommended(session) else {
            return Vec::new();
        };
        let kind = self.kind(session);
        let place = self.wanted(session).ok().flatten();
        let parts = Parts {
            what: &preset.token_name,
            user: self.user.as_deref().unwrap_or("me"),
            computer: &session.computer,
            place: place.as_ref().and_then(|scope| scope.suffix()),
        };
        let permissions = preset.permissions(kind);
        let days = session.config.expiry_days.unwrap_or(preset.expiry_days);
        let days = days.min(session.config.longest_expiry_days.unwrap_or(u32::MAX));
        let until = when::after_days(view.now.time, days, &session.zone);
        let until = until.map_or_else(String::new, |until| {
            format!(", until {}", when::date(until, &session.zone))
        });
        let level = |level: Level| capital(level.word());
        let mut values = vec![("Name", token_name::fill_in(&session.config.token_name, parts))];
        values.extend(permissions.project.map(|it| ("Project permissions", level(it))));
        values.extend(permissions.repository.map(|it| ("Repository permissions", level(it))));
        values.push(("Expiry", format!("{days} days{until}")));
        values
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
