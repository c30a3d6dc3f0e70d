//! What stands on the screen: never the token, unless the user asked for it.

use ratatui::text::{Line, Span};

use super::Ready;
use crate::app::place::Place;
use crate::clipboard::Copied;
use crate::permission::abilities;
use crate::screen::View;
use crate::when;
use crate::widget::{fit, lines, spinner};

/// As many signs for every token: the mask tells nothing of its length.
const MASK: usize = 40;

impl Ready {
    pub(super) fn lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let expires = match self.token.expires {
            Some(time) => format!("expires {}", when::date(time, &view.session.zone)),
            None => "never expires".to_owned(),
        };
        let room = width.saturating_sub(fit::width(&expires) + 13);
        let mut lines = vec![
            Line::from(vec![
                Span::styled("✓ ", theme.good),
                Span::styled("Created: ", theme.text),
                Span::styled(fit::column(&self.token.name, room), theme.strong),
                Span::styled(format!("  {expires}"), theme.dim),
            ]),
            Line::default(),
        ];
        if self.is_revealed() {
            let left = self
                .hides_at
                .unwrap_or_default()
                .saturating_sub(view.now.uptime);
            for part in fit::wrap(self.secret.expose(), width.saturating_sub(2)) {
                lines.push(Line::styled(format!("  {part}"), theme.strong));
            }
            let left = left.as_millis().div_ceil(1000);
            lines.push(Line::styled(
                format!("  ! readable by everybody who sees this screen, hides in {left} s"),
                theme.warning,
            ));
        } else {
            let mask = "•".repeat(MASK.min(width.saturating_sub(2)));
            lines.push(Line::styled(format!("  {mask}"), theme.text));
            lines.extend(self.clipboard_lines(width, view));
        }
        lines.push(Line::default());
        let mut key = |key: &str, what: &str| {
            lines.push(Line::from(vec![
                Span::styled(format!("  {key:<6}"), theme.key),
                Span::styled(fit::end(what, width.saturating_sub(8)), theme.text),
            ]));
        };
        key("c", "copy the token again");
        if self.place.clone_address().is_some() {
            key("l", "copy the clone command (no token in it)");
        }
        if self.is_revealed() {
            key("v", "hide the token");
        } else {
            key("v", "show the token for ten seconds");
        }
        key("enter", "done");
        lines.push(Line::default());
        let can: Vec<_> = abilities(
            self.place.kind(),
            &self.token.permissions,
            &self.place.name(),
        )
        .into_iter()
        .filter(|ability| ability.can)
        .map(|ability| ability.what)
        .collect();
        let can = format!("It can {}.", can.join("; "));
        lines.extend(lines::signed(("✓", theme.good), &can, theme.text, width));
        lines.push(Line::default());
        let hint = self.how_git_takes_it(view);
        for text in [hint.as_str(), "Bitbucket never shows this token again."] {
            for line in fit::wrap(text, width.saturating_sub(2)) {
                lines.push(Line::styled(format!("  {line}"), theme.dim));
            }
        }
        lines
    }

    /// Personal tokens work as passwords; the others as a Bearer header alone, says the vendor.
    fn how_git_takes_it(&self, view: View<'_>) -> String {
        match (&self.place, &view.session.user) {
            (Place::Account(_), Some(user)) => format!(
                "When git asks: the user name is {}, and the token is the password.",
                user.name
            ),
            _ => "Bitbucket takes this kind of token as a Bearer header, not as a password. For git: the setting http.<clone address>.extraHeader with \"Authorization: Bearer <token>\", in a file that only you can read.".to_owned(),
        }
    }

    /// Whether it is on the clipboard, and how sure that is.
    fn clipboard_lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let revoking = self.revoking.waiting(view.now);
        let (sign, style, text) = match (revoking, &self.copied) {
            (Some(waited), _) => (
                spinner::sign(waited).unwrap_or(" "),
                theme.accent,
                "Revoking it …".to_owned(),
            ),
            (None, None) => (" ", theme.dim, "putting it on the clipboard …".to_owned()),
            (None, Some(Ok(copied @ Copied::Native))) => {
                ("✓", theme.good, copied.describe().to_owned())
            }
            // Nothing acknowledges it, so there is no tick.
            (None, Some(Ok(copied @ Copied::SentToTerminal))) => (
                "→",
                theme.accent,
                format!("{}: paste it to see that it arrived", copied.describe()),
            ),
            (None, Some(Err(error))) => ("✗", theme.bad, format!("{error} {}", error.advice())),
        };
        lines::signed((sign, style), &text, theme.text, width).collect()
    }
}
