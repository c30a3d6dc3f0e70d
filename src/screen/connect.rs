//! Connect: the address of a Bitbucket, and whether one answers there.

mod servers;
mod stage;

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use self::stage::Stage;
use crate::bitbucket::{
    Address, AddressError, BaseUrl, Client, Destination, Error, ErrorKind, ServerFrom, ServerInfo,
    Settings,
};
use crate::environment::Environment;
use crate::git;
use crate::operation::connect;
use crate::operation::whereabouts::{self, place_in_clone, server_of_clone};
use crate::ui::context::Context;
use crate::ui::keymap::{Action, Mode};
use crate::ui::layer::{Layer, View};
use crate::ui::load::{Load, Wait, Work};
use crate::ui::notice::Notice;
use crate::ui::place::Crumb;
use crate::ui::problem::{Attempt, Problem};
use crate::ui::query::Surroundings;
use crate::ui::reply::Reply;
use crate::ui::route::Route;
use crate::ui::session::{Server, Session};
use crate::widget::field;
use crate::widget::form::Form;

/// The first screen.
#[derive(Debug, Default)]
pub(super) struct Connect {
    address: Input,
    /// Filled in by the program: what is typed takes its place.
    is_proposed: bool,
    /// Why what was typed is no address.
    invalid: Option<String>,
    /// A place that was given without a server.
    place: Option<Destination>,
    load: Load<(Client, ServerInfo)>,
    /// The base address that is asked, or was asked last.
    asked: Option<BaseUrl>,
    stage: Stage,
    looking_for_clone: Work<Vec<String>>,
    /// The remotes of the clone in the current directory.
    remotes: Vec<String>,
    /// No address was given: the known servers are offered.
    offers: bool,
}

impl Connect {
    /// With the address that was given; without one, with that of the first known server.
    pub(super) fn to(address: &str, session: &Session) -> Self {
        let mut connect = Self {
            address: Input::from(address),
            offers: address.is_empty(),
            ..Self::default()
        };
        if let Some(first) = known(session).first().filter(|_| connect.offers) {
            connect.propose(first);
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
            self.propose(&address);
        }
    }

    /// What was wrong with the address before it was changed is no longer said of it.
    fn forgive(&mut self) {
        self.invalid = None;
        self.load.forgive();
        self.stage = Stage::Address;
    }

    /// What is typed takes the place of what the program has filled in.
    fn drop_proposal(&mut self) {
        if std::mem::take(&mut self.is_proposed) {
            self.address.reset();
        }
    }

    fn propose(&mut self, address: &BaseUrl) {
        self.address = Input::from(address.to_string());
        self.is_proposed = true;
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
        let Some((base, _)) = server else {
            self.place = destination;
            self.address.reset();
            return;
        };
        cx.session.clone = place_in_clone(&self.remotes, &base);
        let wanted = destination.or_else(|| self.place.clone());
        cx.session.destination = wanted.or_else(|| cx.session.clone.clone());
        self.asked = Some(base.clone());
        let config = Arc::clone(&cx.session.config);
        let ask = async move |with: Surroundings| {
            let settings = Settings {
                observer: with.settings.observer,
                unfinished: with.settings.unfinished,
                ..connect::settings(&config, &with.environment, &base)
            };
            connect::connect(base, settings).await
        };
        self.load.ask_once(ask, cx);
    }

    fn found(&mut self, server: Server, cx: &mut Context<'_>) {
        let base = server.client.base();
        if self.asked.as_ref() != Some(base) {
            cx.notify(Notice::good(format!("Bitbucket is at {base}.")));
        }
        self.stage = Stage::after_finding(server);
        self.go_on(cx);
    }

    /// To the sign-in, if nothing has to be said before.
    fn go_on(&mut self, cx: &mut Context<'_>) {
        match std::mem::take(&mut self.stage) {
            Stage::Found(server) => {
                let is_behind = server.info.behind.is_some();
                cx.session.server = Some(*server);
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
            Stage::Address => self.connect(cx),
            stage => {
                self.stage = stage.accepted(cx);
                self.go_on(cx);
            }
        }
    }

    fn failed(&mut self, error: Error) {
        if let ErrorKind::Moved { to } = &error.kind {
            self.address = Input::from(to.to_string());
        }
        self.load.fail(error);
    }

    /// What the program makes of the address, where that is more than it says.
    fn note(&self, session: &Session) -> Option<String> {
        let place = self.place.as_ref().map(Destination::name);
        if self.address.value().is_empty() {
            let place = place?;
            return Some(format!(
                "{place} is on which Bitbucket? Type its address: no server is saved here."
            ));
        }
        let address = self.read(session).ok()?;
        let destination = address.destination.as_ref().map(Destination::name);
        let place = destination.or(place);
        let (base, from) = address.server?;
        let host = base.host();
        Some(match (from, place) {
            (ServerFrom::SshHost, _) => format!(
                "An address for git over SSH does not tell where the web pages are. Enter tries {base}, which is a guess."
            ),
            (ServerFrom::Known, Some(place)) => format!("Leads to {place} on {base}."),
            (ServerFrom::Known, None) => format!("Leads to {base}."),
            (ServerFrom::Text, Some(place)) => format!("Leads to {place} on {host}."),
            (ServerFrom::Text, None) => {
                let place = place_in_clone(&self.remotes, &base)?.name();
                format!("The clone in this directory is from there ({place}): enter leads to it.")
            }
        })
    }

    fn draw_address(&self, form: &mut Form<'_, '_>, view: View<'_>) {
        let theme = view.theme;
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
        if let Some(waited) = self.load.waiting(view.now) {
            form.waiting(waited, "Looking for a Bitbucket there");
        } else if let Some(reason) = &self.invalid {
            form.sign("✗", theme.bad, reason);
        } else if let (Some(error), Some(asked)) = (self.load.failure(), &self.asked) {
            let asked = asked.to_string();
            let problem = Problem::explain(error, Attempt::Connect(&asked));
            form.rest(|frame, area| problem.draw(frame, area, view));
        } else {
            form.button("Connect", "press enter", true);
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

    fn purpose(&self) -> &'static str {
        "Type the address of your Bitbucket, or copy it from the browser: any page of Bitbucket will do, and a project, a repository or a token page leads straight there. So does a clone address, or PROJECT/repository. Enter looks whether a Bitbucket answers; no password is sent before that."
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

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) {
        if !self.load.is_pending() {
            self.drop_proposal();
            self.forgive();
            field::insert(&mut self.address, text);
        }
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Accept if !self.load.is_pending() => self.accept(cx),
            Action::Back if self.load.is_pending() => {
                self.load.cancel(cx);
                cx.notify(Notice::hint("Stopped looking."));
            }
            Action::Back if !matches!(self.stage, Stage::Address) => self.stage = Stage::Address,
            Action::Back => cx.notify(Notice::hint("This is the first screen: ctrl+c leaves.")),
            Action::NextField | Action::PreviousField if self.is_idle() => {
                self.choose(action == Action::NextField, cx.session);
            }
            _ => {}
        }
    }

    fn open(&mut self, cx: &mut Context<'_>) {
        self.place = cx.session.destination.take();
        if !cx.session.demo {
            let look = async |environment: Environment| git::remotes(&environment).await;
            self.looking_for_clone.start(look, cx);
        }
    }

    fn waits(&self) -> Vec<&Wait> {
        vec![self.load.wait(), self.looking_for_clone.wait()]
    }

    fn waits_mut(&mut self) -> Vec<&mut Wait> {
        vec![self.load.wait_mut(), self.looking_for_clone.wait_mut()]
    }

    fn reply(&mut self, reply: &mut Reply, cx: &mut Context<'_>) {
        if let Some(remotes) = self.looking_for_clone.take(reply) {
            self.remotes = remotes;
            let server = server_of_clone(&self.remotes, &known(cx.session));
            let is_free = self.is_proposed || self.address.value().is_empty();
            if let Some(server) = server.filter(|_| is_free && self.is_idle()) {
                self.propose(&server);
            }
        }
        match self.load.take(reply) {
            Some(Ok((client, info))) => self.found(Server { client, info }, cx),
            Some(Err(error)) => self.failed(error),
            None => {}
        }
    }

    fn step(&self, _view: View<'_>) -> &'static str {
        match self.stage {
            Stage::Unencrypted(..) => {
                "Step 1 of 6: the connection is not encrypted. Type yes to go on, or press esc."
            }
            Stage::Behind(_) => "Step 1 of 6: read what stands before it, then press enter.",
            _ if self.load.is_pending() => "Wait for the answer, or press esc to stop.",
            _ if self.address.value().trim().is_empty() => {
                "Step 1 of 6: type the address, then press enter."
            }
            _ => "Step 1 of 6: check the address, then press enter.",
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
