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

mod view;
mod way_out;

use ratatui::Frame;
use ratatui::layout::Rect;

use self::way_out::Way;
use crate::clipboard::{Copied, CopyError};
use crate::environment::Environment;
use crate::git::{self, Remote};
use crate::operation::whereabouts;
use crate::operation::why::{From, Question, Remedy, Why as Answer, why};
use crate::ui::context::Context;
use crate::ui::effect::Text;
use crate::ui::keymap::{Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait, Work};
use crate::ui::mending::Mending;
use crate::ui::notice::Notice;
use crate::ui::place::Crumb;
use crate::ui::question::{Choice, Subject};
use crate::ui::reply::Reply;
use crate::ui::route::Outcome;
use crate::ui::session::Session;
use crate::ui::step::Step;
use crate::widget::{column, scroll};

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
    leading_on: Load<Way>,
    /// The way out was gone: what is so now has to be seen again.
    has_led_on: bool,
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
        let is_finding_out = self.finding.is_pending() || self.looking.is_pending();
        is_finding_out || self.mending.is_pending() || self.leading_on.is_pending()
    }

    fn copy(&mut self, cx: &mut Context<'_>) {
        let Some(answer) = &self.answer else {
            return;
        };
        self.copying.copy(Text::Plain(answer.report()), cx);
        cx.something_else_copied();
    }

    fn hidden(&self, cx: &Context<'_>) -> usize {
        let (columns, rows) = cx.room;
        let width = usize::from(column::width(columns));
        scroll::hidden(self.lines(width, cx.view()).len(), rows)
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
            Some(Remedy::AskForPermission) => {
                Step::press("Press {} to see whom you can ask, or {} to go back.", NEXT)
            }
            Some(Remedy::Mend(_)) => {
                Step::press("Press {} to remove that, or {} to go back.", NEXT)
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

    fn resume(&mut self, cx: &mut Context<'_>) {
        if std::mem::take(&mut self.has_led_on) {
            self.look(cx);
        }
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
            self.leading_on.wait(),
            self.copying.wait(),
        ];
        waits.extend(self.mending.waits());
        waits
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        vec![self.leading_on.wait_mut()]
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
            Some(Ok(answer)) => {
                for name in answer.names() {
                    cx.session.known.add_person(&name);
                }
                self.answer = Some(answer);
            }
            Some(Err(error)) => self.failure = Some(error.to_string()),
            None => {}
        }
        if let Some(found) = self.leading_on.take(reply) {
            self.lead_on(found, cx);
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
