//! What stands on the screen: never the token, unless the user asked for it.

use ratatui::text::{Line, Span};

use super::{Ready, key};
use crate::bitbucket::When;
use crate::clipboard::Copied;
use crate::operation::custody::OnClipboard;
use crate::operation::origin::Origin;
use crate::ui::keymap::Action;
use crate::ui::layer::View;
use crate::ui::place::Place;
use crate::when;
use crate::widget::{fit, lines, spinner};

/// As many signs for every token: the mask tells nothing of its length.
const MASK: usize = 40;

impl Ready {
    /// What there is room for, and the line of the first thing that can be done. In a low window without
    /// blank lines between, and in fewer words.
    pub(super) fn lines(
        &self,
        width: usize,
        height: usize,
        view: View<'_>,
    ) -> (Vec<Line<'static>>, usize) {
        let theme = view.theme;
        let headline = self.headline(width, view);
        let trial = self.trial_lines(width, view);
        let secret = self.secret_lines(width, false, view);
        let (keys, first) = self.keys(width, false, view);
        let above = [headline, secret, trial];
        let first = first + above.iter().map(|section| section.len() + 1).sum::<usize>();
        let mut lines = [above.join(&Line::default()), keys].join(&Line::default());
        if lines.len() > height {
            let [headline, _, trial] = above;
            let secret = self.secret_lines(width, true, view);
            let (keys, first) = self.keys(width, true, view);
            let first = first + headline.len() + secret.len();
            return ([headline, secret, keys, trial].concat(), first);
        }
        if self.git.is_some() {
            return (lines, first);
        }
        let crumbs = self.place.crumbs().into_iter().map(|crumb| crumb.text);
        let way = crumbs.collect::<Vec<_>>().join(" › ");
        let where_to = match self.origin {
            Origin::Here(_) => "Find or revoke it",
            Origin::Browser(_) => "Find or revoke it in the browser",
        };
        let again = format!("{where_to}: {way}");
        let again = lines::signed(("", theme.dim), &again, theme.dim, width);
        let clone = self.clone_command(view.session);
        let copy = key(Action::CopyClone);
        let clone = clone.map(|(command, _)| format!("{copy} copies: {command}"));
        let clone = clone.map(|text| lines::signed(("", theme.dim), &text, theme.dim, width));
        let clone = clone.into_iter().flatten().collect();
        for more in [clone, self.how_git_takes_it(width, view), again.collect()] {
            if !more.is_empty() && lines.len() + 1 + more.len() <= height {
                lines.push(Line::default());
                lines.extend(more);
            }
        }
        (lines, first)
    }

    /// The token: shown if the user wants that, otherwise masked, and where it is.
    fn secret_lines(&self, width: usize, is_low: bool, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        if let Some(hides_at) = self.hides_at {
            let left = hides_at.saturating_sub(view.now.uptime);
            let left = left.as_millis().div_ceil(1000);
            let warning = format!("hides in {left} s: anyone who sees this screen can read it");
            // Above it: in the lowest window the warning is seen first.
            let warning = lines::signed(("!", theme.warning), &warning, theme.warning, width);
            let secret = self.secret(view.session);
            let secret = secret.as_ref().map_or("", |secret| secret.expose());
            let parts = fit::wrap(secret, width.saturating_sub(2));
            let parts = parts.into_iter();
            let parts = parts.map(|part| Line::styled(format!("  {part}"), theme.strong));
            return warning.chain(parts).collect();
        }
        if is_low {
            return self.clipboard_lines(width, view);
        }
        let mask = format!("  {}", "•".repeat(MASK.min(width.saturating_sub(2))));
        let beside = width.saturating_sub(fit::width(&mask) + 3);
        let where_it_is = self.clipboard_lines(beside, view);
        match <[Line<'static>; 1]>::try_from(where_it_is) {
            Ok([line]) => {
                let mut spans = vec![Span::styled(mask, theme.text), Span::raw("   ")];
                spans.extend(line.spans);
                vec![Line::from(spans)]
            }
            Err(_) => {
                let mut lines = vec![Line::styled(mask, theme.text)];
                lines.extend(self.clipboard_lines(width, view));
                lines
            }
        }
    }

    /// What was made, and what of it is not as it was asked for.
    fn headline(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let mut lines = self.made(width, view);
        lines.extend(self.replaces_lines(width, view));
        lines.extend(self.difference_lines(width, view));
        lines
    }

    /// What becomes of the token in whose place it was made.
    fn replaces_lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let text = self.replaces(view.session).map(|old| {
            format!(
                "It replaces \"{}\", which stays until you revoke it.",
                old.name
            )
        });
        let dim = view.theme.dim;
        let lines = text.map(|text| lines::signed(("·", dim), &text, dim, width));
        lines.into_iter().flatten().collect()
    }

    /// What was made, and until when it works: on one line where there is room for both.
    fn made(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let (made, name, expires) = match &self.origin {
            Origin::Here(granted) => {
                let expires = match granted.token().expires {
                    When::At(time) if time <= view.now.time => "✗ expired".to_owned(),
                    When::At(time) => format!("expires {}", when::date(time, &view.session.zone)),
                    When::Never => "never expires".to_owned(),
                    When::Unknown => "expiry not confirmed".to_owned(),
                };
                ("Created: ", granted.name().to_owned(), expires)
            }
            Origin::Browser(_) => (
                "From the browser: ",
                self.place.token_name(),
                "expires as you chose there".to_owned(),
            ),
        };
        let room = width.saturating_sub(fit::width(&expires) + made.len() + 4);
        if fit::width(&name) > room {
            let made = format!("{made}{name}");
            let made = lines::signed(("✓", theme.good), &made, theme.strong, width);
            return made
                .chain(lines::signed(("", theme.dim), &expires, theme.dim, width))
                .collect();
        }
        vec![Line::from(vec![
            Span::styled("✓ ", theme.good),
            Span::styled(made, theme.text),
            Span::styled(fit::column(&name, room), theme.strong),
            Span::styled(format!("  {expires}"), theme.dim),
        ])]
    }

    /// How somebody takes it who does not let git be set up: personal tokens as passwords, the
    /// others, says the vendor, as a Bearer header alone.
    fn how_git_takes_it(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let text = match &self.place {
            Place::Account(user) if self.takes_password() => format!(
                "By hand: when git asks, the user name is {}, and the token is the password.",
                user.name
            ),
            Place::Account(_) | Place::Project(_) | Place::Repository(_) => {
                format!(
                    "Bitbucket does not accept this token as a password, only in the header Authorization: \
                     Bearer. {} shows what to enter into a script or a tool.",
                    key(Action::WhereItGoes)
                )
            }
        };
        let dim = view.theme.dim;
        lines::signed(("", dim), &text, dim, width).collect()
    }

    /// Whether it is on the clipboard, and how sure that is.
    fn clipboard_lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let custody = &view.session.custody;
        let token = custody.get(self.key);
        let clipboard = token.map_or(&OnClipboard::Pending, |token| &token.clipboard);
        let revoking = self.revoking.waiting(view.now);
        let (sign, style, text) = match (revoking, clipboard) {
            (Some(waited), _) => (
                spinner::sign(waited).unwrap_or(" "),
                theme.accent,
                "Revoking it …".to_owned(),
            ),
            (None, OnClipboard::Pending) => {
                (" ", theme.dim, "putting it on the clipboard …".to_owned())
            }
            (None, OnClipboard::Token(copied)) if copied.is_certain() => {
                let left = custody
                    .clears_at(self.key)
                    .map(|at| at.saturating_sub(view.now.uptime));
                let left = left.map(|left| format!(" for {} s", left.as_millis().div_ceil(1000)));
                let text = match (copied, left) {
                    (Copied::Tmux, Some(left)) => {
                        format!("in tmux's buffer{left}, and sent to your terminal's clipboard")
                    }
                    (_, left) => format!("{}{}", copied.describe(), left.unwrap_or_default()),
                };
                ("✓", theme.good, text)
            }
            // Nothing acknowledges it, so there is no tick.
            (None, OnClipboard::Token(copied)) => (
                "→",
                theme.accent,
                format!("{}: paste it to check that it arrived", copied.describe()),
            ),
            (None, OnClipboard::Replaced) => (
                "!",
                theme.warning,
                format!(
                    "the clipboard holds something else now: {} copies the token again",
                    key(Action::Copy)
                ),
            ),
            (None, OnClipboard::Cleared(copied)) => {
                let place = match copied {
                    Copied::Tmux => "in tmux's buffer",
                    Copied::Native | Copied::SentToTerminal => "on your clipboard",
                };
                let text = format!("no longer {place}: {} copies it again", key(Action::Copy));
                ("!", theme.warning, text)
            }
            (None, OnClipboard::Nothing(error)) => {
                let advice = self.advice(error, view.session);
                ("✗", theme.bad, format!("{error} {advice}"))
            }
        };
        lines::signed((sign, style), &text, theme.text, width).collect()
    }
}
