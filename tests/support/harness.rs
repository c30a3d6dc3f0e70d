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
use std::sync::Arc;
use std::time::Duration;

use bbtoken::app::App;
use bbtoken::app::context::Session;
use bbtoken::app::event::Event;
use bbtoken::clipboard::{Clipboard, MemoryHandle};
use bbtoken::clock::Clock;
use bbtoken::preset;
use bbtoken::runtime::{Display, Runtime};
use bbtoken::screen::connect::Connect;
use bbtoken::secret::Secret;
use bbtoken::simulator::{Options, Simulator};
use bbtoken::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::{Frame, Terminal};

/// The moment at which every test begins.
pub const NOW: &str = "2026-11-24T09:00:00Z";
/// No answer from loopback takes so long: what does hangs, and the test says where.
const PATIENCE: Duration = Duration::from_secs(20);

/// A terminal in memory.
pub struct Screen(Terminal<TestBackend>);

impl Display for Screen {
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let Ok(_) = self.0.draw(view);
        Ok(())
    }
    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }
    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How a program under test is set up.
pub struct Setup {
    pub size: (u16, u16),
    pub theme: Theme,
    pub demo: bool,
    /// The address that is filled in; the simulator's where there is none.
    pub address: Option<String>,
    pub clipboard: bool,
    pub options: Options,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            size: (80, 24),
            theme: Theme::colour(),
            demo: false,
            address: None,
            clipboard: true,
            options: Options::default(),
        }
    }
}

/// The program under test.
pub struct Harness {
    runtime: Runtime<Screen>,
    pub clock: Clock,
    pub simulator: Option<Simulator>,
    pub base_url: String,
    clipboard: Option<MemoryHandle>,
}

impl Harness {
    /// Starts a simulator and the program, which shows its first screen.
    pub async fn start(setup: Setup) -> Self {
        let clock = Clock::manual(NOW.parse().unwrap());
        let options = Options {
            clock: clock.clone(),
            ..setup.options
        };
        let simulator = Simulator::start(options).await.unwrap();
        let base_url = simulator.base_url();
        let session = Session {
            demo: setup.demo,
            computer: "laptop".to_owned(),
            zone: TimeZone::UTC,
            presets: Arc::new(preset::built_in().unwrap()),
            created: HashSet::new(),
            server: None,
            user: None,
        };
        let address = setup.address.as_deref().unwrap_or(&base_url);
        let first = Connect::to(address).into();
        let app = App::new(session, first, setup.theme, clock.now());
        let (clipboard, handle) = if setup.clipboard {
            let (clipboard, handle) = Clipboard::memory();
            (clipboard, Some(handle))
        } else {
            (Clipboard::unavailable(), None)
        };
        let (columns, rows) = setup.size;
        let Ok(terminal) = Terminal::new(TestBackend::new(columns, rows));
        let mut harness = Self {
            runtime: Runtime::new(app, Screen(terminal), clock.clone(), clipboard),
            clock,
            simulator: Some(simulator),
            base_url,
            clipboard: handle,
        };
        harness.draw();
        harness
    }

    /// With the defaults.
    pub async fn new() -> Self {
        Self::start(Setup::default()).await
    }

    /// Presses keys one after the other and waits for idle after each: names in brackets
    /// (`<enter>`, `<esc>`, `<tab>`, `<c-c>`), everything else as typed.
    pub async fn keys(&mut self, keys: &str) {
        for key in parse_keys(keys) {
            self.press(key);
            self.settle().await;
        }
    }

    /// Presses one key and waits for nothing: what it asked for is still under way.
    pub fn press_only(&mut self, key: &str) {
        for key in parse_keys(key) {
            self.press(key);
        }
        self.draw();
    }

    fn press(&mut self, key: KeyEvent) {
        self.runtime.handle(Event::Key(key));
    }

    /// Pastes a text.
    pub async fn paste(&mut self, text: &str) {
        self.runtime
            .handle(Event::Paste(Secret::new(text.to_owned())));
        self.settle().await;
    }

    /// Any other event.
    pub async fn event(&mut self, event: Event) {
        self.runtime.handle(event);
        self.settle().await;
    }

    /// Lets time pass: deadlines come, in one go.
    pub async fn advance(&mut self, by: Duration) {
        self.clock.advance(by);
        self.event(Event::Time).await;
    }

    /// Waits until no answer is awaited any more, then draws. Fails with the screen printed.
    pub async fn settle(&mut self) {
        while self.runtime.is_busy() {
            let waited = tokio::time::timeout(PATIENCE, self.runtime.next_reply()).await;
            if waited.is_err() {
                self.draw();
                panic!("still waiting after {PATIENCE:?}:\n{}", self.text());
            }
        }
        self.draw();
    }

    /// Whether an answer is awaited.
    pub fn is_busy(&self) -> bool {
        self.runtime.is_busy()
    }

    /// Whether the program has ended.
    pub fn has_quit(&self) -> bool {
        self.runtime.has_quit()
    }

    fn draw(&mut self) {
        self.runtime.draw().unwrap();
    }

    /// The screen as text, a line for each row, without blanks at the ends.
    pub fn text(&mut self) -> String {
        let buffer = self.buffer();
        let rows = buffer.area.height;
        (0..rows)
            .map(|row| row_text(&buffer, row))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// The cells of the screen.
    pub fn buffer(&mut self) -> Buffer {
        self.runtime.display().0.backend().buffer().clone()
    }

    /// Fails with the screen printed unless it shows the text; line breaks and runs of blanks count
    /// as one blank, and borders as nothing.
    pub fn shows(&mut self, wanted: &str) {
        let screen = self.text();
        assert!(
            flat(&screen).contains(&flat(wanted)),
            "{wanted:?} is not on the screen:\n{screen}"
        );
    }

    /// Fails with the screen printed if it shows the text.
    pub fn hides(&mut self, unwanted: &str) {
        let screen = self.text();
        assert!(
            !flat(&screen).contains(&flat(unwanted)),
            "{unwanted:?} is on the screen:\n{screen}"
        );
    }

    /// What was copied last.
    pub fn clipboard(&self) -> Option<String> {
        self.clipboard.as_ref()?.text()
    }

    /// The simulator, unless it was stopped.
    pub fn server(&self) -> &Simulator {
        self.simulator.as_ref().expect("the simulator was stopped")
    }

    /// Kills the server.
    pub async fn stop_server(&mut self) {
        if let Some(simulator) = self.simulator.take() {
            simulator.stop().await;
        }
    }

    /// Connects and signs in; the password is the user's name.
    pub async fn sign_in(&mut self, user: &str) {
        self.keys("<enter>").await;
        self.keys(&format!("{user}<enter>{user}<enter>")).await;
    }
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

fn flat(text: &str) -> String {
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
        "f1" => KeyCode::F(1),
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
