//! Where, and as whom: the arguments that all commands about tokens share, and what follows from them.

mod who;

use clap::Args;

pub(super) use self::who::Who;
use super::exit::{Exit, Failure};
use super::interrupt::FAREWELL;
use super::prompt::{self, Enter};
use super::words;
use crate::bitbucket::{
    BaseUrl, Client, Destination, Error, ErrorKind, Settings, SignInWay, SignedIn, Token, User,
};
use crate::clock::Clock;
use crate::config::Config;
use crate::environment::Environment;
use crate::git;
use crate::operation::journal::Journal;
use crate::operation::place::{self, Place};
use crate::operation::whereabouts::{self, ACCOUNT, Said, Unclear};
use crate::operation::{Desk, connect};
use crate::state::State;

/// Where, and as whom.
#[derive(Debug, Args)]
pub(super) struct Access {
    #[command(flatten)]
    at: Whereabouts,
    #[command(flatten)]
    who: Who,
}

/// Which place, on which Bitbucket.
#[derive(Debug, Args)]
pub(super) struct Whereabouts {
    /// PROJECT/repository, PROJECT, @me (your account), or the address of one of its pages; without it,
    /// the repository of the clone you are in
    #[arg(value_name = "PLACE")]
    place: Option<String>,
    /// The same as PLACE
    #[arg(short = 'R', long, value_name = "PLACE")]
    repo: Option<String>,
    /// Which Bitbucket, where PLACE alone could be on several
    #[arg(long, value_name = "ADDRESS")]
    server: Option<String>,
}

impl Whereabouts {
    /// The place as it was given.
    pub(super) fn given(&self) -> Option<&str> {
        self.place.as_deref().or(self.repo.as_deref())
    }

    /// Whether one place at most was given.
    pub(super) fn check(&self) -> Result<(), Failure> {
        if self.place.is_some() && self.repo.is_some() {
            let what = "PLACE and --repo mean the same: give only one of them.";
            return Err(Failure::new(Exit::Usage, what));
        }
        Ok(())
    }

    /// The place that is meant, and the Bitbucket on which it is.
    pub(super) async fn find(
        &self,
        config: &Config,
        state: &State,
        environment: &Environment,
    ) -> Result<(BaseUrl, Destination), Unclear> {
        let remotes = git::remotes(environment).await;
        let known = whereabouts::known(None, config, state);
        let usual = whereabouts::usual(environment);
        let said = Said {
            place: self.given(),
            server: self.server.as_deref(),
            usual: usual.as_deref(),
        };
        whereabouts::find(said, &remotes, &known)
    }
}

/// A place, and somebody who is signed in there.
pub(super) struct Visit {
    pub(super) client: Client,
    pub(super) user: User,
    pub(super) way: SignInWay,
    pub(super) place: Place,
}

impl Visit {
    /// What operations work with. `journal`: where it is noted what is being created.
    pub(super) fn desk(&self, journal: Journal) -> Desk {
        Desk {
            client: self.client.clone(),
            journal,
            clock: Clock::system(),
        }
    }

    /// Fails where somebody has signed in with a token: none may do this with tokens.
    pub(super) fn needs_person(&self, what: &str) -> Result<(), Failure> {
        match self.way {
            SignInWay::Token(_) => {
                let what = format!("That is a token, and tokens cannot {what} tokens.");
                Err(Failure::new(Exit::SignIn, what).next("Give your password."))
            }
            _ => Ok(()),
        }
    }

    /// All tokens of the place.
    pub(super) async fn tokens(&self) -> Result<Vec<Token>, Failure> {
        let listed = self.client.tokens(&self.place.scope()).all().await;
        listed.map_err(|error| self.not_listed(&error))
    }

    /// The tokens of the place cannot be listed.
    pub(super) fn not_listed(&self, error: &Error) -> Failure {
        let what = format!("The tokens of {} cannot be listed", self.place.name());
        words::at(&self.place, &what, error)
    }

    /// Signs a session out; everything else leaves nothing behind. A server that hangs is left.
    pub(super) async fn leave(&self) {
        let _ = tokio::time::timeout(FAREWELL, self.client.sign_out()).await;
    }
}

impl Access {
    /// The server that was named for itself.
    pub(super) fn server(&self) -> Option<&str> {
        self.at.server.as_deref()
    }

    /// Whether a place was named.
    pub(super) fn names_place(&self) -> bool {
        self.at.given().is_some()
    }

    /// It is at this place, and as this user where nobody says otherwise.
    pub(super) fn is_at(&mut self, place: String, user: Option<&str>) {
        self.at.place = Some(place);
        if self.who.user.is_none() {
            self.who.user = user.map(str::to_owned);
        }
    }

    /// Where no place was named, it is the account. Answers with whether that is so.
    pub(super) fn or_account(&mut self) -> bool {
        let is_none = !self.names_place();
        if is_none {
            self.at.place = Some(ACCOUNT.to_owned());
        }
        is_none
    }

    /// Whether the password comes from standard input, before anything else.
    pub(super) fn reads_password(&self) -> bool {
        self.who.password_stdin
    }

    /// The only id that was given, of the token that is to be `changed`.
    ///
    /// # Errors
    /// If there is none, or more than one.
    pub(super) fn take_id(
        &mut self,
        mut ids: Vec<String>,
        changed: &str,
    ) -> Result<String, Failure> {
        self.take_ids(&mut ids)?;
        match <[String; 1]>::try_from(ids) {
            Ok([id]) => Ok(id),
            Err(_) => {
                let what = format!("Only one token can be {changed} at a time.");
                Err(Failure::new(Exit::Usage, what))
            }
        }
    }

    /// The ids that were given. Where no place was named, its word is the first of them: no place is
    /// digits alone.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn take_ids(&mut self, ids: &mut Vec<String>) -> Result<(), Failure> {
        let is_id = |word: &mut String| word.bytes().all(|byte| byte.is_ascii_digit());
        let is_named = self.at.repo.is_some();
        let place = &mut self.at.place;
        if let Some(id) = place.take_if(|word| is_named || is_id(word)) {
            ids.insert(0, id);
        }
        if ids.is_empty() {
            let what = "Which token? Give its id.";
            return Err(Failure::new(Exit::Usage, what).next("bbtoken list shows the ids."));
        }
        Ok(())
    }

    /// Finds the server, signs in, and looks the place up.
    ///
    /// # Errors
    /// What went wrong, with the options that help.
    pub(super) async fn visit(
        &self,
        config: &Config,
        environment: &Environment,
    ) -> Result<Visit, Failure> {
        let (state, damage) = State::load(environment);
        if let Some(damage) = damage {
            words::hint(&damage);
        }
        self.at.check()?;
        let found = self.at.find(config, &state, environment).await;
        let (base, to) = match found {
            Err(Unclear::Guess {
                base,
                place: Some(to),
            }) if prompt::can_ask() => {
                let question = format!(
                    "An address for git over SSH does not say where the web pages are.\nIs your Bitbucket at {base}?"
                );
                if !prompt::agrees(&question, Enter::No).await? {
                    let what = "Nothing was sent there.";
                    return Err(Failure::new(Exit::Usage, what)
                        .next("Name the right address: --server ADDRESS"));
                }
                (*base, to)
            }
            found => found.map_err(words::unclear)?,
        };
        let settings = Settings {
            observer: Some(words::pauses()),
            ..connect::settings(config, environment, &base)
        };
        let (client, info) = connect::connect(base.clone(), settings)
            .await
            .map_err(|error| words::not_reached(&base, &error))?;
        if let Some(page) = &info.behind {
            let location = page.location.clone();
            let error = ErrorKind::SingleSignOn { location }.into();
            return Err(words::not_signed_in(client.base(), &error));
        }
        self.who.agree(client.base()).await?;
        let signing_in = self.who.sign_in(&client, config, &state, environment);
        let SignedIn {
            client, user, way, ..
        } = signing_in.await?;
        match place::find(&client, &user, &to).await {
            Ok(place) => Ok(Visit {
                client,
                user,
                way,
                place,
            }),
            Err(error) => {
                client.sign_out().await;
                Err(words::no_place(&to, &error))
            }
        }
    }
}
