//! How a command ends: its exit status, and what is said where it failed.

use std::error::Error;
use std::process::ExitCode;

/// The exit statuses of all commands. Scripts go by them, so they stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// It was done.
    Done = 0,
    /// It failed.
    Failed = 1,
    /// The arguments cannot be meant so. clap ends with the same.
    Usage = 2,
    /// What was asked about was found: something is in the way, or about to expire.
    Found = 3,
    /// The server wants another sign-in.
    SignIn = 4,
    /// The user may not do this.
    NotPermitted = 5,
    /// It is not known whether it was done.
    Unknown = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command was not done, in the words of the command line.
#[derive(Debug)]
pub(super) struct Failure {
    /// What a script sees.
    pub(super) exit: Exit,
    /// What a person reads: what happened and why, then what to do next.
    pub(super) lines: Vec<String>,
}

impl Failure {
    /// What happened, and why.
    pub(super) fn new(exit: Exit, what: impl Into<String>) -> Self {
        Self {
            exit,
            lines: vec![what.into()],
        }
    }

    /// What to do next.
    pub(super) fn next(mut self, next: impl Into<String>) -> Self {
        self.lines.push(next.into());
        self
    }
}

/// What goes wrong beside the server.
impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::new(Exit::Failed, error.to_string())
    }
}
