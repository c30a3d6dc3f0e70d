//! `bbtoken doctor`: what works here and what is in the way, with the next step for each, fit for a
//! ticket.
//!
//! Nothing is changed, neither here nor on the server. A report holds no secrets and no user names, and
//! paths below the user's home begin with `~`. Checks that do not depend on each other run at once, each
//! with a limit of its own; the report has them in a fixed order all the same.

mod certificate;
mod clone;
mod computer;
mod finding;
mod git_tokens;
mod print;
mod rights;
mod server;
mod told;

use crate::bitbucket::{Address, BaseUrl, Error};
use crate::clock::Clock;
use crate::config::{ConfigError, Loaded};
use crate::environment::Environment;
use crate::git;
use crate::operation::sign_in::Codes;
use crate::operation::whereabouts::{self, NamedBy};
use crate::secret::Secret;
use crate::state::State as Remembered;

pub use self::finding::{Finding, Mark, Report};

/// With what the rights are looked at.
pub enum Login {
    /// Not at all.
    None,
    /// User name and password.
    Password {
        /// Whose password it is.
        user: String,
        /// The password.
        password: Secret,
        /// Where the code of two-step verification comes from, if one is wanted.
        codes: Codes,
    },
    /// An HTTP access token.
    Token(Secret),
}

/// What did not work.
#[derive(Debug, Clone, Copy)]
pub enum Attempt<'a> {
    /// To reach a Bitbucket at this address, or by this name.
    Reach(&'a str),
    /// To sign in on it with a password.
    SignIn(&'a BaseUrl),
    /// To sign in on it with a token.
    UseToken(&'a BaseUrl),
}

/// An error in words. They are chosen by whoever prints the report.
#[derive(Debug)]
pub struct Explained {
    /// The reason.
    pub why: String,
    /// What to do next: no keys are at hand there, but options and commands.
    pub next: String,
    /// The server's own words, where they say more.
    pub said: Option<String>,
    /// The request and its answer, for a support desk.
    pub technical: String,
}

/// Puts an error into words.
pub type Explain = fn(&Error, Attempt<'_>) -> Explained;

/// What the doctor is given.
pub struct Patient<'a> {
    /// Variables and the home directory.
    pub environment: &'a Environment,
    /// When it is.
    pub clock: &'a Clock,
    /// The configuration, or what is wrong with it.
    pub configuration: Result<Loaded, ConfigError>,
    /// The address as somebody typed it.
    pub address: Option<&'a str>,
    /// The address that the environment names.
    pub usual_address: Option<String>,
    /// For the look at the rights.
    pub login: Login,
    /// The words for what goes wrong.
    pub explain: Explain,
}

/// An address, and where it is from.
struct Named {
    text: String,
    from: &'static str,
}

/// Looks at everything.
pub async fn examine(patient: Patient<'_>) -> Report {
    let Patient {
        environment,
        clock,
        configuration,
        address,
        usual_address,
        login,
        explain,
    } = patient;
    let configured = computer::configuration(&configuration);
    let config = configuration.map(|it| it.config).unwrap_or_default();
    let usual = usual_address.as_deref();
    // What is remembered holds names of users, which no report shows.
    let nearest = usual.and_then(|it| BaseUrl::parse(it).ok());
    let known = whereabouts::known(nearest, &config, &Remembered::default());
    let target = match address {
        Some(text) => Some(Named {
            text: text.to_owned(),
            from: "given",
        }),
        None => target(environment, usual, &known).await,
    };
    let (address, base) = match &target {
        Some(target) => {
            let read = Address::parse(&target.text, &known);
            let read = read.map(|address| address.server.map(|(base, _)| base));
            let base = read.as_ref().ok().cloned().flatten();
            (server::address(target, read), base)
        }
        None => (server::no_address(), None),
    };
    let base = base.as_ref();
    let (git, server) = tokio::join!(
        computer::git(environment, base, clock.now().time),
        server::look(environment, clock, &config, base, login, explain),
    );
    let mut findings = vec![
        configured,
        computer::clipboard(&config),
        computer::terminal(environment, &config),
        git,
        address,
    ];
    findings.extend(server);
    Report::new(findings, base, environment, clock.now().time)
}

/// The address to look at where none is given.
async fn target(
    environment: &Environment,
    usual: Option<&str>,
    known: &[BaseUrl],
) -> Option<Named> {
    let remotes = git::remotes(environment).await;
    let (text, named_by) = whereabouts::unnamed(&remotes, usual, known)?;
    let from = match named_by {
        NamedBy::Clone => "of the clone in this directory",
        NamedBy::Variable => "of BBTOKEN_SERVER",
        NamedBy::First => "the first that is configured",
    };
    Some(Named { text, from })
}
