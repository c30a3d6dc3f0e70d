//! What can be done with the token, key by key.

use ratatui::text::{Line, Span};

use super::Ready;
use crate::git::shell_word;
use crate::operation::custody::{NewToken, OnClipboard};
use crate::ui::git_proof::{self, GitShown};
use crate::ui::layer::View;
use crate::widget::{fit, lines};

/// From this width on, the keys stand in two columns.
const TWO_COLUMNS: usize = 64;
/// The same where the words are short, because the window is low.
const TWO_SHORT_COLUMNS: usize = 40;
/// In front of a key's words.
const MARGIN: usize = 5;

impl Ready {
    pub(super) fn keys(&self, width: usize, is_low: bool, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let entry = |mark: &'static str, key: &'static str, what: &str, width: usize| {
            [
                Span::styled(fit::column(mark, 2), theme.accent),
                Span::styled(format!("{key}  "), theme.key),
                Span::styled(fit::column(what, width.saturating_sub(MARGIN)), theme.text),
            ]
        };
        let mut lines = Vec::new();
        let mut others = self.others(is_low, view);
        let is_for_tool = self.used_by.is_tool();
        match &self.git {
            None if is_for_tool && is_low => others.push(("g", "set git up")),
            None if is_for_tool => others.push(("g", "set git up on this computer")),
            None if is_low => others.insert(0, ("g", "set git up")),
            Some(_) if is_low => others.insert(0, ("u", "undo git set-up")),
            None => {
                let what = "set git up on this computer: it uses the token by itself";
                lines.push(Line::from(entry("★", "g", what, width).to_vec()));
            }
            Some(_) => {
                let what = match &self.replaced {
                    Some(replaced) => {
                        format!("undo that: git uses {} again", replaced.old().named())
                    }
                    None => "undo that: git no longer uses the token, which stays valid".to_owned(),
                };
                lines.push(Line::from(entry("", "u", &what, width).to_vec()));
            }
        }
        let two = if is_low {
            TWO_SHORT_COLUMNS
        } else {
            TWO_COLUMNS
        };
        let columns = if width >= two { 2 } else { 1 };
        for row in others.chunks(columns) {
            let cells = row.iter().flat_map(|(key, what)| {
                let is_next = if is_for_tool {
                    matches!(*key, "c" | "f")
                } else {
                    *key == "g"
                };
                let mark = if is_next { "★" } else { "" };
                entry(mark, key, what, width / columns)
            });
            lines.push(Line::from(cells.collect::<Vec<_>>()));
        }
        if let Some(git) = &self.git {
            let mut done = told(git, width, view);
            if !git.knows_author && !is_low {
                done.extend(author_commands(width, view));
            }
            done.extend(lines);
            return done;
        }
        lines
    }

    fn others(&self, is_low: bool, view: View<'_>) -> Vec<(&'static str, &'static str)> {
        let share = view.session.share;
        let token = view.session.custody.get(self.key);
        let has_failed = |token: &NewToken| matches!(token.clipboard, OnClipboard::Nothing(_));
        let was_copied = !token.is_some_and(has_failed);
        let copy = match (was_copied, is_low) {
            (true, false) => "copy the token again",
            (true, true) => "copy it again",
            (false, _) => "copy the token",
        };
        let show = match (self.is_revealed(), is_low) {
            (true, _) => "hide the token",
            (false, false) => "show it for ten seconds",
            (false, true) => "show it",
        };
        let long = |long, short| if is_low { short } else { long };
        let clone = self.clone_command(view.session);
        let clone = clone.map(|_| ("y", long("copy the clone command", "clone command")));
        let goes = long("where it goes: Jenkins, curl …", "where it goes");
        let line = long("copy it as BITBUCKET_TOKEN=…", "as a variable");
        let all = [
            Some(("c", copy)),
            clone,
            (!share).then_some(("v", show)),
            Some(("f", long("save it to a file", "save to a file"))),
            (view.session.config.trial).then_some(("t", long("test it again", "test again"))),
            Some(("b", goes)),
            Some(("e", line)),
        ];
        let mut all: Vec<_> = all.into_iter().flatten().collect();
        if self.used_by.is_tool() {
            all.sort_by_key(|(key, _)| !matches!(*key, "c" | "f" | "b"));
        }
        all
    }
}

/// That git is set up, what it showed, and how long that lasts.
fn told(git: &GitShown, width: usize, view: View<'_>) -> Vec<Line<'static>> {
    let theme = view.theme;
    let lines = git_proof::told(git).into_iter().flat_map(|(sign, text)| {
        let style = match sign {
            "✓" => theme.good,
            "✗" => theme.bad,
            "!" => theme.warning,
            _ => theme.dim,
        };
        lines::signed((sign, style), &text, theme.text, width).collect::<Vec<_>>()
    });
    lines.collect()
}

/// What lets a git that was never used here commit.
fn author_commands(width: usize, view: View<'_>) -> Vec<Line<'static>> {
    let theme = view.theme;
    let text = "git does not know yet who commits. Tell it once, in your shell:";
    let name = view.session.user.as_ref();
    let name = name.map_or("Your Name", |user| user.display_name.as_str());
    let commands = [
        format!("git config --global user.name {}", shell_word(name)),
        "git config --global user.email you@example.com".to_owned(),
    ];
    let commands = commands
        .into_iter()
        .flat_map(|command| lines::signed(("", theme.dim), &command, theme.strong, width));
    lines::signed(("!", theme.warning), text, theme.text, width)
        .chain(commands)
        .collect()
}
