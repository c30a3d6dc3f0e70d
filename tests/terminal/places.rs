//! Terminals of all kinds: other locales, other names, full disks, GNU screen, no size.

use std::process::Stdio;

use tempfile::TempDir;
use tokio::process::Command;

use crate::interface::{COPIED, ENTER, ENTER_PATH, leave};
use crate::program::Program;

/// The same way in signs of ASCII.
const ASCII_PATH: [(&str, &str); 8] = [
    ("[ Connect ]", ENTER),
    ("[ Sign in ]", ENTER),
    ("> PLAT", ENTER),
    ("api-gateway", ENTER),
    ("Repository settings > Security", ENTER),
    ("+ New token", ENTER),
    ("What is it for?", ENTER),
    ("enter creates it", ENTER),
];

#[tokio::test]
async fn a_locale_without_utf_8_gets_signs_of_ascii_alone() {
    for (name, value) in [
        ("LC_ALL", "C"),
        ("LC_CTYPE", "de_DE.ISO-8859-1"),
        ("LANG", "POSIX"),
    ] {
        let mut program = Program::start(&["demo"], &[(name, value)]);
        program.walk(&ASCII_PATH).await;
        program.wait_for(COPIED).await;
        program.wait_for("+ Created").await;
        leave(&mut program).await;
        let ended = program.end().await;
        assert!(ended.stream.is_ascii(), "{name}={value}");
    }
}

#[tokio::test]
async fn the_linux_console_gets_letters_and_no_signs() {
    let mut program = Program::start(&["demo"], &[("TERM", "linux")]);
    program.walk(&ASCII_PATH[..2]).await;
    program.wait_for("> PLAT").await;
    assert!(!program.shows("›") && !program.shows("│"));
}

#[tokio::test]
async fn a_terminal_that_draws_nothing_is_told_of_the_plain_commands() {
    for term in ["dumb", "", "unknown"] {
        let mut program = Program::start(&["demo"], &[("TERM", term)]);
        program
            .wait_for("The plain commands work here: bbtoken create")
            .await;
        let ended = program.end().await;
        assert_eq!(ended.status.code(), Some(1), "{term:?}");
        assert!(!ended.stream.contains(&0x1b), "{term:?}");
    }
}

#[tokio::test]
async fn a_terminal_without_a_size_has_the_usual_one() {
    let mut program = Program::start(&["demo"], &[]);
    program.wait_for("[ Connect ]").await;
    program.resize_line(0, 0);
    program.walk(&ENTER_PATH[..2]).await;
    program.wait_for("PLAT").await;
    program.press("?").await;
    program.wait_for("╭ Help ─").await;
    program
        .wait_for("Choose the repository, or the project, that the token is for")
        .await;
}

#[tokio::test]
async fn gnu_screen_gets_the_token_packed() {
    let mut program = Program::start(&["demo"], &[("STY", "1234.pts-0"), ("TERM", "screen")]);
    program.walk(&ENTER_PATH).await;
    program.wait_for(COPIED).await;
    leave(&mut program).await;
    let stream = program.end().await.stream;
    let stream = String::from_utf8_lossy(&stream);
    let start = "\x1bP\x1b]52;c;";
    assert_eq!(stream.matches(start).count(), 1);
    let (_, packed) = stream.split_once(start).unwrap();
    assert!(packed.split_once("\x07\x1b\\").unwrap().0.len() > 20);
    // Nothing that screen would keep for itself.
    assert_eq!(stream.matches("\x1b]52;").count(), 1);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_cannot_be_written_is_a_failure() {
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["list", "--help"],
        &["config"],
        &["config", "--sample"],
        &["doctor"],
    ] {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let home = TempDir::new().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_bbtoken"))
            .args(arguments)
            .env("HOME", home.path())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_STATE_HOME")
            .current_dir(home.path())
            .stdin(Stdio::null())
            .stdout(full)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .await
            .unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(output.stderr.starts_with(b"bbtoken: "), "{arguments:?}");
    }
}
