//! The server may die at any moment of the main way: the program says so and stays usable.

use bbtoken::simulator::{Fault, FaultEffect};

use crate::harness::{Harness, Setup};

const PRESSES: usize = 8;

async fn after(presses: usize) -> Harness {
    let mut program = Harness::start(Setup {
        demo: true,
        ..Setup::default()
    })
    .await;
    for _ in 0..presses {
        program.keys("<enter>").await;
    }
    program
}

/// It still moves, explains itself, goes back to the first screen and ends.
async fn is_usable(program: &mut Harness, context: &str) {
    program.keys("<down><up><f1>").await;
    program.shows("─ Help ");
    program.keys("<esc>").await;
    for _ in 0..8 {
        program.keys("<esc>").await;
        if program.text().contains("Sign alice out") {
            program.keys("y").await;
        }
    }
    assert!(!program.has_quit(), "{context}");
    program.shows("A Bitbucket to try things out");
    program.keys("<enter>").await;
    program.shows("No Bitbucket could be reached at");
    program.keys("<c-c>").await;
    assert!(program.has_quit(), "{context}:\n{}", program.text());
}

#[tokio::test]
async fn between_two_presses() {
    for presses in 0..PRESSES {
        let mut program = after(presses).await;
        program.stop_server().await;
        program.keys("<enter>").await;
        is_usable(&mut program, &format!("dead after {presses} presses")).await;
    }
}

#[tokio::test]
async fn while_it_owes_an_answer() {
    for presses in 0..PRESSES {
        let mut program = after(presses).await;
        program.server().inject(Fault {
            method: None,
            path_contains: String::new(),
            times: None,
            effect: FaultEffect::Hang,
        });
        program.press_only("<enter>");
        program.until_asked_or_idle().await;
        program.stop_server().await;
        program.settle().await;
        is_usable(&mut program, &format!("dying after {presses} presses")).await;
    }
}
