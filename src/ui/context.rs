//! What a screen sees of the world while it updates, and how it says what it wants.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::activity::Activity;
use super::effect::{Command, Effect, Job, Query, Read};
use super::load::{Ticket, Tickets};
use super::notice::Notice;
use super::place::Place;
use crate::bitbucket::{
    Client, Destination, Scope, ServerInfo, SignedIn, TokenOwner, TokenSpec, User, Way,
};
use crate::clipboard::{Copied, CopyError};
use crate::clock::{Clock, Moment};
use crate::config::{self, Config};
use crate::operation::Desk;
use crate::operation::custody::{Custody, Held, Key};
use crate::operation::journal::{Asked, Journal};
use crate::operation::revoke::Closing;
use crate::operation::whereabouts;
use crate::preset::Preset;
use crate::screen::Screen;
use crate::screen::question::{Choice, Subject};
use crate::secret::Secret;
use crate::state::State;

/// What holds for the whole run and for the current sign-in.
#[derive(Debug)]
pub struct Session {
    /// What people and organisations have set.
    pub config: Arc<Config>,
    /// Whether the built-in simulated Bitbucket is the server.
    pub demo: bool,
    /// Others see this screen: secrets cannot be shown, names of people are masked.
    pub share: bool,
    /// What is remembered from run to run; in the demo only until it ends.
    pub state: State,
    /// The name of this computer, for the names of tokens.
    pub computer: String,
    /// The zone in which dates are shown.
    pub zone: TimeZone,
    /// The presets of the "New token" screen, the recommended one first.
    pub presets: Arc<Vec<Preset>>,
    /// The new tokens, until somebody has them.
    pub custody: Custody,
    /// Where it is noted what is being created.
    pub journal: Journal,
    /// By which operations wait. The model itself is told the time with every event.
    pub clock: Clock,
    /// The id of the token that was made last, until a list has shown it.
    pub newest: Option<String>,
    /// The server, once it has been found. Carries the password once the user is signed in.
    pub server: Option<Server>,
    /// Who is signed in.
    pub user: Option<User>,
    /// How that user has signed in.
    pub way: Option<Way>,
    /// The newest requests to Bitbucket.
    pub activity: Activity,
    /// The place that the user wants to go to, until the program is there.
    pub destination: Option<Destination>,
    /// The repository of the clone in which the program was started, on the current server.
    pub clone: Option<Destination>,
}

impl Session {
    /// What operations work with; `None` before the server is known.
    #[must_use]
    pub fn desk(&self) -> Option<Desk> {
        Some(Desk {
            client: self.server.as_ref()?.client.clone(),
            journal: self.journal.clone(),
            clock: self.clock.clone(),
        })
    }

    /// The servers that are offered.
    #[must_use]
    pub fn servers(&self) -> Vec<config::Server> {
        whereabouts::servers(&self.config, &self.state)
    }

    /// Whether one sentence on each screen says what comes next.
    #[must_use]
    pub fn shows_guidance(&self) -> bool {
        self.state.guidance().unwrap_or(self.config.guidance)
    }

    /// Where the user was the last time on this server.
    #[must_use]
    pub fn last_place(&self) -> Option<Destination> {
        let server = self.server.as_ref()?;
        self.state.last_place(server.client.base())
    }

    /// Whether the user is signed in with a token, which may create, change and revoke nothing.
    #[must_use]
    pub fn only_looks(&self) -> bool {
        matches!(self.way, Some(Way::Token(_)))
    }

    /// Whether that is the token of a project or repository: nobody's account stands behind it.
    #[must_use]
    pub fn has_no_account(&self) -> bool {
        self.way == Some(Way::Token(TokenOwner::Technical))
    }

    /// Everything by which the signed-in user is called.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let Some(user) = &self.user else {
            return Vec::new();
        };
        let parts = user.display_name.split_whitespace();
        [&user.name, &user.slug, &user.display_name]
            .into_iter()
            .cloned()
            .chain(parts.map(str::to_owned))
            .collect()
    }
}

/// A Bitbucket that answered.
#[derive(Debug)]
pub struct Server {
    /// Speaks to it.
    pub client: Client,
    /// What it says of itself.
    pub info: ServerInfo,
}

/// How the stack of screens is to change.
#[derive(Debug)]
pub enum Move {
    /// Put this screen on top.
    Push(Screen),
    /// Take the top screen away.
    Pop,
    /// Put this screen in the place of the top one.
    Replace(Screen),
    /// Drop everything above the first screen, and put this one there.
    Home(Screen),
    /// Drop everything above the first screen, and forget who was signed in.
    SignOut,
    /// Take the box away: somebody is signed in again, and what was being done goes on.
    Resume(SignedIn),
    /// Take the box away: nobody signs in again.
    GiveUpSession,
    /// Take the question away and hand its answer to the screen below.
    Answer(Subject, Choice),
    /// Leave, without asking.
    QuitNow,
}

/// Passed to every update of a screen.
pub struct Context<'a> {
    /// The moment of the event.
    pub now: Moment,
    /// The run and the sign-in.
    pub session: &'a mut Session,
    /// What the runtime is to do.
    pub effects: &'a mut Vec<Effect>,
    /// How the stack is to change, in this order.
    pub moves: Vec<Move>,
    /// A line above the footer.
    pub notice: Option<Notice>,
    /// Nothing lies above the screen that acts: how it changes the stack is seen at once.
    pub is_on_top: bool,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    pub(crate) tickets: &'a mut Tickets,
}

impl Context<'_> {
    /// A ticket for a question.
    pub fn ticket(&mut self) -> Ticket {
        self.tickets.issue()
    }

    /// A question as the signed-in user; `None` before the server is known.
    #[must_use]
    pub fn read(&self, read: Read) -> Option<Query> {
        let server = self.session.server.as_ref()?;
        Some(Query::Read(server.client.clone(), read))
    }

    fn command(&mut self, command: Command) -> Option<Ticket> {
        let desk = self.session.desk()?;
        let ticket = self.ticket();
        self.effects.push(Effect::Do(ticket, desk, command));
        Some(ticket)
    }

    /// Has a token created.
    pub fn create_token(&mut self, place: Place, spec: TokenSpec) -> Option<Ticket> {
        let asked = Asked {
            server: self.session.server.as_ref()?.client.base().to_string(),
            user: self.session.user.as_ref()?.name.clone(),
            scope: place.scope(),
            name: spec.name.clone(),
            time: self.now.time,
        };
        self.command(Command::CreateToken {
            place: Box::new(place),
            asked: Box::new(asked),
            spec,
        })
    }

    /// Has a token revoked.
    pub fn revoke_token(&mut self, scope: Scope, id: String) -> Option<Ticket> {
        let closing = None;
        self.command(Command::RevokeToken { scope, id, closing })
    }

    /// Has a token revoked that is in custody.
    pub fn revoke_new_token(&mut self, key: Key) -> Option<Ticket> {
        let token = self.session.custody.get(key)?;
        let (scope, id) = (token.scope.clone(), token.id.clone()?);
        let closing = token.entry().map(|entry| Closing {
            entry: Arc::clone(entry),
            because: None,
        });
        self.command(Command::RevokeToken { scope, id, closing })
    }

    /// Does something on this computer.
    pub fn job(&mut self, job: Job) -> Ticket {
        let ticket = self.ticket();
        self.effects.push(Effect::Job(ticket, job));
        ticket
    }

    /// Remembers that the tokens of this place are looked at.
    pub fn visit(&mut self, scope: &Scope) {
        if let Some(server) = &self.session.server {
            let address = server.client.base();
            self.session.state.visited(address, scope);
        }
    }

    /// Takes note that a secret, or a line with it, was copied or not.
    pub fn secret_copied(
        &mut self,
        key: Key,
        text: Arc<Secret>,
        result: Result<Copied, CopyError>,
    ) {
        let clear_after = self.session.config.clear_clipboard;
        let clears_at = clear_after.map(|after| self.now.uptime + after);
        let before = self.session.custody.copied(key, text, result, clears_at);
        self.clear(before);
    }

    /// Takes note that something else was copied: no token is on the clipboard any more. tmux keeps the
    /// old one below, so it is taken away.
    pub fn something_else_copied(&mut self) {
        let before = self.session.custody.something_else_copied();
        self.clear(before);
    }

    fn clear(&mut self, held: Option<Held>) {
        if let Some(Held { text, copied, .. }) = held {
            let ticket = self.ticket();
            self.effects.push(Effect::Clear(ticket, text, copied));
        }
    }

    /// Puts a screen on top.
    pub fn push(&mut self, screen: impl Into<Screen>) {
        self.moves.push(Move::Push(screen.into()));
    }

    /// Takes the top screen away.
    pub fn pop(&mut self) {
        self.moves.push(Move::Pop);
    }

    /// Shows a line above the footer.
    pub fn notify(&mut self, notice: Notice) {
        self.notice = Some(notice);
    }
}
