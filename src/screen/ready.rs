//! Token ready: on the clipboard, masked, and this once in our hands.
//!
//! ```text
//!  ✓ Created: git for alice (billing-api)          expires 22 February 2027
//!
//!    ••••••••••••••••••••••••••••••••••••••••      on your clipboard
//!
//!  › c  copy the token again
//!    l  copy the clone command (no token in it)
//!    v  show the token for ten seconds
//! ```

mod view;

use std::sync::Arc;
use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};

use super::question::{Choice, Question, Subject};
use super::revocation::Revocation;
use super::tokens::Tokens;
use super::{Layer, View};
use crate::app::context::{Context, Move};
use crate::app::effect::{Effect, Text};
use crate::app::event::Answer;
use crate::app::keymap::{Action, Mode};
use crate::app::load::{Load, Ticket};
use crate::app::notice::Notice;
use crate::app::place::{Crumb, Place};
use crate::bitbucket::{CreatedToken, Error, Token};
use crate::clipboard::{Copied, CopyError};
use crate::permission::ScopeKind;
use crate::secret::Secret;
use crate::widget::{lines, pane};

/// The modes of this screen.
pub const MODES: &[Mode] = &[Mode::Ready, Mode::Anywhere];

/// Whoever holds enter down comes here with it still down. That is no decision to leave.
const HELD_DOWN: Duration = Duration::from_millis(400);
/// How long a revealed token stays on the screen.
const REVEAL_TIME: Duration = Duration::from_secs(10);

/// What the clipboard holds, as far as we know.
#[derive(Debug)]
enum OnClipboard {
    /// The token is on its way there.
    Pending,
    /// The token.
    Token(Copied),
    /// The clone command, in the token's place.
    CloneCommand,
    /// Nothing of ours.
    Nothing(CopyError),
}

/// Whether somebody has the token beside Bitbucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kept {
    /// Nobody: it was neither copied nor shown.
    No,
    /// Perhaps: it was sent to a clipboard that acknowledges nothing, or is no longer on it.
    Perhaps,
    /// It was shown, or is on the clipboard.
    Yes,
}

/// A token that Bitbucket will never show again.
#[derive(Debug)]
pub struct Ready {
    place: Place,
    token: Token,
    secret: Arc<Secret>,
    copying: Load,
    clipboard: OnClipboard,
    copying_clone_command: Load,
    /// When a revealed token hides again.
    hides_at: Option<Duration>,
    now: Duration,
    kept: Kept,
    was_shown: bool,
    /// The list of tokens lies below this screen.
    from_list: bool,
    revoking: Load,
    /// Where to go once it has been revoked.
    leaves_program: bool,
    /// When enter was pressed last, or the screen opened.
    entered: Duration,
}

impl Ready {
    /// The screen for a token that has just been created.
    #[must_use]
    pub fn new(place: Place, created: CreatedToken, from_list: bool) -> Self {
        Self {
            place,
            token: created.token,
            secret: Arc::new(created.secret),
            copying: Load::default(),
            clipboard: OnClipboard::Pending,
            copying_clone_command: Load::default(),
            hides_at: None,
            now: Duration::ZERO,
            kept: Kept::No,
            was_shown: false,
            from_list,
            revoking: Load::default(),
            leaves_program: false,
            entered: Duration::ZERO,
        }
    }

    /// Why there is no clone command.
    #[must_use]
    pub fn refuses_clone_command(&self) -> Option<String> {
        let reason = match (self.place.kind(), self.place.clone_address()) {
            (_, Some(_)) => return None,
            (ScopeKind::Repository, None) => {
                "Bitbucket names no clone address over HTTP for this repository."
            }
            (ScopeKind::Personal | ScopeKind::Project, None) => {
                "This token is for more than one repository: there is no single clone command."
            }
        };
        Some(reason.to_owned())
    }

    fn copy_token(&mut self, cx: &mut Context<'_>) {
        let ticket = cx.ticket();
        self.copying.await_command(ticket, cx.now);
        let text = Text::Secret(Arc::clone(&self.secret));
        cx.effects.push(Effect::Copy(ticket, text));
    }

    fn copy_clone_command(&mut self, cx: &mut Context<'_>) {
        if let Some(address) = self.place.clone_address() {
            let command = format!("git clone {}", shell_word(address));
            let ticket = cx.ticket();
            self.copying_clone_command.await_command(ticket, cx.now);
            cx.effects.push(Effect::Copy(ticket, Text::Plain(command)));
        }
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
            Move::Replace(Tokens::of(self.place.clone()).into())
        });
    }

    fn revoke(&mut self, cx: &mut Context<'_>) {
        if let Some(ticket) = cx.revoke_token(self.place.scope(), self.token.id.clone()) {
            self.revoking.await_command(ticket, cx.now);
        }
    }
}

/// The address as one word of a POSIX shell: quoted if anything in it could mean something there.
fn shell_word(text: &str) -> String {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "-._~:/%@+,".contains(character);
    if text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

impl Layer for Ready {
    fn modes(&self) -> &'static [Mode] {
        MODES
    }

    fn purpose(&self) -> &'static str {
        match self.place.kind() {
            ScopeKind::Personal => {
                "The token is created and on its way to your clipboard. Paste it where git asks for a password, or into the tool that asked for it. Keep it before you leave: Bitbucket never shows it again."
            }
            ScopeKind::Project | ScopeKind::Repository => {
                "The token is created and on its way to your clipboard. Paste it into the tool that asked for it; git takes it as a header, not as a password. Keep it before you leave: Bitbucket never shows it again."
            }
        }
    }

    fn crumbs(&self) -> Vec<Crumb> {
        self.place.crumbs_to("Token ready")
    }

    fn step(&self) -> &'static str {
        "Step 6 of 6: put the token where it is needed, then press enter."
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let width = area.width.saturating_sub(4).min(92);
        let column = area.centered_horizontally(Constraint::Length(width));
        let lines = self.lines(usize::from(width), view);
        let top = u16::from(usize::from(column.height) > lines.len());
        lines::draw(frame, pane::below(column, top), lines);
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        if self.revoking.is_pending() {
            return;
        }
        match action {
            Action::Copy => self.copy_token(cx),
            Action::CopyClone => self.copy_clone_command(cx),
            Action::Reveal if self.is_revealed() => self.hides_at = None,
            Action::Reveal => {
                self.now = cx.now.uptime;
                self.hides_at = Some(cx.now.uptime + REVEAL_TIME);
                self.kept = Kept::Yes;
                self.was_shown = true;
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
    }

    fn time(&mut self, cx: &mut Context<'_>) {
        self.now = cx.now.uptime;
        if self.hides_at.is_some_and(|at| at <= cx.now.uptime) {
            self.hides_at = None;
        }
    }

    fn deadline(&self) -> Option<Duration> {
        // Once a second while it is shown, for the countdown.
        let left = self.hides_at?.checked_sub(self.now)?;
        let next_second = Duration::from_nanos(u64::from(left.subsec_nanos()));
        let step = if next_second.is_zero() {
            Duration::from_secs(1).min(left)
        } else {
            next_second
        };
        Some(self.now + step)
    }

    fn focus_lost(&mut self) {
        self.hides_at = None;
    }

    fn loads(&self) -> Vec<&Load> {
        vec![&self.copying, &self.copying_clone_command, &self.revoking]
    }

    fn copied(&mut self, ticket: Ticket, result: Result<Copied, CopyError>, cx: &mut Context<'_>) {
        if self.copying.takes(ticket) {
            let is_first = matches!(self.clipboard, OnClipboard::Pending);
            self.clipboard = match result {
                Ok(copied) => {
                    let kept = match copied {
                        Copied::Native => Kept::Yes,
                        Copied::SentToTerminal => Kept::Perhaps,
                    };
                    self.kept = self.kept.max(kept);
                    if !is_first {
                        cx.notify(Notice::good(format!("The token is {}.", copied.describe())));
                    }
                    OnClipboard::Token(copied)
                }
                Err(error) => OnClipboard::Nothing(error),
            };
        } else if self.copying_clone_command.takes(ticket) {
            match result {
                Ok(copied) => {
                    // Whoever has not pasted the token yet no longer can.
                    if matches!(self.clipboard, OnClipboard::Token(Copied::Native))
                        && !self.was_shown
                    {
                        self.kept = Kept::Perhaps;
                    }
                    self.clipboard = OnClipboard::CloneCommand;
                    cx.notify(Notice::good(format!(
                        "The clone command is {}.",
                        copied.describe()
                    )));
                }
                Err(error) => cx.notify(Notice::bad(format!("{error} {}", error.advice()))),
            }
        }
    }

    fn reply(&mut self, ticket: Ticket, result: Result<Answer, Error>, cx: &mut Context<'_>) {
        if !self.revoking.takes(ticket) {
            return;
        }
        let revocation = Revocation::of(result, &self.token.name);
        if let Revocation::Gone(_) = revocation {
            self.kept = Kept::Yes;
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
        match choice {
            Choice::Yes => self.go_to_list(cx),
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
        let (text, yes) = match (self.kept, &self.clipboard) {
            (Kept::Yes, _) => return None,
            (Kept::No, _) => (
                "It was neither copied nor shown, and Bitbucket never shows it again. If you leave now it stays on the server, and nobody can use it.",
                "leave it behind",
            ),
            (Kept::Perhaps, OnClipboard::CloneCommand) => (
                "The clone command is on the clipboard in its place. Bitbucket never shows the token again. Have you pasted it already?",
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
            revoke: Some("revoke it and leave"),
            no: "stay here: c copies it, v shows it",
        }))
    }

    fn abandon(&mut self, cx: &mut Context<'_>) -> bool {
        if self.kept == Kept::No && !self.revoking.is_pending() {
            // Whatever the answer is, there is no second try: the process has to end.
            self.kept = Kept::Yes;
            self.revoke(cx);
        }
        self.revoking.is_pending()
    }
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn an_address_stays_one_word_of_the_shell() {
        let plain = "https://git.example.com/scm/~alice/notes.git";
        assert_eq!(shell_word(plain), plain);
        assert_eq!(shell_word("http://h/a b;c'd"), r"'http://h/a b;c'\''d'");
    }
}
