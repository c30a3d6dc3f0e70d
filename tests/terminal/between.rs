//! What stands between the program and the terminal: GNU screen and tmux, in a real terminal of their own.

use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::clipboard::Tmux;
use crate::input::PATIENT;
use crate::interface::{COPIED, ENTER, ENTER_PATH};
use crate::program::Program;

/// The program inside GNU screen, which has nothing to do with anybody's own.
struct Screen {
    directory: TempDir,
}

impl Screen {
    fn start() -> (Self, Program) {
        use std::os::unix::fs::PermissionsExt as _;

        let directory = TempDir::new().unwrap();
        let sockets = directory.path().join("sockets");
        std::fs::create_dir(&sockets).unwrap();
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(&sockets, private).unwrap();
        let configuration = directory.path().join("screenrc");
        std::fs::write(&configuration, "startup_message off\naltscreen on\n").unwrap();
        let screen = Self { directory };
        let sockets = screen.sockets();
        let arguments = [
            "-c",
            configuration.to_str().unwrap(),
            "-S",
            NAME,
            env!("CARGO_BIN_EXE_bbtoken"),
            "demo",
        ];
        let environment = [
            ("SCREENDIR", sockets.as_str()),
            ("LC_ALL", "C.UTF-8"),
            ("LANG", "C.UTF-8"),
            PATIENT,
        ];
        let home = TempDir::new().unwrap();
        let program = Program::start_in(home, "screen", &arguments, &environment);
        (screen, program)
    }

    fn sockets(&self) -> String {
        let sockets = self.directory.path().join("sockets");
        sockets.to_str().unwrap().to_owned()
    }
}

const NAME: &str = "bbtoken-test";

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = Command::new("screen")
            .args(["-S", NAME, "-X", "quit"])
            .env("SCREENDIR", self.sockets())
            .stdout(Stdio::null())
            .status();
    }
}

#[tokio::test]
#[ignore = "needs screen: .ci/run installs it"]
async fn in_gnu_screen_the_token_reaches_the_clipboard_outside_and_keys_come_through() {
    let (_screen, mut program) = Screen::start();
    program.walk(&ENTER_PATH).await;
    program.wait_for(COPIED).await;
    let copied = program.copied();
    let [token] = copied.as_slice() else {
        panic!("{} texts", copied.len());
    };
    assert!(token.len() >= 40 && !token.contains(char::is_whitespace));
    // It is the token: the program shows the same.
    program.press("v").await;
    program.wait_for("hides in").await;
    assert!(program.shows(token), "another text was copied");
    program.press("v").await;
    program.wait_for("••••••••").await;
    // Function keys, arrows, and a key split by the network.
    program.press("\x1bOP").await;
    program.wait_for("╭ Help").await;
    // The last line of a frame: what comes before may be there while the rest is still to be drawn.
    program.wait_for("↑↓ scroll").await;
    program.press("\x1b").await;
    program.wait_for("enter done").await;
    program.press("\x1b[24~").await;
    program.wait_for("Activity").await;
    for byte in ["\x1b", "O", "B"] {
        program.send(byte.as_bytes()).await;
        program.read_for(Duration::from_millis(10)).await;
    }
    program.press("\x1b[24~").await;
    program.wait_for("••••••••").await;
}

#[tokio::test]
#[ignore = "needs screen: .ci/run installs it"]
async fn in_gnu_screen_a_window_of_another_size_is_drawn_anew_and_handed_back_at_the_end() {
    let (_screen, mut program) = Screen::start();
    program.wait_for("[ Connect ]").await;
    program.resize(8, 30);
    program.wait_for("at least 40×10").await;
    program.resize(30, 100);
    program.walk(&ENTER_PATH[..3]).await;
    program.wait_for("Repositories").await;
    program.press("\x03").await;
    program.wait_for("[screen is terminating]").await;
    assert_eq!(program.end().await.status.code(), Some(0));
}

#[tokio::test]
#[ignore = "needs screen: .ci/run installs it"]
async fn in_gnu_screen_a_burst_creates_nothing() {
    let (_screen, mut program) = Screen::start();
    program.walk(&ENTER_PATH[..6]).await;
    program.wait_for("What is it for?").await;
    program.send(b"\r\r\r\r").await;
    program.wait_for("Several keys arrived at once").await;
    program.press(ENTER).await;
    program.wait_for(COPIED).await;
}

#[tokio::test]
#[ignore = "needs tmux: .ci/run installs it"]
async fn a_tmux_at_the_other_end_of_the_line_passes_the_token_on_where_it_may() {
    // Over SSH nothing says that there is a tmux, except perhaps the name of the terminal.
    for (terminal, may) in [("tmux-256color", true), ("screen", true), ("screen", false)] {
        let set = if may { "on" } else { "external" };
        let configuration =
            format!("set -g default-terminal {terminal}\nset -g set-clipboard {set}\n");
        let (tmux, mut program) = Tmux::start_set(&configuration, "env -u TMUX", "demo");
        program.walk(&ENTER_PATH).await;
        program.wait_for(COPIED).await;
        program.press("v").await;
        program.wait_for("hides in").await;
        let copied = program.copied();
        assert_eq!(tmux.buffers(), copied, "{terminal} {set}");
        assert_eq!(copied.len(), usize::from(may), "{terminal} {set}");
        assert!(copied.iter().all(|token| program.shows(token)));
        // A longer text arrives whole too.
        program.press("e").await;
        program.wait_for("with the token is").await;
        let line = copied
            .first()
            .map(|token| format!("BITBUCKET_TOKEN={token}"));
        assert_eq!(program.copied().get(1), line.as_ref(), "{terminal} {set}");
        assert_eq!(program.copied().len(), 2 * copied.len(), "{terminal} {set}");
    }
}

#[tokio::test]
#[ignore = "needs tmux: .ci/run installs it"]
async fn in_tmux_a_window_that_loses_the_focus_hides_the_token() {
    let (_tmux, mut program) = Tmux::start_set("set -g focus-events on\n", "", "demo");
    program.walk(&ENTER_PATH).await;
    program.wait_for(COPIED).await;
    program.press("v").await;
    program.wait_for("hides in").await;
    program.send(b"\x1b[O").await;
    program.wait_for("••••••••").await;
    assert!(!program.shows("hides in"));
    program.send(b"\x1b[I").await;
    program.press("\x1bOP").await;
    program.wait_for("╭ Help").await;
}

/// A terminal that was drawn with names of which each is wider or narrower than it has signs: whatever tmux
/// makes of them, the borders of the program stay in their columns.
#[tokio::test]
#[ignore = "needs tmux: .ci/run installs it"]
async fn letters_that_a_font_joins_move_no_column() {
    let names = [
        "لا إله",
        "سلام عليكم",
        "family 👨\u{200d}👩\u{200d}👧 x",
        "n\u{303}o\u{308}",
        "क्षि",
        "漢字",
        "👍🏽 ok",
        "❤\u{fe0f} heart",
        "🇩🇪 flag",
    ];
    let (_tmux, mut program) = Tmux::start_set("", "", "demo");
    program.walk(&ENTER_PATH[..2]).await;
    program.wait_for("› PLAT").await;
    program.press("m").await;
    program.wait_for("+ New token").await;
    for name in names {
        program.press("n").await;
        program.wait_for("What is it for?").await;
        program.press("\t\x15").await;
        program.press(name).await;
        program.press(ENTER).await;
        program.wait_for("enter creates it").await;
        program.press(ENTER).await;
        program.wait_for("✓ can clone").await;
        program.press("\x1b").await;
        program.wait_for("Do you have the token?").await;
        program.press("y").await;
        program.wait_for("HTTP access tokens of your account").await;
    }
    program.press("\x1b[H").await;
    program.wait_for("› + New token").await;
    let rows = program.rows();
    let list: Vec<_> = rows
        .iter()
        .skip_while(|row| !row.starts_with('╭'))
        .take_while(|row| !row.starts_with('╰'))
        .collect();
    assert!(list.len() > names.len(), "{rows:#?}");
    for row in &list[1..] {
        assert!(row.ends_with('│'), "{row:?} in {rows:#?}");
    }
}
