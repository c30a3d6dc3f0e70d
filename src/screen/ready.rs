//! Token ready: on the clipboard, masked, and this once in our hands.
//!
//! ```text
//!  ✓ Created: git for alice (billing-api)          expires 22 February 2027
//!
//!    ••••••••••••••••••••••••••••••••••••••••      on your clipboard, 58 s
//!
//!    ✓ can clone   ✓ can push   – cannot change settings
//!
//!    g  set git up on this computer     c  copy the token again
//!    f  save it to a file               l  copy the clone command
//! ```

mod copying;
mod git;
mod granted;
mod keys;
mod origin;
mod trial;
mod view;

use std::sync::Arc;
use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};

use self::copying::OnClipboard;
use self::git::GitSetUp;
pub use self::origin::Origin;
use super::question::{Choice, Question, Subject};
use super::revocation::Revocation;
use super::save::Save;
use super::tokens::Tokens;
use super::{Layer, View};
use crate::bitbucket::{Error, Trial};
use crate::secret::Secret;
use crate::ui::context::{Context, Move};
use crate::ui::event::{Answer, Done};
use crate::ui::keymap::{Action, Mode};
use crate::ui::load::{Load, Ticket};
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::widget::{lines, pane};

/// The modes of this screen.
pub const MODES: &[Mode] = &[Mode::Ready, Mode::Anywhere];

/// Whoever holds enter down comes here with it still down. That is no decision to leave.
const HELD_DOWN: Duration = Duration::from_millis(400);
/// How long a revealed token stays on the screen.
const REVEAL_TIME: Duration = Duration::from_secs(10);

/// Whether somebody has the token beside Bitbucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kept {
    /// Nobody: it was neither copied nor shown.
    No,
    /// Perhaps: it was sent to a clipboard that acknowledges nothing, or is no longer on it.
    Perhaps,
    /// It is on the clipboard, and nowhere else.
    OnClipboard,
    /// It was shown or saved.
    Yes,
}

/// A token that Bitbucket will never show again.
#[derive(Debug)]
pub struct Ready {
    place: Place,
    origin: Origin,
    secret: Arc<Secret>,
    /// What is being copied: the secret, or a line that holds it.
    on_its_way: Arc<Secret>,
    copying: Load,
    clipboard: OnClipboard,
    copying_clone_command: Load,
    /// When a revealed token hides again.
    hides_at: Option<Duration>,
    now: Duration,
    kept: Kept,
    /// When it is taken off the clipboard, in time since the start.
    clears_at: Option<Duration>,
    /// The token is read once more, where the answer to its creation left a doubt.
    confirming: Load,
    trying: Load,
    /// What it can really do; inside nothing where there is no repository to try it on.
    trial: Option<Result<Option<Box<Trial>>, Error>>,
    git: GitSetUp,
    undoing: Load,
    /// The list of tokens lies below this screen.
    from_list: bool,
    revoking: Load,
    /// Where to go once it has been revoked.
    leaves_program: bool,
    /// When enter was pressed last, or the screen opened.
    entered: Duration,
}

impl Ready {
    /// The screen for a token that has just been made. `from_list`: the place's list of tokens lies
    /// below.
    #[must_use]
    pub fn new(place: Place, origin: Origin, secret: Arc<Secret>, from_list: bool) -> Self {
        Self {
            kept: origin.kept(),
            place,
            origin,
            on_its_way: Arc::clone(&secret),
            secret,
            copying: Load::default(),
            clipboard: OnClipboard::Pending,
            copying_clone_command: Load::default(),
            hides_at: None,
            now: Duration::ZERO,
            clears_at: None,
            confirming: Load::default(),
            trying: Load::default(),
            trial: None,
            git: GitSetUp::No,
            undoing: Load::default(),
            from_list,
            revoking: Load::default(),
            leaves_program: false,
            entered: Duration::ZERO,
        }
    }

    /// Whether somebody has it beside Bitbucket; git is somebody too.
    fn kept(&self) -> Kept {
        match self.git {
            GitSetUp::For { .. } => Kept::Yes,
            GitSetUp::No => self.kept,
        }
    }

    /// The program asks before it takes the only copy off the clipboard.
    fn tell_whether_needed(&self, cx: &mut Context<'_>) {
        if let Some(held) = &mut cx.session.held {
            held.is_needed = self.kept() != Kept::Yes;
        }
    }

    /// It was shown or saved.
    fn keep(&mut self, cx: &mut Context<'_>) {
        self.kept = Kept::Yes;
        self.tell_whether_needed(cx);
    }

    fn is_revealed(&self) -> bool {
        self.hides_at.is_some()
    }

    fn leave(&mut self, cx: &mut Context<'_>) {
        match self.would_lose() {
            Some(Ok(question)) => cx.push(question),
            Some(Err(reason)) => cx.notify(Notice::hint(reason)),
            None => self.go_to_list(cx),
        }
    }

    /// The list of tokens comes next, so that the new one is found again.
    fn go_to_list(&self, cx: &mut Context<'_>) {
        cx.moves.push(if self.from_list {
            Move::Pop
        } else {
            Move::Replace(Tokens::of(self.place.clone(), cx.session).into())
        });
    }

    fn revoke(&mut self, cx: &mut Context<'_>) {
        if let Some(id) = self.origin.id()
            && let Some(ticket) = cx.revoke_token(self.place.scope(), id.to_owned())
        {
            self.revoking.await_command(ticket, cx.now);
        }
    }
}

impl Layer for Ready {
    fn modes(&self) -> &'static [Mode] {
        MODES
    }

    fn purpose(&self) -> &'static str {
        "The token is made and on your clipboard; it was tried, and the screen says what it can do. g sets git up with it, so that nobody has to paste it; or paste it into the tool that needs it. Keep it before you leave: Bitbucket never shows it again."
    }

    fn crumbs(&self) -> Vec<Crumb> {
        self.place.crumbs_to("Token ready")
    }

    fn step(&self) -> &'static str {
        match self.git {
            GitSetUp::No => {
                "Step 6 of 6: press g to set git up, or paste the token where it is needed. Then press enter."
            }
            GitSetUp::For { .. } => "Git is set up, so all is done. Press enter.",
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let width = area.width.saturating_sub(4).min(92);
        let column = area.centered_horizontally(Constraint::Length(width));
        let lines = self.lines(usize::from(width), usize::from(column.height), view);
        let top = u16::from(usize::from(column.height) > lines.len());
        lines::draw(frame, pane::below(column, top), lines);
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        if self.revoking.is_pending() {
            return;
        }
        match action {
            Action::SetGitUp => self.set_git_up(cx),
            Action::UndoGit => self.undo_git(cx),
            Action::Try => self.try_token(cx),
            Action::Save => cx.push(Save::new(Arc::clone(&self.secret), &self.place)),
            Action::CopyBuildLine => self.copy_build_line(cx),
            Action::Copy => self.copy_token(cx),
            Action::CopyClone => self.copy_clone_command(cx),
            Action::Reveal if self.is_revealed() => self.hides_at = None,
            Action::Reveal => {
                self.now = cx.now.uptime;
                self.hides_at = Some(cx.now.uptime + REVEAL_TIME);
                self.keep(cx);
            }
            Action::Done => {
                let before = std::mem::replace(&mut self.entered, cx.now.uptime);
                if cx.now.uptime.saturating_sub(before) >= HELD_DOWN {
                    self.leave(cx);
                }
            }
            Action::Back => self.leave(cx),
            _ => {}
        }
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        self.entered = cx.now.uptime;
        self.copy_token(cx);
        self.confirm(cx);
        self.try_token(cx);
    }

    fn time(&mut self, cx: &mut Context<'_>) {
        self.now = cx.now.uptime;
        if self.hides_at.is_some_and(|at| at <= cx.now.uptime) {
            self.hides_at = None;
        }
    }

    fn deadline(&self) -> Option<Duration> {
        // Once a second, for the countdowns.
        let next = |until: Option<Duration>| {
            let left = until?
                .checked_sub(self.now)
                .filter(|left| !left.is_zero())?;
            let next_second = Duration::from_nanos(u64::from(left.subsec_nanos()));
            let step = if next_second.is_zero() {
                Duration::from_secs(1).min(left)
            } else {
                next_second
            };
            Some(self.now + step)
        };
        let deadlines = [next(self.hides_at), next(self.clears_at)];
        deadlines.into_iter().flatten().min()
    }

    fn focus_lost(&mut self) {
        self.hides_at = None;
    }

    fn loads(&self) -> Vec<&Load> {
        vec![
            &self.copying,
            &self.copying_clone_command,
            &self.confirming,
            &self.trying,
            &self.undoing,
            &self.revoking,
        ]
    }

    fn loads_mut(&mut self) -> Vec<&mut Load> {
        vec![&mut self.confirming, &mut self.trying]
    }

    fn done(&mut self, ticket: Ticket, done: Done, cx: &mut Context<'_>) {
        match done {
            Done::Copied(result) if self.copying.takes(ticket) => self.copied(result, cx),
            Done::Copied(result) if self.copying_clone_command.takes(ticket) => {
                self.clone_command_copied(result, cx);
            }
            Done::GitUndone(result) if self.undoing.takes(ticket) => match result {
                Ok(()) => {
                    self.git = GitSetUp::No;
                    self.tell_whether_needed(cx);
                    cx.notify(Notice::good("Git is as it was. The token is still valid."));
                }
                Err(error) => cx.notify(Notice::bad(error.to_string())),
            },
            _ => {}
        }
    }

    fn cleared(&mut self) {
        if let OnClipboard::Token(copied) = self.clipboard {
            self.clipboard = OnClipboard::Cleared(copied);
        }
        self.no_longer_on_clipboard();
    }

    fn reply(&mut self, ticket: Ticket, result: Result<Answer, Error>, cx: &mut Context<'_>) {
        if self.confirming.takes(ticket) {
            self.confirmed(result);
            return;
        }
        if self.trying.takes(ticket) {
            if self.trial.is_some() {
                cx.notify(Notice::good(
                    "Tested just now; nothing was changed by that.",
                ));
            }
            self.trial = match result {
                Ok(Answer::Tried(trial)) => Some(Ok(trial)),
                Ok(_) => None,
                Err(error) => Some(Err(error)),
            };
            return;
        }
        if !self.revoking.takes(ticket) {
            return;
        }
        let revocation = Revocation::of(result, self.origin.name());
        if let Revocation::Gone(_) = revocation {
            self.keep(cx);
            cx.session.newest = None;
            if self.leaves_program {
                cx.moves.push(Move::QuitNow);
            } else {
                self.go_to_list(cx);
            }
        }
        cx.notify(revocation.notice());
    }

    fn answered(&mut self, subject: Subject, choice: Choice, cx: &mut Context<'_>) {
        if let Subject::GitIsSetUp {
            forgets,
            knows_author,
        } = subject
        {
            if let Some(target) = self.target(cx.session) {
                self.git = GitSetUp::For {
                    address: target.address,
                    forgets,
                    knows_author,
                };
                self.tell_whether_needed(cx);
            }
            return;
        }
        match choice {
            Choice::Yes if subject == Subject::Saved => self.keep(cx),
            Choice::Yes => {
                self.keep(cx);
                self.go_to_list(cx);
            }
            Choice::Revoke => {
                self.leaves_program = subject == Subject::Quit;
                self.revoke(cx);
            }
            Choice::No => {}
        }
    }

    fn would_lose(&self) -> Option<Result<Question, String>> {
        if self.revoking.is_pending() {
            return Some(Err(
                "The token is being revoked: one moment, then you can leave.".to_owned(),
            ));
        }
        let (text, yes) = match (self.kept(), &self.clipboard) {
            (Kept::Yes, _) => return None,
            // It stays there: nobody has it cleared.
            (Kept::OnClipboard, _) if self.clears_at.is_none() => return None,
            (Kept::OnClipboard, _) => (
                "It is on your clipboard and nowhere else, and bbtoken soon takes it off there. Bitbucket never shows it again. Have you pasted it already?",
                "yes, I have it",
            ),
            (Kept::No, _) => (
                "It was neither copied nor shown, and Bitbucket never shows it again. If you leave now it stays on the server, and nobody can use it.",
                "leave it behind",
            ),
            (Kept::Perhaps, OnClipboard::Nothing(_)) if self.origin.id().is_none() => (
                "It is on no clipboard here. The page on which you made it shows it as long as it stays open, and never again. Do you have the token?",
                "yes, I have it",
            ),
            (Kept::Perhaps, OnClipboard::CloneCommand) => (
                "The clone command is on the clipboard in its place. Bitbucket never shows the token again. Have you pasted it already?",
                "yes, I have it",
            ),
            (Kept::Perhaps, OnClipboard::Cleared(_)) => (
                "It was on your clipboard, and was taken off it again. Bitbucket never shows the token again. Have you pasted it in time?",
                "yes, I have it",
            ),
            (Kept::Perhaps, OnClipboard::Nothing(_)) => (
                "The last try to copy it failed, and nothing tells whether an earlier one arrived. Bitbucket never shows it again. Have you pasted it already?",
                "yes, I have it",
            ),
            (Kept::Perhaps, _) => (
                "It was sent to your terminal's clipboard, but nothing tells whether it arrived. Bitbucket never shows it again. Have you pasted it already?",
                "yes, I have it",
            ),
        };
        Some(Ok(Question {
            subject: Subject::LeaveToken,
            title: "Do you have the token?",
            text: vec![text.to_owned()],
            yes,
            revoke: self.origin.id().map(|_| "revoke it and leave"),
            no: "stay here: c copies it, v shows it",
        }))
    }

    fn abandon(&mut self, cx: &mut Context<'_>) -> bool {
        if self.kept() == Kept::No && !self.revoking.is_pending() {
            // Whatever the answer is, there is no second try: the process has to end.
            self.kept = Kept::Yes;
            self.revoke(cx);
        }
        self.revoking.is_pending()
    }
}
