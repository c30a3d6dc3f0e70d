//! What can be done with the token, key by key.

use ratatui::text::{Line, Span};

use super::{Ready, key};
use crate::git::shell_word;
use crate::operation::custody::{NewToken, OnClipboard};
use crate::theme::Theme;
use crate::tool::VARIABLE;
use crate::ui::git_proof::{self, GitShown};
use crate::ui::keymap::Action;
use crate::ui::layer::View;
use crate::widget::{fit, lines};

/// In front of a key's words.
const MARGIN: usize = 5;
/// What can be done first, in as many words as there is room for.
const SET_UP: &str = "set git up";
const SET_UP_HERE: &str = "set git up on this computer";
const SET_UP_AND_WHY: &str = "set git up on this computer: it uses the token automatically";

/// A key, what it does, and whether that is what most people do next.
struct Entry {
    action: Action,
    what: String,
    is_next: bool,
}

impl Entry {
    fn new(action: Action, what: impl Into<String>) -> Self {
        Self {
            action,
            what: what.into(),
            is_next: false,
        }
    }

    fn next(self) -> Self {
        Self {
            is_next: true,
            ..self
        }
    }

    /// In so many columns, on as many lines as it takes.
    fn lines(&self, width: usize, theme: &Theme) -> Vec<Line<'static>> {
        let mark = if self.is_next { "★" } else { "" };
        let parts = fit::wrap(&self.what, width.saturating_sub(MARGIN));
        let lines = parts.iter().enumerate().map(|(index, part)| {
            let (mark, key) = match index {
                0 => (mark, key(self.action)),
                _ => ("", " ".to_owned()),
            };
            Line::from(vec![
                Span::styled(fit::column(mark, 2), theme.accent),
                Span::styled(format!("{key}  "), theme.key),
                Span::styled(fit::column(part, width.saturating_sub(MARGIN)), theme.text),
            ])
        });
        lines.collect()
    }
}

impl Ready {
    /// The keys with their words, and the line on which the first of them stands.
    pub(super) fn keys(
        &self,
        width: usize,
        is_low: bool,
        view: View<'_>,
    ) -> (Vec<Line<'static>>, usize) {
        let theme = view.theme;
        let git = self.git.as_ref();
        let mut all = git.map_or_else(Vec::new, |git| told(git, width, view));
        let author = git.filter(|git| !git.knows_author);
        let author = author.map_or_else(Vec::new, |_| author_commands(width, view));
        if !is_low {
            all.extend(author.clone());
        }
        let first = all.len();
        let mut others = self.others(is_low, view);
        if let Some(wide) = self.wide(is_low, view) {
            all.extend(wide.iter().flat_map(|entry| entry.lines(width, theme)));
        } else {
            let entry = Entry::new(Action::SetGitUp, if is_low { SET_UP } else { SET_UP_HERE });
            if self.used_by.is_tool() {
                others.push(entry);
            } else {
                others.insert(0, entry.next());
            }
        }
        let half = width / 2;
        let fits = |entry: &Entry| MARGIN + fit::width(&entry.what) < half;
        if others.iter().all(fits) {
            for row in others.chunks(2) {
                let cells = row.iter().flat_map(|entry| entry.lines(half, theme));
                all.push(Line::from(cells.flatten().collect::<Vec<_>>()));
            }
        } else {
            all.extend(others.iter().flat_map(|entry| entry.lines(width, theme)));
        }
        if is_low {
            all.extend(author);
        }
        (all, first)
    }

    /// What takes a line of its own, where it does not stand among the others.
    fn wide(&self, is_low: bool, view: View<'_>) -> Option<Vec<Entry>> {
        if self.git.is_some() {
            let clone = self.clone_command(view.session);
            let clone = clone.map(|(command, _)| {
                Entry::new(Action::CopyClone, format!("copy: {command}")).next()
            });
            let undo = match &self.replaced {
                Some(replaced) => {
                    format!("undo that: git uses {} again", replaced.old().named())
                }
                None => "undo that: git no longer uses the token, which stays valid".to_owned(),
            };
            let undo = Entry::new(Action::UndoGit, undo);
            return Some(clone.into_iter().chain([undo]).collect());
        }
        let is_alone = !is_low && !self.used_by.is_tool();
        is_alone.then(|| vec![Entry::new(Action::SetGitUp, SET_UP_AND_WHY).next()])
    }

    fn others(&self, is_low: bool, view: View<'_>) -> Vec<Entry> {
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
        let has_clone = self.git.is_none() && self.clone_command(view.session).is_some();
        let line = if is_low {
            "as a variable".to_owned()
        } else {
            format!("copy it as {VARIABLE}=…")
        };
        let is_tool = self.used_by.is_tool();
        let for_tool = |entry: Entry| if is_tool { entry.next() } else { entry };
        let all = [
            Some(for_tool(Entry::new(Action::Copy, copy))),
            has_clone.then(|| {
                Entry::new(
                    Action::CopyClone,
                    long("copy the clone command", "clone command"),
                )
            }),
            (!share).then(|| Entry::new(Action::Reveal, show)),
            Some(for_tool(Entry::new(
                Action::Save,
                long("save it to a file", "save to a file"),
            ))),
            (view.session.config.trial)
                .then(|| Entry::new(Action::Try, long("test it again", "test again"))),
            Some(Entry::new(
                Action::WhereItGoes,
                long("where it goes: Jenkins, curl …", "where it goes"),
            )),
            Some(Entry::new(Action::CopyBuildLine, line)),
        ];
        let mut all: Vec<_> = all.into_iter().flatten().collect();
        if is_tool {
            let is_first = |entry: &Entry| entry.is_next || entry.action == Action::WhereItGoes;
            all.sort_by_key(|entry| !is_first(entry));
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
    let text = "git does not know your name and e-mail address yet. Set them once, in your shell:";
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
