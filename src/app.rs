//! The model: events go in, it changes and asks for effects, the screen is drawn from it.
//!
//! `update` does no I/O, reads no clock, and takes any event in any state.

mod again;
mod astray;
mod clipboard;
mod ending;
mod frame;
mod guidance;
mod keys;
mod layers;
mod left_open;
mod meant;
mod opened;
mod outcome;
mod pause;
mod share;
mod sign_in_again;
mod suspend;
mod under_way;
mod window;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::io;
use std::time::Duration;

use ratatui::Frame;

use self::again::{Again, Delivery};
use self::meant::Meant;
use self::opened::Opened;
use self::under_way::{Revoking, UnderWay};
use crate::bitbucket::Record;
use crate::clipboard::Cleared;
use crate::clock::Moment;
use crate::environment::Environment;
use crate::operation::custody::{Custody, Key};
use crate::operation::left_open::LeftOpen;
use crate::screen;
use crate::theme::Theme;
use crate::ui::effect::{Effect, Job};
use crate::ui::event::Event;
use crate::ui::layer::View;
use crate::ui::load::{Load, Work};
use crate::ui::notice::{NOTICE_TIME, Notice};
use crate::ui::reply::{Reply, Value};
use crate::ui::route::{Move, Route};
use crate::ui::session::Session;
use crate::ui::ticket::{Ticket, Tickets};

/// The whole state of the interface.
#[derive(Debug)]
pub struct App {
    session: Session,
    /// The first screen is always there; the top one gets the keys.
    layers: Vec<Opened>,
    /// What screens want of the stack that lie below others, by their place in it.
    waiting: BTreeMap<usize, Vec<Move>>,
    notice: Option<(Notice, Duration)>,
    theme: Theme,
    tickets: Tickets,
    rest_of_token: astray::RestOfToken,
    now: Moment,
    /// Changes on the server whose outcome is not known yet; for a creation, of what.
    commands: HashMap<Ticket, Option<UnderWay>>,
    /// Those among them that no screen has asked for.
    revoking: HashMap<Ticket, Revoking>,
    /// It is being found out what became of these creations.
    settling: HashSet<Ticket>,
    /// The journal is being written.
    noting: Work<()>,
    /// The server and user whose earlier runs have been looked for.
    looked_for: Option<(String, String)>,
    /// They are being looked for.
    looking: Load<Vec<LeftOpen>>,
    /// What they have left open and nobody was told yet.
    left_open: VecDeque<LeftOpen>,
    /// What is being told.
    telling: Option<LeftOpen>,
    /// What waits for a sign-in that has ended half-way.
    again: Again,
    ending: Ending,
    /// Columns and rows of the terminal.
    size: (u16, u16),
    /// The key that was pressed last, unless it was text: share mode shows it.
    pressed: Option<String>,
    /// When a key was pressed last.
    last_key: Option<Duration>,
    /// A key is being dealt with.
    is_key: bool,
    /// When the question on top came, if no key has opened it.
    unasked: Option<Duration>,
    /// What cannot be taken back and waits for the silence after its key.
    meant: Option<Meant>,
    /// The clipboard is being cleared.
    clearing: Work<Cleared>,
    /// Of this token.
    being_cleared: Option<Key>,
    /// The program stops as soon as the clipboard is cleared.
    suspending: bool,
    /// What the clipboard said to that, to be told when the program goes on.
    cleared_before_stop: Option<Cleared>,
    /// It is being written.
    remembering: Work<io::Result<()>>,
}

/// Whether the program ends as soon as no change is under way any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// It goes on.
    No,
    /// The user has left.
    Left,
    /// The process was asked to end and nobody can be asked: what nobody has is revoked first.
    Terminated,
}

impl App {
    /// A program that shows its first screen.
    #[must_use]
    pub fn new(session: Session, first: Route, theme: Theme, now: Moment) -> Self {
        let first = Opened {
            screen: screen::open(first, &session),
            by: None,
        };
        Self {
            remembering: Work::default(),
            suspending: false,
            cleared_before_stop: None,
            session,
            layers: vec![first],
            waiting: BTreeMap::new(),
            notice: None,
            theme,
            tickets: Tickets::default(),
            rest_of_token: astray::RestOfToken::default(),
            now,
            commands: HashMap::new(),
            revoking: HashMap::new(),
            settling: HashSet::new(),
            noting: Work::default(),
            looked_for: None,
            looking: Load::default(),
            left_open: VecDeque::new(),
            telling: None,
            again: Again::default(),
            ending: Ending::No,
            size: (80, 24),
            pressed: None,
            last_key: None,
            is_key: false,
            unasked: None,
            meant: None,
            clearing: Work::default(),
            being_cleared: None,
        }
    }

    /// Takes in one event and answers with what is to be done.
    pub fn update(&mut self, event: Event, now: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !matches!(event, Event::Call(_)) {
            self.now = now;
        }
        self.session.know_people();
        match event {
            Event::Call(record) => {
                self.record(*record);
                return effects;
            }
            Event::Key(key) => {
                self.pass_step();
                self.is_key = true;
                self.key(key, &mut effects);
                self.is_key = false;
            }
            Event::Paste(text) => {
                self.pass_step();
                self.paste(&text, &mut effects);
            }
            Event::Reply(ticket, result) => self.reply(ticket, result, &mut effects),
            Event::Created(ticket, created) => self.created(ticket, created, &mut effects),
            Event::Revoked(ticket, revoked) => self.revoked(ticket, revoked, &mut effects),
            Event::Changed(ticket, changed) => self.changed(ticket, changed, &mut effects),
            Event::Done(ticket, value) => {
                self.done(Reply::new(ticket, Ok(value)), &mut effects);
            }
            Event::Time => {
                self.do_what_was_meant(&mut effects);
                for index in 0..self.layers.len() {
                    self.with(index, &mut effects, |screen, cx| screen.time(cx));
                }
            }
            Event::FocusLost => {
                for index in 0..self.layers.len() {
                    self.with(index, &mut effects, |screen, _| screen.focus_lost());
                }
            }
            Event::Started => self.with_top(&mut effects, |screen, cx| screen.open(cx)),
            Event::Resize(columns, rows) => self.size = (columns, rows),
            Event::Suspend => self.suspend(&mut effects),
            Event::Continued => self.tell_what_was_cleared(),
            Event::Terminate => self.terminate(&mut effects),
        }
        if self
            .notice
            .as_ref()
            .is_some_and(|(_, until)| *until <= now.uptime)
        {
            self.notice = None;
        }
        if let Some(held) = self.session.custody.due(now.uptime) {
            self.clear_clipboard(held, &mut effects);
        }
        self.catch_up(&mut effects);
        self.remember(&mut effects);
        self.ask_to_sign_in_again(&mut effects);
        self.look_for_left_open(&mut effects);
        self.look_again(&mut effects);
        self.tell_left_open(&mut effects);
        self.refresh();
        self.note(&mut effects);
        self.keep_track(&effects);
        effects.retain(|effect| self.again.lets_pass(effect));
        effects
    }

    /// The user does something on the screen that is shown: they have come as far as that.
    fn pass_step(&mut self) {
        let Some(Opened { screen, .. }) = self.layers.last() else {
            return;
        };
        let view = View {
            theme: &self.theme,
            now: self.now,
            session: &self.session,
        };
        let sentence = screen.step(view).sentence(screen.as_ref(), &self.session);
        self.session.progress.pass(&sentence);
    }

    /// A request has left, or has come to its end. That changes what is drawn only where requests are
    /// shown; so no deadline passes by it either.
    fn record(&mut self, mut record: Record) {
        self.session.known.take(std::mem::take(&mut record.named));
        self.session.activity.take(record);
        self.refresh();
    }

    /// What screens show of the session is true now.
    fn refresh(&mut self) {
        for opened in &mut self.layers {
            opened.screen.refresh(&self.session);
        }
    }

    /// Whether requests are shown, so that one of them changes what is drawn.
    #[must_use]
    pub fn shows_activity(&self) -> bool {
        let mut layers = self.layers.iter();
        layers.any(|opened| opened.screen.watches_requests())
    }

    /// When the screen will change without an event, in time since the start.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let screens = self
            .layers
            .iter()
            .filter_map(|opened| opened.screen.next_change(self.now, &self.session));
        let notice = self.notice.as_ref().map(|(_, until)| *until);
        let held = self.session.custody.held();
        let held = held.and_then(|held| held.clears_at);
        let silence = self.silence();
        screens.chain(notice).chain(held).chain(silence).min()
    }

    /// The new tokens that somebody still has to be given.
    #[must_use]
    pub fn custody(&self) -> &Custody {
        &self.session.custody
    }

    /// Draws everything.
    pub fn view(&self, frame: &mut Frame<'_>) {
        let pause = self.pause();
        let notice = self.notice.as_ref().map(|(notice, _)| notice);
        frame::Window {
            session: &self.session,
            layers: &self.layers,
            notice: pause.as_ref().or(notice),
            pressed: self.pressed.as_deref(),
            theme: &self.theme,
            now: self.now,
        }
        .draw(frame);
    }

    /// Takes in what became of something that was done on this computer.
    fn done(&mut self, mut reply: Reply, effects: &mut Vec<Effect>) {
        if let Some(cleared) = self.clearing.take(&mut reply) {
            self.cleared(cleared, effects);
        } else if self.noting.take(&mut reply).is_some() {
            self.go_on_ending(effects);
        } else if let Some(result) = self.remembering.take(&mut reply) {
            if let Err(error) = result {
                let what = format!("Servers and places could not be remembered: {error}.");
                self.show(Notice::hint(what));
            }
        } else {
            self.deliver(reply, effects);
        }
    }

    /// Hands it to whoever waits for it.
    fn deliver(&mut self, mut reply: Reply, effects: &mut Vec<Effect>) {
        if let Some(index) = self.awaiting(reply.ticket()) {
            self.with(index, effects, |screen, cx| screen.reply(&mut reply, cx));
        }
    }

    fn reply(
        &mut self,
        ticket: Ticket,
        result: Result<Value, crate::bitbucket::Error>,
        effects: &mut Vec<Effect>,
    ) {
        self.settling.remove(&ticket);
        // Where the program ends, nobody signs in again.
        let is_end = self.ending == Ending::No && result.as_ref().is_err_and(again::is_end);
        match self.again.answered(ticket, is_end) {
            Delivery::Wait => {}
            Delivery::Ask(query) => self.ask_again(ticket, query, effects),
            Delivery::Deliver => {
                let mut reply = Reply::new(ticket, result);
                match self.looking.take(&mut reply) {
                    Some(Ok(all)) => self.found_open(all),
                    Some(Err(_)) => {}
                    None => self.deliver(reply, effects),
                }
            }
        }
        self.go_on_ending(effects);
    }

    /// Has what has changed written for the next run; one after the other, and nothing in the demo.
    fn remember(&mut self, effects: &mut Vec<Effect>) {
        if let (Some(server), Some(user)) = (&self.session.server, &self.session.user)
            && !self.session.has_no_account()
        {
            let address = server.client.base();
            self.session.state.signed_in(address, &user.name);
        }
        if self.remembering.is_pending() {
            return;
        }
        let changes = self.session.state.take_unsaved();
        if self.session.demo || changes.is_empty() {
            return;
        }
        let ticket = self.tickets.issue();
        self.remembering.wait_for(ticket, self.now);
        let save = async move |environment: Environment| changes.save(&environment);
        effects.push(Effect::Job(ticket, Job::writing(save)));
    }

    /// Shows a line of news.
    pub fn show(&mut self, notice: Notice) {
        self.notice = Some((notice, self.now.uptime + NOTICE_TIME));
    }
}
