//! The harness: a simulated Bitbucket, the real runtime, and a terminal in memory. Keys go in; the
//! screen and the server's state come out. It waits for idle and never sleeps.

#![allow(
    dead_code,
    reason = "each test binary uses its own part of the harness"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed unwrap in a harness is a failed test"
)]

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bbtoken::app::App;
use bbtoken::bitbucket::{BaseUrl, Client, Destination, Scope, Token};
use bbtoken::browser::Browser;
use bbtoken::clipboard::{Clipboard, MemoryHandle};
use bbtoken::clock::Clock;
use bbtoken::config::{Config, Server};
use bbtoken::environment::Environment;
use bbtoken::operation::custody::Custody;
use bbtoken::operation::draft::Proposal;
use bbtoken::operation::journal::Journal;
use bbtoken::operation::rights::Rights;
use bbtoken::runtime::{Display, Runtime};
use bbtoken::secret::Secret;
use bbtoken::simulator::{Fault, FaultEffect, Options, RequestRecord, Simulator};
use bbtoken::state::State;
use bbtoken::terminal::Input;
use bbtoken::theme::Theme;
use bbtoken::ui::activity::Activity;
use bbtoken::ui::known::Known;
use bbtoken::ui::progress::Progress;
use bbtoken::ui::route::Route;
use bbtoken::ui::session::Session;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use futures_util::{FutureExt as _, Stream, stream};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ratatui::backend::{Backend, TestBackend};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::{Frame, Terminal};
use reqwest::Method;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use unicode_width::UnicodeWidthStr;

/// The moment at which every test begins.
pub(crate) const NOW: &str = "2026-11-24T09:00:00Z";
/// No answer from loopback takes so long: what does hangs, and the test says where.
const PATIENCE: Duration = Duration::from_secs(20);
/// A fast typist's: no burst.
const BETWEEN_KEYS: Duration = Duration::from_millis(100);
/// Nothing needs so many turns to come to rest: what does would burn a core.
const TURNS: usize = 10_000;

/// A terminal in memory.
pub(crate) struct Screen(Terminal<TestBackend>);

impl Display for Screen {
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let Ok(_) = self.0.draw(view);
        // A terminal blanks what a wide character covers; the one in memory would keep it.
        let buffer = self.0.backend().buffer();
        let covered: Vec<_> = (0..buffer.area.height)
            .flat_map(|y| (1..buffer.area.width).map(move |x| (x, y)))
            .filter(|(x, y)| buffer[(x - 1, *y)].symbol().width() > 1)
            .collect();
        let blank = Cell::default();
        let Ok(()) = self
            .0
            .backend_mut()
            .draw(covered.into_iter().map(|(x, y)| (x, y, &blank)));
        Ok(())
    }
    fn is_ready(&self) -> bool {
        true
    }
    async fn taken(&mut self) -> io::Result<()> {
        std::future::pending().await
    }
    fn ask(&self, _request: &str) -> impl Future<Output = io::Result<()>> + Send + use<> + 'static {
        std::future::ready(Ok(()))
    }
    fn size(&self) -> io::Result<(u16, u16)> {
        let Ok(size) = self.0.size();
        Ok((size.width, size.height))
    }
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn leave(&mut self) {}
}

/// How a program under test is set up.
pub(crate) struct Setup {
    pub(crate) size: (u16, u16),
    pub(crate) theme: Theme,
    pub(crate) demo: bool,
    pub(crate) config: Config,
    /// What is configured for the simulator, whose address is not known before.
    pub(crate) config_for_server: Option<fn(&mut Config, Server)>,
    pub(crate) share: bool,
    /// The address that is given on the command line, which is opened at once; without one, the
    /// simulator's is typed. An empty one: none is given, and none typed.
    pub(crate) address: Option<String>,
    /// The place to go to, where the address does not name one.
    pub(crate) place: Option<Destination>,
    /// What the form for a new token is filled in with there.
    pub(crate) proposal: Option<Proposal>,
    pub(crate) clipboard: bool,
    /// The home of an earlier run; an empty one where there is none.
    pub(crate) home: Option<TempDir>,
    pub(crate) options: Options,
    /// The server of an earlier run, and the clock that it goes by; a new one where there is none.
    pub(crate) server: Option<(Simulator, Clock)>,
    /// The authority that is trusted for the simulator.
    pub(crate) ca_file: Option<PathBuf>,
    /// The current directory; the home directory where there is none.
    pub(crate) directory: Option<PathBuf>,
    /// The address that the environment names.
    pub(crate) usual_address: Option<String>,
    /// The desktop's bus, where there is a desktop.
    pub(crate) bus: Option<String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            size: (80, 24),
            theme: Theme::colour(),
            demo: false,
            config: Config::default(),
            config_for_server: None,
            share: false,
            address: None,
            place: None,
            proposal: None,
            clipboard: true,
            home: None,
            options: Options::default(),
            server: None,
            ca_file: None,
            directory: None,
            usual_address: None,
            bus: None,
        }
    }
}

/// What was opened in the user's browser.
#[derive(Clone, Default)]
pub(crate) struct Visits(Arc<Mutex<Vec<String>>>);

impl Visits {
    /// The addresses, oldest first.
    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn note(&self, address: &str) {
        self.0.lock().unwrap().push(address.to_owned());
    }
}

/// The program under test.
pub(crate) struct Harness {
    runtime: Runtime<Screen>,
    inputs: Pin<Box<dyn Stream<Item = Input>>>,
    send: UnboundedSender<Input>,
    pub(crate) clock: Clock,
    pub(crate) simulator: Option<Simulator>,
    pub(crate) base_url: String,
    /// The user's home directory, empty at first.
    pub(crate) home: TempDir,
    clipboard: Option<MemoryHandle>,
    /// What was opened in the user's browser.
    pub(crate) browser: Visits,
    /// The requests that had not been answered when nobody waited for them any more.
    given_up: HashSet<usize>,
}

impl Harness {
    /// Starts a simulator and the program, which shows its first screen.
    pub(crate) async fn start(setup: Setup) -> Self {
        let (simulator, clock) = match setup.server {
            Some(earlier) => earlier,
            None => {
                let clock = Clock::manual(NOW.parse().unwrap());
                let options = Options {
                    clock: clock.clone(),
                    ..setup.options
                };
                (Simulator::start(options).await.unwrap(), clock)
            }
        };
        let base_url = simulator.base_url();
        let home = setup.home.unwrap_or_else(|| TempDir::new().unwrap());
        let mut config = setup.config;
        if let Some(configure) = setup.config_for_server {
            let base = BaseUrl::parse(&base_url).unwrap();
            configure(&mut config, Server::at(base));
        }
        if setup.ca_file.is_some() {
            let base = BaseUrl::parse(&base_url).unwrap();
            let mut server = Server::at(base);
            server.ca_file = setup.ca_file;
            config.servers.push(server);
        }
        let presets = Arc::new(config.presets().unwrap());
        let journal = if setup.demo {
            Journal::none()
        } else {
            Journal::of(&environment(home.path()))
        };
        let session = Session {
            config: Arc::new(config),
            demo: setup.demo,
            share: setup.share,
            state: State::load(&environment(home.path())).0,
            computer: "laptop".to_owned(),
            zone: TimeZone::UTC,
            presets,
            custody: Custody::default(),
            journal,
            clock: clock.clone(),
            newest: None,
            came_from: None,
            server: None,
            user: None,
            way: None,
            rights: Rights::default(),
            unfinished: None,
            progress: Progress::default(),
            known: Known::default(),
            activity: Activity::default(),
            destination: setup.place,
            proposal: setup.proposal,
            wish: None,
            tool: None,
            no_http: None,
            clone: None,
            runs_out: Vec::new(),
        };
        let types_address = setup.address.is_none() && !setup.demo;
        let address = match setup.address {
            None if setup.demo => base_url.clone(),
            address => address.unwrap_or_default(),
        };
        let first = Route::Connect(address);
        let app = App::new(session, first, setup.theme, clock.now());
        let (clipboard, handle) = if setup.clipboard {
            let (clipboard, handle) = Clipboard::memory();
            (clipboard, Some(handle))
        } else {
            (Clipboard::unavailable(), None)
        };
        let directory = setup.directory.unwrap_or_else(|| home.path().to_owned());
        let (columns, rows) = setup.size;
        let Ok(terminal) = Terminal::new(TestBackend::new(columns, rows));
        let usual_address = setup.usual_address.unwrap_or_default();
        let environment = environment(home.path())
            .in_directory(directory)
            .with("BBTOKEN_SERVER", &usual_address)
            .with("DBUS_SESSION_BUS_ADDRESS", setup.bus.unwrap_or_default());
        let (send, inputs) = unbounded_channel();
        let inputs = stream::unfold(inputs, async |mut inputs| {
            Some((inputs.recv().await?, inputs))
        });
        let mut harness = Self {
            inputs: Box::pin(inputs),
            send,
            runtime: Runtime::new(app, Screen(terminal), clock.clone(), clipboard, environment),
            home,
            clock,
            simulator: Some(simulator),
            base_url,
            clipboard: handle,
            browser: Visits::default(),
            given_up: HashSet::new(),
        };
        let visits = harness.browser.clone();
        let browser = Browser::calling(move |address| visits.note(address));
        harness.runtime.set_browser(browser);
        harness.runtime.start();
        harness.settle().await;
        if types_address {
            let address = harness.base_url.clone();
            harness.paste(&address).await;
        }
        harness
    }

    /// Kills the program, whatever it is at: its home and its server are left.
    pub(crate) fn kill(self) -> (TempDir, (Simulator, Clock)) {
        let Self {
            home,
            simulator,
            clock,
            ..
        } = self;
        (home, (simulator.expect("the simulator was stopped"), clock))
    }

    /// With the defaults.
    pub(crate) async fn new() -> Self {
        Self::start(Setup::default()).await
    }

    /// Presses keys one after the other and waits for idle after each: names in brackets
    /// (`<enter>`, `<esc>`, `<tab>`, `<c-c>`), everything else as typed.
    pub(crate) async fn keys(&mut self, keys: &str) {
        for key in parse_keys(keys) {
            if key.code == KeyCode::Enter && contains(&self.text(), "Token ready") {
                // Where enter leaves a token, a key that is held down counts for nothing.
                self.pass(Duration::from_millis(500));
            }
            if contains(&self.text(), "y yes") {
                // A question that came by itself is read first.
                self.clock.advance_uptime(Duration::from_millis(500));
                self.turn_only();
            }
            self.press(key);
            self.settle().await;
            self.guides_well();
        }
    }

    /// Fails with the screen printed if the line that says what comes next names a key that would be
    /// refused, or that means nothing here.
    pub(crate) fn guides_well(&mut self) {
        if self.has_quit() {
            return;
        }
        let buffer = self.buffer();
        let step = row_text(&buffer, 2.min(buffer.area.height - 1));
        if let Some(guidance) = self.runtime.app().guidance()
            && buffer.area.width >= 80
        {
            let is_there = step.starts_with(" → ");
            assert!(is_there, "no room for {guidance:?}:\n{}", self.text());
        }
        let Some(step) = step.strip_prefix(" → ") else {
            return;
        };
        assert!(!step.contains(['{', '}']), "{step}");
        for key in named(step) {
            let event = parse_keys(&key).remove(0);
            if let Some(reason) = self.runtime.app().refuses(event) {
                panic!("{step}\n{key}: {reason}\n{}", self.text());
            }
        }
    }

    /// Revokes the token under the cursor, with its number where that is asked for.
    pub(crate) async fn revoke(&mut self) {
        self.keys("x").await;
        let wants_number = contains(&self.text(), "Type 1 here");
        self.keys(if wants_number { "1<enter>" } else { "y" }).await;
    }

    /// Presses keys and waits for nothing: what they asked for is still under way.
    pub(crate) fn press_only(&mut self, keys: &str) {
        for key in parse_keys(keys) {
            self.press(key);
        }
    }

    fn press(&mut self, key: KeyEvent) {
        self.input_only(Input::Key(key));
        self.clock.advance_uptime(BETWEEN_KEYS);
        self.turn_only();
    }

    /// The same as fast as no hand can, and no time passes.
    pub(crate) async fn at_once(&mut self, keys: &str) {
        for key in parse_keys(keys) {
            self.input_only(Input::Key(key));
        }
        self.settle().await;
    }

    /// Keys that come at once, and the silence after them.
    pub(crate) async fn burst(&mut self, keys: &str) {
        self.at_once(keys).await;
        self.clock.advance_uptime(BETWEEN_KEYS);
        self.settle().await;
    }

    /// Pastes a text.
    pub(crate) async fn paste(&mut self, text: &str) {
        self.input(Input::Paste(Secret::new(text.to_owned()))).await;
    }

    /// Anything else that comes from outside.
    pub(crate) async fn input(&mut self, input: Input) {
        self.input_only(input);
        self.settle().await;
    }

    /// The same while what is under way stays under way.
    pub(crate) fn input_only(&mut self, input: Input) {
        self.send.send(input).unwrap();
        self.turn_only();
    }

    /// Lets time pass: deadlines come, in one go.
    pub(crate) async fn advance(&mut self, by: Duration) {
        self.pass(by);
        self.settle().await;
    }

    /// Lets time pass while what is under way stays under way.
    pub(crate) fn pass(&mut self, by: Duration) {
        self.clock.advance(by);
        self.turn_only();
    }

    /// Gives the terminal another size.
    pub(crate) async fn resize(&mut self, columns: u16, rows: u16) {
        self.resize_only(columns, rows);
        self.settle().await;
    }

    /// No input will come any more, as after the end of the terminal.
    pub(crate) fn end_inputs(&mut self) {
        (self.send, _) = unbounded_channel();
        self.turn_only();
    }

    /// The new tokens that somebody still has to be given.
    pub(crate) fn custody(&self) -> &Custody {
        self.runtime.app().custody()
    }

    /// The same while what is under way stays under way.
    pub(crate) fn resize_only(&mut self, columns: u16, rows: u16) {
        self.runtime.display().0.backend_mut().resize(columns, rows);
        self.input_only(Input::Resize(columns, rows));
    }

    /// Turns of the program's own loop, with everything that has happened by now; none where nothing
    /// has. Fails with the screen printed where it does not come to rest.
    fn turn_only(&mut self) {
        for _ in 0..TURNS {
            if self.has_quit() {
                return;
            }
            let turn = self.runtime.turn(&mut self.inputs);
            // Whatever the test did before in one go: this turn may do as much as it needs.
            if tokio::task::unconstrained(turn).now_or_never().is_none() {
                return;
            }
        }
        self.is_restless();
    }

    fn is_restless(&mut self) -> ! {
        panic!("it does not come to rest:\n{}", self.text());
    }

    /// The next turn, in which something happens. Fails with the screen printed.
    async fn turn(&mut self, awaited: &str) {
        let turn = self.runtime.turn(&mut self.inputs);
        if tokio::time::timeout(PATIENCE, turn).await.is_err() {
            panic!("after {PATIENCE:?} {awaited}:\n{}", self.text());
        }
    }

    /// Takes in one answer after the other until the screen shows the text, whatever else is still
    /// under way. Fails with the screen printed.
    pub(crate) async fn until_shows(&mut self, wanted: &str) {
        self.turn_only();
        while !contains(&self.text(), wanted) {
            assert!(
                self.is_busy() && !self.has_quit(),
                "{wanted:?} never came:\n{}",
                self.text()
            );
            self.turn(&format!("{wanted:?} has not come")).await;
        }
    }

    /// Waits until no answer is awaited any more, or the program has come to its end. Fails with the
    /// screen printed.
    pub(crate) async fn settle(&mut self) {
        for _ in 0..TURNS {
            if self.has_quit() {
                return self.runtime.end().await;
            }
            if !self.is_busy() {
                return;
            }
            self.turn("it is still waiting").await;
        }
        self.is_restless();
    }

    /// Whether an answer is awaited.
    pub(crate) fn is_busy(&self) -> bool {
        self.runtime.is_busy()
    }

    /// Whether the program has ended.
    pub(crate) fn has_quit(&self) -> bool {
        self.runtime.has_quit()
    }

    /// How many frames have been drawn.
    pub(crate) fn frames(&mut self) -> usize {
        self.runtime.display().0.get_frame().count()
    }

    /// The screen as text, a line for each row, without blanks at the ends.
    pub(crate) fn text(&mut self) -> String {
        let buffer = self.buffer();
        let rows = buffer.area.height;
        (0..rows)
            .map(|row| row_text(&buffer, row))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The cells of the screen.
    pub(crate) fn buffer(&mut self) -> Buffer {
        self.runtime.display().0.backend().buffer().clone()
    }

    /// Fails with the screen printed unless it shows the text; line breaks and runs of blanks count
    /// as one blank, and borders as nothing.
    pub(crate) fn shows(&mut self, wanted: &str) {
        let screen = self.text();
        assert!(
            contains(&screen, wanted),
            "{wanted:?} is not on the screen:\n{screen}"
        );
    }

    /// Fails with the screen printed if it shows the text.
    pub(crate) fn hides(&mut self, unwanted: &str) {
        let screen = self.text();
        assert!(
            !contains(&screen, unwanted),
            "{unwanted:?} is on the screen:\n{screen}"
        );
    }

    /// What was copied last.
    pub(crate) fn clipboard(&self) -> Option<String> {
        self.clipboard.as_ref()?.text()
    }

    /// The clipboard, as another program has it.
    pub(crate) fn clipboard_handle(&self) -> &MemoryHandle {
        self.clipboard.as_ref().expect("there is no clipboard")
    }

    /// Changes a variable of the environment for everything that the program does from now on.
    pub(crate) fn set_variable(&mut self, name: &str, value: &str) {
        let home = self.home.path();
        let environment = environment(home).in_directory(home).with(name, value);
        self.runtime.set_environment(environment);
    }

    /// Ends the daemon of git's helper "cache", which would outlive its home.
    pub(crate) async fn forget_cache(&self) {
        let mut command = environment(self.home.path()).command("git");
        let status = command.args(["credential-cache", "exit"]).status().await;
        assert!(status.unwrap().success());
    }

    /// The simulator, unless it was stopped.
    pub(crate) fn server(&self) -> &Simulator {
        self.simulator.as_ref().expect("the simulator was stopped")
    }

    /// Kills the server.
    pub(crate) async fn stop_server(&mut self) {
        if let Some(simulator) = self.simulator.take() {
            simulator.stop().await;
        }
    }

    /// Connects and signs in; the password is the user's name.
    pub(crate) async fn sign_in(&mut self, user: &str) {
        self.keys("<enter>").await;
        self.keys(&format!("{user}<enter>{user}<enter>")).await;
    }

    /// Where the terminal's cursor stands: on the focused element.
    pub(crate) fn cursor(&mut self) -> Position {
        self.runtime.display().0.get_cursor_position().unwrap()
    }

    /// Whether the terminal's cursor is seen.
    pub(crate) fn has_cursor(&mut self) -> bool {
        self.runtime.display().0.backend().cursor_visible()
    }

    /// The text of the whole row in which the terminal's cursor stands.
    pub(crate) fn cursor_row(&mut self) -> String {
        let row = self.cursor().y;
        row_text(&self.buffer(), row)
    }

    /// The text of the row in which the terminal's cursor stands, from the cursor on, up to the
    /// border of its pane.
    pub(crate) fn focus(&mut self) -> String {
        let Position { x, y } = self.cursor();
        let buffer = self.buffer();
        let row: String = (x..buffer.area.width)
            .map(|column| buffer[(column, y)].symbol())
            .take_while(|symbol| *symbol != "│")
            .collect();
        row.trim().to_owned()
    }

    /// Fails with the screen printed unless the cursor is on something that begins like this.
    pub(crate) fn is_on(&mut self, wanted: &str) {
        let focus = self.focus();
        // The cursor's own sign, and that of a token that is marked or to be looked at.
        let focus = focus.trim_start_matches(|sign: char| "›■!✗· ".contains(sign));
        assert!(
            focus.starts_with(wanted),
            "on {focus:?} instead of {wanted:?}:\n{}",
            self.text()
        );
    }

    /// Makes the next so many requests whose path and query contain this go wrong.
    pub(crate) fn fault(
        &self,
        method: Option<Method>,
        path_contains: &str,
        times: u32,
        effect: FaultEffect,
    ) {
        self.server().inject(Fault {
            method,
            path_contains: path_contains.to_owned(),
            times: Some(times),
            effect,
        });
    }

    /// Waits until a request with this method and this in its path has arrived and not been answered;
    /// what it asked for stays under way.
    pub(crate) async fn until_asked(&self, method: &Method, path_contains: &str) {
        self.until_request(|request| {
            request.method == *method && request.path.contains(path_contains)
        })
        .await;
    }

    /// Takes in what is done on this computer until a request has arrived and not been answered, or
    /// nothing is awaited any more.
    pub(crate) async fn until_asked_or_idle(&mut self) {
        while self.is_busy() && self.unanswered().is_subset(&self.given_up) {
            tokio::select! {
                () = self.runtime.turn(&mut self.inputs) => {}
                () = tokio::task::yield_now() => {}
            }
        }
        if !self.is_busy() {
            self.given_up = self.unanswered();
        }
    }

    /// Which requests have arrived and not been answered, or were cut.
    fn unanswered(&self) -> HashSet<usize> {
        let requests = self.server().requests();
        let open = requests.iter().enumerate();
        open.filter_map(|(index, request)| request.status.is_none().then_some(index))
            .collect()
    }

    async fn until_request(&self, fits: impl Fn(&RequestRecord) -> bool) {
        let has_arrived = || {
            let requests = self.server().requests();
            let mut open = requests.iter().filter(|request| request.status.is_none());
            open.any(&fits)
        };
        let waiting = async {
            while !has_arrived() {
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "the awaited request never arrived");
    }

    /// How many requests have arrived with this method and this in their path.
    pub(crate) fn count_requests(&self, method: &Method, path_contains: &str) -> usize {
        let requests = self.server().requests();
        let fits = requests
            .iter()
            .filter(|request| request.method == *method && request.path.contains(path_contains));
        fits.count()
    }

    /// A client of our own: what the server holds is what the system administrator sees.
    pub(crate) async fn root(&self) -> Client {
        let base = BaseUrl::parse(&self.base_url).unwrap();
        let password = Secret::new("root".to_owned());
        let client = Client::anonymous(base).unwrap();
        client
            .sign_in("root", &password)
            .await
            .unwrap()
            .done()
            .unwrap()
            .client
    }

    /// The tokens that the server holds in a place.
    pub(crate) async fn tokens(&self, scope: &Scope) -> Vec<Token> {
        self.root().await.tokens(scope).all().await.unwrap()
    }

    /// The one token that was created since the test began. Fails if there is none, or another one.
    pub(crate) async fn new_token(&self, scope: &Scope) -> Token {
        let mut new = self.new_tokens(scope).await;
        assert_eq!(new.len(), 1, "{new:?}");
        new.remove(0)
    }

    /// The tokens that were created since the test began.
    pub(crate) async fn new_tokens(&self, scope: &Scope) -> Vec<Token> {
        let start = NOW.parse().unwrap();
        let mut tokens = self.tokens(scope).await;
        tokens.retain(|token| token.created.is_some_and(|created| created >= start));
        tokens
    }
}

/// The surroundings of somebody whose home is this directory, with no configuration of git.
pub(crate) fn environment(home: &Path) -> Environment {
    Environment::of_process()
        .with("HOME", home)
        .with("XDG_CONFIG_HOME", home.join(".config"))
        .with("XDG_STATE_HOME", home.join(".local/state"))
        .with("GIT_CONFIG_GLOBAL", "")
        .with("GIT_CONFIG_NOSYSTEM", "1")
        .with("GIT_SSL_CAINFO", "")
        .with("DBUS_SESSION_BUS_ADDRESS", "")
        .with("BBTOKEN_SERVER", "")
        .with("SSH_CONNECTION", "")
        .with("SSH_TTY", "")
        .with("HTTP_PROXY", "")
        .with("http_proxy", "")
        .with("HTTPS_PROXY", "")
        .with("https_proxy", "")
        .with("ALL_PROXY", "")
        .with("all_proxy", "")
        .with_program(env!("CARGO_BIN_EXE_bbtoken"))
}

/// The keys that a sentence names, as they are pressed here.
pub(crate) fn named(step: &str) -> Vec<String> {
    let words: Vec<_> = step.split_whitespace().collect();
    let is_function = |word: &str| {
        let number = word.strip_prefix('F');
        number.is_some_and(|number| number.parse::<u8>().is_ok())
    };
    let pairs = words.windows(2);
    let keys = pairs.filter(|pair| matches!(pair[0], "press" | "Press" | "or"));
    keys.map(|pair| pair[1].trim_end_matches(['.', ',', ':']))
        .filter_map(|word| match word {
            "enter" | "esc" => Some(format!("<{word}>")),
            word if is_function(word) => Some(format!("<{}>", word.to_lowercase())),
            word if word.len() == 1 => Some(word.to_owned()),
            _ => None,
        })
        .collect()
}

fn row_text(buffer: &Buffer, row: u16) -> String {
    let mut text = String::new();
    let mut column = 0;
    while column < buffer.area.width {
        let symbol = buffer[(column, row)].symbol();
        text.push_str(symbol);
        // A wide character takes the cell behind it too.
        let width = unicode_width::UnicodeWidthStr::width(symbol).max(1);
        column += u16::try_from(width).unwrap();
    }
    text.trim_end().to_owned()
}

/// Somebody who is signed in, in a window with room for everything.
pub(crate) async fn signed_in(user: &str) -> Harness {
    let mut program = Harness::start(Setup {
        size: (120, 40),
        ..Setup::default()
    })
    .await;
    program.sign_in(user).await;
    program
}

/// Where these keys lead alice to after the sign-in, in a window of this size.
pub(crate) async fn alice_at(keys: &str, size: (u16, u16)) -> Harness {
    let mut program = Harness::start(Setup {
        size,
        ..Setup::default()
    })
    .await;
    program.sign_in("alice").await;
    program.keys(keys).await;
    program
}

/// Whether the text stands on the screen: across its whole width, or within one of its panes.
pub(crate) fn contains(screen: &str, wanted: &str) -> bool {
    let wanted = flat(wanted);
    flat(screen).contains(&wanted)
        || panes(screen)
            .iter()
            .any(|pane| flat(pane).contains(&wanted))
}

/// The screen cut where the left borders of panes stand.
fn panes(screen: &str) -> Vec<String> {
    let cells: Vec<Vec<char>> = screen.lines().map(cells).collect();
    let width = cells.iter().map(Vec::len).max().unwrap_or(0);
    let mut cuts: Vec<usize> = (0..width)
        .filter(|column| cells.iter().any(|row| row.get(*column) == Some(&'╭')))
        .collect();
    cuts.push(width);
    let strip = |from: usize, to: usize| {
        let rows = cells.iter().map(|row| {
            let end = to.min(row.len());
            row[from.min(end)..end].iter().collect::<String>()
        });
        rows.collect::<Vec<_>>().join("\n")
    };
    cuts.windows(2).map(|cut| strip(cut[0], cut[1])).collect()
}

/// One character for each column: a wide one is followed by a blank.
fn cells(row: &str) -> Vec<char> {
    let mut cells = Vec::new();
    for character in row.chars() {
        match unicode_width::UnicodeWidthChar::width(character) {
            Some(0) | None => {}
            Some(width) => {
                cells.push(character);
                cells.extend(std::iter::repeat_n('\u{0}', width - 1));
            }
        }
    }
    cells
}

/// So many days after the test began.
pub(crate) fn in_days(days: i64) -> Timestamp {
    let start: Timestamp = NOW.parse().unwrap();
    start + SignedDuration::from_hours(24 * days)
}

pub(crate) fn personal(user: &str) -> Scope {
    Scope::Personal {
        user: user.to_owned(),
    }
}

pub(crate) fn project(key: &str) -> Scope {
    Scope::Project {
        key: key.to_owned(),
    }
}

pub(crate) fn repository(project: &str, slug: &str) -> Scope {
    Scope::Repository {
        project: project.to_owned(),
        slug: slug.to_owned(),
    }
}

fn flat(text: &str) -> String {
    let text = text.replace('\u{0}', "");
    let inside = text.replace(['│', '╭', '╮', '╰', '╯', '─'], " ");
    inside.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn parse_keys(keys: &str) -> Vec<KeyEvent> {
    let mut events = Vec::new();
    let mut rest = keys;
    while let Some(character) = rest.chars().next() {
        let named = rest
            .strip_prefix('<')
            .and_then(|rest| rest.split_once('>'))
            .and_then(|(name, rest)| Some((named_key(name)?, rest)));
        if let Some((key, left)) = named {
            events.push(key);
            rest = left;
        } else {
            events.push(KeyCode::Char(character).into());
            rest = &rest[character.len_utf8()..];
        }
    }
    events
}

fn named_key(name: &str) -> Option<KeyEvent> {
    let code = match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "s-tab" => KeyCode::BackTab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pageup" => KeyCode::PageUp,
        "pagedown" => KeyCode::PageDown,
        "backspace" => KeyCode::Backspace,
        "delete" => KeyCode::Delete,
        "f1" => KeyCode::F(1),
        "f2" => KeyCode::F(2),
        "f3" => KeyCode::F(3),
        "f4" => KeyCode::F(4),
        "f12" => KeyCode::F(12),
        _ => {
            let control = name.strip_prefix("c-")?;
            let character = control.chars().next()?;
            return Some(KeyEvent::new(
                KeyCode::Char(character),
                KeyModifiers::CONTROL,
            ));
        }
    };
    Some(code.into())
}
