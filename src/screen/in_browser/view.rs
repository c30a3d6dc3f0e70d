//! How it looks: above where to go, below at the left where the token comes in, at the right what to
//! choose.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::text::Line;

use super::{Focus, InBrowser, portal, recommended, typed};
use crate::bitbucket::{Destination, ServerInfo};
use crate::config::token_name::{self, Parts};
use crate::permission::{Level, ScopeKind};
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::session::Session;
use crate::when;
use crate::widget::form::Form;
use crate::widget::pane::{self, Pane};
use crate::widget::scroll::Towards;
use crate::widget::{fit, lines, scroll};

/// From this width on, the token and what to choose stand side by side.
const TWO_COLUMNS: u16 = 72;
/// Both together are no wider.
const WIDTH: u16 = 112;
/// "Repository permissions", and two blanks.
const LABEL_WIDTH: usize = 24;

impl InBrowser {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let width = area.width.saturating_sub(4).min(WIDTH);
        let column = area.centered_horizontally(Constraint::Length(width));
        let column = pane::below(column, area.height.saturating_sub(16) / 4);
        scroll::draw(frame, column, view.theme, |frame, high| {
            let cursor = self.draw_all(frame, high, column.height, view);
            (cursor, Towards::WhatIsBelow)
        });
    }

    /// Answers with the place of the cursor.
    fn draw_all(
        &self,
        frame: &mut Frame<'_>,
        column: Rect,
        room: u16,
        view: View<'_>,
    ) -> Option<Position> {
        let (below, cursor) = self.draw_way(Form::within(frame, column, room, view.theme), view);
        if self.invalid.is_some() || self.checking.failure().is_some() {
            // What to choose is known by now, and what went wrong needs the room.
            let token = self.draw_token(Form::within(frame, below, room, view.theme), view);
            return cursor.or(token);
        }
        let width = column.width;
        if width < TWO_COLUMNS {
            let mut form = Form::within(frame, below, room, view.theme);
            form.save_room();
            form.lines(self.choices(usize::from(width), view));
            form.gap();
            return cursor.or(self.draw_token(form, view));
        }
        let [left, right] = Layout::horizontal([Constraint::Fill(1); 2])
            .spacing(2)
            .areas(below);
        let token = self.draw_token(Form::within(frame, left, room, view.theme), view);
        let choices = self.choices(usize::from(right.width.saturating_sub(4)), view);
        let rows = u16::try_from(choices.len() + 2).unwrap_or(u16::MAX);
        let right = Rect {
            height: rows.min(right.height),
            ..right
        };
        let there = Pane {
            title: "Choose there",
            note: "",
            focused: false,
        };
        let inside = there.draw(frame, right, view.theme);
        lines::draw(frame, inside, choices);
        cursor.or(token)
    }

    /// What the token is for, and the page on which it is made. Answers with the room below
    /// and the place of the cursor.
    fn draw_way(&self, mut form: Form<'_, '_>, view: View<'_>) -> (Rect, Option<Position>) {
        let session = view.session;
        form.save_room();
        form.heading("Create the token in the browser");
        let is_focused = !self.checking.is_pending() && self.focus == Focus::Place;
        form.field("For", &self.place, is_focused);
        form.remark(&self.for_whom(session));
        form.gap();
        let portal = portal(session);
        if let Some(portal) = &portal {
            form.labelled("First", &format!("your company's own page: {portal}"));
        }
        let page = self.bitbuckets_page(session);
        let label = if portal.is_some() { "Then" } else { "Page" };
        form.labelled(label, page.as_deref().unwrap_or("–"));
        let info = session.server.as_ref().map(|server| &server.info);
        if let Some((label, provider)) = info.and_then(ServerInfo::provider)
            && !form.is_crowded()
        {
            let at = provider.map_or_else(String::new, |page| format!(" at {page}"));
            form.labelled("Sign in", &format!("there with \"{label}\"{at}"));
        }
        if self.focus == Focus::Place {
            form.button("Open it", &press_enter(), true);
        }
        if form.is_crowded() {
            form.indented(|width| self.page.brief_status(width, view));
        } else {
            form.indented(|width| self.page.status(width, view));
        }
        form.gap();
        (form.free(), form.focus())
    }

    /// Where the token comes in, and what became of it.
    fn draw_token(&self, mut form: Form<'_, '_>, view: View<'_>) -> Option<Position> {
        let theme = view.theme;
        let is_focused = !self.checking.is_pending() && self.focus == Focus::Token;
        form.save_room();
        form.secret_field("Token", &self.token, is_focused);
        form.gap();
        let server = view.session.server.as_ref();
        if let Some(waited) = self.checking.waiting(view.now) {
            form.waiting(waited, "Looking at the token");
        } else if let Some(reason) = &self.invalid {
            form.sign("✗", theme.bad, reason);
        } else if let (Some(error), Some(server)) = (self.checking.failure(), server) {
            let problem = Problem::explain(error, Attempt::TakeOver(server.client.base()));
            form.rest(|frame, area| problem.draw(frame, area, view));
        } else {
            let is_ready = self.focus == Focus::Token && !self.token.is_empty();
            let hint = if is_ready {
                press_enter()
            } else {
                "paste first".to_owned()
            };
            form.button("Continue", &hint, is_ready);
        }
        form.focus()
    }

    /// What the token is for, and what else it could be for.
    fn for_whom(&self, session: &Session) -> String {
        let words = match self.kind(session) {
            ScopeKind::Project => {
                "a project token: every repository of that project. You have to administer it."
            }
            ScopeKind::Repository => {
                "a repository token: that repository alone. You have to administer it or its project."
            }
            ScopeKind::Personal => {
                let known = session.destination.as_ref();
                let known = known.filter(|place| **place != Destination::Account);
                let other = known.map_or_else(|| "PROJECT or PROJECT/repository".to_owned(), typed);
                return format!(
                    "empty: a personal token, for your own work. {other}: for that alone, if you administer it."
                );
            }
        };
        words.to_owned()
    }

    /// What to choose on the page, in its own words.
    fn choices(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut all = Vec::new();
        for (label, value) in self.values(view) {
            if width < LABEL_WIDTH + fit::width(&value) {
                all.push(Line::styled(label, theme.dim));
                all.extend(lines::signed(("", theme.dim), &value, theme.text, width));
            } else {
                let label = (label, theme.dim);
                all.extend(lines::labelled(
                    label,
                    LABEL_WIDTH,
                    &value,
                    theme.text,
                    width,
                ));
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
        let user = self.user.as_deref().unwrap_or("me");
        let masked = "•".repeat(user.chars().count());
        let parts = Parts {
            what: &preset.token_name,
            user: if session.share { &masked } else { user },
            computer: &session.computer,
            tool: "",
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
        let mut values = vec![(
            "Name",
            token_name::fill_in(&session.config.token_name, parts),
        )];
        values.extend(
            permissions
                .project
                .map(|it| ("Project permissions", level(it))),
        );
        values.extend(
            permissions
                .repository
                .map(|it| ("Repository permissions", level(it))),
        );
        values.push(("Expiry", format!("{days} days{until}")));
        values
    }
}

fn press_enter() -> String {
    keymap::press(Mode::Browser, Action::Accept)
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
