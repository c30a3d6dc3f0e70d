//! Everything that can happen to the program. Events go in; the model changes.

use std::io;
use std::path::PathBuf;

use crossterm::event::KeyEvent;

use super::load::Ticket;
use crate::bitbucket::{
    self, Authorization, Client, Error, Page, Project, Recognised, Record, Repository, SecondStep,
    ServerInfo, SignedIn, Token, Trial,
};
use crate::browser::OpenError;
use crate::clipboard::{Cleared, Copied, CopyError};
use crate::operation::create::Created;
use crate::operation::custody::Key;
use crate::operation::journal::Unwritable;
use crate::operation::left_open::LeftOpen;
use crate::operation::look_at_git::Look;
use crate::operation::place::Place;
use crate::operation::revoke::Revoked;
use crate::operation::set_up_git;
use crate::operation::settle::Settled;
use crate::secret::Secret;
use crate::{git, secret_file};

/// One thing that happened. Without `Debug`: typed keys may belong to a password.
pub enum Event {
    /// The first frame has been drawn.
    Started,
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(Secret),
    /// So many columns and rows has the terminal now.
    Resize(u16, u16),
    /// The window lost the focus: somebody else may be looking at it.
    FocusLost,
    /// A deadline that [`crate::app::App::deadline`] named has come.
    Time,
    /// The program had stopped, as Ctrl+Z does, and goes on.
    Continued,
    /// The process is asked to end, or its terminal is gone.
    Terminate,
    /// The answer to a query or a command.
    Reply(Ticket, Result<Answer, bitbucket::Error>),
    /// What became of a command.
    Outcome(Ticket, Outcome),
    /// A request to Bitbucket has left, or has come to its end.
    Call(Box<Record>),
    /// What became of something that was done on this computer.
    Done(Ticket, Done),
}

/// What became of something that was done on this computer.
#[derive(Debug)]
pub enum Done {
    /// A text was to go to the clipboard.
    Copied(Result<Copied, CopyError>),
    /// A secret was to go from the clipboard.
    Cleared(Cleared),
    /// How git can be set up.
    GitLooked(Result<Box<Look>, git::Error>),
    /// Git was to be set up.
    GitSetUp(Result<Box<set_up_git::Done>, Box<set_up_git::NotDone>>),
    /// The addresses for which git was set up.
    GitSetUps(Vec<git::SetUp>),
    /// What was set up for git was to be taken away; then what could not be, one sentence for each.
    GitUndone(Result<Vec<String>, git::Error>),
    /// Git was asked for the password that it keeps; `None`: it keeps none.
    GitPassword(Result<Option<git::Kept>, git::Error>),
    /// The addresses of the remotes of the clone in the current directory.
    CloneFound(Vec<String>),
    /// A page was to be opened.
    Opened(Result<(), OpenError>),
    /// Something was to be remembered for the next time.
    Remembered(io::Result<()>),
    /// The journal was to be written.
    Noted,
    /// A token was to be saved, into this file.
    Saved(Result<PathBuf, secret_file::Error>),
}

/// What Bitbucket answered.
#[derive(Debug)]
pub enum Answer {
    /// The address leads to a Bitbucket.
    Connected(Client, Box<ServerInfo>),
    /// The server knows the user now.
    SignedIn(SignedIn),
    /// The password is right, and a code is wanted now.
    SecondStep(SecondStep),
    /// The page on which somebody has to agree, and who waits for that.
    Authorizing(Box<Authorization>),
    /// Whose token it is.
    Recognised(Box<Recognised>),
    /// A page of projects.
    Projects(Page<Project>),
    /// One place.
    Place(Box<Place>),
    /// A page of repositories.
    Repositories(Page<Repository>),
    /// A page of HTTP access tokens.
    Tokens(Page<Token>),
    /// What became of a creation whose answer got lost.
    Settled(Settled),
    /// What was left open, and what became of it.
    LeftOpen(Vec<LeftOpen>),
    /// One HTTP access token, as the list has it.
    Token(Box<Token>),
    /// What a token can really do; `None` where there is no repository to try it on.
    Tried(Option<Box<Trial>>),
}

/// What became of a command, as the runtime hands it back.
#[derive(Debug)]
pub enum Outcome {
    /// A token was to be created.
    Created(Created),
    /// A token was to be revoked.
    Revoked(Revoked),
}

/// What became of a command, as a screen learns it: the tokens are in custody.
#[derive(Debug)]
pub enum Ended {
    /// The token is made.
    Made(Key, Token),
    /// Nothing was created.
    NotCreated(Error),
    /// Nothing was sent: the journal cannot be written.
    NotNoted(Unwritable),
    /// Nobody knows whether the token was created.
    Lost(Key, Error),
    /// A token was to be revoked.
    Revoked(Revoked),
}
