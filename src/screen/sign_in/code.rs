//! The second step of a sign-in: the six digits of an authenticator app, or a recovery code.
//!
//! ```text
//!  Two-step verification
//!
//!  The password is right. Now type the six digits that your
//!  authenticator app shows for this Bitbucket.
//!
//!  Code       ••••••
//!
//!             [ Continue ]  press enter
//!
//!  tab: use a recovery code instead
//! ```

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::bitbucket::{Code, Error, ErrorKind, SecondStep, SignedIn};
use crate::secret::Secret;
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::ui::load::{Load, Wait};
use crate::ui::notice::Notice;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::reply::Reply;
use crate::ui::step::Step;
use crate::widget::field;
use crate::widget::field::TooLong;
use crate::widget::form::Form;
use crate::widget::secret_field::SecretField;

/// So many digits has the code of an app.
const DIGITS: usize = 6;

/// The field for the code, and the sign-in that waits for it.
#[derive(Debug)]
pub(super) struct CodeEntry {
    step: Arc<SecondStep>,
    is_recovery: bool,
    code: SecretField,
    load: Load<SignedIn>,
}

impl CodeEntry {
    pub(super) fn new(step: SecondStep) -> Self {
        Self {
            step: Arc::new(step),
            is_recovery: false,
            code: SecretField::counted(),
            load: Load::default(),
        }
    }

    /// What comes next, to be read aloud.
    pub(super) fn step(&self) -> Step {
        if self.load.is_pending() {
            Step::press("Wait for the answer, or press {} to stop.", &[Action::Back])
        } else if self.is_recovery {
            Step::press(
                "Step 2 of 6: type a recovery code, then press {}.",
                &[Action::Accept],
            )
        } else {
            Step::press(
                "Step 2 of 6: type the six digits of your app, then press {}.",
                &[Action::Accept],
            )
        }
    }

    pub(super) fn wait(&self) -> &Wait {
        self.load.wait()
    }

    pub(super) fn wait_mut(&mut self) -> &mut Wait {
        self.load.wait_mut()
    }

    pub(super) fn type_key(&mut self, key: KeyEvent, cx: &mut Context<'_>) -> bool {
        if self.load.is_pending() || !field::is_editing(key) {
            return false;
        }
        self.load.forgive();
        if let KeyCode::Char(letter) = key.code
            && keymap::is_text(key)
            && !self.is_recovery
        {
            if !letter.is_ascii_digit() {
                // Blanks stand between the digits in most apps.
                if letter != ' ' {
                    cx.notify(Notice::hint("The code from the app has digits only."));
                }
                return true;
            }
            if self.length() >= DIGITS {
                cx.notify(Notice::hint("That is one digit too many."));
                return true;
            }
        }
        self.code.handle(key)
    }

    pub(super) fn paste(&mut self, text: &str, cx: &mut Context<'_>) -> Result<(), TooLong> {
        if self.load.is_pending() {
            return Ok(());
        }
        if self.is_recovery {
            self.code.paste(text.trim())?;
        } else if let Some(digits) = Code::digits(text) {
            self.code.replace(digits.expose())?;
        } else {
            cx.notify(Notice::hint(
                "That is not a six-digit code, so it was not pasted.",
            ));
        }
        self.load.forgive();
        Ok(())
    }

    /// Sends the code, or the other kind of code is asked for from now on.
    pub(super) fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            _ if self.load.is_pending() => {}
            Action::Accept => self.accept(cx),
            Action::OtherCode => {
                self.is_recovery = !self.is_recovery;
                self.code = if self.is_recovery {
                    SecretField::default()
                } else {
                    SecretField::counted()
                };
                self.load.forgive();
            }
            _ => {}
        }
    }

    fn accept(&mut self, cx: &mut Context<'_>) {
        let code = if self.is_recovery {
            let code = self.code.secret();
            let code = code.expose().trim();
            if code.is_empty() {
                cx.notify(Notice::hint("Type or paste a recovery code first."));
                return;
            }
            Code::Recovery(Secret::new(code.to_owned()))
        } else if self.length() < DIGITS {
            cx.notify(Notice::hint("The code has six digits."));
            return;
        } else {
            Code::App(self.code.secret())
        };
        let step = Arc::clone(&self.step);
        let ask = async move |_| step.verify(&code).await;
        self.load.ask_once(ask, cx);
        // It counts once, right or wrong.
        self.code.clear();
    }

    /// Takes in the answer. `None`: it was not for this field, or another code may be typed.
    pub(super) fn reply(&mut self, reply: &mut Reply) -> Option<Result<SignedIn, Error>> {
        match self.load.take(reply)? {
            Ok(signed_in) => Some(Ok(signed_in)),
            Err(error) if ends_the_step(&error.kind) => Some(Err(error)),
            Err(error) => {
                self.load.fail(error);
                None
            }
        }
    }

    /// What stands below the heading.
    pub(super) fn draw(&self, form: &mut Form<'_, '_>, view: View<'_>) {
        if self.load.failure().is_none() {
            form.text(if self.is_recovery {
                "Type one of the recovery codes that Bitbucket gave you when you enrolled. Each of them works once."
            } else {
                "The password is right. Now type the six digits that your authenticator app shows for this Bitbucket."
            });
        }
        let label = if self.is_recovery { "Recovery" } else { "Code" };
        form.secret_field(label, &self.code, !self.load.is_pending());
        form.gap();
        if let Some(waited) = self.load.waiting(view.now) {
            form.waiting(waited, "Signing in");
            return;
        }
        if let (Some(error), Some(server)) = (self.load.failure(), &view.session.server) {
            let problem = Problem::explain(error, Attempt::SignIn(server.client.base()));
            form.rest(|frame, area| problem.draw(frame, area, view));
        } else {
            let is_ready = if self.is_recovery {
                !self.code.is_empty()
            } else {
                self.length() == DIGITS
            };
            let press = keymap::press(Mode::Code, Action::Accept);
            form.button("Continue", if is_ready { &press } else { "" }, is_ready);
        }
        form.gap();
        let other = keymap::key(Mode::Code, Action::OtherCode);
        form.note(&if self.is_recovery {
            format!("{other}: use the six digits of the app instead")
        } else {
            format!("{other}: use a recovery code instead")
        });
    }

    /// The whole screen.
    pub(super) fn draw_screen(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        Form::show(frame, area, view.theme, |form| {
            form.save_room();
            if self.load.failure().is_some() {
                form.expect_problem();
            }
            form.heading("Two-step verification");
            self.draw(form, view);
        });
    }

    fn length(&self) -> usize {
        self.code.secret().expose().len()
    }
}

/// Whether the sign-in has to begin anew, or cannot go on here.
fn ends_the_step(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::LoginOver
            | ErrorKind::Captcha { .. }
            | ErrorKind::AccountRefused(_)
            | ErrorKind::Enrolment
            | ErrorKind::Undescribed { .. }
            | ErrorKind::SingleSignOn { .. }
            | ErrorKind::WrongPassword
    )
}
