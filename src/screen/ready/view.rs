//! What stands on the screen: never the token, unless the user asked for it.

use ratatui::text::{Line, Span};

use super::{OnClipboard, Ready};
use crate::app::place::{Place, can_do};
use crate::clipboard::Copied;
use crate::screen::View;
use crate::theme::Theme;
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
        let mut lines = self.headline(&expires, width, theme);
        lines.push(Line::default());
        if self.is_revealed() {
            let left = self
                .hides_at
                .unwrap_or_default()
                .saturating_sub(view.now.uptime);
            for part in fit::wrap(self.secret.expose(), width.saturating_sub(2)) {
                lines.push(Line::styled(format!("  {part}"), theme.strong));
            }
            let left = left.as_millis().div_ceil(1000);
            let warning = format!("hides in {left} s: everybody who sees this screen can read it");
            let sign = ("!", theme.warning);
            lines.extend(lines::signed(sign, &warning, theme.warning, width));
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
        let was_copied = !matches!(self.clipboard, OnClipboard::Nothing(_));
        key(
            "c",
            if was_copied {
                "copy the token again"
            } else {
                "copy the token"
            },
        );
        if self.place.clone_address().is_some() {
            key("l", "copy the clone command (no token in it)");
        }
        if self.is_revealed() {
            key("v", "hide the token");
        } else {
            key("v", "show the token for ten seconds");
        }
        key("enter", "done: Bitbucket never shows it again");
        lines.push(Line::default());
        let can = can_do(&self.place, &self.token.permissions);
        lines.extend(lines::signed(("✓", theme.good), &can, theme.text, width));
        lines.push(Line::default());
        lines.extend(self.how_git_takes_it(width, view));
        let way: Vec<_> = self
            .place
            .crumbs()
            .into_iter()
            .map(|crumb| crumb.text)
            .collect();
        lines.push(Line::default());
        let again = format!("Find or revoke it: {}", way.join(" › "));
        lines.extend(lines::signed(("", theme.dim), &again, theme.dim, width));
        lines
    }

    /// What was created, and until when it works: on one line where there is room for both.
    fn headline(&self, expires: &str, width: usize, theme: &Theme) -> Vec<Line<'static>> {
        const CREATED: &str = "Created: ";
        let room = width.saturating_sub(fit::width(expires) + CREATED.len() + 4);
        let name = &self.token.name;
        if fit::width(name) > room {
            let created = format!("{CREATED}{name}");
            let created = lines::signed(("✓", theme.good), &created, theme.strong, width);
            return created
                .chain(lines::signed(("", theme.dim), expires, theme.dim, width))
                .collect();
        }
        vec![Line::from(vec![
            Span::styled("✓ ", theme.good),
            Span::styled(CREATED, theme.text),
            Span::styled(fit::column(name, room), theme.strong),
            Span::styled(format!("  {expires}"), theme.dim),
        ])]
    }

    /// How git takes it: personal tokens as passwords; the others, says the vendor, as a Bearer
    /// header alone, which is a setting of git for the addresses that the token is for.
    fn how_git_takes_it(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let paragraph =
            |text: &str, style| lines::signed(("", style), text, style, width).collect::<Vec<_>>();
        let address = match (&self.place, &view.session.server) {
            (Place::Project(project), Some(server)) => {
                let key = project.key.to_lowercase();
                Some(format!("{}/", server.client.base().page(&["scm", &key])))
            }
            (place, _) => place.clone_address().map(str::to_owned),
        };
        match (address, &view.session.user) {
            (Some(address), _) => {
                let mut lines = paragraph(
                    "git cannot use it as a password. Put these two lines into a file that only you can read, with the token at the end, and name that file as include.path in ~/.gitconfig:",
                    theme.text,
                );
                lines.extend(paragraph(&format!("[http \"{address}\"]"), theme.strong));
                lines.extend(paragraph(
                    "extraHeader = Authorization: Bearer <token>",
                    theme.strong,
                ));
                lines
            }
            (None, Some(user)) => paragraph(
                &format!(
                    "When git asks: the user name is {}, and the token is the password. If git asks no more because it remembers an old password, have it forget that one first: git credential reject.",
                    user.name
                ),
                theme.text,
            ),
            (None, None) => Vec::new(),
        }
    }

    /// Whether it is on the clipboard, and how sure that is.
    fn clipboard_lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let revoking = self.revoking.waiting(view.now);
        let (sign, style, text) = match (revoking, &self.clipboard) {
            (Some(waited), _) => (
                spinner::sign(waited).unwrap_or(" "),
                theme.accent,
                "Revoking it …".to_owned(),
            ),
            (None, OnClipboard::Pending) => {
                (" ", theme.dim, "putting it on the clipboard …".to_owned())
            }
            (None, OnClipboard::Token(copied @ Copied::Native)) => {
                ("✓", theme.good, copied.describe().to_owned())
            }
            // Nothing acknowledges it, so there is no tick.
            (None, OnClipboard::Token(copied @ Copied::SentToTerminal)) => (
                "→",
                theme.accent,
                format!("{}: paste it to see that it arrived", copied.describe()),
            ),
            (None, OnClipboard::CloneCommand) => (
                "!",
                theme.warning,
                "the clipboard holds the clone command now: c copies the token again".to_owned(),
            ),
            (None, OnClipboard::Nothing(error)) => {
                ("✗", theme.bad, format!("{error} {}", error.advice()))
            }
        };
        lines::signed((sign, style), &text, theme.text, width).collect()
    }
}
