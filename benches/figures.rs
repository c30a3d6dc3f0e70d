//! The figures that we promise: `cargo bench` prints them.
//!
//! - the first frame of `bbtoken demo` in a pseudo-terminal: at most 50 ms
//! - resident memory after the Enter path: at most 30 MiB
//! - a key in a filter over 10,000 rows

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "it prints figures, and what fails here fails the measurement"
)]

#[cfg(unix)]
#[allow(dead_code, reason = "a measurement needs less of it than the tests")]
#[path = "../tests/terminal/program.rs"]
mod program;

use std::time::{Duration, Instant};

use bbtoken::widget::picker::{Picker, Row};
use crossterm::event::KeyCode;

const RUNS: usize = 20;

fn main() {
    report(
        "filter: a key over 10,000 rows",
        (0..RUNS).map(|_| filter()),
    );
    #[cfg(unix)]
    interface::measure();
}

/// Prints the middle and the largest of some durations.
fn report(what: &str, durations: impl Iterator<Item = Duration>) {
    let mut durations: Vec<_> = durations.collect();
    durations.sort();
    let middle = durations[durations.len() / 2];
    let largest = durations[durations.len() - 1];
    println!("{what:<40} {middle:>10.2?}   at most {largest:.2?}");
}

struct Name(String);

impl Row for Name {
    fn searched(&self) -> Option<String> {
        Some(self.0.clone())
    }
}

fn filter() -> Duration {
    let names = (0..10_000).map(|number| Name(format!("repository-{number}-billing-api")));
    let mut picker = Picker::new(names.collect());
    picker.start_filter();
    picker.type_key(KeyCode::Char('9').into());
    let start = Instant::now();
    picker.type_key(KeyCode::Char('b').into());
    start.elapsed()
}

#[cfg(unix)]
mod interface {
    use std::time::{Duration, Instant};

    use super::{RUNS, program::Program, report};

    /// The screens of the Enter path, before each enter.
    const SCREENS: [&str; 8] = [
        "[ Connect ]",
        "[ Sign in ]",
        "PLAT",
        "api-gateway",
        "Repository settings › Security",
        "+ New token",
        "What is it for?",
        "enter creates it",
    ];

    pub(super) fn measure() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        report(
            "first frame of bbtoken demo",
            (0..RUNS).map(|_| runtime.block_on(first_frame())),
        );
        let memory = runtime.block_on(memory());
        println!("{:<40} {memory}", "resident memory after the Enter path");
    }

    async fn first_frame() -> Duration {
        let start = Instant::now();
        let mut program = Program::start(&["demo"], &[]);
        program.wait_for(SCREENS[0]).await;
        start.elapsed()
    }

    async fn memory() -> String {
        let mut program = Program::start(&["demo"], &[]);
        program.walk(&SCREENS.map(|screen| (screen, "\r"))).await;
        program.wait_for("Token ready").await;
        program.resident_memory()
    }
}
