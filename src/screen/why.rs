//! Why is git refused in this clone? What it would send, what the server says to that, and the way out.
//!
//! ```text
//!  ✗ git's token for this clone expired 3 days ago.
//!
//!  goes to  origin, https://git.example.com/scm/plat/billing-api.git
//!  sends    the token "git on laptop" (id 123456789012), as Bearer, from its helper
//!  fetch    401, it does not know who asks: "Authentication failed …"
//!
//!  → Press enter to make a new token in its place.
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::bitbucket::{Destination, Scope};
use crate::clipboard::{Copied, CopyError};
use crate::environment::Environment;
use crate::git::{self, Remote};
use crate::operation::whereabouts;
use crate::operation::why::{From, Question, Remedy, Sends, Why as Answer, why};
use crate::ui::context::Context;
use crate::ui::effect::Text;
use crate::ui::in_the_way;
use crate::ui::keymap::{Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Wait, Work};
use crate::ui::mending::Mending;
use crate::ui::notice::Notice;
use crate::ui::place::Crumb;
use crate::ui::question::{Choice, Question as Asked, Subject};
use crate::ui::reply::Reply;
use crate::ui::route::{Move, Outcome, Route};
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::widget::{column, lines, scroll, spinner};

const LABEL: usize = 9;

/// Why git is refused in the clone in the current directory.
#[derive(Debug, Default)]
pub(super) struct Why {
    finding: Work<Option<Remote>>,
    remote: Option<Remote>,
    looking: Work<Result<Answer, git::Error>>,
    answer: Option<Answer>,
    failure: Option<String>,
    /// Somebody has said that a person's password may be sent.
    sends_password: bool,
    mending: Mending,
    copying: Work<Result<Copied, CopyError>>,
    scroll: usize,
}

impl Why {
    fn find(&mut self, cx: &mut Context<'_>) {
        let Some(server) = &cx.session.server else {
            return;
        };
        let base = server.client.base().clone();
        let find = async move |environment: Environment| {
            whereabouts::remote_to(&git::remotes_of_clone(&environment).await, &base)
        };
        self.finding.start(find, cx);
    }

    fn look(&mut self, cx: &mut Context<'_>) {
        let (Some(remote), Some(server)) = (&self.remote, &cx.session.server) else {
            return self.find(cx);
        };
        self.failure = None;
        self.scroll = 0;
        let client = server.client.clone();
        let person = cx
            .session
            .user
            .as_ref()
            .filter(|_| !cx.session.only_looks());
        let question = Question {
            from: From::Remote(remote.name.clone()),
            sends_password: self.sends_password,
            runs_git: true,
            reader: person.map(|_| client.clone()),
            user: person.map(|person| person.name.clone()),
            now: cx.now.time,
        };
        let look =
            async move |environment: Environment| why(&environment, &client, &question).await;
        self.looking.start(look, cx);
    }

    fn is_busy(&self) -> bool {
        self.finding.is_pending() || self.looking.is_pending() || self.mending.is_pending()
    }

    /// Does what the last line says.
    fn accept(&mut self, cx: &mut Context<'_>) {
        let Some(answer) = &self.answer else {
            return self.look(cx);
        };
        match answer.remedy() {
            Remedy::NewToken => replace(answer, cx),
            Remedy::Mend(obstacle) => {
                let address = answer.address.clone().unwrap_or_default();
                self.mending.mend(address, obstacle, cx);
            }
            Remedy::TryPassword => cx.ask(about_password(answer, cx.session)),
            Remedy::None if answer.is_good() => cx.close(),
            Remedy::None => self.copy(cx),
        }
    }

    fn copy(&mut self, cx: &mut Context<'_>) {
        let Some(answer) = &self.answer else {
            return;
        };
        let report = shown(&answer.report(), answer, cx.session);
        self.copying.copy(Text::Plain(report), cx);
        cx.something_else_copied();
    }

    fn lines(&self, width: usize, view: View<'_>) -> Vec<Line<'static>> {
        let theme = view.theme;
        let mut all = Vec::new();
        let words = [
            (self.finding.wait(), "Looking for the clone …"),
            (
                self.looking.wait(),
                "Asking git what it would send, and the server what it says to that …",
            ),
        ];
        let mending = self.mending.waits();
        let mending = mending.map(|wait| (wait, "Changing git's configuration …"));
        for (wait, words) in words.into_iter().chain(mending) {
            if let Some(waited) = wait.waiting(view.now) {
                let sign = (spinner::sign(waited).unwrap_or(" "), theme.accent);
                all.extend(lines::signed(sign, words, theme.text, width));
            }
        }
        if let Some(text) = &self.failure {
            all.extend(lines::signed(("✗", theme.bad), text, theme.text, width));
        }
        let Some(answer) = self.answer.as_ref().filter(|_| !self.is_busy()) else {
            return all;
        };
        let sign = if answer.is_good() {
            ("✓", theme.good)
        } else {
            ("✗", theme.bad)
        };
        let sentence = shown(&answer.sentence(), answer, view.session);
        all.extend(lines::signed(sign, &sentence, theme.strong, width));
        all.push(Line::default());
        for (label, value) in answer.facts() {
            let value = shown(&value, answer, view.session);
            all.extend(lines::labelled(
                (label, theme.dim),
                LABEL,
                &value,
                theme.text,
                width,
            ));
        }
        all.push(Line::default());
        let way_out = shown(&way_out(answer), answer, view.session);
        all.extend(lines::signed(
            ("→", theme.accent),
            &way_out,
            theme.text,
            width,
        ));
        all
    }

    fn hidden(&self, cx: &Context<'_>) -> usize {
        let (columns, rows) = cx.room;
        let width = usize::from(column::width(columns));
        scroll::hidden(self.lines(width, cx.view()).len(), rows)
    }
}

/// Names of people stay hidden where others see the screen.
fn shown(text: &str, answer: &Answer, session: &Session) -> String {
    let mut text = text.to_owned();
    if session.share {
        for name in answer.names() {
            text = text.replace(&name, "•••");
        }
    }
    text
}

/// What enter does about it.
fn way_out(answer: &Answer) -> String {
    match answer.remedy() {
        Remedy::NewToken => "Press enter to make a new token in its place.".to_owned(),
        Remedy::Mend(obstacle) => {
            let mend = in_the_way::mend(&obstacle).unwrap_or_default();
            format!("Press enter to {mend}; u puts it back.")
        }
        Remedy::TryPassword => {
            "Let git use a token in its place: esc, then n. Or press enter to have it tried."
                .to_owned()
        }
        Remedy::None => match answer.advice() {
            Some(advice) => format!("{advice} Press enter to copy all of this for a ticket."),
            None => "Nothing to do: press enter to go back.".to_owned(),
        },
    }
}

/// The tokens among which a new one is made: those of the place or the person whose token it was.
fn replace(answer: &Answer, cx: &mut Context<'_>) {
    let of_set_up = answer
        .set_up
        .as_ref()
        .and_then(|set_up| match &set_up.user {
            Some(user) => Some(Destination::Tokens(Scope::Personal { user: user.clone() })),
            None => {
                let place = Destination::of_clone_address(&set_up.address)?;
                place.scope().map(Destination::Tokens)
            }
        });
    let is_persons = matches!(
        &answer.sends,
        Sends::Token { user: Some(_) } | Sends::Password { .. }
    );
    let otherwise = if is_persons {
        Some(Destination::Account)
    } else {
        cx.session.clone.clone()
    };
    cx.session.destination = of_set_up.or(otherwise);
    cx.moves.push(Move::Home(Route::Browse));
}

fn about_password(answer: &Answer, session: &Session) -> Asked {
    let server = session.server.as_ref();
    let host = server.map_or("the server", |server| server.client.base().host());
    Asked {
        subject: Subject::SendPassword,
        title: "the password that git keeps",
        text: vec![
            shown(&answer.sentence(), answer, session),
            format!(
                "Send it to {host} to see whether it is taken? A wrong one counts as a failed login, and several of them bring on a captcha."
            ),
        ],
        yes: "send it",
        revoke: None,
        no: "leave it",
    }
}

impl Layer for Why {
    fn mode(&self) -> Mode {
        Mode::Why
    }

    fn purpose(&self) -> String {
        "Why git is refused in the clone in which you have started: what it would send there, which token that is, what the server says to it, and the cause in one sentence. Enter does what the last line says. Nothing secret is shown, and nobody's password is sent without a question.".to_owned()
    }

    fn must_be_meant(&self, action: Action) -> bool {
        matches!(action, Action::Accept | Action::PutBack)
    }

    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::keep("Projects"), Crumb::keep("git in this clone")]
    }

    fn refusal(&self, action: Action, _session: &Session) -> Option<String> {
        match action {
            Action::PutBack => self.mending.refuses_put_back(),
            Action::CopyReport => {
                let reason = "There is nothing to copy yet.";
                self.answer.is_none().then(|| reason.to_owned())
            }
            _ => None,
        }
    }

    fn step(&self, _view: View<'_>) -> Step {
        const NEXT: &[Action] = &[Action::Accept, Action::Back];
        if self.is_busy() {
            return Step::say("Wait for git and the server: one moment.");
        }
        match self.answer.as_ref().map(Answer::remedy) {
            None => Step::press("Press {} to look again, or {} to go back.", NEXT),
            Some(Remedy::NewToken) => {
                Step::press("Press {} to make a new token, or {} to go back.", NEXT)
            }
            Some(Remedy::Mend(_)) => {
                Step::press("Press {} to take that away, or {} to go back.", NEXT)
            }
            Some(Remedy::TryPassword) => Step::press(
                "Press {} to go back, and make a token there.",
                &[Action::Back],
            ),
            Some(Remedy::None) => Step::press("Read, then press {} to go back.", &[Action::Back]),
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let column = column::within(area);
        let lines = self.lines(usize::from(column.width), view);
        let column = column::for_lines(column, lines.len());
        scroll::lines(frame, column, lines, self.scroll, view.theme);
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Back => cx.close(),
            _ if self.is_busy() => {}
            Action::Accept => self.accept(cx),
            Action::PutBack => self.mending.put_back(cx),
            Action::CopyReport => self.copy(cx),
            Action::Refresh => self.look(cx),
            Action::Up => self.scroll = self.scroll.saturating_sub(1),
            Action::Down => self.scroll = (self.scroll + 1).min(self.hidden(cx)),
            _ => {}
        }
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        self.find(cx);
    }

    fn returned(&mut self, outcome: Outcome, cx: &mut Context<'_>) {
        if let Outcome::Answered(Subject::SendPassword, Choice::Yes) = outcome {
            self.sends_password = true;
            self.look(cx);
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        let mut waits = vec![
            self.finding.wait(),
            self.looking.wait(),
            self.copying.wait(),
        ];
        waits.extend(self.mending.waits());
        waits
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(remote) = self.finding.take(reply) {
            self.remote = remote;
            match self.remote {
                Some(_) => self.look(cx),
                None => {
                    self.failure = Some("The clone here has no remote on this server.".to_owned());
                }
            }
        }
        match self.looking.take(reply) {
            Some(Ok(answer)) => self.answer = Some(answer),
            Some(Err(error)) => self.failure = Some(error.to_string()),
            None => {}
        }
        if self.mending.reply(reply, self.mode(), cx) {
            self.look(cx);
        }
        match self.copying.take(reply) {
            Some(Ok(_)) => cx.notify(Notice::good("Copied for a ticket: no secret is in it.")),
            Some(Err(error)) => cx.notify(Notice::bad(error.to_string())),
            None => {}
        }
    }

    fn holds_on(&self) -> Option<String> {
        let reason = "Git's configuration is being changed: one moment.";
        self.mending.is_pending().then(|| reason.to_owned())
    }
}
