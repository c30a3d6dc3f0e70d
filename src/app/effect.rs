//! Everything that the model can ask for. The runtime performs it and decides nothing.

use std::sync::Arc;

use super::load::Ticket;
use crate::bitbucket::{BaseUrl, Client, Scope, TokenSpec};
use crate::secret::Secret;

/// One thing for the runtime to do.
#[derive(Debug)]
pub enum Effect {
    /// Ask Bitbucket. Comes back as [`super::event::Event::Reply`], unless it is cancelled.
    Ask(Ticket, Query),
    /// Give up waiting for the answer to a query.
    Cancel(Ticket),
    /// Have Bitbucket change something. Never cancelled, never repeated.
    Do(Ticket, Client, Command),
    /// Put a text on the clipboard. Comes back as [`super::event::Event::Copied`].
    Copy(Ticket, Text),
    /// Stop the process as Ctrl+Z does elsewhere, and draw again after `fg`.
    Suspend,
    /// End the program.
    Quit,
}

/// A question to Bitbucket that changes nothing there, so it may be dropped and asked again.
#[derive(Debug)]
pub enum Query {
    /// Is there a Bitbucket at this address?
    Connect(BaseUrl),
    /// Is this password right? Asked once: each wrong one brings the captcha nearer.
    SignIn {
        /// The client that found the server.
        client: Client,
        /// The user name as typed.
        user: String,
        /// The password as typed.
        password: Secret,
    },
    /// Everything that is asked as a signed-in user.
    Read(Client, Read),
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
    /// One project, for the user's personal one, which no list shows.
    Project {
        /// Its key, such as `~alice`.
        key: String,
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
    /// All HTTP access tokens of a place, to find out what became of a lost answer.
    AllTokens {
        /// Whose tokens.
        scope: Scope,
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
            Self::Project { .. } | Self::Search { .. } | Self::AllTokens { .. } => {}
        }
        read
    }
}

/// A change on the server.
#[derive(Debug)]
pub enum Command {
    /// Create an HTTP access token.
    CreateToken {
        /// Where.
        scope: Scope,
        /// What.
        spec: TokenSpec,
    },
    /// Revoke an HTTP access token.
    RevokeToken {
        /// Where.
        scope: Scope,
        /// Which.
        id: String,
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
