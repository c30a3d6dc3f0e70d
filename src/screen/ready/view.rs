//! What stands on the screen: never the token, unless the user asked for it.

use ratatui::text::{Line, Span};

use super::copying::OnClipboard;
use super::git::GitSetUp;
use super::{Origin, Ready};
use crate::app::place::Place;
use crate::bitbucket::Verdict;
use crate::permission::{Level, ScopeKind};
use crate::screen::View;
use crate::when;
use crate::widget::{fit, lines, spinner};

/// As many signs for every token: the mask tells nothing of its length.
const MASK: usize = 40;
/// From this width on, the keys stand in two columns.
const TWO_COLUMNS: usize = 64;

impl Ready {
    pub(super) fn lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut lines = self.headline(width, view);
        lines.push(Line::default());
        lines.extend(self.secret_lines(width, view));
        lines.push(Line::default());
        lines.extend(self.trial_lines(width, view));
        lines.push(Line::default());
        lines.extend(self.keys(width, view));
        lines.push(Line::default());
        lines.extend(self.how_git_takes_it(width, view));
        let way: Vec<_> = self
            .place
            .crumbs()
            .into_iter()
            .map(|crumb| crumb.text)
            .collect();
        lines.push(Line::default());
        let where_to = match self.origin {
            Origin::Here(_) => "Find or revoke it",
            Origin::Browser(_) => "Find or revoke it in the browser",
        };
        let again = format!("{where_to}: {}", way.join(" › "));
        lines.extend(lines::signed(("", theme.dim), &again, theme.dim, width));
        lines
    }

    /// The token: shown if the user wants that, otherwise masked, and where it is.
    fn secret_lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        if let Some(hides_at) = self.hides_at {
            let left = hides_at.saturating_sub(view.now.uptime);
            let left = left.as_millis().div_ceil(1000);
            let warning = format!("hides in {left} s: everybody who sees this screen can read it");
            // Above it: in the lowest window the warning is seen first.
            let warning = lines::signed(("!", theme.warning), &warning, theme.warning, width);
            let parts = fit::wrap(self.secret.expose(), width.saturating_sub(2));
            let parts = parts.into_iter();
            let parts = parts.map(|part| Line::styled(format!("  {part}"), theme.strong));
            return warning.chain(parts).collect();
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

    /// What was made, and until when it works: on one line where there is room for both.
    fn headline(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let (made, name, expires) = match &self.origin {
            Origin::Here(token) => {
                let expires = match token.expires {
                    Some(time) => format!("expires {}", when::date(time, &view.session.zone)),
                    None => "never expires".to_owned(),
                };
                ("Created: ", token.name.clone(), expires)
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

    /// What the server let it do, compared with what was asked for.
    fn trial_lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let one = |sign: (&str, _), text: &str| {
            lines::signed(sign, text, theme.text, width).collect::<Vec<_>>()
        };
        if let Some(waited) = self.trying.waiting(view.now) {
            let sign = (spinner::sign(waited).unwrap_or(" "), theme.accent);
            return one(sign, "trying what it can do …");
        }
        let trial = match &self.trial {
            None => return Vec::new(),
            Some(Ok(None)) => {
                return one(
                    ("–", theme.dim),
                    "not tried: there is no repository to try it on",
                );
            }
            Some(Err(error)) => {
                let text = format!("not tried: {}. t tries again.", error.kind);
                return one(("!", theme.warning), &text);
            }
            Some(Ok(Some(trial))) => trial,
        };
        let asked = self.origin.permissions();
        let wanted = |level| asked.repository >= Some(level);
        let verdicts = [
            ("clone", &trial.fetch, wanted(Level::Read)),
            ("push", &trial.push, wanted(Level::Write)),
            ("change settings", &trial.settings, wanted(Level::Admin)),
        ];
        let mut spans = Vec::new();
        let mut reasons = Vec::new();
        for (what, verdict, wanted) in verdicts {
            let (sign, style, can) = match verdict {
                Verdict::Yes => ("✓", theme.good, "can"),
                Verdict::No(_) if wanted => ("✗", theme.bad, "cannot"),
                Verdict::No(_) => ("–", theme.dim, "cannot"),
                Verdict::Unknown(_) => ("?", theme.warning, "perhaps can"),
            };
            spans.push(Span::styled(format!("{sign} "), style));
            spans.push(Span::styled(format!("{can} {what}   "), theme.text));
            reasons.extend(match verdict {
                Verdict::No(said) if wanted => Some(format!("{what}: the server says: {said}")),
                Verdict::Unknown(error) => Some(format!("{what}: {}", error.kind)),
                Verdict::Yes if !wanted => Some(format!(
                    "{what}: more than was asked for, because it is public or open"
                )),
                _ => None,
            });
        }
        let mut lines = vec![Line::from(spans)];
        if self.place.kind() != ScopeKind::Repository {
            let text = format!("tried on {}", trial.repository);
            lines.extend(lines::signed(("", theme.dim), &text, theme.dim, width));
        }
        for reason in reasons {
            lines.extend(one(("!", theme.warning), &reason));
        }
        lines
    }

    /// What can be done with it, key by key.
    fn keys(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let share = view.session.share;
        let was_copied = !matches!(self.clipboard, OnClipboard::Nothing(_));
        let copy = if was_copied {
            "copy the token again"
        } else {
            "copy the token"
        };
        let show = if self.is_revealed() {
            "hide the token"
        } else {
            "show it for ten seconds"
        };
        let clone = self
            .place
            .clone_address()
            .map(|_| ("l", "copy the clone command"));
        let build = self
            .is_revealed()
            .then_some(("b", "copy it as BITBUCKET_TOKEN=…"));
        let shown: Vec<_> = [
            Some(("c", copy)),
            clone,
            (!share).then_some(("v", show)),
            (!share).then_some(("f", "save it to a file")),
            Some(("t", "test it again")),
            build,
        ]
        .into_iter()
        .flatten()
        .collect();
        let cell = |(key, what): &(&str, &str), width: usize| {
            let what = fit::column(what, width.saturating_sub(5));
            [
                Span::styled(format!("  {key}  "), theme.key),
                Span::styled(what, theme.text),
            ]
        };
        let git = match &self.git {
            GitSetUp::No => (
                "g",
                "set git up on this computer: it uses the token by itself".to_owned(),
            ),
            GitSetUp::For(address) => ("u", format!("undo: take {address} out of git again")),
        };
        let mut lines = Vec::new();
        if matches!(self.git, GitSetUp::For(_)) {
            let text = "git is set up: clone, pull and push ask for nothing any more";
            lines.extend(lines::signed(("✓", theme.good), text, theme.text, width));
        }
        lines.push(Line::from(cell(&(git.0, &git.1), width).to_vec()));
        let columns = if width >= TWO_COLUMNS { 2 } else { 1 };
        for row in shown.chunks(columns) {
            let cells = row.iter().flat_map(|entry| cell(entry, width / columns));
            lines.push(Line::from(cells.collect::<Vec<_>>()));
        }
        lines
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
                "By hand: tools send it as the header Authorization: Bearer. git takes it in no other way, never as a password.".to_owned()
            }
        };
        let dim = view.theme.dim;
        lines::signed(("", dim), &text, dim, width).collect()
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
            (None, OnClipboard::Token(copied)) if copied.is_certain() => {
                let left = self.clears_at.map(|at| at.saturating_sub(view.now.uptime));
                let left = left.map(|left| format!(", {} s", left.as_millis().div_ceil(1000)));
                let text = format!("{}{}", copied.describe(), left.unwrap_or_default());
                ("✓", theme.good, text)
            }
            // Nothing acknowledges it, so there is no tick.
            (None, OnClipboard::Token(copied)) => (
                "→",
                theme.accent,
                format!("{}: paste it to see that it arrived", copied.describe()),
            ),
            (None, OnClipboard::CloneCommand) => (
                "!",
                theme.warning,
                "the clipboard holds the clone command now: c copies the token again".to_owned(),
            ),
            (None, OnClipboard::Cleared) => (
                "!",
                theme.warning,
                "no longer on your clipboard: c copies it again".to_owned(),
            ),
            (None, OnClipboard::Nothing(error)) => {
                ("✗", theme.bad, format!("{error} {}", error.advice()))
            }
        };
        lines::signed((sign, style), &text, theme.text, width).collect()
    }
}
