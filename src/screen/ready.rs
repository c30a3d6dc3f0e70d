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
//!    f  save it to a file               y  copy the clone command
//! ```

mod copying;
mod git;
mod granted;
mod keys;
mod trial;
mod view;

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::bitbucket::{Error, Token};
use crate::clipboard::{Copied, CopyError};
use crate::operation::custody::{Holder, Key};
use crate::operation::draft::UsedBy;
use crate::operation::journal::OldToken;
use crate::operation::origin::Origin;
use crate::operation::put_to_trial::Tried;
use crate::operation::revoke::Revoked;
use crate::operation::set_up_git::{BroughtBack, Replaced};
use crate::secret::Secret;
use crate::ui::context::Context;
use crate::ui::git_proof::GitShown;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait, Work};
use crate::ui::notice::Notice;
use crate::ui::place::{Crumb, Place};
use crate::ui::question::{Choice, Subject};
use crate::ui::reply::Reply;
use crate::ui::route::{Outcome, Route};
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::ui::{leaving, revocation};
use crate::widget::{column, scroll};

/// Whoever holds enter down comes here with it still down. That is no decision to leave.
const HELD_DOWN: Duration = Duration::from_millis(400);
/// How long a revealed token stays on the screen.
const REVEAL_TIME: Duration = Duration::from_secs(10);

/// A token that Bitbucket will never show again.
#[derive(Debug)]
pub(super) struct Ready {
    place: Place,
    used_by: UsedBy,
    origin: Origin,
    /// Its secret, and where that has gone, is in custody.
    key: Key,
    /// What is being copied: the secret, or a line that holds it.
    on_its_way: Option<Arc<Secret>>,
    copying: Work<Result<Copied, CopyError>>,
    /// It was copied before, or that was tried.
    was_copied: bool,
    copying_clone_command: Work<Result<Copied, CopyError>>,
    /// When a revealed token hides again.
    hides_at: Option<Duration>,
    now: Duration,
    /// The token is read once more, where the answer to its creation left a doubt.
    confirming: Load<Token>,
    trying: Load<Option<Box<Tried>>>,
    /// What it can really do; inside nothing where there is no repository to try it on.
    trial: Option<Result<Option<Box<Tried>>, Error>>,
    /// How much the server's clock is ahead of ours, where the trial has told.
    ahead: SignedDuration,
    git: Option<GitShown>,
    undoing: Work<Result<Vec<String>, crate::git::Error>>,
    /// What git was set up with before, until this screen is left.
    replaced: Option<Box<Replaced>>,
    bringing_back: Work<BroughtBack>,
    /// The list of tokens lies below this screen.
    from_list: bool,
    revoking: Work<Revoked>,
    /// How many lines are scrolled away, where the window is too low for all of them. `None`: as many as
    /// it takes to see what can be done first.
    scroll: Option<usize>,
    /// When enter was pressed last, or the screen opened.
    entered: Duration,
}

impl Ready {
    /// The screen for a token that has just been made. `from_list`: the place's list of tokens lies
    /// below.
    pub(super) fn new(
        place: Place,
        used_by: UsedBy,
        origin: Origin,
        key: Key,
        from_list: bool,
    ) -> Self {
        Self {
            place,
            used_by,
            origin,
            key,
            on_its_way: None,
            copying: Work::default(),
            was_copied: false,
            copying_clone_command: Work::default(),
            hides_at: None,
            now: Duration::ZERO,
            confirming: Load::default(),
            trying: Load::default(),
            trial: None,
            ahead: SignedDuration::ZERO,
            git: None,
            undoing: Work::default(),
            replaced: None,
            bringing_back: Work::default(),
            from_list,
            revoking: Work::default(),
            scroll: None,
            entered: Duration::ZERO,
        }
    }

    /// The secret, as long as the token is in custody.
    fn secret(&self, session: &Session) -> Option<Arc<Secret>> {
        session.custody.get(self.key)?.secret().cloned()
    }

    /// The token in whose place it was made.
    fn replaces<'a>(&self, session: &'a Session) -> Option<&'a OldToken> {
        let entry = session.custody.get(self.key)?.entry()?;
        entry.asked.replaces.as_ref()
    }

    fn is_revealed(&self) -> bool {
        self.hides_at.is_some()
    }

    fn leave(&mut self, cx: &mut Context<'_>) {
        match leaving::question(&cx.session.custody, Subject::LeaveToken(self.key)) {
            Some(question) => cx.ask(question),
            None => self.go_to_list(cx),
        }
    }

    /// The list of tokens comes next, so that the new one is found again.
    fn go_to_list(&self, cx: &mut Context<'_>) {
        cx.session.custody.release(self.key);
        if self.from_list {
            cx.close();
        } else {
            cx.replace(Route::Tokens {
                place: self.place.clone(),
                listing: None,
            });
        }
    }

    /// How many of so many lines are scrolled away in a window of so many rows.
    fn above(&self, (first, lines): (usize, usize), rows: u16) -> usize {
        let shown = usize::from(scroll::shown(lines, rows));
        let above = self.scroll.unwrap_or((first + 1).saturating_sub(shown));
        above.min(scroll::hidden(lines, rows))
    }

    fn scroll_by(&mut self, steps: isize, cx: &Context<'_>) {
        let (columns, rows) = cx.room;
        let width = usize::from(column::width(columns));
        let (lines, first) = self.lines(width, usize::from(rows), cx.view());
        let above = self.above((first, lines.len()), rows);
        let above = above.saturating_add_signed(steps);
        self.scroll = Some(above.min(scroll::hidden(lines.len(), rows)));
    }

    fn revoke(&mut self, cx: &mut Context<'_>) {
        if let Some(ticket) = cx.revoke_new_token(self.key) {
            self.revoking.wait_for(ticket, cx.now);
        }
    }
}

fn key(action: Action) -> String {
    keymap::key(Mode::Ready, action)
}

/// Why the token is not tried.
fn refuses_trial(session: &Session) -> Option<String> {
    let reason = "The configuration switches the test off: trial = \"never\".";
    (!session.config.trial).then(|| reason.to_owned())
}

impl Layer for Ready {
    fn mode(&self) -> Mode {
        Mode::Ready
    }

    fn purpose(&self) -> String {
        "The token was created and copied to your clipboard. Once it has been tried, the screen says what \
         it can do. Set git up with it, so that nobody has to paste it; or paste it into the tool that \
         needs it. Keep it before you leave: Bitbucket never shows it again.".to_owned()
    }

    fn refusal(&self, action: Action, session: &Session) -> Option<String> {
        match action {
            Action::SetGitUp => self.refuses_git(session),
            Action::UndoGit => self.refuses_undo(),
            Action::CopyClone => self.refuses_clone_command(session),
            Action::Try => refuses_trial(session),
            Action::Reveal => session.share.then(|| {
                format!(
                    "Share mode is on: nothing secret is shown. {} ends it.",
                    key(Action::Share)
                )
            }),
            _ => None,
        }
    }

    /// What was shown cannot be taken back.
    fn must_be_meant(&self, action: Action) -> bool {
        match action {
            Action::Reveal => !self.is_revealed(),
            Action::UndoGit => true,
            _ => false,
        }
    }

    fn crumbs(&self) -> Vec<Crumb> {
        self.place.crumbs_to("Token ready")
    }

    fn step(&self, view: View<'_>) -> Step {
        if self.revoking.is_pending() {
            return Step::say("The token is being revoked: one moment.");
        }
        match self.git {
            Some(_) if self.replaces(view.session).is_some() => Step::press(
                "git uses the new token. Press {}: bbtoken then asks whether to revoke the old one.",
                &[Action::Done],
            ),
            Some(GitShown {
                knows_author: false,
                ..
            }) => Step::press(
                "Git is set up. Before you commit, tell it your name as shown here. Press {} to leave.",
                &[Action::Done],
            ),
            Some(_) => Step::press("Git is set up. Press {} to leave.", &[Action::Done]),
            None if self.used_by.is_tool() || self.refuses_git(view.session).is_some() => {
                Step::press(
                    "Step 6 of 6: paste the token where it is needed. Then press {}.",
                    &[Action::Done],
                )
            }
            None => Step::press(
                "Step 6 of 6: press {} to set git up, or paste the token yourself. Then press {}.",
                &[Action::SetGitUp, Action::Done],
            ),
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let column = column::within(area);
        let (width, height) = (usize::from(column.width), usize::from(column.height));
        let (lines, first) = self.lines(width, height, view);
        let column = column::for_lines(column, lines.len());
        let at = (first, lines.len());
        let above = self.above(at, column.height);
        scroll::lines(frame, column, lines, above, view.theme);
        scroll::place_cursor(frame, column, at, above, 0);
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        if self.revoking.is_pending() {
            return;
        }
        match action {
            Action::SetGitUp => self.set_git_up(cx),
            Action::UndoGit => self.undo_git(cx),
            Action::Try => self.try_token(cx),
            Action::Save => {
                if let Some(secret) = self.secret(cx.session) {
                    cx.open(Route::Save {
                        key: self.key,
                        token: secret,
                        place: Box::new(self.place.clone()),
                    });
                }
            }
            Action::WhereItGoes => cx.open(Route::WhereItGoes {
                place: Box::new(self.place.clone()),
                used_by: self.used_by.clone(),
            }),
            Action::CopyBuildLine => self.copy_build_line(cx),
            Action::Copy => self.copy_token(cx),
            Action::CopyClone => self.copy_clone_command(cx),
            Action::Reveal if self.is_revealed() => self.hides_at = None,
            Action::Reveal => {
                self.now = cx.now.uptime;
                self.hides_at = Some(cx.now.uptime + REVEAL_TIME);
                cx.session.custody.is_shown(self.key);
            }
            Action::Done => {
                let before = std::mem::replace(&mut self.entered, cx.now.uptime);
                if cx.now.uptime.saturating_sub(before) >= HELD_DOWN {
                    self.leave(cx);
                }
            }
            Action::Back => self.leave(cx),
            Action::Up => self.scroll_by(-1, cx),
            Action::Down => self.scroll_by(1, cx),
            _ => {}
        }
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        self.entered = cx.now.uptime;
        self.copy_token(cx);
        self.confirm(cx);
        if cx.session.config.trial {
            self.try_token(cx);
        }
    }

    fn time(&mut self, cx: &mut Context<'_>) {
        self.now = cx.now.uptime;
        if self.hides_at.is_some_and(|at| at <= cx.now.uptime) {
            self.hides_at = None;
        }
    }

    fn deadline(&self, session: &Session) -> Option<Duration> {
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
        let deadlines = [
            next(self.hides_at),
            next(session.custody.clears_at(self.key)),
        ];
        deadlines.into_iter().flatten().min()
    }

    fn focus_lost(&mut self) {
        self.hides_at = None;
    }

    fn waits(&self) -> Vec<&Wait> {
        vec![
            self.copying.wait(),
            self.copying_clone_command.wait(),
            self.confirming.wait(),
            self.trying.wait(),
            self.undoing.wait(),
            self.bringing_back.wait(),
            self.revoking.wait(),
        ]
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        vec![self.confirming.wait_mut(), self.trying.wait_mut()]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(result) = self.copying.take(reply) {
            self.copied(result, cx);
        } else if let Some(result) = self.copying_clone_command.take(reply) {
            self.clone_command_copied(result, cx);
        } else if let Some(result) = self.undoing.take(reply) {
            self.git_undone(result, cx);
        } else if let Some(back) = self.bringing_back.take(reply) {
            self.earlier_is_back(back, cx);
        } else if let Some(result) = self.confirming.take(reply) {
            self.confirmed(result);
        } else if let Some(result) = self.trying.take(reply) {
            self.note_trial(&result, cx);
            if self.trial.replace(result).is_some() {
                cx.notify(Notice::good("Tested just now. Nothing was changed."));
            }
        } else if let Some(revoked) = self.revoking.take(reply) {
            if revoked.is_gone() {
                cx.session.custody.is_gone(self.key);
                cx.session.newest = None;
                self.go_to_list(cx);
            }
            cx.notify(revocation::notice(
                &revoked,
                self.origin.name(),
                &cx.session.zone,
            ));
        }
    }

    fn returned(&mut self, outcome: Outcome, cx: &mut Context<'_>) {
        match outcome {
            Outcome::GitIsSetUp(shown, replaced) => {
                self.git = Some(shown);
                self.replaced = replaced;
                self.scroll = None;
                // git has shown that it gets in.
                self.note_use(cx);
            }
            Outcome::Answered(_, Choice::Yes) => {
                cx.session.custody.is_had_by(self.key, Holder::Word);
                self.go_to_list(cx);
            }
            Outcome::Answered(_, Choice::Revoke) => self.revoke(cx),
            _ => {}
        }
    }

    fn holds_on(&self) -> Option<String> {
        let reason = "The token is being revoked: one moment, then you can leave.";
        self.revoking.is_pending().then(|| reason.to_owned())
    }
}
