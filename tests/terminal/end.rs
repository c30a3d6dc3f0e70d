//! The end comes: whatever the program waits for, a signal or a closed window ends it, and the clipboard
//! is cleared first.

use bbtoken::simulator::{Fault, FaultEffect, Options, Simulator, Stage};
use reqwest::Method;
use rustix::process::Signal;

use crate::clipboard::Tmux;
use crate::interface::{COPIED, ENTER, ENTER_PATH};
use crate::program::Program;

const SIGNALS: [Signal; 3] = [Signal::TERM, Signal::HUP, Signal::INT];

/// What ends a program.
#[derive(Debug, Clone, Copy)]
enum Cause {
    Signal(Signal),
    ClosedWindow,
}

fn causes() -> impl Iterator<Item = Cause> {
    let signals = SIGNALS.into_iter().map(Cause::Signal);
    signals.chain([Cause::ClosedWindow])
}

async fn ends(mut program: Program, cause: Cause) {
    match cause {
        Cause::Signal(signal) => program.signal(signal),
        Cause::ClosedWindow => program.close_window(),
    }
    program.ends_in_time(&format!("{cause:?}")).await;
}

fn fault(simulator: &Simulator, method: Method, path: &str, effect: FaultEffect) {
    simulator.inject(Fault {
        method: Some(method),
        path_contains: path.to_owned(),
        times: None,
        effect,
    });
}

async fn signing_in(simulator: &Simulator) -> Program {
    // What nobody could have had is revoked.
    let environment = [("BBTOKEN_USER", "alice"), ("BBTOKEN_CLIPBOARD", "off")];
    let mut program = Program::start(&[&simulator.base_url()], &environment);
    program.walk(&[("Other ways", "alice\r")]).await;
    program
}

/// The form for a token of alice's own, filled in.
async fn form(simulator: &Simulator) -> Program {
    let mut program = signing_in(simulator).await;
    program
        .walk(&[
            ("Manage account", "m"),
            ("+ New token", "n"),
            ("What is it for?", ENTER),
        ])
        .await;
    program.wait_for("enter creates it").await;
    program
}

#[tokio::test]
async fn a_server_that_hangs_holds_nobody() {
    for cause in causes() {
        let simulator = Simulator::start(Options::default()).await.unwrap();
        fault(&simulator, Method::GET, "/repos", FaultEffect::Hang);
        let mut program = signing_in(&simulator).await;
        program.walk(&[("PLAT", ENTER)]).await;
        program.wait_for("Loading").await;
        ends(program, cause).await;
    }
}

#[tokio::test]
async fn nor_does_a_creation_that_hangs() {
    for cause in causes() {
        let simulator = Simulator::start(Options::default()).await.unwrap();
        let mut program = form(&simulator).await;
        fault(&simulator, Method::PUT, "/access-tokens", FaultEffect::Hang);
        program.press(ENTER).await;
        program.wait_for("Bitbucket is creating the token").await;
        ends(program, cause).await;
    }
}

#[tokio::test]
async fn a_token_that_was_just_being_created_is_revoked() {
    for cause in causes() {
        for stage in [Stage::BeforeWork, Stage::AfterWork] {
            let simulator = Simulator::start(Options::default()).await.unwrap();
            let mut program = form(&simulator).await;
            let mut creation = simulator.hold(Some(Method::PUT), "/access-tokens", stage);
            program.press(ENTER).await;
            creation.reached().await;
            match cause {
                Cause::Signal(signal) => program.signal(signal),
                Cause::ClosedWindow => program.close_window(),
            }
            creation.release();
            program.ends_in_time(&format!("{cause:?} {stage:?}")).await;
            let is_revoked = simulator
                .requests()
                .iter()
                .any(|it| it.method == Method::DELETE && it.status == Some(204));
            assert!(is_revoked, "{cause:?} {stage:?}");
        }
    }
}

#[tokio::test]
async fn nor_a_sign_in_that_ended_while_a_lost_creation_was_looked_for() {
    for cause in causes() {
        let simulator = Simulator::start(Options::default()).await.unwrap();
        let mut program = form(&simulator).await;
        let mut list = simulator.hold(Some(Method::GET), "/access-tokens", Stage::BeforeWork);
        fault(
            &simulator,
            Method::PUT,
            "/access-tokens",
            FaultEffect::LoseAnswer,
        );
        program.press(ENTER).await;
        list.reached().await;
        simulator.change_password("alice", "another");
        list.release();
        program.wait_for("Sign in again").await;
        ends(program, cause).await;
    }
}

#[tokio::test]
async fn a_terminal_that_stops_reading_holds_nobody() {
    for signal in SIGNALS {
        let mut program = Program::start(&["demo"], &[]);
        program.walk(&ENTER_PATH[..4]).await;
        program.wait_for(ENTER_PATH[4].0).await;
        program.stop_reading();
        program.press("?").await;
        ends(program, Cause::Signal(signal)).await;
    }
}

#[tokio::test]
async fn a_terminal_that_reads_again_sees_the_newest_screen() {
    let mut program = Program::start(&["demo"], &[]);
    program.walk(&ENTER_PATH[..2]).await;
    program.wait_for("PLAT").await;
    program.stop_reading();
    program.press("??j").await;
    program.wait_for("› DATA").await;
    program.press("q").await;
    program.end().await.gave_the_terminal_back();
}

#[tokio::test]
#[ignore = "needs tmux: .ci/run installs it"]
async fn the_clipboard_is_cleared_although_the_terminal_reads_nothing() {
    let tmux = Tmux::start_server();
    let inside = tmux.variable();
    let mut program = Program::start(&["demo"], &[("TMUX", &inside)]);
    program.walk(&ENTER_PATH).await;
    program.wait_for(COPIED).await;
    assert_eq!(tmux.buffers().len(), 1);
    program.stop_reading();
    program.press("?").await;
    ends(program, Cause::Signal(Signal::TERM)).await;
    assert!(tmux.buffers().is_empty());
}
