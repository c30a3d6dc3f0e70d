//! What terminals send, as they send it: in pieces, late, in old forms and in new ones.

use std::time::Duration;

use bbtoken::simulator::{Options, Simulator};

use crate::interface::{COPIED, ENTER, ENTER_PATH};
use crate::program::Program;

/// What terminals answer when somebody asks them: which terminal they are, its colours, its clipboard,
/// where the cursor stands, which keys it tells. The letters in them mean something on Token ready: `v`
/// would show the token, `c` copy it, `q` leave.
const REPLIES: &[&str] = &[
    "\x1b]11;rgb:vvvv/cccc/qqqq\x1b\\",
    "\x1b]4;1;rgb:cdcd/0000/0000\x07",
    "\x1b]52;c;dnZ2dg==\x1b\\",
    "\x1bP>|vvv(0)\x1b\\",
    "\x1bP1+r544e=787465726d\x1b\\",
    "\x1b_Gi=31;OKvvv\x1b\\",
    "\x1b^vvv\x1b\\",
    "\x1bXvvv\x1b\\",
    "\x1b[>41;380;0c",
    "\x1b[?64;1;2;22c",
    "\x1b[?2026;2$y",
    "\x1b[?1u",
    "\x1b[12;40R",
    "\x1b[0n",
    "\x1b[8;24;80t",
    "\x1b[<0;10;20M",
    "\x1b[Mvvv",
];

/// Keys that the tests split stay whole however late a busy machine sends the rest.
pub(crate) const PATIENT: (&str, &str) = ("ESCDELAY", "1000");

/// The form for a password, with the user filled in.
async fn password(simulator: &Simulator) -> Program {
    let environment = [("BBTOKEN_USER", "alice")];
    let mut program = Program::start(&[&simulator.base_url()], &environment);
    program.walk(&[("[ Connect ]", ENTER)]).await;
    program.wait_for("Other ways").await;
    program
}

#[tokio::test]
async fn what_a_terminal_answers_types_nothing_into_a_password() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let mut program = password(&simulator).await;
    for reply in REPLIES {
        let (first, second) = reply.split_at(reply.len() / 2);
        program.send(first.as_bytes()).await;
        program.read_for(Duration::from_millis(60)).await;
        program.send(second.as_bytes()).await;
    }
    // What they had typed would make it a wrong one.
    program.press("alice\r").await;
    program.wait_for("PLAT").await;
}

#[tokio::test]
async fn nor_does_it_press_a_key_where_the_token_is_ready() {
    let mut program = Program::start(&["demo"], &[]);
    program.walk(&ENTER_PATH).await;
    program.wait_for(COPIED).await;
    for reply in REPLIES {
        program.send(reply.as_bytes()).await;
    }
    program.press("?").await;
    program.wait_for("Save the token to a new file").await;
    assert_eq!(program.copied().len(), 1, "copied again");
    program.press("\x1b").await;
    program.wait_for("••••••••").await;
}

#[tokio::test]
async fn a_key_that_the_network_splits_is_one_key() {
    let mut program = Program::start(&["demo"], &[PATIENT]);
    program.walk(&ENTER_PATH[..2]).await;
    program.wait_for("› PLAT").await;
    for down in ["\x1b[B", "\x1bOB"] {
        for up in ["\x1b[A", "\x1b[1;1A"] {
            for (keys, row) in [(down, "› DATA"), (up, "› PLAT")] {
                split(&mut program, keys).await;
                program.wait_for(row).await;
            }
        }
    }
    // A letter of three bytes.
    program.press("/").await;
    split(&mut program, "漢").await;
    program.wait_for("漢").await;
}

/// Sends what a key is, byte by byte, as a slow network may.
async fn split(program: &mut Program, key: &str) {
    for byte in key.as_bytes() {
        program.send(&[*byte]).await;
        program.read_for(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn so_are_function_and_alt_keys_and_the_newer_forms() {
    const HELP: &str = "Choose the repository, or the project, that the token is for";
    let mut program = Program::start(&["demo"], &[PATIENT]);
    program.walk(&ENTER_PATH[..2]).await;
    program.wait_for("› PLAT").await;
    for help in [
        "\x1bOP",
        "\x1b[11~",
        "\x1b[57364u",
        "\x1b[1;1P",
        "\x1b[63;1u",
    ] {
        split(&mut program, help).await;
        program.wait_for(HELP).await;
        // Alt with a letter is one key that means nothing, not Esc and then a command.
        split(&mut program, "\x1bq").await;
        split(&mut program, "\x1b[27;3;113~").await;
        split(&mut program, "\x1b[113;3u").await;
        program.read_for(Duration::from_millis(120)).await;
        assert!(program.shows(HELP), "{help:?}");
        split(&mut program, "\x1b[27u").await;
        program.wait_for("› PLAT").await;
        assert!(!program.shows(HELP), "{help:?}");
    }
    for form in ["\x1b[99;5u", "\x1b[27;5;99~"] {
        let mut program = Program::start(&["git.example.com"], &[PATIENT]);
        program.wait_for("git.example.com").await;
        split(&mut program, form).await;
        assert_eq!(program.end().await.status.code(), Some(0), "{form:?}");
    }
}

#[tokio::test]
async fn esc_alone_is_the_key_and_a_function_key_of_the_linux_console_is_one() {
    let mut program = Program::start(&["demo"], &[("TERM", "linux")]);
    program.walk(&ENTER_PATH[..2]).await;
    program.wait_for("PLAT").await;
    for help in ["\x1b[[A", "\x1bOP", "\x1b[11~", "\x1b[57364u"] {
        program.press(help).await;
        program
            .wait_for("Choose the repository, or the project, that the token is for")
            .await;
        program.press("\x1b").await;
        program.wait_for("> PLAT").await;
    }
}

#[tokio::test]
async fn ctrl_c_counts_in_every_form() {
    for form in [
        "\x03",
        "\x1b[99;5u",
        "\x1b[27;5;99~",
        "\x1b[99:67;6u",
        "\x1b[1089::99;5u",
    ] {
        let mut program = Program::start(&["git.example.com"], &[]);
        program.wait_for("git.example.com").await;
        program.press(form).await;
        let ended = program.end().await;
        assert_eq!(ended.status.code(), Some(0), "{form:?}");
        ended.gave_the_terminal_back();
    }
}

#[tokio::test]
async fn a_paste_that_never_ends_is_over_after_a_while() {
    let mut program = Program::start(&[""], &[]);
    program.wait_for("[ Connect ]").await;
    program.press("\x1b[200~git.example").await;
    program.wait_for("git.example").await;
    program.press(".org").await;
    program.wait_for("git.example.org").await;
    program.press("\x03").await;
    assert_eq!(program.end().await.status.code(), Some(0));
}

#[tokio::test]
async fn backspace_is_backspace_in_both_forms() {
    for backspace in ["\x7f", "\x08", "\x1b[127u", "\x1b[104;5u"] {
        let mut program = Program::start(&[""], &[]);
        program.wait_for("[ Connect ]").await;
        program.press("gix").await;
        program.wait_for("gix").await;
        program.press(&format!("{backspace}t.example")).await;
        program.wait_for("git.example").await;
    }
}

#[tokio::test]
async fn a_window_that_changes_its_size_is_drawn_anew() {
    let mut program = Program::start(&["demo"], &[]);
    program.wait_for("[ Connect ]").await;
    program.resize(8, 30);
    program.wait_for("at least 40×10").await;
    program.resize(24, 80);
    program.wait_for("[ Connect ]").await;
}

#[tokio::test]
async fn a_burst_makes_nothing_and_answers_nothing() {
    let mut program = Program::start(&["demo"], &[]);
    program.walk(&ENTER_PATH[..6]).await;
    program.wait_for("What is it for?").await;
    program.send(b"\r\r\r\r").await;
    program.wait_for("Several keys arrived at once").await;
    program.press(ENTER).await;
    program.wait_for(COPIED).await;
    program.press("q").await;
    program.wait_for("Do you have the token?").await;
    program.send(b"yes\r").await;
    program.wait_for("Several keys arrived at once").await;
    program.press("\x1b[B").await;
    program.press(ENTER).await;
    assert_eq!(program.end().await.status.code(), Some(0));
}
