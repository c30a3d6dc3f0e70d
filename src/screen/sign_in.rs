//! Sign in: user name and password, asked of the server once; or one of the other ways below.

pub(super) mod again;
mod code;
mod in_clone;
pub(super) mod oauth;
pub(super) mod token;
mod view;
mod way;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use self::code::CodeEntry;
use self::in_clone::InClone;
use self::way::{OtherWay, takes_no_password};
use crate::bitbucket::{Error, ErrorKind, SignIn as SignInStep};
use crate::environment::Environment;
use crate::git::{self, Kept};
use crate::secret::Secret;
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait, Work};
use crate::ui::notice::Notice;
use crate::ui::place::Crumb;
use crate::ui::reply::Reply;
use crate::ui::route::Route;
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::widget::field::{self, TooLong};
use crate::widget::secret_field::SecretField;

/// Who may create tokens in the demo; her password is her name.
const DEMO_USER: &str = "alice";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    User,
    Password,
    Other(OtherWay),
}

/// User name and password.
#[derive(Debug)]
pub(super) struct SignIn {
    user: Input,
    password: SecretField,
    focus: Focus,
    /// User and password are still the proposed ones.
    is_proposed: bool,
    load: Load<SignInStep>,
    /// The password was right, and a code is asked for.
    code: Option<CodeEntry>,
    /// Git is being asked for the password that it keeps.
    asking_git: Work<Result<Option<Kept>, git::Error>>,
    /// What the clone in the current directory tells.
    clone: InClone,
}

impl SignIn {
    /// With the configured user, or the one who signed in there last; in the demo all filled in, so
    /// that enter is enough.
    pub(super) fn new(session: &Session) -> Self {
        let server = session.server.as_ref();
        let last = || server.and_then(|server| session.state.user(server.client.base()));
        // Others watch: who was here before is none of their business.
        let last = || last().filter(|_| !session.share);
        let known = session.config.user.as_deref().or_else(last);
        let (user, password, focus) = if session.demo {
            // Whoever is told to type another name types it at once.
            let password = SecretField::from_secret(&Secret::new(DEMO_USER.to_owned()));
            (Input::from(DEMO_USER), password, Focus::User)
        } else if let Some(user) = known {
            (Input::from(user), SecretField::default(), Focus::Password)
        } else {
            (Input::default(), SecretField::default(), Focus::User)
        };
        let is_proposed = session.demo || known.is_some();
        let focus = if takes_no_password(session) {
            OtherWay::offered(session)
                .first()
                .map_or(Focus::User, |way| Focus::Other(*way))
        } else {
            focus
        };
        Self {
            user,
            password,
            focus,
            is_proposed,
            load: Load::default(),
            code: None,
            asking_git: Work::default(),
            clone: InClone::default(),
        }
    }

    /// Whoever types after a refused password has read why.
    fn forgive_wrong_password(&mut self) {
        let failure = self.load.failure();
        if failure.is_some_and(|error| error.kind == ErrorKind::WrongPassword) {
            self.load.forgive();
        }
    }

    /// What is typed takes the place of what is proposed; another user has another password.
    fn drop_proposal(&mut self) {
        if std::mem::take(&mut self.is_proposed) {
            self.password.clear();
            if self.focus == Focus::User {
                self.user.reset();
            }
        }
    }

    /// Takes the way under the cursor; in a field goes to what is still empty, and where nothing
    /// is, asks the server.
    fn accept(&mut self, cx: &mut Context<'_>) {
        if let Focus::Other(way) = self.focus {
            self.take(way, cx);
        } else if self.user.value().trim().is_empty() {
            self.focus = Focus::User;
            cx.notify(Notice::hint("Type your user name first."));
        } else if self.password.is_empty() {
            if self.focus == Focus::Password {
                cx.notify(Notice::hint("Type your password first."));
            }
            self.focus = Focus::Password;
        } else if let Some(server) = &cx.session.server {
            let client = server.client.clone();
            let user = self.user.value().trim().to_owned();
            let password = self.password.secret();
            let ask = async move |_| client.sign_in(&user, &password).await;
            self.load.ask_once(ask, cx);
        }
    }

    /// What enter does on one of the other ways.
    fn take(&mut self, way: OtherWay, cx: &mut Context<'_>) {
        match way {
            OtherWay::Browser => {
                let user = self.user.value().trim().to_owned();
                cx.open(Route::InBrowser {
                    user: Some(user),
                    place: None,
                });
            }
            OtherWay::OAuth => cx.open(Route::SignInWithOAuth),
            OtherWay::Token => cx.open(Route::SignInWithToken),
            OtherWay::GitPassword => self.ask_git(cx),
        }
    }

    /// Has git fill in what it keeps. It is sent only when the user presses enter after that: an old
    /// password brings the captcha nearer.
    fn ask_git(&mut self, cx: &mut Context<'_>) {
        let Some(server) = &cx.session.server else {
            return;
        };
        let address = server.client.base().to_string();
        let user = self.wanted_user(cx.session).map(str::to_owned);
        let ask = async move |environment: Environment| {
            git::kept_password(&environment, &address, user.as_deref()).await
        };
        self.asking_git.start(ask, cx);
    }

    /// Whose password is wanted; whoever the demo proposes is nobody.
    fn wanted_user(&self, session: &Session) -> Option<&str> {
        let user = self.user.value().trim();
        let is_nobody = user.is_empty() || (session.demo && self.is_proposed);
        (!is_nobody).then_some(user)
    }

    fn git_answered(&mut self, kept: Result<Option<Kept>, git::Error>, cx: &mut Context<'_>) {
        match kept {
            Ok(Some(kept)) => {
                self.user = Input::from(kept.user);
                self.password = SecretField::from_secret(&kept.password);
                self.is_proposed = false;
                self.focus = Focus::Password;
                self.load.forgive();
                let press = keymap::press(Mode::Form, Action::Accept);
                cx.notify(Notice::good(format!(
                    "Git has filled in what it has stored, which may be an old password or a token. To sign \
                     in with it, {press}."
                )));
            }
            Ok(None) => {
                let server = cx.session.server.as_ref();
                let host = server.map_or("this server", |server| server.client.base().host());
                let user = self.wanted_user(cx.session);
                let whose = user.map_or_else(String::new, |user| format!(" of {user}"));
                cx.notify(Notice::hint(format!(
                    "Git has no password{whose} stored for {host}. Type it instead."
                )));
            }
            Err(error) => cx.notify(Notice::bad(error.to_string())),
        }
    }

    fn is_busy(&self) -> bool {
        self.load.is_pending() || self.asking_git.is_pending()
    }

    /// Round and round through the fields and the other ways.
    fn go(&mut self, steps: isize, cx: &Context<'_>) {
        let mut stops = vec![Focus::User, Focus::Password];
        stops.extend(OtherWay::offered(cx.session).into_iter().map(Focus::Other));
        let here = stops.iter().position(|stop| *stop == self.focus);
        let here = here.unwrap_or_default().cast_signed();
        let target = (here + steps).rem_euclid(stops.len().cast_signed());
        self.focus = stops[target.cast_unsigned()];
    }

    fn failed(&mut self, error: Error, cx: &Context<'_>) {
        let ways = OtherWay::offered(cx.session).into_iter();
        let next = ways.into_iter().find(|way| way.helps_after(&error.kind));
        self.focus = next.map_or(Focus::Password, Focus::Other);
        self.code = None;
        if is_final(&error.kind) {
            // Typing goes on from nothing, and enter cannot send it a second time.
            self.password = SecretField::default();
        }
        self.load.fail(error);
    }
}

/// Whether the same password would fail again, or make it worse.
fn is_final(kind: &ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::WrongPassword
            | ErrorKind::Captcha { .. }
            | ErrorKind::AccountRefused(_)
            | ErrorKind::Denied
            | ErrorKind::Undescribed { .. }
    )
}

impl Layer for SignIn {
    fn mode(&self) -> Mode {
        if self.code.is_some() {
            Mode::Code
        } else {
            Mode::Form
        }
    }

    fn purpose(&self) -> String {
        "Sign in with the user name and the password that you use for Bitbucket's web pages. The password \
         is sent only to the server, is kept only in memory, and is forgotten when the program ends. If \
         Bitbucket does not accept passwords from programs, bbtoken signs in as the login page does. It \
         asks for a two-step verification code here. Other ways to sign in are below.".to_owned()
    }

    fn crumbs(&self) -> Vec<Crumb> {
        let mut crumbs = vec![Crumb::keep("Sign in")];
        if self.code.is_some() {
            crumbs.push(Crumb::keep("Two-step verification"));
        }
        crumbs
    }

    fn is_typing(&self) -> bool {
        self.code.is_some() || !matches!(self.focus, Focus::Other(_))
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Context<'_>) -> bool {
        if let Some(code) = &mut self.code {
            return code.type_key(key, cx);
        }
        if self.is_busy() || !self.is_typing() || !field::is_editing(key) {
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
            Focus::Other(_) => false,
        }
    }

    fn hides_text(&self) -> bool {
        self.code.is_some() || self.focus == Focus::Password
    }

    fn line(&self) -> Option<&str> {
        (self.focus == Focus::User).then(|| self.user.value())
    }

    fn paste(&mut self, text: &str, cx: &mut Context<'_>) -> Result<(), TooLong> {
        if let Some(code) = &mut self.code {
            return code.paste(text, cx);
        }
        if self.is_busy() {
            return Ok(());
        }
        match (self.focus, self.is_proposed) {
            (Focus::User, true) => field::replace(&mut self.user, text)?,
            (Focus::User, false) => field::insert(&mut self.user, text)?,
            (Focus::Password, true) => self.password.replace(text)?,
            (Focus::Password, false) => self.password.paste(text)?,
            (Focus::Other(_), _) => return Ok(()),
        }
        if self.focus == Focus::Password {
            self.forgive_wrong_password();
        } else if self.is_proposed {
            // Another user has another password.
            self.password.clear();
        }
        self.is_proposed = false;
        Ok(())
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        if let Some(code) = &mut self.code {
            if action == Action::Back {
                code.wait_mut().cancel(cx);
                self.code = None;
                cx.notify(Notice::hint("Stopped signing in."));
            } else {
                code.update(action, cx);
            }
            return;
        }
        match action {
            Action::Back if self.load.is_pending() => {
                self.load.cancel(cx);
                cx.notify(Notice::hint("Stopped signing in."));
            }
            Action::Back if self.asking_git.is_pending() => {
                self.asking_git.wait_mut().cancel(cx);
                cx.notify(Notice::hint("Stopped asking git."));
            }
            _ if self.is_busy() => {}
            Action::Back => cx.close(),
            Action::Accept => self.accept(cx),
            Action::NextField => self.go(1, cx),
            Action::PreviousField => self.go(-1, cx),
            _ => {}
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        let code = self.code.iter().map(CodeEntry::wait);
        [self.load.wait(), self.asking_git.wait()]
            .into_iter()
            .chain(code)
            .chain(self.clone.waits())
            .collect()
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        let code = self.code.iter_mut().map(CodeEntry::wait_mut);
        [self.load.wait_mut(), self.asking_git.wait_mut()]
            .into_iter()
            .chain(code)
            .collect()
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        self.clone.begin(cx);
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        self.hear_of_clone(reply, cx);
        if let Some(code) = &mut self.code {
            match code.reply(reply) {
                Some(Ok(signed_in)) => cx.go_in(signed_in),
                Some(Err(error)) => self.failed(error, cx),
                None => {}
            }
        } else if let Some(result) = self.load.take(reply) {
            match result {
                Ok(SignInStep::Done(signed_in)) => cx.go_in(signed_in),
                Ok(SignInStep::SecondStep(step)) => self.code = Some(CodeEntry::new(step)),
                Err(error) => self.failed(error, cx),
            }
        } else if let Some(kept) = self.asking_git.take(reply) {
            self.git_answered(kept, cx);
        }
    }

    fn step(&self, _view: View<'_>) -> Step {
        if let Some(code) = &self.code {
            return code.step();
        }
        if self.is_busy() {
            return Step::press("Wait for the answer, or press {} to stop.", &[Action::Back]);
        }
        let has_user = !self.user.value().trim().is_empty();
        match self.focus {
            Focus::Other(way) => way.step(),
            _ if !has_user => Step::press(
                "Step 2 of 6: type your user name and password, then press {}.",
                &[Action::Accept],
            ),
            _ if self.password.is_empty() => Step::press(
                "Step 2 of 6: type the password, then press {}.",
                &[Action::Accept],
            ),
            _ => Step::press("Step 2 of 6: press {} to sign in.", &[Action::Accept]),
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        match &self.code {
            Some(code) => code.draw_screen(frame, area, view),
            None => self.draw(frame, area, view),
        }
    }
}
