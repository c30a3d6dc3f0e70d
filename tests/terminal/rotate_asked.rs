//! What `bbtoken rotate` asks on a terminal: whether to begin, whether the new token is in place, and how a
//! rotation ends that was left open.

use bbtoken::simulator::Stage;
use reqwest::Method;
use tempfile::TempDir;

use crate::program::{Ended, Program};
use crate::shell::Shell;

const BILLING: &str = "PLAT/billing-api";
const MAKE: &str = "Make the new one? Both work until the old one is revoked.";
const PUT_IT: &str = "Then press enter to look at both again:";
const IN_PLACE: &str = "Is the new one in place? Type yes to revoke the old one, undo to revoke the new one, \
                        anything else to keep both:";
const CTRL_C: &str = "\x03";

struct Asked {
    shell: Shell,
    old: String,
    program: Program,
}

fn journal(home: &TempDir) -> usize {
    let directory = home.path().join(".local/state/bbtoken/journal");
    std::fs::read_dir(directory).map_or(0, Iterator::count)
}

impl Asked {
    /// Signed in, with Jenkins' token to be rotated.
    async fn start(home: TempDir, shell: Shell, old: String, more: &[&str]) -> Self {
        let base = shell.simulator.base_url();
        let who = [
            "rotate", BILLING, &old, "--server", &base, "--user", "alice",
        ];
        let bbtoken = env!("CARGO_BIN_EXE_bbtoken");
        let mut program = Program::start_in(home, bbtoken, &[&who[..], more].concat(), &[]);
        program.wait_for("Password of alice").await;
        program.press("alice\r").await;
        Self {
            shell,
            old,
            program,
        }
    }

    async fn first() -> Self {
        Self::first_with(&["--print"]).await
    }

    async fn first_with(more: &[&str]) -> Self {
        let shell = Shell::new().await;
        let old = shell.id(BILLING, "Jenkins").await;
        Self::start(TempDir::new().unwrap(), shell, old, more).await
    }

    /// Answers one question after the other.
    async fn answers(&mut self, answers: &[(&str, &str)]) {
        self.program.walk(answers).await;
    }

    /// The end, with this status; whether old and new are there; and how many rotations are open.
    async fn ends(
        self,
        status: i32,
        words: &str,
        tokens: [bool; 2],
        open: usize,
    ) -> (Shell, String, Ended) {
        let Self {
            shell,
            old,
            mut program,
        } = self;
        program.wait_for(words).await;
        let ended = program.end().await;
        assert_eq!(ended.status.code(), Some(status), "{words}");
        ended.left_the_line_as_it_was();
        let all = shell.tokens(BILLING).await;
        let is_new = |name: &str| name.starts_with("Jenkins nightly build 20");
        let there = [
            all.iter().any(|it| it["id"] == *old),
            all.iter().any(|it| is_new(it["name"].as_str().unwrap())),
        ];
        assert_eq!((there, journal(&ended.home)), (tokens, open), "{words}");
        (shell, old, ended)
    }
}

#[tokio::test]
async fn it_is_finished_or_undone_in_one_go() {
    for (answer, words, left) in [
        (
            "yes\r",
            "✓ The new one is in place: \"Jenkins nightly build\" is revoked.",
            [false, true],
        ),
        ("undo\r", "✓ The rotation is undone:", [true, false]),
    ] {
        // Printed, and on the clipboard of the terminal.
        for more in [&["--print"][..], &[]] {
            let mut asked = Asked::first_with(more).await;
            asked
                .answers(&[(MAKE, "\r"), (PUT_IT, "\r"), (IN_PLACE, answer)])
                .await;
            asked.ends(0, words, left, 0).await;
        }
    }
}

#[tokio::test]
async fn a_no_at_the_beginning_creates_nothing() {
    for answer in ["n\r", CTRL_C] {
        let mut asked = Asked::first().await;
        asked.answers(&[(MAKE, answer)]).await;
        let (shell, ..) = asked
            .ends(1, "Nothing was changed.", [true, false], 0)
            .await;
        let requests = shell.simulator.requests();
        assert!(requests.iter().all(|it| it.method != Method::PUT));
    }
}

#[tokio::test]
async fn whoever_stops_later_keeps_both_and_is_told_how_to_end_it() {
    for (number, answer) in [(1, CTRL_C), (2, CTRL_C), (2, "\r"), (2, "perhaps\r")] {
        let mut asked = Asked::first().await;
        let answers = [(MAKE, "\r"), (PUT_IT, "\r"), (IN_PLACE, "")];
        asked.answers(&answers[..number]).await;
        asked.answers(&[(answers[number].0, answer)]).await;
        let told = "When the new one is in place: bbtoken rotate PLAT/billing-api";
        asked.ends(0, told, [true, true], 1).await;
    }
}

#[tokio::test]
async fn what_was_kept_is_ended_by_the_next_run_after_a_question() {
    for (option, question, left) in [
        (
            "--finish",
            "Revoke the old one? What still uses it stops working at once. [y/N]",
            [false, true],
        ),
        (
            "--undo",
            "Revoke the new one? What uses it stops working at once. [y/N]",
            [true, false],
        ),
    ] {
        let mut asked = Asked::first().await;
        asked
            .answers(&[(MAKE, "\r"), (PUT_IT, "\r"), (IN_PLACE, "\r")])
            .await;
        let (shell, old, ended) = asked.ends(0, "--undo", [true, true], 1).await;
        let mut asked = Asked::start(ended.home, shell, old, &[option]).await;
        asked.answers(&[(question, "\r")]).await;
        let ended = asked.ends(1, "Nothing was changed.", [true, true], 1).await;
        let (shell, old, ended) = ended;
        let mut asked = Asked::start(ended.home, shell, old, &[option]).await;
        asked.answers(&[(question, "y\r")]).await;
        asked.ends(0, "is revoked.", left, 0).await;
    }
}

#[tokio::test]
async fn stopped_while_the_old_one_is_being_revoked_nobody_is_told_that_it_was() {
    let mut asked = Asked::first().await;
    let delete = Some(Method::DELETE);
    let mut held = asked
        .shell
        .simulator
        .hold(delete, "/access-tokens/", Stage::BeforeWork);
    asked
        .answers(&[(MAKE, "\r"), (PUT_IT, "\r"), (IN_PLACE, "yes\r")])
        .await;
    held.reached().await;
    asked.program.press(CTRL_C).await;
    let words = "It is not known whether \"Jenkins nightly build\" was revoked.";
    asked.program.wait_for(words).await;
    asked.program.wait_for("--finish").await;
    let ended = asked.program.end().await;
    held.release();
    assert_eq!(ended.status.code(), Some(6));
    assert_eq!(journal(&ended.home), 1);
}
