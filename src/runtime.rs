//! Wait, update, perform, draw. The only asynchronous part of the interface; it decides nothing.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use futures_util::{FutureExt, Stream, StreamExt};
use ratatui::Frame;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::{AbortHandle, JoinError, JoinSet};

use crate::app::App;
use crate::bitbucket::{
    Client, Error, Observer, Page, Pages, Proxies, REDIRECT_PORT, Record, Settings,
};
use crate::clipboard::{self, Clipboard, Copying};
use crate::clock::Clock;
use crate::environment::Environment;
use crate::operation::Desk;
use crate::operation::create::create;
use crate::operation::custody::Note;
use crate::operation::left_open::left_open;
use crate::operation::revoke::revoke;
use crate::operation::settle::{Settled, settle};
use crate::terminal::Input;
use crate::ui::effect::{Command, Effect, Job, Query, Read, Text};
use crate::ui::event::{Answer, Done, Event, Outcome};
use crate::ui::load::Ticket;
use crate::{git, secret_file};

/// How many entries a page of a list has, if the server agrees.
const PAGE_SIZE: u32 = 100;

/// How long the end of the program waits for a session to be signed out. One that stays ends by
/// itself after a while.
const FAREWELL: Duration = Duration::from_secs(1);

/// What the interface is drawn on.
pub trait Display {
    /// Draws one frame.
    ///
    /// # Errors
    /// If there is nothing left to draw on.
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;
    /// Its columns and rows.
    ///
    /// # Errors
    /// If the terminal does not tell.
    fn size(&self) -> io::Result<(u16, u16)>;
    /// Hands the terminal back until `fg`, then takes it again.
    ///
    /// # Errors
    /// If it cannot be taken again.
    fn suspend(&mut self) -> io::Result<()>;
    /// Takes the terminal again after somebody else stopped the process.
    ///
    /// # Errors
    /// If it cannot be taken again.
    fn resume(&mut self) -> io::Result<()>;
}

impl Display for crate::terminal::Session {
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.draw(view)
    }
    fn size(&self) -> io::Result<(u16, u16)> {
        self.size()
    }
    fn suspend(&mut self) -> io::Result<()> {
        self.suspend()
    }
    fn resume(&mut self) -> io::Result<()> {
        self.resume()
    }
}

/// What a finished task leads to.
enum Finished {
    Event(Event),
    /// The terminal's clipboard is to be asked, between two frames.
    ForTerminal(Ticket, Text),
}

/// The model, what it is drawn on, and everything that is under way.
pub struct Runtime<D> {
    app: App,
    display: D,
    clock: Clock,
    clipboard: Clipboard,
    environment: Environment,
    tasks: JoinSet<Finished>,
    /// The questions that may be dropped; commands are not among them.
    queries: HashMap<Ticket, AbortHandle>,
    /// Sessions that are being signed out.
    farewells: JoinSet<()>,
    /// Is told of the requests to Bitbucket, and passes them on to `records`.
    observer: Observer,
    /// What it was told and the model does not know yet.
    records: UnboundedReceiver<Record>,
    has_changed: bool,
    has_quit: bool,
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
            tasks: JoinSet::new(),
            queries: HashMap::new(),
            farewells: JoinSet::new(),
            has_changed: true,
            has_quit: false,
        }
    }

    /// Runs until the user leaves, or the inputs end.
    ///
    /// # Errors
    /// If there is nothing left to draw on. Changes that are under way on the server are brought to
    /// their end first.
    pub async fn run(&mut self, inputs: impl Stream<Item = Input>) -> io::Result<()> {
        let mut inputs = std::pin::pin!(inputs);
        if let Ok((columns, rows)) = self.display.size() {
            self.handle(Event::Resize(columns, rows));
        }
        self.handle(Event::Started);
        let mut failure = None;
        let mut has_inputs = true;
        while !self.has_quit {
            if let Err(error) = self.draw()
                && failure.is_none()
            {
                // Nobody can see anything any more: end, but in order.
                failure = Some(error);
                self.handle(Event::Terminate);
                continue;
            }
            let deadline = self.app.deadline();
            let event = tokio::select! {
                input = inputs.next(), if has_inputs => match input {
                    Some(input) => self.event(input),
                    None => {
                        has_inputs = false;
                        Ok(Some(Event::Terminate))
                    }
                },
                Some(done) = self.tasks.join_next() => Ok(finish(done)),
                Some(record) = self.records.recv() => Ok(Some(Event::Call(Box::new(record)))),
                () = until(deadline, &self.clock) => Ok(Some(Event::Time)),
            };
            self.take_in(event, &mut failure);
            // Everything that has queued up meanwhile is taken in before the next frame.
            while let Some(done) = self.tasks.try_join_next() {
                if let Some(event) = finish(done) {
                    self.handle(event);
                }
            }
            while !self.has_quit
                && let Some(Some(input)) = inputs.next().now_or_never()
            {
                let event = self.event(input);
                self.take_in(event, &mut failure);
            }
        }
        if let Some((secret, copied)) = self.app.leaves_on_clipboard() {
            self.clipboard.clear(&secret, copied).await;
        }
        failure.map_or(Ok(()), Err)
    }

    fn take_in(&mut self, event: io::Result<Option<Event>>, failure: &mut Option<io::Error>) {
        match event {
            Ok(Some(event)) => self.handle(event),
            Ok(None) => {}
            Err(error) => {
                // Without a terminal nobody can use the program: end, but in order.
                failure.get_or_insert(error);
                self.handle(Event::Terminate);
            }
        }
    }

    /// Takes in one event and performs what the model asks for.
    pub fn handle(&mut self, event: Event) {
        if let Event::Reply(ticket, _) = &event {
            self.queries.remove(ticket);
        }
        self.has_changed |= !matches!(event, Event::Call(_)) || self.app.shows_activity();
        for effect in self.app.update(event, self.clock.now()) {
            self.perform(effect);
        }
    }

    /// Hands the terminal back, then waits a little for what is still to be said to the server.
    pub async fn close(self) {
        let Self {
            display, farewells, ..
        } = self;
        drop(display);
        let _ = tokio::time::timeout(FAREWELL, farewells.join_all()).await;
    }

    /// Draws, if anything has changed.
    ///
    /// # Errors
    /// If there is nothing left to draw on.
    pub fn draw(&mut self) -> io::Result<()> {
        while let Ok(record) = self.records.try_recv() {
            self.handle(Event::Call(Box::new(record)));
        }
        if std::mem::take(&mut self.has_changed) {
            self.display.draw(|frame| self.app.view(frame))?;
        }
        Ok(())
    }

    /// Whether an answer is still awaited.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        !self.tasks.is_empty() || !self.farewells.is_empty()
    }

    /// Waits for the next answer and takes it in; false: none is awaited.
    pub async fn next_reply(&mut self) -> bool {
        while self.farewells.join_next().await.is_some() {}
        let Some(done) = self.tasks.join_next().await else {
            return false;
        };
        if let Some(event) = finish(done) {
            self.handle(event);
        }
        true
    }

    /// Whether the user has left.
    #[must_use]
    pub fn has_quit(&self) -> bool {
        self.has_quit
    }

    /// Puts other surroundings in the place of those that it was given.
    pub fn set_environment(&mut self, environment: Environment) {
        self.environment = environment;
    }

    /// What the interface is drawn on.
    pub fn display(&mut self) -> &mut D {
        &mut self.display
    }

    fn event(&mut self, input: Input) -> io::Result<Option<Event>> {
        Ok(Some(match input {
            Input::Key(key) => Event::Key(key),
            Input::Paste(text) => Event::Paste(text),
            Input::Resize(columns, rows) => Event::Resize(columns, rows),
            Input::FocusLost => Event::FocusLost,
            Input::FocusGained => return Ok(None),
            Input::Resumed => {
                self.display.resume()?;
                let (columns, rows) = self.display.size()?;
                Event::Resize(columns, rows)
            }
            Input::Terminate => Event::Terminate,
        }))
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Ask(ticket, query) => {
                let (proxies, observer) = (self.environment.proxies(), self.observer.clone());
                let task = async move {
                    Finished::Event(Event::Reply(ticket, ask(query, proxies, observer).await))
                };
                self.queries.insert(ticket, self.tasks.spawn(task));
            }
            Effect::Cancel(ticket) => {
                if let Some(task) = self.queries.remove(&ticket) {
                    task.abort();
                }
            }
            Effect::Do(ticket, desk, command) => {
                self.tasks.spawn(async move {
                    Finished::Event(Event::Outcome(ticket, change(desk, command).await))
                });
            }
            Effect::SignOut(client) => {
                self.farewells.spawn(async move { client.sign_out().await });
            }
            Effect::Copy(ticket, text) => {
                let clipboard = self.clipboard.clone();
                self.tasks.spawn(async move {
                    let is_secret = matches!(text, Text::Secret(_));
                    match clipboard.copy(text.expose(), is_secret).await {
                        Copying::Done(result) => done(ticket, Done::Copied(result)),
                        Copying::ForTerminal => Finished::ForTerminal(ticket, text),
                    }
                });
            }
            Effect::Clear(ticket, secret, copied) => {
                let clipboard = self.clipboard.clone();
                self.tasks.spawn(async move {
                    let cleared = clipboard.clear(&secret, copied).await;
                    done(ticket, Done::Cleared(cleared))
                });
            }
            Effect::Job(ticket, job) => {
                let environment = self.environment.clone();
                self.tasks
                    .spawn(async move { done(ticket, perform(&environment, job).await) });
            }
            Effect::Suspend => {
                // If the terminal is gone for good, drawing will say so.
                let _ = self.display.suspend();
                self.has_changed = true;
            }
            Effect::Quit => self.has_quit = true,
        }
    }
}

fn done(ticket: Ticket, done: Done) -> Finished {
    Finished::Event(Event::Done(ticket, done))
}

/// The event that a finished task stands for; none for a question that was dropped.
fn finish(finished: Result<Finished, JoinError>) -> Option<Event> {
    match finished {
        Ok(Finished::Event(event)) => Some(event),
        Ok(Finished::ForTerminal(ticket, text)) => {
            let result = clipboard::send_to_terminal(text.expose());
            Some(Event::Done(ticket, Done::Copied(result)))
        }
        Err(error) if error.is_cancelled() => None,
        // A bug: the panic hook has restored the terminal and said so already.
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Waits until the time since the start reaches the deadline; for ever where there is none.
async fn until(deadline: Option<Duration>, clock: &Clock) {
    match deadline {
        Some(deadline) if clock.runs() => {
            tokio::time::sleep(deadline.saturating_sub(clock.now().uptime)).await;
        }
        _ => std::future::pending().await,
    }
}

async fn ask(query: Query, proxies: Proxies, observer: Observer) -> Result<Answer, Error> {
    match query {
        Query::Connect(base, settings) => {
            let settings = Settings {
                proxies,
                observer: Some(observer),
                ..settings
            };
            // Reading the system's certificates takes up to 64 ms of computing.
            let open = move || Client::open(base, &settings);
            let client = tokio::task::spawn_blocking(open).await;
            let client = client.unwrap_or_else(|error| {
                std::panic::resume_unwind(error.into_panic());
            })?;
            let (client, info) = client.probe().await?;
            Ok(Answer::Connected(client, Box::new(info)))
        }
        Query::SignIn {
            client,
            user,
            password,
        } => Ok(Answer::SignedIn(client.sign_in(&user, &password).await?)),
        Query::Authorize {
            client,
            client_id,
            port,
        } => {
            let port = port.unwrap_or(REDIRECT_PORT);
            let authorization = client.authorize(&client_id, port).await?;
            Ok(Answer::Authorizing(Box::new(authorization)))
        }
        Query::Authorized(authorization) => Ok(Answer::SignedIn(authorization.finish().await?)),
        Query::Recognise {
            client,
            token,
            wanted,
        } => {
            let recognised = client.recognise(&token, wanted.as_ref()).await?;
            Ok(Answer::Recognised(Box::new(recognised)))
        }
        Query::SignInWithToken { client, token } => {
            Ok(Answer::SignedIn(client.sign_in_with_token(&token).await?))
        }
        Query::Read(client, read) => self::read(client, read).await,
        Query::Settle(client, sought) => match settle(&client, &sought).await {
            // Whoever asks again after the next sign-in may learn it.
            Settled::NotKnown(error) => Err(error),
            settled => Ok(Answer::Settled(settled)),
        },
        Query::LeftOpen(desk, user) => Ok(Answer::LeftOpen(left_open(&desk, &user).await?)),
        Query::TryToken {
            client,
            scope,
            user,
            token,
        } => {
            let Some(repository) = client.repository_to_try(&scope).await? else {
                return Ok(Answer::Tried(None));
            };
            let trial = client.try_token(&token, user.as_deref(), &repository);
            Ok(Answer::Tried(Some(Box::new(trial.await?))))
        }
    }
}

async fn perform(environment: &Environment, job: Job) -> Done {
    match job {
        Job::LookAtGit {
            target,
            takes_password,
        } => {
            let situation = git::look(environment, &target).await;
            Done::GitWays(situation.and_then(|it| it.ways(environment, &target, takes_password)))
        }
        Job::SetGitUp { target, way, token } => {
            match git::apply(environment, &target, &way, &token).await {
                Ok(()) => Done::GitSetUp(Ok(git::knows_author(environment).await)),
                Err(error) => Done::GitSetUp(Err(error)),
            }
        }
        Job::GitSetUps => Done::GitSetUps(git::set_ups(environment)),
        Job::UndoGit { address } => Done::GitUndone(git::undo(environment, &address).await),
        Job::AskGit { address, user } => {
            Done::GitPassword(git::kept_password(environment, &address, user.as_deref()).await)
        }
        Job::LookForClone => Done::CloneFound(git::remotes(environment).await),
        Job::Open { address } => {
            Done::Opened(environment.browser().open(environment, &address).await)
        }
        Job::Remember(changes) => Done::Remembered(changes.save(environment)),
        Job::Note(notes) => {
            for one in notes {
                note(one).await;
            }
            Done::Noted
        }
        Job::Save { path, token } => Done::Saved(secret_file::save(environment, &token, &path)),
    }
}

async fn read(client: Client, read: Read) -> Result<Answer, Error> {
    Ok(match read {
        Read::Projects { from } => Answer::Projects(page(client.projects(), from).await?),
        Read::AdministeredProjects { from } => {
            Answer::Projects(page(client.administered_projects(), from).await?)
        }
        Read::Project { key } => Answer::Project(client.project(&key).await?),
        Read::Repository { project, slug } => {
            let repository = client.repository(&project, &slug).await?;
            Answer::Repository(Box::new(repository))
        }
        Read::Repositories { project, from } => {
            Answer::Repositories(page(client.repositories(&project), from).await?)
        }
        Read::AdministeredRepositories { project, from } => {
            let pages = client.administered_repositories(&project);
            Answer::Repositories(page(pages, from).await?)
        }
        Read::Search { name } => {
            Answer::Repositories(page(client.search_repositories(&name), 0).await?)
        }
        Read::Tokens { scope, from } => Answer::Tokens(page(client.tokens(&scope), from).await?),
    })
}

async fn page<T>(pages: Pages<T>, from: u64) -> Result<Page<T>, Error> {
    let page = pages.from(from).limit(PAGE_SIZE).next().await?;
    Ok(page.unwrap_or(Page {
        values: Vec::new(),
        next: None,
    }))
}

async fn change(desk: Desk, command: Command) -> Outcome {
    match command {
        Command::CreateToken { asked, spec, .. } => {
            Outcome::Created(create(&desk, asked, &spec).await)
        }
        Command::RevokeToken { scope, id, closing } => {
            Outcome::Revoked(revoke(&desk, &scope, &id, closing).await)
        }
    }
}

async fn note(note: Note) {
    match note {
        Note::Step(entry, step) => entry.note(step).await,
        Note::Close(entry) => entry.close().await,
    }
}
