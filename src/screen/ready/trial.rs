//! What the token can really do, in a line or two.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Ready, key};
use crate::bitbucket::{Elsewhere, Verdict};
use crate::permission::{Level, ScopeKind};
use crate::ui::git_proof;
use crate::ui::keymap::Action;
use crate::ui::layer::View;
use crate::widget::{fit, lines, spinner};

/// Between two verdicts on one line.
const GAP: &str = "   ";

impl Ready {
    /// What the server let it do, compared with what was asked for.
    pub(super) fn trial_lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let one = |sign: (&str, _), text: &str| {
            lines::signed(sign, text, theme.text, width).collect::<Vec<_>>()
        };
        if let Some(waited) = self.trying.waiting(view.now) {
            let sign = (spinner::sign(waited).unwrap_or(" "), theme.accent);
            return one(sign, "trying what it can do …");
        }
        let tried = match &self.trial {
            None if !view.session.config.trial => {
                let text = "not tried: the configuration switches that off";
                return one(("–", theme.dim), text);
            }
            None => return Vec::new(),
            Some(Ok(None)) => {
                return one(
                    ("–", theme.dim),
                    "not tried: there is no repository to try it on",
                );
            }
            Some(Err(error)) => {
                let text = format!(
                    "not tried: {}. {} tries again.",
                    error.kind,
                    key(Action::Try)
                );
                return one(("!", theme.warning), &text);
            }
            Some(Ok(Some(tried))) => tried,
        };
        let trial = &tried.trial;
        let asked = self.origin.permissions();
        let wanted = |level| asked.repository >= Some(level);
        let verdicts = [
            ("clone", &trial.fetch, wanted(Level::Read)),
            ("push", &trial.push, wanted(Level::Write)),
            ("change settings", &trial.settings, wanted(Level::Admin)),
        ];
        let mut told = Vec::new();
        let mut reasons = Vec::new();
        for (what, verdict, wanted) in verdicts {
            let (sign, style, can) = match verdict {
                Verdict::Yes => ("✓", theme.good, "can"),
                Verdict::No(_) if wanted => ("✗", theme.bad, "cannot"),
                Verdict::No(_) => ("–", theme.dim, "cannot"),
                Verdict::Unknown(_) => ("?", theme.warning, "perhaps can"),
            };
            told.push((sign, style, format!("{can} {what}")));
            reasons.extend(match verdict {
                // Said below, with what to do about it.
                Verdict::No(_) if what == "push" && tried.may == Some(Level::Read) => None,
                Verdict::No(said) if wanted => Some(format!("{what}: the server says: {said}")),
                Verdict::Unknown(error) => Some(format!("{what}: {}", error.brief())),
                Verdict::Yes if !wanted => Some(format!(
                    "{what}: more than was asked for, because it is public or open"
                )),
                _ => None,
            });
        }
        let mut lines = side_by_side(told, theme.text, width);
        if self.place.kind() != ScopeKind::Repository {
            let text = format!("tried on {}", trial.repository);
            lines.extend(lines::signed(("", theme.dim), &text, theme.dim, width));
        }
        if let Some(elsewhere) = &trial.elsewhere {
            let text = tried_elsewhere(elsewhere);
            lines.extend(one(("!", theme.warning), &text));
        }
        if tried.may == Some(Level::Read) && trial.fetch == Verdict::Yes && wanted(Level::Write) {
            let name = &tried.repository.name;
            let text = format!("{name}: you may only read it. Ask for write permission.");
            lines.extend(one(("✗", theme.bad), &text));
        }
        for reason in reasons {
            lines.extend(one(("!", theme.warning), &reason));
        }
        lines
    }
}

/// What to think of where Bitbucket's clone link names another address than the one signed in to.
fn tried_elsewhere(elsewhere: &Elsewhere) -> String {
    let Elsewhere { link, here, .. } = elsewhere;
    match git_proof::does_not_get_there(elsewhere) {
        Some(why) => {
            format!("{why} The clone command and the git setup use {here}, where it was tried.")
        }
        None => format!(
            "tried at {here}; git will go to {link}, as Bitbucket names it, where something answers."
        ),
    }
}

/// Signs with their words, as many on a line as there is room for.
fn side_by_side(
    entries: Vec<(&'static str, Style, String)>,
    text: Style,
    width: usize,
) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    for (sign, style, words) in entries {
        let wanted = GAP.len() + fit::width(sign) + 1 + fit::width(&words);
        let spans = [
            Span::styled(sign, style),
            Span::styled(format!(" {words}"), text),
        ];
        match lines.last_mut() {
            Some(line) if line.width() + wanted <= width => {
                line.push_span(Span::raw(GAP));
                line.extend(spans);
            }
            _ => lines.push(Line::from(spans.to_vec())),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts_are_never_cut_where_they_stand() {
        let plain = Style::new();
        let entries = || {
            ["can clone", "can push", "cannot change settings"]
                .map(|words| ("✓", plain, words.to_owned()))
                .to_vec()
        };
        for (width, wanted) in [(60, 1), (46, 2), (24, 2), (20, 3)] {
            let lines = side_by_side(entries(), plain, width);
            assert_eq!(lines.len(), wanted, "{width}");
        }
        let lines = side_by_side(entries(), plain, 46);
        assert_eq!(lines[0].to_string(), "✓ can clone   ✓ can push");
    }
}
