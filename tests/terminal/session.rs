//! The session of the login form: signed out when the program ends, however that comes about.

use bbtoken::simulator::{Fault, FaultEffect, Options, Simulator};
use rustix::process::Signal;

use crate::program::Program;

const SIGNED_IN: &str = "sam (session)";

async fn sam(simulator: &Simulator) -> Program {
    let mut program = Program::start(&[&simulator.base_url()], &[("BBTOKEN_USER", "sam")]);
    program.walk(&[("Other ways", "sam\r")]).await;
    program.wait_for(SIGNED_IN).await;
    assert_eq!(simulator.sessions(), 1);
    program
}

#[tokio::test]
async fn leaving_signs_the_session_out() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let mut program = sam(&simulator).await;
    program.press("q").await;
    let ended = program.end().await;
    assert_eq!(ended.status.code(), Some(0));
    ended.gave_the_terminal_back();
    assert_eq!(simulator.sessions(), 0);
}

#[tokio::test]
async fn a_process_that_is_told_to_end_signs_the_session_out() {
    for signal in [Signal::TERM, Signal::HUP] {
        let simulator = Simulator::start(Options::default()).await.unwrap();
        let program = sam(&simulator).await;
        program.signal(signal);
        program.end().await;
        assert_eq!(simulator.sessions(), 0, "{signal:?}");
    }
}

#[tokio::test]
async fn a_server_that_does_not_answer_keeps_nobody() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let mut program = sam(&simulator).await;
    simulator.inject(Fault {
        method: None,
        path_contains: "logout".to_owned(),
        times: None,
        effect: FaultEffect::Hang,
    });
    program.press("q").await;
    let ended = program.end().await;
    assert_eq!(ended.status.code(), Some(0));
    ended.gave_the_terminal_back();
    assert_eq!(simulator.sessions(), 1);
}
