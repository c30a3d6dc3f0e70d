//! The screens, and the one place where calls are handed to the right one.

pub mod activity;
pub mod browse;
pub mod connect;
pub mod git_setup;
pub mod help;
pub mod in_browser;
pub(crate) mod leaving;
pub mod new_token;
pub mod question;
pub mod ready;
pub(crate) mod revocation;
pub mod save;
pub mod sign_in;
pub mod tokens;
pub mod which_kind;

use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use self::question::{Choice, Question, Subject};
use crate::bitbucket::Error;
use crate::clock::Moment;
use crate::theme::Theme;
use crate::ui::context::{Context, Session};
use crate::ui::event::{Answer, Done, Ended};
use crate::ui::keymap::{Action, Mode};
use crate::ui::load::{Load, Ticket};
use crate::ui::place::Crumb;
use crate::widget::spinner;

/// What a screen is drawn with.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// How things look.
    pub theme: &'a Theme,
    /// The moment of the last event.
    pub now: Moment,
    /// The run and the sign-in.
    pub session: &'a Session,
}

/// What every screen can do. The defaults are those of a screen that only shows something.
pub trait Layer {
    /// Where its keys come from.
    fn modes(&self) -> &'static [Mode];
    /// What the screen is for and what to do, in up to three sentences, for `?`.
    fn purpose(&self) -> &'static str {
        ""
    }
    /// Where we are, in Bitbucket's own words.
    fn crumbs(&self) -> Vec<Crumb>;
    /// What the user does next on the way to a token, to be read aloud.
    fn step(&self) -> &'static str;
    /// Draws it.
    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>);
    /// Acts on what a key means.
    fn update(&mut self, action: Action, cx: &mut Context<'_>);
    /// Whether a text field has the focus: then letters are text.
    fn is_typing(&self) -> bool {
        false
    }
    /// Takes a key as text, if a text field has the focus; false: it was none for it.
    fn type_key(&mut self, _key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        false
    }
    /// Takes pasted text, if a text field has the focus.
    fn paste(&mut self, _text: &str, _cx: &mut Context<'_>) {}
    /// Everything that it may be waiting for.
    fn loads(&self) -> Vec<&Load> {
        Vec::new()
    }
    /// The same, to give up waiting.
    fn loads_mut(&mut self) -> Vec<&mut Load> {
        Vec::new()
    }
    /// Takes in the answer to one of its questions.
    fn reply(&mut self, _ticket: Ticket, _result: Result<Answer, Error>, _cx: &mut Context<'_>) {}
    /// Learns what became of a change that it asked for.
    fn ended(&mut self, _ticket: Ticket, _ended: Ended, _cx: &mut Context<'_>) {}
    /// Learns what became of something that it had done on this computer.
    fn done(&mut self, _ticket: Ticket, _done: Done, _cx: &mut Context<'_>) {}
    /// Learns what a question was answered with.
    fn answered(&mut self, _subject: Subject, _choice: Choice, _cx: &mut Context<'_>) {}
    /// It has just come to the top for the first time.
    fn open(&mut self, _cx: &mut Context<'_>) {}
    /// It was hidden by another screen and is on the top again.
    fn resume(&mut self, _cx: &mut Context<'_>) {}
    /// Time has passed.
    fn time(&mut self, _cx: &mut Context<'_>) {}
    /// When it changes by itself, apart from spinners.
    fn deadline(&self, _session: &Session) -> Option<Duration> {
        None
    }
    /// The window lost the focus: hide what is secret.
    fn focus_lost(&mut self) {}
    /// Why nobody may leave now: something is under way that must not be dropped.
    fn holds_on(&self) -> Option<String> {
        None
    }
    /// Whether somebody has filled something in that would be gone with the screen.
    fn holds_input(&self) -> bool {
        false
    }
}

macro_rules! screens {
    ($($name:ident($type:ty)),* $(,)?) => {
        /// One screen of the stack.
        #[derive(Debug)]
        pub enum Screen {
            $(
                #[doc = concat!("See [`", stringify!($type), "`].")]
                $name(Box<$type>),
            )*
        }

        $(
            impl From<$type> for Screen {
                fn from(screen: $type) -> Self {
                    Self::$name(Box::new(screen))
                }
            }
        )*

        macro_rules! each {
            ($screen:expr, $inner:ident => $call:expr) => {
                match $screen {
                    $(Screen::$name($inner) => $call,)*
                }
            };
        }
    };
}

screens! {
    Connect(connect::Connect),
    SignIn(sign_in::SignIn),
    WithToken(sign_in::token::WithToken),
    WithOAuth(sign_in::oauth::WithOAuth),
    InBrowser(in_browser::InBrowser),
    SignInAgain(sign_in::again::SignInAgain),
    Browse(browse::Browse),
    Tokens(tokens::Tokens),
    WhichKind(which_kind::WhichKind),
    NewToken(new_token::NewToken),
    Ready(ready::Ready),
    GitSetup(git_setup::GitSetup),
    Save(save::Save),
    Activity(activity::Activity),
    Help(help::Help),
    Question(Question),
}

/// All sets of modes that can be in force together.
pub const ALL_MODES: &[&[Mode]] = &[
    connect::MODES,
    sign_in::MODES,
    sign_in::token::MODES,
    sign_in::oauth::MODES,
    in_browser::MODES,
    sign_in::again::MODES,
    sign_in::code::MODES,
    browse::MODES,
    tokens::MODES,
    which_kind::MODES,
    tokens::DETAILS_MODES,
    new_token::MODES,
    ready::MODES,
    git_setup::MODES,
    save::MODES,
    activity::MODES,
    help::MODES,
    question::MODES,
];

impl Layer for Screen {
    fn modes(&self) -> &'static [Mode] {
        each!(self, screen => screen.modes())
    }
    fn purpose(&self) -> &'static str {
        each!(self, screen => screen.purpose())
    }
    fn crumbs(&self) -> Vec<Crumb> {
        each!(self, screen => screen.crumbs())
    }
    fn step(&self) -> &'static str {
        each!(self, screen => screen.step())
    }
    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        each!(self, screen => screen.view(frame, area, view));
    }
    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        each!(self, screen => screen.update(action, cx));
    }
    fn is_typing(&self) -> bool {
        each!(self, screen => screen.is_typing())
    }
    fn type_key(&mut self, key: KeyEvent, cx: &mut Context<'_>) -> bool {
        each!(self, screen => screen.type_key(key, cx))
    }
    fn paste(&mut self, text: &str, cx: &mut Context<'_>) {
        each!(self, screen => screen.paste(text, cx));
    }
    fn loads(&self) -> Vec<&Load> {
        each!(self, screen => screen.loads())
    }
    fn loads_mut(&mut self) -> Vec<&mut Load> {
        each!(self, screen => screen.loads_mut())
    }
    fn reply(&mut self, ticket: Ticket, result: Result<Answer, Error>, cx: &mut Context<'_>) {
        each!(self, screen => screen.reply(ticket, result, cx));
    }
    fn done(&mut self, ticket: Ticket, done: Done, cx: &mut Context<'_>) {
        each!(self, screen => screen.done(ticket, done, cx));
    }
    fn ended(&mut self, ticket: Ticket, ended: Ended, cx: &mut Context<'_>) {
        each!(self, screen => screen.ended(ticket, ended, cx));
    }
    fn answered(&mut self, subject: Subject, choice: Choice, cx: &mut Context<'_>) {
        each!(self, screen => screen.answered(subject, choice, cx));
    }
    fn open(&mut self, cx: &mut Context<'_>) {
        each!(self, screen => screen.open(cx));
    }
    fn resume(&mut self, cx: &mut Context<'_>) {
        each!(self, screen => screen.resume(cx));
    }
    fn time(&mut self, cx: &mut Context<'_>) {
        each!(self, screen => screen.time(cx));
    }
    fn deadline(&self, session: &Session) -> Option<Duration> {
        each!(self, screen => screen.deadline(session))
    }
    fn focus_lost(&mut self) {
        each!(self, screen => screen.focus_lost());
    }
    fn holds_on(&self) -> Option<String> {
        each!(self, screen => screen.holds_on())
    }
    fn holds_input(&self) -> bool {
        each!(self, screen => screen.holds_input())
    }
}

impl Screen {
    /// Whether it lies over the screen below instead of hiding it.
    #[must_use]
    pub fn is_overlay(&self) -> bool {
        matches!(
            self,
            Self::Activity(_)
                | Self::Help(_)
                | Self::Question(_)
                | Self::Save(_)
                | Self::SignInAgain(_)
        )
    }

    /// Whether one of its questions has this ticket.
    #[must_use]
    pub fn awaits(&self, ticket: Ticket) -> bool {
        self.loads().into_iter().any(|load| load.awaits(ticket))
    }

    /// When it changes by itself, in time since the start.
    #[must_use]
    pub fn next_change(&self, now: Moment, session: &Session) -> Option<Duration> {
        let loads = self.loads();
        let spinners = loads
            .into_iter()
            .filter_map(|load| load.waiting(now))
            .map(|waited| now.uptime + spinner::next_change(waited));
        spinners.chain(self.deadline(session)).min()
    }

    /// Gives up waiting for all its answers.
    pub fn close(&mut self, cx: &mut Context<'_>) {
        for load in self.loads_mut() {
            load.cancel(cx);
        }
    }

    /// Why no token can be created here.
    #[must_use]
    pub fn refuses_new(&self, session: &Session) -> Option<String> {
        match self {
            _ if session.only_looks() => Some(only_looks("create")),
            Self::Browse(browse) => browse.refuses_new(session),
            Self::Tokens(tokens) => tokens.refuses_new(session),
            _ => None,
        }
    }

    /// Why it does not matter here which kind of token is right.
    #[must_use]
    pub fn refuses_which_kind(&self, session: &Session) -> Option<String> {
        session.only_looks().then(|| only_looks("create"))
    }

    /// Why there is no Security section here.
    #[must_use]
    pub fn refuses_security(&self, _session: &Session) -> Option<String> {
        match self {
            Self::Browse(browse) => browse.refuses_security(),
            _ => None,
        }
    }

    /// Why there is nothing to filter here.
    #[must_use]
    pub fn refuses_filter(&self, _session: &Session) -> Option<String> {
        match self {
            Self::Browse(browse) => browse.refuses_filter(),
            _ => None,
        }
    }

    /// Why there is no way to the personal tokens.
    #[must_use]
    pub fn refuses_account(&self, session: &Session) -> Option<String> {
        match self {
            _ if session.has_no_account() => Some(
                "You are signed in with the token of a project or repository: it has no account of its own.".to_owned(),
            ),
            Self::Tokens(tokens) => tokens.refuses_account(),
            _ => None,
        }
    }

    /// Why nothing can be revoked here.
    #[must_use]
    pub fn refuses_revoke(&self, session: &Session) -> Option<String> {
        match self {
            Self::Tokens(_) if session.only_looks() => Some(only_looks("revoke")),
            Self::Tokens(tokens) => tokens.refuses_revoke(),
            Self::Question(question) => question.refuses_revoke(),
            _ => None,
        }
    }

    /// Why the token cannot be shown here.
    #[must_use]
    pub fn refuses_reveal(&self, session: &Session) -> Option<String> {
        let reason = "Share mode is on: nothing secret is shown. F2 ends it.";
        session.share.then(|| reason.to_owned())
    }

    /// Why git cannot be set up with this token.
    #[must_use]
    pub fn refuses_git(&self, session: &Session) -> Option<String> {
        match self {
            Self::Ready(ready) => ready.refuses_git(session),
            _ => None,
        }
    }

    /// Why there is nothing to take away from git.
    #[must_use]
    pub fn refuses_undo(&self, _session: &Session) -> Option<String> {
        match self {
            Self::Ready(ready) => ready.refuses_undo(),
            Self::Tokens(tokens) => tokens.refuses_undo(),
            _ => None,
        }
    }

    /// Why the token cannot be saved.
    #[must_use]
    pub fn refuses_save(&self, session: &Session) -> Option<String> {
        let reason = "Share mode is on: nothing secret is saved. F2 ends it.";
        session.share.then(|| reason.to_owned())
    }

    /// Why there is no line for a build server.
    #[must_use]
    pub fn refuses_build_line(&self, _session: &Session) -> Option<String> {
        match self {
            Self::Ready(ready) => ready.refuses_build_line(),
            _ => None,
        }
    }

    /// Why there is no request to copy.
    #[must_use]
    pub fn refuses_curl(&self, session: &Session) -> Option<String> {
        match self {
            Self::Activity(activity) => activity.refuses_curl(session),
            _ => None,
        }
    }

    /// Why there is no clone command here.
    #[must_use]
    pub fn refuses_clone_command(&self, _session: &Session) -> Option<String> {
        match self {
            Self::Ready(ready) => ready.refuses_clone_command(),
            _ => None,
        }
    }
}

/// Why somebody who has signed in with a token cannot do this, and who can.
fn only_looks(what: &str) -> String {
    format!(
        "You look around with a token, and no token may {what} tokens. Go back with esc until you are signed out, then sign in with a password or in the browser."
    )
}
