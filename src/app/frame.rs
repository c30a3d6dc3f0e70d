//! The frame around every screen: the header says where we are, the footer which keys work.
//!
//! ```text
//!  bbtoken  git.example.com                        alice · Bitbucket 9.4.0
//!  Platform (PLAT) › billing-api › Repository settings › Security
//!  ⋮ the screen
//!  ✓ one line of news
//!  ↑↓ move  enter open  / filter  n new token  ? help  q quit
//! ```

use std::collections::HashSet;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::guidance;
use super::opened::Opened;
use super::share::Strip;
use super::window::{SMALLEST, is_too_small};
use crate::bitbucket::SignInWay;
use crate::clock::Moment;
use crate::theme::Theme;
use crate::ui::keymap::{self, Action, Binding, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::mask::mask;
use crate::ui::notice::{Mood, Notice};
use crate::ui::place::Crumb;
use crate::ui::session::Session;
use crate::widget::{fit, lines};

/// Header, breadcrumb and footer.
const FRAME_ROWS: u16 = 3;
/// So many rows of the screen stay in sight above a long notice.
const ROWS_ABOVE_NOTICE: u16 = 1;

/// How many rows of a window with so many columns and rows a screen does not get.
pub(super) fn rows_around(session: &Session, size: (u16, u16)) -> u16 {
    let strip = if session.share {
        Strip::height(size.1)
    } else {
        0
    };
    FRAME_ROWS + guidance::height(session, size) + strip
}

/// Everything that is drawn.
pub(super) struct Window<'a> {
    pub(super) session: &'a Session,
    pub(super) layers: &'a [Opened],
    pub(super) notice: Option<&'a Notice>,
    pub(super) pressed: Option<&'a str>,
    pub(super) theme: &'a Theme,
    pub(super) now: Moment,
}

impl Window<'_> {
    pub(super) fn draw(&self, frame: &mut Frame<'_>) {
        let area = frame.area();
        if is_too_small((area.width, area.height)) {
            self.too_small(frame, area);
            return;
        }
        let Some(Opened { screen: top, .. }) = self.layers.last() else {
            return;
        };
        let base = self
            .layers
            .iter()
            .rposition(|opened| !opened.screen.is_overlay())
            .unwrap_or(0);
        let row = |y: u16| Rect {
            y,
            height: 1,
            ..area
        };
        let view = View {
            theme: self.theme,
            now: self.now,
            session: self.session,
        };
        self.server_line(frame, row(0));
        self.breadcrumb(frame, row(1), &self.layers[base].screen.crumbs());
        self.footer(frame, row(area.bottom() - 1), top.as_ref());
        let step = top.step(view).words(top.as_ref(), self.session);
        let size = (area.width, area.height);
        let guidance = guidance::height(self.session, size);
        if guidance > 0 {
            let line = guidance::line(&step, usize::from(area.width), self.theme);
            frame.render_widget(line, row(2));
        }
        let around = rows_around(self.session, size);
        let notice = self.notice_lines(usize::from(area.width));
        let room = area.height.saturating_sub(around + ROWS_ABOVE_NOTICE);
        let notice_height = u16::try_from(notice.len()).unwrap_or(u16::MAX).min(room);
        let body = Rect {
            y: 2 + guidance,
            height: area.height.saturating_sub(around + notice_height),
            ..area
        };
        let news = Rect {
            x: 1,
            y: body.bottom(),
            width: area.width - 1,
            height: notice_height,
        };
        lines::draw(frame, news, notice);
        for opened in &self.layers[base..] {
            opened.screen.view(frame, body, view);
        }
        if self.session.share {
            let strip = Strip {
                pressed: self.pressed,
                step: &step,
                hides_token_names: self.session.config.share_hides_token_names,
                theme: self.theme,
            };
            let below = Rect {
                y: news.bottom(),
                height: Strip::height(area.height),
                ..area
            };
            strip.draw(frame, below);
            mask(frame.buffer_mut(), self.session.masked());
        }
    }

    fn too_small(&self, frame: &mut Frame<'_>, area: Rect) {
        let (columns, rows) = SMALLEST;
        let is_asked = |opened: &Opened| opened.screen.is_question();
        let then = if self.layers.last().is_some_and(is_asked) {
            "A question waits for your answer.".to_owned()
        } else {
            let key = |action| keymap::key_while_typing(Mode::Anywhere, action);
            let (quit, suspend) = (key(Action::Quit), key(Action::Suspend));
            format!("Until then only {quit} (quit) and {suspend} (suspend) work.")
        };
        let text = format!(
            "bbtoken needs a window of at least {columns}×{rows}. This one is {}×{}: make it larger. {then}",
            area.width, area.height
        );
        let text = lines::wrapped(&text, self.theme.text, usize::from(area.width));
        lines::draw(frame, area, text);
    }

    /// The program and the server at the left, who and which version at the right.
    fn server_line(&self, frame: &mut Frame<'_>, area: Rect) {
        let theme = self.theme;
        let mut left = vec![Span::styled(" bbtoken", theme.strong)];
        if self.session.demo {
            left.push(Span::raw("  "));
            left.push(Span::styled("DEMO", theme.accent));
        }
        let mut right = String::new();
        if let Some(server) = &self.session.server {
            left.push(Span::styled(
                format!("  {}", server.client.base().host()),
                theme.dim,
            ));
            if let Some(user) = &self.session.user {
                let way = self.session.way.and_then(way_label);
                let way = way.map_or_else(String::new, |way| format!(" ({way})"));
                right = format!("{}{way} · ", user.name);
            }
            right.push_str(&server.info.title());
        }
        let width = usize::from(area.width);
        let left = Line::from(left);
        let room = width.saturating_sub(left.width() + 3);
        frame.render_widget(left, area);
        frame.render_widget(
            Line::styled(format!("{} ", fit::end(&right, room)), theme.dim).right_aligned(),
            Rect {
                x: area.right() - u16::try_from(room + 1).unwrap_or(0).min(area.width),
                width: u16::try_from(room + 1).unwrap_or(0).min(area.width),
                ..area
            },
        );
    }

    fn breadcrumb(&self, frame: &mut Frame<'_>, area: Rect, crumbs: &[Crumb]) {
        let crumbs = fitting(crumbs, usize::from(area.width).saturating_sub(2));
        let last = crumbs.len().saturating_sub(1);
        let mut spans = vec![Span::raw(" ")];
        for (index, text) in crumbs.into_iter().enumerate() {
            if index > 0 {
                spans.push(Span::styled(" › ", self.theme.dim));
            }
            let style = if index == last {
                self.theme.strong
            } else {
                self.theme.text
            };
            spans.push(Span::styled(text, style));
        }
        frame.render_widget(Line::from(spans), area);
    }

    fn notice_lines(&self, width: usize) -> Vec<Line<'static>> {
        let Some(notice) = self.notice else {
            return Vec::new();
        };
        let (sign, style) = match notice.mood {
            Mood::Good => ("✓", self.theme.good),
            Mood::Hint => ("!", self.theme.warning),
            Mood::Bad => ("✗", self.theme.bad),
        };
        let text = lines::signed(
            (sign, style),
            &notice.text,
            self.theme.text,
            width.saturating_sub(2),
        );
        text.collect()
    }

    /// The keys that work here and now. Where room is short, the key that goes on stays, then the
    /// ways out and the help, then what the screen is for, and what anybody tries by himself goes first.
    fn footer(&self, frame: &mut Frame<'_>, area: Rect, screen: &dyn Layer) {
        let typing = screen.is_typing();
        let is_help = screen.mode() == Mode::Help;
        let works = |binding: &&Binding| {
            // In the help that key closes it, as the one for back does.
            let is_itself = is_help && binding.action == Action::Help;
            let is_offered = !is_itself && !binding.label.is_empty();
            is_offered && screen.refusal(binding.action, self.session).is_none()
        };
        let entries: Vec<_> = keymap::bindings(screen.mode())
            .filter(works)
            .map(|binding| {
                (
                    rank(binding.action),
                    binding.shown_key(typing),
                    binding.label,
                )
            })
            .filter(|(_, keys, _)| !keys.is_empty())
            .collect();
        let mut order: Vec<_> = (0..entries.len()).collect();
        order.sort_by_key(|index| entries[*index].0);
        // One blank in front; the two behind the last label need no room.
        let mut room = usize::from(area.width) + 1;
        let fits = |index: &usize| {
            let (_, keys, label) = &entries[*index];
            let left = room.checked_sub(fit::width(keys) + fit::width(label) + 3);
            room = left.unwrap_or(room);
            left.is_some()
        };
        let shown: HashSet<_> = order.into_iter().filter(fits).collect();
        let mut spans = vec![Span::raw(" ")];
        for (index, (_, keys, label)) in entries.into_iter().enumerate() {
            if shown.contains(&index) {
                spans.push(Span::styled(keys, self.theme.key));
                spans.push(Span::styled(format!(" {label}  "), self.theme.dim));
            }
        }
        frame.render_widget(Line::from(spans), area);
    }
}

/// How early a key gets its room in the footer.
fn rank(action: Action) -> u8 {
    match action {
        Action::Accept | Action::Done => 0,
        Action::Back | Action::Help | Action::Quit => 1,
        Action::New | Action::Revoke | Action::UndoGit => 2,
        Action::Up => 4,
        _ => 3,
    }
}

/// How somebody has signed in, where that is not the usual way.
fn way_label(way: SignInWay) -> Option<&'static str> {
    match way {
        SignInWay::Password => None,
        SignInWay::Session(_) => Some("session"),
        SignInWay::Token(_) => Some("token"),
        SignInWay::OAuth => Some("OAuth"),
    }
}

/// The steps that fit: where room is short, headings of menus go first, from the left; then every
/// step is cut.
fn fitting(crumbs: &[Crumb], width: usize) -> Vec<String> {
    let mut crumbs: Vec<_> = crumbs.to_vec();
    let needed = |crumbs: &[Crumb]| {
        let text: usize = crumbs.iter().map(|crumb| fit::width(&crumb.text)).sum();
        text + 3 * crumbs.len().saturating_sub(1)
    };
    while needed(&crumbs) > width
        && let Some(index) = crumbs.iter().position(|crumb| !crumb.keep)
    {
        crumbs.remove(index);
    }
    let mut longest = width;
    while needed(&crumbs) > width && longest > 4 {
        longest -= 1;
        for crumb in &mut crumbs {
            crumb.text = fit::end(&crumb.text, longest);
        }
    }
    crumbs.into_iter().map(|crumb| crumb.text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_menus_go_first_where_room_is_short() {
        let crumbs = [
            Crumb::keep("Platform (PLAT)"),
            Crumb::keep("billing-api"),
            Crumb::drop("Repository settings"),
            Crumb::drop("Security"),
            Crumb::keep("HTTP access tokens"),
        ];
        assert_eq!(fitting(&crumbs, 200).len(), 5);
        assert_eq!(
            fitting(&crumbs, 70),
            [
                "Platform (PLAT)",
                "billing-api",
                "Security",
                "HTTP access tokens"
            ]
        );
        assert_eq!(
            fitting(&crumbs, 50).join(" › "),
            "Platform (PLAT) › billing-api › HTTP access tokens"
        );
        let narrow = fitting(&crumbs, 40).join(" › ");
        assert!(fit::width(&narrow) <= 40, "{narrow}");
    }
}
