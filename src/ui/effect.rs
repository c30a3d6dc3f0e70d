//! Everything that the model can ask for. The runtime performs it and decides nothing.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::load::Ticket;
use crate::bitbucket::{
    Authorization, BaseUrl, Client, Code, Destination, Scope, SecondStep, TokenSpec, User,
};
use crate::clipboard::Copied;
use crate::config::Config;
use crate::git;
use crate::operation::Desk;
use crate::operation::custody::Note;
use crate::operation::journal::{Asked, Entry};
use crate::operation::place::Place;
use crate::operation::revoke::Closing;
use crate::operation::set_up_git::Wanted;
use crate::operation::settle::Sought;
use crate::secret::Secret;
use crate::state::Changes;

/// One thing for the runtime to do.
#[derive(Debug)]
pub enum Effect {
    /// Ask Bitbucket. Comes back as [`super::event::Event::Reply`], unless it is cancelled.
    Ask(Ticket, Query),
    /// Give up waiting for the answer to a query.
    Cancel(Ticket),
    /// Have Bitbucket change something. Never cancelled, never repeated. Comes back as
    /// [`super::event::Event::Outcome`].
    Do(Ticket, Desk, Command),
    /// Sign out whoever this client is: nobody waits for that, and nothing comes back.
    SignOut(Client),
    /// Put a text on the clipboard. Comes back as [`super::event::Done::Copied`].
    Copy(Ticket, Text),
    /// Take a secret off the clipboard, if it is still there. Comes back as
    /// [`super::event::Done::Cleared`].
    Clear(Ticket, Arc<Secret>, Copied),
    /// Do something on this computer. Comes back as [`super::event::Event::Done`]; never cancelled.
    Job(Ticket, Job),
    /// Stop the process as Ctrl+Z does elsewhere, and draw again after `fg`.
    Suspend,
    /// End the program.
    Quit,
}

/// A question to Bitbucket that changes nothing there, so it may be dropped and asked again.
#[derive(Debug)]
pub enum Query {
    /// Is there a Bitbucket at this address?
    Connect(BaseUrl, Arc<Config>),
    /// Is this password right? Asked once: each wrong one brings the captcha nearer.
    SignIn {
        /// The client that found the server.
        client: Client,
        /// The user name as typed.
        user: String,
        /// The password as typed.
        password: Secret,
    },
    /// Is this the right code for the second step? Asked once.
    Verify {
        /// The sign-in that waits for it.
        step: Arc<SecondStep>,
        /// The code as typed.
        code: Code,
    },
    /// Begin to sign in with OAuth 2.
    Authorize {
        /// The client that found the server.
        client: Client,
        /// Under which bbtoken is registered there.
        client_id: String,
        /// The port that the browser is sent back to, where it is not the usual one.
        port: Option<u16>,
    },
    /// Wait until somebody has agreed in the browser. Dropping it closes the port.
    Authorized(Box<Authorization>),
    /// Whose token is this?
    Recognise {
        /// The client that found the server.
        client: Client,
        /// The token.
        token: Arc<Secret>,
        /// The project or repository that it was to be made for.
        wanted: Option<Scope>,
    },
    /// Is this token good to look around with?
    SignInWithToken {
        /// The client that found the server.
        client: Client,
        /// The token as pasted.
        token: Secret,
    },
    /// Everything that is asked as a signed-in user.
    Read(Client, Read),
    /// What can a token really do?
    TryToken {
        /// Finds a repository to try it on, where the token is for more than one.
        client: Client,
        /// What the token was made for.
        scope: Scope,
        /// The owner of a personal token.
        user: Option<String>,
        /// The token.
        token: Arc<Secret>,
    },
    /// What became of a creation whose answer got lost?
    Settle(Desk, Sought),
    /// What became of everything that the last runs of this user have left open?
    LeftOpen(Desk, String),
    /// Does the list show now what it did not show before? `others` are the tokens whose secrets arrived.
    LookAgain {
        /// Reads the list.
        desk: Desk,
        /// What is looked for.
        entries: Vec<Arc<Entry>>,
        /// None of these is it.
        others: HashSet<String>,
    },
}

impl Query {
    /// The same question once more, where it may be asked again by whoever signs in next.
    #[must_use]
    pub fn again(&self) -> Option<Self> {
        match self {
            Self::Read(client, read) => Some(Self::Read(client.clone(), read.clone())),
            Self::TryToken {
                client,
                scope,
                user,
                token,
            } => Some(Self::TryToken {
                client: client.clone(),
                scope: scope.clone(),
                user: user.clone(),
                token: Arc::clone(token),
            }),
            Self::Settle(desk, sought) => Some(Self::Settle(desk.clone(), sought.clone())),
            Self::LeftOpen(desk, user) => Some(Self::LeftOpen(desk.clone(), user.clone())),
            Self::Connect(..)
            | Self::SignIn { .. }
            | Self::Verify { .. }
            | Self::SignInWithToken { .. }
            | Self::Authorize { .. }
            | Self::Authorized(_)
            | Self::Recognise { .. }
            | Self::LookAgain { .. } => None,
        }
    }

    /// The same question, asked by this client.
    #[must_use]
    pub fn by(mut self, asking: &Client) -> Self {
        match &mut self {
            Self::Read(client, _)
            | Self::Settle(Desk { client, .. }, _)
            | Self::LeftOpen(Desk { client, .. }, _)
            | Self::LookAgain {
                desk: Desk { client, .. },
                ..
            }
            | Self::TryToken { client, .. }
            | Self::SignIn { client, .. }
            | Self::SignInWithToken { client, .. }
            | Self::Authorize { client, .. }
            | Self::Recognise { client, .. } => *client = asking.clone(),
            Self::Connect(..) | Self::Verify { .. } | Self::Authorized(_) => {}
        }
        self
    }
}

/// Something to do on this computer.
#[derive(Debug)]
pub enum Job {
    /// Find out how git can be set up.
    LookAtGit {
        /// For what.
        target: git::Target,
        /// The server was seen to take the token as a password.
        takes_password: bool,
        /// The certificates that are trusted there beside those of the system.
        trusted: Option<PathBuf>,
    },
    /// Set git up, and have it show that it gets in.
    SetGitUp {
        /// Asks the server first.
        client: Client,
        /// For what, how, and with which token.
        wanted: Box<Wanted>,
    },
    /// Find out for which addresses git was set up.
    GitSetUps,
    /// Take away what was set up for this address.
    UndoGit {
        /// The clone address, or the part of it that was set up.
        address: String,
    },
    /// Ask git for the password that it keeps for a server.
    AskGit {
        /// The server's address.
        address: String,
        /// Whose password; `None`: whosever it is.
        user: Option<String>,
    },
    /// Read the remotes of the clone in the current directory.
    LookForClone,
    /// Open a page in the user's browser.
    Open {
        /// Its address.
        address: String,
    },
    /// Remember this for the next time.
    Remember(Changes),
    /// Write into the journal, in this order.
    Note(Vec<Note>),
    /// Save a token to a new file.
    Save {
        /// As typed.
        path: String,
        /// The token.
        token: Arc<Secret>,
    },
}

impl Job {
    /// Whether it leaves something on this computer, so that it is brought to its end.
    #[must_use]
    pub fn writes(&self) -> bool {
        match self {
            Self::SetGitUp { .. }
            | Self::UndoGit { .. }
            | Self::Remember(_)
            | Self::Note(_)
            | Self::Save { .. } => true,
            Self::LookAtGit { .. }
            | Self::GitSetUps
            | Self::AskGit { .. }
            | Self::LookForClone
            | Self::Open { .. } => false,
        }
    }
}

/// What a signed-in user reads. `from` is where a page starts.
#[derive(Debug, Clone)]
pub enum Read {
    /// The projects that the user may see.
    Projects {
        /// Where the page starts.
        from: u64,
    },
    /// The projects that the user administers.
    AdministeredProjects {
        /// Where the page starts.
        from: u64,
    },
    /// One place: the user's personal project, which no list shows, or where somebody goes straight to.
    Place {
        /// Where to.
        to: Destination,
        /// Whose account is meant by "the account".
        user: User,
    },
    /// The repositories of a project.
    Repositories {
        /// The project's key.
        project: String,
        /// Where the page starts.
        from: u64,
    },
    /// The repositories of a project that the user administers.
    AdministeredRepositories {
        /// The project's key.
        project: String,
        /// Where the page starts.
        from: u64,
    },
    /// The first repositories of all projects whose names contain a text.
    Search {
        /// The text.
        name: String,
    },
    /// The HTTP access tokens of a place.
    Tokens {
        /// Whose tokens.
        scope: Scope,
        /// Where the page starts.
        from: u64,
    },
    /// One HTTP access token, to see what it was given.
    Token {
        /// Whose token.
        scope: Scope,
        /// Its id.
        id: String,
    },
}

impl Read {
    /// The same list, from another page on.
    #[must_use]
    pub fn starting_at(&self, start: u64) -> Self {
        let mut read = self.clone();
        match &mut read {
            Self::Projects { from }
            | Self::AdministeredProjects { from }
            | Self::Repositories { from, .. }
            | Self::AdministeredRepositories { from, .. }
            | Self::Tokens { from, .. } => *from = start,
            Self::Place { .. } | Self::Search { .. } | Self::Token { .. } => {}
        }
        read
    }
}

/// A change on the server.
#[derive(Debug)]
pub enum Command {
    /// Create an HTTP access token.
    CreateToken {
        /// The place, for whoever takes the token in.
        place: Box<Place>,
        /// What the journal notes.
        asked: Box<Asked>,
        /// What it shall be.
        spec: TokenSpec,
    },
    /// Revoke an HTTP access token.
    RevokeToken {
        /// Where.
        scope: Scope,
        /// Which.
        id: String,
        /// The entry of its creation, where that is open.
        closing: Option<Closing>,
    },
}

/// A text for the clipboard.
#[derive(Debug)]
pub enum Text {
    /// May be seen by anybody.
    Plain(String),
    /// Kept out of clipboard histories where the platform has a way.
    Secret(Arc<Secret>),
}

impl Text {
    /// The characters.
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            Self::Plain(text) => text,
            Self::Secret(secret) => secret.expose(),
        }
    }
}
