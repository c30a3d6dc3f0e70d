//! Where, and as whom: the arguments that all commands about tokens share, and what follows from them.

use clap::Args;

use super::exit::{Exit, Failure};
use super::interrupt::FAREWELL;
use super::{prompt, words};
use crate::bitbucket::{
    BaseUrl, Client, Destination, ErrorKind, Settings, SignInWay, SignedIn, User,
};
use crate::clock::Clock;
use crate::config::Config;
use crate::environment::Environment;
use crate::git;
use crate::operation::journal::Journal;
use crate::operation::place::{self, Place};
use crate::operation::sign_in::sign_in;
use crate::operation::whereabouts::{self, Said, Unclear};
use crate::operation::{Desk, connect};
use crate::secret::Secret;
use crate::state::State;

/// Where, and as whom.
#[derive(Debug, Args)]
pub(super) struct Access {
    #[command(flatten)]
    at: Whereabouts,
    /// Your user name; without it, the one in BBTOKEN_USER, in the configuration, or of your last sign-in
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Read the password from standard input; without it you are asked for it, or, where there is no
    /// terminal, the password that git has stored is used
    #[arg(long)]
    password_stdin: bool,
    /// Send the password even if the connection is not encrypted
    #[arg(long)]
    plain_http: bool,
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
            let what = "PLACE and --repo say the same: give one of them.";
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
                let what = format!("That is a token, and no token can {what} tokens.");
                Err(Failure::new(Exit::SignIn, what).next("Give your password."))
            }
            _ => Ok(()),
        }
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
        if self.user.is_none() {
            self.user = user.map(str::to_owned);
        }
    }

    /// Where no place was named, it is the account. Answers with whether that is so.
    pub(super) fn or_account(&mut self) -> bool {
        let is_none = !self.names_place();
        if is_none {
            self.at.place = Some("@me".to_owned());
        }
        is_none
    }

    /// Whether the password comes from standard input, before anything else.
    pub(super) fn reads_password(&self) -> bool {
        self.password_stdin
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
        let (base, to) = found.map_err(words::unclear)?;
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
        self.agree(client.base()).await?;
        let SignedIn {
            client, user, way, ..
        } = self.sign_in(&client, config, &state, environment).await?;
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

    /// Over http everybody on the way can read the password, so that is agreed to first.
    async fn agree(&self, base: &BaseUrl) -> Result<(), Failure> {
        if base.is_encrypted() || base.is_loopback() || self.plain_http {
            return Ok(());
        }
        let unencrypted = format!(
            "The connection to {base} is not encrypted: everybody on the way can read the password."
        );
        if prompt::can_ask() {
            words::hint(&unencrypted);
            let typed = prompt::line("Send it all the same? Type yes: ").await?;
            if typed.eq_ignore_ascii_case("yes") {
                return Ok(());
            }
        }
        let failure = Failure::new(Exit::SignIn, unencrypted);
        Err(failure.next("Use an address with https, or --plain-http."))
    }

    async fn sign_in(
        &self,
        client: &Client,
        config: &Config,
        state: &State,
        environment: &Environment,
    ) -> Result<SignedIn, Failure> {
        let base = client.base();
        let user = self.user.clone().or_else(|| config.user.clone());
        let user = user.or_else(|| state.user(base).map(str::to_owned));
        let (user, password) = match (user, prompt::can_ask() && !self.password_stdin) {
            (Some(user), true) => self::ask(environment, base, user).await?,
            (None, true) => {
                let user = prompt::line(&format!("User name on {}: ", base.host())).await?;
                self::ask(environment, base, user).await?
            }
            (Some(user), false) if self.password_stdin => (user, prompt::next_line().await?),
            (None, false) if self.password_stdin => {
                return Err(Failure::new(Exit::Usage, "Whose password is it?")
                    .next("Add --user NAME, or set BBTOKEN_USER."));
            }
            (user, false) => kept(environment, base, user.as_deref())
                .await?
                .ok_or_else(|| {
                    Failure::new(
                        Exit::SignIn,
                        "Nobody can be asked for a password here, and git keeps none.",
                    )
                    .next("Use --password-stdin, with --user NAME.")
                })?,
        };
        if user.is_empty() || password.is_empty() {
            return Err(Failure::new(Exit::SignIn, "Nothing was given."));
        }
        match sign_in(client, &user, &password, prompt::codes()).await {
            Ok(Some(signed_in)) => Ok(signed_in),
            Ok(None) => Err(Failure::new(
                Exit::SignIn,
                "The password is right, and Bitbucket wants the code of two-step verification.",
            )
            .next("Run it on a terminal, or give the code as the line after the password.")),
            Err(error) => Err(words::not_signed_in(base, &error)),
        }
    }
}

/// The password of this user, typed; or on request the one that git keeps.
async fn ask(
    environment: &Environment,
    base: &BaseUrl,
    user: String,
) -> Result<(String, Secret), Failure> {
    let host = base.host();
    let question = format!("Password of {user} on {host} (empty: the one that git keeps): ");
    let typed = prompt::secret(&question).await?;
    if !typed.is_empty() {
        return Ok((user, typed));
    }
    kept(environment, base, Some(&user)).await?.ok_or_else(|| {
        let what = format!("git has no password of {user} stored for {host}.");
        Failure::new(Exit::SignIn, what)
    })
}

/// What git would sign in with; a token is left out, since no token can create or revoke tokens.
async fn kept(
    environment: &Environment,
    base: &BaseUrl,
    user: Option<&str>,
) -> Result<Option<(String, Secret)>, Failure> {
    let kept = git::kept_password(environment, &base.to_string(), user).await?;
    let kept = kept.filter(|kept| !kept.password.is_token());
    let fits = |kept: &git::Kept| user.is_none_or(|user| user == kept.user);
    Ok(kept.filter(fits).map(|kept| (kept.user, kept.password)))
}
