//! The clipboards that are real: tmux's buffers, with tmux between the program and the terminal, and
//! that of an X server. What is on them another program reads back.

mod manager;

use std::process::{Command, Output, Stdio};
use std::time::Duration;

use bbtoken::simulator::{Options, Simulator};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};

use self::manager::Manager;
use crate::interface::{COPIED, ENTER, ENTER_PATH, leave};
use crate::program::Program;

/// Nothing takes so long.
const PATIENCE: Duration = Duration::from_secs(60);
/// Before the seconds that are left.
const ON_CLIPBOARD: &str = "✓ on your clipboard for ";
/// The last thing that the program says while it leaves a token on a clipboard that it clears.
const STILL_NEEDED: &str = "Do you have the token?";

/// The program inside tmux, which has nothing to do with anybody's own tmux.
pub(crate) struct Tmux {
    directory: TempDir,
}

impl Tmux {
    /// Starts it, with a session that keeps the server alive when the program has ended.
    fn start(bbtoken: &str) -> (Self, Program) {
        Self::start_set("", "", bbtoken)
    }

    /// The same with these lines in its configuration, and what stands before the program in its command line.
    pub(crate) fn start_set(configuration: &str, before: &str, bbtoken: &str) -> (Self, Program) {
        let tmux = Self::start_server_set(configuration);
        let bbtoken = format!("{before} '{}' {bbtoken}", env!("CARGO_BIN_EXE_bbtoken"));
        let arguments = ["-S", &tmux.file("socket"), "new-session", &bbtoken];
        let environment = [("LC_ALL", "C.UTF-8")];
        let program = Program::start_in(TempDir::new().unwrap(), "tmux", &arguments, &environment);
        (tmux, program)
    }

    /// Only the server.
    pub(crate) fn start_server() -> Self {
        Self::start_server_set("")
    }

    fn start_server_set(more: &str) -> Self {
        let directory = TempDir::new().unwrap();
        let tmux = Self { directory };
        let configuration = tmux.file("tmux.conf");
        let text = format!("set -g status off\n{more}");
        std::fs::write(&configuration, text).unwrap();
        let server = tmux.run(&["-f", &configuration, "new-session", "-d", "sleep 1000"]);
        assert!(server.status.success(), "{server:?}");
        tmux
    }

    /// What `TMUX` is inside it.
    pub(crate) fn variable(&self) -> String {
        format!("{},1,0", self.file("socket"))
    }

    fn file(&self, name: &str) -> String {
        let file = self.directory.path().join(name);
        file.to_str().unwrap().to_owned()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new("tmux")
            .args(["-S", &self.file("socket")])
            .args(arguments)
            .env_remove("TMUX")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The texts of all buffers, the newest first.
    pub(crate) fn buffers(&self) -> Vec<String> {
        let names = self.run(&["list-buffers", "-F", "#{buffer_name}"]);
        let names = String::from_utf8(names.stdout).unwrap();
        let texts = names.lines().map(|name| {
            let text = self.run(&["show-buffer", "-b", name]).stdout;
            String::from_utf8(text).unwrap()
        });
        texts.collect()
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

#[tokio::test]
#[ignore = "needs tmux: .ci/run installs it"]
async fn tmux_has_the_token_and_passes_it_on_until_the_program_leaves() {
    let (tmux, mut program) = Tmux::start("demo");
    program.walk(&ENTER_PATH).await;
    program
        .wait_for(", and sent to your terminal's clipboard")
        .await;
    let buffers = tmux.buffers();
    let [token] = buffers.as_slice() else {
        panic!("{} buffers", buffers.len());
    };
    // What the terminal outside was sent.
    assert_eq!(program.copied(), buffers);
    // What takes its place on the clipboard takes its place in tmux.
    program.press("y").await;
    program
        .wait_for("The clone command is in tmux's buffer")
        .await;
    let gone = async {
        while tmux.buffers().contains(token) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap();
    program.press("c").await;
    program.wait_for("The token is in tmux's buffer").await;
    // Somebody goes on working: theirs stays, ours goes although it lies below.
    tmux.run(&["set-buffer", "somebody else's"]);
    program.press("q").await;
    program.wait_for(STILL_NEEDED).await;
    assert!(tmux.buffers().contains(token));
    program.press("y").await;
    program.end().await;
    let [theirs, command] = <[String; 2]>::try_from(tmux.buffers()).unwrap();
    assert_eq!(theirs, "somebody else's");
    assert!(command.starts_with("git clone "), "{command}");
}

#[tokio::test]
#[ignore = "needs tmux: .ci/run installs it"]
async fn tmux_loses_the_token_after_a_while_and_the_terminal_outside_is_left_alone() {
    let (tmux, mut program) = Tmux::start("demo --clear-clipboard 1");
    program.walk(&ENTER_PATH).await;
    program.wait_for("The token was taken out of tmux.").await;
    program
        .wait_for("no longer in tmux's buffer: c copies it again")
        .await;
    assert!(tmux.buffers().is_empty());
    // It does not tell what it holds by now, so nothing is put in its place.
    assert_eq!(program.copied().len(), 1);
}

/// An X server without a screen that anybody sees.
struct XServer {
    _server: tokio::process::Child,
    display: String,
}

impl XServer {
    async fn start() -> Self {
        let mut server = tokio::process::Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "320x200x24"])
            .args(["-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
        let number = lines.next_line().await.unwrap().unwrap();
        Self {
            _server: server,
            display: format!(":{number}"),
        }
    }

    /// The demo as on a desktop, up to the new token.
    async fn token(&self, arguments: &[&str]) -> Program {
        let arguments = [&["demo"], arguments].concat();
        let environment = [("DISPLAY", self.display.as_str()), ("SSH_CONNECTION", "")];
        let mut program = Program::start(&arguments, &environment);
        program.walk(&ENTER_PATH).await;
        program
    }

    fn xclip(&self, arguments: &[&str]) -> Output {
        Command::new("xclip")
            .args(["-selection", "clipboard"])
            .args(arguments)
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// What is on the clipboard; nothing where xclip finds none.
    fn clipboard(&self) -> String {
        String::from_utf8(self.xclip(&["-o"]).stdout).unwrap()
    }

    /// Another program puts something on it.
    fn put(&self, directory: &TempDir, text: &str) {
        let file = directory.path().join("text");
        std::fs::write(&file, text).unwrap();
        let status = Command::new("xclip")
            .args(["-selection", "clipboard", "-i"])
            .arg(&file)
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(status.unwrap().success());
    }
}

#[tokio::test]
#[ignore = "needs Xvfb and xclip: .ci/run installs it"]
async fn a_desktop_has_the_token_until_the_program_leaves() {
    let x = XServer::start().await;
    let mut program = x.token(&[]).await;
    program.wait_for(ON_CLIPBOARD).await;
    let token = x.clipboard();
    assert!(token.len() > 20 && !token.contains(char::is_whitespace));
    // Histories of clipboards that know this leave it out.
    let targets = String::from_utf8(x.xclip(&["-o", "-t", "TARGETS"]).stdout).unwrap();
    assert!(targets.contains("x-kde-passwordManagerHint"), "{targets}");
    let hint = x.xclip(&["-o", "-t", "x-kde-passwordManagerHint"]).stdout;
    assert_eq!(hint, b"secret");
    assert!(program.copied().is_empty(), "the terminal was asked too");
    program.press("q").await;
    program.wait_for(STILL_NEEDED).await;
    assert_eq!(x.clipboard(), token);
    program.press("y").await;
    program.end().await;
    assert_eq!(x.clipboard(), "");
}

#[tokio::test]
#[ignore = "needs Xvfb and xclip: .ci/run installs it"]
async fn a_desktop_loses_the_token_after_a_while() {
    let x = XServer::start().await;
    let mut program = x.token(&["--clear-clipboard", "1"]).await;
    program
        .wait_for("The token was taken off the clipboard.")
        .await;
    assert_eq!(x.clipboard(), "");
    // It can be had again.
    program.press("c").await;
    program.wait_for(ON_CLIPBOARD).await;
    program
        .wait_for("no longer on your clipboard: c copies it again")
        .await;
    assert_eq!(x.clipboard(), "");
}

#[tokio::test]
#[ignore = "needs Xvfb and xclip: .ci/run installs it"]
async fn what_another_program_has_copied_stays() {
    let x = XServer::start().await;
    let theirs = TempDir::new().unwrap();
    for arguments in [&["--clear-clipboard", "2"][..], &[]] {
        let mut program = x.token(arguments).await;
        program.wait_for(ON_CLIPBOARD).await;
        x.put(&theirs, "somebody else's");
        if !arguments.is_empty() {
            program.wait_for("no longer on your clipboard").await;
            assert_eq!(x.clipboard(), "somebody else's");
        }
        leave_for_good(&mut program).await;
        program.end().await;
        assert_eq!(x.clipboard(), "somebody else's");
    }
}

/// Ends the program, and says that somebody has the token: it asks, as nothing proves that.
async fn leave_for_good(program: &mut Program) {
    program.press("q").await;
    program.wait_for("Do you have the token?").await;
    program.press("y").await;
}

#[tokio::test]
#[ignore = "needs Xvfb and xclip: .ci/run installs it"]
async fn a_clipboard_manager_takes_over_what_is_to_stay_and_no_other_token() {
    for (arguments, stays) in [(&["--clear-clipboard", "0"][..], true), (&[], false)] {
        let x = XServer::start().await;
        let _manager = Manager::start(&x.display);
        let mut program = x.token(arguments).await;
        program.wait_for("on your clipboard").await;
        let token = x.clipboard();
        assert!(token.len() > 20);
        leave_for_good(&mut program).await;
        program.end().await;
        let left = if stays { &token } else { "" };
        assert_eq!(x.clipboard(), left, "{arguments:?}");
    }
}

#[tokio::test]
#[ignore = "needs Xvfb and xclip: .ci/run installs it"]
async fn the_clone_command_is_handed_over_too_and_without_a_manager_nothing_stays() {
    for has_manager in [true, false] {
        let x = XServer::start().await;
        let _manager = has_manager.then(|| Manager::start(&x.display));
        let mut program = x.token(&["--clear-clipboard", "0"]).await;
        program.wait_for("on your clipboard").await;
        program.press("v").await;
        program.wait_for("hides in").await;
        program.press("y").await;
        program.wait_for("The clone command is on your").await;
        leave_for_good(&mut program).await;
        program.end().await;
        assert_eq!(x.clipboard().starts_with("git clone "), has_manager);
    }
}

#[tokio::test]
#[ignore = "needs Xvfb and xclip: .ci/run installs it"]
async fn over_ssh_the_terminal_comes_before_a_desktop_far_away() {
    let x = XServer::start().await;
    let display = [("DISPLAY", x.display.as_str())];
    let mut program = Program::start(&["demo"], &display);
    program.walk(&ENTER_PATH).await;
    program.wait_for(COPIED).await;
    assert_eq!(program.copied().len(), 1);
    assert_eq!(x.clipboard(), "");
    leave(&mut program).await;
    program.end().await;

    // Whoever wants the other one says so.
    let mut program = Program::start(&["demo", "--clipboard", "native"], &display);
    program.walk(&ENTER_PATH).await;
    program.wait_for(ON_CLIPBOARD).await;
    assert!(x.clipboard().len() > 20);
    program.press(ENTER).await;
}

/// What ends the stay of a command.
#[derive(Debug, PartialEq)]
enum Until {
    TheTimeIsOver,
    SomethingElse,
    CtrlC,
}

#[tokio::test]
#[ignore = "needs Xvfb and xclip: .ci/run installs it"]
async fn a_command_stays_as_long_as_the_desktop_needs_it() {
    let x = XServer::start().await;
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let theirs = TempDir::new().unwrap();
    for (until, seconds, said) in [
        (Until::TheTimeIsOver, "1", "was taken off the clipboard"),
        (Until::CtrlC, "600", "was taken off the clipboard"),
        (
            Until::SomethingElse,
            "600",
            "Something else is on the clipboard",
        ),
        (
            Until::SomethingElse,
            "0",
            "Something else is on the clipboard",
        ),
    ] {
        let base = simulator.base_url();
        let create = ["create", "@me", "--preset", "git", "--server", &base];
        let arguments = [&create[..], &["--clear-clipboard", seconds]].concat();
        let environment = [
            ("DISPLAY", x.display.as_str()),
            ("SSH_CONNECTION", ""),
            ("BBTOKEN_USER", "alice"),
        ];
        let mut program = Program::start(&arguments, &environment);
        program.wait_for("Password of alice").await;
        program.press("alice\r").await;
        if until != Until::TheTimeIsOver {
            program.wait_for("It is on your clipboard").await;
            assert!(x.clipboard().len() > 20, "{until:?}");
        }
        match until {
            Until::TheTimeIsOver => {}
            Until::CtrlC => program.press("\x03").await,
            Until::SomethingElse => x.put(&theirs, "somebody else's"),
        }
        let ended = program.end().await;
        assert_eq!(ended.status.code(), Some(0), "{until:?}");
        let screen = ended.screen();
        assert!(screen.contains("It is on your clipboard"), "{screen}");
        assert!(screen.contains(said), "{until:?}: {screen}");
        assert!(ended.copied().is_empty(), "the terminal was asked too");
        let left = if until == Until::SomethingElse {
            "somebody else's"
        } else {
            ""
        };
        assert_eq!(x.clipboard(), left, "{until:?}");
    }
}
