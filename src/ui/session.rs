//! What holds for the whole run and for the current sign-in: what several screens show is here once.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::activity::Activity;
use super::keymap::{self, Action, Mode};
use super::known::Known;
use super::progress::Progress;
use super::wish::{Wish, Work};
use crate::bitbucket::{Client, Destination, Repository, ServerInfo, SignInWay, TokenOwner, User};
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::operation::custody::Custody;
use crate::operation::draft::Proposal;
use crate::operation::expiring::RunsOut;
use crate::operation::journal::Journal;
use crate::operation::place::Place;
use crate::operation::rights::Rights;
use crate::operation::{Desk, whereabouts};
use crate::permission::{Level, ScopeKind};
use crate::preset::Preset;
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
    /// The repository from which the user came to the tokens of an account or project.
    pub came_from: Option<Repository>,
    /// The server, once it has been found. Carries the password once the user is signed in.
    pub server: Option<Server>,
    /// Who is signed in.
    pub user: Option<User>,
    /// How that user has signed in.
    pub way: Option<SignInWay>,
    /// What that user may do where, as far as it is known.
    pub rights: Rights,
    /// What was to be changed when a sign-in had ended, and was not. A screen that asked for more than one
    /// change says it itself.
    pub unfinished: Option<String>,
    /// How far the user has come on the way to a token.
    pub progress: Progress,
    /// Whom and which tokens this run knows of.
    pub known: Known,
    /// The newest requests to Bitbucket.
    pub activity: Activity,
    /// The place that the user wants to go to, until the program is there.
    pub destination: Option<Destination>,
    /// What the form for a new token is filled in with there.
    pub proposal: Option<Proposal>,
    /// What kind of token is wanted, until there is a place for it.
    pub wish: Option<Wish>,
    /// The tool that the last token was made for.
    pub tool: Option<String>,
    /// The repository that was looked at last, where Bitbucket names no address over HTTP to clone it.
    pub no_http: Option<String>,
    /// The repository of the clone in which the program was started, on the current server.
    pub clone: Option<Destination>,
    /// What expires soon of what git on this computer was set up with.
    pub runs_out: Vec<RunsOut>,
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

    /// What a token of this kind of place is to do, where somebody has said so.
    #[must_use]
    pub fn wished(&self, kind: ScopeKind) -> Option<Work> {
        let wish = self.wish.filter(|wish| wish.kind == kind)?;
        Some(wish.work)
    }

    /// The tool that gets another token, where several places get one each.
    #[must_use]
    pub fn wished_tool(&self) -> Option<&str> {
        self.wish.filter(|wish| wish.for_each)?;
        self.tool.as_deref()
    }

    /// There is a token of this kind: what was wanted is done, unless several places get one each.
    pub fn is_fulfilled(&mut self, kind: ScopeKind) {
        self.wish
            .take_if(|wish| wish.kind == kind && !wish.for_each);
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

    /// The user leaves this place for the tokens of another one. Whoever stands in a clone works there, unless
    /// they have opened another repository: a cursor that lies on one says nothing.
    pub fn leave(&mut self, place: Option<&Place>, is_open: bool) {
        self.came_from = match place {
            Some(Place::Repository(repository)) if is_open || self.clone.is_none() => {
                Some(repository.clone())
            }
            _ => None,
        };
    }

    /// The repositories that the user works on, as far as that shows: the one they come from, then that of
    /// the clone in which the program was started.
    #[must_use]
    pub fn works_on(&self) -> Vec<Destination> {
        let came_from = self.came_from.as_ref().map(|from| Destination::Repository {
            project: from.project.key.clone(),
            slug: from.slug.clone(),
        });
        came_from.into_iter().chain(self.clone.clone()).collect()
    }

    /// Whether the user is signed in with a token, which may create, change and revoke nothing.
    #[must_use]
    pub fn only_looks(&self) -> bool {
        matches!(self.way, Some(SignInWay::Token(_)))
    }

    /// Whether that is the token of a project or repository: nobody's account stands behind it.
    #[must_use]
    pub fn has_no_account(&self) -> bool {
        self.way == Some(SignInWay::Token(TokenOwner::Technical))
    }

    /// Why somebody who has signed in with a token cannot do this, and who can.
    #[must_use]
    pub fn refuses_to(&self, what: &str) -> Option<String> {
        self.only_looks().then(|| {
            let back = keymap::key(Mode::Anywhere, Action::Back);
            format!(
                "You are signed in with a token, and tokens cannot {what} tokens. Press {back} until you are \
                 signed out, then sign in with a password or in the browser."
            )
        })
    }

    /// Why there is no way to personal tokens.
    #[must_use]
    pub fn refuses_account(&self) -> Option<String> {
        let reason = "You are signed in with the token of a project or repository: it has no account of its own.";
        self.has_no_account().then(|| reason.to_owned())
    }

    /// Why nothing can be said about git in a clone.
    #[must_use]
    pub fn refuses_why(&self) -> Option<String> {
        self.clone.is_none().then(|| {
            let why = keymap::key(Mode::Browse, Action::Why);
            format!(
                "Start bbtoken in a clone of a repository on this server: there, {why} says why git is refused."
            )
        })
    }

    /// Takes note of everybody whom this computer knows, and of who is signed in.
    pub fn know_people(&mut self) {
        let user = self.user.as_ref();
        let user = user.map(|user| [&user.name, &user.slug, &user.display_name]);
        for name in user.into_iter().flatten().chain(&self.config.user) {
            self.known.add_person(name);
        }
        for server in self.state.servers() {
            if let Some(user) = self.state.user(&server) {
                self.known.add_person(user);
            }
        }
    }

    /// What is masked in share mode: everybody whom the program knows, and the names of tokens where that
    /// is wished for, but for those that were made in this run.
    #[must_use]
    pub fn masked(&self) -> Vec<String> {
        let tokens = self.known.tokens();
        let is_new = |name: &&String| self.custody.has_made(name);
        let tokens = tokens.filter(|name| self.config.share_hides_token_names && !is_new(name));
        self.known.people().chain(tokens).cloned().collect()
    }

    /// The presets for a new token in this place. Those for administrators are offered only to somebody
    /// who administers it; for a personal token, the repository that they come from, or anything at all.
    #[must_use]
    pub fn presets_for(&self, place: &Place) -> Arc<Vec<Preset>> {
        let administers = match (place, &self.came_from) {
            (Place::Account(_), Some(repository)) => {
                self.rights.level(repository) == Some(Level::Admin)
            }
            (Place::Account(_), None) => self.rights.administers_a_project(),
            (place, _) => self.rights.administers(place) != Some(false),
        };
        let is_offered = |preset: &&Preset| administers || !preset.is_for_administrators();
        let offered: Vec<_> = self.presets.iter().filter(is_offered).cloned().collect();
        if offered.is_empty() {
            return Arc::clone(&self.presets);
        }
        Arc::new(offered)
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
