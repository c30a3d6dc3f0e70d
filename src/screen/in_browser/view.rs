//! How it looks: at the left where to go and where the token comes in, at the right what to choose.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Focus, InBrowser, portal, recommended};
use crate::app::problem::{Attempt, Problem};
use crate::config::token_name::{self, Parts};
use crate::permission::ScopeKind;
use crate::screen::View;
use crate::widget::form::Form;
use crate::widget::lines;
use crate::when;

/// From this width on, both stand side by side.
const TWO_COLUMNS: u16 = 76;
/// The right column.
const ASIDE: u16 = 32;
/// Labels of the right column, where it stands below.
const LABEL_WIDTH: usize = 24;

impl InBrowser {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        if area.width < TWO_COLUMNS {
            self.draw_steps(frame, area, view, true);
            return;
        }
        let width = area.width.min(112);
        let both = area.centered_horizontally(ratatui::layout::Constraint::Length(width));
        let left = Rect {
            width: width - ASIDE,
            ..both
        };
        let right = Rect {
            x: left.right(),
            width: ASIDE - 2,
            ..both
        };
        let top = self.draw_steps(frame, left, view, false);
        self.draw_choices(frame, Form::column(right, top), view);
    }

    /// The page and the token. In one column what to choose stands between them.
    fn draw_steps(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>, one_column: bool) -> u16 {
        let theme = view.theme;
        let session = view.session;
        let busy = self.checking.is_pending();
        let mut form = Form::new(frame, area, theme);
        form.expect_problem();
        let top = form.top();
        form.heading("Make the token in the browser");
        form.field("For", &self.place, !busy && self.focus == Focus::Place);
        form.dim(&for_whom(self.kind(session), session.destination.as_ref().map(|place| place.name())));
        form.gap();
        let first = portal(session);
        if let Some(portal) = &first {
            form.labelled("First", &format!("your company's own page: {portal}"));
        }
        let page = self.bitbuckets_page(session);
        let label = if first.is_some() { "Then" } else { "Page" };
        form.labelled(label, page.as_deref().unwrap_or("–"));
        form.indented(|width| self.page.status(width, view));
        form.gap();
        if one_column {
            let width = form.width();
            form.lines(self.choices(width, view, false));
            form.gap();
        }
        let focused = !busy && self.focus == Focus::Token;
        form.secret_field("Token", &self.token, focused);
        form.gap();
        if let Some(waited) = self.checking.waiting(view.now) {
            form.waiting(waited, "Asking Bitbucket whose token this is");
        } else if let Some(reason) = &self.invalid {
            form.sign("✗", theme.bad, reason);
        } else if let (Some(error), Some(server)) = (self.checking.failure(), &session.server) {
            let problem = Problem::explain(error, Attempt::UsePasted(server.client.base()));
            form.rest_above(0, |frame, area| problem.draw(frame, area, view));
        } else {
            let (label, ready) = match self.focus {
                Focus::Place => ("Open the page", true),
                Focus::Token => ("Go on", !self.token.is_empty()),
            };
            let hint = if ready { "press enter" } else { "paste the token first" };
            form.button(label, hint, ready);
        }
        top
    }

    fn draw_choices(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let width = usize::from(area.width);
        lines::draw(frame, area, self.choices(width, view, true));
    }

    /// What to choose on the page, in its own words. Stacked: each value below its label.
    fn choices(&self, width: usize, view: View<'_>, stacked: bool) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut all = vec![Line::styled("Choose there", theme.strong)];
        for (label, value) in self.values(view) {
            if stacked {
                all.push(Line::default());
                all.push(Line::styled(label, theme.dim));
                let value = format!("{value}");
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
        let level = |level: crate::permission::Level| capital(level.word());
        let mut values = vec![("Name", token_name::fill_in(&session.config.token_name, parts))];
        values.extend(permissions.project.map(|it| ("Project permissions", level(it))));
        values.extend(permissions.repository.map(|it| ("Repository permissions", level(it))));
        values.push(("Expiry", format!("{days} days{until}")));
        values
    }
}

/// What the token is for, and what else it could be for.
fn for_whom(kind: ScopeKind, known: Option<String>) -> String {
    match (kind, known) {
        (ScopeKind::Personal, None) => {
            "empty: a personal token, for your own work. PROJECT or PROJECT/repository: one for that alone, which its administrators can make.".to_owned()
        }
        (ScopeKind::Personal, Some(known)) => {
            let known = known.replace(' ', "");
            format!("empty: a personal token, for your own work. {known}: one for that alone, which its administrators can make.")
        }
        (ScopeKind::Project, _) => "a project token: every repository of that project. You have to administer it.".to_owned(),
        (ScopeKind::Repository, _) => "a repository token: that repository alone. You have to administer it or its project.".to_owned(),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
