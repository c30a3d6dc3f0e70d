//! Who signs in, and how.

use clap::Args;

use crate::bitbucket::{BaseUrl, Client, SignedIn};
use crate::cli::exit::{Exit, Failure};
use crate::cli::{prompt, words};
use crate::config::Config;
use crate::environment::Environment;
use crate::git;
use crate::operation::sign_in::sign_in;
use crate::secret::Secret;
use crate::state::State;

/// Who signs in, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct Who {
    /// Your user name; without it, the one in BBTOKEN_USER, in the configuration, or of your last sign-in
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,
    /// Read the password from standard input; without it you are asked for it, or, without a terminal,
    /// the password that git has stored is used
    #[arg(long)]
    pub(super) password_stdin: bool,
    /// Send the password even if the connection is not encrypted
    #[arg(long)]
    pub(super) plain_http: bool,
}

impl Who {
    /// Whether somebody wants to sign in.
    pub(in crate::cli) fn is_given(&self) -> bool {
        self.user.is_some() || self.password_stdin
    }

    /// Whether secrets may go over http.
    pub(in crate::cli) fn allows_plain_http(&self) -> bool {
        self.plain_http
    }

    /// Over http anyone on the network can read the password, so that is agreed to first.
    pub(in crate::cli) async fn agree(&self, base: &BaseUrl) -> Result<(), Failure> {
        if base.is_encrypted() || base.is_loopback() || self.plain_http {
            return Ok(());
        }
        let unencrypted = format!(
            "The connection to {base} is not encrypted: anyone on the network can read the password."
        );
        if prompt::can_ask() {
            words::hint(&unencrypted);
            let typed = prompt::line("Send it anyway? Type yes: ").await?;
            if typed.eq_ignore_ascii_case("yes") {
                return Ok(());
            }
        }
        let failure = Failure::new(Exit::SignIn, unencrypted);
        Err(failure.next("Use an address with https, or --plain-http."))
    }

    /// Signs in: asks, reads standard input, or takes what git keeps.
    pub(in crate::cli) async fn sign_in(
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
                return Err(Failure::new(Exit::Usage, "No user name was given.")
                    .next("Add --user NAME, or set BBTOKEN_USER."));
            }
            (user, false) => kept(environment, base, user.as_deref())
                .await?
                .ok_or_else(|| {
                    Failure::new(
                        Exit::SignIn,
                        "There is no terminal to ask for a password, and git has none stored.",
                    )
                    .next("Use --password-stdin, with --user NAME.")
                })?,
        };
        if user.is_empty() || password.is_empty() {
            return Err(Failure::new(Exit::SignIn, "Nothing was entered."));
        }
        match sign_in(client, &user, &password, prompt::codes()).await {
            Ok(Some(signed_in)) => Ok(signed_in),
            Ok(None) => Err(Failure::new(
                Exit::SignIn,
                "The password is right. Bitbucket also asks for a two-step verification code.",
            )
            .next("Run this in a terminal, or give the code on the line after the password.")),
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
    let question =
        format!("Password of {user} on {host} (leave empty for the one that git has stored): ");
    let typed = prompt::secret(&question).await?;
    if !typed.is_empty() {
        return Ok((user, typed));
    }
    kept(environment, base, Some(&user)).await?.ok_or_else(|| {
        let what = format!("git has no password stored for {user} on {host}.");
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
