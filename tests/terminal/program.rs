//! The program in a pseudo-terminal: keys go in, the screen and every byte come out. It waits for
//! what the screen shows and never sleeps.

use std::os::fd::{AsFd as _, OwnedFd};
use std::process::ExitStatus;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pty_process::{Command, Pty, Size};
use rustix::process::{Pid, Signal, kill_process};
use rustix::termios::{LocalModes, Termios, tcgetattr};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Child;
use tokio::time::{Instant, timeout_at};
use vt100::{Callbacks, Parser, Screen};

/// A hand is not faster.
const HAND: Duration = Duration::from_millis(120);
/// Within this time a program that was told to end is gone. It promises five seconds; the rest is for a
/// busy computer.
const END: Duration = Duration::from_secs(8);
/// Nothing takes so long, also in a debug build on a busy computer: what does hangs.
const PATIENCE: Duration = Duration::from_secs(60);
const ROWS: u16 = 24;
const COLUMNS: u16 = 80;

/// What a terminal does besides drawing.
#[derive(Default)]
struct Heard {
    /// The texts that were to go to the terminal's clipboard, as OSC 52 carries them.
    copied: Vec<Vec<u8>>,
}

impl Heard {
    fn texts(&self) -> Vec<String> {
        let decode = |data| String::from_utf8(STANDARD.decode(data).unwrap()).unwrap();
        self.copied.iter().map(decode).collect()
    }
}

impl Callbacks for Heard {
    fn copy_to_clipboard(&mut self, _: &mut Screen, _kind: &[u8], data: &[u8]) {
        self.copied.push(data.to_vec());
    }
}

/// The program while it runs.
pub(crate) struct Program {
    child: Child,
    /// `None` once the window has been closed.
    terminal: Option<Pty>,
    /// The program's end of the terminal, also open here: its modes can be read after the end.
    line: OwnedFd,
    before: Termios,
    emulator: Parser<Heard>,
    stream: Vec<u8>,
    /// When keys were pressed last, or something came.
    moved: Instant,
    /// The user's home directory, empty at first.
    pub(crate) home: TempDir,
}

/// The program after its end.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    /// Every byte that it wrote.
    pub(crate) stream: Vec<u8>,
    /// Until here the user's home directory stays.
    pub(crate) home: TempDir,
    before: Termios,
    after: Termios,
    emulator: Parser<Heard>,
}

impl Program {
    /// Starts it, without anything of our own environment but these variables.
    pub(crate) fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let home = TempDir::new().unwrap();
        Self::start_in(home, env!("CARGO_BIN_EXE_bbtoken"), arguments, environment)
    }

    /// The same in this home directory, or another program in its place, such as tmux.
    pub(crate) fn start_in(
        home: TempDir,
        program: &str,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let (terminal, line) = pty_process::open().unwrap();
        terminal.resize(Size::new(ROWS, COLUMNS)).unwrap();
        let kept = line.as_fd().try_clone_to_owned().unwrap();
        let before = tcgetattr(&kept).unwrap();
        let child = Command::new(program)
            .args(arguments)
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TERM", "xterm-256color")
            .env("TMPDIR", home.path())
            .env("TZ", "UTC")
            // Whatever this computer's organisation says.
            .env("BBTOKEN_ORGANISATION_CONFIG", "/dev/null")
            // As over SSH: there the terminal's clipboard comes first, also on a computer that has
            // one of its own, which a test must leave alone.
            .env("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")
            .envs(environment.iter().copied())
            .kill_on_drop(true)
            .spawn(line)
            .unwrap();
        Self {
            child,
            terminal: Some(terminal),
            line: kept,
            before,
            emulator: Parser::new_with_callbacks(ROWS, COLUMNS, 0, Heard::default()),
            stream: Vec::new(),
            moved: Instant::now(),
            home,
        }
    }

    /// The keys that lead through the demo, each pressed when the screen that it is meant for is
    /// there.
    pub(crate) async fn walk(&mut self, path: &[(&str, &str)]) {
        for (screen, keys) in path {
            self.wait_for(screen).await;
            self.press(keys).await;
        }
    }

    /// Presses keys, given as the bytes that a terminal sends for them.
    /// As a hand does it: what comes faster counts as a burst.
    pub(crate) async fn press(&mut self, keys: &str) {
        tokio::time::sleep_until(self.moved + HAND).await;
        self.send(keys.as_bytes()).await;
        self.moved = Instant::now();
    }

    /// Sends bytes as a terminal may, at once.
    pub(crate) async fn send(&mut self, bytes: &[u8]) {
        let terminal = self.terminal.as_mut().unwrap();
        terminal.write_all(bytes).await.unwrap();
    }

    /// Has the line tell another size than the window has.
    #[allow(dead_code, reason = "no figure is about it")]
    pub(crate) fn resize_line(&self, rows: u16, columns: u16) {
        let terminal = self.terminal.as_ref().unwrap();
        terminal.resize(Size::new(rows, columns)).unwrap();
    }

    /// Gives the window another size.
    #[allow(dead_code, reason = "no figure is about it")]
    pub(crate) fn resize(&mut self, rows: u16, columns: u16) {
        let terminal = self.terminal.as_ref().unwrap();
        terminal.resize(Size::new(rows, columns)).unwrap();
        self.emulator.screen_mut().set_size(rows, columns);
    }

    /// Reads until the text is on the screen; blanks and line breaks count as one blank.
    pub(crate) async fn wait_for(&mut self, text: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !flat(&self.text()).contains(text) {
            let still_writes = timeout_at(deadline, self.read()).await;
            assert!(
                still_writes == Ok(true),
                "{text:?} did not come:\n{}",
                self.text()
            );
        }
    }

    /// The rows of the screen, each as wide as the window: what stands in the last column is the last sign.
    pub(crate) fn rows(&self) -> Vec<String> {
        let screen = self.emulator.screen();
        let (rows, columns) = screen.size();
        let row = |row| {
            let cells = (0..columns).filter_map(|column| screen.cell(row, column));
            let cells = cells.filter(|cell| !cell.is_wide_continuation());
            let text = cells.map(|cell| {
                if cell.has_contents() {
                    cell.contents().to_owned()
                } else {
                    " ".to_owned()
                }
            });
            text.collect()
        };
        (0..rows).map(row).collect()
    }

    /// Whether the text is on the screen; blanks and line breaks count as one blank.
    pub(crate) fn shows(&self, text: &str) -> bool {
        flat(&self.text()).contains(text)
    }

    /// Takes in what the program writes within this time.
    pub(crate) async fn read_for(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while timeout_at(until, self.read()).await == Ok(true) {}
    }

    /// Waits until the program has ended by itself, and reads what it wrote last.
    pub(crate) async fn end(mut self) -> Ended {
        let deadline = Instant::now() + PATIENCE;
        while timeout_at(deadline, self.read())
            .await
            .unwrap_or_else(|_| panic!("it did not end:\n{}", self.text()))
        {}
        let status = self.child.wait().await.unwrap();
        let after = tcgetattr(&self.line).unwrap();
        // With the last handle on the program's end gone, ours reads what is left, then an error.
        drop(self.line);
        let mut rest = Vec::new();
        let _end = self.terminal.unwrap().read_to_end(&mut rest).await;
        self.emulator.process(&rest);
        self.stream.extend(rest);
        Ended {
            status,
            stream: self.stream,
            home: self.home,
            before: self.before,
            after,
            emulator: self.emulator,
        }
    }

    /// Fills what the system holds for a terminal that does not read: the next byte has to wait until
    /// somebody reads.
    #[cfg(target_os = "linux")]
    pub(crate) fn stop_reading(&self) {
        use std::io::Write as _;
        use std::os::fd::AsRawFd as _;
        use std::os::unix::fs::OpenOptionsExt as _;

        // Opened anew, so that only this handle does not wait.
        let flags = (rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY).bits();
        let path = format!("/proc/self/fd/{}", self.line.as_raw_fd());
        let mut line = std::fs::OpenOptions::new()
            .write(true)
            .custom_flags(i32::try_from(flags).unwrap())
            .open(path)
            .unwrap();
        // Zeros: a terminal passes over them.
        while line.write(&[0]).is_ok() {}
    }

    /// Closes the window in which it runs.
    pub(crate) fn close_window(&mut self) {
        self.terminal = None;
    }

    /// Fails unless the program ends in time, whether or not anybody reads what it writes.
    pub(crate) async fn ends_in_time(mut self, why: &str) {
        let ended = tokio::time::timeout(END, self.child.wait()).await;
        assert!(
            ended.is_ok(),
            "{why}: still there after {END:?}:\n{}",
            self.text()
        );
    }

    /// The same where its last words are read.
    pub(crate) async fn end_in_time(self, why: &str) -> Ended {
        let ended = tokio::time::timeout(END, self.end()).await;
        ended.unwrap_or_else(|_| panic!("{why}: still there after {END:?}"))
    }

    /// The texts that were sent to the terminal's clipboard so far, the oldest first.
    pub(crate) fn copied(&self) -> Vec<String> {
        self.emulator.callbacks().texts()
    }

    /// Sends a signal to the program.
    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.id().unwrap()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// Fails unless the terminal is in the program's hands.
    pub(crate) fn has_the_terminal(&self) {
        let now = tcgetattr(&self.line).unwrap();
        let cooked = LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
        assert!(!now.local_modes.intersects(cooked), "raw mode is off");
        let screen = self.emulator.screen();
        assert!(screen.alternate_screen(), "not on the alternate screen");
        assert!(screen.bracketed_paste(), "bracketed paste is off");
    }

    /// How much memory it holds, as the system words it; known on Linux only.
    #[allow(dead_code, reason = "a figure for `cargo bench`, not for a test")]
    pub(crate) fn resident_memory(&self) -> String {
        let id = self.child.id().unwrap();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.map_or("unknown", str::trim).to_owned()
    }

    fn text(&self) -> String {
        self.emulator.screen().contents()
    }

    /// Takes in what the program wrote; false: it has ended, and everything is taken in.
    async fn read(&mut self) -> bool {
        let mut bytes = [0; 4096];
        let terminal = self.terminal.as_mut().unwrap();
        let read = tokio::select! {
            biased;
            read = terminal.read(&mut bytes) => read.unwrap(),
            // What it wrote last may have come just before. This read waits for nothing.
            _ = self.child.wait() => rustix::io::read(&*terminal, &mut bytes).unwrap_or(0),
        };
        let bytes = &bytes[..read];
        if read > 0 {
            self.moved = Instant::now();
        }
        self.emulator.process(bytes);
        self.stream.extend_from_slice(bytes);
        read > 0
    }
}

impl Ended {
    /// Fails unless the terminal is as it was before the program.
    pub(crate) fn gave_the_terminal_back(&self) {
        self.left_the_line_as_it_was();
        let screen = self.emulator.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is on");
        assert_eq!(screen.contents(), "", "something stays on the screen");
        // What the emulator does not know: reports of focus, synchronized updates, the title.
        for (on, off) in [
            ("\x1b[?1004h", "\x1b[?1004l"),
            ("\x1b[?2026h", "\x1b[?2026l"),
            ("\x1b[22;0t", "\x1b[23;0t"),
        ] {
            let (on, off) = (last(&self.stream, on), last(&self.stream, off));
            assert!(on.is_some() && on < off, "not switched off after {on:?}");
        }
    }

    /// What stands on the screen.
    #[allow(
        dead_code,
        reason = "of commands that draw nothing, which no figure is about"
    )]
    pub(crate) fn screen(&self) -> String {
        self.emulator.screen().contents()
    }

    /// Fails unless the line's modes, such as showing what is typed, are those before the program.
    pub(crate) fn left_the_line_as_it_was(&self) {
        let modes = |termios: &Termios| {
            let Termios {
                input_modes,
                output_modes,
                control_modes,
                local_modes,
                ..
            } = termios;
            (*input_modes, *output_modes, *control_modes, *local_modes)
        };
        assert_eq!(modes(&self.after), modes(&self.before), "the line's modes");
    }

    /// The texts that were sent to the terminal's clipboard, the oldest first.
    pub(crate) fn copied(&self) -> Vec<String> {
        self.emulator.callbacks().texts()
    }

    /// Everything that was written except the texts for the clipboard.
    pub(crate) fn stream_without_clipboard(&self) -> String {
        let mut stream = String::from_utf8_lossy(&self.stream).into_owned();
        for data in &self.emulator.callbacks().copied {
            let data = str::from_utf8(data).unwrap();
            let request = format!("\x1b]52;c;{data}\x1b\\");
            assert_eq!(stream.matches(&request).count(), 1, "copied more than once");
            stream = stream.replace(&request, "");
        }
        stream
    }

    /// The codes of all SGR sequences (`ESC [ … m`).
    pub(crate) fn looks(&self) -> Vec<u16> {
        let stream = String::from_utf8_lossy(&self.stream);
        let sequences = stream.split("\x1b[").skip(1).filter_map(|rest| {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':')?;
            rest[end..].starts_with('m').then(|| rest[..end].to_owned())
        });
        sequences
            .flat_map(|codes| {
                let codes = codes
                    .split([';', ':'])
                    .map(|code| code.parse().unwrap_or(0));
                codes.collect::<Vec<u16>>()
            })
            .collect()
    }
}

fn last(stream: &[u8], sequence: &str) -> Option<usize> {
    stream
        .windows(sequence.len())
        .rposition(|window| window == sequence.as_bytes())
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
