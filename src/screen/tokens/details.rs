//! Everything about the token under the cursor: in a pane where there is room, else in a box over the
//! list, which scrolls.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Tokens;
use crate::bitbucket::{Token, When};
use crate::operation::last_use::LastUse;
use crate::operation::risk::risks;
use crate::permission::Permissions;
use crate::theme::Theme;
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::ui::place::can_do;
use crate::ui::rotation;
use crate::ui::token_list::TokenRow;
use crate::when::{self, Expiry};
use crate::widget::pane::Pane;
use crate::widget::{lines, popup};

const WIDTH: u16 = 64;
const LABEL: usize = 9;

impl Tokens {
    /// The token whose details lie over the list, and how many of their lines are scrolled away.
    pub(super) fn boxed(&self) -> Option<(&Token, usize)> {
        match self.listing.picker.current()? {
            TokenRow::Token(token) => Some((token, self.details?)),
            TokenRow::New => None,
        }
    }

    /// What a key means while the box is open.
    pub(super) fn update_box(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Up => self.scroll(false, cx),
            Action::Down => self.scroll(true, cx),
            Action::Edit => {
                self.details = None;
                self.edit(cx);
            }
            Action::Rotate => {
                self.details = None;
                self.rotate(cx);
            }
            Action::Revoke => {
                self.details = None;
                self.ask_to_revoke_current(cx);
            }
            _ => self.details = None,
        }
    }

    fn scroll(&mut self, down: bool, cx: &Context<'_>) {
        let Some((token, scroll)) = self.boxed() else {
            return;
        };
        let (columns, rows) = cx.room;
        let lines = self.details_of(token, popup::text_width(WIDTH.min(columns)), cx.view());
        let shown = usize::from(rows.saturating_sub(2));
        let hidden = lines.len().saturating_sub(shown);
        self.details = Some(if down {
            hidden.min(scroll + 1)
        } else {
            scroll.saturating_sub(1)
        });
    }

    /// The box, if it is open.
    pub(super) fn draw_box(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        if let Some((token, scroll)) = self.boxed() {
            let width = WIDTH.min(area.width);
            let lines = self.details_of(token, popup::text_width(width), view);
            popup::scrolled(frame, area, width, "Token", lines, scroll, view.theme);
        }
    }

    pub(super) fn draw_details(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let pane = Pane {
            title: "Details",
            note: "",
            focused: false,
        };
        let inside = pane.draw(frame, area, theme);
        let width = usize::from(inside.width);
        let lines = match self.listing.picker.current() {
            Some(TokenRow::Token(token)) => self.details_of(token, width, view),
            Some(TokenRow::New) | None => lines::wrapped(
                "A token replaces your password for one purpose, such as git or a build server. It can do \
                 only what you choose, and it can be revoked without touching your password. Enter creates \
                 one.",
                theme.text,
                width,
            )
            .chain(self.in_the_way(width, theme))
            .collect(),
        };
        lines::draw(frame, inside, lines);
    }

    /// What keeps git from using any token of this place.
    fn in_the_way(&self, width: usize, theme: &Theme) -> Vec<Line<'static>> {
        let style = theme.warning;
        let Some(text) = self.place.in_the_way() else {
            return Vec::new();
        };
        let lines = lines::signed(("!", style), &text, style, width);
        std::iter::once(Line::default()).chain(lines).collect()
    }

    /// Everything in full, with exact times.
    fn details_of(&self, token: &Token, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let zone = &view.session.zone;
        let exact = |time| {
            let relative = when::relative(time, view.now.time);
            format!("{} ({relative})", when::exact(time, zone))
        };
        let unknown = "unknown: Bitbucket does not say".to_owned();
        let expires = match token.expires {
            When::Never => "never: it works until it is revoked".to_owned(),
            When::Unknown => unknown.clone(),
            When::At(time) => match when::expiry(time, view.now.time) {
                Expiry::Expired => format!("✗ expired: {}", exact(time)),
                Expiry::Soon => format!("! soon: {}", exact(time)),
                Expiry::Later => exact(time),
            },
        };
        let used = match self.last_use(token, view.session) {
            LastUse::At(time) => exact(time),
            LastUse::Tried(time) => format!("not since bbtoken tested it: {}", exact(time)),
            LastUse::Never => "never".to_owned(),
            LastUse::Unknown => unknown.clone(),
        };
        let risks = risks(token, self.last_use(token, view.session), view.now.time);
        let look_at: Vec<_> = risks.iter().map(|risk| risk.words()).collect();
        let look_at = look_at.join(" · ");
        let may = token.permissions.as_ref().map(Permissions::to_string);
        let rows = [
            ("may", may.unwrap_or_else(|| unknown.clone())),
            (
                "created",
                token.created.map_or_else(|| unknown.clone(), exact),
            ),
            ("used", used),
            ("expires", expires),
            ("look at", look_at),
            ("id", token.id.clone()),
        ];
        let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
        let mut lines: Vec<_> = lines::wrapped(&token.name, theme.strong, width).collect();
        let is_old = self.listing.failure().is_some();
        if is_old {
            let text = "The list could not be read again: this is from before.";
            let sign = ("!", theme.warning);
            lines.extend(lines::signed(sign, text, theme.text, width));
        }
        if let Some(rotation) = self.rotation_of(token, view.session) {
            let key = keymap::key(Mode::Tokens, Action::Rotate);
            let text = rotation::about(&rotation, &token.id, &key);
            lines.extend(lines::signed(
                ("!", theme.warning),
                &text,
                theme.text,
                width,
            ));
        }
        for (label, value) in rows {
            let label = (label, theme.dim);
            lines.extend(lines::labelled(label, LABEL, &value, theme.text, width));
        }
        if token.is_expired(view.now.time) {
            let text = "It has expired, so it can do nothing any more.";
            lines.push(Line::default());
            lines.extend(lines::signed(("✗", theme.bad), text, theme.text, width));
        } else if let Some(permissions) = &token.permissions {
            let can = can_do(&self.place, permissions);
            let sign = match permissions.repository_level() {
                Ok(Some(_)) if is_old => ("·", theme.dim),
                Ok(Some(_)) => ("✓", theme.good),
                Ok(None) | Err(_) => ("?", theme.dim),
            };
            lines.push(Line::default());
            lines.extend(lines::signed(sign, &can, theme.text, width));
        }
        lines.extend(self.in_the_way(width, theme));
        lines
    }
}
