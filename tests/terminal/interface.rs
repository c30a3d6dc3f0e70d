//! The interface of `bbtoken demo` as a terminal sees it.

use rustix::process::Signal;

use crate::program::Program;

pub(crate) const ENTER: &str = "\r";
const CTRL_C: &str = "\x03";

/// Enter alone: the screen that is waited for, and the key that accepts what it proposes.
pub(crate) const ENTER_PATH: [(&str, &str); 8] = [
    ("[ Connect ]", ENTER),
    ("[ Sign in ]", ENTER),
    ("PLAT", ENTER),
    ("api-gateway", ENTER),
    ("Repository settings › Security", ENTER),
    ("+ New token", ENTER),
    ("What is it for?", ENTER),
    ("enter creates it", ENTER),
];
pub(crate) const COPIED: &str = "sent to your terminal's clipboard";

#[tokio::test]
async fn eight_enters_make_a_token_that_is_never_written_on_the_screen() {
    let mut program = Program::start(&["demo"], &[]);
    program.walk(&ENTER_PATH).await;
    program.wait_for("Token ready").await;
    program.wait_for(COPIED).await;
    program.has_the_terminal();
    leave(&mut program).await;
    let ended = program.end().await;
    assert_eq!(ended.status.code(), Some(0));
    ended.gave_the_terminal_back();

    let copied = ended.copied();
    let [token] = copied.as_slice() else {
        panic!("{} texts were copied", copied.len());
    };
    assert!(token.len() > 20, "{token:?} is no token");
    let stream = ended.stream_without_clipboard();
    for part in token.as_bytes().windows(8) {
        let part = str::from_utf8(part).unwrap();
        assert!(!stream.contains(part), "a part of the token was written");
    }
    assert!(ended.looks().contains(&1), "nothing was bold");
    assert!(ended.looks().iter().any(is_colour), "nothing had a colour");
}

/// No terminal confirms that a text has reached its clipboard, so leaving asks whether it has.
pub(crate) async fn leave(program: &mut Program) {
    program.press("q").await;
    program.wait_for("Do you have the token?").await;
    program.press("y").await;
}

#[tokio::test]
async fn what_was_set_up_for_the_demo_goes_with_it() {
    let mut program = Program::start(&["demo"], &[("GIT_CONFIG_NOSYSTEM", "1")]);
    program.walk(&ENTER_PATH).await;
    program.wait_for(COPIED).await;
    program.press("g").await;
    program
        .wait_for("The demo removes it again when it ends.")
        .await;
    program.press(ENTER).await;
    program.wait_for("✓ git works here").await;
    let configuration = program.home.path().join(".gitconfig");
    let files = program.home.path().join(".config/bbtoken/git");
    assert!(configuration.exists());
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 2);
    program.press("q").await;
    let ended = program.end().await;
    assert_eq!(ended.status.code(), Some(0));
    assert!(!configuration.exists());
    assert_eq!(std::fs::read_dir(&files).unwrap().count(), 0);
    let mut cache = std::process::Command::new("git");
    let home = files.ancestors().nth(3).unwrap();
    let status = cache.args(["credential-cache", "exit"]).env("HOME", home);
    assert!(status.status().unwrap().success());
}

#[tokio::test]
async fn no_color_is_obeyed_all_the_way() {
    let mut program = Program::start(&["demo"], &[("NO_COLOR", "1")]);
    program.walk(&ENTER_PATH).await;
    program.wait_for(COPIED).await;
    leave(&mut program).await;
    let ended = program.end().await;
    assert_eq!(ended.status.code(), Some(0));
    let looks = ended.looks();
    assert!(!looks.iter().any(is_colour), "a colour among {looks:?}");
    for (code, what) in [(1, "bold"), (2, "dim"), (7, "reversed")] {
        assert!(looks.contains(&code), "nothing was {what}");
    }
}

/// Whether an SGR code sets a colour of text, background or underline.
fn is_colour(code: &u16) -> bool {
    matches!(code, 30..=38 | 40..=48 | 58 | 90..=97 | 100..=107)
}

#[tokio::test]
async fn ctrl_c_leaves_from_where_letters_are_text() {
    let mut program = Program::start(&[""], &[]);
    program.wait_for("[ Connect ]").await;
    program.has_the_terminal();
    program.press("git.example.comq").await;
    program.wait_for("git.example.comq").await;
    program.press(CTRL_C).await;
    let ended = program.end().await;
    assert_eq!(ended.status.code(), Some(0));
    ended.gave_the_terminal_back();
}

#[tokio::test]
async fn pasted_lines_are_text_and_submit_nothing() {
    let mut program = Program::start(&[""], &[]);
    program.wait_for("[ Connect ]").await;
    program
        .press("\x1b[200~git.example\r\n.org\r\x1b[201~")
        .await;
    program.wait_for(".org").await;
    // While it looks for a server it takes no letters: this one shows that it does not.
    program.press("x").await;
    program.wait_for(".orgx").await;
    program.press(CTRL_C).await;
    assert_eq!(program.end().await.status.code(), Some(0));
}

#[tokio::test]
async fn a_signal_in_the_middle_gives_the_terminal_back() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut program = Program::start(&["demo"], &[]);
        program.walk(&ENTER_PATH[..4]).await;
        program.wait_for(ENTER_PATH[4].0).await;
        program.has_the_terminal();
        program.signal(signal);
        program.end().await.gave_the_terminal_back();
    }
}
