//! Connect: the address of a Bitbucket, and whether one answers there.

mod servers;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use tui_input::Input;

use super::question::{Choice, Question, Subject};
use super::sign_in::SignIn;
use super::{Layer, View};
use crate::app::context::{Context, Server, Session};
use crate::app::effect::Query;
use crate::app::event::Answer;
use crate::app::keymap::{Action, Mode};
use crate::app::load::{Load, Ticket};
use crate::app::notice::Notice;
use crate::app::place::Crumb;
use crate::app::problem::{Attempt, Problem};
use crate::bitbucket::{Address, Error, Settings};
use crate::widget::field;
use crate::widget::form::Form;

/// The modes of this screen.
pub const MODES: &[Mode] = &[Mode::Form, Mode::Anywhere];

/// The first screen.
#[derive(Debug, Default)]
pub struct Connect {
    address: Input,
    /// Why what was typed is no address.
    invalid: Option<String>,
    load: Load,
    /// No address was given: the known servers are offered.
    offers: bool,
}

impl Connect {
    /// With the address that was given; without one, with that of the first known server.
    #[must_use]
    pub fn to(address: &str, session: &Session) -> Self {
        let offers = address.is_empty();
        let known = session.servers();
        let first = known.first().filter(|_| offers);
        let address = first.map_or_else(|| address.to_owned(), |first| first.address.to_string());
        Self {
            address: Input::from(address),
            offers,
            ..Self::default()
        }
    }

    /// Fills in the address of the known server above or below.
    fn choose(&mut self, down: bool, session: &Session) {
        let servers = session.servers();
        if self.offers
            && let Some(address) = servers::neighbour(&servers, self.address.value(), down)
        {
            self.address = Input::from(address);
            self.forgive();
        }
    }

    /// What was wrong with the address before it was changed is no longer said of it.
    fn forgive(&mut self) {
        self.invalid = None;
        self.load.forgive();
    }

    fn connect(&mut self, cx: &mut Context<'_>) {
        let servers = cx.session.servers().into_iter();
        let known: Vec<_> = servers.map(|server| server.address).collect();
        match Address::parse(self.address.value(), &known) {
            Ok(Address {
                server: Some((base, _)),
                destination,
            }) => {
                self.invalid = None;
                let server = cx.session.config.server(&base);
                let settings = Settings {
                    ca_file: server.and_then(|server| server.ca_file.clone()),
                    ..Settings::default()
                };
                if destination.is_some() {
                    cx.session.destination = destination;
                }
                self.load.ask(Query::Connect(base, settings), cx);
            }
            Ok(Address { destination, .. }) => {
                let place = destination.map_or_else(String::new, |place| place.name());
                self.invalid = Some(format!(
                    "{place} can be on any Bitbucket. Type the address of yours first, or the whole address of the page."
                ));
            }
            Err(error) => self.invalid = Some(error.to_string()),
        }
    }
}

impl Layer for Connect {
    fn modes(&self) -> &'static [Mode] {
        MODES
    }

    fn purpose(&self) -> &'static str {
        "Type the address of your Bitbucket, or copy it from the browser: any page of Bitbucket will do. Enter looks whether a Bitbucket answers there. Nothing is sent but that question."
    }

    fn crumbs(&self) -> Vec<Crumb> {
        vec![Crumb::keep("Connect")]
    }

    fn is_typing(&self) -> bool {
        true
    }

    fn type_key(&mut self, key: KeyEvent, _cx: &mut Context<'_>) -> bool {
        let taken = !self.load.is_pending() && field::edit(&mut self.address, key);
        if taken {
            self.forgive();
        }
        taken
    }

    fn paste(&mut self, text: &str, _cx: &mut Context<'_>) {
        if !self.load.is_pending() {
            field::insert(&mut self.address, text);
            self.forgive();
        }
    }

    fn update(&mut self, action: Action, cx: &mut Context<'_>) {
        match action {
            Action::Accept if !self.load.is_pending() => self.connect(cx),
            Action::Back if self.load.is_pending() => {
                self.load.cancel(cx);
                cx.notify(Notice::hint("Stopped looking."));
            }
            Action::NextField | Action::PreviousField if !self.load.is_pending() => {
                self.choose(action == Action::NextField, cx.session);
            }
            Action::Back => cx.notify(Notice::hint("This is the first screen: ctrl+c leaves.")),
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
            Ok(Answer::Connected(client, info)) => {
                let is_readable = !client.base().is_encrypted() && !client.base().is_loopback();
                let host = client.base().host().to_owned();
                cx.session.server = Some(Server { client, info });
                if is_readable {
                    cx.push(unencrypted(&host));
                } else {
                    cx.push(SignIn::new(cx.session));
                }
            }
            Ok(_) => {}
            Err(error) => self.load.fail(error),
        }
    }

    fn answered(&mut self, subject: Subject, choice: Choice, cx: &mut Context<'_>) {
        if (subject, choice) == (Subject::Unencrypted, Choice::Yes) {
            cx.push(SignIn::new(cx.session));
        }
    }

    fn step(&self) -> &'static str {
        "Step 1 of 6: check the address, then press enter."
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, view: View<'_>) {
        let theme = view.theme;
        let mut form = Form::new(frame, area, theme);
        if self.load.failure().is_some() {
            form.expect_problem();
        }
        if view.session.demo {
            form.heading("A Bitbucket to try things out");
            form.text("A simulated Bitbucket runs inside this program, with a company in it. Nothing leaves this computer.");
        } else {
            form.heading("Where is your Bitbucket?");
            form.text("Its address, or any address copied from the browser while you look at it.");
        }
        form.field("Address", &self.address, !self.load.is_pending());
        form.gap();
        if let Some(waited) = self.load.waiting(view.now) {
            form.waiting(waited, "Looking for a Bitbucket there");
        } else if let Some(reason) = &self.invalid {
            form.sign("✗", theme.bad, reason);
        } else if let Some(error) = self.load.failure() {
            let attempt = Attempt::Connect(self.address.value());
            let problem = Problem::explain(error, attempt);
            form.rest(|frame, area| problem.draw(frame, area, view));
        } else {
            form.button("Connect", "press enter", true);
            let known = view.session.servers();
            if self.offers && !known.is_empty() {
                let address = self.address.value();
                form.gap();
                form.rest(|frame, area| servers::draw(frame, area, &known, address, theme));
            }
        }
    }
}

fn unencrypted(host: &str) -> Question {
    Question {
        subject: Subject::Unencrypted,
        title: "Not encrypted",
        text: vec![format!(
            "! The way to {host} is not encrypted (http): everybody on the way can read your password. Ask your administrators for an address with https."
        )],
        yes: "go on all the same",
        revoke: None,
        no: "stay here",
    }
}
