//! How the sign-in looks.
//!
//! ```text
//!  Who are you?
//!
//!  The user name and the password that you use for Bitbucket's web pages.
//!
//!  User name  alice
//!
//!  Password   •••••
//!
//!             [ Sign in ]  press enter
//!
//!  Other ways
//!  › An existing token      to look around: it cannot create any tokens
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use super::way::takes_no_password;
use super::{Focus, OtherWay, SignIn};
use crate::bitbucket::ErrorKind;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::View;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::runs_out;
use crate::widget::form::Form;

impl SignIn {
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        Form::show(frame, area, view.theme, |form| {
            let has_failed = self.load.failure().is_some();
            if has_failed || matches!(self.focus, Focus::Other(_)) {
                form.expect_problem();
            }
            form.expect_low();
            self.draw_form(form, view);
        });
    }

    fn draw_form(&self, form: &mut Form<'_, '_>, view: View<'_>) {
        let theme = view.theme;
        let editable = !self.is_busy();
        let ways = OtherWay::offered(view.session);
        let press = keymap::press(Mode::Form, Action::Accept);
        form.heading("Who are you?");
        if view.session.demo {
            form.text(&format!(
                "For practice: {press} to sign in as alice, who administers two projects. Or type bob, who \
                 administers no shared project. Each password is the user's name. Tokens created here work \
                 only here."
            ));
        } else if takes_no_password(view.session) {
            form.text(&format!(
                "You can sign in to this Bitbucket only on your company's page (single sign-on), so a \
                 password does not work here. To continue in the browser, {press}."
            ));
        } else {
            form.text("The user name and the password that you use for Bitbucket's web pages.");
        }
        // Where something has gone wrong, that needs the room.
        let server = view.session.server.as_ref();
        if let Some(server) = server.filter(|_| self.load.failure().is_none()) {
            if let Some(lack) = server.lack() {
                form.sign("!", theme.warning, &lack);
                form.gap();
            } else if !view.session.demo {
                form.aside(&server.summary());
            }
        }
        if self.load.failure().is_none() {
            self.clone.draw(form, theme, view.session.share);
            let server = server.map(|server| server.client.base());
            runs_out::draw(form, server, view);
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
            return;
        }
        if let Some(waited) = self.asking_git.waiting(view.now) {
            form.waiting(waited, "Asking git's credential helpers");
            return;
        }
        if let (Some(error), Some(server)) = (self.load.failure(), &view.session.server) {
            let mut problem = Problem::explain(error, Attempt::SignIn(server.client.base()));
            if let (ErrorKind::WrongPassword, None, Some((label, _))) =
                (&error.kind, error.exception(), server.info.provider())
            {
                // Whoever comes in through a provider has no password here, and is told no more.
                problem.next.push_str(&format!(
                    " Do you sign in with \"{label}\"? Then choose In the browser."
                ));
            }
            form.rest(|frame, area| problem.draw(frame, area, view));
            form.gap();
        }
        let is_complete = !self.user.value().is_empty() && !self.password.is_empty();
        let ready = is_complete && !matches!(self.focus, Focus::Other(_));
        form.button("Sign in", if ready { &press } else { "" }, ready);
        form.gap();
        form.note("Other ways");
        for way in ways {
            let focused = self.focus == Focus::Other(way);
            form.choice(way.title(), &way.explanation(view.session), focused);
        }
    }
}
