//! Sign in: user name and password, asked of the server once.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use super::browse::Browse;
use super::{Layer, View};
use crate::app::context::{Context, Move};
use crate::app::effect::Query;
use crate::app::event::Answer;
use crate::app::keymap::{Action, Mode};
use crate::app::load::{Load, Ticket};
use crate::app::notice::Notice;
use crate::app::place::Crumb;
use crate::app::problem::{Attempt, Problem};
use crate::bitbucket::{Error, ErrorKind};
use crate::secret::Secret;
use crate::widget::field;
use crate::widget::form::Form;
use crate::widget::secret_field::SecretField;

/// The modes of this screen.
pub const MODES: &[Mode] = &[Mode::Form, Mode::Anywhere];

/// Who may create tokens in the demo; her password is her name.
const DEMO_USER: &str = "alice";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    User,
    Password,
}

/// User name and password.
#[derive(Debug)]
pub struct SignIn {
    user: Input,
    password: SecretField,
    focus: Focus,
    /// User and password are still the ones that the demo proposes.
    is_proposed: bool,
    load: Load,
}

impl SignIn {
    /// Empty; in the demo filled in, so that enter is enough.
    #[must_use]
    pub fn new(demo: bool) -> Self {
        let (user, password, focus) = if demo {
            let password = SecretField::from_secret(&Secret::new(DEMO_USER.to_owned()));
            (Input::from(DEMO_USER), password, Focus::Password)
        } else {
            (Input::default(), SecretField::default(), Focus::User)
        };
        Self {
            user,
            password,
            focus,
            is_proposed: demo,
            load: Load::default(),
        }
    }

    /// Whoever types after a refused password has read why.
    fn forgive_wrong_password(&mut self) {
        let failure = self.load.failure();
        if failure.is_some_and(|error| error.kind == ErrorKind::WrongPassword) {
            self.load.forgive();
        }
    }

    /// What is typed takes the place of what the demo proposes; another user has another password.
    fn drop_proposal(&mut self) {
        if std::mem::take(&mut self.is_proposed) {
            self.password.clear();
            if self.focus == Focus::User {
                self.user.reset();
            }
        }
    }

    /// Goes to what is still empty; where nothing is, asks the server.
    fn accept(&mut self, cx: &mut Context<'_>) {
        if self.user.value().trim().is_empty() {
            self.focus = Focus::User;
            cx.notify(Notice::hint("Type your user name first."));
        } else if self.password.is_empty() {
            if self.focus == Focus::Password {
                cx.notify(Notice::hint("Type your password first."));
            }
            self.focus = Focus::Password;
        } else if let Some(server) = &cx.session.server {
            let query = Query::SignIn {
                client: server.client.clone(),
                user: self.user.value().trim().to_owned(),
                password: self.password.secret(),
            };
            self.load.ask(query, cx);
        }
    }
}

impl Layer for SignIn {
    fn modes(&self) -> &'static [Mode] {
        MODES
    }

    fn purpose(&self) -> &'static str {
        "Sign in with the user name and the password that you use for Bitbucket's web pages. The password goes to the server alone, is kept in memory only, and is forgotten when the program ends."
    }

    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::keep("Sign in")]
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        if self.load.is_pending() || !field::is_editing(key) {
            return false;
        }
        if !matches!(
            key.code,
            KeyCode::Left | KeyCode::Right | KeyCode::Home | KeyCode::End
        ) {
            self.drop_proposal();
        }
        match self.focus {
            Focus::User => field::edit(&mut self.user, key),
            Focus::Password => {
                self.forgive_wrong_password();
                self.password.handle(key)
            }
        }
    }

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) {
        if self.load.is_pending() {
            return;
        }
        self.drop_proposal();
        match self.focus {
            Focus::User => field::insert(&mut self.user, text),
            Focus::Password => {
                self.forgive_wrong_password();
                self.password.paste(text);
            }
        }
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Back if self.load.is_pending() => {
                self.load.cancel(cx);
                cx.notify(Notice::hint("Stopped signing in."));
            }
            _ if self.load.is_pending() => {}
            Action::Back => cx.pop(),
            Action::Accept => self.accept(cx),
            Action::NextField | Action::PreviousField => {
                self.focus = match self.focus {
                    Focus::User => Focus::Password,
                    Focus::Password => Focus::User,
                };
            }
            _ => {}
        }
    }

    fn loads(&self) -> Vec<&Load> {
        vec![&self.load]
    }

    fn loads_mut(&mut self) -> Vec<&mut Load> {
        vec![&mut self.load]
    }

    fn reply(&mut self, ticket: Ticket, result: Result<Answer, Error>, cx: &mut Context<'_>) {
        if !self.load.takes(ticket) {
            return;
        }
        match result {
            Ok(Answer::SignedIn(signed_in)) => {
                if let Some(server) = &mut cx.session.server {
                    server.client = signed_in.client;
                }
                cx.session.user = Some(signed_in.user);
                cx.session.way = Some(signed_in.way);
                cx.moves.push(Move::Replace(Browse::new().into()));
            }
            Ok(_) => {}
            Err(error) => {
                self.focus = Focus::Password;
                if error.kind == ErrorKind::WrongPassword {
                    // Typing goes on from nothing, and enter cannot send it a second time.
                    self.password = SecretField::default();
                }
                self.load.fail(error);
            }
        }
    }

    fn step(&self) -> &'static str {
        "Step 2 of 6: type the user name and the password, then press enter."
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let editable = !self.load.is_pending();
        let mut form = Form::new(frame, area, theme);
        if self.load.failure().is_some() {
            form.expect_problem();
        }
        form.heading("Who are you?");
        if view.session.demo {
            form.text("Practice: enter signs you in as alice, who administers two projects. Tokens made here work only here. Or type bob over it, who administers no shared project; each password is the user's name.");
        } else {
            form.text("The user name and the password that you use for Bitbucket's web pages.");
        }
        let user = if view.session.share {
            let bullets = "•".repeat(self.user.value().chars().count());
            Input::new(bullets).with_cursor(self.user.cursor())
        } else {
            self.user.clone()
        };
        form.field("User name", &user, editable && self.focus == Focus::User);
        form.gap();
        form.secret_field(
            "Password",
            &self.password,
            editable && self.focus == Focus::Password,
        );
        form.gap();
        if let Some(waited) = self.load.waiting(view.now) {
            form.waiting(waited, "Signing in");
        } else if let (Some(error), Some(server)) = (self.load.failure(), &view.session.server) {
            let problem = Problem::explain(error, Attempt::SignIn(server.client.base()));
            form.rest(|frame, area| problem.draw(frame, area, view));
        } else {
            let ready = !self.user.value().is_empty() && !self.password.is_empty();
            form.button("Sign in", if ready { "press enter" } else { "" }, ready);
        }
    }
}
