//! Sign in with a token that somebody has already, to look around.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::bitbucket::{ErrorKind, SignedIn};
use crate::secret::Secret;
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait};
use crate::ui::notice::Notice;
use crate::ui::place::Crumb;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::reply::Reply;
use crate::ui::step::Step;
use crate::widget::field::TooLong;
use crate::widget::form::Form;
use crate::widget::secret_field::SecretField;

/// One field for the token.
#[derive(Debug, Default)]
pub(in crate::screen) struct WithToken {
    token: SecretField,
    load: Load<SignedIn>,
}

impl WithToken {
    fn accept(&mut self, cx: &mut Context<'_>) {
        let token = self.token.secret();
        let token = token.expose().trim();
        if token.is_empty() {
            cx.notify(Notice::hint("Paste the token first."));
        } else if let Some(server) = &cx.session.server {
            let client = server.client.clone();
            let token = Secret::new(token.to_owned());
            let ask = async move |_| client.sign_in_with_token(&token).await;
            self.load.ask_once(ask, cx);
        }
    }
}

impl Layer for WithToken {
    fn mode(&self) -> Mode {
        Mode::Form
    }

    fn purpose(&self) -> String {
        format!(
            "Look around with an HTTP access token that you already have, and see what it reaches. Paste \
             it: it stays masked, is sent only to the server, and is kept only in memory. {}",
            only_looks()
        )
    }

    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::keep("Sign in"), Crumb::keep("An existing token")]
    }

    fn step(&self, _view: View<'_>) -> Step {
        Step::press(
            "Paste the token, then press {}. With a token, you can only look around.",
            &[Action::Accept],
        )
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        let taken = !self.load.is_pending() && self.token.handle(key);
        if taken {
            self.load.forgive();
        }
        taken
    }

    fn hides_text(&self) -> bool {
        true
    }

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) -> Result<(), TooLong> {
        if self.load.is_pending() {
            return Ok(());
        }
        self.token.paste(text)?;
        self.load.forgive();
        Ok(())
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Back if self.load.is_pending() => {
                self.load.cancel(cx);
                cx.notify(Notice::hint("Stopped signing in."));
            }
            Action::Back => cx.close(),
            Action::Accept if !self.load.is_pending() => self.accept(cx),
            _ => {}
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        vec![self.load.wait()]
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        vec![self.load.wait_mut()]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        match self.load.take(reply) {
            Some(Ok(signed_in)) => cx.go_in(signed_in),
            Some(Err(error)) => {
                if matches!(error.kind, ErrorKind::WrongPassword | ErrorKind::Invalid) {
                    self.token.clear();
                }
                self.load.fail(error);
            }
            None => {}
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        Form::show(frame, area, view.theme, |form| self.draw(form, view));
    }
}

impl WithToken {
    fn draw(&self, form: &mut Form<'_, '_>, view: View<'_>) {
        let theme = view.theme;
        if self.load.failure().is_some() {
            form.expect_problem();
        }
        form.heading("Which token?");
        form.text(
            "Paste an HTTP access token that you have already: it shows you what it reaches.",
        );
        form.sign(
            "!",
            theme.warning,
            &format!("You can only look around. {}", only_looks()),
        );
        form.gap();
        form.secret_field("Token", &self.token, !self.load.is_pending());
        form.gap();
        if let Some(waited) = self.load.waiting(view.now) {
            form.waiting(waited, "Signing in");
        } else if let (Some(error), Some(server)) = (self.load.failure(), &view.session.server) {
            let problem = Problem::explain(error, Attempt::UseToken(server.client.base()));
            form.rest(|frame, area| problem.draw(frame, area, view));
        } else {
            let ready = !self.token.is_empty();
            let press = keymap::press(Mode::Form, Action::Accept);
            form.button("Look around", if ready { &press } else { "" }, ready);
        }
    }
}

/// What no token can do, and what to do instead.
fn only_looks() -> String {
    let back = keymap::key(Mode::Form, Action::Back);
    format!(
        "Tokens cannot create, change or revoke tokens: for that, press {back} and sign in with a password."
    )
}
