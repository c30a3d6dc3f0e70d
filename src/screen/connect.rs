//! Connect: the address of a Bitbucket, and whether one answers there.

mod certificate;
mod servers;
mod stage;
mod start;

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use self::certificate::Certificate;
use self::stage::Stage;
use crate::bitbucket::{
    Address, AddressError, BaseUrl, Client, Destination, Error, ErrorKind, ServerInfo, Settings,
};
use crate::environment::Environment;
use crate::git;
use crate::operation::connect;
use crate::operation::expiring::{self, RunsOut, Within};
use crate::operation::whereabouts::{self, Hints};
use crate::ui::context::Context;
use crate::ui::keymap::{self, Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait, Work};
use crate::ui::notice::Notice;
use crate::ui::place::Crumb;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::query::Surroundings;
use crate::ui::reply::Reply;
use crate::ui::route::Route;
use crate::ui::runs_out;
use crate::ui::session::{Server, Session};
use crate::ui::step::Step;
use crate::widget::field::{self, TooLong};
use crate::widget::form::Form;

/// The first screen.
#[derive(Debug, Default)]
pub(super) struct Connect {
    address: Input,
    /// Where the address is from that the program has filled in: what is typed takes its place.
    filled: Option<Filled>,
    /// Why what was typed is no address.
    invalid: Option<String>,
    /// A place that was given without a server.
    place: Option<Destination>,
    load: Load<(Client, ServerInfo)>,
    /// The base address that is asked, or was asked last.
    asked: Option<BaseUrl>,
    /// The addresses that have led to the one that is filled in, by redirects that want a yes.
    moved_from: Vec<BaseUrl>,
    stage: Stage,
    certificate: Certificate,
    looking_around: Work<Hints>,
    looking_ahead: Work<Vec<RunsOut>>,
    /// It goes on by itself once the surroundings are known.
    begins: bool,
    /// The remotes of the clone in the current directory.
    remotes: Vec<String>,
    /// No address was given: the known servers are offered.
    offers: bool,
}

/// Where an address is from that the program has filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filled {
    /// It is one of the known servers.
    Known,
    /// The clone in the current directory comes from there.
    FromClone {
        /// Somebody has signed in there, or configured it.
        is_known: bool,
    },
    /// The web pages may be there, by an address for git over SSH.
    Guessed,
}

impl Connect {
    /// With the address that was given; without one, with that of the first known server.
    pub(super) fn to(address: &str, session: &Session) -> Self {
        let mut connect = Self {
            offers: address.is_empty(),
            ..Self::default()
        };
        connect.give(address);
        if let Some(first) = known(session).first().filter(|_| connect.offers) {
            connect.propose(first, Filled::Known);
        }
        connect
    }

    /// Fills in the address of the known server above or below.
    fn choose(&mut self, down: bool, session: &Session) {
        let servers = session.servers();
        if self.offers
            && let Some(address) = servers::neighbour(&servers, self.address.value(), down)
        {
            self.forgive();
            self.propose(&address, Filled::Known);
        }
    }

    /// What was wrong with the address before it was changed is no longer said of it.
    fn forgive(&mut self) {
        self.invalid = None;
        self.load.forgive();
        self.certificate = Certificate::default();
        self.stage = Stage::Address;
        self.begins = false;
        self.moved_from.clear();
    }

    /// What is typed takes the place of what the program has filled in.
    fn drop_proposal(&mut self) {
        let filled = self.filled.take();
        // A guess is there to be corrected.
        if filled.is_some_and(|from| from != Filled::Guessed) {
            self.address.reset();
        }
    }

    fn propose(&mut self, address: &BaseUrl, from: Filled) {
        self.address = Input::from(address.to_string());
        self.filled = Some(from);
    }

    /// Whether the address can be changed.
    fn is_idle(&self) -> bool {
        !self.load.is_pending() && matches!(self.stage, Stage::Address)
    }

    fn read(&self, session: &Session) -> Result<Address, AddressError> {
        Address::parse(self.address.value(), &known(session))
    }

    fn connect(&mut self, cx: &mut Context<'_>) {
        let Address {
            server,
            destination,
        } = match self.read(cx.session) {
            Ok(address) => address,
            Err(error) => return self.invalid = Some(error.to_string()),
        };
        self.invalid = None;
        self.certificate = Certificate::default();
        let Some((base, _)) = server else {
            self.place = destination;
            self.address.reset();
            return;
        };
        cx.session.clone = whereabouts::place_in_clone(&self.remotes, &base);
        let wanted = destination.or_else(|| self.place.clone());
        cx.session.destination = wanted.or_else(|| cx.session.clone.clone());
        self.asked = Some(base.clone());
        let config = Arc::clone(&cx.session.config);
        let moved_from = self.moved_from.clone();
        let ask = async move |with: Surroundings| {
            let settings = Settings {
                observer: with.settings.observer,
                unfinished: with.settings.unfinished,
                ..connect::settings(&config, &with.environment, &base)
            };
            connect::connect_after(&moved_from, base, settings).await
        };
        self.load.ask_once(ask, cx);
    }

    fn found(&mut self, server: Server, cx: &mut Context<'_>) {
        let base = server.client.base();
        if self.asked.as_ref() != Some(base) {
            cx.notify(Notice::good(format!("Bitbucket is at {base}.")));
        }
        // Nobody has typed an address without encryption that a redirect leads to.
        let is_led_to = !self.moved_from.is_empty();
        self.stage = Stage::after_finding(server, is_led_to);
        self.go_on(cx);
    }

    /// To the sign-in, if nothing has to be said before.
    fn go_on(&mut self, cx: &mut Context<'_>) {
        match std::mem::take(&mut self.stage) {
            Stage::Found(server) => {
                let is_behind = server.info.behind.is_some();
                cx.session.server = Some(*server);
                cx.session.no_http = None;
                cx.open(Route::SignIn);
                if is_behind {
                    // No password gets in: the way that does comes first, the others lie below it.
                    cx.open(Route::InBrowser {
                        user: None,
                        place: None,
                    });
                }
            }
            stage => self.stage = stage,
        }
    }

    fn accept(&mut self, cx: &mut Context<'_>) {
        match std::mem::take(&mut self.stage) {
            Stage::Address => {
                self.begins = false;
                self.do_as_git_does(cx);
                self.connect(cx);
            }
            stage => {
                self.stage = stage.accepted(cx);
                self.go_on(cx);
            }
        }
    }

    fn failed(&mut self, error: Error, cx: &mut Context<'_>) {
        if let ErrorKind::Moved { to } = &error.kind {
            self.address = Input::from(to.to_string());
            self.filled = None;
            self.moved_from.extend(self.asked.clone());
        }
        self.ask_what_git_does(&error, cx);
        self.load.fail(error);
    }

    fn draw_address(&self, form: &mut Form<'_, '_>, view: View<'_>) {
        let theme = view.theme;
        form.expect_low();
        if view.session.demo {
            form.heading("A Bitbucket to try things out");
            form.text("A simulated Bitbucket runs inside this program, with a company in it. Nothing leaves this computer.");
        } else {
            form.heading("Where is your Bitbucket?");
            form.text("Its address, or that of any of its pages, copied from the browser.");
        }
        form.field("Address", &self.address, !self.load.is_pending());
        if let Some(note) = self.note(view.session).filter(|_| !view.session.demo) {
            form.remark(&note);
        }
        form.gap();
        let starting = self.looking_around.waiting(view.now);
        let starting = starting.filter(|_| self.begins && !self.offers);
        if let Some(waited) = self.load.waiting(view.now).or(starting) {
            form.waiting(waited, "Looking for a Bitbucket there");
        } else if let Some(reason) = &self.invalid {
            form.sign("✗", theme.bad, reason);
        } else if let (Some(error), Some(asked)) = (self.load.failure(), &self.asked) {
            let asked = asked.to_string();
            let problem = Problem::explain(error, Attempt::Connect(&asked));
            self.certificate.draw(form, view);
            form.rest(|frame, area| problem.draw(frame, area, view));
        } else {
            let press = keymap::press(Mode::Form, Action::Accept);
            form.button("Connect", &press, true);
            if !view.session.runs_out.is_empty() {
                form.gap();
                runs_out::draw(form, None, view);
            }
            let known = view.session.servers();
            if self.offers && !known.is_empty() {
                let address = self.address.value();
                form.gap();
                let height = form.rows_left();
                form.rest(|frame, area| {
                    let area = Rect { height, ..area };
                    servers::draw(frame, area, &known, address, theme)
                });
            }
        }
    }
}

/// The servers that an address can mean without naming them, the most likely first.
fn known(session: &Session) -> Vec<BaseUrl> {
    let current = session.server.as_ref();
    let current = current.map(|server| server.client.base().clone());
    whereabouts::known(current, &session.config, &session.state)
}

impl Layer for Connect {
    fn mode(&self) -> Mode {
        Mode::Form
    }

    fn purpose(&self) -> String {
        format!(
            "Type the address of your Bitbucket, or copy it from the browser: any page of Bitbucket will do, \
         and a project, a repository or a token page leads straight there. So does a clone address, or \
         PROJECT/repository. Press {} to see whether a Bitbucket answers; no password is sent \
             before that.",
            keymap::key(Mode::Form, Action::Accept)
        )
    }

    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::keep("Connect")]
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        if self.load.is_pending() || !field::is_editing(key) {
            return false;
        }
        if let Stage::Unencrypted(_, typed) = &mut self.stage {
            return field::edit(typed, key);
        }
        if !field::is_movement(key) {
            self.drop_proposal();
        }
        self.forgive();
        field::edit(&mut self.address, key)
    }

    fn line(&self) -> Option<&str> {
        Some(match &self.stage {
            Stage::Unencrypted(_, typed) => typed.value(),
            _ => self.address.value(),
        })
    }

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) -> Result<(), TooLong> {
        if !self.load.is_pending() {
            if self.filled.is_some() {
                field::replace(&mut self.address, text)?;
            } else {
                field::insert(&mut self.address, text)?;
            }
            self.filled = None;
            self.forgive();
        }
        Ok(())
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Accept if !self.load.is_pending() => self.accept(cx),
            Action::Back if self.load.is_pending() => {
                self.load.cancel(cx);
                cx.notify(Notice::hint("Stopped looking."));
            }
            Action::Back if std::mem::take(&mut self.begins) => {
                cx.notify(Notice::hint("Stopped looking."));
            }
            Action::Back if !matches!(self.stage, Stage::Address) => self.stage = Stage::Address,
            Action::Back => cx.notify(Notice::hint(format!(
                "This is the first screen: {} leaves.",
                keymap::key_beside_text(Mode::Form, Action::Quit)
            ))),
            Action::NextField | Action::PreviousField if self.is_idle() => {
                self.choose(action == Action::NextField, cx.session);
            }
            _ => {}
        }
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        self.place = cx.session.destination.take();
        if !cx.session.demo {
            self.begins = true;
            let look =
                async |environment: Environment| whereabouts::look_around(&environment).await;
            self.looking_around.start(look, cx);
            let within = Within::days(runs_out::DAYS, cx.now.time);
            let look = async move |environment: Environment| {
                expiring::runs_out(&[], "", &git::set_ups(&environment), within)
            };
            self.looking_ahead.start(look, cx);
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        vec![
            self.load.wait(),
            self.certificate.wait(),
            self.looking_around.wait(),
            self.looking_ahead.wait(),
        ]
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        vec![
            self.load.wait_mut(),
            self.looking_around.wait_mut(),
            self.looking_ahead.wait_mut(),
        ]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(hints) = self.looking_around.take(reply) {
            self.begin(hints, cx);
        }
        if let Some(runs_out) = self.looking_ahead.take(reply) {
            cx.session.runs_out = runs_out;
        }
        match self.load.take(reply) {
            Some(Ok((client, info))) => self.found(Server { client, info }, cx),
            Some(Err(error)) => self.failed(error, cx),
            None => {}
        }
        self.certificate.hear(reply);
    }

    fn step(&self, _view: View<'_>) -> Step {
        match self.stage {
            Stage::Unencrypted(..) => Step::press(
                "Step 1 of 6: the connection is not encrypted. Type yes to go on, or press {}.",
                &[Action::Back],
            ),
            Stage::Behind(_) => Step::press(
                "Step 1 of 6: read what stands before it, then press {}.",
                &[Action::Accept],
            ),
            _ if self.load.is_pending() => {
                Step::press("Wait for the answer, or press {} to stop.", &[Action::Back])
            }
            _ if self.address.value().trim().is_empty() => Step::press(
                "Step 1 of 6: type the address, then press {}.",
                &[Action::Accept],
            ),
            _ => Step::press(
                "Step 1 of 6: check the address, then press {}.",
                &[Action::Accept],
            ),
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        Form::show(frame, area, view.theme, |form| {
            if self.load.failure().is_some() {
                form.expect_problem();
            }
            if !self.stage.draw(form, view.theme) {
                self.draw_address(form, view);
            }
        });
    }
}
