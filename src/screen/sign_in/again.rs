//! Sign in again, in a small box over what was being done.

use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use super::code::CodeEntry;
use super::way::OtherWay;
use crate::bitbucket::{Error, ErrorKind, SignIn as SignInStep, SignInWay};
use crate::secret::Secret;
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait};
use crate::ui::notice::Notice;
use crate::ui::place::Crumb;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::reply::Reply;
use crate::ui::route::Outcome;
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::widget::field::TooLong;
use crate::widget::form::Form;
use crate::widget::popup;
use crate::widget::secret_field::SecretField;

const WIDTH: u16 = 64;
const HEIGHT: u16 = 10;
const HEIGHT_WITH_PROBLEM: u16 = 14;
/// Whoever was typing into a filter when the box came would send the rest of it as a password. What
/// comes before a pause as long as this is none.
const PAUSE: Duration = Duration::from_millis(500);

/// The password, once more. The user is known.
#[derive(Debug)]
pub(in crate::screen) struct SignInAgain {
    user: String,
    way: SignInWay,
    secret: SecretField,
    load: Load<SignInStep>,
    /// The password was right, and a code is asked for.
    code: Option<CodeEntry>,
    /// When a key was pressed last that was meant for what lies below; `None`: those are over.
    astray: Option<Duration>,
}

impl SignInAgain {
    /// For the user who is signed in no more.
    pub(in crate::screen) fn new(session: &Session) -> Self {
        let user = session.user.as_ref().map(|user| user.name.clone());
        Self {
            user: user.unwrap_or_default(),
            way: session.way.unwrap_or(SignInWay::Password),
            secret: SecretField::default(),
            load: Load::default(),
            code: None,
            astray: Some(Duration::ZERO),
        }
    }

    /// Whether this key was meant for what lies below: the box came while somebody was typing.
    fn is_astray(&mut self, cx: &mut Context<'_>) -> bool {
        let now = cx.now.uptime;
        match self.astray {
            Some(last) if now.saturating_sub(last) < PAUSE => {
                self.astray = Some(now);
                cx.notify(Notice::hint(
                    "This box appeared while you were typing. Pause a moment, then type here.",
                ));
                true
            }
            _ => {
                self.astray = None;
                false
            }
        }
    }

    fn wanted(&self) -> &'static str {
        match self.way {
            SignInWay::Token(_) => "token",
            SignInWay::Password | SignInWay::Session(_) | SignInWay::OAuth => "password",
        }
    }

    fn accept(&mut self, cx: &mut Context<'_>) {
        if self.secret.is_empty() {
            let wanted = self.wanted();
            cx.notify(Notice::hint(format!("Type or paste your {wanted} first.")));
            return;
        }
        let Some(server) = &cx.session.server else {
            return;
        };
        let client = server.client.signed_out();
        let secret = self.secret.secret();
        match self.way {
            SignInWay::Token(_) => {
                let token = Secret::new(secret.expose().trim().to_owned());
                let ask = async move |_| {
                    let signed_in = client.sign_in_with_token(&token).await?;
                    Ok(SignInStep::Done(signed_in))
                };
                self.load.ask_once(ask, cx);
            }
            SignInWay::Password | SignInWay::Session(_) | SignInWay::OAuth => {
                let user = self.user.clone();
                let ask = async move |_| client.sign_in(&user, &secret).await;
                self.load.ask_once(ask, cx);
            }
        }
    }

    fn failed(&mut self, error: Error) {
        self.code = None;
        if super::is_final(&error.kind) {
            self.secret.clear();
        }
        self.load.fail(error);
    }
}

impl Layer for SignInAgain {
    fn mode(&self) -> Mode {
        if self.code.is_some() {
            Mode::Code
        } else {
            Mode::SignInAgain
        }
    }

    fn is_overlay(&self) -> bool {
        true
    }

    fn purpose(&self) -> String {
        let back = keymap::key(self.mode(), Action::Back);
        format!(
            "Your session has ended, or your password has changed. Sign in again to continue what you were \
             doing. Press {back} to give up and go back to the first sign-in."
        )
    }

    fn crumbs(&self) -> Vec<Crumb> {
        Vec::new()
    }

    fn step(&self, _view: View<'_>) -> Step {
        match &self.code {
            Some(code) => code.step(),
            None if self.wanted() == "token" => {
                Step::press("Paste the token again, then press {}.", &[Action::Accept])
            }
            None => Step::press(
                "Sign in again: type the password, then press {}.",
                &[Action::Accept],
            ),
        }
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Context<'_>) -> bool {
        if keymap::is_text(key) && self.is_astray(cx) {
            return true;
        }
        if let Some(code) = &mut self.code {
            return code.type_key(key, cx);
        }
        let taken = !self.load.is_pending() && self.secret.handle(key);
        if taken {
            self.load.forgive();
        }
        taken
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        self.astray = Some(cx.now.uptime);
    }

    fn hides_text(&self) -> bool {
        true
    }

    fn paste(&mut self, text: &str, cx: &mut Context<'_>) -> Result<(), TooLong> {
        if let Some(code) = &mut self.code {
            return code.paste(text, cx);
        }
        if !self.load.is_pending() {
            self.secret.paste(text)?;
            self.astray = None;
            self.load.forgive();
        }
        Ok(())
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        if self.is_astray(cx) {
            return;
        }
        if let Some(code) = &mut self.code {
            if action == Action::Back {
                code.wait_mut().cancel(cx);
                self.code = None;
            } else {
                code.update(action, cx);
            }
            return;
        }
        match action {
            Action::Back if self.load.is_pending() => self.load.cancel(cx),
            Action::Back => cx.close_with(Outcome::NotSignedInAgain),
            Action::Accept if !self.load.is_pending() => self.accept(cx),
            _ => {}
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        let code = self.code.iter().map(CodeEntry::wait);
        [self.load.wait()].into_iter().chain(code).collect()
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        let code = self.code.iter_mut().map(CodeEntry::wait_mut);
        [self.load.wait_mut()].into_iter().chain(code).collect()
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(code) = &mut self.code {
            match code.reply(reply) {
                Some(Ok(signed_in)) => cx.close_with(Outcome::SignedInAgain(signed_in)),
                Some(Err(error)) => self.failed(error),
                None => {}
            }
            return;
        }
        match self.load.take(reply) {
            Some(Ok(SignInStep::Done(signed_in))) => {
                cx.close_with(Outcome::SignedInAgain(signed_in));
            }
            Some(Ok(SignInStep::SecondStep(step))) => self.code = Some(CodeEntry::new(step)),
            Some(Err(error)) => self.failed(error),
            None => {}
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        if let Some(code) = &self.code {
            let size = (WIDTH.min(area.width), HEIGHT_WITH_PROBLEM.min(area.height));
            let inside = popup::open(frame, area, size, "Two-step verification", theme);
            Form::show_within(frame, inside, theme, |form| code.draw(form, view));
            return;
        }
        let problem = match (self.load.failure(), &view.session.server) {
            (Some(error), Some(server)) => {
                let base = server.client.base();
                let is_password = !matches!(self.way, SignInWay::Token(_));
                let attempt = if is_password {
                    Attempt::SignIn(base)
                } else {
                    Attempt::UseToken(base)
                };
                let mut problem = Problem::explain(error, attempt);
                if is_password && error.kind == ErrorKind::WrongPassword {
                    // The user name was right before, and cannot be changed here.
                    problem.why = "Bitbucket does not accept this password.".to_owned();
                    problem.next =
                        "Type it again. After several wrong ones Bitbucket asks for a captcha."
                            .to_owned();
                }
                if OtherWay::Browser.helps_after(&error.kind) {
                    // That way is not in this box.
                    let back = keymap::key(self.mode(), Action::Back);
                    problem.next = format!("Press {back}, then choose In the browser.");
                }
                Some(problem)
            }
            _ => None,
        };
        let height = if problem.is_some() {
            HEIGHT_WITH_PROBLEM
        } else {
            HEIGHT
        };
        let size = (WIDTH.min(area.width), height.min(area.height));
        let inside = popup::open(frame, area, size, "Sign in again", theme);
        Form::show_within(frame, inside, theme, |form| self.draw(form, problem, view));
    }
}

impl SignInAgain {
    fn draw(&self, form: &mut Form<'_, '_>, problem: Option<Problem>, view: View<'_>) {
        let theme = view.theme;
        if problem.is_none() {
            let why = match self.way {
                SignInWay::Session(_) => "Your session has ended.",
                SignInWay::Token(_) => "The token no longer works: it has expired or was revoked.",
                SignInWay::Password | SignInWay::OAuth => {
                    "Bitbucket no longer accepts your password. Was it changed?"
                }
            };
            form.sign("!", theme.warning, why);
            let next = view.session.unfinished.as_ref().map_or_else(
                || "Sign in again to continue what you were doing.".to_owned(),
                |unfinished| format!("{unfinished} Everything that you typed is still there."),
            );
            form.sign("", theme.text, &next);
            form.gap();
        }
        let name = if view.session.share {
            "•".repeat(self.user.chars().count())
        } else {
            self.user.clone()
        };
        let label = if self.wanted() == "token" {
            "Token"
        } else {
            form.fixed("User name", &name);
            "Password"
        };
        form.secret_field(label, &self.secret, !self.load.is_pending());
        form.gap();
        if let Some(waited) = self.load.waiting(view.now) {
            form.waiting(waited, "Signing in");
        } else if let Some(problem) = problem {
            form.rest(|frame, area| problem.draw(frame, area, view));
        } else {
            let ready = !self.secret.is_empty();
            let press = keymap::press(Mode::SignInAgain, Action::Accept);
            form.button("Sign in", if ready { &press } else { "" }, ready);
        }
    }
}
