//! The program stopped and continued, as somebody does in a shell.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::clipboard::Tmux;
use crate::interface::{COPIED, ENTER_PATH};
use crate::program::Program;

const CTRL_Z: &str = "\x1a";
const PROMPT: &str = "shell>";

/// A shell in which `bbtoken demo` runs.
struct Job {
    shell: Program,
    id: Pid,
}

impl Job {
    /// With these options.
    async fn start(options: &str, environment: &[(&str, &str)]) -> Self {
        let environment = [&[("PS1", PROMPT), ("HISTFILE", "")], environment].concat();
        let home = TempDir::new().unwrap();
        let arguments = ["--norc", "--noprofile", "-i"];
        let mut shell = Program::start_in(home, "bash", &arguments, &environment);
        shell.wait_for(PROMPT).await;
        let bbtoken = env!("CARGO_BIN_EXE_bbtoken");
        let command = format!("(echo $BASHPID >id; exec '{bbtoken}' demo {options})\r");
        shell.press("cd\r").await;
        shell.press(&command).await;
        shell.wait_for(ENTER_PATH[0].0).await;
        let id = std::fs::read_to_string(shell.home.path().join("id")).unwrap();
        let id = Pid::from_raw(id.trim().parse().unwrap()).unwrap();
        Self { shell, id }
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.id, signal).unwrap();
    }

    /// Waits until the system says so.
    async fn is_stopped(&mut self) {
        while self.state() != 'T' {
            self.shell.read_for(Duration::from_millis(10)).await;
        }
    }

    fn state(&self) -> char {
        let id = self.id.as_raw_nonzero();
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
        stat.rsplit(") ").next().unwrap().chars().next().unwrap()
    }
}

#[tokio::test]
async fn ctrl_z_and_kill_stop_it_and_fg_continues_it() {
    let mut job = Job::start("", &[]).await;
    for round in 0..4 {
        if round % 2 == 0 {
            job.shell.press(CTRL_Z).await;
        } else {
            job.signal(Signal::TSTP);
        }
        job.shell.wait_for("Stopped").await;
        job.is_stopped().await;
        job.shell.press("clear; fg\r").await;
        job.shell.wait_for(ENTER_PATH[0].0).await;
        job.shell.has_the_terminal();
    }
    job.signal(Signal::TERM);
    job.shell.wait_for(PROMPT).await;
}

#[tokio::test]
async fn without_a_shell_above_it_goes_on() {
    let mut program = Program::start(&["demo"], &[]);
    program.wait_for(ENTER_PATH[0].0).await;
    program.press(CTRL_Z).await;
    program.signal(Signal::TSTP);
    program.walk(&ENTER_PATH[..3]).await;
    program.has_the_terminal();
}

#[tokio::test]
#[ignore = "needs tmux: .ci/run installs it"]
async fn whoever_is_stopped_from_outside_takes_the_token_off_the_clipboard_first() {
    let tmux = Tmux::start_server();
    let inside = tmux.variable();
    let mut job = Job::start("", &[("TMUX", &inside)]).await;
    job.shell.walk(&ENTER_PATH).await;
    job.shell.wait_for(COPIED).await;
    assert_eq!(tmux.buffers().len(), 1);
    job.signal(Signal::TSTP);
    job.is_stopped().await;
    assert!(tmux.buffers().is_empty());
    job.shell.wait_for("Stopped").await;
    job.shell.press("clear; fg\r").await;
    job.shell
        .wait_for("out of tmux before it was suspended")
        .await;
}

#[tokio::test]
#[ignore = "needs tmux: .ci/run installs it"]
async fn whoever_cannot_know_of_its_stop_takes_it_off_when_it_goes_on() {
    let tmux = Tmux::start_server();
    let inside = tmux.variable();
    let mut job = Job::start("--clear-clipboard 6", &[("TMUX", &inside)]).await;
    job.shell.walk(&ENTER_PATH).await;
    job.shell.wait_for(COPIED).await;
    job.signal(Signal::STOP);
    job.is_stopped().await;
    job.shell.read_for(Duration::from_secs(7)).await;
    assert_eq!(tmux.buffers().len(), 1, "a stopped program did something");
    job.shell.press("clear; fg\r").await;
    job.shell.wait_for("The token was taken out of tmux").await;
    assert!(tmux.buffers().is_empty());
}
