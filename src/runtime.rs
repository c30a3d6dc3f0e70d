//! Wait, update, perform, draw. The only asynchronous part of the interface; it decides nothing.

mod display;
mod perform;

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use futures_util::{FutureExt, Stream, StreamExt};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::{AbortHandle, JoinSet};

pub use self::display::Display;
use self::perform::Finished;
use crate::app::App;
use crate::bitbucket::{Observer, Record, Unfinished};
use crate::browser::Browser;
use crate::clipboard::Clipboard;
use crate::clock::Clock;
use crate::environment::Environment;
use crate::terminal::Input;
use crate::ui::event::Event;
use crate::ui::ticket::Ticket;

/// How long the end of the program waits for what is still to be said to the server or written on
/// this computer. A session that stays ends by itself after a while.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long a process that was told to end waits for what is under way. With the farewell and the
/// clipboard that stays below the time after which the watchdog ends the process.
const LAST_TURNS: Duration = Duration::from_millis(2250);
/// How long the end of the program waits for the clipboard.
const LETTING_GO: Duration = Duration::from_secs(1);

/// The model, what it is drawn on, and everything that is under way.
pub struct Runtime<D> {
    app: App,
    display: D,
    clock: Clock,
    clipboard: Clipboard,
    environment: Environment,
    browser: Browser,
    /// What is asked and copied: the end of the program does not wait for it.
    tasks: JoinSet<Finished>,
    /// The questions that may be dropped.
    queries: HashMap<Ticket, AbortHandle>,
    /// What changes something, on the server or on this computer: the end of the program waits for it,
    /// a little.
    changes: JoinSet<Finished>,
    /// Sign-ins that nobody waits for any more: what they open is signed out.
    unfinished: Unfinished,
    /// Is told of the requests to Bitbucket, and passes them on to `records`.
    observer: Observer,
    /// What it was told and the model does not know yet.
    records: UnboundedReceiver<Record>,
    has_changed: bool,
    has_inputs: bool,
    has_quit: bool,
    /// The process was told to end: it does by then, whatever is under way.
    ends_by: Option<Duration>,
    /// Why nothing can be drawn any more.
    failure: Option<io::Error>,
}

impl<D: Display> Runtime<D> {
    /// Nothing is drawn and nothing asked before the first call.
    pub fn new(
        app: App,
        display: D,
        clock: Clock,
        clipboard: Clipboard,
        environment: Environment,
    ) -> Self {
        let (sender, records) = unbounded_channel();
        let tell = move |record| {
            // The last requests may outlive the interface.
            let _ = sender.send(record);
        };
        Self {
            app,
            display,
            observer: Observer::new(clock.clone(), tell),
            records,
            clock,
            clipboard,
            environment,
            browser: Browser::desktop(),
            tasks: JoinSet::new(),
            queries: HashMap::new(),
            changes: JoinSet::new(),
            unfinished: Unfinished::default(),
            has_changed: true,
            has_inputs: true,
            has_quit: false,
            ends_by: None,
            failure: None,
        }
    }

    /// Runs until the user leaves, or the inputs end.
    ///
    /// # Errors
    /// If there is nothing left to draw on. Changes that are under way on the server are brought to
    /// their end first.
    pub async fn run(&mut self, inputs: impl Stream<Item = Input>) -> io::Result<()> {
        let mut inputs = std::pin::pin!(inputs);
        self.start();
        while !self.has_quit {
            self.turn(&mut inputs).await;
        }
        self.end().await;
        self.failure.take().map_or(Ok(()), Err)
    }

    /// Draws the first frame, then has the first screen begin.
    pub fn start(&mut self) {
        if let Ok((columns, rows)) = self.display.size() {
            self.handle(Event::Resize(columns, rows));
        }
        self.draw();
        self.handle(Event::Started);
        self.draw();
    }

    /// One turn of the loop: waits until something happens, takes in everything that has happened by
    /// then, and draws. Nothing is lost where it is dropped half-way.
    ///
    /// Keys come first, and none after an answer: they were meant for what is on the screen, not for a
    /// question that nobody has seen yet.
    pub async fn turn(&mut self, inputs: &mut (impl Stream<Item = Input> + Unpin)) {
        let deadline = self.app.deadline();
        tokio::select! {
            biased;
            () = reach(&self.clock, self.ends_by) => self.has_quit = true,
            input = inputs.next(), if self.has_inputs => {
                self.take_in(input);
                while self.has_inputs
                    && !self.has_quit
                    && let Some(input) = inputs.next().now_or_never()
                {
                    self.take_in(input);
                }
            }
            () = reach(&self.clock, deadline) => self.handle(Event::Time),
            Some(done) = self.tasks.join_next() => self.finish(done),
            Some(done) = self.changes.join_next() => self.finish(done),
            () = self.unfinished.end(), if self.unfinished.is_any() => {}
            Some(record) = self.records.recv() => self.handle(Event::Call(Box::new(record))),
            taken = self.display.taken() => {
                if let Err(error) = taken {
                    self.fail(error);
                }
            }
        }
        while let Some(done) = self.tasks.try_join_next() {
            self.finish(done);
        }
        while let Some(done) = self.changes.try_join_next() {
            self.finish(done);
        }
        while let Ok(record) = self.records.try_recv() {
            self.handle(Event::Call(Box::new(record)));
        }
        if !self.has_quit {
            self.draw();
        }
    }

    /// Takes the token off the clipboard, hands the terminal back, and waits a little for what is still
    /// to be said to the server or written on this computer.
    pub async fn end(&mut self) {
        let off_the_clipboard = async {
            if let Some((secret, copied)) = self.app.leaves_on_clipboard() {
                self.clipboard.clear(&secret, copied).await;
            }
            let stays = self.app.stays_on_clipboard();
            self.clipboard.let_go(stays.as_deref()).await;
        };
        let _ = tokio::time::timeout(LETTING_GO, off_the_clipboard).await;
        self.display.leave();
        for query in self.queries.values() {
            query.abort();
        }
        let changes = async {
            while self.changes.join_next().await.is_some() {}
            self.unfinished.end().await;
        };
        let _ = tokio::time::timeout(FAREWELL, changes).await;
    }

    /// Whether something is under way or due, so that a turn will come without an input.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        let now = self.clock.now().uptime;
        let mut due = self.app.deadline().into_iter().chain(self.ends_by);
        let is_due = due.any(|due| due <= now);
        is_due || !self.tasks.is_empty() || !self.changes.is_empty() || self.unfinished.is_any()
    }

    /// Whether the user has left.
    #[must_use]
    pub fn has_quit(&self) -> bool {
        self.has_quit
    }

    /// The model as it is now.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Puts other surroundings in the place of those that it was given.
    pub fn set_environment(&mut self, environment: Environment) {
        self.environment = environment;
    }

    /// Opens pages there, and not in the desktop's browser.
    pub fn set_browser(&mut self, browser: Browser) {
        self.browser = browser;
    }

    /// What the interface is drawn on.
    pub fn display(&mut self) -> &mut D {
        &mut self.display
    }

    /// Draws, if anything has changed and the terminal has taken in the last frame: one that does not
    /// read gets none, and later the newest.
    fn draw(&mut self) {
        if self.has_changed
            && self.display.is_ready()
            && std::mem::take(&mut self.has_changed)
            && let Err(error) = self.display.draw(|frame| self.app.view(frame))
        {
            self.fail(error);
        }
    }

    /// Nobody can see anything any more: end, but in order.
    fn fail(&mut self, error: io::Error) {
        if self.failure.is_none() {
            self.failure = Some(error);
            self.terminate();
        }
    }

    /// The process has to end. The clipboard comes first: whatever happens after that, it is clear.
    fn terminate(&mut self) {
        if self.ends_by.is_none() {
            self.ends_by = Some(self.clock.now().uptime + LAST_TURNS);
            if let Some((secret, copied)) = self.app.leaves_on_clipboard() {
                let clipboard = self.clipboard.clone();
                self.changes.spawn(async move {
                    clipboard.clear(&secret, copied).await;
                    Finished::Nothing
                });
            }
        }
        self.handle(Event::Terminate);
    }

    /// Takes in what came from outside; `None`: nothing will come any more.
    fn take_in(&mut self, input: Option<Input>) {
        let event = match input {
            Some(Input::Key(key)) => Event::Key(key),
            Some(Input::Paste(text)) => Event::Paste(text),
            Some(Input::Resize(columns, rows)) => Event::Resize(columns, rows),
            Some(Input::FocusLost) => Event::FocusLost,
            Some(Input::FocusGained) => return,
            Some(Input::Suspend) => Event::Suspend,
            Some(Input::Resumed) => {
                let size = self.display.resume().and_then(|()| self.display.size());
                match size {
                    Ok((columns, rows)) => Event::Resize(columns, rows),
                    Err(error) => return self.fail(error),
                }
            }
            Some(Input::Terminate) => return self.terminate(),
            None => {
                self.has_inputs = false;
                return self.terminate();
            }
        };
        self.handle(event);
    }

    /// Takes in one event and performs what the model asks for.
    fn handle(&mut self, event: Event) {
        if let Event::Reply(ticket, _) = &event {
            self.queries.remove(ticket);
        }
        let was_pausing = self.app.is_pausing();
        let is_call = matches!(event, Event::Call(_));
        for effect in self.app.update(event, self.clock.now()) {
            self.perform(effect);
        }
        let pauses = was_pausing || self.app.is_pausing();
        self.has_changed |= !is_call || self.app.shows_activity() || pauses;
    }
}

/// Waits for a moment; for ever where there is none.
async fn reach(clock: &Clock, deadline: Option<Duration>) {
    match deadline {
        Some(deadline) => clock.reach(deadline).await,
        None => std::future::pending().await,
    }
}
