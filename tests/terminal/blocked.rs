//! A program in which everything blocks that could end it in order. No way is known to bring the real one
//! to that, so this is a program of its own, on the real terminal of the library.

use std::env;
use std::future::pending;
use std::io;
use std::thread;

use bbtoken::terminal::{FullScreen, Input, inputs};
use futures_util::StreamExt as _;
use ratatui::widgets::Paragraph;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::interface::ENTER;
use crate::program::Program;

/// What the program below is to do; not set in a run of the tests.
const CASE: &str = "BBTOKEN_TEST_BLOCKED";

/// Started as a program of its own by the tests in this file; among the tests it does nothing.
#[test]
fn program() {
    let Ok(case) = env::var(CASE) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut screen = FullScreen::enter().unwrap();
        let mut inputs = inputs().unwrap();
        let mut draw = async |text| {
            screen
                .draw(|frame| frame.render_widget(Paragraph::new(text), frame.area()))
                .unwrap();
            screen.taken().await.unwrap();
        };
        draw("It runs.").await;
        while !matches!(inputs.next().await, Some(Input::Key(_))) {}
        match &*case {
            "loop" => {
                for _ in 0..2 {
                    tokio::spawn(async { park() });
                }
                draw("It is blocked.").await;
                park();
            }
            // The crash report finds a terminal that does not read.
            "panic" => {
                tokio::spawn(async { panic!() });
                pending().await
            }
            "panic in the loop" => panic!(),
            // Neither does what is printed, and the end waits for it.
            "print" => loop {
                io::Write::write_all(&mut io::stdout(), &[0; 4096]).unwrap();
            },
            _ => unreachable!(),
        }
    });
}

fn park() -> ! {
    loop {
        thread::park();
    }
}

async fn start(case: &str) -> Program {
    let tests = env::current_exe().unwrap();
    let only = ["--exact", "blocked::program", "--nocapture"];
    let home = TempDir::new().unwrap();
    let mut program = Program::start_in(home, tests.to_str().unwrap(), &only, &[(CASE, case)]);
    program.wait_for("It runs.").await;
    program
}

#[tokio::test]
async fn a_loop_that_is_blocked_ends_at_any_signal_and_gives_the_terminal_back() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let mut program = start("loop").await;
        program.press(ENTER).await;
        program.wait_for("It is blocked.").await;
        // More than can wait for it.
        program.press(&"j".repeat(1000)).await;
        program.signal(signal);
        let ended = program.end_in_time(&format!("{signal:?}")).await;
        assert_eq!(ended.status.code(), Some(1), "{signal:?}");
        ended.left_the_line_as_it_was();
    }
}

#[tokio::test]
async fn it_ends_with_its_window() {
    let mut program = start("loop").await;
    program.press(ENTER).await;
    program.wait_for("It is blocked.").await;
    program.close_window();
    program.ends_in_time("the closed window").await;
}

#[tokio::test]
async fn a_crash_ends_although_nobody_reads_of_it() {
    for case in ["panic", "panic in the loop"] {
        let mut program = start(case).await;
        program.stop_reading();
        program.press(ENTER).await;
        program.ends_in_time(case).await;
    }
}

#[tokio::test]
async fn a_text_that_nobody_reads_holds_nobody() {
    let mut program = start("print").await;
    program.stop_reading();
    program.press(ENTER).await;
    program.signal(Signal::TERM);
    program.ends_in_time("the text").await;
}
