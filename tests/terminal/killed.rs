//! `kill -9` in the middle of a creation, and the next start.

use std::time::Duration;

use bbtoken::simulator::{Fault, FaultEffect, Options, Simulator};
use reqwest::Method;
use rustix::process::Signal;

use crate::interface::ENTER;
use crate::program::Program;

const PERSONAL: [(&str, &str); 4] = [
    ("[ Sign in ]", "alice\talice\r"),
    ("PLAT", "m"),
    ("+ New token", "n"),
    ("What is it for?", ENTER),
];

fn is_creating(simulator: &Simulator) -> bool {
    let requests = simulator.requests();
    requests.iter().any(|it| it.method == Method::PUT)
}

#[tokio::test]
async fn what_was_being_created_is_told_by_the_next_run_and_revoked() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    simulator.inject(Fault {
        method: Some(Method::PUT),
        path_contains: String::new(),
        times: Some(1),
        // The work is done, and the answer comes when nobody waits for it any more.
        effect: FaultEffect::LoseAnswer,
    });
    simulator.inject(Fault {
        method: Some(Method::GET),
        path_contains: "/access-tokens/".to_owned(),
        times: None,
        effect: FaultEffect::Delay(Duration::from_millis(500)),
    });
    let bbtoken = env!("CARGO_BIN_EXE_bbtoken");
    let mut program = Program::start(&[&simulator.base_url()], &[]);
    program.walk(&PERSONAL).await;
    program.wait_for("enter creates it").await;
    program.press(ENTER).await;
    while !is_creating(&simulator) {
        tokio::task::yield_now().await;
    }
    program.signal(Signal::KILL);
    let home = program.end().await.home;
    simulator.clear_faults();

    let mut next = Program::start_in(home, bbtoken, &[&simulator.base_url()], &[]);
    next.walk(&[("[ Sign in ]", "alice\r")]).await;
    next.wait_for("From the last run").await;
    next.wait_for("y revoke it").await;
    // Keys that come at once may have been meant for what lies below.
    while !next.shows("Revoked") {
        next.press("y").await;
        next.read_for(Duration::from_millis(700)).await;
    }
    next.press("q").await;
    let ended = next.end().await;
    assert_eq!(ended.status.code(), Some(0));
    let journal = ended.home.path().join(".local/state/bbtoken/journal");
    assert_eq!(std::fs::read_dir(journal).unwrap().count(), 0);
    simulator.stop().await;
}
