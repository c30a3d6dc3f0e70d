//! Why git gets in at a place, or does not: what it would send there, which token that is, what the server
//! says to it, and the one thing that is the matter. Nothing is changed by it, and nothing secret is in the
//! answer.

mod cause;
mod facts;
mod listed;
mod remedy;
mod sentence;
mod unnamed;

use std::path::Path;

use jiff::Timestamp;

pub use self::cause::Cause;
use self::cause::Facts;
use self::listed::Listed;
pub use self::remedy::Remedy;
use super::prove_git::{Observed, Prover};
use super::whereabouts;
use crate::bitbucket::{Client, Destination};
use crate::environment::Environment;
use crate::git::ask::{Service, Workplace};
use crate::git::sent::{self, Sent, SignIn, Source};
use crate::git::{self, SetUp, TokenNote};

/// What is to be found out.
#[derive(Debug, Clone)]
pub struct Question {
    /// From where git goes.
    pub from: From,
    /// Somebody has said that what git keeps may be sent even where it is a person's password. A wrong one
    /// counts as a failed login.
    pub sends_password: bool,
    /// git itself runs too, where our own request got in.
    pub runs_git: bool,
    /// Somebody who is signed in as a person: in the lists that they may see the token is looked for.
    pub reader: Option<Client>,
    /// Who signs in there, as far as that is known.
    pub user: Option<String>,
    /// When it is.
    pub now: Timestamp,
}

/// From where git goes to the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// From the clone in the current directory, with this remote.
    Remote(String),
    /// From an empty repository, to this address.
    Address(String),
}

/// What git would sign in with, without the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sends {
    /// Nothing: it would ask.
    Nothing,
    /// A person's own password.
    Password {
        /// Whose.
        user: String,
    },
    /// A token.
    Token {
        /// With which user name; none where it goes as Bearer.
        user: Option<String>,
    },
    /// Something of another kind.
    Other,
    /// So many headers at once.
    Several(usize),
}

/// What was found out.
#[derive(Debug)]
pub struct Why {
    /// Where git goes, without what somebody signs in with.
    pub address: Option<String>,
    /// With which remote of the clone in the current directory.
    pub remote: Option<String>,
    /// What it would sign in with there.
    pub sends: Sends,
    /// Where it has that from; a file is named for people to read.
    pub from: Source,
    /// Which token that is, as far as it and the record tell.
    pub token: Option<TokenNote>,
    /// What bbtoken has set up for this place.
    pub set_up: Option<SetUp>,
    /// `git fetch`.
    pub fetch: Observed,
    /// `git push`.
    pub push: Observed,
    /// What is the matter.
    pub cause: Cause,
    /// When that was.
    pub now: Timestamp,
}

impl Why {
    /// The place on the server, where the address is that of a repository or project.
    #[must_use]
    pub fn place(&self) -> Option<Destination> {
        Destination::of_clone_address(self.address.as_deref()?)
    }
}

/// Finds it out.
///
/// # Errors
///
/// [`git::Error`], where git cannot be run at all.
pub async fn why(
    environment: &Environment,
    client: &Client,
    question: &Question,
) -> Result<Why, git::Error> {
    let (place, remote) = match &question.from {
        From::Remote(remote) => (Workplace::clone_here(remote), Some(remote.clone())),
        From::Address(address) => (Workplace::empty(environment, address).await?, None),
    };
    let goes = sent::goes(environment, &place, Service::Fetch).await?;
    let sent = goes.sent();
    let address = sent.map(|sent| sent.address.clone());
    let set_up = address.as_deref();
    let set_up = set_up.and_then(|it| git::set_up_reaching(environment, it));
    // Before it is used: the server notes each use.
    let listed = match sent {
        Some(sent) => Listed::of(question, sent).await,
        None => Listed::NotKnown,
    };
    let (fetch, push) = match client.apart().await {
        Err(error) => (Observed::NoAnswer(error.clone()), Observed::NoAnswer(error)),
        Ok(client) => {
            let prover = Prover {
                environment,
                client: &client,
                place: &place,
                token: None,
                agreed: Vec::new(),
                sends_password: question.sends_password,
                runs_git: question.runs_git,
            };
            let fetch = prover.observe_where(&goes, Service::Fetch).await?;
            let (push, _) = prover.observe(Service::Push).await?;
            (fetch, push)
        }
    };
    let token = sent.and_then(Sent::secret).map(|secret| {
        let read = TokenNote::of(secret);
        match (&listed, &set_up) {
            (Listed::As(token), _) => TokenNote {
                id: read.id,
                name: Some(token.name.clone()),
                expires: token.expires.at(),
            },
            (_, Some(set_up)) if set_up.token.id == read.id => set_up.token.clone(),
            _ => read,
        }
    });
    let facts = Facts {
        environment,
        client,
        question,
        sent,
        token: token.as_ref(),
        set_up: set_up.as_ref(),
        listed: &listed,
    };
    let cause = facts.cause(&fetch, &push).await?;
    Ok(Why {
        sends: sent.map_or(Sends::Nothing, sends),
        from: match sent.map(|sent| &sent.from) {
            Some(Source::Header(file)) => Source::Header(git::shown(environment, Path::new(file))),
            Some(from) => from.clone(),
            None => Source::Nowhere,
        },
        address,
        remote,
        token,
        set_up,
        fetch,
        push,
        cause,
        now: question.now,
    })
}

/// The same for the clone in the current directory, where one of its remotes leads to this server; no login
/// is spent, and nobody's password sent. This is what a report about this computer (`doctor`) is to include.
pub async fn in_clone(
    environment: &Environment,
    client: &Client,
    now: Timestamp,
) -> Option<Result<Why, git::Error>> {
    let remotes = git::remotes_of_clone(environment).await;
    let remote = whereabouts::remote_to(&remotes, client.base())?;
    let question = Question {
        from: From::Remote(remote.name),
        sends_password: false,
        runs_git: true,
        reader: None,
        user: remote.user,
        now,
    };
    Some(why(environment, client, &question).await)
}

fn sends(sent: &Sent) -> Sends {
    match &sent.sign_in {
        SignIn::Nothing => Sends::Nothing,
        SignIn::Password(user, _) if sent.person().is_some() => {
            Sends::Password { user: user.clone() }
        }
        SignIn::Password(user, _) => Sends::Token {
            user: Some(user.clone()),
        },
        SignIn::Bearer(_) => Sends::Token { user: None },
        SignIn::Other => Sends::Other,
        SignIn::Several(number) => Sends::Several(*number),
    }
}
